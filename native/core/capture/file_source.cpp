// See file_source.h.
#include "core/capture/file_source.h"

#include <algorithm>
#include <limits>
#include <thread>

#include "core/base/error.h"

namespace rtpsonde {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// Enough to see the first packet of a file that has to wait for its turn.
constexpr size_t kProbeBytes = 16 * 1024;
// How often the end of a growing file is looked at.
constexpr int kLookAgainMs = 50;
// A file of a growing set is over when a newer one exists and it has been
// silent this long: its writer may flush late, on a network file system say.
constexpr int kSettleMs = 500;
constexpr size_t kMostProblems = 100;
constexpr int64_t kEndOfTime = std::numeric_limits<int64_t>::max();

bool before(const CaptureFile& a, const CaptureFile& b) {
  return a.head_ns() != b.head_ns() ? a.head_ns() < b.head_ns() : a.order() < b.order();
}

}  // namespace

FileSource::FileSource(FileOptions options)
    : options_(std::move(options)), watch_(options_.follow ? options_.follow_pattern : std::string()) {}

FileSource::~FileSource() = default;

void FileSource::open() {
  if (options_.paths.empty() && !watch_.watching()) {
    throw Error("ERR_CAPTURE_FILE_NOT_FOUND", "no capture file is named");
  }
  PacketBatch nothing;
  for (const std::string& path : options_.paths) {
    const bool last = files_opened_ + 1 == options_.paths.size();
    const bool alone = options_.paths.size() == 1;
    auto file = std::make_unique<CaptureFile>(path, files_opened_++, options_.follow && last);
    file->open(alone || file->growing() ? ByteReader::kBufferBytes : kProbeBytes);
    // Hundreds of files of a ring are opened one at a time: each waits, closed,
    // until the others have come to its first packet.
    const bool parks = !alone && file->can_park() && file->look(nothing) == CaptureFile::Look::kHead;
    if (parks) file->park();
    (parks ? waiting_ : active_).push_back(std::move(file));
    last_path_ = path;
  }
  std::sort(waiting_.begin(), waiting_.end(), [](const auto& a, const auto& b) { return before(*b, *a); });
}

ReadStatus FileSource::read(PacketBatch& batch, int timeout_ms) {
  batch.count = 0;
  Clock::time_point deadline{};
  for (bool waited = false;; waited = true) {
    const Progress progress = gather(batch);
    if (batch.count > 0) return ReadStatus::kPackets;
    if (progress == Progress::kEnd) return ReadStatus::kEnd;
    const auto now = Clock::now();
    if (!waited) deadline = now + milliseconds(std::max(timeout_ms, 0));
    const auto left = std::chrono::ceil<milliseconds>(deadline - now).count();
    if (left <= 0) return ReadStatus::kIdle;
    wait(static_cast<int>(left));
  }
}

// Fills the batch as far as that goes without a refill that would end its views.
FileSource::Progress FileSource::gather(PacketBatch& batch) {
  while (batch.count < PacketBatch::kCapacity) {
    const Progress heads = know_heads(batch);
    if (heads != Progress::kPackets) return heads;
    if (resume_waiting()) continue;
    if (take_first(batch)) continue;
    if (next_of_set()) continue;
    return active_.empty() && !watch_.watching() ? Progress::kEnd : Progress::kWait;
  }
  return Progress::kPackets;
}

// After kPackets every open file has a head, or is one that others do not wait for.
FileSource::Progress FileSource::know_heads(PacketBatch& batch) {
  for (size_t i = 0; i < active_.size();) {
    switch (active_[i]->look(batch)) {
      case CaptureFile::Look::kHead:
        i++;
        break;
      case CaptureFile::Look::kRefill:
        return Progress::kWait;
      case CaptureFile::Look::kNothingYet:
        // What a growing file gets later is newer than what others have now. A
        // pipe can be late with old packets.
        if (!active_[i]->growing()) return Progress::kWait;
        i++;
        break;
      case CaptureFile::Look::kEnd:
        // Its buffer goes with it, and the batch may still point there.
        if (batch.count > 0) return Progress::kWait;
        retire(i);
        break;
    }
  }
  return Progress::kPackets;
}

// Opens the next parked file when its first packet is due.
bool FileSource::resume_waiting() {
  if (waiting_.empty()) return false;
  for (const auto& file : active_) {
    if (file->has_head() && before(*file, *waiting_.back())) return false;
  }
  auto file = std::move(waiting_.back());
  waiting_.pop_back();
  start_file(std::move(file));
  return true;
}

// Takes from the file whose head is first, as long as no other is due.
bool FileSource::take_first(PacketBatch& batch) {
  CaptureFile* first = nullptr;
  for (const auto& file : active_) {
    if (file->has_head() && (first == nullptr || before(*file, *first))) first = file.get();
  }
  if (first == nullptr) return false;
  int64_t limit_ns = kEndOfTime;
  const auto not_past = [&](const CaptureFile& other) {
    const bool after_ties = other.order() > first->order();
    limit_ns = std::min(limit_ns, after_ties ? other.head_ns() : other.head_ns() - 1);
  };
  for (const auto& file : active_) {
    if (file.get() != first && file->has_head()) not_past(*file);
  }
  if (!waiting_.empty()) not_past(*waiting_.back());
  first->take(batch, limit_ns);
  return true;
}

// Goes on to a newer file of a growing set; true when something changed.
bool FileSource::next_of_set() {
  if (next_path_.empty()) {
    next_path_ = watch_.after(last_path_);
    if (next_path_.empty()) return false;
    next_seen_ = Clock::now();
    const CaptureFile* const last = tail();
    offset_when_seen_ = last ? last->bytes_read() : 0;
    return true;
  }
  if (CaptureFile* const last = tail()) {
    if (!settled(*last)) return false;
    last->stop_growing();
    return true;
  }
  last_path_ = std::move(next_path_);
  next_path_.clear();
  start_file(std::make_unique<CaptureFile>(last_path_, files_opened_++, true));
  return true;
}

// Whether the last file has had time enough to get its last bytes.
bool FileSource::settled(const CaptureFile& last) {
  if (last.bytes_read() != offset_when_seen_) {
    offset_when_seen_ = last.bytes_read();
    next_seen_ = Clock::now();
  }
  return last.at_rest(2 * kSettleMs) || Clock::now() - next_seen_ > milliseconds(kSettleMs);
}

CaptureFile* FileSource::tail() {
  for (const auto& file : active_) {
    if (file->growing()) return file.get();
  }
  return nullptr;
}

void FileSource::start_file(std::unique_ptr<CaptureFile> file) {
  try {
    file->open(ByteReader::kBufferBytes);
    active_.push_back(std::move(file));
  } catch (const Error& error) {
    complain(error.what());
  }
}

void FileSource::retire(size_t index) {
  CaptureFile& file = *active_[index];
  for (std::string& sentence : file.problems()) complain(std::move(sentence));
  retired_read_ += file.bytes_read();
  retired_total_ += file.bytes_total();
  active_.erase(active_.begin() + static_cast<ptrdiff_t>(index));
}

void FileSource::complain(std::string sentence) {
  if (problems_.size() < kMostProblems) {
    problems_.push_back(std::move(sentence));
  } else if (problems_.size() == kMostProblems) {
    problems_.emplace_back("further problems with capture files are not listed");
  }
}

void FileSource::wait(int timeout_ms) const {
  for (const auto& file : active_) {
    if (file->is_pipe() && !file->has_head()) return file->wait_for_pipe(timeout_ms);
  }
  std::this_thread::sleep_for(milliseconds(std::min(timeout_ms, kLookAgainMs)));
}

SourceStats FileSource::stats() {
  SourceStats all;
  all.bytes_read = retired_read_;
  all.bytes_total = retired_total_;
  for (const Files* files : {&active_, &waiting_}) {
    for (const auto& file : *files) {
      all.bytes_read += file->bytes_read();
      all.bytes_total += file->bytes_total();
    }
  }
  return all;
}

std::vector<std::string> FileSource::problems() {
  std::vector<std::string> all = problems_;
  for (const auto& file : active_) {
    for (std::string& sentence : file->problems()) all.push_back(std::move(sentence));
  }
  return all;
}

}  // namespace rtpsonde

// See capture_file.h.
#include "core/capture/capture_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <system_error>

#include "core/base/error.h"
#include "core/capture/file_kind.h"
#include "core/capture/pcap_reader.h"
#include "core/capture/pcapng_reader.h"

namespace rtpsonde {
namespace {

constexpr const char* kNotFound = "ERR_CAPTURE_FILE_NOT_FOUND";
constexpr const char* kPermission = "ERR_CAPTURE_FILE_PERMISSION";
constexpr const char* kType = "ERR_CAPTURE_FILE_TYPE";
constexpr const char* kRead = "ERR_CAPTURE_FILE_READ";

// How long open() waits for the header of a capture that comes through a pipe.
constexpr int kPipeHeaderMs = 1000;

std::string os_says(int error) { return std::generic_category().message(error); }

const char* code_of_open(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
    case ELOOP:
    case ENAMETOOLONG:
      return kNotFound;
    case EACCES:
    case EPERM:
      return kPermission;
    case EISDIR:
    case ENXIO:
    case ENODEV:
      return kType;
    case EMFILE:
    case ENFILE:
    case ENOMEM:
      return "ERR_OS";
    default:
      return kRead;
  }
}

}  // namespace

CaptureFile::CaptureFile(std::string path, size_t order, bool growing)
    : path_(std::move(path)), order_(order), growing_(growing) {}

void CaptureFile::open(size_t buffer_bytes) {
  const int fd = path_ == "-" ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
                              : ::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (fd < 0) {
    const int error = errno;
    const char* const code = code_of_open(error);
    if (code == kNotFound)
      throw Error(code, "capture file " + name() + " does not exist (" + os_says(error) + ")");
    throw Error(code, "capture file " + name() + " cannot be opened: " + os_says(error));
  }
  struct stat about{};
  const bool known = ::fstat(fd, &about) == 0;
  const bool regular = known && S_ISREG(about.st_mode);
  in_ = std::make_unique<ByteReader>(fd, regular, buffer_bytes);
  reader_.reset();
  head_known_ = over_ = false;
  if (known && S_ISDIR(about.st_mode)) throw Error(kType, name() + " is a directory, not a capture file");
  if (known && S_ISBLK(about.st_mode)) throw Error(kType, name() + " is a disk, not a capture file");
  size_at_open_ = in_->file_size();
  if (regular) ::posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);

  const auto give_up_at = std::chrono::steady_clock::now() + std::chrono::milliseconds(kPipeHeaderMs);
  Look look = start();
  while (look == Look::kNothingYet && !regular && in_->wait_for_pipe(kPipeHeaderMs) &&
         std::chrono::steady_clock::now() < give_up_at) {
    look = start();
  }
  if (look == Look::kEnd) throw Error(problem_code_, problem_);
}

CaptureFile::Look CaptureFile::start() {
  for (;;) {
    const Bytes first{in_->data(), in_->size()};
    switch (file_kind(first)) {
      case FileKind::kPcap:
        reader_ = std::make_unique<PcapReader>(first.data);
        in_->consume(PcapReader::kHeaderBytes);
        return Look::kHead;
      case FileKind::kPcapng:
        reader_ = std::make_unique<PcapngReader>();
        return Look::kHead;
      case FileKind::kOther:
        return give_up(kType, name() + " " + describe_other(first));
      case FileKind::kTooShort:
        break;
    }
    switch (in_->fill(kFileKindBytes)) {
      case ByteReader::Fill::kBytes:
        break;
      case ByteReader::Fill::kNothingYet:
        return Look::kNothingYet;
      case ByteReader::Fill::kFailed:
        return read_failed();
      case ByteReader::Fill::kEnd:
        if (growing_ && in_->regular()) return Look::kNothingYet;
        if (in_->size() == 0) return give_up(kType, name() + " is empty");
        if (in_->size() < 4)
          return give_up(kType, name() + " has only " + std::to_string(in_->size()) + " bytes");
        return give_up(kType, name() + " breaks off after " + std::to_string(in_->size()) +
                                  " bytes, inside its file header");
    }
  }
}

CaptureFile::Look CaptureFile::look(PacketBatch& batch) {
  if (head_known_) return Look::kHead;
  if (over_) return Look::kEnd;
  if (!reader_) {
    const Look look = start();
    if (look != Look::kHead) return look;
  }
  for (;;) {
    switch (reader_->take(*in_, batch, kBeforeAllTime)) {
      case Step::kLater:
        head_known_ = true;
        head_ns_ = reader_->head_ns();
        return Look::kHead;
      case Step::kFull:
        return Look::kRefill;
      case Step::kBroken:
        return give_up(kType, name() + " is damaged after packet " + std::to_string(reader_->packets()) +
                                  ": at byte " + std::to_string(reader_->record_offset()) + ", " +
                                  reader_->why());
      case Step::kMoreBytes:
        break;
    }
    if (batch.count > 0) return Look::kRefill;
    switch (in_->fill(reader_->want())) {
      case ByteReader::Fill::kBytes:
        break;
      case ByteReader::Fill::kNothingYet:
        return Look::kNothingYet;
      case ByteReader::Fill::kFailed:
        return read_failed();
      case ByteReader::Fill::kEnd:
        return ended();
    }
  }
}

void CaptureFile::take(PacketBatch& batch, int64_t limit_ns) {
  head_known_ = reader_->take(*in_, batch, limit_ns) == Step::kLater;
  if (head_known_) head_ns_ = reader_->head_ns();
}

// No more bytes, now or for ever.
CaptureFile::Look CaptureFile::ended() {
  const uint64_t reached = in_->offset() + in_->size();
  if (in_->regular() && path_ != "-" && !in_->skipping()) {
    // A file that was cut short leaves a gap between what we passed and its end.
    const bool cut = in_->file_size() < reached || (!growing_ && reached < size_at_open_);
    if (cut) {
      return give_up(kRead, name() + " became shorter while it was read, after packet " +
                                std::to_string(reader_->packets()) + " at byte " + std::to_string(reached));
    }
  }
  if (growing_ && in_->regular()) return Look::kNothingYet;
  if (in_->size() == 0 && !in_->skipping() && !reader_->inside_record()) {
    over_ = true;
    return Look::kEnd;
  }
  return give_up(kType, name() + " breaks off after packet " + std::to_string(reader_->packets()) +
                            ": the record at byte " + std::to_string(reader_->record_offset()) + " has " +
                            std::to_string(reached - reader_->record_offset()) + " of " +
                            std::to_string(reader_->record_bytes()) + " bytes");
}

CaptureFile::Look CaptureFile::give_up(const char* code, std::string problem) {
  problem_ = std::move(problem);
  problem_code_ = code;
  over_ = true;
  return Look::kEnd;
}

CaptureFile::Look CaptureFile::read_failed() {
  return give_up(kRead, name() + " cannot be read at byte " + std::to_string(in_->offset() + in_->size()) +
                            ": " + os_says(in_->failure()));
}

void CaptureFile::park() {
  in_.reset();
  reader_.reset();
  head_known_ = false;
}

bool CaptureFile::at_rest(int age_ms) const {
  struct stat about{};
  if (::stat(path_.c_str(), &about) != 0) return true;
  const auto changed =
      std::chrono::seconds(about.st_mtim.tv_sec) + std::chrono::nanoseconds(about.st_mtim.tv_nsec);
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return now - changed > std::chrono::milliseconds(age_ms);
}

uint64_t CaptureFile::bytes_total() const {
  if (!in_) return size_at_open_;
  if (!in_->regular()) return in_->offset();
  return growing_ ? in_->file_size() : size_at_open_;
}

std::vector<std::string> CaptureFile::problems() const {
  std::vector<std::string> all;
  if (reader_) {
    for (const std::string& note : reader_->notes()) all.push_back(name() + ": " + note);
  }
  if (!problem_.empty()) all.push_back(problem_);
  return all;
}

}  // namespace rtpsonde

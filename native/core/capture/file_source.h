// Packets from capture files: one, several in time order, or a set that is
// still being written.
#pragma once

#include <memory>

#include "core/capture/capture_file.h"
#include "core/capture/file_watch.h"
#include "core/capture/packet_source.h"

namespace rtpsonde {

struct FileOptions {
  // pcap or pcapng files, fifos, or "-" for standard input. Merged by the time
  // of their packets; at equal times the earlier path comes first. Inside one
  // file the order is that of the file, even where its times go back.
  std::vector<std::string> paths;
  // The last file is still being written: wait for more at its end.
  bool follow = false;
  // With follow: a glob(7) pattern of full paths. Files that match and sort
  // after the last path are read one after the other as they appear.
  std::string follow_pattern;
};

class FileSource : public PacketSource {
 public:
  explicit FileSource(FileOptions options);
  ~FileSource() override;

  // Throws Error, see CaptureFile::open.
  void open() override;
  ReadStatus read(PacketBatch& batch, int timeout_ms) override;
  SourceStats stats() override;
  int64_t idle_now_ns() override { return -1; }
  bool live() const override { return false; }
  std::vector<std::string> problems() override;

 private:
  using Files = std::vector<std::unique_ptr<CaptureFile>>;
  enum class Progress { kPackets, kWait, kEnd };

  Progress gather(PacketBatch& batch);
  Progress know_heads(PacketBatch& batch);
  bool resume_waiting();
  bool take_first(PacketBatch& batch);
  bool next_of_set();
  bool settled(const CaptureFile& last);
  void start_file(std::unique_ptr<CaptureFile> file);
  void retire(size_t index);
  void complain(std::string sentence);
  void wait(int timeout_ms) const;
  CaptureFile* tail();

  FileOptions options_;
  FileWatch watch_;
  Files active_;   // open files, each with its next packet known or awaited
  Files waiting_;  // later files, parked; sorted so that the next one is last
  std::string last_path_;
  std::string next_path_;  // a newer file of the set was seen
  std::chrono::steady_clock::time_point next_seen_{};
  uint64_t offset_when_seen_ = 0;
  size_t files_opened_ = 0;
  uint64_t retired_read_ = 0;
  uint64_t retired_total_ = 0;
  std::vector<std::string> problems_;
};

}  // namespace rtpsonde

// One capture file of a FileSource: opened, recognised, read to its end, and
// able to say in one sentence where it broke off.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/capture/record_reader.h"

namespace rtpsonde {

class CaptureFile {
 public:
  enum class Look {
    kHead,        // the next packet is known; head_ns() is its time
    kRefill,      // only a refill would tell, and the batch still needs the buffer
    kNothingYet,  // a growing file or a pipe that has nothing more now
    kEnd          // nothing more will come
  };

  // order: place among the files of the source; breaks ties of time.
  // growing: the end of the bytes is not the end of the file.
  CaptureFile(std::string path, size_t order, bool growing);

  // Opens the file and checks that it is a capture; "-" is standard input. The
  // header may be missing yet if the file grows, or if it is a pipe that stays
  // silent for a second; then look() checks it and a fault becomes a problem.
  // Throws Error: ERR_CAPTURE_FILE_NOT_FOUND, _PERMISSION, _TYPE, _READ; ERR_OS.
  void open(size_t buffer_bytes);

  // Makes the next packet known. With an empty batch it may refill the buffer,
  // which ends all views into this file. The batch must have a free place.
  Look look(PacketBatch& batch);

  // Appends packets that are not later than limit_ns. Only after Look::kHead.
  void take(PacketBatch& batch, int64_t limit_ns);

  // Gives buffer and descriptor back until open() is called again, which begins
  // at the first packet. head_ns() and bytes_total() stay.
  void park();
  // Whether the file can be read a second time from its beginning.
  bool can_park() const { return path_ != "-" && in_->regular() && !growing_; }

  bool growing() const { return growing_; }
  // What is there now is all.
  void stop_growing() { growing_ = false; }
  // Whether the file last changed more than `age_ms` ago, by the file system's clock.
  bool at_rest(int age_ms) const;
  // A fifo, standard input from a pipe, and the like.
  bool is_pipe() const { return !in_->regular(); }
  void wait_for_pipe(int timeout_ms) const { in_->wait_for_pipe(timeout_ms); }

  size_t order() const { return order_; }
  const std::string& path() const { return path_; }
  // Whether the next packet is known, and its time.
  bool has_head() const { return head_known_; }
  int64_t head_ns() const { return head_ns_; }
  uint64_t bytes_read() const { return in_ ? in_->offset() : 0; }
  // Size of the file; of a pipe, what came out of it so far.
  uint64_t bytes_total() const;
  // Sentences that begin with the name of the file.
  std::vector<std::string> problems() const;

 private:
  Look start();
  Look ended();
  Look give_up(const char* code, std::string problem);
  Look read_failed();
  std::string name() const { return path_ == "-" ? "standard input" : path_; }

  std::string path_;
  size_t order_;
  bool growing_;
  bool head_known_ = false;
  bool over_ = false;
  int64_t head_ns_ = 0;
  uint64_t size_at_open_ = 0;
  std::unique_ptr<ByteReader> in_;
  std::unique_ptr<RecordReader> reader_;
  std::string problem_;
  const char* problem_code_ = "";
};

}  // namespace rtpsonde

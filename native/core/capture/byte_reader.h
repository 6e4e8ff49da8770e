// A window over the bytes of a file or pipe, filled with read(2). Not mmap: a
// file that somebody cuts short while we read it must not end the process.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace rtpsonde {

class ByteReader {
 public:
  static constexpr size_t kBufferBytes = 256 * 1024;

  enum class Fill {
    kBytes,       // something new is there, perhaps less than wanted
    kNothingYet,  // a pipe whose writer is silent
    kEnd,         // end of the file, or the last writer closed the pipe
    kFailed       // read(2) failed; see failure()
  };

  // Takes over `fd`. regular: a file on disk, where read() never waits and
  // where bytes can be stepped over without reading them.
  ByteReader(int fd, bool regular, size_t buffer_bytes);
  ~ByteReader();
  ByteReader(const ByteReader&) = delete;
  ByteReader& operator=(const ByteReader&) = delete;

  // The bytes not consumed yet. Valid until fill().
  const uint8_t* data() const { return buffer_.get() + begin_; }
  size_t size() const { return end_ - begin_; }

  // Position of data()[0], in bytes from where reading began.
  uint64_t offset() const { return offset_; }

  void consume(size_t count) {
    begin_ += count;
    offset_ += count;
  }

  // Consumes `count` bytes that need not be in the buffer, or in the file, yet.
  void skip(uint64_t count);
  bool skipping() const { return skip_left_ > 0; }

  // Reads once, so that size() may come to `want`. All former views die.
  // Without bytes on a pipe it does not wait.
  Fill fill(size_t want);

  // Waits until a pipe has something to say; false when the time is over.
  bool wait_for_pipe(int timeout_ms) const;

  // Size of a regular file now, 0 for pipes.
  uint64_t file_size() const;
  bool regular() const { return regular_; }
  // errno of the read that failed.
  int failure() const { return failure_; }

 private:
  Fill step_over();
  void make_room(size_t want);
  Fill read_into(uint8_t* to, size_t count, size_t& got);

  int fd_;
  bool regular_;
  int failure_ = 0;
  size_t capacity_;
  std::unique_ptr<uint8_t[]> buffer_;
  size_t begin_ = 0;
  size_t end_ = 0;
  uint64_t offset_ = 0;
  uint64_t skip_left_ = 0;
};

}  // namespace rtpsonde

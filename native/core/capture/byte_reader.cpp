// See byte_reader.h.
#include "core/capture/byte_reader.h"

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace rtpsonde {

ByteReader::ByteReader(int fd, bool regular, size_t buffer_bytes)
    : fd_(fd),
      regular_(regular),
      capacity_(buffer_bytes),
      buffer_(std::make_unique_for_overwrite<uint8_t[]>(buffer_bytes)) {}

ByteReader::~ByteReader() { ::close(fd_); }

void ByteReader::skip(uint64_t count) {
  const auto here = static_cast<size_t>(std::min<uint64_t>(count, size()));
  consume(here);
  skip_left_ += count - here;
}

ByteReader::Fill ByteReader::fill(size_t want) {
  if (skip_left_ > 0) {
    const Fill stepped = step_over();
    if (stepped != Fill::kBytes || skip_left_ > 0) return stepped;
  }
  make_room(want);
  size_t got = 0;
  const Fill result = read_into(buffer_.get() + end_, capacity_ - end_, got);
  end_ += got;
  return result;
}

// The buffer is empty when something is left to skip.
ByteReader::Fill ByteReader::step_over() {
  begin_ = end_ = 0;
  size_t got = 0;
  Fill result = Fill::kBytes;
  if (regular_) {
    const off_t at = ::lseek(fd_, 0, SEEK_CUR);
    const uint64_t position = at < 0 ? 0 : static_cast<uint64_t>(at);
    const uint64_t there = file_size() > position ? file_size() - position : 0;
    const uint64_t jump = std::min(skip_left_, there);
    if (jump == 0) return Fill::kEnd;
    if (::lseek(fd_, static_cast<off_t>(jump), SEEK_CUR) < 0) {
      failure_ = errno;
      return Fill::kFailed;
    }
    got = jump;
  } else {
    result = read_into(buffer_.get(), static_cast<size_t>(std::min<uint64_t>(skip_left_, capacity_)), got);
  }
  skip_left_ -= got;
  offset_ += got;
  return result;
}

void ByteReader::make_room(size_t want) {
  const size_t rest = size();
  if (want > capacity_) {
    const size_t larger = std::max(want, capacity_ * 2);
    auto grown = std::make_unique_for_overwrite<uint8_t[]>(larger);
    std::memcpy(grown.get(), data(), rest);
    buffer_ = std::move(grown);
    capacity_ = larger;
  } else {
    std::memmove(buffer_.get(), data(), rest);
  }
  begin_ = 0;
  end_ = rest;
}

ByteReader::Fill ByteReader::read_into(uint8_t* to, size_t count, size_t& got) {
  // A fifo that nobody writes to yet reads as ended; poll tells the two apart.
  if (!regular_ && !wait_for_pipe(0)) return Fill::kNothingYet;
  for (;;) {
    const ssize_t n = ::read(fd_, to, count);
    if (n > 0) {
      got = static_cast<size_t>(n);
      return Fill::kBytes;
    }
    if (n == 0) return Fill::kEnd;
    if (errno == EINTR) continue;
    if (errno == EAGAIN) return Fill::kNothingYet;
    failure_ = errno;
    return Fill::kFailed;
  }
}

bool ByteReader::wait_for_pipe(int timeout_ms) const {
  pollfd waiting{fd_, POLLIN, 0};
  return ::poll(&waiting, 1, timeout_ms) > 0;
}

uint64_t ByteReader::file_size() const {
  struct stat about{};
  if (!regular_ || ::fstat(fd_, &about) != 0 || about.st_size < 0) return 0;
  return static_cast<uint64_t>(about.st_size);
}

}  // namespace rtpsonde

// Zero-filled memory reserved once; pages are taken as rows are first used.
#pragma once

#include <cstddef>

namespace rtpsonde {

class Arena {
 public:
  // Throws Error ERR_ENGINE_MEMORY.
  explicit Arena(size_t bytes);
  ~Arena();
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  void* data() const { return data_; }
  size_t bytes() const { return bytes_; }

 private:
  void* data_;
  size_t bytes_;
};

}  // namespace rtpsonde

// Rows that only some streams need: taken from memory reserved once, given back
// when the stream ends. Nothing is allocated after construction.
#pragma once

#include <cstdint>
#include <cstring>
#include <type_traits>

#include "core/stream/arena.h"

namespace rtpsonde {

// T is plain data. A row taken is all zero.
template <typename T>
class Pool {
  static_assert(std::is_trivially_copyable_v<T> && sizeof(T) >= sizeof(void*));

 public:
  explicit Pool(uint32_t capacity) : capacity_(capacity), arena_(size_t{capacity} * sizeof(T)) {}

  // Null when all rows are taken.
  T* take() {
    void* row = free_;
    if (row != nullptr) {
      std::memcpy(static_cast<void*>(&free_), row, sizeof free_);
    } else if (high_water_ < capacity_) {
      row = static_cast<T*>(arena_.data()) + high_water_++;
    } else {
      return nullptr;
    }
    taken_++;
    std::memset(row, 0, sizeof(T));
    return static_cast<T*>(row);
  }

  // `row` may be null.
  void give(T* row) {
    if (row == nullptr) return;
    std::memcpy(static_cast<void*>(row), static_cast<const void*>(&free_), sizeof free_);
    free_ = row;
    taken_--;
  }

  uint32_t taken() const { return taken_; }
  // Of the rows ever used.
  size_t bytes_used() const { return size_t{high_water_} * sizeof(T); }

 private:
  uint32_t capacity_;
  uint32_t high_water_ = 0;
  uint32_t taken_ = 0;
  void* free_ = nullptr;  // the first of a list through the rows themselves
  Arena arena_;
};

}  // namespace rtpsonde

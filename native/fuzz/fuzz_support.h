// What every fuzz target needs: a check that says where it failed, and octets in a
// block of their exact size.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "core/base/bytes.h"
#include "core/base/counters.h"

namespace fuzz {

inline void check(bool holds, int line = __builtin_LINE()) {
  if (holds) return;
  std::fprintf(stderr, "line %d does not hold\n", line);
  std::abort();
}

// The sanitizer sees any read beyond the octets.
class Exact {
 public:
  Exact(const uint8_t* data, size_t size) : data_(new uint8_t[size]), size_(size) {
    if (size > 0) std::memcpy(data_.get(), data, size);
  }
  rtpsonde::Bytes bytes() const { return {data_.get(), size_}; }

 private:
  std::unique_ptr<uint8_t[]> data_;
  size_t size_;
};

inline uint64_t sum_of(const rtpsonde::Counters& counters, rtpsonde::Fate fate) {
  uint64_t sum = 0;
  for (size_t i = 0; i < rtpsonde::kCounterCount; i++) {
    if (rtpsonde::kCounterInfo[i].fate == fate) sum += counters.values()[i];
  }
  return sum;
}

}  // namespace fuzz

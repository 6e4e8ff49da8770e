// A mark for each of the last 128 sequence numbers: bit n is the highest less n.
#pragma once

#include <cstdint>

namespace rtpsonde {

struct SeenWindow {
  static constexpr uint32_t kSize = 128;
  uint64_t low = 0;   // 0..63
  uint64_t high = 0;  // 64..127

  bool test(uint32_t n) const { return ((n < 64 ? low >> n : high >> (n - 64)) & 1) != 0; }
  void set(uint32_t n) { (n < 64 ? low : high) |= uint64_t{1} << (n & 63); }
  void clear(uint32_t n) { (n < 64 ? low : high) &= ~(uint64_t{1} << (n & 63)); }
  void shift_one() {
    high = high << 1 | low >> 63;
    low <<= 1;
  }
};

}  // namespace rtpsonde

// The time unit of a pcapng interface: ticks since 1970 to nanoseconds.
#pragma once

#include <cstdint>
#include <limits>

namespace rtpsonde {

class TickScale {
 public:
  // if_tsresol (draft-ietf-opsawg-pcapng section 4.2): bit 7 clear, a tick is
  // 10^-n s; bit 7 set, 2^-n s. Without the option it is 10^-6 s.
  void set_resolution(uint8_t tsresol) {
    const auto n = static_cast<uint8_t>(tsresol & 0x7f);
    multiplier_ = 1;
    divisor_ = 1;
    shift_ = 0;
    if (tsresol & 0x80) {
      multiplier_ = 1'000'000'000;
      shift_ = n;
    } else if (n <= 9) {
      multiplier_ = power_of_ten(static_cast<uint8_t>(9 - n));
    } else {
      divisor_ = power_of_ten(static_cast<uint8_t>(n - 9));
    }
  }

  // if_tsoffset: seconds to be added to every time.
  void set_offset(int64_t seconds) {
    if (__builtin_mul_overflow(seconds, int64_t{1'000'000'000}, &offset_ns_)) {
      offset_ns_ = seconds < 0 ? kMin : kMax;
    }
  }

  // Nanoseconds since 1970, held at the ends of the range instead of wrapping.
  int64_t to_ns(uint64_t ticks) const {
    uint64_t ns = 0;
    if (shift_ > 0) {
      const unsigned __int128 wide = static_cast<unsigned __int128>(ticks) * multiplier_ >> shift_;
      ns = wide > static_cast<uint64_t>(kMax) ? static_cast<uint64_t>(kMax) : static_cast<uint64_t>(wide);
    } else if (divisor_ > 1) {
      ns = ticks / divisor_;
    } else if (__builtin_mul_overflow(ticks, multiplier_, &ns)) {
      ns = static_cast<uint64_t>(kMax);
    }
    if (ns > static_cast<uint64_t>(kMax)) ns = static_cast<uint64_t>(kMax);
    int64_t sum = 0;
    if (__builtin_add_overflow(static_cast<int64_t>(ns), offset_ns_, &sum)) return kMax;
    return sum;
  }

 private:
  static constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  // One above the lowest, which stands for "before all packets".
  static constexpr int64_t kMin = std::numeric_limits<int64_t>::min() + 1;

  // 10^19 is the largest that 64 bits hold; ticks over more than that are 0 ns.
  static uint64_t power_of_ten(uint8_t n) {
    if (n > 19) return std::numeric_limits<uint64_t>::max();
    uint64_t power = 1;
    while (n-- > 0) power *= 10;
    return power;
  }

  uint64_t multiplier_ = 1000;
  uint64_t divisor_ = 1;
  uint8_t shift_ = 0;  // 0..127
  int64_t offset_ns_ = 0;
};

}  // namespace rtpsonde

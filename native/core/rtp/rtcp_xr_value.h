// How XR blocks write figures: fixed point, NTP time, and the codes for
// "unavailable" and "over range" (RFC 6792 and the blocks' own RFCs).
#pragma once

#include <cstdint>
#include <limits>

#include "core/base/bytes.h"

namespace rtpsonde::xr {

constexpr double kUnavailable = std::numeric_limits<double>::quiet_NaN();

inline uint32_t be24(Bytes bytes, size_t offset) {
  return static_cast<uint32_t>(bytes.u8(offset)) << 16 | bytes.be16(offset + 1);
}

// All ones in `bits` bits is unavailable. One less is over range: the figure is
// at least that large.
inline double metric(uint64_t code, uint32_t bits, bool& over_range) {
  const uint64_t all_ones = (uint64_t{1} << bits) - 1;
  if (code == all_ones) return kUnavailable;
  if (code == all_ones - 1) over_range = true;
  return static_cast<double>(code);
}

// All ones is unavailable, and there is no over range.
inline double plain_metric(uint32_t code, uint32_t bits) {
  return code == (uint64_t{1} << bits) - 1 ? kUnavailable : static_cast<double>(code);
}

// 16.16 bit seconds.
inline double short_time_ms(uint32_t time) { return time * (1000.0 / 65536.0); }
inline double short_time_metric_ms(uint32_t time) {
  return time == 0xffffffff ? kUnavailable : short_time_ms(time);
}

// 32.32 bit seconds.
inline double time_ms(uint64_t time) { return static_cast<double>(time) * (1000.0 / 4294967296.0); }

// S11:4 in ms (RFC 6798 3.2): 0x7fff unavailable, 0x7ffe and 0x8000 over range.
inline double signed_ms(uint16_t code, bool& over_range) {
  if (code == 0x7fff) return kUnavailable;
  if (code == 0x7ffe || code == 0x8000) over_range = true;
  return static_cast<int16_t>(code) / 16.0;
}

}  // namespace rtpsonde::xr

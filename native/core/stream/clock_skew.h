// Clock skew of a sender against the capture clock: the slope of the lower convex
// hull under its transit times. Queues only ever add delay, so what lies lowest
// was delayed least.
#pragma once

#include <cstdint>

#include "core/stream/stretch.h"

namespace rtpsonde {

// A few corners of the hull over the last ten minutes; plain data, zero is empty. Packed, as
// every stream has one.
class SkewHull {
 public:
  // The least transit time of a stretch, seen at `place` of it (stretch.h); times ascend.
  void add(uint32_t stretch, uint16_t place, double transit_ms);
  void clear() { size_ = 0; }

  // Of the edge above the middle of the time seen, in ppm: positive when transit
  // grows. NaN when less than 20 s were seen, and beyond 1000 ppm: such timestamps
  // follow no clock.
  double ppm() const;

 private:
  static constexpr uint32_t kCorners = 8;
  static constexpr double kLongest_s = 600;
  static constexpr double kLeast_s = 20;
  static constexpr double kLargest_ppm = 1000;
  static_assert(kLongest_s * 1e9 / kReferenceStretch_ns < UINT8_MAX);
  // Stretches from that of the first corner.
  uint32_t later(uint32_t i) const { return i > 0 ? later_[i - 1] : 0; }
  // Since the stretch of the first corner began.
  double at_s(uint32_t i) const { return moment_s(later(i), place_[i]); }
  static double moment_s(uint32_t later, uint16_t place);
  double turn(uint32_t a, uint32_t b, double at_s, double transit_ms) const;
  uint32_t flattest() const;
  void drop(uint32_t i);

  uint32_t first_stretch_ = 0;
  float transit_ms_[kCorners]{};
  uint16_t place_[kCorners]{};
  uint8_t later_[kCorners - 1]{};  // of all corners but the first
  uint8_t size_ = 0;
};
static_assert(sizeof(SkewHull) == 60);

}  // namespace rtpsonde

// Clock skew of a sender against the capture clock: the slope of the lower convex
// hull under its transit times. Queues only ever add delay, so what lies lowest
// was delayed least.
#pragma once

#include <cstdint>

#include "core/stream/stretch.h"

namespace rtpsonde {

// A few corners of the hull over the last five to ten minutes; plain data, zero is empty.
// Packed, as every stream has one.
class SkewHull {
 public:
  // The least transit time of a stretch, seen at `place` of it (stretch.h); times ascend.
  void add(uint32_t stretch, uint16_t place, double transit_ms);
  void clear() { older_ = younger_ = 0; }

  // Of the edge above the middle of the time seen, in ppm: positive when transit
  // grows. NaN when less than 20 s were seen, and beyond 1000 ppm: such timestamps
  // follow no clock.
  double ppm() const;

 private:
  static constexpr uint32_t kCorners = 8;
  static constexpr uint32_t kYounger = 3;  // of them
  static constexpr uint32_t kYoungerAt = kCorners - kYounger;
  static constexpr double kLongest_s = 600;
  static constexpr double kLeast_s = 20;
  static constexpr double kLargest_ppm = 1000;
  static_assert(kLongest_s * 1e9 / kReferenceStretch_ns < UINT8_MAX);
  struct Corner {
    uint8_t later;  // stretches from that of the first corner
    uint16_t place;
    float transit_ms;
  };
  uint8_t later(uint32_t i) const { return i > 0 ? later_[i - 1] : uint8_t{0}; }
  Corner corner(uint32_t i) const { return {later(i), place_[i], transit_ms_[i]}; }
  void put(uint32_t i, const Corner& corner);
  static double at_s(const Corner& corner);  // since the stretch of the first corner began
  static double turn(const Corner& a, const Corner& b, const Corner& c);
  uint32_t extend(uint32_t first, uint32_t size, uint32_t most, const Corner& point);
  uint32_t without_flattest(uint32_t first, uint32_t size);
  void forget_older();

  // A hull cannot forget its beginning: what lies behind may be above every edge, as all does when the
  // clock gets faster. So a younger one is begun half-way, in the last places, and takes over at the end.
  uint32_t first_stretch_ = 0;
  float transit_ms_[kCorners]{};
  uint16_t place_[kCorners]{};
  uint8_t later_[kCorners - 1]{};  // of all corners but the first
  uint8_t older_ : 4 = 0;
  uint8_t younger_ : 4 = 0;
};
static_assert(sizeof(SkewHull) == 60);

}  // namespace rtpsonde

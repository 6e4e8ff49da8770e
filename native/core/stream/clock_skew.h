// Clock skew of a sender against the capture clock: the slope of the lower convex
// hull under its transit times. Queues only ever add delay, so what lies lowest
// was delayed least.
#pragma once

#include <cstdint>

namespace rtpsonde {

// A few corners of the hull over the last ten minutes; plain data, zero is empty.
class SkewHull {
 public:
  // The least transit time around `at_s`, seconds since any fixed moment; times ascend.
  void add(double at_s, double transit_ms);
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
  struct Corner {
    float at_s;  // since begin_s_
    float transit_ms;
  };
  static double turn(const Corner& a, const Corner& b, const Corner& c);
  void drop(uint32_t i);

  double begin_s_ = 0;  // of the first corner ever, so that floats are fine enough
  Corner corners_[kCorners]{};
  uint32_t size_ = 0;
};

}  // namespace rtpsonde

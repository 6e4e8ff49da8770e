// Clock skew of a sender against the capture clock: the slope of the lower convex
// hull under its transit times. Queues only ever add delay, so what lies lowest
// was delayed least.
#pragma once

#include <cstdint>

namespace rtpsonde {

// A few corners of the hull over the last five to ten minutes; plain data, zero is empty.
class SkewHull {
 public:
  // The least transit time around `at_s`, seconds since any fixed moment; times ascend.
  void add(double at_s, double transit_ms);
  void clear() { older_size_ = younger_size_ = 0; }

  // Of the edge above the middle of the time seen, in ppm: positive when transit
  // grows. NaN when less than 20 s were seen, and beyond 1000 ppm: such timestamps
  // follow no clock.
  double ppm() const;

 private:
  static constexpr uint32_t kCorners = 8;
  static constexpr uint32_t kYounger = 3;  // of them
  static constexpr float kLongest_s = 600;
  static constexpr double kLeast_s = 20;
  static constexpr double kLargest_ppm = 1000;
  struct Corner {
    float at_s;  // since begin_s_
    float transit_ms;
  };
  static void add(Corner* chain, uint32_t& size, uint32_t most, const Corner& point);
  static void drop_flattest(Corner* chain, uint32_t& size);
  static double turn(const Corner& a, const Corner& b, const Corner& c);

  double begin_s_ = 0;  // of the first corner ever, so that floats are fine enough
  // A hull cannot forget its beginning: what lies behind may be above every edge, as all does when the
  // clock gets faster. So a younger one is begun half-way, in the last places, and takes over at the end.
  Corner corners_[kCorners]{};
  uint32_t older_size_ = 0;
  uint32_t younger_size_ = 0;
};

}  // namespace rtpsonde

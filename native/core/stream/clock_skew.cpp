#include "core/stream/clock_skew.h"

#include <cmath>
#include <limits>

namespace rtpsonde {

// Positive when the way a, b, c bends upwards: b lies below the line from a to c.
double SkewHull::turn(const Corner& a, const Corner& b, const Corner& c) {
  return (b.at_s - a.at_s) * (c.transit_ms - a.transit_ms) -
         (b.transit_ms - a.transit_ms) * (c.at_s - a.at_s);
}

void SkewHull::drop(uint32_t i) {
  for (uint32_t k = i + 1; k < size_; k++) corners_[k - 1] = corners_[k];
  size_--;
}

// Andrew's monotone chain, one point at a time. A corner too many: the flattest
// one goes, which changes the hull least.
void SkewHull::add(double at_s, double transit_ms) {
  if (size_ == 0) begin_s_ = at_s;
  Corner point{static_cast<float>(at_s - begin_s_), static_cast<float>(transit_ms)};
  if (size_ > 0 && point.at_s <= corners_[size_ - 1].at_s) {  // the clock stepped back
    clear();
    begin_s_ = at_s;
    point.at_s = 0;
  }
  while (size_ > 1 && double{point.at_s} - double{corners_[0].at_s} > kLongest_s) drop(0);
  while (size_ > 1 && turn(corners_[size_ - 2], corners_[size_ - 1], point) <= 0) size_--;
  if (size_ == kCorners) {
    uint32_t flattest = 1;
    double least = std::numeric_limits<double>::infinity();
    for (uint32_t i = 1; i + 1 < size_; i++) {
      const double area = turn(corners_[i - 1], corners_[i], corners_[i + 1]);
      if (area < least) {
        least = area;
        flattest = i;
      }
    }
    drop(flattest);
  }
  corners_[size_++] = point;
}

double SkewHull::ppm() const {
  if (size_ < 2 || double{corners_[size_ - 1].at_s} - double{corners_[0].at_s} < kLeast_s) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  const double middle_s = (double{corners_[0].at_s} + double{corners_[size_ - 1].at_s}) / 2;
  uint32_t i = 1;
  while (double{corners_[i].at_s} < middle_s) i++;
  const Corner &a = corners_[i - 1], &b = corners_[i];
  const double ppm = (double{b.transit_ms} - double{a.transit_ms}) / (double{b.at_s} - double{a.at_s}) * 1000;
  return std::abs(ppm) <= kLargest_ppm ? ppm : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace rtpsonde

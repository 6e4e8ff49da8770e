#include "core/stream/clock_skew.h"

#include <cmath>
#include <limits>
#include <utility>

namespace rtpsonde {

// Positive when the way a, b, c bends upwards: b lies below the line from a to c.
double SkewHull::turn(const Corner& a, const Corner& b, const Corner& c) {
  return (b.at_s - a.at_s) * (c.transit_ms - a.transit_ms) -
         (b.transit_ms - a.transit_ms) * (c.at_s - a.at_s);
}

// Which changes the hull least.
void SkewHull::drop_flattest(Corner* chain, uint32_t& size) {
  uint32_t flattest = 1;
  double least = std::numeric_limits<double>::infinity();
  for (uint32_t i = 1; i + 1 < size; i++) {
    const double area = turn(chain[i - 1], chain[i], chain[i + 1]);
    if (area < least) {
      least = area;
      flattest = i;
    }
  }
  size--;
  for (uint32_t i = flattest; i < size; i++) chain[i] = chain[i + 1];
}

// Andrew's monotone chain, one point at a time.
void SkewHull::add(Corner* chain, uint32_t& size, uint32_t most, const Corner& point) {
  while (size > 1 && turn(chain[size - 2], chain[size - 1], point) <= 0) size--;
  while (size >= most) drop_flattest(chain, size);
  chain[size++] = point;
}

void SkewHull::add(double at_s, double transit_ms) {
  if (older_size_ == 0) begin_s_ = at_s;
  Corner point{static_cast<float>(at_s - begin_s_), static_cast<float>(transit_ms)};
  if (older_size_ > 0 && point.at_s <= corners_[older_size_ - 1].at_s) {  // the clock stepped back
    clear();
    begin_s_ = at_s;
    point.at_s = 0;
  }
  Corner* const younger = corners_ + kCorners - kYounger;
  if (older_size_ > 0 && point.at_s - corners_[0].at_s > kLongest_s) {
    for (uint32_t i = 0; i < younger_size_; i++) corners_[i] = younger[i];
    older_size_ = std::exchange(younger_size_, 0);
  }
  const bool half = older_size_ > 0 && point.at_s - corners_[0].at_s >= kLongest_s / 2;
  add(corners_, older_size_, half ? kCorners - kYounger : kCorners, point);
  if (half) add(younger, younger_size_, kYounger, point);
}

double SkewHull::ppm() const {
  if (older_size_ < 2 || double{corners_[older_size_ - 1].at_s} - double{corners_[0].at_s} < kLeast_s) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  const double middle_s = (double{corners_[0].at_s} + double{corners_[older_size_ - 1].at_s}) / 2;
  uint32_t i = 1;
  while (double{corners_[i].at_s} < middle_s) i++;
  const Corner &a = corners_[i - 1], &b = corners_[i];
  const double ppm = (double{b.transit_ms} - double{a.transit_ms}) / (double{b.at_s} - double{a.at_s}) * 1000;
  return std::abs(ppm) <= kLargest_ppm ? ppm : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace rtpsonde

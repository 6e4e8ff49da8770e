#include "core/stream/clock_skew.h"

#include <cmath>
#include <limits>

namespace rtpsonde {

double SkewHull::moment_s(uint32_t later, uint16_t place) {
  return static_cast<double>(stretch_start_ns(later) + place_ns(place)) * 1e-9;
}

// Positive when the way from corner a over corner b to this point bends upwards: b lies below
// the line from a to the point.
double SkewHull::turn(uint32_t a, uint32_t b, double point_s, double point_ms) const {
  const double a_ms = static_cast<double>(transit_ms_[a]), b_ms = static_cast<double>(transit_ms_[b]);
  return (at_s(b) - at_s(a)) * (point_ms - a_ms) - (b_ms - a_ms) * (point_s - at_s(a));
}

// The corner between others that changes the hull least when it goes.
uint32_t SkewHull::flattest() const {
  uint32_t flattest = 1;
  double least = std::numeric_limits<double>::infinity();
  for (uint32_t i = 1; i + 1 < size_; i++) {
    const double area = turn(i - 1, i, at_s(i + 1), static_cast<double>(transit_ms_[i + 1]));
    if (area < least) {
      least = area;
      flattest = i;
    }
  }
  return flattest;
}

void SkewHull::drop(uint32_t i) {
  const uint32_t first = i == 0 && size_ > 1 ? later(1) : 0;  // what counted from the one that goes
  for (uint32_t k = i + 1; k < size_; k++) {
    transit_ms_[k - 1] = transit_ms_[k];
    place_[k - 1] = place_[k];
    if (k > 1) later_[k - 2] = static_cast<uint8_t>(later(k) - first);
  }
  first_stretch_ += first;
  size_--;
}

// Andrew's monotone chain, one point at a time. A corner too many: the flattest one goes.
void SkewHull::add(uint32_t stretch, uint16_t place, double transit_ms) {
  const float point_ms = static_cast<float>(transit_ms);
  const auto point_s = [&] { return moment_s(stretch - first_stretch_, place); };
  const bool back = size_ > 0 && (stretch < first_stretch_ || point_s() <= at_s(size_ - 1));
  if (back) clear();  // the clock stepped
  while (size_ > 0 && point_s() - at_s(0) > kLongest_s) drop(0);
  if (size_ == 0) first_stretch_ = stretch;
  const double point = static_cast<double>(point_ms);
  while (size_ > 1 && turn(size_ - 2, size_ - 1, point_s(), point) <= 0) size_--;
  if (size_ == kCorners) drop(flattest());
  transit_ms_[size_] = point_ms;
  place_[size_] = place;
  if (size_ > 0) later_[size_ - 1] = static_cast<uint8_t>(stretch - first_stretch_);
  size_++;
}

double SkewHull::ppm() const {
  if (size_ < 2 || at_s(size_ - 1) - at_s(0) < kLeast_s) return std::numeric_limits<double>::quiet_NaN();
  const double middle_s = (at_s(0) + at_s(size_ - 1)) / 2;
  uint32_t i = 1;
  while (at_s(i) < middle_s) i++;
  const double grown_ms = static_cast<double>(transit_ms_[i]) - static_cast<double>(transit_ms_[i - 1]);
  const double ppm = grown_ms / (at_s(i) - at_s(i - 1)) * 1000;
  return std::abs(ppm) <= kLargest_ppm ? ppm : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace rtpsonde

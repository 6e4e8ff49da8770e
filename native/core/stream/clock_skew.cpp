#include "core/stream/clock_skew.h"

#include <cmath>
#include <limits>

namespace rtpsonde {

void SkewHull::put(uint32_t i, const Corner& corner) {
  if (i > 0) later_[i - 1] = corner.later;
  place_[i] = corner.place;
  transit_ms_[i] = corner.transit_ms;
}

double SkewHull::at_s(const Corner& corner) {
  return static_cast<double>(stretch_start_ns(corner.later) + place_ns(corner.place)) * 1e-9;
}

// Positive when the way a, b, c bends upwards: b lies below the line from a to c.
double SkewHull::turn(const Corner& a, const Corner& b, const Corner& c) {
  const double a_ms = static_cast<double>(a.transit_ms);
  return (at_s(b) - at_s(a)) * (static_cast<double>(c.transit_ms) - a_ms) -
         (static_cast<double>(b.transit_ms) - a_ms) * (at_s(c) - at_s(a));
}

// Of the corners between others the one goes that changes the hull least.
uint32_t SkewHull::without_flattest(uint32_t first, uint32_t size) {
  uint32_t flattest = first + 1;
  double least = std::numeric_limits<double>::infinity();
  for (uint32_t i = first + 1; i + 1 < first + size; i++) {
    const double area = turn(corner(i - 1), corner(i), corner(i + 1));
    if (area < least) {
      least = area;
      flattest = i;
    }
  }
  for (uint32_t i = flattest + 1; i < first + size; i++) put(i - 1, corner(i));
  return size - 1;
}

// Andrew's monotone chain, one point at a time.
uint32_t SkewHull::extend(uint32_t first, uint32_t size, uint32_t most, const Corner& point) {
  while (size > 1 && turn(corner(first + size - 2), corner(first + size - 1), point) <= 0) size--;
  while (size >= most) size = without_flattest(first, size);
  put(first + size, point);
  return size + 1;
}

// The younger hull takes over; times count from its first corner then.
void SkewHull::forget_older() {
  const uint8_t first = later(kYoungerAt);
  for (uint32_t i = 0; i < younger_; i++) {
    Corner moved = corner(kYoungerAt + i);
    moved.later = static_cast<uint8_t>(moved.later - first);
    put(i, moved);
  }
  first_stretch_ += first;
  older_ = younger_;
  younger_ = 0;
}

void SkewHull::add(uint32_t stretch, uint16_t place, double transit_ms) {
  const auto since_first_s = [&] {
    return static_cast<double>(stretch_start_ns(stretch - first_stretch_) + place_ns(place)) * 1e-9;
  };
  const bool back = older_ > 0 && (stretch < first_stretch_ || since_first_s() <= at_s(corner(older_ - 1U)));
  if (back) clear();  // the clock stepped
  while (older_ > 0 && since_first_s() - at_s(corner(0)) > kLongest_s) forget_older();
  if (older_ == 0) first_stretch_ = stretch;
  const Corner point{static_cast<uint8_t>(stretch - first_stretch_), place, static_cast<float>(transit_ms)};
  const bool half = older_ > 0 && at_s(point) - at_s(corner(0)) >= kLongest_s / 2;
  older_ = static_cast<uint8_t>(extend(0, older_, half ? kYoungerAt : kCorners, point)) & 0xfU;
  if (half) younger_ = static_cast<uint8_t>(extend(kYoungerAt, younger_, kYounger, point)) & 0xfU;
}

double SkewHull::ppm() const {
  if (older_ < 2 || at_s(corner(older_ - 1U)) - at_s(corner(0)) < kLeast_s) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  const double middle_s = (at_s(corner(0)) + at_s(corner(older_ - 1U))) / 2;
  uint32_t i = 1;
  while (at_s(corner(i)) < middle_s) i++;
  const Corner a = corner(i - 1), b = corner(i);
  const double grown_ms = static_cast<double>(b.transit_ms) - static_cast<double>(a.transit_ms);
  const double ppm = grown_ms / (at_s(b) - at_s(a)) * 1000;
  return std::abs(ppm) <= kLargest_ppm ? ppm : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace rtpsonde

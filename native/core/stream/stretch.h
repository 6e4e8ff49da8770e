// Time of capture in stretches of 5 s, and places in them: how long the least transit of a
// stream is looked for, and when it was seen.
#pragma once

#include <cstdint>

namespace rtpsonde {

// Long enough to hold an undelayed packet, short enough that a new route or what is left
// of the skew does not stay in the reference of PDV, which is the least of two stretches.
constexpr int64_t kReferenceStretch_ns = 5'000'000'000;

inline uint32_t stretch_of(int64_t arrival_ns) {
  return static_cast<uint32_t>(arrival_ns / kReferenceStretch_ns);
}

constexpr int64_t stretch_start_ns(uint32_t stretch) { return int64_t{stretch} * kReferenceStretch_ns; }

// Place of a moment in its stretch, in units of 2^17 ns (0.13 ms).
constexpr uint32_t kPlaceShift = 17;
static_assert(kReferenceStretch_ns >> kPlaceShift <= UINT16_MAX);
inline uint16_t place_in_stretch(int64_t arrival_ns, uint32_t stretch) {
  return static_cast<uint16_t>((arrival_ns - stretch_start_ns(stretch)) >> kPlaceShift);
}
constexpr int64_t place_ns(uint16_t place) { return int64_t{place} << kPlaceShift; }

}  // namespace rtpsonde

// What a stream that lives longer keeps of the time before the open window: a row
// of a pool.
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>

#include "core/base/constants.gen.h"
#include "core/stream/clock_skew.h"

namespace rtpsonde {

// Packets by delay variation; the last bin is open.
constexpr uint32_t kPdvBins = static_cast<uint32_t>(std::size(kPdvBinEnds_ms)) + 1;

// Sums over the samples of a window or of a stream.
struct DelaySums {
  double pdv_ms;
  double ipdv_ms;
  double adaptive_ms;  // playout delay of the adaptive profile
  float pdv_max_ms;
  float ipdv_max_ms;
  uint32_t pdv_histogram[kPdvBins];

  void add(const DelaySums& other);
};

struct StreamPast {
  SkewHull hull;
  int64_t rolled_ns;  // when hot.skew_ppm last changed
  double removed_ms;  // drift taken out of hot.transit_ms until then
  // by the windows so far
  DelaySums sealed;
  uint64_t packets;
  uint64_t octets;
  double jitter_sum_ms;
  double jitter_max_ms;
  int64_t delta_max_ns;
  uint32_t jitter_samples;
  uint32_t markers;
};

// Of a stream in its first window.
inline constexpr StreamPast kNoPast{};

inline void DelaySums::add(const DelaySums& other) {
  pdv_ms += other.pdv_ms;
  ipdv_ms += other.ipdv_ms;
  adaptive_ms += other.adaptive_ms;
  pdv_max_ms = std::max(pdv_max_ms, other.pdv_max_ms);
  ipdv_max_ms = std::max(ipdv_max_ms, other.ipdv_max_ms);
  for (uint32_t i = 0; i < kPdvBins; i++) pdv_histogram[i] += other.pdv_histogram[i];
}

}  // namespace rtpsonde

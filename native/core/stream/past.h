// What a stream that lives longer keeps of the time before the open window: a row
// of a pool.
#pragma once

#include <algorithm>
#include <cstdint>

#include "core/stream/clock_skew.h"
#include "core/stream/pdv_bins.h"

namespace rtpsonde {

// Sums over the samples of a window or of a stream.
struct DelaySums {
  double pdv_ms;
  double ipdv_ms;
  double adaptive_ms;  // playout delay of the adaptive profile
  float pdv_max_ms;
  float ipdv_max_ms;

  void add(const DelaySums& other);
};

struct StreamPast {
  SkewHull hull;
  uint32_t jitter_samples;  // by the windows so far, as all below but the next
  double removed_ms;  // drift taken out of hot.transit_ms until its stretch began, had it been so all along
  DelaySums sealed;
  PdvTotals pdv_histogram;
  uint64_t octets;
  double jitter_sum_ms;
  double jitter_max_ms;
  int64_t delta_max_ns;
};
static_assert(sizeof(StreamPast) == 184);

// Of a stream in its first window.
inline constexpr StreamPast kNoPast{};

inline void DelaySums::add(const DelaySums& other) {
  pdv_ms += other.pdv_ms;
  ipdv_ms += other.ipdv_ms;
  adaptive_ms += other.adaptive_ms;
  pdv_max_ms = std::max(pdv_max_ms, other.pdv_max_ms);
  ipdv_max_ms = std::max(ipdv_max_ms, other.ipdv_max_ms);
}

}  // namespace rtpsonde

// What a stream that lives longer keeps of the time before the open window: a row
// of a pool.
#pragma once

#include <algorithm>
#include <cstdint>

#include "core/stream/clock_skew.h"

namespace rtpsonde {

// Packets by delay variation. Bins end at these times; the last is open.
constexpr uint32_t kPdvBins = 16;
constexpr float kPdvBinEnds_ms[kPdvBins - 1] = {0.5F, 1,  2,  3,  5,   7.5F, 10, 15,
                                                20,   30, 40, 60, 100, 200,  500};

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
  DelaySums sealed;   // by the windows so far
};

inline void DelaySums::add(const DelaySums& other) {
  pdv_ms += other.pdv_ms;
  ipdv_ms += other.ipdv_ms;
  adaptive_ms += other.adaptive_ms;
  pdv_max_ms = std::max(pdv_max_ms, other.pdv_max_ms);
  ipdv_max_ms = std::max(ipdv_max_ms, other.ipdv_max_ms);
  for (uint32_t i = 0; i < kPdvBins; i++) pdv_histogram[i] += other.pdv_histogram[i];
}

}  // namespace rtpsonde

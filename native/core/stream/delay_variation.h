// Delay variation of a stream: PDV against the least transit (RFC 5481 4.2), IPDV
// (4.1), MAPDV2, with the clock skew taken out. The reference is the least transit of the
// running and the previous stretch (stretch.h). All from the same samples as the
// jitter of RFC 3550, which none of this touches.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "core/stream/past.h"
#include "core/stream/state.h"
#include "core/stream/stretch.h"

namespace rtpsonde {

// A new stretch begins: its end goes to the skew estimate. `past` may be null.
void begin_stretch(StreamHot& hot, StreamPast* past, int64_t arrival_ns);

// The first packet of a talk spurt or segment, or after a jump. Transit goes on when
// the sender's clock did (`step_ms`, NaN when it cannot be compared), and
// begins anew otherwise; the reference is this packet in both cases.
void anchor_transit(StreamHot& hot, StreamPast* past, int64_t arrival_ns, double step_ms, double elapsed_ms);

// The first bin that ends above it: as many ends as lie below are counted, all at once,
// since a search would wait for each of its steps.
inline uint32_t pdv_bin(float pdv_ms) {
  static_assert(kPdvBins == 16);
#ifdef __SSE2__
  const __m128 value = _mm_set1_ps(pdv_ms);
  const auto passed = [&](size_t first) {
    return _mm_castps_si128(_mm_cmpge_ps(value, _mm_loadu_ps(&kPdvBinEnds_ms[first])));
  };
  // There are 15 ends: the last block begins one early and leaves that one out.
  const __m128i low = _mm_packs_epi32(passed(0), passed(4));
  const __m128i high = _mm_packs_epi32(passed(8), _mm_srli_si128(passed(11), 4));
  const auto bits = static_cast<uint32_t>(_mm_movemask_epi8(_mm_packs_epi16(low, high)));
  return static_cast<uint32_t>(std::popcount(bits));
#else
  uint32_t bin = 0;
  for (const float end : kPdvBinEnds_ms) bin += pdv_ms >= end ? 1 : 0;
  return bin;
#endif
}

// A packet that is no sample itself: transit goes on, and the reference stays. Returns its delay above it.
float follow_transit(StreamHot& hot, StreamPast* past, int64_t arrival_ns, double step_ms, double elapsed_ms);

// One sample: transit grew by `step_ms` within `elapsed_ms`. Returns the delay of
// this packet above the reference before it: negative when it was the fastest.
inline float sample_delay(StreamHot& hot, StreamCold& cold, int64_t arrival_ns, double step_ms,
                          double elapsed_ms) {
  hot.transit_ms += step_ms - 1e-6 * static_cast<double>(hot.skew_ppm) * elapsed_ms;
  if (stretch_of(arrival_ns) != hot.stretch) [[unlikely]]
    begin_stretch(hot, cold.past, arrival_ns);
  const float transit_ms = static_cast<float>(hot.transit_ms);
  const float above_ms = transit_ms - std::min(hot.least_ms, hot.least_before_ms);
  if (transit_ms < hot.least_ms) {
    hot.least_ms = transit_ms;
    hot.least_at = place_in_stretch(arrival_ns, hot.stretch);
  }

  const float pdv_ms = std::max(above_ms, 0.0F);
  hot.pdv_sum_ms += pdv_ms;
  hot.pdv_max_ms = std::max(hot.pdv_max_ms, pdv_ms);
  uint16_t& bin = cold.pdv_histogram[pdv_bin(pdv_ms)];
  if (bin < UINT16_MAX) bin++;
  const float ipdv_ms = static_cast<float>(std::abs(step_ms));
  hot.ipdv_sum_ms += ipdv_ms;
  hot.ipdv_max_ms = std::max(hot.ipdv_max_ms, ipdv_ms);

  // MAPDV2: deviations above and below a running mean, smoothed apart.
  const float deviation_ms = transit_ms - hot.mapdv_mean_ms;
  float& side_ms = hot.mapdv_side_ms[deviation_ms > 0 ? 1 : 0];
  side_ms += (std::abs(deviation_ms) - side_ms) / 16;
  hot.mapdv_mean_ms += deviation_ms / 16;
  return above_ms;
}

}  // namespace rtpsonde

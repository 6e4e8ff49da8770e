// Interarrival jitter (RFC 3550 A.8) in arrival order, in ms of the stream's RTP
// clock with fractional arithmetic.
#pragma once

#include <cmath>

#include "core/stream/state.h"

namespace rtpsonde {

// Beyond this a step between timestamp and arrival is no delay variation.
constexpr double kTimestampJump_ms = 1000.0;

inline void set_reference(StreamHot& hot, int64_t arrival_ns, uint32_t timestamp) {
  hot.sample_arrival_ns = arrival_ns;
  hot.sample_timestamp = timestamp;
  hot.flags |= kHasReference;
}

// From the previous sample to a packet.
struct TransitStep {
  double elapsed_ms;  // between the arrivals
  double step_ms;     // how much the transit time grew: D(i-1, i) of RFC 3550 6.4.1
  bool is_jump() const { return std::abs(step_ms) > kTimestampJump_ms; }
};

inline TransitStep transit_step(const StreamHot& hot, int64_t arrival_ns, uint32_t timestamp,
                                double ms_per_tick) {
  const double elapsed_ms = static_cast<double>(arrival_ns - hot.sample_arrival_ns) / 1e6;
  const double media_ms =
      static_cast<double>(static_cast<int32_t>(timestamp - hot.sample_timestamp)) * ms_per_tick;
  return {elapsed_ms, elapsed_ms - media_ms};
}

// One sample: the transit time of this packet against that of the previous one.
// False when the step is a jump: then only the reference moves.
inline bool sample_jitter(StreamHot& hot, const TransitStep& step, int64_t arrival_ns, uint32_t timestamp) {
  hot.sample_arrival_ns = arrival_ns;
  hot.sample_timestamp = timestamp;
  if (step.is_jump()) return false;
  const double d_ms = std::abs(step.step_ms);
  hot.jitter_ms += (d_ms - hot.jitter_ms) / 16.0;
  hot.jitter_sum_ms += hot.jitter_ms;
  if (hot.jitter_ms > hot.jitter_max_ms) hot.jitter_max_ms = hot.jitter_ms;
  hot.jitter_samples++;
  return true;
}

}  // namespace rtpsonde

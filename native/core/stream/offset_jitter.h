// Interarrival jitter corrected by what the sender says of its own sending times (RFC
// 5450 4): a figure beside the jitter of RFC 3550, which 5450 3 forbids to correct.
//
// One row per stream whose packets carry the extension, from a pool. To be called for
// every packet of the stream once the first one carried it, since a packet without it
// was sent on time (5450 3: offset 0):
//
//   const uint32_t samples = hot.jitter_samples;             // before update()
//   const Placement placement = accounting.update(...);
//   follow_offset(row, hot, samples, placement, ts_ns, timestamp,
//                 transmission_offset(find_extension(packet, id)).value_or(0), ms_per_tick);
//   a window: row.window, then row.begin_window(); the whole stream: row.total after that.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "core/stream/jitter.h"
#include "core/stream/sequence.h"
#include "core/stream/state.h"

namespace rtpsonde {

struct OffsetJitterSums {
  double sum_ms = 0;
  double largest_ms = 0;
  uint64_t samples = 0;

  // Over the values of J after each sample; NaN when there was none.
  double mean_ms() const { return samples > 0 ? sum_ms / static_cast<double>(samples) : unknown(); }
  double max_ms() const { return samples > 0 ? largest_ms : unknown(); }

 private:
  static constexpr double unknown() { return std::numeric_limits<double>::quiet_NaN(); }
};

struct OffsetJitter {
  double jitter_ms = 0;           // the running value; nothing before the first sample
  int64_t sample_arrival_ns = 0;  // of the previous sample
  uint32_t sample_sent = 0;       // its timestamp plus offset, modulo 2^32
  bool has_reference = false;
  OffsetJitterSums window;  // of the open window
  OffsetJitterSums total;   // of the windows before it

  uint64_t samples() const { return total.samples + window.samples; }
  void begin_window() {
    total.sum_ms += window.sum_ms;
    total.largest_ms = std::max(total.largest_ms, window.largest_ms);
    total.samples += window.samples;
    window = {};
  }
};
static_assert(sizeof(OffsetJitter) <= 128);

// One sample: D(i,j) = (Rj - Ri) - ((Sj + Oj) - (Si + Oi)), J as in RFC 3550 A.8. False
// when the step is a jump: then only the reference moves. `offset` in ticks.
inline bool sample_offset_jitter(OffsetJitter& row, int64_t arrival_ns, uint32_t timestamp, int32_t offset,
                                 double ms_per_tick) {
  const uint32_t sent = timestamp + static_cast<uint32_t>(offset);
  const double arrival_ms = static_cast<double>(arrival_ns - row.sample_arrival_ns) / 1e6;
  const double sent_ms = static_cast<double>(static_cast<int32_t>(sent - row.sample_sent)) * ms_per_tick;
  const bool follows = row.has_reference;
  row.sample_arrival_ns = arrival_ns;
  row.sample_sent = sent;
  row.has_reference = true;
  const double d_ms = std::abs(arrival_ms - sent_ms);
  if (!follows || d_ms > kTimestampJump_ms) return false;
  row.jitter_ms += (d_ms - row.jitter_ms) / 16.0;
  row.window.sum_ms += row.jitter_ms;
  row.window.largest_ms = std::max(row.window.largest_ms, row.jitter_ms);
  row.window.samples++;
  return true;
}

// Samples where the RFC 3550 jitter was sampled by the same packet, and begins anew
// where that did. `samples_before` is hot.jitter_samples before the packet.
inline void follow_offset(OffsetJitter& row, const StreamHot& hot, uint32_t samples_before,
                          Placement placement, int64_t arrival_ns, uint32_t timestamp, int32_t offset,
                          double ms_per_tick) {
  if (hot.sample_arrival_ns != arrival_ns || hot.sample_timestamp != timestamp) return;
  const bool sampled = hot.jitter_samples != samples_before;
  // A restart is sampled against a packet whose offset was not kept.
  if (!sampled || placement == Placement::kRestart) row.has_reference = false;
  sample_offset_jitter(row, arrival_ns, timestamp, offset, ms_per_tick);
}

}  // namespace rtpsonde

// What is kept of one stream: three cache lines that every packet touches, a cold part of
// which every packet touches the line with the histogram, and rows of pools that not every
// stream needs. What costs at 100,000 streams is lines dirtied per packet, hence the split.
#pragma once

#include <algorithm>
#include <cstdint>

#include "core/stream/clock_rates.h"
#include "core/stream/incidents.h"
#include "core/stream/key.h"
#include "core/stream/past.h"
#include "core/stream/seen_interfaces.h"
#include "core/stream/seen_window.h"

namespace rtpsonde {

enum class StreamStatus : uint8_t { kFree = 0, kProbation = 1, kAccepted = 2 };

struct alignas(64) StreamHot {
  // line 0: identity, sequence, the transit reference
  StreamKey key;
  SeenWindow seen;
  int64_t last_arrival_ns;
  int64_t
      sample_arrival_ns;  // of the previous jitter sample; while the clock is unknown, where inference began
  uint32_t max_seq;       // extended; starts one cycle up so that it can grow downwards
  uint32_t base_seq;      // extended, lowest of the segment
  uint32_t sample_timestamp;
  StreamStatus status;
  uint8_t payload_type;       // media
  uint8_t last_payload_type;  // any
  uint8_t clock;              // index into ClockTable
  // line 1: sums of the open window, and what the next packet is held against
  double jitter_ms;
  double jitter_sum_ms;
  double jitter_max_ms;
  uint64_t octets;
  int64_t delta_max_ns;
  uint32_t jitter_samples;
  uint32_t packets;
  uint32_t timestamp_step;  // ticks
  uint32_t last_timestamp;  // of the last packet that was not behind
  uint16_t vlan;
  uint16_t last_seq;
  uint8_t dscp;
  uint8_t step_score;  // 0..15: how sure timestamp_step is
  uint8_t flags;       // StreamFlag
  MediaKind kind;
  // line 2: delay variation and playout
  double transit_ms;  // since the anchor, clock skew taken out
  float least_ms;     // transit of the running stretch (delay_variation.h)
  float least_before_ms;
  uint32_t stretch;
  float skew_ppm;     // taken out; 0 until known
  float adaptive_ms;  // playout delay of the adaptive profile
  float mapdv_mean_ms;
  float mapdv_side_ms[2];  // deviations below and above the mean
  float pdv_sum_ms;        // of the open window, like the rest but the last
  float pdv_max_ms;
  float ipdv_sum_ms;
  float ipdv_max_ms;
  float adaptive_sum_ms;
  uint16_t least_at;     // when least_ms was seen, from the start of the stretch in units of 2^17 ns
  uint8_t discard_span;  // steps until the last discarded packet has left the window of 128
  SeenInterfaces interfaces;
};
static_assert(sizeof(StreamHot) == 192);

enum StreamFlag : uint8_t {
  kHasReference = 1,  // sample_arrival_ns and sample_timestamp are set
  kAfterNoise = 2,    // the last packet was comfort noise
  kHasMedia = 4,      // payload_type is that of media, not of an event or noise
  kHasJitter = 8,     // at least one sample was ever taken
  kAddressesApart = 16,
  kRunOpen = 32,      // the slot that left the window last was a lost one: open_run > 0
  kJumpPending = 64,  // the last packet was a stray one: bad_seq would confirm its jump
  kFollowed = 128,    // each packet is to be told to the rows `extra` or `rtcp`
};

// Two of them fill three cache lines; the histogram never lies across two.
struct alignas(32) StreamCold {
  uint16_t pdv_histogram[kPdvBins];
  Incidents* incidents;  // null until something out of the usual happens
  StreamPast* past;      // null in the first seconds
  int64_t start_ns;
  int64_t window_first_ns;
  uint64_t expected_closed;  // of segments that a restart ended
  uint64_t sealed_packets;   // by the windows so far, as the next
  uint32_t sealed_markers;
  uint32_t window_markers;
  uint32_t reported_expected;  // modulo 2^32: what the windows have told so far
  uint16_t first_seq;
  uint16_t window_first_seq;

  const Incidents& happened() const { return incidents != nullptr ? *incidents : kNoIncidents; }
  const StreamPast& sealed() const { return past != nullptr ? *past : kNoPast; }
  Damage* damage() const { return happened().damage; }
  Extra* extra() const { return happened().extra; }
  RtcpRow* rtcp() const { return happened().rtcp; }

  // Sequence numbers counted from the beginning of the stream (burst_gap.h).
  uint32_t position(const StreamHot& hot, uint32_t extended_seq) const {
    return static_cast<uint32_t>(expected_closed) + (extended_seq - hot.base_seq);
  }
  // Positions below this one have left the window of 128.
  uint32_t decided(const StreamHot& hot) const {
    const uint32_t span = hot.max_seq - hot.base_seq + 1;
    return static_cast<uint32_t>(expected_closed) + (span > SeenWindow::kSize ? span - SeenWindow::kSize : 0);
  }

  uint64_t expected(const StreamHot& hot) const { return expected_closed + (hot.max_seq - hot.base_seq) + 1; }
  // Packets that hold a sequence number of their own.
  uint64_t distinct(const StreamHot& hot) const {
    const EventCounts& events = happened().events;
    return sealed_packets + hot.packets - events.total(Event::kDuplicate) -
           events.total(Event::kSequenceError);
  }
  uint64_t lost(const StreamHot& hot) const {
    const uint64_t want = expected(hot), have = distinct(hot);
    return want > have ? want - have : 0;
  }
};
static_assert(sizeof(StreamCold) == 96);

}  // namespace rtpsonde

// What is kept of one stream: three cache lines that every packet touches, a cold
// part that (its histogram apart) only events and the end of a window touch, and
// rows of pools that not every stream needs. What costs at
// 100,000 streams is lines dirtied per packet, hence the split.
#pragma once

#include <algorithm>
#include <cstdint>

#include "core/stream/clock_rates.h"
#include "core/stream/damage.h"
#include "core/stream/key.h"
#include "core/stream/past.h"
#include "core/stream/seen_window.h"

namespace rtpsonde {

struct Extra;    // extra.h
struct RtcpRow;  // rtcp_row.h

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
  float mapdv_above_ms;
  float mapdv_below_ms;
  float pdv_sum_ms;  // of the open window, like the rest but the last
  float pdv_max_ms;
  float ipdv_sum_ms;
  float ipdv_max_ms;
  float adaptive_sum_ms;
  uint16_t least_at;     // when least_ms was seen, from the start of the stretch in units of 2^17 ns
  uint8_t discard_span;  // steps until the last discarded packet has left the window of 128
  uint8_t spare;
};
static_assert(sizeof(StreamHot) == 192);

enum StreamFlag : uint8_t {
  kHasReference = 1,  // sample_arrival_ns and sample_timestamp are set
  kAfterNoise = 2,    // the last packet was comfort noise
  kHasMedia = 4,      // payload_type is that of media, not of an event or noise
  kHasJitter = 8,     // at least one sample was ever taken
  kAddressesApart = 16,
  kRunOpen = 32,      // the slot that left the window last was a lost one: cold.open_run > 0
  kJumpPending = 64,  // the last packet was a stray one: cold.bad_seq would confirm its jump
};

// Things that happen now and then. Of the first six a window's count is the
// difference from a snapshot; of the others it is kept apart in 16 bits and stays
// at 65535 when more happened. That saves 16 bytes a stream.
enum class Event : uint8_t {
  kDuplicate,
  kReordered,
  kLossRun,
  kLossRunPacket,
  kMarker,
  kSequenceError,
  kLate,
  kRestart,
  kTimestampJump,
  kDtxResumption,
  kComfortNoise,
  kTelephoneEvent,
  kPayloadTypeChange,
  kRtcp,
  kStall,
  kSpanCopy,
};
constexpr size_t kEvents = 16;
constexpr size_t kWideEvents = 6;

class EventCounts {
 public:
  void add(Event e, uint32_t n = 1) {
    const size_t i = static_cast<size_t>(e);
    totals_[i] += n;
    if (i < kWideEvents) return;
    uint16_t& window = window_[i - kWideEvents];
    window = static_cast<uint16_t>(std::min<uint32_t>(window + n, UINT16_MAX));
  }
  // Takes back what was only assumed; of the first six alone.
  void sub(Event e, uint32_t n = 1) { totals_[static_cast<size_t>(e)] -= n; }
  uint32_t total(Event e) const { return totals_[static_cast<size_t>(e)]; }

  // In the open window; never negative, though a tentative error may be taken back.
  uint32_t in_window(Event e) const {
    const size_t i = static_cast<size_t>(e);
    if (i >= kWideEvents) return window_[i - kWideEvents];
    const int32_t delta = static_cast<int32_t>(totals_[i] - snapshot_[i]);
    return delta > 0 ? static_cast<uint32_t>(delta) : 0;
  }
  void begin_window() {
    for (size_t i = 0; i < kWideEvents; i++) snapshot_[i] = totals_[i];
    for (uint16_t& count : window_) count = 0;
  }

 private:
  uint32_t totals_[kEvents];
  uint32_t snapshot_[kWideEvents];
  uint16_t window_[kEvents - kWideEvents];
};

struct StreamCold {
  int64_t start_ns;
  int64_t window_first_ns;
  // totals of the windows sealed so far
  uint64_t packets;
  uint64_t octets;
  double jitter_sum_ms;
  double jitter_max_ms;
  int64_t delta_max_ns;
  uint64_t expected_closed;  // of segments that a restart ended
  uint64_t payload_types[2];
  uint64_t dscp_seen;
  Damage* damage;       // null until the first packet out of sequence or discarded
  StreamPast* past;     // null in the first seconds
  Extra* extra;         // null unless the payload is looked into, or copies came
  RtcpRow* rtcp;        // null until RTCP speaks of the stream
  int64_t last_gap_ns;  // arrival of the last packet before which others were missing; 0: none
  uint16_t pdv_histogram[kPdvBins];
  EventCounts events;
  uint32_t jitter_samples;
  uint32_t reported_expected;  // modulo 2^32: what the windows have told so far
  uint32_t reported_lost;
  uint32_t open_run;  // lost sequence numbers that left the window since the last one seen
  uint32_t bad_seq;   // the sequence number that would confirm a jump (RFC 3550 A.1), kNoBadSeq when none
  uint32_t run_longest;
  uint32_t window_run_longest;
  uint16_t first_seq;
  uint16_t window_first_seq;
  uint16_t vlan_other;
  uint8_t extent_max;
  uint8_t window_extent_max;

  static constexpr uint32_t kNoBadSeq = 0x10000;

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
    return packets + hot.packets - events.total(Event::kDuplicate) - events.total(Event::kSequenceError);
  }
  uint64_t lost(const StreamHot& hot) const {
    const uint64_t want = expected(hot), have = distinct(hot);
    return want > have ? want - have : 0;
  }
};
static_assert(sizeof(StreamCold) == 304);

}  // namespace rtpsonde

// What is kept of a stream only once something out of the usual has happened to it: a row
// of a pool. Most calls never need one.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "core/capture/packet_source.h"
#include "core/stream/damage.h"
#include "core/stream/pdv_bins.h"

namespace rtpsonde {

struct Extra;    // extra.h
struct RtcpRow;  // rtcp_row.h

// Things that happen now and then. Of the first five a window's count is the
// difference from a snapshot; of the others it is kept apart in 16 bits and stays
// at 65535 when more happened. That saves 20 bytes.
enum class Event : uint8_t {
  kDuplicate,
  kReordered,
  kLossRun,
  kLossRunPacket,
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
constexpr size_t kEvents = 15;
constexpr size_t kWideEvents = 5;

class EventCounts {
 public:
  void add(Event e, uint32_t n = 1) {
    const size_t i = static_cast<size_t>(e);
    totals_[i] += n;
    if (i < kWideEvents) return;
    uint16_t& window = window_[i - kWideEvents];
    window = static_cast<uint16_t>(std::min<uint32_t>(window + n, UINT16_MAX));
  }
  // Takes back what was only assumed; of the first five alone.
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
  uint32_t totals_[kEvents]{};
  uint32_t snapshot_[kWideEvents]{};
  uint16_t window_[kEvents - kWideEvents]{};
};

struct Incidents {
  static constexpr uint32_t kNoBadSeq = 0x10000;

  Damage* damage = nullptr;     // null until the first packet out of sequence or discarded
  Extra* extra = nullptr;       // null unless the payload is looked into, or copies came
  RtcpRow* rtcp = nullptr;      // null until RTCP speaks of the stream
  uint64_t payload_types[2]{};  // all that were seen, when there was more than one
  uint64_t dscp_seen = 0;       // likewise
  int64_t last_gap_ns = 0;      // arrival of the last packet before which others were missing; 0: none
  EventCounts events;
  uint32_t open_run = 0;         // lost sequence numbers that left the window since the last one seen
  uint32_t bad_seq = kNoBadSeq;  // the sequence number that would confirm a jump (RFC 3550 A.1)
  uint32_t run_longest = 0;
  uint32_t window_run_longest = 0;
  uint16_t vlan_other = kNoVlan;
  uint8_t extent_max = 0;
  uint8_t window_extent_max = 0;
  uint8_t pdv_carries[kPdvBins]{};  // how often a bin of StreamPast::pdv_histogram ran over

  void carry(uint32_t bins_over) {
    for (uint32_t i = 0; i < kPdvBins; i++)
      pdv_carries[i] = static_cast<uint8_t>(pdv_carries[i] + ((bins_over >> i) & 1U));
  }
  void begin_window() {
    events.begin_window();
    window_run_longest = 0;
    window_extent_max = 0;
  }
};

static_assert(sizeof(Incidents) == 192);

// Of a stream to which nothing has happened.
inline constexpr Incidents kNoIncidents{};

}  // namespace rtpsonde

// Sequence accounting (RFC 3550 A.1 and A.3, made exact by a window of the last
// 128 sequence numbers): what is lost, seen twice, out of order or a restart.
#pragma once

#include <cstdint>

#include "core/stream/state.h"

namespace rtpsonde {

enum class Placement : uint8_t {
  kNext,       // the highest plus one
  kForward,    // ahead, something is missing between
  kReordered,  // behind, and not seen before
  kDuplicate,
  kLate,     // behind the window; its loss is taken back
  kStray,    // a jump that nothing has confirmed
  kRestart,  // a jump that this packet confirmed: a new segment began with the one before
};

constexpr uint32_t kMaxDropout = 3000;  // RFC 3550 A.1
constexpr uint32_t kMaxMisorder = 100;

// Begins a segment with its first packet: all slots below count as seen, so that
// none of them is ever taken for a loss.
void begin_segment(StreamHot& hot, uint16_t seq);

// Keeps the extended numbers of an endless stream from wrapping; called when a
// window closes. What it takes out of the open segment it adds to cold.expected_closed.
void rebase_sequence(StreamHot& hot, StreamCold& cold);

// All cases but the next packet in sequence; `cold` has its row of incidents. `ms_per_tick` is 0 while
// unknown. The packet is counted in hot.packets already.
Placement place_out_of_sequence(StreamHot& hot, StreamCold& cold, uint16_t seq, uint32_t timestamp,
                                int64_t arrival_ns, double ms_per_tick);

// One or more slots leave the window at its far end while the highest moves on.
void advance_sequence(StreamHot& hot, StreamCold& cold, uint32_t steps);

// The packet so far behind the highest one came, but no receiver could have played it.
void mark_discarded(StreamHot& hot, Damage& damage, uint32_t distance);

// Decides the loss runs that are still inside the window: for the end of a
// segment or of the stream.
void settle_sequence(StreamHot& hot, StreamCold& cold);

inline Placement place_sequence(StreamHot& hot, StreamCold& cold, uint16_t seq, uint32_t timestamp,
                                int64_t arrival_ns, double ms_per_tick) {
  if (seq == static_cast<uint16_t>(hot.max_seq + 1)) [[likely]] {
    // The common case touches no cold line: the slot that leaves was seen, no loss
    // run waits for its end, no jump for its confirmation and no discard for its exit.
    if (hot.seen.test(SeenWindow::kSize - 1) && (hot.flags & (kRunOpen | kJumpPending)) == 0 &&
        hot.discard_span == 0) [[likely]] {
      hot.seen.shift_one();
      hot.seen.low |= 1;
      hot.max_seq++;
    } else {
      advance_sequence(hot, cold, 1);
    }
    return Placement::kNext;
  }
  return place_out_of_sequence(hot, cold, seq, timestamp, arrival_ns, ms_per_tick);
}

}  // namespace rtpsonde

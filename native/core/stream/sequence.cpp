#include "core/stream/sequence.h"

#include <algorithm>
#include <cmath>

namespace rtpsonde {

namespace {

void close_run(StreamHot& hot, StreamCold& cold) {
  cold.incidents->events.add(Event::kLossRun);
  cold.incidents->events.add(Event::kLossRunPacket, cold.incidents->open_run);
  cold.incidents->run_longest = std::max(cold.incidents->run_longest, cold.incidents->open_run);
  cold.incidents->window_run_longest = std::max(cold.incidents->window_run_longest, cold.incidents->open_run);
  cold.incidents->open_run = 0;
  hot.flags &= static_cast<uint8_t>(~kRunOpen);
}

void await_jump(StreamHot& hot, StreamCold& cold, uint16_t seq) {
  cold.incidents->bad_seq = seq;
  hot.flags |= kJumpPending;
}

void forget_jump(StreamHot& hot, StreamCold& cold) {
  cold.incidents->bad_seq = Incidents::kNoBadSeq;
  hot.flags &= static_cast<uint8_t>(~kJumpPending);
}

// The slot of this sequence number leaves the window.
void settle_slot(StreamHot& hot, StreamCold& cold, uint32_t extended_seq, uint32_t n) {
  const bool was_seen = hot.seen.test(n);
  if (cold.damage() != nullptr && (!was_seen || (hot.discard_span > 0 && cold.damage()->discarded.test(n)))) {
    cold.damage()->burst_gap.bad_packet(cold.position(hot, extended_seq));
  }
  if (!was_seen) {
    cold.incidents->open_run++;
    hot.flags |= kRunOpen;
  } else if ((hot.flags & kRunOpen) != 0) {
    close_run(hot, cold);
  }
}

Placement behind(StreamHot& hot, StreamCold& cold, uint32_t distance) {
  const uint32_t above_base = hot.max_seq - hot.base_seq;
  if (distance > above_base) {
    // Before the first packet seen: the segment began earlier than we thought,
    // and the slots between are now missing until they come too.
    for (uint32_t n = above_base + 1; n < distance; n++) hot.seen.clear(n);
    hot.base_seq = hot.max_seq - distance;
  } else if (hot.seen.test(distance)) {
    cold.incidents->events.add(Event::kDuplicate);
    return Placement::kDuplicate;
  }
  hot.seen.set(distance);
  cold.incidents->events.add(Event::kReordered);
  const uint8_t extent = static_cast<uint8_t>(distance);
  cold.incidents->extent_max = std::max(cold.incidents->extent_max, extent);
  cold.incidents->window_extent_max = std::max(cold.incidents->window_extent_max, extent);
  return Placement::kReordered;
}

// A jump forward is an outage, not a restart, when timestamp and arrival made
// the same jump and the sequence numbers went on at the usual pace.
bool is_outage(const StreamHot& hot, uint32_t ahead, uint32_t timestamp, int64_t arrival_ns,
               double ms_per_tick) {
  if (ms_per_tick == 0 || hot.timestamp_step == 0 || ahead > 0x10000 - 2 * kMaxMisorder) return false;
  const double ticks = static_cast<double>(static_cast<int32_t>(timestamp - hot.last_timestamp));
  const double elapsed_ms = static_cast<double>(arrival_ns - hot.last_arrival_ns) / 1e6;
  if (std::abs(ticks * ms_per_tick - elapsed_ms) > 200 + 0.1 * elapsed_ms) return false;
  // Frames of video have any number of packets: only the clock can be held against it.
  if (hot.kind == MediaKind::kVideo) return elapsed_ms > 300;
  const double usual = static_cast<double>(ahead) * hot.timestamp_step;
  return std::abs(ticks - usual) < 0.1 * usual;
}

// A packet far behind is late, not a restart, when its timestamp lies behind by
// as much as its sequence number.
bool is_late(const StreamHot& hot, uint32_t distance, uint32_t timestamp) {
  if (distance > kMaxDropout || hot.timestamp_step == 0 || hot.kind == MediaKind::kVideo) return false;
  const double ticks = static_cast<double>(static_cast<int32_t>(hot.last_timestamp - timestamp));
  const double usual = static_cast<double>(distance) * hot.timestamp_step;
  return std::abs(ticks - usual) < 0.25 * usual;
}

Placement late(StreamHot& hot, StreamCold& cold, uint32_t distance) {
  if (distance < SeenWindow::kSize) return behind(hot, cold, distance);  // still exact
  // This packet is among the distinct ones already, until it is called a duplicate.
  if (cold.distinct(hot) > cold.expected(hot) || distance > hot.max_seq - hot.base_seq) {
    // Nothing is missing that it could be.
    cold.incidents->events.add(Event::kDuplicate);
    return Placement::kDuplicate;
  }
  cold.incidents->events.add(Event::kLate);
  return Placement::kLate;
}

}  // namespace

void begin_segment(StreamHot& hot, uint16_t seq) {
  hot.max_seq = 0x10000U + seq;
  hot.base_seq = hot.max_seq;
  hot.seen = {~uint64_t{0}, ~uint64_t{0}};
  hot.discard_span = 0;
}

void mark_discarded(StreamHot& hot, Damage& damage, uint32_t distance) {
  if (distance >= SeenWindow::kSize) return;  // its slot was decided long ago
  if (hot.discard_span == 0) damage.discarded = {};
  damage.discarded.set(distance);
  hot.discard_span = std::max(hot.discard_span, static_cast<uint8_t>(SeenWindow::kSize - distance));
}

void advance_sequence(StreamHot& hot, StreamCold& cold, uint32_t steps) {
  forget_jump(hot, cold);
  const uint32_t inside = std::min(steps, SeenWindow::kSize);
  constexpr uint32_t kFar = SeenWindow::kSize - 1;
  for (uint32_t i = 0; i < inside; i++) {
    settle_slot(hot, cold, hot.max_seq + i - kFar, kFar);
    hot.seen.shift_one();
    if (hot.discard_span > 0) {
      cold.damage()->discarded.shift_one();
      hot.discard_span--;
    }
  }
  if (steps > SeenWindow::kSize) {
    // Slots that were never inside the window: all lost.
    const uint32_t outside = steps - SeenWindow::kSize;
    if (cold.damage() != nullptr) {
      cold.damage()->burst_gap.bad_packets(cold.position(hot, hot.max_seq + 1), outside);
    }
    cold.incidents->open_run += outside;
    hot.flags |= kRunOpen;
  }
  hot.max_seq += steps;
  hot.seen.set(0);
}

void settle_sequence(StreamHot& hot, StreamCold& cold) {
  for (uint32_t n = SeenWindow::kSize; n-- > 0;) settle_slot(hot, cold, hot.max_seq - n, n);
  hot.seen = {~uint64_t{0}, ~uint64_t{0}};
  hot.discard_span = 0;
}

void rebase_sequence(StreamHot& hot, StreamCold& cold) {
  const uint32_t span = hot.max_seq - hot.base_seq;
  if (span < 1U << 30) return;
  cold.expected_closed += span - kMaxDropout;
  hot.base_seq = hot.max_seq - kMaxDropout;  // so far behind a packet may still be late
}

Placement place_out_of_sequence(StreamHot& hot, StreamCold& cold, uint16_t seq, uint32_t timestamp,
                                int64_t arrival_ns, double ms_per_tick) {
  const uint32_t ahead = static_cast<uint16_t>(seq - hot.max_seq);
  const uint32_t distance = 0x10000 - ahead;  // how far behind, when it is
  if (ahead == 0) {
    forget_jump(hot, cold);
    cold.incidents->events.add(Event::kDuplicate);
    return Placement::kDuplicate;
  }
  if (ahead < kMaxDropout || is_outage(hot, ahead, timestamp, arrival_ns, ms_per_tick)) {
    advance_sequence(hot, cold, ahead);
    return Placement::kForward;
  }
  if (distance < kMaxMisorder) {
    forget_jump(hot, cold);
    return behind(hot, cold, distance);
  }
  if (is_late(hot, distance, timestamp)) {
    forget_jump(hot, cold);
    return late(hot, cold, distance);
  }
  if (cold.incidents->bad_seq == seq) {
    // The jump is confirmed: the packet before, until now an error, begins the segment.
    settle_sequence(hot, cold);
    cold.expected_closed += hot.max_seq - hot.base_seq + 1;
    cold.incidents->events.sub(Event::kSequenceError);
    cold.incidents->events.add(Event::kRestart);
    begin_segment(hot, static_cast<uint16_t>(seq - 1));
    advance_sequence(hot, cold, 1);
    return Placement::kRestart;
  }
  cold.incidents->events.add(Event::kSequenceError);
  await_jump(hot, cold, static_cast<uint16_t>(seq + 1));
  return Placement::kStray;
}

}  // namespace rtpsonde

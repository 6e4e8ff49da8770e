#include "core/stream/accounting.h"

#include <algorithm>
#include <limits>

#include "core/base/error.h"
#include "core/capture/packet_source.h"
#include "core/stream/delay_variation.h"

namespace rtpsonde {

namespace {

constexpr uint8_t kNoType = 0xff;  // no packet came yet

// A talk spurt that resumes: marked, and after more than the usual spacing.
bool resumes_after_silence(const StreamHot& hot, bool marker, int64_t delta_ns, double ms_per_tick) {
  if (!marker || hot.kind == MediaKind::kVideo) return false;
  const double step_ms = hot.timestamp_step * ms_per_tick;
  // Before the clock is known it may be video, where the marker ends a frame.
  const double pause_ms = step_ms > 0 ? 2 * step_ms : 200.0;
  return static_cast<double>(delta_ns) / 1e6 > pause_ms;
}

}  // namespace

Accounting::Accounting(const ClockTable& clocks, const AccountingOptions& options, StreamParts& parts)
    : clocks_(clocks),
      playout_(options.playout),
      gmin_(options.gmin),
      stall_ns_(options.stall_ns),
      parts_(parts) {
  if (gmin_ < 1 || gmin_ > 255) throw Error("ERR_ENGINE_OPTIONS", "Gmin must be 1 to 255");
}

void Accounting::note_marks(StreamHot& hot, StreamCold& cold, const RtpPacket& packet) const {
  Incidents& incidents = parts_.incidents_of(cold);
  if (packet.dscp != hot.dscp) {
    incidents.dscp_seen |= uint64_t{1} << (hot.dscp & 63) | uint64_t{1} << (packet.dscp & 63);
    hot.dscp = packet.dscp;
  }
  if (packet.vlan != hot.vlan) {
    incidents.vlan_other = hot.vlan;
    hot.vlan = packet.vlan;
  }
  hot.interfaces.note(packet.interface);
}

Damage& Accounting::damage_of(StreamCold& cold) const {
  Incidents& incidents = parts_.incidents_of(cold);
  if (incidents.damage == nullptr) {
    incidents.damage = parts_.damage.take();
    incidents.damage->burst_gap.gmin = gmin_;
    // The windows before told all that was expected as good.
    incidents.damage->told.decided = cold.reported_expected;
  }
  return *incidents.damage;
}

// The packet that the next sample is held against, where the sample itself is left out.
void Accounting::anchor(StreamHot& hot, StreamCold& cold, int64_t arrival_ns, uint32_t timestamp) const {
  const double ms_per_tick = clocks_.rate(hot.clock).ms_per_tick;
  TransitStep step = transit_step(hot, arrival_ns, timestamp, ms_per_tick);
  if (hot.sample_arrival_ns == 0 || ms_per_tick == 0) step.step_ms = std::numeric_limits<double>::quiet_NaN();
  anchor_transit(hot, cold.past, arrival_ns, step.step_ms, step.elapsed_ms);
  set_reference(hot, arrival_ns, timestamp);
}

void Accounting::begin(StreamHot& hot, StreamCold& cold, const RtpPacket& packet) const {
  const StreamKey key = hot.key;
  const uint8_t kept_flag = hot.flags & kAddressesApart;
  hot = StreamHot{};
  parts_.give(cold);
  cold = StreamCold{};
  playout_.begin(hot);
  hot.key = key;
  hot.flags = kept_flag;
  hot.status = StreamStatus::kProbation;

  const RtpHeader& rtp = packet.header;
  begin_segment(hot, rtp.sequence);
  cold.start_ns = packet.ts_ns;
  cold.window_first_ns = packet.ts_ns;
  cold.first_seq = rtp.sequence;
  cold.window_first_seq = rtp.sequence;
  hot.dscp = packet.dscp;
  hot.vlan = packet.vlan;
  hot.interfaces = SeenInterfaces(packet.interface);
  hot.packets = 1;
  hot.octets = rtp.payload_octets;
  hot.last_arrival_ns = packet.ts_ns;
  hot.last_timestamp = rtp.timestamp;
  hot.last_seq = rtp.sequence;
  if (rtp.marker) cold.window_markers++;

  hot.last_payload_type = kNoType;
  const MediaKind kind = kind_of(hot, rtp);
  note_payload_type(hot, cold, packet, kind);
  if (kind == MediaKind::kComfortNoise) {
    note(cold, Event::kComfortNoise);
    hot.flags |= kAfterNoise;
  } else if (kind == MediaKind::kTelephoneEvent) {
    note(cold, Event::kTelephoneEvent);
  } else {
    anchor(hot, cold, packet.ts_ns, rtp.timestamp);
  }
}

// Comfort noise and events by their payload type; an event also by its shape,
// since its dynamic type is mostly not configured.
MediaKind Accounting::kind_of(const StreamHot& hot, const RtpHeader& header) const {
  const ClockTable::Entry& entry = clocks_.entry(header.payload_type);
  if (entry.kind != MediaKind::kUnknown) return entry.kind;
  if (has_event_shape(header.payload_type, header.payload_octets) && hot.kind != MediaKind::kVideo &&
      ((hot.flags & kHasMedia) == 0 || header.payload_type != hot.payload_type)) {
    return MediaKind::kTelephoneEvent;
  }
  return MediaKind::kUnknown;
}

void Accounting::note_payload_type(StreamHot& hot, StreamCold& cold, const RtpPacket& packet,
                                   MediaKind kind) const {
  const uint8_t type = packet.header.payload_type;
  if (type != hot.last_payload_type) {
    if (hot.last_payload_type != kNoType) {
      uint64_t* const seen = parts_.incidents_of(cold).payload_types;
      for (const uint8_t one : {hot.last_payload_type, type}) seen[one >> 6] |= uint64_t{1} << (one & 63);
    }
    hot.last_payload_type = type;
  }
  if (kind == MediaKind::kComfortNoise || kind == MediaKind::kTelephoneEvent) {
    if ((hot.flags & kHasMedia) == 0) hot.payload_type = type;
    return;
  }
  if ((hot.flags & kHasMedia) != 0 && type == hot.payload_type) return;

  const bool first = (hot.flags & kHasMedia) == 0;
  hot.flags |= kHasMedia;
  hot.payload_type = type;
  if (!first) note(cold, Event::kPayloadTypeChange);
  const ClockTable::Entry& entry = clocks_.entry(type);
  if (!first && entry.clock != ClockTable::kUnknown && entry.clock == hot.clock) return;
  // Another clock: the transit of before cannot be compared (RFC 7160). A type
  // nobody told us about is measured anew.
  change_clock(hot, cold, entry.clock);
  hot.kind = entry.kind;
  hot.flags &= static_cast<uint8_t>(~kHasReference);
  hot.sample_arrival_ns = 0;
  hot.timestamp_step = 0;
  hot.step_score = 0;
}

void Accounting::change_clock(StreamHot& hot, const StreamCold& cold, uint8_t clock) const {
  if (cold.rtcp() != nullptr) {
    cold.rtcp()->reception.change_clock(clocks_.rate(hot.clock).hz, clocks_.rate(clock).hz);
  }
  hot.clock = clock;
}

void Accounting::learn_step(StreamHot& hot, uint32_t step) const {
  if (step == 0 || step > 0x7fffffff) return;
  // No audio packet holds more than 120 ms (RFC 7587 4.2): a longer step is silence.
  constexpr double kLongestPacket_ms = 125;
  if (hot.kind == MediaKind::kAudio && step * clocks_.rate(hot.clock).ms_per_tick > kLongestPacket_ms) return;
  if (step == hot.timestamp_step) {
    if (hot.step_score < 15) hot.step_score++;
  } else if (hot.step_score > 0) {
    hot.step_score--;
  } else {
    hot.timestamp_step = step;
    hot.step_score = 1;
  }
}

void Accounting::infer_clock(StreamHot& hot, StreamCold& cold, const RtpPacket& packet) const {
  const uint32_t ticks = packet.header.timestamp - hot.sample_timestamp;
  const int64_t elapsed_ns = packet.ts_ns - hot.sample_arrival_ns;
  constexpr int64_t kLongest_ns = 10'000'000'000;
  if (ticks > 0x7fffffff || elapsed_ns < 0 || elapsed_ns > kLongest_ns) {
    set_reference(hot, packet.ts_ns, packet.header.timestamp);
    return;
  }
  const uint8_t clock = clocks_.infer(elapsed_ns, ticks, hot.timestamp_step);
  if (clock == ClockTable::kUnknown) return;
  change_clock(hot, cold, clock);
  hot.kind = clocks_.rate(clock).hz == 90000 ? MediaKind::kVideo : MediaKind::kAudio;
  hot.sample_arrival_ns = 0;
  anchor(hot, cold, packet.ts_ns, packet.header.timestamp);
}

// The clock of the sender did not jump: the media was delayed on its way, or is on time
// again. So this packet and those behind it are late, or no more, and are judged as such.
bool Accounting::was_held_up(const StreamHot& hot, const RtpHeader& header, uint32_t ticks,
                             double step_ms) const {
  constexpr double kLongest_ms = 10'000;
  if (std::abs(step_ms) > kLongest_ms || hot.kind == MediaKind::kVideo || header.marker) return false;
  // Negative when a packet was overtaken.
  const auto numbers = static_cast<int16_t>(header.sequence - hot.last_seq);
  return hot.timestamp_step != 0 && ticks == static_cast<uint32_t>(numbers) * hot.timestamp_step;
}

// More than a second off what the timestamps say: no sample of jitter.
void Accounting::take_jump(StreamHot& hot, StreamCold& cold, const RtpPacket& packet, uint32_t ticks,
                           const TransitStep& step) const {
  note(cold, Event::kTimestampJump);
  if (!was_held_up(hot, packet.header, ticks, step.step_ms)) {
    anchor_transit(hot, cold.past, packet.ts_ns, step.step_ms, step.elapsed_ms);
    return;
  }
  need_past(hot, cold, packet.ts_ns);
  const float above_ms = follow_transit(hot, cold.past, packet.ts_ns, step.step_ms, step.elapsed_ms);
  const Playout::Verdict verdict = playout_.judge(hot, above_ms);
  if (!verdict.none()) discard(hot, cold, verdict, packet.header.sequence);
}

void Accounting::discard(StreamHot& hot, StreamCold& cold, Playout::Verdict verdict,
                         uint16_t sequence) const {
  Damage& damage = damage_of(cold);
  for (uint32_t p = 0; p < kPlayoutProfiles; p++) {
    damage.late[p] += verdict.late >> p & 1U;
    damage.early[p] += verdict.early >> p & 1U;
  }
  if (verdict.discarded_by(playout_.used_by_quality())) {
    mark_discarded(hot, damage, static_cast<uint16_t>(hot.max_seq - sequence));
  }
}

// A long pause: the sender's silence when the numbers go on without a hole and the
// timestamp has moved on with the time; otherwise media was missing or held up.
void Accounting::note_pause(const StreamHot& hot, StreamCold& cold, const RtpPacket& packet, int64_t delta_ns,
                            double ms_per_tick) const {
  if ((hot.flags & kAfterNoise) != 0) return;
  if (packet.header.sequence == static_cast<uint16_t>(hot.max_seq + 1)) {
    if (ms_per_tick == 0) return;  // no way to tell
    const double media_ms =
        static_cast<double>(static_cast<int32_t>(packet.header.timestamp - hot.last_timestamp)) * ms_per_tick;
    if (media_ms > static_cast<double>(delta_ns) / 2e6) return;
    if (packet.header.marker && hot.kind != MediaKind::kVideo) return;  // a new talk spurt
  }
  note(cold, Event::kStall);
}

// What an undisturbed packet goes through is one function to the machine.
[[gnu::always_inline]] inline void Accounting::take_delay(StreamHot& hot, StreamCold& cold,
                                                          const RtpPacket& packet,
                                                          const TransitStep& step) const {
  need_past(hot, cold, packet.ts_ns);
  const float above_ms = sample_delay(hot, cold, packet.ts_ns, step.step_ms, step.elapsed_ms);
  if (hot.kind == MediaKind::kVideo) [[unlikely]]
    return;  // plays by frames, not by packets
  const Playout::Verdict verdict = playout_.play(hot, above_ms, step.elapsed_ms);
  if (verdict.none()) [[likely]]
    return;
  discard(hot, cold, verdict, packet.header.sequence);
  if (!verdict.discarded_by(playout_.used_by_quality())) return;
  Unplayed& unplayed = cold.damage()->unplayed;
  unplayed.samples++;
  unplayed.wait_ms += static_cast<double>(verdict.wait_ms);
}

[[gnu::always_inline]] inline void Accounting::take_sample(StreamHot& hot, StreamCold& cold,
                                                           const RtpPacket& packet, int64_t delta_ns,
                                                           bool behind) const {
  const uint32_t timestamp = packet.header.timestamp;
  if ((hot.flags & kHasReference) == 0) [[unlikely]] {
    anchor(hot, cold, packet.ts_ns, timestamp);
    return;
  }
  // One frame, one sample: the first packet of a timestamp. For video a packet
  // of an older frame that was overtaken is none either.
  if (timestamp == hot.sample_timestamp) return;
  const double ms_per_tick = clocks_.rate(hot.clock).ms_per_tick;
  if (!behind && resumes_after_silence(hot, packet.header.marker, delta_ns, ms_per_tick)) {
    note(cold, Event::kDtxResumption);
    anchor(hot, cold, packet.ts_ns, timestamp);
    return;
  }
  if (hot.clock == ClockTable::kUnknown) [[unlikely]] {
    if (timestamp != hot.last_timestamp) infer_clock(hot, cold, packet);
    return;
  }
  if (hot.kind == MediaKind::kVideo && static_cast<int32_t>(timestamp - hot.sample_timestamp) < 0) return;
  const uint32_t ticks = timestamp - hot.sample_timestamp;
  const TransitStep step = transit_step(hot, packet.ts_ns, timestamp, ms_per_tick);
  if (sample_jitter(hot, step, packet.ts_ns, timestamp)) [[likely]] {
    hot.flags |= kHasJitter;
    take_delay(hot, cold, packet, step);
  } else {
    take_jump(hot, cold, packet, ticks, step);
  }
}

Placement Accounting::update(StreamHot& hot, StreamCold& cold, const RtpPacket& packet) const {
  const RtpHeader& rtp = packet.header;
  const int64_t delta_ns = packet.ts_ns - hot.last_arrival_ns;
  if (hot.packets == 0) [[unlikely]] {
    cold.window_first_ns = packet.ts_ns;
    cold.window_first_seq = rtp.sequence;
  }
  hot.packets++;
  hot.octets += rtp.payload_octets;
  if (delta_ns > hot.delta_max_ns) hot.delta_max_ns = delta_ns;
  if (packet.dscp != hot.dscp || packet.vlan != hot.vlan || packet.interface != hot.interfaces.last())
      [[unlikely]]
    note_marks(hot, cold, packet);
  if (rtp.marker) [[unlikely]]
    cold.window_markers++;

  MediaKind kind = hot.kind;
  if (rtp.payload_type != hot.last_payload_type || rtp.payload_type != hot.payload_type ||
      (hot.flags & kHasMedia) == 0) [[unlikely]] {
    kind = kind_of(hot, rtp);
    note_payload_type(hot, cold, packet, kind);
  }
  const double ms_per_tick = clocks_.rate(hot.clock).ms_per_tick;
  if (delta_ns > stall_ns_) [[unlikely]]
    note_pause(hot, cold, packet, delta_ns, ms_per_tick);
  if (rtp.sequence != static_cast<uint16_t>(hot.max_seq + 1)) [[unlikely]]
    damage_of(cold);
  const Placement placement =
      place_sequence(hot, cold, rtp.sequence, rtp.timestamp, packet.ts_ns, ms_per_tick);

  // What lies behind is no measure for the next packet, and begins no talk spurt.
  const bool behind = placement == Placement::kReordered || placement == Placement::kDuplicate ||
                      placement == Placement::kLate;

  if (kind == MediaKind::kComfortNoise) [[unlikely]] {
    note(cold, Event::kComfortNoise);
    hot.flags |= kAfterNoise;
  } else if (kind == MediaKind::kTelephoneEvent) [[unlikely]] {
    note(cold, Event::kTelephoneEvent);
  } else {
    if (placement == Placement::kRestart) [[unlikely]] {
      // The new segment began with the packet before this one.
      hot.sample_arrival_ns = 0;
      anchor(hot, cold, hot.last_arrival_ns, hot.last_timestamp);
    }
    if ((hot.flags & kAfterNoise) != 0) [[unlikely]] {
      hot.flags &= static_cast<uint8_t>(~(kHasReference | kAfterNoise));
    }
    if (placement == Placement::kNext) {
      const uint32_t step = rtp.timestamp - hot.last_timestamp;
      if (step != hot.timestamp_step || hot.step_score < 15) learn_step(hot, step);
    }
    if (placement != Placement::kDuplicate && placement != Placement::kStray) [[likely]] {
      take_sample(hot, cold, packet, delta_ns, behind);
    }
  }
  hot.last_arrival_ns = packet.ts_ns;
  hot.last_seq = rtp.sequence;
  if (!behind) [[likely]]
    hot.last_timestamp = rtp.timestamp;
  return placement;
}

bool Accounting::confirms(const StreamHot& hot, const StreamCold& cold, Placement placement,
                          uint32_t timestamp_distance, uint16_t seq) const {
  constexpr uint32_t kPlausibleTicks = 10 * 90000;
  if (placement == Placement::kDuplicate || placement == Placement::kStray) return false;
  if (placement == Placement::kRestart) return true;  // two in sequence by definition
  if (std::min(timestamp_distance, 0U - timestamp_distance) > kPlausibleTicks) return false;
  if (placement == Placement::kNext) return true;
  if (placement == Placement::kReordered) {
    const uint32_t n = static_cast<uint16_t>(hot.max_seq - seq);
    const uint32_t above_base = hot.max_seq - hot.base_seq;
    if (n > 0 && hot.seen.test(n - 1)) return true;
    if (n + 1 < SeenWindow::kSize && n + 1 <= above_base && hot.seen.test(n + 1)) return true;
  }
  return hot.packets >= 5 && cold.happened().events.total(Event::kDuplicate) == 0 &&
         cold.happened().events.total(Event::kSequenceError) == 0;
}

}  // namespace rtpsonde

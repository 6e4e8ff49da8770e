#include "core/window/stream_record.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "core/base/fnv.h"
#include "core/stream/extra.h"
#include "core/stream/sequence.h"

namespace rtpsonde {

namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
constexpr float kUnknownF = std::numeric_limits<float>::quiet_NaN();

double to_ms(int64_t ns) { return static_cast<double>(ns) / 1e6; }

// What windows and whole streams have in common.
StreamRecord common(const StreamHot& hot, const StreamCold& cold, const StreamEndpoints& ends,
                    const RecordContext& context) {
  const ClockTable& clocks = context.clocks;
  StreamRecord r{};
  r.stream_start_ns = cold.start_ns;
  r.last_ns = hot.last_arrival_ns;
  std::memcpy(r.src, ends.addresses.src.data(), sizeof r.src);
  std::memcpy(r.dst, ends.addresses.dst.data(), sizeof r.dst);
  r.ssrc = static_cast<uint32_t>(hot.key.b);
  r.src_port = static_cast<uint16_t>(hot.key.b >> 48);
  r.dst_port = static_cast<uint16_t>(hot.key.b >> 32);
  r.clock_rate = clocks.rate(hot.clock).hz;
  r.timestamp_step = hot.timestamp_step;
  r.last_timestamp = hot.last_timestamp;
  r.last_sequence = hot.last_seq;
  r.jitter_last_ms = (hot.flags & kHasJitter) != 0 ? hot.jitter_ms : kUnknown;
  const Incidents& incidents = cold.happened();
  const uint64_t last_type = uint64_t{1} << (hot.last_payload_type & 63);
  r.payload_types_low = incidents.payload_types[0] | (hot.last_payload_type < 64 ? last_type : 0);
  r.payload_types_high = incidents.payload_types[1] | (hot.last_payload_type < 64 ? 0 : last_type);
  r.dscp_seen = incidents.dscp_seen | uint64_t{1} << (hot.dscp & 63);
  r.vlan = hot.vlan;
  r.vlan_other = incidents.vlan_other;
  r.interface = hot.interfaces.last();
  r.interface_other = hot.interfaces.other();
  r.payload_type = hot.payload_type;
  r.dscp = hot.dscp;
  r.clock_source = static_cast<uint8_t>(clocks.source_of(hot.payload_type, hot.clock));
  r.ip_version = ends.addresses.ip_version;
  r.media_kind = static_cast<uint8_t>(hot.kind);
  r.stream_id = stream_id(ends, r.src_port, r.dst_port, r.ssrc, cold.start_ns);
  r.pair_id = pair_id(ends, r.src_port, r.dst_port);
  const bool has_jitter = (hot.flags & kHasJitter) != 0;
  r.mapdv2_ms = has_jitter ? hot.mapdv_side_ms[1] + hot.mapdv_side_ms[0] : kUnknownF;
  r.skew_ppm = cold.past != nullptr ? static_cast<float>(cold.past->hull.ppm()) : kUnknownF;
  const Extra* const extra = incidents.extra;
  const bool has_offsets = extra != nullptr && extra->offset.samples() > 0;
  r.jitter_transmission_ms = has_offsets ? static_cast<float>(extra->offset.jitter_ms) : kUnknownF;
  r.signal_level_dbm0 = r.noise_level_dbm0 = r.silence_share = r.clipping_share = kUnknownF;
  r.span_copy_delay_mean_ms = r.span_copy_delay_max_ms = kUnknownF;
  r.red_primary_payload_type = cold.extra() != nullptr ? cold.extra()->red.primary_type : RedRow::kNoType;
  r.report_row = UINT32_MAX;
  r.tunnel_id = ends.tunnel.id;
  r.tunnel_kind = static_cast<uint8_t>(ends.tunnel.kind);
  r.tunnel_depth = ends.tunnel.depth;
  r.inner_vlan = ends.tunnel.inner_vlan;
  for (size_t i = 0; i < std::size(r.outer_tunnel_ids); i++) {
    r.outer_tunnel_ids[i] = ends.outer.ids[i];
    r.outer_tunnel_kinds[i] = static_cast<uint8_t>(ends.outer.kinds[i]);
  }
  return r;
}

template <typename Count>
void fill_events(StreamRecord& r, Count count) {
  r.duplicates = count(Event::kDuplicate);
  r.reordered = count(Event::kReordered);
  r.late = count(Event::kLate);
  r.loss_runs = count(Event::kLossRun);
  r.loss_run_packets = count(Event::kLossRunPacket);
  r.sequence_errors = count(Event::kSequenceError);
  r.restarts = count(Event::kRestart);
  r.timestamp_jumps = count(Event::kTimestampJump);
  r.dtx_resumptions = count(Event::kDtxResumption);
  r.comfort_noise_packets = count(Event::kComfortNoise);
  r.telephone_event_packets = count(Event::kTelephoneEvent);
  r.payload_type_changes = count(Event::kPayloadTypeChange);
  r.rtcp_packets = count(Event::kRtcp);
  r.stalls = count(Event::kStall);
  r.span_copies = count(Event::kSpanCopy);
}

DelaySums window_delays(const StreamHot& hot) {
  return {static_cast<double>(hot.pdv_sum_ms), static_cast<double>(hot.ipdv_sum_ms),
          static_cast<double>(hot.adaptive_sum_ms), hot.pdv_max_ms, hot.ipdv_max_ms};
}

// So many packets of the whole stream, modulo 2^32.
uint32_t pdv_total(const StreamCold& cold, uint32_t bin) {
  const uint32_t carried = uint32_t{cold.happened().pdv_carries[bin]} << PdvTotals::kBits;
  return carried + cold.sealed().pdv_histogram.bin(bin) + cold.pdv_histogram[bin];
}

Unplayed unplayed(const Damage* damage, bool in_window) {
  if (damage == nullptr) return {};
  const Unplayed& sums = damage->unplayed;
  if (!in_window) return sums;
  return {sums.wait_ms - damage->unplayed_told.wait_ms, sums.samples - damage->unplayed_told.samples};
}

void fill_delays(StreamRecord& r, const DelaySums& sums, uint64_t samples, const Unplayed& unplayed,
                 const RecordContext& context) {
  const double n = static_cast<double>(samples);
  const bool played = samples > 0 && r.media_kind != static_cast<uint8_t>(MediaKind::kVideo);
  r.playout_packets = played ? static_cast<uint32_t>(samples) : 0;
  r.pdv_mean_ms = samples > 0 ? static_cast<float>(sums.pdv_ms / n) : kUnknownF;
  r.pdv_max_ms = samples > 0 ? sums.pdv_max_ms : kUnknownF;
  r.ipdv_mean_ms = samples > 0 ? static_cast<float>(sums.ipdv_ms / n) : kUnknownF;
  r.ipdv_max_ms = samples > 0 ? sums.ipdv_max_ms : kUnknownF;
  const bool adaptive = played && context.playout.has_adaptive();
  r.adaptive_delay_mean_ms = adaptive ? static_cast<float>(sums.adaptive_ms / n) : kUnknownF;
  const double waits_ms = n * context.playout.delay_ms(sums.adaptive_ms / n) - sums.pdv_ms - unplayed.wait_ms;
  const double waited = n - unplayed.samples;
  r.buffer_mean_ms = played && waited > 0 ? static_cast<float>(std::max(waits_ms / waited, 0.0)) : kUnknownF;
}

// Before the first bad packet windows tell all as decided that was expected, which is up
// to 128 more than has left the window: then nothing is new for a while.
uint32_t newly_decided(const BurstGapSums& now, const BurstGapSums& before) {
  const uint32_t decided = now.decided - before.decided;
  return static_cast<int32_t>(decided) > 0 ? decided : 0;
}

BurstGapSums minus(const BurstGapSums& now, const BurstGapSums& before) {
  return {now.burst_squares - before.burst_squares,
          now.bad - before.bad,
          now.bad_runs - before.bad_runs,
          now.bursts - before.bursts,
          now.burst_packets - before.burst_packets,
          now.burst_bad - before.burst_bad,
          newly_decided(now, before)};
}

void fill_burst_gap(StreamRecord& r, const BurstGapSums& sums, uint32_t gaps, const BurstGapA2* a2) {
  r.decided = sums.decided;
  r.bad = sums.bad;
  r.bad_runs = sums.bad_runs;
  r.bursts = sums.bursts;
  r.burst_packets = sums.burst_packets;
  r.burst_bad = sums.burst_bad;
  r.burst_squares = static_cast<double>(sums.burst_squares);
  const BurstGapMetrics metrics = a2 != nullptr ? burst_gap_metrics(*a2) : burst_gap_metrics(sums, gaps);
  r.burst_density = static_cast<float>(metrics.burst_density);
  r.gap_density = static_cast<float>(metrics.gap_density);
  r.burst_mean_packets = static_cast<float>(metrics.burst_packets);
  r.gap_mean_packets = static_cast<float>(metrics.gap_packets);
}

void fill_speech(StreamRecord& r, const SpeechSums& sums) {
  const SpeechLevel level = speech_level(sums);
  r.signal_level_dbm0 = static_cast<float>(level.signal_dbm0);
  r.noise_level_dbm0 = static_cast<float>(level.noise_dbm0);
  r.silence_share = static_cast<float>(level.silence_share);
  r.clipping_share = static_cast<float>(level.clipping_share);
}

// A stream without a bad packet is one gap.
void fill_undamaged(StreamRecord& r) {
  BurstGapSums sums{};
  sums.decided = static_cast<uint32_t>(static_cast<uint64_t>(r.expected));  // modulo 2^32, as with damage
  fill_burst_gap(r, sums, 1, nullptr);
}

void fill_jitter(StreamRecord& r, double sum_ms, double max_ms, uint64_t samples) {
  r.jitter_samples = static_cast<double>(samples);
  r.jitter_mean_ms = samples > 0 ? sum_ms / static_cast<double>(samples) : kUnknown;
  r.jitter_max_ms = samples > 0 ? max_ms : kUnknown;
}

// The time since the last packet of the window before counts in the maximum.
void fill_delta(StreamRecord& r, int64_t max_ns, bool follows) {
  const bool several = r.packets > 1;
  r.delta_mean_ms = several ? to_ms(r.last_ns - r.first_ns) / (r.packets - 1) : kUnknown;
  r.delta_max_ms = several || follows ? to_ms(max_ns) : kUnknown;
}

}  // namespace

uint64_t pair_id(const StreamEndpoints& ends, uint16_t src_port, uint16_t dst_port) {
  const auto end = [](const Address& address, uint16_t port) {
    uint64_t h = fnv1a(address.data(), address.size(), kFnvBasis ^ port);
    h ^= h >> 33;
    return h * 0xff51afd7ed558ccd;
  };
  const uint64_t a = end(ends.addresses.src, src_port), b = end(ends.addresses.dst, dst_port);
  return ((a ^ b) * 0xc4ceb9fe1a85ec53 + (a + b)) ^ ends.tunnel.identity;
}

uint64_t stream_id(const StreamEndpoints& ends, uint16_t src_port, uint16_t dst_port, uint32_t ssrc,
                   int64_t start_ns) {
  uint64_t h = kFnvBasis;  // FNV-1a, then a final mix
  const auto feed = [&h](const void* data, size_t size) { h = fnv1a(data, size, h); };
  feed(ends.addresses.src.data(), ends.addresses.src.size());
  feed(ends.addresses.dst.data(), ends.addresses.dst.size());
  if (ends.tunnel.identity != 0) feed(&ends.tunnel.identity, sizeof ends.tunnel.identity);
  feed(&src_port, sizeof src_port);
  feed(&dst_port, sizeof dst_port);
  feed(&ssrc, sizeof ssrc);
  feed(&start_ns, sizeof start_ns);
  h ^= h >> 33;
  h *= 0xff51afd7ed558ccd;
  return h ^ h >> 33;
}

void settle(StreamHot& hot, StreamCold& cold) {
  if (cold.extra() != nullptr && cold.extra()->has(kHasRed)) red_settle(cold.extra()->red, hot.seen);
  settle_sequence(hot, cold);
  if (cold.damage() != nullptr) cold.damage()->burst_gap.finish(static_cast<uint32_t>(cold.expected(hot)));
}

StreamRecord window_record(const StreamHot& hot, StreamCold& cold, const StreamEndpoints& ends,
                           const RecordContext& context) {
  StreamRecord r = common(hot, cold, ends, context);
  r.kind = 1;
  // A window without packets tells what was decided after the last one.
  r.first_ns = hot.packets > 0 ? cold.window_first_ns : hot.last_arrival_ns;
  r.first_sequence = hot.packets > 0 ? cold.window_first_seq : hot.last_seq;
  r.packets = hot.packets;
  r.octets = static_cast<double>(hot.octets);
  r.expected = static_cast<uint32_t>(cold.expected(hot)) - cold.reported_expected;
  Damage* const damage = cold.damage();
  const uint32_t lost_told = damage != nullptr ? damage->lost_told : 0;
  const int32_t newly_lost = static_cast<int32_t>(static_cast<uint32_t>(cold.lost(hot)) - lost_told);
  r.lost = newly_lost > 0 ? newly_lost : 0;
  r.recovered = newly_lost < 0 ? -static_cast<double>(newly_lost) : 0;
  const Incidents& incidents = cold.happened();
  r.loss_run_longest = incidents.window_run_longest;
  r.reorder_extent_max = incidents.window_extent_max;
  fill_events(r, [&](Event e) { return incidents.events.in_window(e); });
  r.markers = cold.window_markers;
  fill_jitter(r, hot.jitter_sum_ms, hot.jitter_max_ms, hot.jitter_samples);
  fill_delta(r, hot.delta_max_ns, hot.packets > 0 && cold.sealed_packets > 0);
  fill_delays(r, window_delays(hot), hot.jitter_samples, unplayed(damage, true), context);
  std::copy(std::begin(cold.pdv_histogram), std::end(cold.pdv_histogram), r.pdv_histogram);
  if (damage != nullptr) {
    damage->burst_gap.settle(cold.decided(hot));
    const BurstGapSums sums = minus(damage->burst_gap.sums, damage->told);
    fill_burst_gap(r, sums, sums.bursts + 1, context.burst_gap_a2 ? &damage->burst_gap.a2 : nullptr);
    for (uint32_t p = 0; p < kPlayoutProfiles; p++) {
      r.late_discards[p] = damage->late[p] - damage->late_told[p];
      r.early_discards[p] = damage->early[p] - damage->early_told[p];
    }
  } else {
    fill_undamaged(r);
  }
  if (const Extra* const extra = cold.extra()) {
    r.red_packets = extra->red.packets - extra->red_packets_told;
    r.red_repaired = extra->red.window_repaired();
    r.red_primary_octets = static_cast<double>(extra->red.window_primary_octets());
    r.span_copy_delay_mean_ms = static_cast<float>(extra->copies.window_delay_mean_ms());
    r.span_copy_delay_max_ms = extra->copies.window > 0 ? extra->copies.window_delay_max_ms : kUnknownF;
    fill_speech(r, extra->speech.window);
  }
  return r;
}

void begin_next_window(StreamHot& hot, StreamCold& cold, StreamParts& parts) {
  cold.reported_expected = static_cast<uint32_t>(cold.expected(hot));
  if (Damage* const damage = cold.damage()) damage->lost_told = static_cast<uint32_t>(cold.lost(hot));
  if (cold.past == nullptr) cold.past = parts.past.take();
  StreamPast& past = *cold.past;
  past.octets += hot.octets;
  past.jitter_sum_ms += hot.jitter_sum_ms;
  past.jitter_samples += hot.jitter_samples;
  past.jitter_max_ms = std::max(past.jitter_max_ms, hot.jitter_max_ms);
  past.delta_max_ns = std::max(past.delta_max_ns, hot.delta_max_ns);
  past.sealed.add(window_delays(hot));
  const uint32_t bins_over = past.pdv_histogram.add(cold.pdv_histogram);
  if (bins_over != 0) parts.incidents_of(cold).carry(bins_over);
  cold.sealed_packets += hot.packets;
  cold.sealed_markers += cold.window_markers;
  if (cold.incidents != nullptr) cold.incidents->begin_window();
  if (cold.extra() != nullptr) cold.extra()->begin_window();
  if (Damage* const damage = cold.damage()) {
    const uint32_t decided = damage->told.decided + newly_decided(damage->burst_gap.sums, damage->told);
    damage->told = damage->burst_gap.sums;
    damage->told.decided = decided;
    std::copy(std::begin(damage->late), std::end(damage->late), damage->late_told);
    std::copy(std::begin(damage->early), std::end(damage->early), damage->early_told);
    damage->unplayed_told = damage->unplayed;
  }
  hot.packets = 0;
  hot.octets = 0;
  hot.jitter_sum_ms = 0;
  hot.jitter_max_ms = 0;
  hot.jitter_samples = 0;
  hot.delta_max_ns = 0;
  hot.pdv_sum_ms = hot.pdv_max_ms = hot.ipdv_sum_ms = hot.ipdv_max_ms = hot.adaptive_sum_ms = 0;
  std::fill(std::begin(cold.pdv_histogram), std::end(cold.pdv_histogram), uint16_t{0});
  cold.window_markers = 0;
  rebase_sequence(hot, cold);
}

StreamRecord final_record(StreamHot& hot, StreamCold& cold, const StreamEndpoints& ends,
                          const RecordContext& context, EndReason reason) {
  settle(hot, cold);
  const StreamPast& past = cold.sealed();
  const Incidents& incidents = cold.happened();
  DelaySums delays = window_delays(hot);
  delays.add(past.sealed);
  const uint32_t samples = past.jitter_samples + hot.jitter_samples;
  StreamRecord r = common(hot, cold, ends, context);
  r.kind = 2;
  r.end_reason = static_cast<uint8_t>(reason);
  r.first_ns = cold.start_ns;
  r.first_sequence = cold.first_seq;
  r.packets = static_cast<double>(cold.sealed_packets + hot.packets);
  r.octets = static_cast<double>(past.octets + hot.octets);
  r.expected = static_cast<double>(cold.expected(hot));
  r.lost = static_cast<double>(cold.lost(hot));
  r.loss_run_longest = incidents.run_longest;
  r.reorder_extent_max = incidents.extent_max;
  fill_events(r, [&](Event e) { return incidents.events.total(e); });
  r.markers = cold.sealed_markers + cold.window_markers;
  fill_jitter(r, past.jitter_sum_ms + hot.jitter_sum_ms, std::max(past.jitter_max_ms, hot.jitter_max_ms),
              samples);
  fill_delta(r, std::max(past.delta_max_ns, hot.delta_max_ns), false);
  fill_delays(r, delays, samples, unplayed(cold.damage(), false), context);
  for (uint32_t i = 0; i < kPdvBins; i++) r.pdv_histogram[i] = pdv_total(cold, i);
  if (Damage* const damage = cold.damage()) {
    const BurstGap& state = damage->burst_gap;
    fill_burst_gap(r, state.sums, gap_periods(state), context.burst_gap_a2 ? &state.a2 : nullptr);
    std::copy(std::begin(damage->late), std::end(damage->late), r.late_discards);
    std::copy(std::begin(damage->early), std::end(damage->early), r.early_discards);
  } else {
    fill_undamaged(r);
  }
  if (Extra* const extra = cold.extra()) {
    extra->begin_window();  // closes the one that is open
    r.red_packets = extra->red.packets;
    r.red_repaired = extra->red.repaired;
    r.red_primary_octets = static_cast<double>(extra->red.primary_octets);
    r.span_copy_delay_mean_ms = static_cast<float>(extra->copies.delay_mean_ms());
    r.span_copy_delay_max_ms = extra->copies.total > 0 ? extra->copies.delay_max_ms : kUnknownF;
    fill_speech(r, extra->speech.total);
  }
  return r;
}

}  // namespace rtpsonde

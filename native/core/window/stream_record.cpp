#include "core/window/stream_record.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "core/stream/sequence.h"

namespace rtpsonde {

namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

double to_ms(int64_t ns) { return static_cast<double>(ns) / 1e6; }

// What windows and whole streams have in common.
StreamRecord common(const StreamHot& hot, const StreamCold& cold, const AddressPair& addresses,
                    const ClockTable& clocks) {
  StreamRecord r{};
  r.stream_start_ns = cold.start_ns;
  r.last_ns = hot.last_arrival_ns;
  std::memcpy(r.src, addresses.src.data(), sizeof r.src);
  std::memcpy(r.dst, addresses.dst.data(), sizeof r.dst);
  r.ssrc = static_cast<uint32_t>(hot.key.b);
  r.src_port = static_cast<uint16_t>(hot.key.b >> 48);
  r.dst_port = static_cast<uint16_t>(hot.key.b >> 32);
  r.clock_rate = clocks.rate(hot.clock).hz;
  r.timestamp_step = hot.timestamp_step;
  r.last_timestamp = hot.last_timestamp;
  r.last_sequence = hot.last_seq;
  r.jitter_last_ms = (hot.flags & kHasJitter) != 0 ? hot.jitter_ms : kUnknown;
  r.payload_types_low = cold.payload_types[0];
  r.payload_types_high = cold.payload_types[1];
  r.dscp_seen = cold.dscp_seen;
  r.vlan = hot.vlan;
  r.vlan_other = cold.vlan_other;
  r.payload_type = hot.payload_type;
  r.dscp = hot.dscp;
  r.clock_source = static_cast<uint8_t>(clocks.source_of(hot.payload_type, hot.clock));
  r.ip_version = addresses.ip_version;
  r.media_kind = static_cast<uint8_t>(hot.kind);
  r.stream_id = stream_id(addresses, r.src_port, r.dst_port, r.ssrc, cold.start_ns);
  return r;
}

template <typename Count>
void fill_events(StreamRecord& r, Count count) {
  r.duplicates = count(Event::kDuplicate);
  r.reordered = count(Event::kReordered);
  r.late = count(Event::kLate);
  r.loss_runs = count(Event::kLossRun);
  r.loss_run_packets = count(Event::kLossRunPacket);
  r.markers = count(Event::kMarker);
  r.sequence_errors = count(Event::kSequenceError);
  r.restarts = count(Event::kRestart);
  r.timestamp_jumps = count(Event::kTimestampJump);
  r.dtx_resumptions = count(Event::kDtxResumption);
  r.comfort_noise_packets = count(Event::kComfortNoise);
  r.telephone_event_packets = count(Event::kTelephoneEvent);
  r.payload_type_changes = count(Event::kPayloadTypeChange);
  r.rtcp_packets = count(Event::kRtcp);
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

uint64_t stream_id(const AddressPair& addresses, uint16_t src_port, uint16_t dst_port, uint32_t ssrc,
                   int64_t start_ns) {
  uint64_t h = 0xcbf29ce484222325;  // FNV-1a, then a final mix
  const auto feed = [&h](const void* data, size_t size) {
    for (size_t i = 0; i < size; i++) h = (h ^ static_cast<const uint8_t*>(data)[i]) * 0x100000001b3;
  };
  feed(addresses.src.data(), addresses.src.size());
  feed(addresses.dst.data(), addresses.dst.size());
  feed(&src_port, sizeof src_port);
  feed(&dst_port, sizeof dst_port);
  feed(&ssrc, sizeof ssrc);
  feed(&start_ns, sizeof start_ns);
  h ^= h >> 33;
  h *= 0xff51afd7ed558ccd;
  return h ^ h >> 33;
}

StreamRecord window_record(const StreamHot& hot, const StreamCold& cold, const AddressPair& addresses,
                           const ClockTable& clocks) {
  StreamRecord r = common(hot, cold, addresses, clocks);
  r.kind = 1;
  // A window without packets tells what was decided after the last one.
  r.first_ns = hot.packets > 0 ? cold.window_first_ns : hot.last_arrival_ns;
  r.first_sequence = hot.packets > 0 ? cold.window_first_seq : hot.last_seq;
  r.packets = hot.packets;
  r.octets = static_cast<double>(hot.octets);
  r.expected = static_cast<uint32_t>(cold.expected(hot)) - cold.reported_expected;
  const int32_t newly_lost = static_cast<int32_t>(static_cast<uint32_t>(cold.lost(hot)) - cold.reported_lost);
  r.lost = newly_lost > 0 ? newly_lost : 0;
  r.recovered = newly_lost < 0 ? -static_cast<double>(newly_lost) : 0;
  r.loss_run_longest = cold.window_run_longest;
  r.reorder_extent_max = cold.window_extent_max;
  fill_events(r, [&](Event e) { return cold.events.in_window(e); });
  fill_jitter(r, hot.jitter_sum_ms, hot.jitter_max_ms, hot.jitter_samples);
  fill_delta(r, hot.delta_max_ns, hot.packets > 0 && cold.packets > 0);
  return r;
}

void begin_next_window(StreamHot& hot, StreamCold& cold) {
  cold.packets += hot.packets;
  cold.octets += hot.octets;
  cold.jitter_sum_ms += hot.jitter_sum_ms;
  cold.jitter_samples += hot.jitter_samples;
  cold.jitter_max_ms = std::max(cold.jitter_max_ms, hot.jitter_max_ms);
  cold.delta_max_ns = std::max(cold.delta_max_ns, hot.delta_max_ns);
  hot.packets = 0;
  hot.octets = 0;
  hot.jitter_sum_ms = 0;
  hot.jitter_max_ms = 0;
  hot.jitter_samples = 0;
  hot.delta_max_ns = 0;
  cold.reported_expected = static_cast<uint32_t>(cold.expected(hot));
  cold.reported_lost = static_cast<uint32_t>(cold.lost(hot));
  cold.window_run_longest = 0;
  cold.window_extent_max = 0;
  cold.events.begin_window();
  rebase_sequence(hot, cold);
}

StreamRecord final_record(StreamHot& hot, StreamCold& cold, const AddressPair& addresses,
                          const ClockTable& clocks, EndReason reason) {
  settle_sequence(hot, cold);
  begin_next_window(hot, cold);
  StreamRecord r = common(hot, cold, addresses, clocks);
  r.kind = 2;
  r.end_reason = static_cast<uint8_t>(reason);
  r.first_ns = cold.start_ns;
  r.first_sequence = cold.first_seq;
  r.packets = static_cast<double>(cold.packets);
  r.octets = static_cast<double>(cold.octets);
  r.expected = static_cast<double>(cold.expected(hot));
  r.lost = static_cast<double>(cold.lost(hot));
  r.loss_run_longest = cold.run_longest;
  r.reorder_extent_max = cold.extent_max;
  fill_events(r, [&](Event e) { return cold.events.total(e); });
  fill_jitter(r, cold.jitter_sum_ms, cold.jitter_max_ms, cold.jitter_samples);
  fill_delta(r, cold.delta_max_ns, false);
  return r;
}

}  // namespace rtpsonde

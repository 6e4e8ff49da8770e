#include "core/stream/payload_meter.h"

#include "core/rtp/header_extension.h"
#include "core/rtp/rtp_payload.h"

namespace rtpsonde {

PayloadMeter::PayloadMeter(const PayloadOptions& options, const ClockTable& clocks, StreamParts& parts)
    : offset_id_(options.transmission_offset_id), clocks_(clocks), parts_(parts) {
  for (const PayloadOptions::Type& type : options.types) uses_[type.payload_type & 0x7f] = type.use;
}

void PayloadMeter::follow_red(const Before& before, StreamHot& hot, StreamCold& cold, const RtpPacket& rtp,
                              Bytes packet, Placement placement) const {
  const bool is_red = uses_[rtp.header.payload_type] == PayloadUse::kRed;
  const bool followed = cold.extra() != nullptr && cold.extra()->has(kHasRed);
  if (!is_red && !followed) return;
  Extra& extra = parts_.extra_of(hot, cold);
  if (followed) {
    red_follow(extra.red, before.seen, hot.max_seq, placement);
  } else {
    red_begin(extra.red, hot.max_seq);
    extra.parts |= kHasRed;
  }
  if (!is_red || placement == Placement::kStray) return;
  RedPayload red;
  if (parse_red(rtp_payload(packet, rtp.header), rtp.header.payload_octets, red) == RedParse::kOk) {
    red_cover(extra.red, hot.timestamp_step, rtp.header, red);
    note_primary(extra.red, cold, red);
  }
}

// What the packet itself carries. Noise and events are counted as they are outside of
// RED, and are not the codec; nor is RED inside RED.
void PayloadMeter::note_primary(RedRow& row, StreamCold& cold, const RedPayload& red) const {
  const uint8_t type = red.primary_payload_type;
  if (type == row.primary_type) return;
  EventCounts& events = parts_.incidents_of(cold).events;
  const MediaKind kind = clocks_.entry(type).kind;
  if (kind == MediaKind::kComfortNoise) {
    events.add(Event::kComfortNoise);
  } else if (kind == MediaKind::kTelephoneEvent ||
             (kind == MediaKind::kUnknown && has_event_shape(type, red.primary_octets))) {
    events.add(Event::kTelephoneEvent);
  } else if (uses_[type] != PayloadUse::kRed) {
    if (row.primary_type != RedRow::kNoType) events.add(Event::kPayloadTypeChange);
    row.primary_type = type;
  }
}

void PayloadMeter::after(const Before& before, StreamHot& hot, StreamCold& cold, const RtpPacket& rtp,
                         Bytes packet, Placement placement, double ms_per_tick) const {
  follow_red(before, hot, cold, rtp, packet, placement);
  if (offset_id_ != 0) {
    const std::optional<int32_t> offset = transmission_offset(find_extension(packet, offset_id_));
    const bool followed = cold.extra() != nullptr && cold.extra()->has(kHasOffsets);
    if (followed || offset) {
      Extra& extra = parts_.extra_of(hot, cold);
      extra.parts |= kHasOffsets;
      follow_offset(extra.offset, hot, before.jitter_samples, placement, rtp.ts_ns, rtp.header.timestamp,
                    offset.value_or(0), ms_per_tick);
    }
  }
  const PayloadUse use = uses_[rtp.header.payload_type];
  if (use != PayloadUse::kMuLaw && use != PayloadUse::kALaw) return;
  if (placement == Placement::kDuplicate || placement == Placement::kStray) return;
  const Bytes payload = rtp_payload(packet, rtp.header);
  // Cut by the snap length: no row is taken for what cannot be measured.
  if (payload.size < rtp.header.payload_octets || payload.size == 0) return;
  Extra& extra = parts_.extra_of(hot, cold);
  extra.parts |= kHasSpeech;
  measure_speech(extra.speech, payload, rtp.header.payload_octets,
                 use == PayloadUse::kMuLaw ? G711Law::kMuLaw : G711Law::kALaw);
}

}  // namespace rtpsonde

// What one RTP packet does to its stream: sequence, jitter, spacing, payload
// types, marks. Time comes only as an argument.
#pragma once

#include <cstdint>

#include "core/rtp/rtp_header.h"
#include "core/stream/clock_rates.h"
#include "core/stream/delay_variation.h"
#include "core/stream/jitter.h"
#include "core/stream/parts.h"
#include "core/stream/playout.h"
#include "core/stream/sequence.h"
#include "core/stream/state.h"

namespace rtpsonde {

struct RtpPacket {
  int64_t ts_ns;
  RtpHeader header;
  uint16_t vlan;  // kNoVlan when untagged
  uint8_t dscp;
  InterfaceId interface = kNoInterface;
};

struct AccountingOptions {
  PlayoutOptions playout;
  uint16_t gmin = 16;    // RFC 3611 4.7.2: good packets that end a burst, 1..255
  int64_t stall_ns = 0;  // a longer pause is a stall, unless the sender was silent
};

class Accounting {
 public:
  // `parts` gives rows to streams that need them. Throws Error ERR_ENGINE_OPTIONS.
  Accounting(const ClockTable& clocks, const AccountingOptions& options, StreamParts& parts);

  // The first packet of a stream; fills every field but the key and the IP version.
  void begin(StreamHot& hot, StreamCold& cold, const RtpPacket& packet) const;

  // Every further packet. Inline below as far as an undisturbed packet goes.
  Placement update(StreamHot& hot, StreamCold& cold, const RtpPacket& packet) const;

  // A stream in probation is accepted (RFC 3550 A.1) by two packets with adjacent
  // sequence numbers, in either order, or by five without any jump or repetition.
  bool confirms(const StreamHot& hot, const StreamCold& cold, Placement placement,
                uint32_t timestamp_distance, uint16_t seq) const;

  const Playout& playout() const { return playout_; }

 private:
  void note_payload_type(StreamHot& hot, StreamCold& cold, const RtpPacket& packet, MediaKind kind) const;
  MediaKind kind_of(const StreamHot& hot, const RtpHeader& header) const;
  void take_sample(StreamHot& hot, StreamCold& cold, const RtpPacket& packet, int64_t delta_ns,
                   bool behind) const;
  void take_delay(StreamHot& hot, StreamCold& cold, const RtpPacket& packet, const TransitStep& step) const;
  bool was_held_up(const StreamHot& hot, const RtpHeader& header, uint32_t ticks, double step_ms) const;
  void take_jump(StreamHot& hot, StreamCold& cold, const RtpPacket& packet, uint32_t ticks,
                 const TransitStep& step) const;
  void need_past(const StreamHot& hot, StreamCold& cold, int64_t arrival_ns) const {
    if (stretch_of(arrival_ns) != hot.stretch && cold.past == nullptr) [[unlikely]]
      cold.past = parts_.past.take();
  }
  void discard(StreamHot& hot, StreamCold& cold, Playout::Verdict verdict, uint16_t sequence) const;
  void note_pause(const StreamHot& hot, StreamCold& cold, const RtpPacket& packet, int64_t delta_ns,
                  double ms_per_tick) const;
  void anchor(StreamHot& hot, StreamCold& cold, int64_t arrival_ns, uint32_t timestamp) const;
  void note_marks(StreamHot& hot, StreamCold& cold, const RtpPacket& packet) const;
  void note(StreamCold& cold, Event event) const { parts_.incidents_of(cold).events.add(event); }
  // Taken when the stream has none.
  Damage& damage_of(StreamCold& cold) const;
  void infer_clock(StreamHot& hot, StreamCold& cold, const RtpPacket& packet) const;
  void change_clock(StreamHot& hot, const StreamCold& cold, uint8_t clock) const;
  void learn_step(StreamHot& hot, uint32_t step) const;

  const ClockTable& clocks_;
  Playout playout_;
  uint16_t gmin_;
  int64_t stall_ns_;
  StreamParts& parts_;
};

}  // namespace rtpsonde

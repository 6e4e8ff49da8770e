// What one RTP packet does to its stream: sequence, jitter, spacing, payload
// types, marks. Time comes only as an argument.
#pragma once

#include <cstdint>

#include "core/rtp/rtp_header.h"
#include "core/stream/clock_rates.h"
#include "core/stream/sequence.h"
#include "core/stream/state.h"

namespace rtpsonde {

struct RtpPacket {
  int64_t ts_ns;
  RtpHeader header;
  uint16_t vlan;  // kNoVlan when untagged
  uint8_t dscp;
};

class Accounting {
 public:
  explicit Accounting(const ClockTable& clocks) : clocks_(clocks) {}

  // The first packet of a stream; fills every field but the key and the IP version.
  void begin(StreamHot& hot, StreamCold& cold, const RtpPacket& packet) const;

  // Every further packet. Inline below as far as an undisturbed packet goes.
  Placement update(StreamHot& hot, StreamCold& cold, const RtpPacket& packet) const;

  // A stream in probation is accepted (RFC 3550 A.1) by two packets with adjacent
  // sequence numbers, in either order, or by five without any jump or repetition.
  bool confirms(const StreamHot& hot, const StreamCold& cold, Placement placement,
                uint32_t timestamp_distance, uint16_t seq) const;

 private:
  void note_payload_type(StreamHot& hot, StreamCold& cold, const RtpPacket& packet, MediaKind kind) const;
  MediaKind kind_of(const StreamHot& hot, const RtpHeader& header) const;
  void take_sample(StreamHot& hot, StreamCold& cold, const RtpPacket& packet, int64_t delta_ns,
                   bool behind) const;
  void infer_clock(StreamHot& hot, const RtpPacket& packet) const;
  void learn_step(StreamHot& hot, uint32_t step) const;

  const ClockTable& clocks_;
};

}  // namespace rtpsonde

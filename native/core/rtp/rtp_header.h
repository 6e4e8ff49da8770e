// The RTP header (RFC 3550 5.1), read from bytes that may be cut or hostile.
#pragma once

#include <cstdint>

#include "core/base/bytes.h"

namespace rtpsonde {

struct RtpHeader {
  uint32_t timestamp;
  uint32_t ssrc;
  uint32_t payload_octets;  // without header, CSRC list, extension and padding (as far as captured)
  uint16_t sequence;
  uint8_t payload_type;  // 0..127
  bool marker;
};

enum class RtpParse {
  kOk,
  kTooShort,   // fewer than 12 octets on the wire
  kTruncated,  // 12 octets were on the wire but not captured
  kMalformed,  // not version 2, or lengths that cannot be
};

// `payload` is what was captured of a datagram of `payload_len` octets.
inline RtpParse parse_rtp(Bytes payload, uint32_t payload_len, RtpHeader& out) {
  //  0                   1                   2                   3
  //  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
  // +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
  // |V=2|P|X|  CC   |M|     PT      |       sequence number         |
  // |                           timestamp                           |
  // |           synchronization source (SSRC) identifier            |
  // |            contributing source (CSRC) identifiers  ...        |
  // |      defined by profile       |    length (32-bit words)      |  if X
  constexpr uint32_t kFixed = 12;
  if (payload_len < kFixed) return RtpParse::kTooShort;
  if (payload.size < kFixed) return RtpParse::kTruncated;
  const uint8_t first = payload.u8(0);
  if ((first >> 6) != 2) return RtpParse::kMalformed;
  uint32_t header = kFixed + 4U * (first & 0x0f);
  if ((first & 0x10) != 0) {
    if (payload_len < header + 4) return RtpParse::kMalformed;
    // An extension whose length word was cut off cannot be checked or taken off.
    if (payload.has(header, 4)) header += 4U + 4U * payload.be16(header + 2);
  }
  if (header > payload_len) return RtpParse::kMalformed;
  uint32_t octets = payload_len - header;
  if ((first & 0x20) != 0 && payload.size >= payload_len) {
    const uint8_t padding = payload.u8(payload_len - 1);
    if (padding == 0 || padding > octets) return RtpParse::kMalformed;
    octets -= padding;
  }
  const uint8_t second = payload.u8(1);
  // RFC 5761 4: 64..95 would collide with RTCP when multiplexed and are not used.
  // Without the marker bit they cannot be RTCP, and some senders do use them.
  out.payload_type = second & 0x7f;
  out.marker = (second & 0x80) != 0;
  out.sequence = payload.be16(2);
  out.timestamp = payload.be32(4);
  out.ssrc = payload.be32(8);
  out.payload_octets = octets;
  return RtpParse::kOk;
}

}  // namespace rtpsonde

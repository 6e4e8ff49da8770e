// SRTCP (RFC 3711 3.4, RFC 7714 9): recognised, and read as far as it is in clear.
#pragma once

#include <cstdint>

#include "core/base/bytes.h"

namespace rtpsonde {

enum class RtcpVerdict : uint8_t {
  kClear,          // lengths add up: may be read
  kAuthenticated,  // SRTCP with E=0: in clear, followed by index and tag; may be read
  kEncrypted,      // SRTCP with E=1, or what cannot be RTCP in clear
  kDamaged,        // in clear beyond doubt, but lengths do not add up: may be read up to the damage
  kMalformed,      // neither: nothing in it may be believed
};

struct RtcpJudgement {
  RtcpVerdict verdict = RtcpVerdict::kMalformed;
  bool has_sender = false;
  uint32_t sender_ssrc = 0;   // of the first packet: always in clear
  uint8_t first_type = 0;     // 192..223, 0 when not even that was captured
  bool has_index = false;     // kAuthenticated, and kEncrypted whose end was captured
  uint32_t index = 0;         // SRTCP index, 31 bit: packets sent before
  uint32_t tag_octets = 0;    // authentication tag: 0, 4, 10 or 16
  uint32_t clear_octets = 0;  // octets from the start that may be read as RTCP
};

// Judges a datagram that classify() took for RTCP.
RtcpJudgement judge_rtcp(Bytes payload, uint32_t payload_len);

}  // namespace rtpsonde

// Elements of RTP header extensions (RFC 8285), and the one that tells when a packet
// was really sent (RFC 5450).
#pragma once

#include <cstdint>
#include <optional>

#include "core/base/bytes.h"

namespace rtpsonde {

// The content of the first element with `id` (1..255, as signalled by a=extmap) in a
// packet that parse_rtp() accepted, `packet` being what was captured of it. Its data is
// nullptr when there is none, or none that was captured whole. An element of the
// two-byte form may have no octets; its data is not nullptr then.
Bytes find_extension(Bytes packet, uint8_t id);

// RFC 5450 3: what to add to the RTP timestamp for the time of sending, in ticks,
// -8388608..8388607. Nothing when the element is not of 3 octets.
//
//    0                   1                   2                   3
//    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//   |  ID   | len=2 |              transmission offset              |
//   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
inline std::optional<int32_t> transmission_offset(Bytes element) {
  if (element.data == nullptr || element.size != 3) return {};
  const uint32_t bits = static_cast<uint32_t>(element.u8(0)) << 16 | element.be16(1);
  return static_cast<int32_t>(bits ^ 0x800000U) - 0x800000;
}

}  // namespace rtpsonde

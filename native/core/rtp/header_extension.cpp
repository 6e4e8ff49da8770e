// The walk through the elements of an RTP header extension: bounded by its length word
// and by what was captured, one step per octet at most.
#include "core/rtp/header_extension.h"

namespace rtpsonde {

namespace {

constexpr uint16_t kOneByte = 0xbede;
constexpr uint16_t kTwoByte = 0x1000;  // and four bits that an application may use

// RFC 3550 5.3.1: what stands behind the length word, as far as captured. The RTP
// header itself is 12 octets and 4 for each CSRC.
//
//    0                   1                   2                   3
//    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//   |      defined by profile       |   length (words that follow)  |
//   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
Bytes extension_of(Bytes packet, uint16_t& profile) {
  if (packet.size < 12 || (packet.u8(0) & 0x10) == 0) return {};
  const size_t begin = 12U + 4U * (packet.u8(0) & 0x0fU);
  if (!packet.has(begin, 4)) return {};
  profile = packet.be16(begin);
  return packet.from(begin + 4).first(4U * packet.be16(begin + 2));
}

// RFC 8285 4.2
//
//    0
//    0 1 2 3 4 5 6 7
//   +-+-+-+-+-+-+-+-+
//   |  ID   |  len  |  and len + 1 octets
//   +-+-+-+-+-+-+-+-+
Bytes find_one_byte(Bytes extension, uint8_t id) {
  size_t at = 0;
  while (at < extension.size) {
    const uint8_t first = extension.u8(at++);
    if (first == 0) continue;  // padding
    const uint8_t element = first >> 4;
    // 4.1.2: an ID of 0 with a length ends the walk, as 15 does.
    if (element == 0 || element == 15) return {};
    const size_t length = (first & 0x0fU) + 1U;
    if (!extension.has(at, length)) return {};
    if (element == id) return extension.from(at).first(length);
    at += length;
  }
  return {};
}

// RFC 8285 4.3
//
//    0                   1
//    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5
//   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//   |       ID      |     length    |  and length octets
//   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
Bytes find_two_byte(Bytes extension, uint8_t id) {
  size_t at = 0;
  while (at < extension.size) {
    const uint8_t element = extension.u8(at++);
    if (element == 0) continue;  // padding has no length octet
    if (!extension.has(at, 1)) return {};
    const size_t length = extension.u8(at++);
    if (!extension.has(at, length)) return {};
    if (element == id) return extension.from(at).first(length);
    at += length;
  }
  return {};
}

}  // namespace

Bytes find_extension(Bytes packet, uint8_t id) {
  uint16_t profile = 0;
  const Bytes extension = extension_of(packet, profile);
  if (extension.size == 0 || id == 0) return {};
  if (profile == kOneByte) return find_one_byte(extension, id);
  if ((profile & 0xfff0) == kTwoByte) return find_two_byte(extension, id);
  return {};
}

}  // namespace rtpsonde

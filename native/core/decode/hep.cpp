// HEP3/EEP rev. 37. Chunks come in any order; those of other vendors and unknown
// ones are stepped over.
#include "core/decode/hep.h"

#include <algorithm>

namespace rtpsonde {
namespace {

constexpr uint32_t kHeaderLen = 6;
constexpr uint32_t kChunkHeaderLen = 6;

enum Chunk : uint16_t {
  kIpv4Source = 3,
  kIpv4Destination = 4,
  kIpv6Source = 5,
  kIpv6Destination = 6,
  kSourcePort = 7,
  kDestinationPort = 8,
  kProtocolType = 11,
  kAgentId = 12,
  kPayload = 15,
  kVlan = 18,
  kTos = 24,
};

enum PayloadType : uint8_t { kSip = 1, kRtp = 4, kRtcp = 5 };

struct Seen {
  bool src = false;
  bool dst = false;
  bool payload = false;
  uint8_t type = 0;
};

// Takes what a chunk says; its value has been captured whole, but for a payload.
// False when its length is not that of its type.
bool take(uint16_t chunk, const Layer& value, HepPacket& hep, Seen& seen) {
  const Bytes& bytes = value.bytes;
  const auto is = [&](uint32_t len) { return value.wire_len == len; };
  switch (chunk) {
    case kIpv4Source:
    case kIpv4Destination:
      if (!is(4)) return false;
      (chunk == kIpv4Source ? hep.src : hep.dst) = map_ipv4(bytes.data);
      (chunk == kIpv4Source ? seen.src : seen.dst) = true;
      hep.ip_version = 4;
      return true;
    case kIpv6Source:
    case kIpv6Destination:
      if (!is(16)) return false;
      (chunk == kIpv6Source ? hep.src : hep.dst) = load_ipv6(bytes.data);
      (chunk == kIpv6Source ? seen.src : seen.dst) = true;
      hep.ip_version = 6;
      return true;
    case kSourcePort:
    case kDestinationPort:
      if (!is(2)) return false;
      (chunk == kSourcePort ? hep.src_port : hep.dst_port) = bytes.be16(0);
      return true;
    case kProtocolType:
      if (!is(1)) return false;
      seen.type = bytes.u8(0);
      return true;
    case kAgentId:
      if (!is(4)) return false;
      hep.agent_id = bytes.be32(0);
      return true;
    case kVlan:
      if (!is(2)) return false;
      hep.vlan = bytes.be16(0) & 0x0fff;
      return true;
    case kTos:
      if (!is(1)) return false;
      hep.dscp = bytes.u8(0) >> 2;
      return true;
    case kPayload:
      hep.payload = value;
      seen.payload = true;
      return true;
    default:
      return true;
  }
}

}  // namespace

// Header, then chunks to the total length, which counts the header, as the
// length of a chunk counts its own
//
//    0                   1                   2                   3
//   +---------------------------------------------------------------+
//   |                            'HEP3'                             |
//   +-------------------------------+-------------------------------+
//   |         Total length          |   Vendor of chunk, 0 generic  |
//   +-------------------------------+-------------------------------+
//   |         Type of chunk         |        Length of chunk        |
//   +-------------------------------+-------------------------------+
//   |   Value ...
//   +---------------+
Opening open_hep(const Layer& layer, HepPacket& hep) {
  if (layer.bytes.size < kHeaderLen) return Opening::kNotThis;
  const uint32_t total_len = layer.bytes.be16(4);
  if (total_len < kHeaderLen || total_len > layer.wire_len) return Opening::kNotThis;
  hep = {};
  Seen seen;
  for (Layer rest = layer.after(kHeaderLen, total_len - kHeaderLen); rest.wire_len > 0;) {
    if (rest.wire_len < kChunkHeaderLen) return Opening::kMalformed;
    if (rest.bytes.size < kChunkHeaderLen) return Opening::kTruncated;
    const bool generic = rest.bytes.be16(0) == 0;
    const uint16_t chunk = rest.bytes.be16(2);
    const uint32_t chunk_len = rest.bytes.be16(4);
    if (chunk_len < kChunkHeaderLen || chunk_len > rest.wire_len) return Opening::kMalformed;
    const Layer value = rest.after(kChunkHeaderLen, chunk_len - kChunkHeaderLen);
    const bool is_payload = generic && chunk == kPayload;
    if (value.bytes.size < value.wire_len && !is_payload) return Opening::kTruncated;
    if (generic && !take(chunk, value, hep, seen)) return Opening::kMalformed;
    // Behind a payload that was cut nothing has been captured.
    if (value.bytes.size < value.wire_len) break;
    rest = rest.after(chunk_len);
  }
  // A payload that is compressed, or none: nothing to measure.
  if (!seen.payload || !seen.src || !seen.dst) return Opening::kUnopened;
  if (seen.type != kSip && seen.type != kRtp && seen.type != kRtcp) return Opening::kUnopened;
  if (hep.payload.bytes.size < std::min(kNeededPayload, hep.payload.wire_len)) return Opening::kTruncated;
  return Opening::kOpened;
}

}  // namespace rtpsonde

// The header chain of RFC 2198, within what was sent and what was captured.
#include "core/rtp/red.h"

namespace rtpsonde {

// RFC 2198 3: one header for each redundant block,
//
//    0                   1                    2                   3
//    0 1 2 3 4 5 6 7 8 9 0 1 2 3  4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//   |F|   block PT  |  timestamp offset         |   block length    |  F = 1
//   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//
// then one for the packet's own media, whose timestamp is that of the packet and whose
// length is the rest,
//
//    0 1 2 3 4 5 6 7
//   +-+-+-+-+-+-+-+-+
//   |0|   Block PT  |
//   +-+-+-+-+-+-+-+-+
//
// then the blocks in the same order.
RedParse parse_red(Bytes payload, uint32_t payload_octets, RedPayload& out) {
  uint32_t at = 0;
  uint32_t redundant_octets = 0;
  out.count = 0;
  while (true) {
    if (at >= payload_octets) return RedParse::kMalformed;
    if (!payload.has(at, 1)) return RedParse::kTruncated;
    const uint8_t first = payload.u8(at);
    if ((first & 0x80) == 0) {
      out.primary_payload_type = first;
      at++;
      break;
    }
    if (out.count == RedPayload::kMaxBlocks || payload_octets - at < 4) return RedParse::kMalformed;
    if (!payload.has(at, 4)) return RedParse::kTruncated;
    const uint32_t word = payload.be32(at);
    RedBlock& block = out.blocks[out.count++];
    block.payload_type = static_cast<uint8_t>(word >> 24 & 0x7f);
    block.timestamp_offset = static_cast<uint16_t>(word >> 10 & 0x3fff);
    block.octets = static_cast<uint16_t>(word & 0x3ff);
    redundant_octets += block.octets;
    at += 4;
  }
  if (redundant_octets > payload_octets - at) return RedParse::kMalformed;
  out.primary_octets = payload_octets - at - redundant_octets;
  return RedParse::kOk;
}

}  // namespace rtpsonde

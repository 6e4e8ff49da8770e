// The headers of a redundant audio payload (RFC 2198): which earlier media a packet
// carries again. The media itself is not looked at.
#pragma once

#include <array>
#include <cstdint>

#include "core/base/bytes.h"

namespace rtpsonde {

struct RedBlock {
  uint16_t timestamp_offset;  // ticks before the packet's timestamp, 0..16383
  uint16_t octets;            // 0..1023
  uint8_t payload_type;       // 0..127
};

struct RedPayload {
  static constexpr uint32_t kMaxBlocks = 32;  // senders have one to three

  std::array<RedBlock, kMaxBlocks> blocks;  // the first `count`, oldest first as a rule
  uint32_t count;                           // redundant blocks
  uint32_t primary_octets;                  // of the media of the packet itself, on the wire
  uint8_t primary_payload_type;             // 0..127: the codec of the stream

  const RedBlock* begin() const { return blocks.data(); }
  const RedBlock* end() const { return blocks.data() + count; }
};

enum class RedParse : uint8_t {
  kOk,
  kTruncated,  // headers were on the wire but not captured; `out` is not to be used
  kMalformed,  // lengths that cannot be, no last header, or more than kMaxBlocks
};

// `payload` is what was captured of a payload of `payload_octets` octets. The headers
// must be captured, the media need not be.
RedParse parse_red(Bytes payload, uint32_t payload_octets, RedPayload& out);

}  // namespace rtpsonde

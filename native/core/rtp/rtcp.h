// RTCP compound packets (RFC 3550 6.1 and A.2, RFC 5506 for reduced size):
// whether the lengths add up, and who sent it. Reports are read elsewhere.
#pragma once

#include <cstdint>

#include "core/base/bytes.h"

namespace rtpsonde {

// One packet of a compound.
struct RtcpPacket {
  uint8_t type;       // 192..223
  uint8_t count;      // RC, SC or FMT, 0..31
  Bytes body;         // after the 4 octet header, as far as captured
  uint32_t body_len;  // as the length field says, padding included
  uint32_t padding;   // octets of padding at the end of the body
};

enum class RtcpStep {
  kPacket,
  kEnd,        // all octets are accounted for
  kCut,        // the rest was not captured
  kMalformed,  // version, type or length that cannot be
};

class RtcpReader {
 public:
  RtcpReader(Bytes payload, uint32_t payload_len) : payload_(payload), payload_len_(payload_len) {}
  RtcpStep next(RtcpPacket& out);

 private:
  Bytes payload_;
  uint32_t payload_len_;
  uint32_t offset_ = 0;
  bool padded_ = false;
};

}  // namespace rtpsonde

// What a receiver counts of ECN marks, the same in feedback and in extended reports
// (RFC 6679 5.1 and 5.2).
#pragma once

#include <cstdint>

#include "core/base/bytes.h"

namespace rtpsonde {

// Counted since the session began.
struct EcnCounts {
  uint32_t ect0_packets;
  uint32_t ect1_packets;
  uint16_t ce_packets;
  uint16_t not_ect_packets;
  uint16_t lost_packets;
  uint16_t duplicate_packets;
};

// | ECT (0) Counter                                               |
// | ECT (1) Counter                                               |
// | ECN-CE Counter                | not-ECT Counter               |
// | Lost Packets Counter          | Duplication Counter           |
inline EcnCounts read_ecn_counts(Bytes at) {
  return {at.be32(0), at.be32(4), at.be16(8), at.be16(10), at.be16(12), at.be16(14)};
}

}  // namespace rtpsonde

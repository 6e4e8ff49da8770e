// HEP3, in which SIP servers send copies of what they saw: chunks with addresses
// and ports instead of headers, and one with the datagram.
#pragma once

#include <cstdint>

#include "core/decode/address.h"
#include "core/decode/tunnel.h"

namespace rtpsonde {

// The datagram that a HEP3 packet tells of. Its own time of capture is left
// aside: windows and jitter are in the time of one clock, that of the mirror port.
struct HepPacket {
  Address src;
  Address dst;
  uint16_t src_port = 0;
  uint16_t dst_port = 0;
  uint8_t ip_version = 4;
  uint8_t dscp = 0;         // 0 when the agent does not tell it
  uint16_t vlan = kNoVlan;  // as the agent tells it
  uint32_t agent_id = 0;
  Layer payload;  // SIP, RTP or RTCP, at least 8 octets captured or all there are
};

// `layer` is the payload of a UDP datagram that begins with kHepMagic.
Opening open_hep(const Layer& layer, HepPacket& hep);

}  // namespace rtpsonde

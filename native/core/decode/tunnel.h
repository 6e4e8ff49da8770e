// Tunnels: what is known of the one that a datagram came in, how each kind of
// header is read, and which header comes next. docs/decisions/0002-tunnels.md
// says why some ids are part of a stream's identity.
#pragma once

#include <cstdint>

#include "core/base/constants.gen.h"
#include "core/capture/packet_source.h"
#include "core/decode/ethertype.h"
#include "core/decode/layer.h"
#include "core/decode/udp.h"

namespace rtpsonde {

// The numbers leave the core in records: never reused for something else.
enum class TunnelKind : uint8_t {
  kNone = 0,
  kMpls = 1,      // id: bottom label that is no special one
  kPppoe = 2,     // id: session id
  kIpInIp = 3,    // id: 0
  kGre = 4,       // id: key, 0 without one
  kNvgre = 5,     // id: VSID
  kErspan = 6,    // id: session id, 0 in type I
  kVxlan = 7,     // id: VNI; VXLAN-GPE too
  kGeneve = 8,    // id: VNI
  kGtpu = 9,      // id: TEID
  kTzsp = 10,     // id: 0
  kPbb = 11,      // id: I-SID (802.1ah)
  kEtherIp = 12,  // id: 0
  kHep = 13,      // id: capture agent id
};

static_assert(static_cast<size_t>(TunnelKind::kHep) + 1 == kTunnelKinds, "record.yaml names them");

constexpr uint8_t kMaxTunnels = 4;  // one within the other

// The innermost tunnel that a datagram came in; kNone for a plain one.
struct Tunnel {
  // Tells networks apart in which the same addresses may be used twice: made of
  // the ids of all VXLAN, NVGRE, Geneve, 802.1ah tunnels and GRE keys around the
  // datagram. 0 when there are none: such streams are told apart by addresses.
  uint64_t identity = 0;
  uint32_t id = 0;
  uint16_t inner_vlan = kNoVlan;  // outermost VLAN id of the innermost frame with a tag
  TunnelKind kind = TunnelKind::kNone;
  uint8_t depth = 0;  // tunnels around the datagram, 0..kMaxTunnels
};
static_assert(sizeof(Tunnel) == 16);

// The tunnels around the innermost one, the outermost first.
struct OuterTunnels {
  uint32_t ids[kMaxTunnels - 1];
  TunnelKind kinds[kMaxTunnels - 1];
};
static_assert(sizeof(OuterTunnels) == 16);

// What a tunnel carries, and what its header says of the tunnel.
struct Carried {
  Layer content;
  uint16_t type = kTypeAnyIp;  // EtherType of the content; kTypeEthernet for a frame
  TunnelKind kind = TunnelKind::kNone;
  uint32_t id = 0;
  bool separates = false;  // the id is part of a stream's identity
};

// How the reading of a tunnel header ended.
enum class Opening : uint8_t {
  kNotThis,    // no such tunnel after all; a UDP datagram then stays what it is
  kOpened,     // `carried` holds what is inside
  kTruncated,  // the capture ends inside the header
  kMalformed,  // the header contradicts itself
  kUnopened,   // content of a kind that is not opened
};

// The counter for an opening that ends the packet; nothing for the first two.
End end_of_opening(Opening opening);

// Below IP: by EtherType.
Opening open_link_tunnel(const Layer& layer, uint16_t type, Carried& carried);

// In IP: by protocol number.
bool is_tunnel_protocol(uint8_t protocol);
Opening open_ip_tunnel(const Layer& layer, uint8_t protocol, Carried& carried);

constexpr uint16_t kGtpuPort = 2152;
constexpr uint16_t kVxlanPort = 4789;
constexpr uint16_t kVxlanGpePort = 4790;
constexpr uint16_t kGenevePort = 6081;
constexpr uint16_t kTzspPort = 37008;
constexpr uint32_t kHepMagic = 0x48455033;  // 'HEP3', on any port

// In UDP, of which at least 8 octets of payload have been captured: RTP and RTCP
// are told from all tunnels by their version alone, but for VXLAN with a group
// policy, whose first octet is 0x88.
inline bool is_tunnel_octet(uint8_t first) { return (first & 0xc0) != 0x80 || first == 0x88; }

// Whether a port is that of a tunnel, or the payload, of at least 4 octets, HEP.
bool is_tunnel_flow(const uint8_t* payload, uint16_t src_port, uint16_t dst_port);

// Either port may be that of the tunnel, the destination port is tried first.
// HEP is not among them, as it carries a datagram without headers (hep.h).
Opening open_udp_tunnel(const Udp& udp, Carried& carried);

}  // namespace rtpsonde

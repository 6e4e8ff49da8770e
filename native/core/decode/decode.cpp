// Strings the layers together: link, IP, fragments, UDP, and over again in a tunnel.
#include "core/decode/decode.h"

#include <algorithm>

#include "core/decode/hep.h"
#include "core/decode/udp.h"

namespace rtpsonde {
namespace {

uint8_t version_of(uint16_t type) { return type == kTypeIpv4 ? 4 : type == kTypeIpv6 ? 6 : 0; }

uint64_t mix(uint64_t digest, uint64_t word) {
  digest = (digest ^ word) * 0x9e3779b97f4a7c15u;
  return digest ^ digest >> 32;
}

// Steps into a tunnel; false when that is one too many.
bool enter(Datagram& out, const Carried& carried) {
  Tunnel& tunnel = out.tunnel;
  if (tunnel.depth == kMaxTunnels) return false;
  if (tunnel.depth > 0) {
    out.outer.ids[tunnel.depth - 1] = tunnel.id;
    out.outer.kinds[tunnel.depth - 1] = tunnel.kind;
  }
  ++tunnel.depth;
  tunnel.kind = carried.kind;
  tunnel.id = carried.id;
  if (carried.separates) {
    tunnel.identity = mix(tunnel.identity, static_cast<uint64_t>(carried.kind) << 32 | carried.id);
  }
  return true;
}

// The way to what is in a tunnel, for telling fragments apart: unlike the
// identity it takes every id, and the addresses between which the tunnel runs.
uint64_t longer_path(uint64_t path, const Carried& carried, const Datagram& out, bool in_ip) {
  path = mix(path, static_cast<uint64_t>(carried.kind) << 32 | carried.id);
  if (!in_ip) return path;
  for (const Address* address : {&out.src, &out.dst}) {
    path = mix(mix(path, load_be64(address->data())), load_be64(address->data() + 8));
  }
  return path;
}

// Replaces the datagram to a HEP server by the one that it tells of.
Opening take_hep(const Layer& payload, Datagram& out, Carried& carried) {
  HepPacket hep;
  const Opening opening = open_hep(payload, hep);
  if (opening != Opening::kOpened) return opening;
  out.src = hep.src;
  out.dst = hep.dst;
  out.src_port = hep.src_port;
  out.dst_port = hep.dst_port;
  out.payload = hep.payload.bytes;
  out.payload_len = hep.payload.wire_len;
  out.ip_version = hep.ip_version;
  out.dscp = hep.dscp;
  out.ttl = 0;
  if (hep.vlan != kNoVlan) out.tunnel.inner_vlan = hep.vlan;
  carried.kind = TunnelKind::kHep;
  carried.id = hep.agent_id;
  return opening;
}

}  // namespace

// A datagram that is neither RTP nor RTCP: most are no tunnel either.
bool Decoder::decode_other(const PacketView& packet, Counters& counters, Datagram& out) {
  if (!is_tunnel_flow(out.payload.data, out.src_port, out.dst_port)) return true;
  return decode_any(packet, counters, out);
}

bool Decoder::decode_any(const PacketView& packet, Counters& counters, Datagram& out) {
  const End end = open(packet, counters, out);
  if (!end) return true;
  counters.add(*end);
  return false;
}

// A layer that ends the packet says under which counter. A tunnel makes what it
// carries the next frame, and reading starts over there.
End Decoder::open(const PacketView& packet, Counters& counters, Datagram& out) {
  Frame frame;
  if (const End end = open_link(packet, frame)) return end;
  out.ts_ns = packet.ts_ns;
  out.link_digest = frame.link_digest;
  out.vlan = frame.vlan;
  out.reassembled = false;
  out.tunnel = Tunnel{};
  for (uint64_t path = 0;;) {
    Carried carried;
    Opening opening = Opening::kNotThis;
    const bool in_ip = is_ip_type(frame.type);
    if (in_ip) {
      if (const End end = open_packet(frame, path, counters, out, carried, opening)) return end;
      if (opening == Opening::kNotThis) break;
    } else {
      opening = open_link_tunnel(frame.network, frame.type, carried);
    }
    if (const End end = end_of_opening(opening)) return end;
    if (!enter(out, carried)) return Counter::kTunnelTooDeep;
    path = longer_path(path, carried, out, in_ip);
    frame = {carried.content, carried.type};
    if (carried.type == kTypeEthernet) {
      if (const End end = open_ethernet(carried.content, frame)) return end;
    }
    if (frame.vlan != kNoVlan) out.tunnel.inner_vlan = frame.vlan;
  }
  if (out.tunnel.depth > 0) counters.add(Counter::kTunnelledPackets);
  return {};
}

// An IP packet up to a tunnel in it, or to a datagram in `out` that is none (kNotThis).
End Decoder::open_packet(const Frame& frame, uint64_t path, Counters& counters, Datagram& out,
                         Carried& carried, Opening& opening) {
  IpPacket ip;
  if (const End end = open_ip(frame.network, version_of(frame.type), ip)) return end;
  if (ip.is_fragment) {
    if (const End end = reassemble(out, path, ip, counters)) return end;
    out.reassembled = true;
  }
  out.src = ip.src;
  out.dst = ip.dst;
  out.ip_version = ip.version;
  out.dscp = ip.dscp;
  out.ttl = ip.ttl;
  if (is_tunnel_protocol(ip.protocol)) {
    opening = open_ip_tunnel(ip.payload, ip.protocol, carried);
    return {};
  }
  if (const End end = end_of_protocol(ip.protocol)) return end;
  Udp udp;
  if (const End end = open_udp(ip.payload, udp)) return end;
  out.src_port = udp.src_port;
  out.dst_port = udp.dst_port;
  out.payload = udp.payload.bytes;
  out.payload_len = udp.payload.wire_len;
  out.ip_id = static_cast<uint16_t>(ip.fragment_id);
  out.udp_checksum = udp.checksum;

  const Bytes& payload = udp.payload.bytes;
  if (payload.size < kNeededPayload || !is_tunnel_octet(payload.u8(0))) return {};
  if (!is_tunnel_flow(payload.data, udp.src_port, udp.dst_port)) return {};
  if (payload.be32(0) != kHepMagic) {
    opening = open_udp_tunnel(udp, carried);
    return {};
  }
  if (const End end = end_of_opening(take_hep(udp.payload, out, carried))) return end;
  if (carried.kind == TunnelKind::kHep && !enter(out, carried)) return Counter::kTunnelTooDeep;
  return {};
}

// Replaces a fragment by the whole that it completes. Only what may hold UDP or a
// tunnel takes room in the table; in IPv6 that may stand behind another header.
End Decoder::reassemble(const Datagram& out, uint64_t path, IpPacket& ip, Counters& counters) {
  const bool may_hold_udp = ip.protocol == kProtocolUdp || is_tunnel_protocol(ip.protocol) ||
                            (ip.version == 6 && is_extension(ip.protocol));
  if (!may_hold_udp) return end_of_protocol(ip.protocol);
  Fragment fragment;
  fragment.key = {ip.src, ip.dst, ip.fragment_id, out.vlan, ip.version, ip.protocol, path};
  fragment.ts_ns = out.ts_ns;
  fragment.content = ip.payload;
  fragment.offset = ip.fragment_offset;
  fragment.more = ip.more_fragments;
  fragment.dscp = ip.dscp;
  fragment.ttl = ip.ttl;
  Reassembled whole;
  if (const End end = fragments_.insert(fragment, counters, whole)) return end;
  ip.payload = whole.content;
  ip.dscp = whole.dscp;
  ip.ttl = whole.ttl;
  return ip.version == 6 ? open_extensions(ip) : End{};
}

}  // namespace rtpsonde

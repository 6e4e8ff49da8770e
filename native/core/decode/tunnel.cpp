// Which header is read for which EtherType, protocol number or port.
#include "core/decode/tunnel.h"

#include "core/decode/etherip.h"
#include "core/decode/geneve.h"
#include "core/decode/gre.h"
#include "core/decode/gtpu.h"
#include "core/decode/mpls.h"
#include "core/decode/pbb.h"
#include "core/decode/pppoe.h"
#include "core/decode/tzsp.h"
#include "core/decode/vxlan.h"

namespace rtpsonde {
namespace {

enum Protocol : uint8_t {
  kIpInIp = 4,        // RFC 2003
  kIpv6InIp = 41,     // RFC 2473, RFC 4213
  kGre = 47,          // RFC 2784
  kEtherIp = 97,      // RFC 3378
  kMplsInIp = 137,    // RFC 4023
  kEthernetIn = 143,  // RFC 8986 9.1
};

Opening carries(Carried& carried, TunnelKind kind, const Layer& content, uint16_t type) {
  carried = {content, type, kind};
  return Opening::kOpened;
}

bool is_tunnel_port(uint16_t port) {
  return port == kGtpuPort || port == kVxlanPort || port == kVxlanGpePort || port == kGenevePort ||
         port == kTzspPort;
}

Opening open_port(uint16_t port, const Layer& layer, Carried& carried) {
  switch (port) {
    case kGtpuPort:
      return open_gtpu(layer, carried);
    case kVxlanPort:
      return open_vxlan(layer, carried);
    case kVxlanGpePort:
      return open_vxlan_gpe(layer, carried);
    case kGenevePort:
      return open_geneve(layer, carried);
    case kTzspPort:
      return open_tzsp(layer, carried);
    default:
      return Opening::kNotThis;
  }
}

}  // namespace

End end_of_opening(Opening opening) {
  switch (opening) {
    case Opening::kNotThis:
    case Opening::kOpened:
      return {};
    case Opening::kTruncated:
      return Counter::kTruncatedTunnel;
    case Opening::kMalformed:
      return Counter::kMalformedTunnel;
    case Opening::kUnopened:
      break;
  }
  return Counter::kUnopenedEncapsulation;
}

Opening open_link_tunnel(const Layer& layer, uint16_t type, Carried& carried) {
  switch (type) {
    case kTypeMpls:
    case kTypeMplsUpstream:
      return open_mpls(layer, carried);
    case kTypePppoe:
      return open_pppoe(layer, carried);
    case kTypeBackbone:
      return open_pbb(layer, carried);
    default:
      return Opening::kUnopened;
  }
}

bool is_tunnel_protocol(uint8_t protocol) {
  return protocol == kIpInIp || protocol == kIpv6InIp || protocol == kGre || protocol == kEtherIp ||
         protocol == kMplsInIp || protocol == kEthernetIn;
}

Opening open_ip_tunnel(const Layer& layer, uint8_t protocol, Carried& carried) {
  switch (protocol) {
    case kIpInIp:
      return carries(carried, TunnelKind::kIpInIp, layer, kTypeIpv4);
    case kIpv6InIp:
      return carries(carried, TunnelKind::kIpInIp, layer, kTypeIpv6);
    case kGre:
      return open_gre(layer, carried);
    case kEtherIp:
      return open_etherip(layer, carried);
    case kMplsInIp:
      return open_mpls(layer, carried);
    case kEthernetIn:
      return carries(carried, TunnelKind::kEtherIp, layer, kTypeEthernet);
    default:
      return Opening::kUnopened;
  }
}

bool is_tunnel_flow(const uint8_t* payload, uint16_t src_port, uint16_t dst_port) {
  return is_tunnel_port(dst_port) || is_tunnel_port(src_port) || load_be32(payload) == kHepMagic;
}

Opening open_udp_tunnel(const Udp& udp, Carried& carried) {
  const Opening by_destination = open_port(udp.dst_port, udp.payload, carried);
  if (by_destination != Opening::kNotThis) return by_destination;
  return open_port(udp.src_port, udp.payload, carried);
}

}  // namespace rtpsonde

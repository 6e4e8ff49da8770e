// EtherTypes, as IEEE registers them: those that decide where a packet goes on.
#pragma once

#include <cstdint>

namespace rtpsonde {

enum EtherType : uint16_t {
  kTypeAnyIp = 0,  // never on the wire: IP of the version that its first octet tells
  kTypeIpv4 = 0x0800,
  kTypeArp = 0x0806,
  kTypeErspan3 = 0x22eb,  // in GRE
  kTypeTrill = 0x22f3,
  kTypeEthernet = 0x6558,  // transparent Ethernet bridging: a whole frame
  kTypeVlan = 0x8100,      // 802.1Q
  kTypeIpv6 = 0x86dd,
  kTypeMpls = 0x8847,
  kTypeMplsUpstream = 0x8848,
  kTypePppoe = 0x8864,         // session
  kTypeProviderVlan = 0x88a8,  // 802.1ad
  kTypeErspan = 0x88be,        // in GRE: ERSPAN I and II
  kTypeMacsec = 0x88e5,
  kTypeBackbone = 0x88e7,  // 802.1ah
  kTypeCiscoMetadata = 0x8909,
  kTypeVnTag = 0x8926,
  kTypeEtag = 0x893f,     // 802.1BR
  kTypeNsh = 0x894f,      // network service header
  kTypeOldVlan = 0x9100,  // 802.1ad as written before the standard
};

constexpr uint16_t kMaxFrameLength = 1500;  // up to here the type field is a length (802.3 3.2.6)

inline bool is_vlan_tag(uint16_t type) {
  return type == kTypeVlan || type == kTypeProviderVlan || type == kTypeOldVlan;
}

inline bool is_ip_type(uint16_t type) { return type == kTypeIpv4 || type == kTypeIpv6 || type == kTypeAnyIp; }

// What carries packets of its own below IP, opened or not.
inline bool is_encapsulation(uint16_t type) {
  switch (type) {
    case kTypeTrill:
    case kTypeEthernet:
    case kTypeMpls:
    case kTypeMplsUpstream:
    case kTypePppoe:
    case kTypeMacsec:
    case kTypeBackbone:
    case kTypeCiscoMetadata:
    case kTypeVnTag:
    case kTypeEtag:
    case kTypeNsh:
      return true;
    default:
      return false;
  }
}

}  // namespace rtpsonde

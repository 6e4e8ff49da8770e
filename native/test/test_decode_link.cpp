// Link layers: where the IP packet begins, which VLAN it is in, and what is not IP.
#include "test_decode_support.h"

using namespace decode_test;
using rtpsonde::LinkType;

namespace {

const Octets kIpv4 = ipv4(udp(payload(20)));
const Octets kIpv6 = ipv6(17, udp(payload(20)));
const std::string kUdp4 = "192.0.2.1 5004 > 198.51.100.2 6004, 20 bytes, dscp 46, ttl 64";
const std::string kUdp6 = "2001:db8::1 5004 > 2001:db8::2 6004, 20 bytes, dscp 46, ttl 64";

}  // namespace

TEST_CASE("Ethernet carries IPv4 and IPv6") {
  CHECK(decode(ethernet(0x0800, kIpv4)) == kUdp4);
  CHECK(decode(ethernet(0x86dd, kIpv6)) == kUdp6);
}

TEST_CASE("A datagram out of the general way equals the one out of the common way") {
  // The same packet as raw IP and, too short for the common way, with 8 bytes.
  const Octets small = ipv4(udp(payload(8)));
  CHECK(decode({kIpv4, LinkType::kRawIp}) == decode(ethernet(0x0800, kIpv4)));
  CHECK(decode(ethernet(0x0800, small)) == "192.0.2.1 5004 > 198.51.100.2 6004, 8 bytes, dscp 46, ttl 64");
}

TEST_CASE("The payload is that of the UDP datagram, Ethernet padding left out") {
  Rig rig;
  rig.decode(ethernet(0x0800, cat({ipv4(udp(payload(12))), Octets(30, 0xee)})));
  CHECK(rig.last_payload() == payload(12));
  rig.decode(ethernet(0x86dd, cat({ipv6(17, udp(payload(12))), Octets(30, 0xee)})));
  CHECK(rig.last_payload() == payload(12));
}

TEST_CASE("The VLAN is the outermost of the stacked tags") {
  const auto tag = [](size_t tci, size_t type) { return cat({be16(tci), be16(type)}); };
  CHECK(decode(ethernet(0x8100, cat({tag(0xa123, 0x0800), kIpv4}))) == kUdp4 + ", vlan 291");
  CHECK(decode(ethernet(0x8100, cat({tag(0xa123, 0x86dd), kIpv6}))) == kUdp6 + ", vlan 291");
  CHECK(decode(ethernet(0x88a8, cat({tag(200, 0x8100), tag(7, 0x0800), kIpv4}))) == kUdp4 + ", vlan 200");
  CHECK(decode(ethernet(0x9100, cat({tag(300, 0x8100), tag(7, 0x0800), kIpv4}))) == kUdp4 + ", vlan 300");
  CHECK(decode(ethernet(0x8100, cat({tag(1, 0x8100), tag(2, 0x8100), tag(3, 0x8100), tag(4, 0x0800),
                                     kIpv4}))) == kUdp4 + ", vlan 1");
  CHECK(decode(ethernet(0x8100, cat({tag(1, 0x8100), tag(2, 0x8100), tag(3, 0x8100), tag(4, 0x8100),
                                     tag(5, 0x0800), kIpv4}))) == "unopenedEncapsulation");
}

TEST_CASE("A priority tag is VLAN 0, which is not untagged") {
  CHECK(decode(ethernet(0x8100, cat({be16(0xe000), be16(0x0800), kIpv4}))) == kUdp4 + ", vlan 0");
}

TEST_CASE("A tag that the network card took out is the outermost one") {
  const auto stripped = [](const Octets& frame) { return Packet{frame, LinkType::kEthernet, 0, 42}; };
  CHECK(decode(stripped(ethernet(0x0800, kIpv4))) == kUdp4 + ", vlan 42");
  CHECK(decode(stripped(ethernet(0x86dd, kIpv6))) == kUdp6 + ", vlan 42");
  CHECK(decode(stripped(ethernet(0x8100, cat({be16(7), be16(0x0800), kIpv4})))) == kUdp4 + ", vlan 42");
}

TEST_CASE("802.3 frames are opened when SNAP names IP") {
  const Octets snap = hex("aaaa 03 000000 0800");
  CHECK(decode(ethernet(56, cat({snap, kIpv4}))) == kUdp4);
  CHECK(decode(ethernet(0x8100, cat({be16(5), be16(56), snap, kIpv4}))) == kUdp4 + ", vlan 5");
  CHECK(decode(ethernet(38, hex("4242 03 0000000000"))) == "notIp");        // spanning tree
  CHECK(decode(ethernet(38, hex("aaaa 03 00000c 2000 0000"))) == "notIp");  // CDP
  CHECK(decode(ethernet(38, hex("aaaa 03 000000 0026 aaaa 03 000000 0800"))) == "notIp");
  CHECK(decode(ethernet(38, hex("ffff 0022 0000"))) == "notIp");  // Novell
  CHECK(decode(ethernet(38, hex("aa"))) == "truncatedLink");
  CHECK(decode(ethernet(38, hex("aaaa 03 000000 08"))) == "truncatedLink");
}

TEST_CASE("Frames without IP are told from tunnels that are not opened") {
  CHECK(decode(ethernet(0x0806, Octets(28))) == "notIp");                  // ARP
  CHECK(decode(ethernet(0x88cc, Octets(28))) == "notIp");                  // LLDP
  CHECK(decode(ethernet(0x8863, Octets(28))) == "notIp");                  // PPPoE discovery
  CHECK(decode(ethernet(0x05ff, Octets(28))) == "notIp");                  // neither a length nor a type
  CHECK(decode(ethernet(0x88e5, Octets(28))) == "unopenedEncapsulation");  // MACsec
  CHECK(decode(ethernet(0x8926, Octets(28))) == "unopenedEncapsulation");  // VN-tag
  CHECK(decode(ethernet(0x22f3, Octets(28))) == "unopenedEncapsulation");  // TRILL
  CHECK(decode(ethernet(0x6558, Octets(28))) == "unopenedEncapsulation");  // Ethernet in Ethernet
}

TEST_CASE("Linux cooked captures carry IP, VLAN tags included") {
  //                    to us, ARPHRD, length, address (8)
  const Octets sll = hex("0000 0001 0006 020000000001 0000");
  CHECK(decode({cat({sll, be16(0x0800), kIpv4}), LinkType::kLinuxSll}) == kUdp4);
  CHECK(decode({cat({sll, be16(0x86dd), kIpv6}), LinkType::kLinuxSll}) == kUdp6);
  CHECK(decode({cat({sll, be16(0x8100), be16(9), be16(0x0800), kIpv4}), LinkType::kLinuxSll}) ==
        kUdp4 + ", vlan 9");
  CHECK(decode({cat({sll, be16(0x0806), Octets(28)}), LinkType::kLinuxSll}) == "notIp");
  CHECK(decode({cat({sll, be16(0x0004), hex("4242 03")}), LinkType::kLinuxSll}) ==
        "notIp");  //                          reserved, interface, ARPHRD, type, length, address (8)
  const Octets sll2_rest = hex("0000 00000002 0001 00 06 020000000001 0000");
  CHECK(decode({cat({be16(0x0800), sll2_rest, kIpv4}), LinkType::kLinuxSll2}) == kUdp4);
  CHECK(decode({cat({be16(0x86dd), sll2_rest, kIpv6}), LinkType::kLinuxSll2}) == kUdp6);
  CHECK(decode({cat({be16(0x8100), sll2_rest, be16(9), be16(0x0800), kIpv4}), LinkType::kLinuxSll2}) ==
        kUdp4 + ", vlan 9");
}

TEST_CASE("BSD null has its family in either byte order, loop in network order") {
  CHECK(decode({cat({hex("02000000"), kIpv4}), LinkType::kNull}) == kUdp4);
  CHECK(decode({cat({hex("00000002"), kIpv4}), LinkType::kNull}) == kUdp4);
  for (const char* family : {"18000000", "1c000000", "1e000000", "0a000000", "0000001e"}) {
    CHECK(decode({cat({hex(family), kIpv6}), LinkType::kNull}) == kUdp6);
  }
  CHECK(decode({cat({hex("07000000"), kIpv4}), LinkType::kNull}) == "notIp");
  CHECK(decode({cat({hex("00000002"), kIpv4}), LinkType::kLoop}) == kUdp4);
  CHECK(decode({cat({hex("00000018"), kIpv6}), LinkType::kLoop}) == kUdp6);
  CHECK(decode({cat({hex("02000000"), kIpv4}), LinkType::kLoop}) == "notIp");
}

TEST_CASE("Raw IP tells its version itself, or the link type does") {
  CHECK(decode({kIpv4, LinkType::kRawIp}) == kUdp4);
  CHECK(decode({kIpv6, LinkType::kRawIp}) == kUdp6);
  CHECK(decode({kIpv4, LinkType::kIpv4}) == kUdp4);
  CHECK(decode({kIpv6, LinkType::kIpv6}) == kUdp6);
  CHECK(decode({kIpv6, LinkType::kIpv4}) == "malformedIp");
  CHECK(decode({hex("50000000"), LinkType::kRawIp}) == "malformedIp");
  CHECK(decode({{}, LinkType::kRawIp}) == "truncatedIp");
}

TEST_CASE("Link types that nobody decodes are counted, even when empty") {
  CHECK(decode({kIpv4, static_cast<LinkType>(105)}) == "unsupportedLinkType");
  CHECK(decode({{}, static_cast<LinkType>(147)}) == "unsupportedLinkType");
}

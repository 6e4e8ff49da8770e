// A snap length may cut a packet anywhere. Each cut has a name, none is read
// beyond (the packets lie in blocks of their exact size, for sanitizers).
#include "test_decode_support.h"

using namespace decode_test;
using rtpsonde::LinkType;

TEST_CASE("Every cut of an Ethernet, IPv4, UDP packet has a name") {
  CHECK(fates_of_cuts({ethernet(0x0800, ipv4(udp(payload(20))))}) ==
        "truncatedLink 0..13\n"
        "truncatedIp 14..33\n"
        "truncatedUdp 34..49\n"
        "datagram 50..62\n");
}

TEST_CASE("Every cut behind VLAN tags and IPv4 options has a name") {
  const Octets inner = ipv4(udp(payload(20)), {.options = Octets(8, 1)});
  CHECK(fates_of_cuts({ethernet(0x88a8, cat({be16(2), be16(0x8100), be16(1), be16(0x0800), inner}))}) ==
        "truncatedLink 0..21\n"
        "truncatedIp 22..49\n"
        "truncatedUdp 50..65\n"
        "datagram 66..78\n");
}

TEST_CASE("Every cut of an IPv6 packet with an extension header has a name") {
  const Octets inner = ipv6(0, cat({hex("11 00 0104 00000000"), udp(payload(20))}));
  CHECK(fates_of_cuts({cat({Octets(14), be16(0x86dd), inner}), LinkType::kLinuxSll}) ==
        "truncatedLink 0..15\n"
        "truncatedIp 16..63\n"
        "truncatedUdp 64..79\n"
        "datagram 80..92\n");
}

TEST_CASE("Every cut of a short datagram has a name: its few bytes must be there") {
  CHECK(fates_of_cuts({ipv4(udp(payload(3))), LinkType::kRawIp}) ==
        "truncatedIp 0..19\n"
        "truncatedUdp 20..30\n"
        "datagram 31..31\n");
}

TEST_CASE("Every cut of the other link layers has a name") {
  const Octets inner = ipv4(udp(payload(8)));
  CHECK(fates_of_cuts({cat({be16(0x0800), Octets(18), inner}), LinkType::kLinuxSll2}) ==
        "truncatedLink 0..19\ntruncatedIp 20..39\ntruncatedUdp 40..55\ndatagram 56..56\n");
  CHECK(fates_of_cuts({cat({hex("02000000"), inner}), LinkType::kNull}) ==
        "truncatedLink 0..3\ntruncatedIp 4..23\ntruncatedUdp 24..39\ndatagram 40..40\n");
  CHECK(fates_of_cuts({ethernet(44, cat({hex("aaaa 03 000000 0800"), inner}))}) ==
        "truncatedLink 0..21\ntruncatedIp 22..41\ntruncatedUdp 42..57\ndatagram 58..58\n");
}

TEST_CASE("What is left of the payload is told beside its length on the wire") {
  Packet packet{ethernet(0x0800, ipv4(udp(payload(160))))};
  packet.cut_at = 96;
  Rig rig;
  CHECK(rig.decode(packet) == "192.0.2.1 5004 > 198.51.100.2 6004, 160 bytes, dscp 46, ttl 64, captured 54");
  CHECK(rig.last_payload() == first(payload(160), 54));
}

// Tunnels that are told by EtherType or IP protocol number: what is inside comes
// out with the tunnel's id, and every header that cannot be has a name.
#include "test_decode_support.h"

using namespace decode_test;

namespace {

// An outer IPv4 packet that differs from the inner one in every field that is told.
Octets outer(size_t protocol, const Octets& content) {
  return ethernet(0x0800, ipv4(content, {.protocol = protocol, .ttl = 9}));
}

// The fate of `content` in GRE with these 4 octets of header, or behind another one.
std::string gre(const std::string& header, const Octets& content) {
  return decode(outer(47, cat({hex(header), content})));
}
std::string mpls(const std::string& stack, const Octets& content) {
  return decode(ethernet(0x8847, cat({hex(stack), content})));
}
std::string pppoe(const std::string& header, const Octets& content, size_t length) {
  return decode(ethernet(0x8864, cat({hex(header), be16(length), content})));
}

}  // namespace

TEST_CASE("IP in IP is opened in all four ways") {
  CHECK(decode(outer(4, kInner)) == kInnerTold + "ipInIp 0");
  CHECK(decode(outer(41, kInner6)) == kInner6Told + "ipInIp 0");
  CHECK(decode(ethernet(0x86dd, ipv6(4, kInner))) == kInnerTold + "ipInIp 0");
  CHECK(decode(ethernet(0x86dd, ipv6(41, kInner6))) == kInner6Told + "ipInIp 0");
  CHECK(decode(outer(4, kInner6)) == "malformedIp");
  CHECK(decode(outer(4, ipv4(Octets(20), {.protocol = 6}))) == "tcp");
}

TEST_CASE("The VLAN is that of the outer frame, the one in a tunnel stands beside it") {
  const Octets tunnel = ipv4(cat({hex("0000 6558"), kTagged}), {.protocol = 47});
  CHECK(decode(ethernet(0x8100, cat({be16(7), be16(0x0800), tunnel}))) ==
        kInnerTold + "vlan 7, gre 0 vlan 291");
}

TEST_CASE("GRE is stepped over by its flags") {
  //            C K S, type   checksum, reserved   key        sequence
  CHECK(gre("0000 0800", kInner) == kInnerTold + "gre 0");
  CHECK(gre("0000 86dd", kInner6) == kInner6Told + "gre 0");
  CHECK(gre("8000 0800   1234 0000", kInner) == kInnerTold + "gre 0");
  CHECK(gre("2000 0800                       00000007", kInner) == kInnerTold + "gre 7 apart");
  CHECK(gre("1000 0800                                  000000ff", kInner) == kInnerTold + "gre 0");
  CHECK(gre("b000 0800   1234 0000           00000007   000000ff", kInner) == kInnerTold + "gre 7 apart");
  CHECK(gre("0000 6558", kFrame) == kInnerTold + "gre 0");
  CHECK(gre("0000 8847   0012 3140", kInner) == kInnerTold + "gre 0, mpls 291 depth 2");
}

TEST_CASE("GRE of other kinds is not opened, and one that is too short is malformed") {
  CHECK(gre("0000 0000", Octets(20)) == "unopenedEncapsulation");            // keep-alive
  CHECK(gre("3081 880b 0014 0001", Octets(28)) == "unopenedEncapsulation");  // PPTP
  CHECK(gre("4000 0800 0000 0000", kInner) == "unopenedEncapsulation");      // source routing
  CHECK(decode(outer(47, hex("0000 08"))) == "malformedTunnel");
  CHECK(decode(outer(47, hex("b000 0800 0000 0000 0000 0000 0000 00"))) == "malformedTunnel");
}

TEST_CASE("A GRE key with frames is an NVGRE subnet unless that one is reserved") {
  //                 VSID, flow
  CHECK(gre("2000 6558 001388 2a", kFrame) == kInnerTold + "nvgre 5000 apart");
  CHECK(gre("2000 6558 001000 00", kTagged) == kInnerTold + "nvgre 4096 vlan 291 apart");
  CHECK(gre("2000 6558 000fff 2a", kFrame) == kInnerTold + "gre 1048362 apart");
}

TEST_CASE("ERSPAN is opened in its three types") {
  // II: version 1 and VLAN 100, COS 0, En 3, T 0, session 5; reserved, index
  const std::string type2 = "1000 88be 00000001  1064 1805 00000003";
  // III: version 2 and VLAN 100, session 1023; time; group; frame type, hardware, O
  const std::string type3 = "1000 22eb 00000001  2064 03ff 11223344 0000 ";
  CHECK(gre("0000 88be", kFrame) == kInnerTold + "erspan 0");
  CHECK(gre(type2, kFrame) == kInnerTold + "erspan 5");
  CHECK(gre(type2, kTagged) == kInnerTold + "erspan 5 vlan 291");
  CHECK(gre(type3 + "0000", kFrame) == kInnerTold + "erspan 1023");
  CHECK(gre(type3 + "0001 0102030405060708", kFrame) == kInnerTold + "erspan 1023");
  CHECK(gre(type3 + "0800", kInner6) == kInner6Told + "erspan 1023");  // frame type 2: IP
  CHECK(gre(type3 + "0400", kFrame) == "unopenedEncapsulation");       // frame type 1
  CHECK(gre("1000 88be 00000001  3064 1805 00000003", kFrame) == "malformedTunnel");
  CHECK(gre("1000 88be 00000001  1064 1805 0000", {}) == "malformedTunnel");
  CHECK(gre(type3 + "0001 01020304", {}) == "malformedTunnel");
}

TEST_CASE("MPLS is opened by what lies below the last label") {
  //           label, TC, S, TTL
  CHECK(mpls("00123 1 40", kInner) == kInnerTold + "mpls 291");
  CHECK(mpls("00123 0 40  00456 1 40", kInner6) == kInner6Told + "mpls 1110");
  CHECK(mpls("00123 1 40", kFrame) == kInnerTold + "mpls 291");
  CHECK(mpls("00123 1 40  00000007", kFrame) == kInnerTold + "mpls 291");  // control word
  CHECK(mpls("00123 1 40  00000007", kTagged) == kInnerTold + "mpls 291 vlan 291");
  CHECK(decode(outer(137, cat({hex("00123140"), kInner}))) == kInnerTold + "mpls 291");
  CHECK(decode(ethernet(0x8848, cat({hex("00123140"), kInner}))) == kInnerTold + "mpls 291");
}

TEST_CASE("The MPLS label that is told is no special and no entropy label") {
  CHECK(mpls("00123 0 40  00007 0 40  abcde 1 00", kInner) == kInnerTold + "mpls 291");
  CHECK(mpls("00123 0 40  0000f 0 40  00012 1 00", kInner) == kInnerTold + "mpls 291");
  CHECK(mpls("00000 1 40", kInner) == kInnerTold + "mpls 0");  // IPv4 explicit null
}

TEST_CASE("A frame below MPLS whose address begins like IP is still a frame") {
  Octets frame = kFrame;
  frame[0] = 0x45;
  CHECK(mpls("00123 1 40", frame) == kInnerTold + "mpls 291");
  frame[0] = 0x6b;
  CHECK(mpls("00123 1 40", frame) == kInnerTold + "mpls 291");
}

TEST_CASE("MPLS without an end, content or a content that is known has a name") {
  CHECK(mpls("00123 0 40", {}) == "malformedTunnel");
  CHECK(mpls("00123 1 40", {}) == "malformedTunnel");
  CHECK(decode(ethernet(0x8847, cat({Octets(17 * 4), kInner}))) == "malformedTunnel");
  CHECK(mpls("00123 1 40  10000007", Octets(40)) == "unopenedEncapsulation");  // associated channel
  CHECK(mpls("00123 1 40", cat({hex("4400"), Octets(30)})) == "malformedIp");
}

TEST_CASE("PPPoE sessions are opened by the protocol of PPP") {
  //           ver, type, code; session          PPP protocol
  CHECK(pppoe("11 00 0042", cat({hex("0021"), kInner}), 50) == kInnerTold + "pppoe 66");
  CHECK(pppoe("11 00 0042", cat({hex("21"), kInner}), 49) == kInnerTold + "pppoe 66");
  CHECK(pppoe("11 00 0042", cat({hex("0057"), kInner6}), 70) == kInner6Told + "pppoe 66");
  CHECK(pppoe("11 00 0042", cat({hex("0281 00123140"), kInner}), 54) ==
        kInnerTold + "pppoe 66, mpls 291 depth 2");
  CHECK(pppoe("11 00 0042", cat({hex("c021"), Octets(8)}), 10) == "unopenedEncapsulation");  // LCP
  CHECK(pppoe("12 00 0042", cat({hex("0021"), kInner}), 50) == "malformedTunnel");
  CHECK(pppoe("11 a7 0042", cat({hex("0021"), kInner}), 50) == "malformedTunnel");
  CHECK(pppoe("11 00 0042", cat({hex("0021"), kInner}), 1) == "malformedTunnel");
}

TEST_CASE("A customer's frame in a backbone's is opened, with both VLANs") {
  //                       flags, I-SID
  const Octets bridged = cat({hex("00 012345"), kTagged});
  CHECK(decode(ethernet(0x88e7, bridged)) == kInnerTold + "pbb 74565 vlan 291 apart");
  CHECK(decode(ethernet(0x88a8, cat({be16(9), be16(0x88e7), bridged}))) ==
        kInnerTold + "vlan 9, pbb 74565 vlan 291 apart");
  CHECK(decode(ethernet(0x88e7, hex("00 0123"))) == "malformedTunnel");
}

TEST_CASE("Ethernet directly in IP is opened, of EtherIP version 3 alone") {
  CHECK(decode(outer(97, cat({hex("3000"), kFrame}))) == kInnerTold + "etherIp 0");
  CHECK(decode(outer(143, kFrame)) == kInnerTold + "etherIp 0");
  CHECK(decode(outer(97, cat({hex("4000"), kFrame}))) == "malformedTunnel");
  CHECK(decode(outer(97, cat({hex("3001"), kFrame}))) == "malformedTunnel");
  CHECK(decode(outer(97, hex("30"))) == "malformedTunnel");
}

TEST_CASE("Four tunnels one within the other are opened, five are too deep") {
  Octets nested = kInner;
  std::string around;
  for (int depth = 1; depth <= 4; ++depth) {
    CHECK(decode(outer(4, nested)) ==
          kInnerTold + around + "ipInIp 0" + (depth > 1 ? " depth " + std::to_string(depth) : ""));
    nested = ipv4(nested, {.protocol = 4});
    around += "ipInIp 0, ";
  }
  CHECK(decode(outer(4, nested)) == "tunnelTooDeep");
  CHECK(decode(outer(4, ipv4(nested, {.protocol = 4}))) == "tunnelTooDeep");
}

TEST_CASE("Identities tell networks apart, in whatever tunnels they come") {
  const auto identity = [](const Octets& frame) {
    Rig rig;
    rig.decode(frame);
    return rig.last_identity();
  };
  const auto keyed = [](const std::string& key) { return cat({hex("2000 0800" + key), kInner}); };
  const uint64_t seven = identity(outer(47, keyed("00000007")));
  CHECK(seven != 0);
  CHECK(seven != identity(outer(47, keyed("00000008"))));
  CHECK(seven ==
        identity(ethernet(0x8847, cat({hex("00123140"), ipv4(keyed("00000007"), {.protocol = 47})}))));
  CHECK(identity(ethernet(0x88e7, cat({hex("00 000007"), kFrame}))) != seven);
  const Octets inside = ipv4(keyed("00000007"), {.protocol = 47});
  CHECK(identity(outer(47, cat({hex("2000 0800 00000001"), inside}))) != seven);
}

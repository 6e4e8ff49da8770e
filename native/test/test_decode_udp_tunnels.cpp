// Tunnels in UDP: the port alone makes none, so whatever does not validate stays
// the datagram that it is.
#include "test_decode_support.h"

using namespace decode_test;

namespace {

Octets between(size_t src_port, size_t dst_port, const Octets& content) {
  const Octets datagram = cat({be16(src_port), be16(dst_port), be16(content.size() + 8), be16(0), content});
  return ethernet(0x0800, ipv4(datagram, {.ttl = 9}));
}

// "plain" when the datagram is not taken for a tunnel.
std::string to(size_t port, const Octets& content) {
  const std::string fate = decode(between(40000, port, content));
  const std::string plain = "192.0.2.1 40000 > 198.51.100.2 " + std::to_string(port) + ", " +
                            std::to_string(content.size()) + " bytes, dscp 46, ttl 9";
  return fate == plain ? "plain" : fate;
}

std::string vxlan(const std::string& header, const Octets& content) {
  return to(4789, cat({hex(header), content}));
}
std::string gpe(const std::string& header, const Octets& content) {
  return to(4790, cat({hex(header), content}));
}
std::string geneve(const std::string& header, const Octets& content) {
  return to(6081, cat({hex(header), content}));
}
std::string tzsp(const std::string& header, const Octets& content) {
  return to(37008, cat({hex(header), content}));
}

// GTP-U with the length that is right, or `less` less.
std::string gtpu(const std::string& flags_and_type, const Octets& options, const Octets& content,
                 size_t less = 0) {
  const Octets rest = cat({options, content});
  return to(2152, cat({hex(flags_and_type), be16(rest.size() - less), hex("000000aa"), rest}));
}

Octets chunk(size_t type, const Octets& value) {
  return cat({be16(0), be16(type), be16(value.size() + 6), value});
}
Octets hep(const Octets& chunks) { return cat({hex("48455033"), be16(chunks.size() + 6), chunks}); }
const Octets kHepAddresses =
    cat({chunk(1, {2}), chunk(2, {17}), chunk(3, hex("0a000001")), chunk(4, hex("0a000002")),
         chunk(7, be16(4000)), chunk(8, be16(4002)), chunk(12, be32(228))});
const std::string kHepFlow = "10.0.0.1 4000 > 10.0.0.2 4002, ";

}  // namespace

TEST_CASE("VXLAN is opened by either port") {
  //           flags, group  VNI, reserved
  const Octets tunnel = cat({hex("08 000000  001388 00"), kFrame});
  CHECK(to(4789, tunnel) == kInnerTold + "vxlan 5000 apart");
  CHECK(decode(between(4789, 40000, tunnel)) == kInnerTold + "vxlan 5000 apart");
  CHECK(vxlan("08 000000  001388 00", kTagged) == kInnerTold + "vxlan 5000 vlan 291 apart");
  CHECK(vxlan("88 48 0102  001388 00", kFrame) == kInnerTold + "vxlan 5000 apart");  // group policy
  CHECK(vxlan("08 000000  001388 00", ethernet(0x0806, Octets(28))) == "notIp");
}

TEST_CASE("What is no VXLAN header or holds no frame stays plain") {
  CHECK(vxlan("00 000000  001388 00", kFrame) == "plain");  // no VNI
  CHECK(vxlan("09 000000  001388 00", kFrame) == "plain");  // reserved bits, each of them
  CHECK(vxlan("08 000001  001388 00", kFrame) == "plain");
  CHECK(vxlan("08 000000  001388 01", kFrame) == "plain");
  CHECK(vxlan("88 010000  001388 00", kFrame) == "plain");
  CHECK(vxlan("08 000000  001388 00", ethernet(0x1234, kInner)) == "plain");
  CHECK(vxlan("08 000000  001388 00", ethernet(0x0800, kInner6)) == "plain");
  CHECK(vxlan("08 000000  001388 00", first(kFrame, kFrame.size() - 1)) == "plain");
  CHECK(vxlan("08 000000  001388 00", Octets(13)) == "plain");
  CHECK(vxlan("08 000000  0013", {}) == "plain");
}

TEST_CASE("VXLAN-GPE is opened by its next protocol") {
  //         flags, reserved, next  VNI
  CHECK(gpe("0c 0000 01  001388 00", kInner) == kInnerTold + "vxlan 5000 apart");
  CHECK(gpe("0c 0000 02  001388 00", kInner6) == kInner6Told + "vxlan 5000 apart");
  CHECK(gpe("0e 0000 03  001388 00", kFrame) == kInnerTold + "vxlan 5000 apart");  // B
  CHECK(gpe("0c 0000 05  001388 00", cat({hex("00123140"), kInner})) ==
        kInnerTold + "vxlan 5000, mpls 291 depth 2 apart");
  CHECK(gpe("08 0000 00  001388 00", kFrame) == kInnerTold + "vxlan 5000 apart");
  CHECK(gpe("08 0000 03  001388 00", kFrame) == "plain");
  CHECK(gpe("0d 0000 03  001388 00", kFrame) == "plain");  // O
  CHECK(gpe("1c 0000 03  001388 00", kFrame) == "plain");  // version 1
  CHECK(gpe("0c 0001 03  001388 00", kFrame) == "plain");
  CHECK(gpe("0c 0000 04  001388 00", kFrame) == "plain");  // NSH
}

TEST_CASE("Geneve is opened behind its options") {
  //            ver, length; flags; type  VNI
  CHECK(geneve("00 00 6558  001388 00", kFrame) == kInnerTold + "geneve 5000 apart");
  CHECK(geneve("02 40 6558  001388 00  0102 03 01 04050607", kTagged) ==
        kInnerTold + "geneve 5000 vlan 291 apart");
  CHECK(geneve("00 00 0800  001388 00", kInner) == kInnerTold + "geneve 5000 apart");
  CHECK(geneve("00 00 86dd  001388 00", kInner6) == kInner6Told + "geneve 5000 apart");
  CHECK(geneve("40 00 6558  001388 00", kFrame) == "plain");  // version 1
  CHECK(geneve("00 80 6558  001388 00", kFrame) == "plain");  // O
  CHECK(geneve("00 01 6558  001388 00", kFrame) == "plain");
  CHECK(geneve("00 00 6558  001388 01", kFrame) == "plain");
  CHECK(geneve("00 00 1234  001388 00", kFrame) == "plain");
  CHECK(geneve("3f 00 6558  001388 00", kFrame) == "plain");  // options beyond the datagram
}

TEST_CASE("GTP-U is opened behind optional fields and extension headers") {
  //          flags, type  sequence, N-PDU, next
  CHECK(gtpu("30 ff", {}, kInner) == kInnerTold + "gtpu 170");
  CHECK(gtpu("30 ff", {}, kInner6) == kInner6Told + "gtpu 170");
  CHECK(gtpu("32 ff", hex("0001 00 00"), kInner) == kInnerTold + "gtpu 170");
  CHECK(gtpu("31 ff", hex("0000 01 85"), kInner) ==
        kInnerTold + "gtpu 170");  // the next field counts with E alone
  CHECK(gtpu("34 ff", hex("0000 00 00"), kInner) == kInnerTold + "gtpu 170");
  //                       PDU session of 5G          another, 8 bytes long
  CHECK(gtpu("34 ff", hex("0000 00 85  01 10 09 c0  02 010203040506 00"), kInner) == kInnerTold + "gtpu 170");
}

TEST_CASE("Other GTP messages stay plain, extension headers that cannot be are malformed") {
  CHECK(gtpu("30 01", {}, kInner) == "plain");  // echo
  CHECK(gtpu("50 ff", {}, kInner) == "plain");  // version 2
  CHECK(gtpu("20 ff", {}, kInner) == "plain");  // GTP'
  CHECK(gtpu("38 ff", {}, kInner) == "plain");  // spare bit
  CHECK(gtpu("30 ff", {}, Octets(40)) == "plain");
  CHECK(gtpu("30 ff", {}, kInner, 1) == "plain");
  CHECK(to(2152, hex("30 ff 0001 000000aa")) == "plain");
  CHECK(gtpu("32 ff", {}, hex("0001 00")) == "malformedTunnel");
  CHECK(gtpu("34 ff", hex("0000 00 85  00 10 09 00"), kInner) == "malformedTunnel");
  CHECK(gtpu("34 ff", hex("0000 00 85  7f 10 09 00"), kInner) == "malformedTunnel");
  CHECK(gtpu("34 ff", hex("0000 00 85  01 10 09 85"), {}) == "malformedTunnel");
}

TEST_CASE("TZSP is opened behind its tags") {
  //          version, type, Ethernet   padding, channel of 1 octet, end
  CHECK(tzsp("01 00 0001  01", kFrame) == kInnerTold + "tzsp 0");
  CHECK(tzsp("01 01 0001  00 12 01 06 01", kTagged) == kInnerTold + "tzsp 0 vlan 291");
  CHECK(tzsp("02 00 0001  01", kFrame) == "plain");
  CHECK(tzsp("01 04 0001  01", kFrame) == "plain");  // keep-alive
  CHECK(tzsp("01 00 0012  01", kFrame) == "plain");  // 802.11
  CHECK(tzsp("01 00 0001  01", ethernet(0x1234, kInner)) == "plain");
  CHECK(tzsp("01 00 0001  12 ff 0102", {}) == "malformedTunnel");
  CHECK(tzsp("01 00 0001  00000000 12", {}) == "malformedTunnel");
  CHECK(tzsp("01 00 0001  00000000 00", {}) == "malformedTunnel");
}

TEST_CASE("RTP and RTCP to the port of a tunnel are not hidden") {
  for (const size_t port : {2152u, 4789u, 4790u, 6081u, 37008u, 9060u}) {
    CAPTURE(port);
    for (const char* begin : {"80 00", "88 00", "90 60", "b8 ff", "80 c8", "81 c9"}) {
      CHECK(to(port, cat({hex(begin), hex("0001 00001388 00000000"), kFrame})) == "plain");
    }
  }
}

TEST_CASE("HEP3 gives the datagram that it tells of, on any port") {
  const Octets media = payload(20);
  const Octets told = cat({kHepAddresses, chunk(11, {4}), chunk(15, media)});
  CHECK(to(9060, hep(told)) == kHepFlow + "20 bytes, dscp 0, ttl 0, hep 228");
  CHECK(to(1234, hep(told)) == kHepFlow + "20 bytes, dscp 0, ttl 0, hep 228");
  // In another order, with type of service and VLAN, and a chunk of a vendor.
  const Octets more = cat({chunk(15, media), chunk(24, {0xb8}), chunk(18, be16(7)), hex("0001 0003 0007 00"),
                           chunk(11, {5}), kHepAddresses});
  CHECK(to(9060, hep(more)) == kHepFlow + "20 bytes, dscp 46, ttl 0, hep 228 vlan 7");
  const Octets six =
      cat({chunk(5, Octets(16, 0x20)), chunk(6, Octets(16, 0x21)), chunk(11, {1}), chunk(15, media)});
  CHECK(to(9060, hep(six)) ==
        "2020:2020:2020:2020:2020:2020:2020:2020 0 > 2121:2121:2121:2121:2121:2121:2121:2121 0, 20 bytes, "
        "dscp 0, "
        "ttl 0, hep 0");
}

TEST_CASE("The example of HEP3 in the standard's notes is read whole") {
  const Octets example = hex(
      "484550330071 00000001000702 00000002000711 00000003000ad4ca0001 00000004000a527400d3 0000000700082eea "
      "00000008000813c4 00000009000a4e4982cb 0000000a000a0001d4c0 0000000b000701 0000000c000a000000e4 "
      "0000000f0014494e56495445207369703a626f62");
  Rig rig;
  CHECK(rig.decode(between(40000, 9060, example)) ==
        "212.202.0.1 12010 > 82.116.0.211 5060, 14 bytes, dscp 0, ttl 0, hep 228");
  CHECK(std::string(rig.last_payload().begin(), rig.last_payload().end()) == "INVITE sip:bob");
}

TEST_CASE("HEP3 without addresses or with other content is not opened, chunks that cannot be are malformed") {
  const Octets media = chunk(15, payload(20));
  CHECK(to(9060, hep(cat({kHepAddresses, chunk(11, {100}), media}))) ==
        "unopenedEncapsulation");  // a log line
  CHECK(to(9060, hep(cat({kHepAddresses, chunk(11, {4}), chunk(16, payload(20))}))) ==
        "unopenedEncapsulation");
  CHECK(to(9060, hep(cat({chunk(11, {4}), media}))) == "unopenedEncapsulation");
  CHECK(to(9060, hep(cat({chunk(3, hex("0a0000")), media}))) == "malformedTunnel");
  CHECK(to(9060, hep(hex("0000 000f 0005"))) == "malformedTunnel");
  CHECK(to(9060, hep(hex("0000 000f 0010 00"))) == "malformedTunnel");
  CHECK(to(9060, hep(hex("0000 00"))) == "malformedTunnel");
  CHECK(to(9060, cat({hex("48455033 0100"), kHepAddresses})) == "plain");  // longer than the datagram
  CHECK(to(9060, hex("48455033 0005 0000")) == "plain");
}

TEST_CASE("Fragments of a tunnel and fragments in a tunnel are put together, each tunnel for itself") {
  const Octets datagram = udp(payload(1200));
  const auto part = [&](size_t begin, size_t end, size_t vni) {
    const Octets bytes(datagram.begin() + static_cast<ptrdiff_t>(begin),
                       datagram.begin() + static_cast<ptrdiff_t>(end));
    const Octets inner = ipv4(bytes, {.more = end < datagram.size(), .offset = begin});
    return cat({hex("08000000"), be32(vni << 8), ethernet(0x0800, inner)});
  };
  const std::string whole =
      "192.0.2.1 5004 > 198.51.100.2 6004, 1200 bytes, dscp 46, ttl 64, reassembled, vxlan ";
  Rig rig;
  CHECK(rig.decode(between(1, 4789, part(0, 800, 1))) == "fragmentsHeld");
  CHECK(rig.decode(between(1, 4789, part(0, 800, 2))) == "fragmentsHeld");
  CHECK(rig.decode(between(1, 4789, part(800, 1208, 2))) == whole + "2 apart");
  CHECK(rig.last_payload() == payload(1200));

  // The rest of the first one in a tunnel that is itself in two pieces.
  const Octets last = part(800, 1208, 1);
  const Octets outer = cat({be16(1), be16(4789), be16(last.size() + 8), be16(0), last});
  const Octets head = first(outer, 400), tail(outer.begin() + 400, outer.end());
  CHECK(rig.decode(ethernet(0x0800, ipv4(head, {.id = 9, .more = true}))) == "fragmentsHeld");
  CHECK(rig.decode(ethernet(0x0800, ipv4(tail, {.id = 9, .offset = 400}))) == whole + "1 apart");
  CHECK(rig.last_payload() == payload(1200));
  CHECK(rig.counts() == "datagrams 2, fragmentsReassembled 3, tunnelledPackets 2");
}

// IP headers and UDP: what is read from them, and every reason to stop there.
#include "test_decode_support.h"

using namespace decode_test;
using rtpsonde::LinkType;

namespace {

const std::string kUdp4 = "192.0.2.1 5004 > 198.51.100.2 6004, 20 bytes, dscp 46, ttl 64";
const std::string kUdp6 = "2001:db8::1 5004 > 2001:db8::2 6004, 20 bytes, dscp 46, ttl 64";

std::string decode4(const Octets& content, const Ipv4& header = {}) {
  return decode(ethernet(0x0800, ipv4(content, header)));
}

std::string decode6(size_t next_header, const Octets& content, int payload_len = -1) {
  return decode(ethernet(0x86dd, ipv6(next_header, content, payload_len)));
}

// An extension header of 8 bytes and what follows it.
Octets extension(size_t next_header, const Octets& content) {
  return cat({{static_cast<uint8_t>(next_header)}, hex("00 0104 00000000"), content});
}

}  // namespace

TEST_CASE("IPv4 options are stepped over") {
  CHECK(decode4(udp(payload(20)), {.options = hex("94040000")}) == kUdp4);
  CHECK(decode4(udp(payload(20)), {.options = Octets(40, 1)}) == kUdp4);
}

TEST_CASE("An IPv4 total length of 0 stands for all there was on the wire") {
  CHECK(decode4(udp(payload(20)), {.total_len = 0}) == kUdp4);
}

TEST_CASE("An IPv4 total length beyond the frame counts as cut by the capture") {
  CHECK(decode4(udp(payload(20), 108), {.total_len = 128}) ==
        "192.0.2.1 5004 > 198.51.100.2 6004, 100 bytes, dscp 46, ttl 64, captured 20");
}

TEST_CASE("IPv4 headers that contradict themselves are malformed") {
  Octets short_ihl = ethernet(0x0800, ipv4(udp(payload(20))));
  short_ihl[14] = 0x44;
  CHECK(decode(short_ihl) == "malformedIp");
  CHECK(decode4(udp(payload(20)), {.total_len = 19}) == "malformedIp");
  CHECK(decode4(udp(payload(20)), {.total_len = 20, .options = Octets(4, 1)}) == "malformedIp");
  CHECK(decode(ethernet(0x0800, ipv6(17, udp(payload(20))))) == "malformedIp");
  CHECK(decode(ethernet(0x86dd, ipv4(udp(payload(20))))) == "malformedIp");
}

TEST_CASE("Protocols other than UDP end under their names") {
  const auto fate = [](size_t protocol) { return decode4(Octets(40), {.protocol = protocol}); };
  CHECK(fate(1) == "icmp");
  CHECK(fate(6) == "tcp");
  CHECK(fate(2) == "otherIpProtocol");    // IGMP
  CHECK(fate(89) == "otherIpProtocol");   // OSPF
  CHECK(fate(132) == "otherIpProtocol");  // SCTP
  CHECK(fate(136) == "otherIpProtocol");  // UDP-Lite
  for (const size_t tunnel : {50u, 51u, 55u, 115u}) {
    CHECK(fate(tunnel) == "unopenedEncapsulation");
  }
  CHECK(decode6(58, Octets(8)) == "icmp");
  CHECK(decode6(6, Octets(20)) == "tcp");
  CHECK(decode6(59, {}) == "otherIpProtocol");  // no next header
  CHECK(decode6(50, Octets(20)) == "unopenedEncapsulation");
}

TEST_CASE("IPv6 extension headers are stepped over") {
  const Octets datagram = udp(payload(20));
  CHECK(decode6(0, extension(17, datagram)) == kUdp6);
  CHECK(decode6(0, extension(60, extension(43, extension(17, datagram)))) == kUdp6);
  CHECK(decode6(60, cat({hex("11 01"), Octets(14), datagram})) == kUdp6);  // 16 bytes
  CHECK(decode6(51, cat({hex("11 04"), Octets(22), datagram})) == kUdp6);  // authentication, 24 bytes
  CHECK(decode6(0, extension(58, Octets(8))) == "icmp");
}

TEST_CASE("IPv6 extension headers end: in number, in the payload, in the capture") {
  Octets chain = extension(17, udp(payload(20)));
  for (int i = 0; i < 7; ++i) chain = extension(60, chain);
  CHECK(decode6(60, chain) == kUdp6);
  CHECK(decode6(60, extension(60, chain)) == "malformedIp");
  CHECK(decode6(0, hex("11 00 0104")) == "malformedIp");
  CHECK(decode6(0, hex("11 ff 0104 00000000")) == "malformedIp");
  CHECK(decode6(0, hex("11 ff 0104 00000000"), 2100) == "truncatedIp");
  CHECK(decode6(0, {}, 8) == "truncatedIp");
}

TEST_CASE("An IPv6 payload length of 0 stands for all there was on the wire") {
  CHECK(decode6(17, udp(payload(20)), 0) == kUdp6);
  // A jumbogram: length in the hop-by-hop option, and 0 as UDP length (RFC 2675).
  CHECK(decode6(0, cat({hex("11 00 c204 00000024"), udp(payload(20), 0)}), 0) == "malformedUdp");
}

TEST_CASE("An atomic fragment is a whole datagram") {
  CHECK(decode(ethernet(0x86dd, ipv6_fragment(17, udp(payload(20)), 0, false))) == kUdp6);
  const Octets two_headers = cat({hex("2c 00 0000 00001234"), hex("11 00 0000 00001234"), udp(payload(20))});
  CHECK(decode6(44, two_headers) == "malformedIp");
}

TEST_CASE("A UDP length that IP cannot hold is malformed, bytes behind it are ignored") {
  CHECK(decode4(udp(payload(20), 29)) == "malformedUdp");
  CHECK(decode4(udp(payload(20), 7)) == "malformedUdp");
  CHECK(decode4(udp(payload(20), 0)) == "malformedUdp");
  CHECK(decode4(hex("138c 1774 0008")) == "malformedUdp");
  CHECK(decode6(17, udp(payload(20), 29)) == "malformedUdp");
  CHECK(decode4(udp(payload(24), 28)) == kUdp4);
}

TEST_CASE("Datagrams shorter than any RTP are handed on: they are whole") {
  CHECK(decode4(udp({})) == "192.0.2.1 5004 > 198.51.100.2 6004, 0 bytes, dscp 46, ttl 64");
  CHECK(decode4(udp(payload(3))) == "192.0.2.1 5004 > 198.51.100.2 6004, 3 bytes, dscp 46, ttl 64");
}

TEST_CASE("A wire length below the captured one is not believed") {
  const Octets frame = ethernet(0x0800, ipv4(udp(payload(20)), {.total_len = 0}));
  rtpsonde::PacketView view;
  view.bytes = {frame.data(), frame.size()};
  view.wire_len = 3;
  rtpsonde::Decoder decoder{rtpsonde::FragmentOptions{}};
  rtpsonde::Counters counters;
  rtpsonde::Datagram datagram;
  REQUIRE(decoder.decode(view, counters, datagram));
  CHECK(describe(datagram) == kUdp4);
}

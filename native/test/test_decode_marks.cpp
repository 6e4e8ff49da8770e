// What a datagram keeps of the way it took: link, IP identification, UDP checksum.
// By these a mirror port's copies are told from packets that were sent twice.
#include "test_decode_support.h"

using namespace decode_test;
using rtpsonde::LinkType;

namespace {

struct Marks {
  uint32_t link;
  std::string rest;  // "id 4660, checksum 48879"
};

Marks marks(const Packet& packet) {
  rtpsonde::Decoder decoder(rtpsonde::FragmentOptions{});
  rtpsonde::Counters counters;
  rtpsonde::Datagram d;
  std::memset(static_cast<void*>(&d), 0xa5, sizeof d);
  rtpsonde::PacketView view;
  view.bytes = {packet.octets.data(), packet.octets.size()};
  view.wire_len = static_cast<uint32_t>(packet.octets.size());
  view.link_type = static_cast<uint16_t>(packet.link_type);
  REQUIRE(decoder.decode(view, counters, d));
  return {d.link_digest, "id " + std::to_string(d.ip_id) + ", checksum " + std::to_string(d.udp_checksum)};
}

Octets datagram() {
  Octets out = udp(payload(40));
  out[6] = 0xbe;
  out[7] = 0xef;
  return out;
}

Octets frame_between(const std::string& stations, const Octets& network) {
  return cat({hex(stations), be16(0x0800), network});
}

// Packet type, ARPHRD, length and address of a station, protocol.
Packet cooked(const std::string& header) {
  return {cat({hex(header), be16(0x0800), ipv4(datagram())}), LinkType::kLinuxSll};
}

// Protocol, reserved, interface, ARPHRD, packet type, length and address of a station.
Packet cooked2(const std::string& interface, const std::string& rest) {
  return {cat({be16(0x0800), be16(0), hex(interface), hex(rest), ipv4(datagram())}), LinkType::kLinuxSll2};
}

}  // namespace

TEST_CASE("Identification and checksum are there, on the short way and on the general one") {
  CHECK(marks({ethernet(0x0800, ipv4(datagram()))}).rest == "id 4660, checksum 48879");
  CHECK(marks({ethernet(0x0800, ipv4(datagram(), {.options = hex("01010101")}))}).rest ==
        "id 4660, checksum 48879");
}

TEST_CASE("IPv6 has an identification only in a fragment header") {
  CHECK(marks({ethernet(0x86dd, ipv6(17, datagram()))}).rest == "id 0, checksum 48879");
  CHECK(marks({ethernet(0x86dd, ipv6_fragment(17, datagram(), 0, false, 0x56789abc))}).rest ==
        "id 39612, checksum 48879");
}

TEST_CASE("Both stations of Ethernet make the link, on the short way and on the general one") {
  const std::string stations = "020000000002 020000000001";
  const uint32_t link = marks({frame_between(stations, ipv4(datagram()))}).link;
  CHECK(link != 0);
  CHECK(marks({frame_between(stations, ipv4(datagram(), {.id = 9, .options = hex("01010101"), .ttl = 9}))})
            .link == link);
  CHECK(marks({cat({hex(stations + "8100 0005 0800"), ipv4(datagram())})}).link == link);
  CHECK(marks({frame_between("020000000003 020000000001", ipv4(datagram()))}).link != link);
  CHECK(marks({frame_between("020000000002 020000000004", ipv4(datagram()))}).link != link);
  CHECK(marks({frame_between("020000000001 020000000002", ipv4(datagram()))}).link != link);
}

TEST_CASE("Of a cooked capture direction, kind of interface and station make the link") {
  const uint32_t in = marks(cooked("0000 0001 0006 020000000001 0000")).link;
  CHECK(marks(cooked("0000 0001 0006 020000000001 0000")).link == in);
  CHECK(marks(cooked("0004 0001 0006 020000000001 0000")).link != in);
  CHECK(marks(cooked("0000 fffe 0006 020000000001 0000")).link != in);
  CHECK(marks(cooked("0000 0001 0006 020000000002 0000")).link != in);
}

TEST_CASE("Of a cooked capture of the second kind the interface makes the link too") {
  const std::string rest = "0001 00 06 020000000001 0000";
  const uint32_t link = marks(cooked2("00000002", rest)).link;
  CHECK(marks(cooked2("00000002", rest)).link == link);
  CHECK(marks(cooked2("00000003", rest)).link != link);
  CHECK(marks(cooked2("00000002", "0001 04 06 020000000001 0000")).link != link);
}

TEST_CASE("Without a link layer there is no link") {
  CHECK(marks({ipv4(datagram()), LinkType::kRawIp}).link == 0);
}

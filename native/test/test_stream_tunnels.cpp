// Streams in tunnels: which of them are one, and what is kept of the tunnel.
#include "core/stream/key.h"
#include "test_decode_support.h"
#include "test_engine_support.h"

using namespace rtpsonde;

namespace {

constexpr HashSeed kSeed{{1, 2, 3, 4}};

using Wire = decode_test::Octets;

Wire media(uint16_t seq) {
  const engine_test::Octets rtp = engine_test::rtp({.seq = seq, .timestamp = seq * 160u, .ssrc = 42});
  return decode_test::ipv4(decode_test::udp({rtp.begin(), rtp.end()}));
}

Wire plain(const Wire& packet) { return decode_test::ethernet(0x0800, packet); }

Wire in_udp(size_t port, const Wire& content) {
  return plain(decode_test::ipv4(
      decode_test::cat({decode_test::be16(1), decode_test::be16(port), decode_test::be16(content.size() + 8),
                        decode_test::be16(0), content})));
}

Wire gtpu(size_t teid, const Wire& packet) {
  return in_udp(2152, decode_test::cat({decode_test::hex("30ff"), decode_test::be16(packet.size()),
                                        decode_test::be32(teid), packet}));
}

Wire vxlan(size_t vni, const Wire& packet) {
  return in_udp(4789,
                decode_test::cat({decode_test::hex("08000000"), decode_test::be32(vni << 8), plain(packet)}));
}

// The streams that come of frames 20 ms apart, one to a line.
std::string streams_of(const std::vector<Wire>& frames) {
  engine_test::MeterRig rig;
  int64_t ts_ns = 0;
  for (const Wire& frame : frames) rig.feed(ts_ns += 20'000'000, {frame.begin(), frame.end()});
  rig.finish();
  std::string text;
  for (const engine_test::Sealed& block : rig.blocks()) {
    for (const StreamRecord& r : block.records) {
      if (r.kind == 2)
        text += std::to_string(r.packets).substr(0, 1) + " of v" + std::to_string(r.ip_version) + "\n";
    }
  }
  return text;
}

}  // namespace

TEST_CASE("A key without identity is that of plain packets, every identity gives another one") {
  const uint8_t a[] = {192, 0, 2, 1}, b[] = {198, 51, 100, 2};
  const Address src = map_ipv4(a), dst = map_ipv4(b);
  const Address src6{0x20, 1, 0xd, 0xb8, 9}, dst6{0xfe, 0x80, 1};
  for (const bool ipv6 : {false, true}) {
    const auto key = [&](uint64_t identity) {
      return make_key(ipv6 ? src6 : src, ipv6 ? dst6 : dst, ipv6 ? 6 : 4, 1, 2, 3, kSeed, identity);
    };
    CHECK(key(0) == make_key(ipv6 ? src6 : src, ipv6 ? dst6 : dst, ipv6 ? 6 : 4, 1, 2, 3, kSeed));
    CHECK_FALSE(key(1) == key(0));
    CHECK_FALSE(key(1) == key(2));
    CHECK_FALSE(key(1) == key(uint64_t{1} << 63));
    CHECK(key(7) == key(7));
  }
}

TEST_CASE("A tunnelled stream keeps its addresses and its tunnels, a plain one of IPv4 nothing") {
  StreamTable table(8);
  const uint8_t a[] = {192, 0, 2, 1}, b[] = {198, 51, 100, 2};
  const Address src = map_ipv4(a), dst = map_ipv4(b);
  const uint32_t row = table.insert(make_key(src, dst, 4, 1, 2, 3, kSeed), 0, src, dst, 4);
  const size_t plain_bytes = table.bytes_used();
  const Tunnel tunnel{.identity = 9, .id = 5000, .inner_vlan = 291, .kind = TunnelKind::kVxlan, .depth = 2};
  const OuterTunnels around{{7, 8, 9}, {TunnelKind::kErspan, TunnelKind::kMpls, TunnelKind::kHep}};
  const uint32_t apart =
      table.insert(make_key(src, dst, 4, 1, 2, 3, kSeed, 9), 1, src, dst, 4, tunnel, around);

  CHECK(decode_test::describe(table.tunnel(row)) == "none 0 depth 0");
  CHECK(decode_test::describe(table.tunnel(apart)) == "vxlan 5000 vlan 291 depth 2 apart");
  const StreamEndpoints ends = table.endpoints(apart);
  CHECK(decode_test::describe(ends.outer, 4) == "erspan 7, none 0, none 0, ");  // what a depth of 2 holds
  CHECK(decode_test::describe(table.endpoints(row).outer, 4) == "none 0, none 0, none 0, ");
  CHECK(table.addresses(apart).src == src);
  CHECK(table.addresses(apart).dst == dst);
  CHECK(table.addresses(apart).ip_version == 4);
  CHECK(plain_bytes + sizeof(StreamHot) + sizeof(StreamCold) + 2 * sizeof(StreamEndpoints) ==
        table.bytes_used());
}

TEST_CASE("Packets in GTP-U, of any TEID, and outside of it are one stream") {
  CHECK(streams_of({gtpu(1, media(1)), plain(media(2)), gtpu(2, media(3)), gtpu(1, media(4))}) ==
        "4 of v4\n");
}

TEST_CASE("The same addresses in two VXLAN networks are two streams, and plain ones a third") {
  CHECK(streams_of({vxlan(1, media(1)), vxlan(2, media(1)), plain(media(1)), vxlan(1, media(2)),
                    vxlan(2, media(2)), plain(media(2)), vxlan(1, media(3))}) ==
        "3 of v4\n2 of v4\n2 of v4\n");
}

TEST_CASE("RTCP in a tunnel is that of the stream in the same network") {
  const engine_test::Octets report = engine_test::rtcp(42);
  const Wire rtcp = decode_test::ipv4(decode_test::udp({report.begin(), report.end()}));
  engine_test::MeterRig rig;
  int64_t ts_ns = 0;
  for (const Wire& frame :
       {vxlan(1, media(1)), vxlan(1, media(2)), vxlan(1, rtcp), vxlan(2, rtcp), plain(rtcp)}) {
    rig.feed(ts_ns += 20'000'000, {frame.begin(), frame.end()});
  }
  rig.finish();
  CHECK(rig.blocks().back().records.back().rtcp_packets == 1);
  CHECK(rig.counters().get(Counter::kTunnelledPackets) == 4);
  CHECK(rig.counters().get(Counter::kRtcp) == 3);
}

// Reassembly: in any order a datagram is put together once or given up under a
// reason, and every fragment is counted all the while.
#include <algorithm>
#include <numeric>
#include <random>

#include "test_decode_support.h"

using namespace decode_test;
using rtpsonde::FragmentOptions;
using rtpsonde::LinkType;

namespace {

constexpr int64_t kSecond = 1'000'000'000;
const std::string kWhole = "192.0.2.1 5004 > 198.51.100.2 6004, 3000 bytes, dscp 46, ttl 64, reassembled";

Octets slice(const Octets& octets, size_t begin, size_t end) {
  return {octets.begin() + static_cast<ptrdiff_t>(begin), octets.begin() + static_cast<ptrdiff_t>(end)};
}

// Bytes [begin, end) of an IP payload as an IPv4 fragment, the last one when
// it reaches the end of the payload.
Octets fragment4(const Octets& whole, size_t begin, size_t end, size_t id = 0x1234) {
  return ethernet(0x0800,
                  ipv4(slice(whole, begin, end), {.id = id, .more = end < whole.size(), .offset = begin}));
}

Octets fragment6(const Octets& whole, size_t begin, size_t end, size_t next_header = 17) {
  return ethernet(0x86dd, ipv6_fragment(next_header, slice(whole, begin, end), begin, end < whole.size()));
}

const Octets kDatagram = udp(payload(3000));  // 3008 bytes

std::vector<Octets> three_fragments() {
  return {fragment4(kDatagram, 0, 1480), fragment4(kDatagram, 1480, 2960), fragment4(kDatagram, 2960, 3008)};
}

}  // namespace

TEST_CASE("Fragments in order: the last one completes the datagram") {
  Rig rig;
  const auto parts = three_fragments();
  CHECK(rig.decode(parts[0]) == "fragmentsHeld");
  CHECK(rig.decode(parts[1]) == "fragmentsHeld");
  CHECK(rig.counts() == "datagrams 0, fragmentsHeld 2");
  CHECK(rig.decode(parts[2]) == kWhole);
  CHECK(rig.last_payload() == payload(3000));
  CHECK(rig.counts() == "datagrams 1, fragmentsReassembled 2");
}

TEST_CASE("Fragments complete a datagram in every order") {
  std::vector<size_t> order{0, 1, 2};
  const auto parts = three_fragments();
  do {
    Rig rig;
    CHECK(rig.decode(parts[order[0]]) == "fragmentsHeld");
    CHECK(rig.decode(parts[order[1]]) == "fragmentsHeld");
    CHECK(rig.decode(parts[order[2]]) == kWhole);
    CHECK(rig.last_payload() == payload(3000));
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("IPv6 fragments complete a datagram") {
  Rig rig;
  CHECK(rig.decode(fragment6(kDatagram, 1232, 3008)) == "fragmentsHeld");
  CHECK(rig.decode(fragment6(kDatagram, 0, 1232)) ==
        "2001:db8::1 5004 > 2001:db8::2 6004, 3000 bytes, dscp 46, ttl 64, reassembled");
  CHECK(rig.last_payload() == payload(3000));
  CHECK(rig.counts() == "datagrams 1, fragmentsReassembled 1");
}

TEST_CASE("UDP behind destination options is found once the fragments are together") {
  Rig rig;
  const Octets whole = cat({hex("11 00 0104 00000000"), kDatagram});
  CHECK(rig.decode(fragment6(whole, 0, 1232, 60)) == "fragmentsHeld");
  CHECK(rig.decode(fragment6(whole, 1232, 3016, 60)) ==
        "2001:db8::1 5004 > 2001:db8::2 6004, 3000 bytes, dscp 46, ttl 64, reassembled");
  CHECK(rig.last_payload() == payload(3000));
}

TEST_CASE("A fragment header inside a reassembled datagram is malformed") {
  Rig rig;
  const Octets whole = cat({hex("2c 00 0104 00000000"), hex("11 00 0001 00000001"), kDatagram});
  CHECK(rig.decode(fragment6(whole, 0, 1232, 60)) == "fragmentsHeld");
  CHECK(rig.decode(fragment6(whole, 1232, 3024, 60)) == "malformedIp");
  CHECK(rig.counts() == "datagrams 0, fragmentsReassembled 1, malformedIp 1");
}

TEST_CASE("DSCP and TTL are those of the first fragment, whichever comes first") {
  const Octets head = fragment4(kDatagram, 0, 1480);
  const Octets tail = ethernet(0x0800, ipv4(slice(kDatagram, 1480, 3008), {.offset = 1480, .ttl = 9}));
  Rig rig;
  rig.decode(tail);
  CHECK(rig.decode(head) == kWhole);
  rig.decode(head);
  CHECK(rig.decode(tail) == kWhole);
}

TEST_CASE("Fragments of other protocols are counted under their names and not held") {
  const auto fate4 = [](size_t protocol) {
    return decode(ethernet(0x0800, ipv4(payload(64), {.protocol = protocol, .more = true})));
  };
  CHECK(fate4(6) == "tcp");
  CHECK(fate4(1) == "icmp");
  CHECK(fate4(50) == "unopenedEncapsulation");
  CHECK(fate4(60) == "otherIpProtocol");
  CHECK(decode(fragment6(kDatagram, 0, 1232, 6)) == "tcp");
  CHECK(decode(fragment6(kDatagram, 1232, 3008, 58)) == "icmp");
}

TEST_CASE("Copies of a fragment are part of the whole") {
  Rig rig;
  const auto parts = three_fragments();
  for (const size_t i : {0u, 0u, 2u, 2u, 0u}) CHECK(rig.decode(parts[i]) == "fragmentsHeld");
  CHECK(rig.decode(parts[1]) == kWhole);
  CHECK(rig.last_payload() == payload(3000));
  CHECK(rig.counts() == "datagrams 1, fragmentsReassembled 5");
}

TEST_CASE("Fragments that overlap with the same bytes fit") {
  Rig rig;
  CHECK(rig.decode(fragment4(kDatagram, 0, 1600)) == "fragmentsHeld");
  CHECK(rig.decode(fragment4(kDatagram, 1480, 3008)) == kWhole);
  CHECK(rig.last_payload() == payload(3000));
}

TEST_CASE("Fragments that overlap with other bytes give up the datagram, its later fragments too") {
  Octets forged = fragment4(kDatagram, 1472, 2960);
  forged[14 + 20] ^= 1;
  Rig rig;
  const auto parts = three_fragments();
  CHECK(rig.decode(parts[0]) == "fragmentsHeld");
  CHECK(rig.decode(parts[2]) == "fragmentsHeld");
  CHECK(rig.decode(forged) == "malformedFragment");
  CHECK(rig.decode(parts[1]) == "malformedFragment");
  CHECK(rig.counts() == "datagrams 0, malformedFragment 4");
  rig.expire(5 * kSecond);
  CHECK(rig.counts() == "datagrams 0, malformedFragment 4");
  CHECK(rig.decode(parts[1]) == "fragmentsHeld");  // the id is free again
}

TEST_CASE("Lengths that cannot be give up the datagram") {
  const auto pair = [](const Ipv4& a, size_t a_len, const Ipv4& b, size_t b_len) {
    Rig rig;
    rig.decode(ethernet(0x0800, ipv4(Octets(a_len), a)));
    rig.decode(ethernet(0x0800, ipv4(Octets(b_len), b)));
    return rig.counts();
  };
  const Ipv4 first_part{.more = true};
  const std::string both = "datagrams 0, malformedFragment 2";
  CHECK(pair(first_part, 1480, {.more = true, .offset = 1480}, 1001) == both);    // no multiple of 8
  CHECK(pair(first_part, 1480, {.offset = 1480}, 0) == both);                     // nothing in it
  CHECK(pair(first_part, 1480, {.offset = 65528}, 8) == both);                    // ends at 65536
  CHECK(pair(first_part, 1480, {.offset = 800}, 8) == both);                      // ends before the first one
  CHECK(pair({.offset = 1480}, 40, {.more = true, .offset = 1520}, 40) == both);  // begins behind the last
  CHECK(pair({.offset = 1480}, 40, {.offset = 1520}, 40) == both);                // two ends
  CHECK(pair(first_part, 1480, {.offset = 65520}, 15) == "datagrams 0, fragmentsHeld 2");  // ends at 65535
}

TEST_CASE("The longest datagram there can be is put together") {
  const Octets whole = udp(payload(65507));  // 65515 bytes, and 20 of IP
  Rig rig;
  for (size_t begin = 0; begin + 1480 < whole.size(); begin += 1480) {
    CHECK(rig.decode(fragment4(whole, begin, begin + 1480)) == "fragmentsHeld");
  }
  CHECK(rig.decode(fragment4(whole, 65120, 65515)) ==
        "192.0.2.1 5004 > 198.51.100.2 6004, 65507 bytes, dscp 46, ttl 64, reassembled");
  CHECK(rig.last_payload() == payload(65507));
  CHECK(rig.counts() == "datagrams 1, fragmentsReassembled 44");
}

TEST_CASE("A reassembled datagram is held to its UDP length") {
  Rig rig;
  const Octets too_long = udp(payload(3000), 3009);
  rig.decode(fragment4(too_long, 0, 1480));
  CHECK(rig.decode(fragment4(too_long, 1480, 3008)) == "malformedUdp");
  CHECK(rig.counts() == "datagrams 0, fragmentsReassembled 1, malformedUdp 1");
}

TEST_CASE("Datagrams that stay incomplete time out in packet time") {
  Rig rig;
  const auto parts = three_fragments();
  rig.decode({parts[0], LinkType::kEthernet, 10 * kSecond});
  rig.decode({parts[1], LinkType::kEthernet, 14 * kSecond});
  rig.expire(15 * kSecond - 1);
  CHECK(rig.counts() == "datagrams 0, fragmentsHeld 2");
  rig.expire(15 * kSecond);
  CHECK(rig.counts() == "datagrams 0, fragmentTimeout 2");
}

TEST_CASE("A late fragment starts anew even when nobody called for expiry") {
  Rig rig;
  const auto parts = three_fragments();
  rig.decode({parts[0], LinkType::kEthernet, 0});
  rig.decode({parts[1], LinkType::kEthernet, 0});
  rig.decode({parts[2], LinkType::kEthernet, 5 * kSecond});
  CHECK(rig.counts() == "datagrams 0, fragmentsHeld 1, fragmentTimeout 2");
}

TEST_CASE("At the end of the capture nothing is held, whatever its time") {
  for (const int64_t ts_ns : {INT64_MIN, int64_t{0}, INT64_MAX}) {
    Rig rig;
    rig.decode({three_fragments()[0], LinkType::kEthernet, ts_ns});
    rig.expire(INT64_MAX);
    CHECK(rig.counts() == "datagrams 0, fragmentTimeout 1");
  }
}

TEST_CASE("A full table gives up the oldest datagram") {
  Rig rig(FragmentOptions{.max_datagrams = 3});
  for (const size_t id : {1u, 2u, 3u}) rig.decode(fragment4(kDatagram, 0, 1480, id));
  rig.decode(fragment4(kDatagram, 1480, 2960, 1));  // the oldest stays the oldest
  rig.decode(fragment4(kDatagram, 0, 1480, 4));
  CHECK(rig.counts() == "datagrams 0, fragmentsHeld 3, fragmentTableFull 2");
  CHECK(rig.decode(fragment4(kDatagram, 1480, 3008, 2)) == kWhole);
  CHECK(rig.decode(fragment4(kDatagram, 1480, 3008, 3)) == kWhole);
  CHECK(rig.decode(fragment4(kDatagram, 1480, 3008, 4)) == kWhole);
  CHECK(rig.counts() == "datagrams 3, fragmentsReassembled 3, fragmentTableFull 2");
}

TEST_CASE("A full table first lets go of what has timed out") {
  Rig rig(FragmentOptions{.max_datagrams = 2});
  rig.decode({fragment4(kDatagram, 0, 1480, 1), LinkType::kEthernet, 0});
  rig.decode({fragment4(kDatagram, 0, 1480, 2), LinkType::kEthernet, kSecond});
  rig.decode({fragment4(kDatagram, 0, 1480, 3), LinkType::kEthernet, 5 * kSecond});
  CHECK(rig.counts() == "datagrams 0, fragmentsHeld 2, fragmentTimeout 1");
}

TEST_CASE("Fragments belong together by addresses, id and VLAN") {
  const Octets head = fragment4(kDatagram, 0, 1480);
  const Octets tail = fragment4(kDatagram, 1480, 3008);
  const auto changed = [&](size_t at) {
    Octets other = tail;
    other[at] ^= 1;
    return other;
  };
  for (const Octets& other : {changed(14 + 4), changed(14 + 15), changed(14 + 19)}) {
    Rig rig;
    rig.decode(head);
    CHECK(rig.decode(other) == "fragmentsHeld");
  }
  Rig rig;
  const auto on_vlan = [](const Octets& frame, uint16_t vlan) {
    return Packet{frame, LinkType::kEthernet, 0, vlan};
  };
  rig.decode(on_vlan(head, 1));
  rig.decode(on_vlan(head, 2));
  CHECK(rig.decode(on_vlan(tail, 1)) ==
        "192.0.2.1 5004 > 198.51.100.2 6004, 3000 bytes, dscp 46, ttl 64, vlan 1, reassembled");
  CHECK(rig.decode(on_vlan(tail, 2)) ==
        "192.0.2.1 5004 > 198.51.100.2 6004, 3000 bytes, dscp 46, ttl 64, vlan 2, reassembled");
}

TEST_CASE("Fragments cut by a snap length complete the datagram in its length") {
  Rig rig;
  Packet head{fragment4(kDatagram, 0, 1480)};
  Packet tail{fragment4(kDatagram, 1480, 3008)};
  head.cut_at = tail.cut_at = 14 + 20 + 61;
  rig.decode(tail);
  CHECK(rig.decode(head) == kWhole.substr(0, kWhole.find(", reass")) + ", captured 48, reassembled");
  CHECK(rig.last_payload() == first(payload(3000), 48));  // 61 is 7 whole units, less the UDP header
}

TEST_CASE("A fragment cut before the UDP header leaves a truncated datagram") {
  Rig rig;
  Packet head{fragment4(kDatagram, 0, 1480)};
  head.cut_at = 14 + 20 + 7;
  rig.decode(head);
  CHECK(rig.decode(fragment4(kDatagram, 1480, 3008)) == "truncatedUdp");
  CHECK(rig.counts() == "datagrams 0, fragmentsReassembled 1, truncatedUdp 1");
}

TEST_CASE("A whole copy fills what the snap length left out of another") {
  Rig rig;
  Packet head{fragment4(kDatagram, 0, 1480)};
  head.cut_at = 60;
  rig.decode(head);
  head.cut_at = SIZE_MAX;
  rig.decode(head);
  CHECK(rig.decode(fragment4(kDatagram, 1480, 3008)) == kWhole);
  CHECK(rig.last_payload() == payload(3000));
}

TEST_CASE("Payloads stay in place until the batch is done") {
  rtpsonde::Decoder decoder{FragmentOptions{.max_datagrams = 2}};
  rtpsonde::Counters counters;
  std::vector<rtpsonde::Datagram> datagrams(rtpsonde::PacketBatch::kCapacity);
  const auto feed = [&](const Octets& frame, rtpsonde::Datagram& out) {
    rtpsonde::PacketView view;
    view.bytes = {frame.data(), frame.size()};
    return decoder.decode(view, counters, out);
  };
  for (size_t i = 0; i < datagrams.size(); ++i) {
    const Octets whole = udp(payload(100 + i));
    CHECK_FALSE(feed(fragment4(whole, 0, 48, i), datagrams[i]));
    CHECK(feed(fragment4(whole, 48, whole.size(), i), datagrams[i]));
  }
  for (size_t i = 0; i < datagrams.size(); ++i) {
    const rtpsonde::Bytes& p = datagrams[i].payload;
    CHECK(Octets(p.data, p.data + p.size) == payload(100 + i));
  }
}

TEST_CASE("Many datagrams in random pieces, mixed, doubled and partly lost: each is whole or counted") {
  std::mt19937 random(20240607);
  const auto below = [&](size_t n) { return static_cast<size_t>(random() % n); };
  for (int round = 0; round < 60; ++round) {
    struct Piece {
      size_t datagram;
      Octets frame;
    };
    std::vector<Piece> pieces;
    const size_t count = 1 + below(20);
    std::vector<bool> complete(count, true);
    std::vector<size_t> sizes(count);
    for (size_t d = 0; d < count; ++d) {
      sizes[d] = 17 + below(4000);
      const Octets whole = udp(payload(sizes[d]));
      for (size_t begin = 0; begin < whole.size();) {
        // At least two pieces: one alone would be no fragment.
        size_t end = std::min(whole.size(), begin + 8 * (1 + below(200)));
        if (begin == 0) end = std::min(end, (whole.size() - 1) / 8 * 8);
        const Octets frame = fragment4(whole, begin, end, d);
        if (below(100) == 0) {
          complete[d] = false;
        } else {
          pieces.push_back({d, frame});
        }
        begin = end;
      }
    }
    std::shuffle(pieces.begin(), pieces.end(), random);
    Rig rig;
    size_t handed_out = 0;
    for (const Piece& piece : pieces) {
      // A copy while the datagram is incomplete; after it, it would begin a new one.
      if (rig.decode(piece.frame) == "fragmentsHeld") {
        if (below(10) == 0) CHECK(rig.decode(piece.frame) == "fragmentsHeld");
        continue;
      }
      ++handed_out;
      CHECK(complete[piece.datagram]);
      CHECK(rig.last_payload() == payload(sizes[piece.datagram]));
    }
    CHECK(handed_out == static_cast<size_t>(std::count(complete.begin(), complete.end(), true)));
    rig.expire(INT64_MAX);
    CHECK(rig.counts().find("fragmentsHeld") == std::string::npos);
    CHECK(rig.counts().find("malformedFragment") == std::string::npos);
  }
}

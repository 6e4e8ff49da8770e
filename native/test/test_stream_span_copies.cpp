// Copies that the mirror port made, and repetitions that it did not: each rule in
// both directions, with the numbers that the rule hangs on.
#include <algorithm>
#include <random>
#include <set>

#include "core/stream/span_copies.h"
#include "test_stream_support.h"

using namespace stream_test;

namespace {

constexpr int64_t kMicrosecond = 1000;
constexpr uint64_t kFlow = 0x1234'5678'9abc'def0;

// "0.3" for 300,000 ns.
std::string in_ms(int64_t ns) {
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", static_cast<double>(ns) / 1e6);
  return text;
}

struct Sent {
  int64_t at_ns = 0;
  uint16_t seq = 1;
  uint16_t ip_id = 700;
  std::vector<uint8_t> payload = std::vector<uint8_t>(172, 0x55);
  uint8_t ttl = 64;
  uint32_t link = 0x11111111;
  uint16_t vlan = kNoVlan;
  uint8_t tunnel = 0;
  uint16_t checksum = 0xbeef;
  bool young = false;
  uint64_t flow = kFlow;
};

// Verdicts as "-" for a packet of its own and the delay in ms for a copy.
class Probe {
 public:
  explicit Probe(SpanCopyMode mode = SpanCopyMode::kAuto, int64_t window_ns = 50 * kMillisecond,
                 uint32_t entries = 4096)
      : copies_({mode, window_ns}, entries) {}

  std::string ask(const Sent& s) {
    PacketMarks marks{};
    const Bytes payload{s.payload.data(), s.payload.size()};
    marks.content = rtp_content(payload, static_cast<uint32_t>(s.payload.size()), s.checksum);
    marks.link_digest = s.link;
    marks.ip_id = s.ip_id;
    marks.udp_checksum = s.checksum;
    marks.vlan = s.vlan;
    marks.ttl = s.ttl;
    marks.tunnel_depth = s.tunnel;
    marks.numbered = true;
    marks.young = s.young;
    const CopyVerdict verdict = copies_.check(marks, s.flow, rtp_discriminator(s.seq, s.seq * 160U), s.at_ns);
    if (verdict.overwrote) overwrites_++;
    if (!verdict.copy) {
      REQUIRE(verdict.delay_ns == 0);
      return "-";
    }
    return in_ms(verdict.delay_ns);
  }

  std::string ask(const std::vector<Sent>& all) {
    std::string text;
    for (const Sent& s : all) text += (text.empty() ? "" : " ") + ask(s);
    return text;
  }

  uint64_t overwrites() const { return overwrites_; }

 private:
  SpanCopies copies_;
  uint64_t overwrites_ = 0;
};

// A packet and what comes 0.3 ms later: the same but for one thing.
template <typename Change>
std::string again(Change change, SpanCopyMode mode = SpanCopyMode::kAuto, Sent first = {}) {
  Sent second = first;
  second.at_ns += 300 * kMicrosecond;
  change(second);
  Probe probe(mode);
  REQUIRE(probe.ask(first) == "-");
  return probe.ask(second);
}

// A stream of which every `every`th packet comes again after `delay_ns`: how many of
// the repetitions were copies.
std::string repeated(uint16_t packets, uint16_t every, int64_t delay_ns, uint16_t from = 0) {
  Probe probe;
  int repetitions = 0, copies = 0;
  for (uint16_t n = 0; n < packets; n++) {
    Sent s;
    s.seq = static_cast<uint16_t>(65000 + n);
    s.ip_id = static_cast<uint16_t>(1 + n);
    s.at_ns = n * 20 * kMillisecond;
    s.young = n < kYoungNumbers;
    REQUIRE(probe.ask(s) == "-");
    if (n < from || (n - from) % every != 0) continue;
    s.at_ns += delay_ns;
    repetitions++;
    if (probe.ask(s) != "-") copies++;
  }
  return std::to_string(copies) + " of " + std::to_string(repetitions);
}

}  // namespace

TEST_CASE("A packet that took another way is a copy: routed, bridged, on another VLAN, in a tunnel") {
  for (const SpanCopyMode mode : {SpanCopyMode::kAuto, SpanCopyMode::kStrict, SpanCopyMode::kAll}) {
    CHECK(again([](Sent& s) { s.ttl = 63; }, mode) == "0.3");
    CHECK(again([](Sent& s) { s.ttl = 65; }, mode) == "0.3");
    CHECK(again([](Sent& s) { s.link = 0x22222222; }, mode) == "0.3");
    CHECK(again([](Sent& s) { s.vlan = 20; }, mode) == "0.3");
    CHECK(again([](Sent& s) { s.tunnel = 1; }, mode) == "0.3");
    CHECK(again([](Sent& s) { s.ttl = 63, s.link = 3, s.vlan = 9; }, mode) == "0.3");
  }
}

TEST_CASE("Another IP id was sent again by the endpoint, whatever way it took") {
  for (const SpanCopyMode mode : {SpanCopyMode::kAuto, SpanCopyMode::kStrict, SpanCopyMode::kAll}) {
    CHECK(again([](Sent& s) { s.ip_id = 701; }, mode) == "-");
    CHECK(again([](Sent& s) { s.ip_id = 701, s.ttl = 63, s.link = 3; }, mode) == "-");
    CHECK(again([](Sent& s) { s.ip_id = 0; }, mode) == "-");
  }
}

TEST_CASE("A packet sent twice and mirrored twice is two packets and two copies") {
  Sent first, first_copy, second, second_copy;
  first_copy.at_ns = 100 * kMicrosecond;
  first_copy.ttl = 63;
  second.at_ns = 200 * kMicrosecond;
  second.ip_id = 701;
  second_copy = second;
  second_copy.at_ns = 350 * kMicrosecond;
  second_copy.ttl = 63;
  CHECK(Probe().ask({first, first_copy, second, second_copy}) == "- 0.1 - 0.15");
}

TEST_CASE("A mode says what becomes of frames that are the same in all") {
  const auto nothing = [](Sent&) {};
  CHECK(again(nothing, SpanCopyMode::kOff) == "-");
  CHECK(again(nothing, SpanCopyMode::kStrict) == "-");
  CHECK(again(nothing, SpanCopyMode::kAll) == "0.3");
  CHECK(again([](Sent& s) { s.ttl = 63; }, SpanCopyMode::kOff) == "-");
}

TEST_CASE("Identical frames that come for every packet are copies, from the first on") {
  CHECK(repeated(500, 1, 100 * kMicrosecond) == "500 of 500");
  CHECK(repeated(500, 2, 100 * kMicrosecond) == "250 of 250");
  CHECK(repeated(500, 3, 100 * kMicrosecond) == "5 of 167");
}

TEST_CASE("Identical frames that come now and then are duplicates of the network") {
  CHECK(repeated(2000, 50, 100 * kMicrosecond, 40) == "0 of 40");
  CHECK(repeated(2000, 50, 5 * kMillisecond, 40) == "0 of 40");
  // Of a stream that has only begun nothing is known yet; the second one shows it.
  CHECK(repeated(2000, 50, 100 * kMicrosecond) == "1 of 40");
}

TEST_CASE("Copies that take long are believed once they have come regularly") {
  CHECK(repeated(500, 1, 30 * kMillisecond) == "496 of 500");
  CHECK(repeated(500, 50, 30 * kMillisecond) == "0 of 10");
}

TEST_CASE("A mirror that is set up in the middle of a call is noticed") {
  CHECK(repeated(500, 1, 100 * kMicrosecond, 400) == "96 of 100");
}

TEST_CASE("Streams are told apart: one is mirrored twice, the other sometimes repeated") {
  Probe probe;
  int copies[2] = {0, 0};
  for (uint16_t n = 0; n < 400; n++) {
    for (uint64_t flow = 0; flow < 2; flow++) {
      Sent s;
      s.flow = kFlow + (flow << 40);
      s.seq = n;
      s.ip_id = static_cast<uint16_t>(n + 1);
      s.at_ns = n * 20 * kMillisecond;
      s.young = n < kYoungNumbers;
      REQUIRE(probe.ask(s) == "-");
      s.at_ns += 50 * kMicrosecond;
      if ((flow == 0 || n % 40 == 30) && probe.ask(s) != "-") copies[flow]++;
    }
  }
  CHECK(copies[0] == 400);
  CHECK(copies[1] == 0);
}

TEST_CASE("SRTP: the same octets are a copy, encrypted anew they are not") {
  std::mt19937 random(1);
  Sent first;
  for (uint8_t& octet : first.payload) octet = static_cast<uint8_t>(random());
  const auto encrypted_anew = [](Sent& s) {
    s.payload[20] ^= 0x40;
    if (s.checksum != 0) s.checksum ^= 0x40;
  };
  // With an IP id, without one, and without a checksum either: only the octets tell then.
  for (const uint16_t ip_id : {uint16_t{700}, uint16_t{0}}) {
    for (const uint16_t checksum : {uint16_t{0xbeef}, uint16_t{0}}) {
      first.ip_id = ip_id;
      first.checksum = checksum;
      CHECK(again([](Sent& s) { s.ttl = 63; }, SpanCopyMode::kAuto, first) == "0.3");
      CHECK(again([](Sent&) {}, SpanCopyMode::kAll, first) == "0.3");
      CHECK(again(encrypted_anew, SpanCopyMode::kAll, first) == "-");
    }
  }
}

// RFC 2198 3: F and payload type of the older block, its timestamp offset and length,
// then the type of the primary one, then both blocks.
TEST_CASE("RED: the same packet is a copy, the same primary with other redundancy is not") {
  const auto red = [](uint8_t older) {
    std::vector<uint8_t> octets = {
        0x80, 0x79, 0,    1,  0, 0, 0, 160, 0, 0, 0, 42,  // RTP, type 121
        0x80, 0x02, 0x80, 20,                             // older: PCMU, 160 ticks ago, 20 octets
        0x00,                                             // primary: PCMU
    };
    octets.insert(octets.end(), 20, older);
    octets.insert(octets.end(), 160, 0x55);
    return octets;
  };
  Sent first;
  first.payload = red(0x11);
  CHECK(again([](Sent& s) { s.ttl = 63; }, SpanCopyMode::kAuto, first) == "0.3");
  CHECK(again([&](Sent& s) { s.payload = red(0x22), s.checksum = 1; }, SpanCopyMode::kAll, first) == "-");
  // The primary once more with the next packet, as its redundancy: another packet.
  CHECK(again([&](Sent& s) { s.seq = 2, s.ip_id = 701; }, SpanCopyMode::kAll, first) == "-");
  first.ip_id = 0;
  CHECK(again([&](Sent& s) { s.payload = red(0x22), s.checksum = 1; }, SpanCopyMode::kAll, first) == "-");
}

TEST_CASE("IPv6 and IPv4 without an id: content, checksum and way decide") {
  Sent first;
  first.ip_id = 0;
  first.young = true;
  CHECK(again([](Sent& s) { s.ttl = 63; }, SpanCopyMode::kStrict, first) == "0.3");
  CHECK(again([](Sent&) {}, SpanCopyMode::kAuto, first) == "0.3");
  CHECK(again([](Sent& s) { s.checksum = 0xbee0; }, SpanCopyMode::kAll, first) == "-");
  // With an id the checksum may differ: a network card fills it in on the way out.
  CHECK(again([](Sent& s) { s.checksum = 0xbee0, s.link = 2; }) == "0.3");
}

TEST_CASE("Header and length have to be the same") {
  CHECK(again([](Sent& s) { s.payload.push_back(0); }, SpanCopyMode::kAll) == "-");
  for (const size_t at : {0, 1, 4, 5, 6, 7}) {
    CHECK(again([at](Sent& s) { s.payload[at] ^= 1; }, SpanCopyMode::kAll) == "-");
  }
}

TEST_CASE("Without a UDP checksum the first octets have to be the same, as far as they were captured") {
  Sent first;
  first.checksum = 0;
  CHECK(again([](Sent& s) { s.payload[31] = 0; }, SpanCopyMode::kAll, first) == "-");
  CHECK(again([](Sent& s) { s.payload[32] = 0; }, SpanCopyMode::kAll, first) == "0.3");
  for (size_t size = 12; size < 40; size++) {
    first.payload.resize(size);
    CHECK(again([](Sent&) {}, SpanCopyMode::kAll, first) == "0.3");
    CHECK(again([&](Sent& s) { s.payload[std::min<size_t>(size, 32) - 1] ^= 1; }, SpanCopyMode::kAll,
                first) == "-");
  }
}

TEST_CASE("RTCP is compared in all of its octets") {
  std::vector<uint8_t> report(300, 7);
  const auto digest = [&](uint32_t limit) {
    return content_digest({report.data(), report.size()}, 300, limit);
  };
  const uint64_t before = digest(kRtcpDigestOctets);
  for (size_t i = 0; i < report.size(); i++) {
    report[i] ^= 1;
    REQUIRE((digest(kRtcpDigestOctets) != before) == (i < kRtcpDigestOctets));
    report[i] ^= 1;
  }
  CHECK(digest(kRtcpDigestOctets) == before);
  CHECK(content_digest({report.data(), report.size()}, 301, kRtcpDigestOctets) != before);
}

TEST_CASE("A copy comes within the window, its last nanosecond included") {
  Sent first, second;
  second.ttl = 63;
  for (const int64_t window_ns : {kMillisecond, 50 * kMillisecond}) {
    second.at_ns = first.at_ns + window_ns;
    CHECK(Probe(SpanCopyMode::kAuto, window_ns).ask({first, second}) == "- " + in_ms(window_ns));
    second.at_ns++;
    CHECK(Probe(SpanCopyMode::kAuto, window_ns).ask({first, second}) == "- -");
  }
}

TEST_CASE("Capture times that step back a little are no harm, far ones are no copies") {
  Sent first, second;
  first.at_ns = 1'700'000'000'000'000'000;
  second.ttl = 63;
  second.at_ns = first.at_ns - 200 * kMicrosecond;
  CHECK(Probe().ask({first, second}) == "- 0.2");
  second.at_ns = first.at_ns - 51 * kMillisecond;
  CHECK(Probe().ask({first, second}) == "- -");
}

TEST_CASE("A frame of video whose packets all come before their copies") {
  std::vector<Sent> all;
  std::string expected;
  for (int round = 0; round < 2; round++) {
    for (uint16_t n = 0; n < 12; n++) {
      Sent s;
      s.seq = n;
      s.ip_id = static_cast<uint16_t>(n + 1);
      s.at_ns = n * 10 * kMicrosecond + round * 400 * kMicrosecond;
      s.ttl = round == 0 ? 64 : 63;
      all.push_back(s);
      expected += std::string(expected.empty() ? "" : " ") + (round == 0 ? "-" : "0.4");
    }
  }
  CHECK(Probe().ask(all) == expected);
}

TEST_CASE("A packet that comes three times is measured once") {
  Sent plain, inner, outer;
  inner.at_ns = 95 * kMicrosecond;
  inner.tunnel = 1;
  outer.at_ns = 147 * kMicrosecond;
  outer.tunnel = 1;
  outer.link = 0x33333333;
  CHECK(Probe(SpanCopyMode::kStrict).ask({plain, inner, outer}) == "- 0.095 0.147");
  // The second and the third took the same way: still copies of the first.
  outer.link = inner.link;
  CHECK(Probe(SpanCopyMode::kStrict).ask({plain, inner, outer}) == "- 0.095 0.147");
}

TEST_CASE("What was pushed out too early is counted, and its copy is missed") {
  Probe probe(SpanCopyMode::kAuto, 50 * kMillisecond, 4);  // room for four packets
  for (uint16_t n = 0; n < 4; n++) {
    Sent s;
    s.seq = n;
    s.at_ns = n * kMillisecond;
    CHECK(probe.ask(s) == "-");
  }
  CHECK(probe.overwrites() == 0);
  Sent fifth, copy_of_second, copy_of_first;
  fifth.seq = 4;
  fifth.at_ns = 4 * kMillisecond;
  CHECK(probe.ask(fifth) == "-");  // in the place of packet 0, the oldest
  CHECK(probe.overwrites() == 1);
  copy_of_second.seq = 1;
  copy_of_second.at_ns = 5 * kMillisecond;
  copy_of_second.ttl = 63;
  CHECK(probe.ask(copy_of_second) == "4");
  copy_of_first.seq = 0;
  copy_of_first.at_ns = 5 * kMillisecond;
  copy_of_first.ttl = 63;
  CHECK(probe.ask(copy_of_first) == "-");
  // Older than the window: nothing is lost by forgetting it.
  Sent late;
  late.seq = 9;
  late.at_ns = 200 * kMillisecond;
  CHECK(probe.ask(late) == "-");
  CHECK(probe.overwrites() == 2);
}

// The property that all this is for.
TEST_CASE("Random traffic with copies at random delays: each packet once, each copy as one") {
  for (uint32_t seed = 1; seed <= 20; seed++) {
    std::mt19937 random(seed);
    const auto below = [&](uint32_t n) { return static_cast<uint32_t>(random() % n); };
    constexpr int64_t kWindow_ns = 20 * kMillisecond;
    struct Due {
      Sent sent;
      int64_t delay_ns;
    };
    std::vector<Due> all;
    for (uint16_t n = 0; n < 3000; n++) {
      Sent s;
      s.flow = kFlow * (1 + below(5));
      s.seq = n;
      s.ip_id = seed % 2 == 0 ? 0 : static_cast<uint16_t>(1 + n);
      s.at_ns = n * 300 * kMicrosecond + below(5000) * kMicrosecond;
      for (uint8_t& octet : s.payload) octet = static_cast<uint8_t>(random());
      s.checksum = static_cast<uint16_t>(random());
      all.push_back({s, 0});
      for (uint32_t copies = below(3); copies > 0; copies--) {
        Due copy{s, 1 + below(kWindow_ns)};
        copy.sent.at_ns += copy.delay_ns;
        copy.sent.ttl = static_cast<uint8_t>(60 + copies);
        all.push_back(copy);
      }
    }
    std::sort(all.begin(), all.end(), [](const Due& a, const Due& b) { return a.sent.at_ns < b.sent.at_ns; });
    Probe probe(seed % 3 == 0 ? SpanCopyMode::kStrict : SpanCopyMode::kAuto, kWindow_ns);
    int wrong = 0;
    for (const Due& due : all) {
      const std::string want = due.delay_ns == 0 ? "-" : in_ms(due.delay_ns);
      if (probe.ask(due.sent) != want) wrong++;
    }
    CHECK(wrong == 0);
    CHECK(probe.overwrites() == 0);
  }
}

TEST_CASE("Delays of a stream's copies, in the window and in all") {
  CopyStats stats;
  CHECK(std::isnan(stats.delay_mean_ms()));
  stats.add(2 * kMillisecond);
  stats.add(4 * kMillisecond);
  CHECK(stats.window_delay_mean_ms() == 3);
  stats.begin_window();
  CHECK(std::isnan(stats.window_delay_mean_ms()));
  stats.add(300 * kMicrosecond);
  CHECK(stats.total == 3);
  CHECK(stats.window == 1);
  CHECK(stats.delay_mean_ms() == doctest::Approx(2.1));
  CHECK(stats.window_delay_mean_ms() == doctest::Approx(0.3));
  CHECK(stats.delay_max_ms == 4);
  CHECK(stats.window_delay_max_ms == doctest::Approx(0.3));
}

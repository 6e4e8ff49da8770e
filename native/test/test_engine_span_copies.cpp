// Copies through the whole meter: they are counted as spanCopies and nowhere else,
// and the stream is as if they had never come.
#include <filesystem>
#include <random>

#include "core/capture/file_source.h"
#include "test_engine_support.h"

using namespace engine_test;

namespace {

constexpr int64_t kMicrosecond = 1000;

EngineOptions with(SpanCopyMode mode, int64_t window_ns = 50 * kMillisecond) {
  EngineOptions o = options();
  o.span_copies = {mode, window_ns};
  return o;
}

// Ethernet and IPv4 of udp_frame, changed as a hop would change them.
Octets identified(Octets frame, uint16_t ip_id) {
  frame[18] = static_cast<uint8_t>(ip_id >> 8);
  frame[19] = static_cast<uint8_t>(ip_id);
  return frame;
}

Octets routed(Octets frame) {
  frame[5] = 0x77;   // next hop
  frame[11] = 0x78;  // this hop
  frame[22]--;       // TTL
  return frame;
}

Octets tagged(const Octets& frame, uint8_t vlan) {
  Octets out = frame;
  out.resize(12);
  put(out, 0x81000000U | vlan, 4);
  out.insert(out.end(), frame.begin() + 12, frame.end());
  return out;
}

Octets voice(uint16_t n) {
  return identified(udp_frame({}, rtp({n, n * 160U})), static_cast<uint16_t>(n + 1));
}

// Counters and the stream's record, for comparison: "packets 6, ... | packets 3, ...".
std::string outcome(MeterRig& rig) {
  rig.finish();
  std::string all = text(rig.counters()) + " |";
  for (const StreamRecord& r : rig.blocks().back().records) {
    if (r.kind == 2) all += " " + stream_test::counts(r);
  }
  return all;
}

}  // namespace

TEST_CASE("A call mirrored before and after a router is measured once") {
  MeterRig rig(with(SpanCopyMode::kStrict));
  for (uint16_t n = 0; n < 100; n++) {
    rig.feed(n * 20 * kMillisecond, voice(n));
    rig.feed(n * 20 * kMillisecond + 80 * kMicrosecond, routed(voice(n)));
  }
  CHECK(outcome(rig) ==
        "packets 200, rtp 100, spanCopies 100, streamsStarted 1, streamsEnded 1 | packets 100, expected 100");
}

TEST_CASE("A call mirrored on two VLANs is measured once, on the VLAN that was first") {
  MeterRig rig(with(SpanCopyMode::kStrict));
  for (uint16_t n = 0; n < 10; n++) {
    rig.feed(n * 20 * kMillisecond, tagged(voice(n), 10));
    rig.feed(n * 20 * kMillisecond + 5 * kMicrosecond, tagged(voice(n), 20));
  }
  CHECK(outcome(rig) ==
        "packets 20, rtp 10, spanCopies 10, streamsStarted 1, streamsEnded 1 | packets 10, expected 10");
  const StreamRecord& r = rig.blocks().back().records.back();
  CHECK(r.vlan == 10);
  CHECK(r.vlan_other == kNoVlan);
}

TEST_CASE("Jitter and spacing are those of the first deliveries") {
  const auto run = [](bool copies) {
    MeterRig rig(with(SpanCopyMode::kAuto));
    std::mt19937 random(5);
    for (uint16_t n = 0; n < 200; n++) {
      const int64_t at_ns = n * 20 * kMillisecond + static_cast<int64_t>(random() % 3000) * kMicrosecond;
      rig.feed(at_ns, voice(n));
      if (copies) rig.feed(at_ns + static_cast<int64_t>(random() % 900) * kMicrosecond, voice(n));
      if (!copies) random();
    }
    rig.finish();
    StreamRecord r = rig.blocks().back().records.back();
    r.stream_id = 0;
    if (copies) {
      CHECK(r.span_copies == 200);
      CHECK(r.span_copy_delay_mean_ms == doctest::Approx(0.45).epsilon(0.2));
      CHECK(r.span_copy_delay_max_ms < 0.9F);
    }
    r.span_copies = 0;
    r.span_copy_delay_mean_ms = r.span_copy_delay_max_ms = 0;
    return Octets(reinterpret_cast<const uint8_t*>(&r), reinterpret_cast<const uint8_t*>(&r + 1));
  };
  CHECK(run(true) == run(false));
}

TEST_CASE("A packet and its copy confirm no stream, and packets that never do are one each") {
  MeterRig rig(with(SpanCopyMode::kAuto));
  rig.feed(0, voice(7));
  rig.feed(kMillisecond, routed(voice(7)));
  CHECK(text(rig.counters()) == "packets 2, rtpInProbation 1, spanCopies 1");
  rig.feed(20 * kMillisecond, voice(8));
  CHECK(text(rig.counters()) == "packets 3, rtp 2, spanCopies 1, streamsStarted 1, streamsActive 1");
}

TEST_CASE("What an endpoint sends twice stays an RTP duplicate") {
  MeterRig rig(with(SpanCopyMode::kAll));
  for (uint16_t n = 0; n < 20; n++) {
    rig.feed(n * 20 * kMillisecond, voice(n));
    if (n % 5 == 3) rig.feed(n * 20 * kMillisecond + 50 * kMicrosecond, identified(voice(n), 900 + n));
  }
  CHECK(outcome(rig) ==
        "packets 24, rtp 24, streamsStarted 1, streamsEnded 1 | packets 24, expected 20, duplicates 4");
}

TEST_CASE("A switch loop now and then gives RTP duplicates, frame by frame the same") {
  MeterRig rig(with(SpanCopyMode::kAuto));
  for (uint16_t n = 0; n < 400; n++) {
    rig.feed(n * 20 * kMillisecond, voice(n));
    if (n % 100 == 50) rig.feed(n * 20 * kMillisecond + 50 * kMicrosecond, voice(n));
  }
  CHECK(outcome(rig) ==
        "packets 404, rtp 404, streamsStarted 1, streamsEnded 1 | packets 404, expected 400, duplicates 4");
}

TEST_CASE("Off, every delivery is measured") {
  MeterRig rig(with(SpanCopyMode::kOff));
  for (uint16_t n = 0; n < 5; n++) {
    rig.feed(n * 20 * kMillisecond, voice(n));
    rig.feed(n * 20 * kMillisecond, routed(voice(n)));
  }
  CHECK(outcome(rig) ==
        "packets 10, rtp 10, streamsStarted 1, streamsEnded 1 | packets 10, expected 5, duplicates 5");
}

TEST_CASE("IPv6 has no identification: the hop limit tells, or that every packet comes twice") {
  Flow flow;
  flow.ipv6 = true;
  for (const bool hop : {true, false}) {
    MeterRig rig(with(SpanCopyMode::kAuto));
    for (uint16_t n = 0; n < 50; n++) {
      Octets frame = udp_frame(flow, rtp({n, n * 160U}));
      rig.feed(n * 20 * kMillisecond, frame);
      if (hop) frame[21]--;
      rig.feed(n * 20 * kMillisecond + 90 * kMicrosecond, frame);
    }
    CHECK(outcome(rig) ==
          "packets 100, rtp 50, spanCopies 50, streamsStarted 1, streamsEnded 1 | packets 50, expected 50");
  }
}

TEST_CASE("A burst of video comes whole before its copies") {
  MeterRig rig(with(SpanCopyMode::kAuto));
  for (uint16_t frame = 0; frame < 30; frame++) {
    for (const bool copy : {false, true}) {
      for (uint16_t i = 0; i < 9; i++) {
        const auto n = static_cast<uint16_t>(frame * 9 + i);
        const Octets sent = identified(udp_frame({}, rtp({n, frame * 3000U, 42, 34, i == 8})), n + 1);
        const int64_t at_ns = frame * 33 * kMillisecond + i * 12 * kMicrosecond;
        rig.feed(copy ? at_ns + 700 * kMicrosecond : at_ns, copy ? routed(sent) : sent);
      }
    }
  }
  CHECK(outcome(rig) ==
        "packets 540, rtp 270, spanCopies 270, streamsStarted 1, streamsEnded 1 | packets 270, expected 270");
}

TEST_CASE("RTCP is counted once too, beside RTP or on its port") {
  for (const uint16_t above : {uint16_t{1}, uint16_t{0}}) {
    MeterRig rig(with(SpanCopyMode::kAuto));
    Flow flow;
    flow.src_port = static_cast<uint16_t>(flow.src_port + above);
    flow.dst_port = static_cast<uint16_t>(flow.dst_port + above);
    for (uint16_t n = 0; n < 30; n++) {
      const int64_t at_ns = n * 20 * kMillisecond;
      rig.feed(at_ns, voice(n));
      rig.feed(at_ns + 10 * kMillisecond, voice(n));
      if (n % 10 != 9) continue;
      Octets report = rtcp(42);
      report[20] = static_cast<uint8_t>(n);
      rig.feed(at_ns + 11 * kMillisecond, identified(udp_frame(flow, report), 500 + n));
      rig.feed(at_ns + 13 * kMillisecond, identified(udp_frame(flow, report), 500 + n));
      // The same report sent again is another one.
      rig.feed(at_ns + 14 * kMillisecond, identified(udp_frame(flow, report), 600 + n));
    }
    rig.finish();
    CHECK(rig.counters().get(Counter::kRtcp) == 6);
    // Copies that take 10 ms are believed from the fifth on.
    CHECK(rig.counters().get(Counter::kRtp) == 30 + 4);
    CHECK(rig.counters().get(Counter::kSpanCopies) == 26 + 3);
  }
}

TEST_CASE("A copy after the window is an RTP duplicate") {
  MeterRig rig(with(SpanCopyMode::kAll, 10 * kMillisecond));
  for (uint16_t n = 0; n < 4; n++) {
    rig.feed(n * 40 * kMillisecond, voice(n));
    rig.feed(n * 40 * kMillisecond + (n % 2 == 0 ? 10 : 11) * kMillisecond, voice(n));
  }
  CHECK(outcome(rig) ==
        "packets 8, rtp 6, spanCopies 2, streamsStarted 1, streamsEnded 1 | packets 6, expected 4, "
        "duplicates 2");
}

TEST_CASE("With every packet delivered twice the blocks are the same, whatever the traffic") {
  std::mt19937 random(11);
  const auto below = [&](uint32_t n) { return static_cast<uint32_t>(random() % n); };
  MemorySource once, twice;
  for (uint32_t i = 0; i < 20'000; i++) {
    // 8 flows with loss, reordering and duplicates of the endpoint, each with an id of its own.
    const uint32_t n = i / 8;
    const auto seq = static_cast<uint16_t>(below(40) == 0 ? n - below(6) : n);
    Flow flow;
    flow.src = static_cast<uint8_t>(i % 8);
    if (below(30) == 0) continue;
    const Octets frame =
        identified(udp_frame(flow, rtp({seq, seq * 160U})), static_cast<uint16_t>(1 + i % 65'535));
    const int64_t ts_ns = i * 2 * kMillisecond;
    once.add(ts_ns, {frame.data(), frame.size()});
    twice.add(ts_ns, {frame.data(), frame.size()});
    const Octets copy = routed(frame);
    twice.add(ts_ns + below(1000) * kMicrosecond, {copy.data(), copy.size()});
  }
  MeterRig a(with(SpanCopyMode::kAuto)), b(with(SpanCopyMode::kAuto));
  a.feed(once);
  b.feed(twice);
  a.finish();
  b.finish();
  CHECK(text(b.blocks()) == text(a.blocks()));
  CHECK(b.counters().get(Counter::kSpanCopies) == once.size());
  CHECK(b.counters().get(Counter::kCopyCacheOverwrites) == 0);
}

// Recorded on all interfaces of a gateway: every packet once on a tunnel (ARPHRD_NONE) and
// once on one of PPP. IP ids are 0, all else is the same.
TEST_CASE("A real capture in which every packet is there twice has no duplicates") {
  const std::filesystem::path path = std::filesystem::path(SHARED_DIR) / "captures/rtp-amrnb-sll.pcap";
  if (!std::filesystem::exists(path)) {
    MESSAGE("skipped: no " << path.string());
    return;
  }
  for (const SpanCopyMode mode : {SpanCopyMode::kAuto, SpanCopyMode::kStrict}) {
    FileSource source(FileOptions{.paths = {path.string()}});
    source.open();
    MeterRig rig(with(mode));
    rig.feed(source);
    rig.finish();
    double duplicates = 0;
    for (const Sealed& block : rig.blocks()) {
      for (const StreamRecord& r : block.records) duplicates += r.kind == 2 ? r.duplicates : 0;
    }
    CHECK(duplicates == 0);
    CHECK(rig.counters().get(Counter::kSpanCopies) == 969);
    CHECK(rig.counters().get(Counter::kRtp) == 2463 - 969);
  }
}

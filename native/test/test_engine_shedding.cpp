// Shedding with the level forced: which flows are measured, that a call is measured as a whole or
// not at all, that what is measured is complete, and that every packet is accounted for.
#include <cmath>
#include <set>

#include "core/capture/flow_program.h"
#include "core/decode/decode.h"
#include "core/engine/flow_sampler.h"
#include "test_engine_support.h"

using namespace engine_test;

namespace {

constexpr int64_t kPacket_ns = 20 * kMillisecond;

// Flow of a call: between two of a few addresses, as behind gateways, so that ports tell calls apart.
Flow flow_of(uint32_t call) {
  return {static_cast<uint8_t>(call % 5), static_cast<uint8_t>(call % 3),
          static_cast<uint16_t>(10'000 + 2 * call), static_cast<uint16_t>(30'000 + 2 * (call % 100)),
          call % 4 == 0};
}
// The way back: addresses and ports change places.
Octets turned_frame(const Flow& flow, const Octets& content) {
  Octets frame = udp_frame(flow, content);
  const size_t at = flow.ipv6 ? 22 : 26, n = flow.ipv6 ? 16 : 4;
  std::swap_ranges(frame.begin() + static_cast<ptrdiff_t>(at), frame.begin() + static_cast<ptrdiff_t>(at + n),
                   frame.begin() + static_cast<ptrdiff_t>(at + n));
  std::swap_ranges(frame.end() - static_cast<ptrdiff_t>(content.size() + 8),
                   frame.end() - static_cast<ptrdiff_t>(content.size() + 6),
                   frame.end() - static_cast<ptrdiff_t>(content.size() + 6));
  return frame;
}

uint64_t place_of(const Octets& frame) {
  PacketView view;
  view.bytes = {frame.data(), frame.size()};
  view.wire_len = static_cast<uint32_t>(frame.size());
  Counters counters;
  Datagram d{};
  Decoder decoder({});
  REQUIRE(decoder.decode(view, counters, d));
  return FlowSampler::place_of(d.src, d.dst, d.src_port, d.dst_port);
}

bool sheds(const FlowSampler& sampler, const Octets& frame) {
  PacketView view;
  view.bytes = {frame.data(), frame.size()};
  view.wire_len = static_cast<uint32_t>(frame.size());
  return sampler.sheds_frame(view);
}

Octets tagged(Octets frame) {
  const Octets tag{0x81, 0x00, 0x00, 0x07};
  frame.insert(frame.begin() + 12, tag.begin(), tag.end());
  return frame;
}

// Calls of two directions with RTCP on the next ports. The answer of every third call begins
// 1.5 s later. Nothing is lost on the way.
class Calls {
 public:
  explicit Calls(uint32_t calls, const EngineOptions& o = options()) : calls_(calls), rig_(o) {}

  void run(double seconds) {
    for (const int64_t end_ns = now_ns_ + static_cast<int64_t>(seconds * 1e9); now_ns_ < end_ns; tick_++) {
      MemorySource source;
      for (uint32_t c = first_; c < first_ + calls_; c++) {
        const bool answered = tick_ - began(c) >= (c % 3 == 0 ? 75 : 0);
        for (uint32_t back = 0; back < (answered ? 2 : 1); back++) packets(source, c, back != 0);
      }
      rig_.feed(source);
      now_ns_ += kPacket_ns;
    }
  }
  // The earliest calls end and as many begin.
  void replace(uint32_t count) {
    first_ += count;
    for (uint32_t c = first_ + calls_ - count; c < first_ + calls_; c++) began_[c] = tick_;
  }

  MeterRig& rig() { return rig_; }
  uint64_t sent() const { return sent_; }
  int64_t now_ns() const { return now_ns_; }

  // Holds every whole stream against what was sent while it lasted; gives the streams of each call.
  std::map<uint32_t, std::vector<StreamRecord>> check_complete() {
    std::map<uint32_t, std::vector<StreamRecord>> by_call;
    for (const Sealed& block : rig_.blocks()) {
      for (const StreamRecord& r : block.records) {
        if (r.kind == 1) continue;
        CHECK(r.lost == 0);
        CHECK(r.capture_lost == 0);
        CHECK(r.packets == static_cast<double>((r.last_ns - r.first_ns) / kPacket_ns + 1));
        CHECK(r.expected == r.packets);
        CHECK(r.jitter_max_ms < 1e-6);
        // A report every second beside it, but perhaps the one before its first packets.
        CHECK(r.rtcp_packets * 50 + 100 > r.packets);
        by_call[r.ssrc / 2].push_back(r);
      }
    }
    return by_call;
  }

 private:
  int64_t began(uint32_t call) { return began_[call]; }
  void packets(MemorySource& source, uint32_t c, bool back) {
    const Flow flow = flow_of(c);
    const uint32_t ssrc = 2 * c + (back ? 1 : 0);
    const auto seq = static_cast<uint16_t>(tick_ - began(c));
    const auto add = [&](const Flow& f, const Octets& content) {
      const Octets frame = back ? turned_frame(f, content) : udp_frame(f, content);
      source.add(now_ns_ + c * 1000, {frame.data(), frame.size()});
      sent_++;
    };
    add(flow, rtp({seq, seq * 160U, ssrc}));
    Flow control = flow;
    control.src_port++;
    control.dst_port++;
    if (seq % 50 == 25) add(control, rtcp(ssrc));
  }

  uint32_t calls_, first_ = 0;
  std::map<uint32_t, int64_t> began_;
  int64_t tick_ = 0, now_ns_ = 1'700'000'000 * kSecond;
  uint64_t sent_ = 0;
  MeterRig rig_;
};

uint64_t count(MeterRig& rig, Counter c) { return rig.counters().get(c); }

}  // namespace

TEST_CASE("A flow has one place: both directions, RTCP on the next ports, IPv4 and IPv6") {
  for (uint32_t call = 0; call < 40; call++) {
    const Flow flow = flow_of(call);
    Flow control = flow;
    control.src_port++;
    control.dst_port++;
    const uint64_t place = place_of(udp_frame(flow, rtp({1, 160})));
    CHECK(place_of(turned_frame(flow, rtp({1, 160}))) == place);
    CHECK(place_of(udp_frame(control, rtcp(1))) == place);
    CHECK(place_of(turned_frame(control, rtcp(1))) == place);
    CHECK(place_of(udp_frame(flow_of(call + 1), rtp({1, 160}))) != place);
  }
}

TEST_CASE("Each level admits its share of the flows, in all that the fan-out gives to one worker too") {
  constexpr uint32_t kFlows = 40'000, kWorkers = 4;
  FlowSampler sampler(1000);
  for (uint32_t level = 0; level < FlowSampler::kLevels; level++) {
    CAPTURE(level);
    sampler.set_level(level);
    CHECK(sampler.on() == (level > 0));
    uint32_t admitted[kWorkers] = {}, all[kWorkers] = {};
    for (uint32_t i = 0; i < kFlows; i++) {
      // Between two gateways, told apart by ports alone.
      const Address a = map_ipv4(reinterpret_cast<const uint8_t*>("\x0a\x00\x00\x01"));
      const Address b = map_ipv4(reinterpret_cast<const uint8_t*>("\x0a\x00\x00\x02"));
      const auto src = static_cast<uint16_t>(10'000 + 2 * (i % 200)),
                 dst = static_cast<uint16_t>(20'000 + 2 * (i / 200));
      const uint32_t worker = flow_number(0x0a000001 + 0x0a000002, (src & ~1U) + (dst & ~1U)) % kWorkers;
      all[worker]++;
      if (sampler.takes(FlowSampler::place_of(a, b, src, dst))) admitted[worker]++;
    }
    // There are but 399 sums of these ports, each 1 to 200 times.
    for (uint32_t w = 0; w < kWorkers; w++) {
      const double share = kShedAdmittedShares[level], n = all[w];
      CHECK(std::abs(admitted[w] - share * n) <= 4 * std::sqrt(share * (1 - share) * n * 134));
    }
  }
}

TEST_CASE("Running streams of marked flows go on as far as their level keeps them") {
  FlowSampler sampler(1000);
  const uint64_t middle = UINT64_MAX / 8 * 3;  // of 0.375
  sampler.set_level(2);
  CHECK_FALSE(sampler.takes(middle));
  sampler.mark(middle);
  CHECK(sampler.takes(middle));
  sampler.set_level(4);  // keeps one half
  CHECK(sampler.takes(middle));
  CHECK_FALSE(sampler.gives_up(middle));
  sampler.set_level(5);
  CHECK_FALSE(sampler.takes(middle));
  CHECK(sampler.gives_up(middle));
  sampler.set_level(4);
  sampler.clear_marks();
  CHECK_FALSE(sampler.takes(middle));
}

TEST_CASE("Hardly a flow is taken for a marked one") {
  constexpr uint32_t kStreams = 20'000;
  FlowSampler sampler(kStreams);
  sampler.set_level(3);
  uint64_t place = 1;
  const auto next = [&] { return place = mix_multiply(place, 0x9e3779b97f4a7c15) ^ 0x2545f4914f6cdd1d; };
  for (uint32_t i = 0; i < kStreams; i++) sampler.mark(next());
  uint32_t taken = 0, beyond = 0;
  for (uint32_t i = 0; i < 100'000; i++) {
    const uint64_t other = next();
    if (other < UINT64_MAX / 8) continue;
    beyond++;
    if (sampler.takes(other)) taken++;
  }
  CHECK(taken < beyond / 100);
}

TEST_CASE("A frame is shed before it is decoded only where decoding would shed it too") {
  FlowSampler sampler(1000);
  sampler.set_level(1);
  uint32_t shed = 0;
  for (uint32_t call = 0; call < 64; call++) {
    Flow flow = flow_of(call);
    flow.ipv6 = false;
    const Octets frame = udp_frame(flow, rtp({1, 160}));
    const bool taken = sampler.takes(place_of(frame));
    CHECK(sheds(sampler, frame) == !taken);
    CHECK(sheds(sampler, tagged(frame)) == !taken);
    if (taken) continue;
    shed++;
    // What has to be looked into first, or is no RTP.
    Octets fragment = frame, options = frame, tcp = frame, stun = frame, gtp = frame;
    fragment[20] = 0x20;
    options[14] = 0x46;
    tcp[23] = 6;
    stun[42] = 0;
    gtp[42] = 0x30;
    for (const Octets& other : {fragment, options, tcp, stun, gtp}) CHECK_FALSE(sheds(sampler, other));
    CHECK_FALSE(sheds(sampler, Octets(frame.begin(), frame.begin() + 40)));
    flow.ipv6 = true;
    CHECK_FALSE(sheds(sampler, udp_frame(flow, rtp({1, 160}))));
  }
  CHECK(shed > 20);
}

TEST_CASE("Level 1 to 3: running calls go on whole, of new ones a share is measured, each as a whole") {
  EngineOptions o = options();
  o.window_ns = kSecond;
  o.idle_timeout_ns = 5 * kSecond;
  Calls calls(120, o);
  calls.run(1);  // a third of the calls was not answered yet
  calls.rig().shed(2);
  calls.run(3);
  CHECK(count(calls.rig(), Counter::kShed) == 0);
  CHECK(count(calls.rig(), Counter::kStreamsActive) == 240);
  calls.replace(100);
  calls.run(4);
  CHECK(count(calls.rig(), Counter::kShed) > 0);
  calls.rig().shed(3);
  calls.run(3);
  calls.rig().finish();
  CHECK(count(calls.rig(), Counter::kPackets) == calls.sent());
  CHECK(count(calls.rig(), Counter::kStreamsShed) == 0);
  CHECK(count(calls.rig(), Counter::kSuspectedCaptureLoss) == 0);
  check_sums(calls.rig().blocks());

  const auto by_call = calls.check_complete();
  uint32_t admitted = 0;
  for (const auto& [call, streams] : by_call) {
    CAPTURE(call);
    CHECK(streams.size() == 2);  // both directions, once
    if (call >= 120) admitted++;
  }
  CHECK(by_call.size() == 120 + admitted);
  CHECK(admitted >= 13);  // of 100, one in 4
  CHECK(admitted <= 40);
}

TEST_CASE(
    "Level 4 and on: calls are let go whole, end as shed with their last window, and come back as new") {
  EngineOptions o = options();
  o.window_ns = 2 * kSecond;
  Calls calls(120, o);
  calls.run(3);
  CHECK(count(calls.rig(), Counter::kStreamsActive) == 240);
  calls.rig().shed(5);  // keeps one in 4
  const int64_t shed_ns = calls.now_ns();
  calls.run(3);
  const uint64_t kept = count(calls.rig(), Counter::kStreamsActive);
  CHECK(count(calls.rig(), Counter::kStreamsShed) == 240 - kept);
  CHECK(kept >= 2 * 12);
  CHECK(kept <= 2 * 48);
  for (const uint32_t level : {4U, 3U, 2U, 1U, 0U}) {
    calls.rig().shed(level);
    calls.run(1);
  }
  CHECK(count(calls.rig(), Counter::kStreamsActive) == 240);
  const uint64_t shed = count(calls.rig(), Counter::kShed);
  calls.run(3);
  CHECK(count(calls.rig(), Counter::kShed) == shed);
  calls.rig().finish();
  CHECK(count(calls.rig(), Counter::kPackets) == calls.sent());
  check_sums(calls.rig().blocks());

  uint32_t whole = 0;
  for (const auto& [call, streams] : calls.check_complete()) {
    CAPTURE(call);
    if (streams.size() == 2) {
      whole++;
      continue;
    }
    REQUIRE(streams.size() == 4);
    uint32_t ended = 0;
    for (const StreamRecord& r : streams) {
      if (r.end_reason != static_cast<uint8_t>(EndReason::kShed)) continue;
      ended++;
      CHECK(r.last_ns < shed_ns);
      CHECK(r.last_ns > shed_ns - 2 * kPacket_ns);
    }
    CHECK(ended == 2);
    // Both directions come back with the same step.
    CHECK(std::abs(streams[2].first_ns - streams[3].first_ns) < kPacket_ns);
  }
  CHECK(whole == kept / 2);
}

TEST_CASE("A window tells the highest level in it and since when, the next one the level that lasts") {
  EngineOptions o = options();
  o.window_ns = kSecond;
  Calls calls(10, o);
  calls.run(1.5);
  const auto since_ms = static_cast<double>(calls.now_ns() / kMillisecond);
  calls.rig().shed(5);
  calls.rig().shed(1);
  calls.run(2);
  calls.rig().shed(0);
  calls.run(2);
  calls.rig().finish();
  const auto& blocks = calls.rig().blocks();
  std::string told;
  for (size_t i = 0; i < 5; i++) {
    const double since = blocks[i].counters[static_cast<size_t>(Counter::kShedSinceMs)];
    told += number(blocks[i].counters[static_cast<size_t>(Counter::kShedLevel)]) +
            (since == 0                         ? " never, "
             : std::abs(since - since_ms) <= 20 ? " since, "
                                                : " wrong, ");
  }
  CHECK(told == "0 never, 5 since, 1 since, 1 since, 0 never, ");
}

TEST_CASE("Streams in probation that are let go count as shed") {
  uint32_t shed = 0;
  for (uint8_t call = 0; call < 32; call++) {
    MeterRig rig;
    rig.feed(kSecond, udp_frame(flow_of(call), rtp({1, 160})));
    rig.feed(kSecond + 1, udp_frame(flow_of(call), {0x16, 0xfe, 0xff, 0, 0, 0, 0, 0, 0, 0}));
    CHECK(rig.counters().get(Counter::kRtpInProbation) == 1);
    rig.shed(FlowSampler::kLevels - 1);
    rig.advance(kSecond + 2);
    rig.finish();
    shed += static_cast<uint32_t>(rig.counters().get(Counter::kShed));
    CHECK(rig.counters().get(Counter::kShed) + rig.counters().get(Counter::kRtpUnconfirmed) == 1);
    CHECK(rig.counters().get(Counter::kDtls) == 1);
    CHECK(rig.counters().get(Counter::kStreamsShed) == 0);
  }
  CHECK(shed >= 28);
}

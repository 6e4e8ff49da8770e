// The two legs of a TAP on two interfaces, in a namespace of our own: one direction of each call comes
// on each of them.
#include <doctest/doctest.h>

#include <map>
#include <thread>

#include "core/capture/live_sources.h"
#include "core/engine/engine.h"
#include "test_capture_calls.h"
#include "test_capture_namespace.h"
#include "test_engine_support.h"

using namespace capture_test;
using namespace engine_test;

namespace {

constexpr uint8_t kCalls = 40;

bool lay_second_cable() {
  return shell("ip link add probe1 type veth peer name far1") && shell("ip link set far1 up") &&
         shell("ip link set probe1 up");
}

std::vector<std::unique_ptr<PacketSource>> tapped(size_t workers) {
  AfPacketOptions common;
  common.ring_bytes = 32 << 20;
  common.block_bytes = 1 << 20;
  common.promiscuous = true;
  return live_sources(common, {"probe0", "probe1"}, workers);
}

// An engine on both legs, and both ends of what it listens to.
class Tapped {
 public:
  explicit Tapped(size_t workers, SpanCopyOptions copies = {})
      : engine_(engine_options(copies), tapped(workers)) {
    engine_.start();
  }

  uint64_t count(Counter c) { return engine_.stats().counters.get(c); }
  uint64_t sent() const { return there.sent + back.sent; }
  EngineStats stats() { return engine_.stats(); }

  // Packet `n` of all calls; waits until it is measured, as what waits for the kernel has little room.
  void send(uint16_t n, bool both = true) {
    for (uint8_t call = 0; call < kCalls; call++) send_call(there, both ? back : nowhere, call, n);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    if (n % 4 == 3) wait([&] { return count(Counter::kPackets) >= sent(); });
  }
  template <typename Condition>
  static bool wait(Condition condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!condition()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return true;
  }
  std::vector<StreamRecord> wholes() {
    engine_.stop();
    std::vector<StreamRecord> all;
    std::vector<Sealed> blocks;
    while (const std::optional<Block> block = engine_.take()) blocks.emplace_back(*block);
    check_sums(blocks);
    for (const Sealed& block : blocks) {
      for (const StreamRecord& r : block.records) {
        if (r.kind == 2) all.push_back(r);
      }
    }
    return all;
  }

  Wire there{"far0"}, back{"far1"}, nowhere{"lo"};

 private:
  static EngineOptions engine_options(const SpanCopyOptions& copies) {
    EngineOptions o = options();
    o.span_copies = copies;
    o.window_ns = kSecond / 5;
    o.queue_blocks = 1000;
    return o;
  }
  Engine engine_;
};

// "80 streams, 800 RTCP, 0 lost, each on its leg, balanced".
std::string told(const std::vector<StreamRecord>& wholes, const EngineStats& stats) {
  double rtcp_packets = 0, lost = 0;
  size_t on_leg = 0;
  for (const StreamRecord& r : wholes) {
    rtcp_packets += r.rtcp_packets;
    lost += r.lost;
    on_leg += r.interface == (r.ssrc & 1) && r.interface_other == kNoInterface;
  }
  return std::to_string(wholes.size()) + " streams, " + number(rtcp_packets) + " RTCP, " + number(lost) +
         " lost, " + std::to_string(on_leg) + " on their leg, " +
         (balanced(stats.counters) ? "balanced" : "not balanced");
}

}  // namespace

TEST_CASE("live: both legs of a TAP are measured as one, RTCP with its stream, each packet with its leg") {
  for (const size_t workers : {1, 2}) {
    const std::string result = in_namespace([workers]() -> std::string {
      if (!lay_second_cable()) return "no second cable";
      Tapped tap(workers);
      for (uint16_t n = 0; n < 100; n++) tap.send(n);
      const std::vector<StreamRecord> wholes = tap.wholes();
      const EngineStats stats = tap.stats();
      const uint64_t seen = stats.counters.get(Counter::kPackets) + stats.counters.get(Counter::kKernelDrops);
      std::string text = told(wholes, stats) + (seen == tap.sent() ? ", all seen" : ", not all seen");
      for (const SourceStats& one : stats.interfaces) text += ", " + std::to_string(one.kernel_packets);
      size_t busy = 0;
      for (const WorkerStats& one : stats.workers) busy += one.counters.get(Counter::kPackets) > 0;
      text += ", steps " + std::to_string(stats.counters.get(Counter::kClockSteps));
      return text + ", workers " + std::to_string(busy);
    });
    if (not_run(result)) return;
    CHECK(result ==
          "80 streams, 800 RTCP, 0 lost, 80 on their leg, balanced, all seen, 4400, 4400, steps 0, workers " +
              std::to_string(workers));
  }
}

TEST_CASE("live: what both legs of a TAP deliver is measured once") {
  const std::string result = in_namespace([]() -> std::string {
    if (!lay_second_cable()) return "no second cable";
    // A loaded machine may take its time between a packet and its copy.
    Tapped tap(2, {SpanCopyMode::kAll, kSecond});
    for (uint16_t n = 0; n < 20; n++) {
      for (uint8_t call = 0; call < kCalls; call++) {
        send_call(tap.there, tap.there, call, n);
        send_call(tap.back, tap.back, call, n);
      }
      tap.wait([&] { return tap.count(Counter::kPackets) >= tap.sent(); });
    }
    const std::vector<StreamRecord> wholes = tap.wholes();
    double packets = 0, copies = 0, rtcp_packets = 0;
    for (const StreamRecord& r : wholes) {
      packets += r.packets;
      copies += r.span_copies;
      rtcp_packets += r.rtcp_packets;
    }
    return std::to_string(tap.sent()) + " sent, " + std::to_string(wholes.size()) + " streams, " +
           number(packets) + " RTP, " + number(rtcp_packets) + " RTCP, " + number(copies) +
           " copies of RTP, " + std::to_string(tap.stats().counters.get(Counter::kSpanCopies)) + " of all";
  });
  if (not_run(result)) return;
  CHECK(result == "3520 sent, 80 streams, 1600 RTP, 160 RTCP, 1600 copies of RTP, 1760 of all");
}

TEST_CASE("live: one leg of a TAP that is down leaves the other measuring, and is with it again afterwards") {
  const std::string result = in_namespace([]() -> std::string {
    if (!lay_second_cable()) return "no second cable";
    Tapped tap(2);
    for (uint16_t n = 0; n < 20; n++) tap.send(n);
    shell("ip link set probe1 down");
    const auto state_is = [&](CaptureState state) {
      return Tapped::wait([&] {
        const std::vector<SourceStats> legs = tap.stats().interfaces;
        return legs.size() == 2 && legs[0].state == CaptureState::kCapturing && legs[1].state == state;
      });
    };
    std::string text = state_is(CaptureState::kDown) ? "down, " : "not down, ";
    for (uint16_t n = 20; n < 40; n++) tap.send(n, false);
    text += tap.count(Counter::kPackets) == tap.sent() ? "the other goes on, " : "the other does not go on, ";
    shell("ip link set probe1 up");
    text += state_is(CaptureState::kCapturing) ? "up, " : "not up, ";
    // What is sent before the carrier is back is lost.
    wait_for_carrier();
    for (int i = 0; i < 1000 && !is_running("far1"); i++)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    std::this_thread::sleep_for(std::chrono::milliseconds(1500));
    for (uint16_t n = 40; n < 60; n++) tap.send(n);
    const std::vector<StreamRecord> wholes = tap.wholes();
    const EngineStats stats = tap.stats();
    text += told(wholes, stats) + ", outages " + std::to_string(stats.interfaces[0].outages) + " and " +
            std::to_string(stats.interfaces[1].outages);
    double no_loss = 0;
    for (const StreamRecord& r : wholes) no_loss += r.capture_lost;
    // The outage counts from when all was seen to be well last, which is after the last packet.
    const bool nearly_all = no_loss >= 760 && no_loss <= 800;
    return text + (nearly_all ? ", lost by the capture" : ", lost by the capture: " + number(no_loss));
  });
  if (not_run(result)) return;
  // There: 60 packets of 40 calls, and 6 rounds of RTCP. Back: 20 packets less, lost by the capture.
  CHECK(result ==
        "down, the other goes on, up, 80 streams, 400 RTCP, 800 lost, 80 on their leg, balanced, "
        "outages 0 and 1, lost by the capture");
}

TEST_CASE("live: an interface of a TAP that is made anew deals to the same workers as the other") {
  const std::string result = in_namespace([]() -> std::string {
    if (!lay_second_cable()) return "no second cable";
    Tapped tap(3);
    const auto state_is = [&](CaptureState state) {
      return Tapped::wait([&] {
        const std::vector<SourceStats> legs = tap.stats().interfaces;
        return legs.size() == 2 && legs[1].state == state;
      });
    };
    Tapped::wait([&] { return tap.stats().interfaces.size() == 2; });
    shell("ip link del probe1");
    std::string text = state_is(CaptureState::kGone) ? "gone, " : "there, ";
    lay_second_cable();
    text += state_is(CaptureState::kCapturing) ? "back, " : "not back, ";
    for (int i = 0; i < 1000 && !is_running("far1"); i++)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    std::this_thread::sleep_for(std::chrono::milliseconds(1500));
    tap.back.point_at("far1");
    for (uint16_t n = 0; n < 40; n++) tap.send(n);
    const std::vector<StreamRecord> wholes = tap.wholes();
    return text + told(wholes, tap.stats());
  });
  if (not_run(result)) return;
  CHECK(result == "gone, back, 80 streams, 320 RTCP, 0 lost, 80 on their leg, balanced");
}

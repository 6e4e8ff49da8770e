// What the tap lost, as the meter counts it: the same with any batches and windows,
// and the kernel's word taken when a block is sealed.
#include "test_engine_support.h"

using namespace engine_test;

namespace {

// Twelve pairs of addresses with two streams each, packets every 20 ms for 12 s; nothing is
// captured from 3.003 to 3.203 s, and the first stream loses every 50th packet of its own.
void add_calls(MemorySource& source, bool ipv6, uint8_t calls = 12) {
  for (uint16_t n = 0; n < 600; n++) {
    for (uint8_t s = 0; s < 2 * calls; s++) {
      const int64_t at_ns = n * 20 * kMillisecond + s * 800'000;
      if (at_ns >= 3003 * kMillisecond && at_ns < 3203 * kMillisecond) continue;
      if (s == 0 && n % 50 == 49) continue;
      const auto call = static_cast<uint8_t>(s / 2);
      const Flow flow{static_cast<uint8_t>(10 + call), static_cast<uint8_t>(100 + call),
                      static_cast<uint16_t>(5000 + s), 6000, ipv6};
      const Octets frame = udp_frame(flow, rtp({n, n * 160U}));
      source.add(at_ns, {frame.data(), frame.size()});
    }
  }
}

std::string capture_loss(const Counters& c) {
  return std::to_string(c.get(Counter::kSuspectedCaptureLoss)) + " packets, " +
         std::to_string(c.get(Counter::kEstimatedCaptureLoss)) + " estimated, " +
         std::to_string(c.get(Counter::kCaptureLossUnassigned)) + " unassigned, " +
         std::to_string(c.get(Counter::kCommonGaps)) + " runs of " +
         std::to_string(c.get(Counter::kCommonGapMs)) + " ms";
}

std::string measured(size_t batch_size, int64_t window_ns, bool ipv6 = false) {
  EngineOptions o = options();
  o.window_ns = window_ns;
  MeterRig rig(o, batch_size);
  MemorySource source;
  add_calls(source, ipv6);
  rig.feed(source);
  rig.finish();
  return capture_loss(rig.counters());
}

}  // namespace

TEST_CASE("An outage of the tap is counted to the packet, whatever the batches and windows") {
  const std::string expected = "240 packets, 0 estimated, 0 unassigned, 1 runs of 195 ms";
  CHECK(measured(64, 10 * kSecond) == expected);
  CHECK(measured(1, 10 * kSecond) == expected);
  CHECK(measured(7, 100 * kMillisecond) == expected);
  CHECK(measured(64, 60 * kSecond, true) == expected);
}

TEST_CASE("What the kernel dropped is no loss of the network, even of a single call") {
  uint64_t drops = 0;
  Meter meter(
      options(), [](Block) {}, [&](Counters& counters) { counters.set(Counter::kKernelDrops, drops); });
  MemorySource source;
  add_calls(source, false, 1);
  static PacketBatch batch;
  while (source.read(batch, 0) == ReadStatus::kPackets) {
    meter.process(batch);
    if (batch.packets[0].ts_ns > 4 * kSecond) drops = 15;
  }
  meter.finish(EndReason::kEndOfCapture);
  // 20 packets fell into the outage, 11 more were lost otherwise.
  CHECK(capture_loss(meter.counters()) == "15 packets, 15 estimated, 0 unassigned, 0 runs of 0 ms");
}

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
  OneMerger one(options(), [&](Counters& counters) { counters.set(Counter::kKernelDrops, drops); });
  Meter& meter = one.meter();
  MemorySource source;
  add_calls(source, false, 1);
  static PacketBatch batch;
  while (source.read(batch, 0) == ReadStatus::kPackets) {
    meter.process(batch);
    if (batch.packets[0].ts_ns > 4 * kSecond) drops = 15;
  }
  meter.finish(EndReason::kEndOfCapture);
  // 20 packets fell into the outage, 11 more were lost otherwise.
  CHECK(capture_loss(one.counters()) == "15 packets, 15 estimated, 0 unassigned, 0 runs of 0 ms");
}

TEST_CASE("What is missing while nothing could be captured is no loss of the network, of a single call too") {
  OneMerger one(options());
  Meter& meter = one.meter();
  MemorySource source;
  add_calls(source, false, 1);
  static PacketBatch batch;
  const auto told = std::make_unique<PacketBatch>();
  bool out = true;
  while (source.read(batch, 0) == ReadStatus::kPackets) {
    // One packet a batch, so that the outage stands before the first one behind it.
    for (size_t i = 0; i < batch.count; i++) {
      told->packets[0] = batch.packets[i];
      told->count = 1;
      told->outage = {};
      if (out && told->packets[0].ts_ns > 3100 * kMillisecond) {
        told->outage = {3003 * kMillisecond, 3203 * kMillisecond};
        out = false;
      }
      meter.process(*told);
    }
  }
  meter.finish(EndReason::kEndOfCapture);
  // The 11 packets that the first stream lost otherwise are of the network.
  CHECK(one.counters().get(Counter::kOutageLoss) == 20);
  CHECK(capture_loss(one.counters()) == "20 packets, 0 estimated, 0 unassigned, 0 runs of 0 ms");
  uint32_t lost = 0;
  for (const Sealed& block : one.blocks()) {
    for (const StreamRecord& record : block.records) lost += record.kind == 2 ? record.capture_lost : 0;
  }
  CHECK(lost == 20);
}

// Five packets are lost, two seconds later the same caller begins anew.
TEST_CASE("What the capture lost of a stream is not put down to the next one of the same key") {
  EngineOptions o = options();
  o.idle_timeout_ns = kSecond;
  OneMerger one(o, [](Counters& counters) { counters.set(Counter::kKernelDrops, 5); });
  Meter& meter = one.meter();
  MemorySource source;
  for (uint16_t n = 0; n < 20; n++) {
    const auto seq = static_cast<uint16_t>(n < 5 ? n : n + 5);
    const int64_t at_ns = (seq * 20 + (n < 10 ? 0 : 2000)) * kMillisecond;
    const Octets frame = udp_frame({}, rtp({seq, seq * 160U}));
    source.add(at_ns, {frame.data(), frame.size()});
  }
  static PacketBatch batch;
  while (source.read(batch, 0) == ReadStatus::kPackets) meter.process(batch);
  meter.finish(EndReason::kEndOfCapture);
  CHECK(text(one.blocks()) ==
        "0..10 s, flags 5\n"
        "  window 1:5004 > 2:6004 ssrc 42: packets 10, expected 15, lost 5, runs 1 of 5 packets, longest 5\n"
        "  whole 1:5004 > 2:6004 ssrc 42 (idle): packets 10, expected 15, lost 5, runs 1 of 5 packets, "
        "longest 5\n"
        "  window 1:5004 > 2:6004 ssrc 42: packets 10, expected 10\n"
        "  whole 1:5004 > 2:6004 ssrc 42 (idle): packets 10, expected 10\n");
  CHECK(capture_loss(one.counters()) == "5 packets, 5 estimated, 0 unassigned, 0 runs of 0 ms");
  const std::vector<StreamRecord>& records = one.blocks()[0].records;
  REQUIRE(records.size() == 4);
  for (size_t i = 0; i < 4; i++) CHECK(records[i].capture_lost == (i < 2 ? 5 : 0));
}

// What the state of a stream costs: rows of pools are taken by what happens to it, and
// by nothing else.
#include "test_engine_support.h"

using namespace engine_test;

namespace {

constexpr uint32_t kStreams = 4096;  // so many as the index has room for, without waste

struct Call {
  uint16_t packets = 3;
  bool loses = false;  // the packet before the last
  int64_t window_ns = 10 * kSecond;
};

// Bytes of a stream, its share of the index included, after packets of 20 ms.
double bytes_a_stream(const Call& call) {
  EngineOptions o = options();
  o.max_streams = kStreams;
  o.window_ns = call.window_ns;
  Meter meter(o, [](Part) {});
  MemorySource source;
  for (uint16_t n = 0; n < call.packets; n++) {
    if (call.loses && n + 2 == call.packets) continue;
    for (uint32_t ssrc = 0; ssrc < kStreams; ssrc++) {
      const Octets frame = udp_frame({}, rtp({n, n * 160U, ssrc}));
      source.add(n * 20'000'000, {frame.data(), frame.size()});
    }
  }
  static PacketBatch batch;
  while (source.read(batch, 0) == ReadStatus::kPackets) meter.process(batch);
  REQUIRE(meter.table().size() == kStreams);
  return static_cast<double>(meter.table().bytes_used()) / kStreams;
}

}  // namespace

TEST_CASE("State of a stream: 304 bytes in its first window, 480 later, more only for what happens to it") {
  const double index = 8;
  const double row = sizeof(StreamHot) + sizeof(StreamCold);
  CHECK(bytes_a_stream({}) == row + index);
  CHECK(row + index < 320);
  const Call later{.packets = 10, .window_ns = 50'000'000};
  CHECK(bytes_a_stream(later) == row + index + sizeof(StreamPast));
  CHECK(bytes_a_stream({.packets = 40, .window_ns = 50'000'000}) == bytes_a_stream(later));
  CHECK(bytes_a_stream(later) <= 512);
  CHECK(bytes_a_stream({.packets = 5, .loses = true}) == row + index + sizeof(Incidents) + sizeof(Damage));
}

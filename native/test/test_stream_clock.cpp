// The RTP clock: from the payload type, inferred from the traffic, and changing in
// the middle of a stream.
#include "core/base/error.h"
#include "test_stream_support.h"

using namespace stream_test;

namespace {

// 1 s of packets of a payload type that nobody announced, each off by up to
// `off_ms` from its place.
StreamRecord inferred(double hz, double off_ms, double packet_ms = 20, uint32_t packets_per_frame = 1) {
  StreamRig rig;
  uint16_t seq = 0;
  for (uint32_t n = 0; n * packet_ms <= 1000; n++) {
    const double off = off_ms * ((n * 7 + 3) % 11 / 5.0 - 1);
    const auto timestamp = static_cast<uint32_t>(std::lround(n * packet_ms * hz / 1000));
    for (uint32_t i = 0; i < packets_per_frame; i++) {
      rig.add({seq++, 1'000'000 + timestamp, 1000 + n * packet_ms + off + i * 0.1, 96});
    }
  }
  return rig.finish();
}

std::string clock_of(const StreamRecord& r) {
  const char* const kinds[] = {"unknown", "audio", "video"};
  return timing(r).substr(0, timing(r).find(',')) + " " + kinds[r.media_kind];
}

std::string refusal(const std::vector<PayloadTypeOptions>& types) {
  try {
    const ClockTable table(types);
  } catch (const Error& e) {
    return e.code() + ": " + e.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("Every rate in use is inferred from jittery traffic within a second") {
  CHECK(clock_of(inferred(8000, 5)) == "8000 Hz inferred audio");
  CHECK(clock_of(inferred(16000, 5)) == "16000 Hz inferred audio");
  CHECK(clock_of(inferred(24000, 5)) == "24000 Hz inferred audio");
  CHECK(clock_of(inferred(32000, 5)) == "32000 Hz inferred audio");
  CHECK(clock_of(inferred(44100, 5)) == "44100 Hz inferred audio");
  CHECK(clock_of(inferred(48000, 5)) == "48000 Hz inferred audio");
  CHECK(clock_of(inferred(90000, 5)) == "90000 Hz inferred video");
  CHECK(clock_of(inferred(48000, 0, 2.5)) == "48000 Hz inferred audio");
  CHECK(clock_of(inferred(8000, 0, 120)) == "8000 Hz inferred audio");
}

TEST_CASE("The clock of video is inferred from its frames") {
  CHECK(clock_of(inferred(90000, 5, 40, 5)) == "90000 Hz inferred video");
}

TEST_CASE("A rate that nobody uses is not guessed at") {
  CHECK(clock_of(inferred(10000, 0)) == "0 Hz unknown unknown");
  CHECK(clock_of(inferred(46000, 0)) == "0 Hz unknown unknown");
}

TEST_CASE("0.8 s are needed to tell the clock") {
  const ClockTable table({});
  const auto hz = [&](int64_t ms, uint32_t ticks) {
    return table.rate(table.infer(ms * kMillisecond, ticks, 0)).hz;
  };
  CHECK(hz(799, 6392) == 0);
  CHECK(hz(800, 6400) == 8000);
  CHECK(hz(800, 6591) == 8000);  // 2.98 % off
  CHECK(hz(800, 6593) == 0);
  CHECK(hz(1000, 44100) == 44100);
  CHECK(hz(1000, 48000) == 48000);
  CHECK(hz(1000, 0) == 0);
  CHECK(hz(INT64_MAX / kMillisecond, UINT32_MAX) == 0);
}

TEST_CASE("A change to a payload type of the same clock goes on measuring") {
  StreamRig rig;
  for (uint16_t n = 0; n < 20; n++) rig.add({n, n * 160U, n * 20.0, static_cast<uint8_t>(n < 10 ? 0 : 8)});
  CHECK(timing(rig.finish()) == "8000 Hz static, jitter 0.000000 ms after 19 samples, type changes 1");
}

// RFC 7160: the timestamps go on at the new rate, or are those of the wall clock.
TEST_CASE("A change to a payload type of another clock measures anew") {
  for (const uint32_t base : {1600U, 0xdeadbeefU}) {
    StreamRig rig;
    for (uint16_t n = 0; n < 10; n++) rig.add({n, n * 160U, n * 20.0});
    for (uint16_t n = 10; n < 20; n++) rig.add({n, base + (n - 10) * 960U, n * 20.0, 111});
    CHECK(timing(rig.finish()) == "48000 Hz config, jitter 0.000000 ms after 18 samples, type changes 1");
  }
}

TEST_CASE("A change to an unknown payload type infers its clock") {
  StreamRig rig;
  for (uint16_t n = 0; n < 10; n++) rig.add({n, n * 160U, n * 20.0});
  for (uint16_t n = 10; n < 60; n++) rig.add({n, n * 320U, n * 20.0, 97});
  CHECK(timing(rig.finish()) == "16000 Hz inferred, jitter 0.000000 ms after 18 samples, type changes 1");
}

TEST_CASE("Noise and events do not change the payload type of the media") {
  StreamRig rig;
  const uint8_t types[] = {0, 0, 101, 0, 13, 0, 105, 0};
  for (uint16_t n = 0; n < 8; n++) rig.add({n, n * 160U, n * 20.0, types[n], false, 4});
  const StreamRecord r = rig.finish();
  CHECK(timing(r) == "8000 Hz static, jitter 0.000000 ms after 2 samples, noise 2, events 1");
  CHECK(r.payload_type == 0);
  CHECK(r.payload_types_low == (uint64_t{1} | uint64_t{1} << 13));
  CHECK(r.payload_types_high == (uint64_t{1} << (101 - 64) | uint64_t{1} << (105 - 64)));
}

TEST_CASE("The usual step of the timestamp survives silence, loss and reordering") {
  StreamRig rig;
  const uint16_t order[] = {0, 1, 2, 3, 5, 4, 6, 9, 10, 12, 11, 13, 14, 15};
  for (const uint16_t n : order) rig.add({n, n * 160U + (n > 13 ? 80000 : 0), n * 20.0});
  CHECK(rig.finish().timestamp_step == 160);
}

TEST_CASE("DSCP, VLAN and markers are those that were seen") {
  StreamRig rig;
  rig.add({0, 0, 0, 0, true, 160, 100, 46});
  rig.add({1, 160, 20, 0, false, 160, 200, 46});
  rig.add({2, 320, 40, 0, true, 160, 200, 0});
  const StreamRecord r = rig.finish();
  CHECK(r.vlan == 200);
  CHECK(r.vlan_other == 100);
  CHECK(r.dscp == 0);
  CHECK(r.dscp_seen == (uint64_t{1} << 46 | 1));
  CHECK(r.markers == 2);
}

TEST_CASE("Payload types that cannot be are refused") {
  CHECK(refusal({{128, 8000, MediaKind::kAudio, ClockSource::kConfig}}) ==
        "ERR_ENGINE_OPTIONS: payload type 128: type or clock rate out of range");
  CHECK(refusal({{96, 0, MediaKind::kAudio, ClockSource::kConfig}}) ==
        "ERR_ENGINE_OPTIONS: payload type 96: type or clock rate out of range");
  CHECK(refusal({{127, 192000, MediaKind::kAudio, ClockSource::kConfig}}) == "accepted");
  std::vector<PayloadTypeOptions> many;
  for (uint32_t i = 0; i < 250; i++) {
    many.push_back({static_cast<uint8_t>(i % 128), 1000 + i, MediaKind::kAudio, ClockSource::kConfig});
  }
  CHECK(refusal(many) == "ERR_ENGINE_OPTIONS: more than 200 different clock rates");
}

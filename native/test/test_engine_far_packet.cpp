// Packets whose time lies far ahead: one alone moves no window, two move time on.
#include "test_engine_support.h"

using namespace engine_test;

namespace {

// One stream with packets at these seconds, its numbers and timestamps as at 20 ms; in
// batches of a chosen size.
std::string windows(std::initializer_list<double> times_s, size_t batch_size = PacketBatch::kCapacity) {
  MeterRig rig(options(), batch_size);
  MemorySource source;
  uint16_t seq = 0;
  for (const double at_s : times_s) {
    const Octets frame = udp_frame({}, rtp({seq, seq * 160U}));
    source.add(static_cast<int64_t>(at_s * 1e9), {frame.data(), frame.size()});
    seq++;
  }
  rig.feed(source);
  rig.finish();
  check_sums(rig.blocks());
  return text(rig.blocks()) + text(rig.counters());
}

constexpr double kYear2255_s = 8.99e9;

}  // namespace

TEST_CASE("A lone packet far ahead is measured in the open window and counted as a clock step") {
  // The step is told with the window it lies in, the first one.
  const std::string expected =
      "0..10 s\n"
      "  window 1:5004 > 2:6004 ssrc 42: packets 4, expected 4\n"
      "10..20 s, flags 5\n"
      "  window 1:5004 > 2:6004 ssrc 42: packets 2, expected 2\n"
      "  whole 1:5004 > 2:6004 ssrc 42 (end): packets 6, expected 6\n"
      "packets 6, rtp 6, streamsStarted 1, streamsEnded 1, clockSteps 1";
  CHECK(windows({9.94, 9.96, kYear2255_s, 9.98, 10, 10.02}) == expected);
  CHECK(windows({9.94, 9.96, kYear2255_s, 9.98, 10, 10.02}, 1) == expected);
  CHECK(windows({9.94, 9.96, kYear2255_s, 9.98, 10, 10.02}, 3) == expected);
}

TEST_CASE("The first packet of all may lie far ahead as well") {
  const std::string expected =
      "0..10 s, flags 5\n"
      "  window 1:5004 > 2:6004 ssrc 42: packets 3, expected 3\n"
      "  whole 1:5004 > 2:6004 ssrc 42 (end): packets 3, expected 3\n"
      "packets 3, rtp 3, streamsStarted 1, streamsEnded 1, clockSteps 1, clockStepMaxMs 8989999999000";
  CHECK(windows({kYear2255_s, 1, 1.02}) == expected);
  CHECK(windows({kYear2255_s, 1, 1.02}, 1) == expected);
}

TEST_CASE("After a pause the second packet bears the first one out") {
  const std::string expected =
      "0..10 s\n"
      "  window 1:5004 > 2:6004 ssrc 42: packets 2, expected 2\n"
      "600..610 s, flags 5\n"
      "  whole 1:5004 > 2:6004 ssrc 42 (idle): packets 2, expected 2\n"
      "  window 1:5004 > 2:6004 ssrc 42: packets 2, expected 2\n"
      "  whole 1:5004 > 2:6004 ssrc 42 (end): packets 2, expected 2\n"
      "packets 4, rtp 4, streamsStarted 2, streamsEnded 2";
  CHECK(windows({1, 1.02, 600, 600.02}) == expected);
  CHECK(windows({1, 1.02, 600, 600.02}, 1) == expected);
  CHECK(windows({1, 1.02, 600, 600.02}, 3) == expected);
}

// Sparse traffic, RTCP alone for one, has a pause before every packet.
TEST_CASE("Packets that are all more than a minute apart move time on") {
  MeterRig rig;
  for (int n = 0; n < 4; n++) rig.feed(n * 120 * kSecond, udp_frame({}, rtcp(42)));
  rig.finish();
  CHECK(text(rig.blocks()) == "0..10 s\n120..130 s\n240..250 s\n360..370 s, flags 5\n");
  CHECK(text(rig.counters()) == "packets 4, rtcp 4");
}

TEST_CASE("Nothing speaks against the last packet of all") {
  CHECK(windows({1, 1.02, 600}) ==
        "0..10 s\n"
        "  window 1:5004 > 2:6004 ssrc 42: packets 2, expected 2\n"
        "600..610 s, flags 5\n"
        "  whole 1:5004 > 2:6004 ssrc 42 (idle): packets 2, expected 2\n"
        "packets 3, rtp 2, rtpUnconfirmed 1, streamsStarted 1, streamsEnded 1");
}

TEST_CASE("A clock that has reached the time of a packet bears it out, one far behind it does not") {
  MeterRig rig;
  rig.feed(1 * kSecond, udp_frame({}, rtcp(42)));
  rig.advance(2 * kSecond);
  rig.feed(600 * kSecond, udp_frame({}, rtcp(42)));
  CHECK(text(rig.counters()) == "packets 1, rtcp 1");
  rig.advance(539 * kSecond);
  CHECK(text(rig.counters()) == "packets 1, rtcp 1");
  rig.advance(541 * kSecond);
  CHECK(text(rig.counters()) == "packets 2, rtcp 2");
  // After a silence in which windows went on, nothing lies far ahead.
  rig.advance(3600 * kSecond);
  rig.feed(3615 * kSecond, udp_frame({}, rtcp(42)));
  CHECK(text(rig.counters()) == "packets 3, rtcp 3");
}

// Who gives the packets their time: what came with the packets decides. No network card is at
// hand here that stamps packets, so its part is played.
#include <doctest/doctest.h>

#include "core/base/error.h"
#include "core/capture/time_giver.h"
#include "test_capture_live.h"
#include "test_capture_namespace.h"

using namespace capture_test;
using rtpsonde::AfPacketOptions;
using rtpsonde::AfPacketSource;
using rtpsonde::TimeGiver;
using rtpsonde::TimestampMode;

namespace {

constexpr int64_t kNow_ns = 1'700'000'000'000'000'000;

TimeGiver asked() {
  TimeGiver giver("eth1");
  giver.asked();
  return giver;
}

}  // namespace

TEST_CASE("times: the card's are used as long as each packet has one") {
  TimeGiver giver = asked();
  for (int i = 0; i < 10; i++) CHECK_FALSE(giver.note(64, 64, kNow_ns - 3'000'000, kNow_ns));
  CHECK(giver.hardware() == 640);
  CHECK(giver.kernel() == 0);
  CHECK(giver.reason() == "");
  // One packet without: the kernel's from now on, and that is said once.
  CHECK(giver.note(64, 63, kNow_ns, kNow_ns));
  CHECK(
      giver.reason() ==
      "network interface eth1 gives hardware time stamps to some packets only; those of the kernel are used");
  CHECK_FALSE(giver.note(64, 0, kNow_ns, kNow_ns));
  CHECK(giver.hardware() == 703);
  CHECK(giver.kernel() == 65);
}

TEST_CASE("times: a card that accepts and gives none") {
  TimeGiver giver = asked();
  CHECK(giver.note(1, 0, kNow_ns, kNow_ns));
  CHECK(giver.reason() ==
        "network interface eth1 accepted hardware time stamps, but gives none; those of the kernel are used");
}

TEST_CASE("times: a card whose clock is not the system's is not believed") {
  TimeGiver giver = asked();
  CHECK(giver.compares());
  CHECK(giver.note(5, 5, kNow_ns + 37'000'000'000, kNow_ns));
  CHECK(giver.reason() ==
        "the hardware clock of network interface eth1 is +37.0 s off the system's clock; time stamps of the "
        "kernel are used. To synchronise it: phc2sys -c eth1 -s CLOCK_REALTIME -O 0");
  TimeGiver early = asked();
  CHECK(early.note(5, 5, kNow_ns - TimeGiver::kMostApart_ns - 1, kNow_ns));
  TimeGiver near = asked();
  CHECK_FALSE(near.note(5, 5, kNow_ns - TimeGiver::kMostApart_ns, kNow_ns));
  // Held against it once; what waits long in the ring is no other clock.
  CHECK_FALSE(near.compares());
  CHECK_FALSE(near.note(5, 5, kNow_ns - 9'000'000'000, kNow_ns));
}

TEST_CASE("times: when nobody asks for the card's, the kernel's are nothing to speak of") {
  TimeGiver giver("eth1");
  CHECK_FALSE(giver.note(64, 0, kNow_ns, kNow_ns));
  CHECK(giver.kernel() == 64);
  CHECK_FALSE(giver.compares());
}

TEST_CASE("times: an interface without a stamping card gives the kernel's, or refuses when told to stamp") {
  const std::string result = in_namespace([] {
    AfPacketOptions wanted = options();
    wanted.timestamps = TimestampMode::kAuto;
    AfPacketSource source(wanted);
    source.open();
    Sender().send(hex("0200000000ff 020000000002 88b5 01020304"));
    const bool came = captured(source, 1).size() > 0;
    const rtpsonde::SourceStats stats = source.stats();
    return std::string(came ? "came, " : "nothing came, ") + std::to_string(stats.kernel_times) +
           " kernel, " + std::to_string(stats.hardware_times) + " hardware, " +
           std::to_string(stats.time_switches) + " switches, " + std::to_string(source.problems().size()) +
           " problems";
  });
  if (not_run(result)) return;
  CHECK(result == "came, 1 kernel, 0 hardware, 0 switches, 0 problems");
  const std::string strict = in_namespace([] {
    AfPacketOptions wanted = options();
    wanted.timestamps = TimestampMode::kHardware;
    AfPacketSource(wanted).open();
    return std::string("opened");
  });
  CHECK(
      strict ==
      "ERR_CAPTURE_TIMESTAMPS: no hardware time stamps on network interface probe0: the network card cannot "
      "stamp all packets (ethtool -T probe0)");
}

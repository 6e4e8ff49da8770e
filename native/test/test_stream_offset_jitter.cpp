// Jitter corrected by transmission offsets (RFC 5450 4), beside that of RFC 3550.
#include <array>

#include "core/stream/offset_jitter.h"
#include "test_stream_support.h"

using namespace stream_test;

namespace {

struct Sent {
  uint16_t seq;
  uint32_t timestamp;
  double arrival_ms;
  int32_t offset;  // ticks
  bool marker = false;
  uint8_t payload_type = 0;
};

// A stream of 8000 Hz that carries the extension from its first packet on.
class OffsetRig {
 public:
  void add(const Sent& p) {
    const uint32_t samples = rig_.hot().jitter_samples;
    const std::string placed = rig_.add({p.seq, p.timestamp, p.arrival_ms, p.payload_type, p.marker});
    const Placement placement = placed == "restart" ? Placement::kRestart : Placement::kNext;
    follow_offset(row, rig_.hot(), samples, placement, std::llround(p.arrival_ms * kMillisecond), p.timestamp,
                  p.offset, 1000.0 / 8000);
  }

  // "raw 5.0 ms, corrected 0.0 ms after 4 samples"
  std::string told() {
    row.begin_window();
    const StreamRecord r = rig_.finish();
    const auto value = [](double v) { return std::isnan(v) ? std::string("none") : number(v, 6); };
    return "raw " + value(r.jitter_max_ms) + ", corrected " + value(row.total.max_ms()) + " mean " +
           value(row.total.mean_ms()) + " after " + number(static_cast<double>(row.total.samples)) +
           " samples";
  }

  OffsetJitter row;

 private:
  StreamRig rig_;
};

}  // namespace

TEST_CASE("Traffic that was smoothed as in RFC 5450 3 has no jitter of the network") {
  // Timestamps 200, 300, 400, 500, sent 40, 80 and 40 ticks apart; a tick is 0.125 ms.
  // The offsets as printed, and the same ones counted from another beginning.
  for (const std::array<int32_t, 4>& offsets :
       {std::array<int32_t, 4>{0, -60, -80, -140}, {200, 140, 120, 60}}) {
    OffsetRig rig;
    const double sent_ms[] = {0, 5, 15, 20};
    for (uint16_t i = 0; i < 4; i++) rig.add({i, 200 + 100U * i, 30 + sent_ms[i], offsets[i]});
    CHECK(rig.told() == "raw 1.027222, corrected 0.000000 mean 0.000000 after 3 samples");
  }
}

TEST_CASE("A packet without the extension was sent on time") {
  OffsetRig rig;
  rig.add({1, 0, 0, 0});
  rig.add({2, 160, 28, 64});  // 8 ms late, as it says itself
  rig.add({3, 320, 40, 0});
  CHECK(rig.told() == "raw 0.968750, corrected 0.000000 mean 0.000000 after 2 samples");
}

TEST_CASE("Jitter that the sender does not tell of is the network's") {
  OffsetRig rig;
  rig.add({1, 0, 0, 0});
  rig.add({2, 160, 24, 16});  // 4 ms late, 2 of them of the sender: D = 2, J = 0.125
  CHECK(rig.told() == "raw 0.250000, corrected 0.125000 mean 0.125000 after 1 samples");
}

TEST_CASE("Timestamps and offsets wrap") {
  OffsetRig rig;
  rig.add({65535, 0xffffffff - 9, 0, 8388607});
  rig.add({0, 150, 20, 8388607});
  rig.add({1, 310, 40, 8388607});
  CHECK(rig.told() == "raw 0.000000, corrected 0.000000 mean 0.000000 after 2 samples");
}

TEST_CASE("Where the raw jitter begins anew, so does the corrected one") {
  SUBCASE("a talk spurt") {
    OffsetRig rig;
    rig.add({1, 0, 0, 0});
    rig.add({2, 160, 20, 0});
    rig.add({3, 320, 500, 0, true});
    rig.add({4, 480, 520, 0});
    CHECK(rig.told() == "raw 0.000000, corrected 0.000000 mean 0.000000 after 2 samples");
  }
  SUBCASE("a restart, whose first packet was a stray one") {
    OffsetRig rig;
    rig.add({1, 0, 0, 0});
    rig.add({30000, 99840, 20, 8000});
    rig.add({30001, 100000, 40, 8000});
    rig.add({30002, 100160, 60, 8000});
    CHECK(rig.told() == "raw 0.000000, corrected 0.000000 mean 0.000000 after 1 samples");
  }
}

TEST_CASE("An offset that jumps by more than a second only moves the reference") {
  OffsetRig rig;
  rig.add({1, 0, 0, 0});
  rig.add({2, 160, 20, 8001 + 160});
  rig.add({3, 320, 40, 8001 + 160});
  CHECK(rig.told() == "raw 0.000000, corrected 0.000000 mean 0.000000 after 1 samples");
}

TEST_CASE("Copies are no samples, and without samples there is no figure") {
  OffsetRig rig;
  rig.add({1, 0, 0, 0});
  rig.add({1, 0, 3, 0});
  CHECK(rig.told() == "raw none, corrected none mean none after 0 samples");
}

TEST_CASE("Windows add up to the whole stream") {
  OffsetRig one, parts;
  for (uint16_t i = 0; i < 40; i++) {
    const Sent sent{i, 160U * i, 20.0 * i + (i % 3), (i % 2) * 8};
    one.add(sent);
    parts.add(sent);
    if (i % 7 == 0) parts.row.begin_window();
  }
  CHECK(one.told() == parts.told());
}

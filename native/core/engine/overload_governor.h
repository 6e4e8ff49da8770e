// Decides how much a live worker sheds, by what it sees of its own pressure. No clock and no
// packets of its own: looks in, levels out. docs/decisions/0008-overload.md
//
//   the ring fills:           up by one, no further than where running streams are let go
//   it is nearly full:        up by one at every second look, running streams are let go
//   it is empty for a while:  down by one, if the load that this adds can be borne
//
// A pause of the worker is no overload: the ring is there to bridge it, and empties again. So it
// must be full in two looks one after the other, and not emptier in the second.
#pragma once

#include <cstdint>

namespace rtpsonde {

// What a worker sees when it looks; all but `now_ns` and `fill` are totals since some start.
struct Pressure {
  int64_t now_ns = 0;     // of a clock that is never set
  double fill = 0;        // share of the ring that waits to be read, 0..1
  uint64_t drops = 0;     // packets that the kernel dropped
  int64_t waited_ns = 0;  // time spent waiting for packets
  uint64_t packets = 0;   // read
  uint64_t shed = 0;      // of these
};

class OverloadGovernor {
 public:
  // From here on running streams are let go (shedKeptShares in record.yaml).
  static constexpr uint32_t kLettingGo = 4;

  static constexpr double kFilling = 0.375, kNearlyFull = 0.75, kEmpty = 0.1;
  // The most that a worker may be expected to be busy after a step down, unless the step takes less
  // than half of what is free.
  static constexpr double kBearable = 0.85;
  // A packet that is measured costs so many times one that is shed, with many streams; 2 with few.
  static constexpr double kCostRatio = 4;

  static constexpr int64_t kMillisecond = 1'000'000;
  static constexpr int64_t kBetweenLooks_ns = 20 * kMillisecond;
  // Before it is raised again: until what was done shows.
  static constexpr int64_t kBetweenRaises_ns = 200 * kMillisecond;
  static constexpr int64_t kBetweenUrgentRaises_ns = 40 * kMillisecond;
  // How long the ring must be empty before a step down. Doubled when a step was too much, up to the
  // longest; as it was after that long without shedding.
  static constexpr int64_t kHold_ns = 2'000 * kMillisecond;
  static constexpr int64_t kLongestHold_ns = 120'000 * kMillisecond;

  // The level from now on. Looks follow each other by kBetweenLooks_ns or more.
  uint32_t look(const Pressure& now);
  uint32_t level() const { return level_; }

 private:
  bool is_bearable(const Pressure& now) const;
  void raise(uint32_t level, int64_t now_ns);
  void lower(const Pressure& now);

  uint32_t level_ = 0;
  bool looked_ = false;
  Pressure before_;
  Pressure calm_since_;  // the look since which the ring has been empty
  int64_t raised_ns_ = INT64_MIN / 2;
  int64_t lowered_ns_ = INT64_MIN / 2;
  int64_t hold_ns_ = kHold_ns;
};

}  // namespace rtpsonde

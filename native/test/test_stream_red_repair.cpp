// Losses that redundant copies repair: by hand, and against a slow model that knows
// what every packet carries.
#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "core/stream/red_repair.h"
#include "test_stream_support.h"

using namespace stream_test;

namespace {

constexpr uint32_t kStep = 160;

// A stream that is followed as the header of red_repair.h says.
class RedRig {
 public:
  RedRig() : clocks_(payload_types()), accounting_(clocks_, accounting_options(), parts_) {}

  // `offsets`: of the redundant blocks, in ticks; -1 stands for a packet that is not RED.
  std::string add(int seq, uint32_t timestamp, const std::vector<int>& offsets) {
    const RtpPacket packet{arrival_ns_ += 20 * kMillisecond,
                           {timestamp, 0x1234, 160, static_cast<uint16_t>(seq), 0, false},
                           kNoVlan,
                           46};
    Placement placement = Placement::kNext;
    if (!begun_) {
      accounting_.begin(hot_, cold_, packet);
      row = RedRow{};
      red_begin(row, hot_.max_seq);
      begun_ = true;
    } else {
      const SeenWindow seen = hot_.seen;
      placement = accounting_.update(hot_, cold_, packet);
      red_follow(row, seen, hot_.max_seq, placement);
    }
    RedPayload red{};
    for (const int offset : offsets) {
      if (offset < 0) return name_of(placement);
      red.blocks[red.count++] = {static_cast<uint16_t>(offset), 20, 0};
    }
    if (placement != Placement::kStray)
      red_cover(row, step > 0 ? step : hot_.timestamp_step, packet.header, red);
    return name_of(placement);
  }

  // "lost 3, repaired 2": of the whole stream.
  std::string finish() {
    red_settle(row, hot_.seen);
    settle_sequence(hot_, cold_);
    std::string text =
        "lost " + number(static_cast<double>(cold_.lost(hot_))) + ", repaired " + number(row.repaired);
    if (row.unplaced > 0) text += ", unplaced " + number(row.unplaced);
    return text;
  }

  StreamHot& hot() { return hot_; }

  RedRow row{};
  uint32_t step = kStep;  // 0: as learnt

 private:
  ClockTable clocks_;
  StreamParts parts_{4};
  Accounting accounting_;
  StreamHot hot_{};
  StreamCold cold_{};
  int64_t arrival_ns_ = 0;
  bool begun_ = false;
};

// Packets `first` to `last` less those of `gone`, with redundancy at the distances `ks`.
std::string steady(int first, int last, const std::set<int>& gone, const std::vector<int>& ks,
                   uint32_t timestamp_base = 0) {
  RedRig rig;
  std::vector<int> offsets;
  offsets.reserve(ks.size());
  for (const int k : ks) offsets.push_back(k * static_cast<int>(kStep));
  for (int n = first; n <= last; n++) {
    if (gone.count(n) != 0) continue;
    rig.add(n, timestamp_base + kStep * static_cast<uint32_t>(n), offsets);
  }
  return rig.finish();
}

}  // namespace

TEST_CASE("One copy in the next packet repairs single losses, and of a burst the last") {
  CHECK(steady(1, 20, {5}, {1}) == "lost 1, repaired 1");
  CHECK(steady(1, 20, {5, 6, 7, 12}, {1}) == "lost 4, repaired 2");
  CHECK(steady(1, 20, {}, {1}) == "lost 0, repaired 0");
  CHECK(steady(1, 20, {5}, {}) == "lost 1, repaired 0");
}

TEST_CASE("Two copies repair bursts of two, and a distance of three bursts of three") {
  CHECK(steady(1, 20, {5, 6, 12}, {2, 1}) == "lost 3, repaired 3");
  CHECK(steady(1, 20, {5, 6, 7}, {2, 1}) == "lost 3, repaired 2");
  CHECK(steady(1, 20, {5, 6, 7}, {3}) == "lost 3, repaired 3");
}

TEST_CASE("Sequence numbers and timestamps wrap") {
  CHECK(steady(65530, 65550, {65535, 65536, 65540}, {1}, 0U - kStep * 65538) == "lost 3, repaired 2");
  CHECK(steady(65530, 65900, {65535, 65536, 65540}, {1}, 0U - kStep * 65538) == "lost 3, repaired 2");
}

TEST_CASE("The farthest copy an offset can tell of is 102 packets of 20 ms back") {
  CHECK(steady(1, 300, {50}, {102}) == "lost 1, repaired 1");
  RedRig rig;  // 10 ms packets of 8 ticks: 127 of them back is inside the window, 128 is not
  rig.step = 8;
  for (int n = 1; n <= 400; n++) {
    if (n != 50 && n != 60)
      rig.add(n, 8U * static_cast<uint32_t>(n),
              n == 177 ? std::vector<int>{127 * 8} : std::vector<int>{128 * 8});
  }
  CHECK(rig.finish() == "lost 2, repaired 1");
}

TEST_CASE("A loss is told as repaired when it leaves the window of 128") {
  RedRig rig;
  for (int n = 1; n <= 132; n++) {
    if (n != 5) rig.add(n, kStep * n, {kStep});
  }
  CHECK(rig.row.window_repaired() == 0);
  rig.add(133, kStep * 133, {kStep});
  CHECK(rig.row.window_repaired() == 1);
  rig.row.begin_window();
  CHECK(rig.row.window_repaired() == 0);
  CHECK(rig.finish() == "lost 1, repaired 1");
}

TEST_CASE("A packet that comes after its copy was neither lost nor repaired") {
  RedRig rig;
  for (const int n : {1, 2, 4, 5, 3, 6}) rig.add(n, kStep * n, {kStep});
  CHECK(rig.finish() == "lost 0, repaired 0");
}

TEST_CASE("A copy that comes late in a reordered packet counts") {
  RedRig rig;
  for (const int n : {1, 2, 5, 6, 4, 7}) rig.add(n, kStep * n, {kStep});
  CHECK(rig.finish() == "lost 1, repaired 1");
}

TEST_CASE("Steps of more than the window lose all that is uncovered") {
  CHECK(steady(1, 2000, {50}, {1}) == "lost 1, repaired 1");
  RedRig rig;
  for (const int n : {1, 3, 4, 5, 1000, 1002}) rig.add(n, kStep * n, {kStep});
  // 2 left with the jump; of the 994 after it the last; 1001 is decided by the end
  CHECK(rig.finish() == "lost 996, repaired 3");
}

TEST_CASE("Offsets that are no multiple of the step are not guessed at") {
  RedRig rig;
  for (const int n : {1, 2, 4, 5}) rig.add(n, kStep * n, {80});
  CHECK(rig.finish() == "lost 1, repaired 0, unplaced 4");
  RedRig near;  // within an eighth of the step
  for (const int n : {1, 2, 4, 5}) near.add(n, kStep * n, {150});
  CHECK(near.finish() == "lost 1, repaired 1");
}

TEST_CASE("An offset of 0 repeats nothing that is earlier, an empty block nothing at all") {
  RedRig rig;
  for (const int n : {1, 2, 4}) rig.add(n, kStep * n, {0});
  CHECK(rig.finish() == "lost 1, repaired 0, unplaced 3");
  RedRow row{};
  red_begin(row, 0x10004);
  RedPayload red{};
  red.count = 1;
  red.blocks[0] = {kStep, 0, 0};
  red_cover(row, kStep, {4 * kStep, 1, 160, 4, 0, false}, red);
  CHECK(row.blocks == 0);
}

TEST_CASE("Packets without RED between cover nothing and disturb nothing") {
  RedRig rig;
  for (const int n : {1, 2, 4, 6, 7})
    rig.add(n, kStep * n, n == 4 ? std::vector<int>{-1} : std::vector<int>{kStep});
  CHECK(rig.finish() == "lost 2, repaired 1");
}

TEST_CASE("Before the step is known, only a copy of a packet seen can be placed") {
  RedRig rig;
  rig.step = 0;
  for (int n = 1; n <= 40; n++) {
    if (n != 2 && n != 30) rig.add(n, kStep * n, {kStep});
  }
  // The block of the first packet has nothing to count from; that of 3 is of the loss.
  CHECK(rig.finish() == "lost 2, repaired 1, unplaced 2");
}

TEST_CASE("A copy after a pause of the sender is of the packet before the pause") {
  // 10 packets, a pause of 7 steps, 10 more; each repeats the packet before it.
  const auto paused = [](const std::set<int>& gone, int copies) {
    RedRig rig;
    const auto timestamp = [](int n) { return kStep * static_cast<uint32_t>(n > 10 ? n + 7 : n); };
    for (int n = 1; n <= 20; n++) {
      if (gone.count(n) != 0) continue;
      std::vector<int> offsets;
      for (int k = copies; k >= 1; k--) offsets.push_back(static_cast<int>(timestamp(n) - timestamp(n - k)));
      rig.add(n, timestamp(n), offsets);
    }
    return rig.finish();
  };
  CHECK(paused({4}, 1) == "lost 1, repaired 1");   // not 4 by the copy of 10 that lies 8 steps back
  CHECK(paused({10}, 1) == "lost 1, repaired 1");  // the last before the pause
  CHECK(paused({11}, 1) == "lost 1, repaired 1");  // the first after it
  CHECK(paused({10, 11}, 2) == "lost 2, repaired 2");
  CHECK(paused({9, 10, 11, 12}, 2) == "lost 4, repaired 2");
  CHECK(paused({3}, 0) == "lost 1, repaired 0");
}

TEST_CASE("Where a copy may be of either side of a pause, nothing is told as repaired") {
  // 1 and 2, a pause of one step, then 3 to 6; 3 to 5 are lost. The block of 6 with the
  // timestamp of 4 could be that of 5, had the pause come after it.
  RedRig rig;
  rig.add(1, 160, {});
  rig.add(2, 320, {});
  rig.add(6, 1120, {320});
  CHECK(rig.finish() == "lost 3, repaired 0, unplaced 1");
  // Two pauses around 4: the timestamp tells of neither side.
  RedRig two;
  two.add(1, 160, {});
  two.add(2, 320, {});
  two.add(6, 11040, {5280});
  CHECK(two.finish() == "lost 3, repaired 0, unplaced 1");
}

TEST_CASE("A restart decides what was open and begins anew") {
  RedRig rig;
  for (const int n : {1, 2, 4, 5}) rig.add(n, kStep * n, {kStep});
  CHECK(rig.add(30000, 77, {kStep}) == "stray");
  CHECK(rig.add(30001, 77 + kStep, {kStep}) == "restart");
  CHECK(rig.row.repaired == 1);
  CHECK(rig.row.max_seq == rig.hot().max_seq);
  rig.add(30003, 77 + 3 * kStep, {kStep});
  CHECK(rig.finish() == "lost 2, repaired 2");
}

namespace {

// What a sender sent: timestamps with pauses, and copies at some distances.
struct Sending {
  std::vector<int> distances;
  std::vector<uint32_t> timestamps;  // by number
};

Sending sending(std::mt19937& random, size_t packets, bool pauses) {
  Sending sent;
  const size_t copies = 1 + random() % 3;
  for (size_t i = 0; i < copies; i++) sent.distances.push_back(static_cast<int>(1 + random() % 5));
  uint32_t timestamp = static_cast<uint32_t>(random());
  size_t talk = 0;
  for (size_t n = 0; n < packets; n++) {
    sent.timestamps.push_back(timestamp);
    timestamp += kStep;
    // Pauses of half a second and more, with at least 25 packets between two of them.
    if (pauses && ++talk > 25 && random() % 20 == 0) {
      timestamp += kStep * (25U + static_cast<uint32_t>(random() % 40));
      talk = 0;
    }
  }
  return sent;
}

// By the definition alone: a number is repaired when it never came, and a packet came
// that carries it again while it was among the last 128.
struct Model {
  std::set<int> seen, covered;

  void add(const Sending& sent, int n) {
    seen.insert(n);
    const int highest = *seen.rbegin();
    for (const int k : sent.distances) {
      const int of = n - k;
      if (of < 0 || sent.timestamps[n] - sent.timestamps[of] > 16383) continue;
      if (highest - of < 128) covered.insert(of);
    }
  }
  std::string told() const {
    int lost = 0, repaired = 0;
    for (int n = *seen.begin(); n <= *seen.rbegin(); n++) {
      if (seen.count(n) != 0) continue;
      lost++;
      if (covered.count(n) != 0) repaired++;
    }
    return "lost " + std::to_string(lost) + ", repaired " + std::to_string(repaired);
  }
};

// Bursts of at most 8, and where `reorder`, packets overtaken by up to 60.
std::vector<int> arrivals(std::mt19937& random, int packets, bool reorder) {
  std::vector<std::pair<double, int>> order;
  for (int n = 0; n < packets; n++) {
    if (n > 0 && random() % 12 == 0) n += static_cast<int>(1 + random() % 8);
    if (n >= packets) break;
    const double delay = reorder && random() % 8 == 0 ? 0.5 + static_cast<double>(random() % 60) : 0;
    order.emplace_back(n + delay, n);
    if (random() % 30 == 0) order.emplace_back(n + delay + 0.1, n);  // a copy of the whole packet
  }
  std::sort(order.begin(), order.end());
  std::vector<int> numbers;
  numbers.reserve(order.size());
  for (const auto& [when, n] : order) numbers.push_back(n);
  return numbers;
}

// What the row says, without the unplaced ones.
std::string followed(RedRig& rig, const Sending& sent, const std::vector<int>& order, int first_seq) {
  for (const int n : order) {
    std::vector<int> offsets;
    for (const int k : sent.distances) {
      if (n < k) continue;
      const uint32_t offset = sent.timestamps[n] - sent.timestamps[n - k];
      if (offset <= 16383) offsets.push_back(static_cast<int>(offset));
    }
    rig.add(first_seq + n, sent.timestamps[n], offsets);
  }
  const std::string told = rig.finish();
  return told.substr(0, told.find(", unplaced"));
}

struct Traits {
  bool pauses, reordering;
};

// What became of one pattern of sending and arrival.
struct Pattern {
  Model model;
  RedRig rig;
  std::string told;
};

template <typename Check>
void for_each_pattern(uint32_t seed, Traits traits, Check check) {
  std::mt19937 random(seed);
  for (int i = 0; i < 4000; i++) {
    const int packets = 30 + static_cast<int>(random() % 600);
    const Sending sent = sending(random, packets, traits.pauses);
    const std::vector<int> order = arrivals(random, packets, traits.reordering);
    Pattern pattern;
    for (const int n : order) pattern.model.add(sent, n);
    pattern.told = followed(pattern.rig, sent, order, static_cast<int>(random() % 65536));
    INFO("pattern " << i);
    check(pattern);
  }
}

}  // namespace

TEST_CASE("Random losses, copies and reordering are repaired as the model says") {
  for_each_pattern(11, {.pauses = false, .reordering = true}, [](const Pattern& p) {
    REQUIRE(p.told == p.model.told());
    REQUIRE(p.rig.row.unplaced == 0);
  });
}

TEST_CASE("Random losses around pauses are repaired as the model says") {
  for_each_pattern(12, {.pauses = true, .reordering = false},
                   [](const Pattern& p) { REQUIRE(p.told == p.model.told()); });
}

TEST_CASE("With reordering around pauses never more is told as repaired than was") {
  uint64_t told = 0, true_ones = 0;
  for_each_pattern(13, {.pauses = true, .reordering = true}, [&](const Pattern& p) {
    uint64_t repaired = 0;
    for (const int n : p.model.covered) {
      if (n > *p.model.seen.begin() && p.model.seen.count(n) == 0) repaired++;
    }
    REQUIRE(p.rig.row.repaired <= repaired);
    told += p.rig.row.repaired;
    true_ones += repaired;
  });
  CHECK(static_cast<double>(told) > 0.98 * static_cast<double>(true_ones));
}

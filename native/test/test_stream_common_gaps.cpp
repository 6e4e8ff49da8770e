// Simultaneous gaps: what is put down to the capture, what is not, and that neither
// the width of windows nor wild times matter.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "core/stream/common_gaps.h"

using rtpsonde::CommonGaps;
using rtpsonde::CommonGapTotals;
using rtpsonde::GapSlots;
using rtpsonde::HeardCells;

namespace {

constexpr int64_t kMs = 1'000'000;
constexpr int64_t kSecond = 1000 * kMs;

struct Stream {
  uint32_t source, destination;
};

// One packet of a path was captured.
void hear(CommonGaps& gaps, int64_t ts_ns, uint32_t source, uint32_t destination) {
  HeardCells cells{};
  const uint32_t cell = GapSlots::cell_of(source, destination);
  cells[cell >> 6] = uint64_t{1} << (cell & 63);
  gaps.heard(ts_ns / GapSlots::kSlot_ns, cells);
}

// `calls` telephone calls of two streams each, all between different telephones.
std::vector<Stream> calls(uint32_t count) {
  std::vector<Stream> all;
  for (uint32_t i = 0; i < count; i++) {
    const uint32_t a = 0x0a000001 + i, b = 0x0a800001 + 7 * i;
    all.push_back({a, b});
    all.push_back({b, a});
  }
  return all;
}

using Lost = std::function<bool(size_t stream, int64_t at_ns)>;

struct Traffic {
  std::vector<Stream> streams;
  int64_t length_ns = 10 * kSecond;
  double jitter_ms = 1;
  int64_t step_ns = 20 * kMs;
  int64_t begin_ns = 1'700'000'000 * kSecond;
  uint32_t seed = 1;
};

struct Result {
  uint64_t lost = 0;        // in the capture's outage, as `outage` says
  uint64_t missing = 0;     // all gaps together
  uint64_t attributed = 0;  // told by each()
  std::map<uint32_t, uint64_t> rows;
  CommonGapTotals totals;

  std::string text() const {
    return std::to_string(missing) + " missing, " + std::to_string(attributed) + " attributed in " +
           std::to_string(totals.runs) + " runs of " + std::to_string(totals.time_ns / kMs) + " ms, " +
           std::to_string(totals.estimated) + " estimated";
  }
};

// Plays packets in order of arrival; `lost` takes packets by the time they were due.
Result play(const Traffic& traffic, const Lost& lost, int64_t window_ns = kSecond,
            double drops_per_window = 0) {
  struct Packet {
    int64_t at_ns;
    uint32_t stream;
    uint32_t number;
  };
  std::mt19937 random(traffic.seed);
  std::uniform_real_distribution<double> share(0, 1);
  std::vector<Packet> packets;
  for (uint32_t s = 0; s < traffic.streams.size(); s++) {
    const auto phase_ns = static_cast<int64_t>(share(random) * static_cast<double>(traffic.step_ns));
    for (uint32_t n = 0; n * traffic.step_ns < traffic.length_ns; n++) {
      const int64_t due_ns = phase_ns + n * traffic.step_ns;
      const auto jitter_ns = static_cast<int64_t>(share(random) * traffic.jitter_ms * 1e6);
      if (!lost(s, due_ns + jitter_ns)) packets.push_back({due_ns + jitter_ns, s, n});
    }
  }
  std::sort(packets.begin(), packets.end(),
            [](const Packet& a, const Packet& b) { return a.at_ns < b.at_ns; });
  CommonGaps gaps(65'536);
  Result result;
  std::vector<Packet> before(traffic.streams.size(), {-1, 0, 0});
  int64_t window = 0;
  const auto close = [&](bool last) {
    const CommonGapTotals totals =
        gaps.close_window(drops_per_window, last, [&](uint64_t stream, uint32_t n) {
          result.rows[static_cast<uint32_t>(stream)] += n;
          result.attributed += n;
        });
    result.totals.runs += totals.runs;
    result.totals.time_ns += totals.time_ns;
    result.totals.packets += totals.packets;
    result.totals.estimated += totals.estimated;
  };
  for (const Packet& p : packets) {
    for (; p.at_ns / window_ns > window; window++) close(false);
    const Stream& s = traffic.streams[p.stream];
    hear(gaps, traffic.begin_ns + p.at_ns, s.source, s.destination);
    Packet& last = before[p.stream];
    if (last.at_ns >= 0 && p.number > last.number + 1) {
      const uint32_t missing = p.number - last.number - 1;
      result.missing += missing;
      gaps.gap({traffic.begin_ns + last.at_ns, traffic.begin_ns + p.at_ns, p.stream, s.source, s.destination,
                missing});
    }
    last = p;
  }
  close(true);
  REQUIRE(result.totals.packets == result.attributed);
  REQUIRE(result.attributed <= result.missing);
  return result;
}

Lost outage(int64_t from_ms, int64_t to_ms) {
  return [=](size_t, int64_t at_ns) { return at_ns >= from_ms * kMs && at_ns < to_ms * kMs; };
}

// Losses of each stream on its own, always the same for a seed.
Lost random_loss(double ratio, uint32_t seed) {
  auto random = std::make_shared<std::mt19937>(seed);
  return [=](size_t, int64_t) { return std::uniform_real_distribution<double>(0, 1)(*random) < ratio; };
}

Lost both(Lost a, Lost b) {
  return [=](size_t s, int64_t at_ns) {
    const bool first = a(s, at_ns), second = b(s, at_ns);
    return first || second;
  };
}

}  // namespace

TEST_CASE("A mirror port that loses everything for a while is found, to the packet") {
  const Result r = play({calls(20)}, outage(3003, 3203));
  CHECK(r.missing == 400);
  CHECK(r.attributed == 400);
  CHECK(r.rows.size() == 40);
  CHECK(r.totals.runs == 1);
  CHECK(r.totals.time_ns >= 190 * kMs);
  CHECK(r.totals.time_ns <= 205 * kMs);
  CHECK(r.totals.estimated == 0);
}

TEST_CASE("Short and long outages of the capture are found") {
  CHECK(play({calls(100)}, outage(3000, 3020)).attributed == 200);
  CHECK(play({calls(4)}, outage(3000, 3300)).attributed == 120);
  CHECK(play({calls(10)}, outage(2000, 9000), kSecond).attributed == 20 * 350);
  const Result many = play({calls(2000), 2 * kSecond}, outage(1000, 1040));
  CHECK(many.missing > 7900);
  CHECK(many.attributed == many.missing);
}

TEST_CASE("Losses of each path on its own are never suspected") {
  Traffic traffic{calls(100)};
  traffic.length_ns = 120 * kSecond;
  const Result r = play(traffic, random_loss(0.05, 9));
  CHECK(r.missing > 55'000);
  CHECK(r.attributed == 0);
  traffic.streams = calls(4);
  CHECK(play(traffic, random_loss(0.05, 10)).attributed == 0);
  traffic.streams = calls(1);
  CHECK(play(traffic, random_loss(0.3, 11)).attributed == 0);
}

TEST_CASE("A link that takes half of the calls with it is not suspected") {
  for (const uint32_t count : {8U, 20U, 60U, 200U}) {
    CHECK(play({calls(count)}, [](size_t s, int64_t at_ns) {
            return s / 2 % 2 == 0 && at_ns >= 3 * kSecond && at_ns < 3 * kSecond + 400 * kMs;
          }).attributed == 0);
  }
}

TEST_CASE("An outage in one direction is not suspected") {
  for (const uint32_t count : {8U, 20U, 60U, 200U}) {
    CHECK(play({calls(count)}, [](size_t s, int64_t at_ns) {
            return s % 2 == 0 && at_ns >= 3 * kSecond && at_ns < 3 * kSecond + 400 * kMs;
          }).attributed == 0);
  }
}

TEST_CASE("One server that falls silent is not suspected, though it sends all there is") {
  std::vector<Stream> streams;
  for (uint32_t i = 0; i < 40; i++) streams.push_back({1, 0x0a000001 + i});
  CHECK(play({streams}, outage(3000, 3400)).attributed == 0);
}

TEST_CASE("Losses of the network beside a suspected instant stay losses of the network") {
  Traffic traffic{calls(50)};
  traffic.jitter_ms = 0;
  const Result r = play(traffic, both(outage(3003, 3203), random_loss(0.01, 4)));
  CHECK(r.missing > 1400);
  CHECK(r.attributed >= 1000);
  CHECK(r.attributed <= 1010);  // 100 streams, 10 packets each, and what was lost within 10 ms
}

TEST_CASE("The kernel's drops are put down to the capture, but never more than it dropped") {
  // Three calls: too few for a suspicion of their own.
  const Result unknown = play({calls(3)}, outage(3003, 3203), 20 * kSecond);
  CHECK(unknown.text() == "60 missing, 0 attributed in 0 runs of 0 ms, 0 estimated");
  const Result all = play({calls(3)}, outage(3003, 3203), 20 * kSecond, 60);
  CHECK(all.text() == "60 missing, 60 attributed in 0 runs of 0 ms, 60 estimated");
  const Result some = play({calls(3)}, outage(3003, 3203), 20 * kSecond, 20);
  CHECK(some.text() == "60 missing, 20 attributed in 0 runs of 0 ms, 20 estimated");
  CHECK(some.rows.size() == 6);
}

TEST_CASE("A single stream loses to the capture at most what the kernel dropped") {
  const std::vector<Stream> one{{1, 2}};
  const Lost every = [](size_t, int64_t at_ns) { return at_ns / (20 * kMs) % 25 == 7; };
  Traffic traffic{one};
  traffic.jitter_ms = 0;
  CHECK(play(traffic, every, 20 * kSecond).attributed == 0);
  CHECK(play(traffic, every, 20 * kSecond, 8).text() ==
        "20 missing, 8 attributed in 0 runs of 0 ms, 8 estimated");
  CHECK(play(traffic, every, 20 * kSecond, 1000).attributed == 20);
}

TEST_CASE("A suspicion of its own uses up the kernel's drops first") {
  const Result r = play({calls(20)}, outage(3003, 3203), 20 * kSecond, 300);
  CHECK(r.attributed == 400);
  CHECK(r.totals.estimated == 0);
}

TEST_CASE("The width of windows does not change what is attributed") {
  Traffic traffic{calls(20)};
  traffic.length_ns = 30 * kSecond;
  const auto fresh = [&](int64_t window_ns) {
    return play(traffic, both(both(outage(3003, 3203), outage(7999, 8120)), random_loss(0.02, 5)), window_ns);
  };
  const Result narrow = fresh(100 * kMs), wide = fresh(60 * kSecond);
  CHECK(narrow.attributed > 640);
  CHECK(narrow.text() == wide.text());
  CHECK(narrow.rows == wide.rows);
}

TEST_CASE("The slots go round many times") {
  Traffic traffic{calls(6)};
  traffic.length_ns = 100 * kSecond;
  const Result r = play(traffic, [](size_t, int64_t at_ns) {
    const int64_t second = at_ns / kSecond;
    return second % 7 == 3 && at_ns % kSecond >= 503 * kMs && at_ns % kSecond < 623 * kMs;
  });
  CHECK(r.attributed == r.missing);
  CHECK(r.totals.runs == 14);
}

TEST_CASE("A window of 900 s remembers what was lost at its beginning") {
  Traffic traffic{calls(3)};
  traffic.length_ns = 60 * kSecond;
  traffic.jitter_ms = 0;
  CHECK(play(traffic, outage(1003, 1203), 900 * kSecond, 60).attributed == 60);
  traffic.streams = calls(8);
  CHECK(play(traffic, outage(1003, 1203), 900 * kSecond).attributed == 160);
}

TEST_CASE("More gaps than there is room for are counted and not attributed") {
  CommonGaps gaps(16);
  for (uint32_t i = 0; i < 100; i++) {
    hear(gaps, kSecond, i, 1000 + i);
    gaps.gap({900 * kMs, kSecond, i, i, 1000 + i, 4});
  }
  CHECK(gaps.gaps_dropped() >= 84);
}

TEST_CASE("Wild times do no harm, and the clock set back is followed") {
  std::mt19937_64 random(7);
  CommonGaps gaps(64);
  uint64_t missing = 0, attributed = 0;
  const int64_t latest = 9'000'000'000'000'000'000;
  for (int i = 0; i < 200'000; i++) {
    const int64_t wild[] = {0, latest, static_cast<int64_t>(random() % latest), i * kMs, kSecond - i};
    const int64_t to_ns = wild[random() % 5], from_ns = wild[random() % 5];
    const uint32_t n = static_cast<uint32_t>(random() >> (random() % 32 + 32));
    const auto a = static_cast<uint32_t>(random() % 8), b = static_cast<uint32_t>(random() % 8);
    hear(gaps, to_ns, a, b);
    gaps.gap({from_ns, to_ns, a, a, b, n});
    missing += n;
    if (i % 100 == 0) {
      gaps.close_window(static_cast<double>(random() % 100), false,
                        [&](uint64_t, uint32_t packets) { attributed += packets; });
    }
  }
  CHECK(attributed <= missing);
}

TEST_CASE("A clock that was set back by an hour ends the watch for 64 packets only") {
  CommonGaps gaps(1024);
  hear(gaps, 7200 * kSecond, 1, 2);
  uint64_t attributed = 0;
  for (int64_t n = 0; n < 200; n++) {
    for (uint32_t s = 0; s < 10; s++) {
      const int64_t at_ns = 3600 * kSecond + n * 20 * kMs + s * kMs;
      if (n >= 100 && n < 110) continue;
      hear(gaps, at_ns, s, 100 + s);
      if (n == 110) gaps.gap({at_ns - 220 * kMs, at_ns, s, s, 100 + s, 10});
    }
  }
  gaps.close_window(0, true, [&](uint64_t, uint32_t n) { attributed += n; });
  CHECK(attributed == 100);
}

TEST_CASE("On random traffic no gap is attributed beyond its missing packets") {
  for (uint32_t seed = 1; seed <= 30; seed++) {
    std::mt19937 random(seed);
    Traffic traffic{calls(static_cast<uint32_t>(1 + random() % 30))};
    traffic.seed = seed;
    traffic.jitter_ms = static_cast<double>(random() % 40);
    traffic.step_ns = (1 + random() % 6) * 10 * kMs;
    traffic.length_ns = 20 * kSecond;
    const int64_t from = random() % 15'000;
    // play() holds what was told against what was missing.
    const Result r = play(traffic, both(outage(from, from + random() % 3000), random_loss(0.05, seed)),
                          (1 + random() % 50) * 100 * kMs, static_cast<double>(random() % 20));
    CHECK(r.rows.size() <= traffic.streams.size());
  }
}

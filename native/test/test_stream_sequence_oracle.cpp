// Sequence accounting against a model that only knows sets: random losses,
// duplicates and reordering, with wraps and with windows closed in between.
#include <algorithm>
#include <random>
#include <set>

#include "test_stream_support.h"

using namespace stream_test;

namespace {

// Extended numbers in the order of arrival. What is behind is at most 99 behind,
// as RFC 3550 A.1 asks, so all that is inside the reordering window.
std::vector<int64_t> pattern(std::mt19937& random) {
  const auto below = [&](uint32_t n) { return static_cast<int64_t>(random() % n); };
  const bool clean = below(4) == 0;
  const int64_t length = below(8) == 0 ? 1000 : 60;
  std::vector<int64_t> order;
  int64_t highest = below(2) == 0 ? 65530 + below(10) : below(65536);
  order.push_back(highest);
  while (static_cast<int64_t>(order.size()) < length) {
    switch (clean ? below(4) : below(16)) {
      case 4:
      case 5:
        highest += 2 + below(3);
        break;
      case 6:
        highest += 1 + below(300);
        break;
      case 7:
        highest += below(4) == 0 ? 1 + below(2999) : 1;
        break;
      case 8:
      case 9:
      case 10:
        order.push_back(highest - below(8));  // again, or overtaken
        continue;
      case 11:
        order.push_back(highest - below(100));
        continue;
      default:
        highest++;
    }
    order.push_back(highest);
  }
  return order;
}

// By the definitions alone: who was seen, and what is missing between.
std::string model(const std::vector<int64_t>& order) {
  std::set<int64_t> seen;
  StreamRecord r{};
  for (const int64_t n : order) {
    const int64_t highest = seen.empty() ? n : *seen.rbegin();
    if (!seen.insert(n).second) {
      r.duplicates++;
    } else if (n < highest) {
      r.reordered++;
      r.reorder_extent_max = std::max(r.reorder_extent_max, static_cast<uint32_t>(highest - n));
    }
  }
  r.packets = static_cast<double>(order.size());
  r.expected = static_cast<double>(*seen.rbegin() - *seen.begin() + 1);
  r.lost = r.expected - static_cast<double>(seen.size());
  for (auto it = seen.begin(); std::next(it) != seen.end(); ++it) {
    const int64_t missing = *std::next(it) - *it - 1;
    if (missing == 0) continue;
    r.loss_runs++;
    r.loss_run_packets += static_cast<double>(missing);
    r.loss_run_longest = std::max(r.loss_run_longest, static_cast<uint32_t>(missing));
  }
  return counts(r);
}

void add_up(StreamRecord& sum, const StreamRecord& window) {
  sum.packets += window.packets;
  sum.expected += window.expected;
  sum.lost += window.lost - window.recovered;
  sum.duplicates += window.duplicates;
  sum.reordered += window.reordered;
  sum.loss_runs += window.loss_runs;
  sum.loss_run_packets += window.loss_run_packets;
  sum.loss_run_longest = std::max(sum.loss_run_longest, window.loss_run_longest);
  sum.reorder_extent_max = std::max(sum.reorder_extent_max, window.reorder_extent_max);
}

}  // namespace

TEST_CASE("20,000 random patterns are counted as the model counts them") {
  std::mt19937 random(1);
  for (int i = 0; i < 20'000; i++) {
    const std::vector<int64_t> order = pattern(random);
    StreamRig rig;
    double ms = 0;
    // Timestamps that say nothing: all is decided by the numbers.
    for (const int64_t n : order) rig.add({static_cast<uint16_t>(n), 0, ms += 20});
    const std::string got = counts(rig.finish()), want = model(order);
    INFO("pattern " << i);
    REQUIRE(got == want);
  }
}

TEST_CASE("Windows closed at random add up to the model") {
  std::mt19937 random(2);
  for (int i = 0; i < 3'000; i++) {
    const std::vector<int64_t> order = pattern(random);
    StreamRig rig;
    StreamRecord sum{};
    double ms = 0;
    for (const int64_t n : order) {
      rig.add({static_cast<uint16_t>(n), 0, ms += 20});
      if (random() % 40 == 0) add_up(sum, rig.close_window());
    }
    settle_sequence(rig.hot(), rig.cold());
    add_up(sum, rig.close_window());
    INFO("pattern " << i);
    REQUIRE(counts(sum) == model(order));
    REQUIRE(counts(rig.finish()) == model(order));
  }
}

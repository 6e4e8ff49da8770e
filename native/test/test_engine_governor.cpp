// How much a worker sheds, by made-up pressure: a ring that is filled at a rate, a reader that needs
// so long for what it measures and for what it sheds, and calls that come and go.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "core/base/constants.gen.h"
#include "core/engine/overload_governor.h"

using namespace rtpsonde;

namespace {

constexpr int64_t kTick_ns = OverloadGovernor::kBetweenLooks_ns;
constexpr double kTick_s = 0.02;
constexpr int64_t kSecond_ns = 1'000'000'000;

// Rates are in packets a second that are measured by a reader that does nothing else.
class Model {
 public:
  double capacity = 100'000;
  double ring_packets = 100'000;
  double shed_cost = 0.25;  // of a measured packet; not what the governor reckons with
  double call_s = 60;

  // Runs for so long with a load that is `load` times the capacity.
  void run(double seconds, double load) {
    vary(seconds, [load](double) { return load; });
  }
  // With one that `load` tells of each moment.
  template <typename Load>
  void vary(double seconds, Load load) {
    for (double t = 0; t < seconds; t += kTick_s) tick(load(t), kTick_s);
  }
  // The reader is away; what comes waits.
  void pause(double seconds, double load) {
    arrive(load * capacity * seconds);
    now_.now_ns += static_cast<int64_t>(seconds * 1e9);
  }

  uint32_t level() const { return governor_.level(); }
  double drops() const { return drops_; }
  double fill() const { return std::min(backlog_ / ring_packets, 1.0); }
  double measured_share() const {
    return static_cast<double>(std::count(measured_.begin(), measured_.end(), true)) /
           static_cast<double>(measured_.size());
  }
  uint32_t highest = 0, raises = 0, steps_down = 0, let_go = 0;
  bool skipped_down = false;

 private:
  void arrive(double packets) {
    backlog_ += packets;
    const double over = std::max(backlog_ - ring_packets, 0.0);
    drops_ += over;
    backlog_ -= over;
  }

  void tick(double load, double seconds) {
    churn(seconds);
    arrive(load * capacity * seconds);
    const double share = measured_share();
    const double cost = share + (1 - share) * shed_cost;
    const double read = std::min(backlog_, capacity * seconds / cost);
    backlog_ -= read;
    now_.now_ns += kTick_ns;
    now_.waited_ns += static_cast<int64_t>(1e9 * (seconds - read * cost / capacity));
    packets_ += read;
    shed_ += read * (1 - share);
    now_.packets = static_cast<uint64_t>(packets_);
    now_.shed = static_cast<uint64_t>(shed_);
    now_.fill = fill();
    now_.drops = static_cast<uint64_t>(drops_);
    look();
  }

  void look() {
    const uint32_t before = governor_.level();
    const uint32_t level = governor_.look(now_);
    highest = std::max(highest, level);
    if (level > before) raises++;
    if (level < before) steps_down++;
    if (level + 1 < before) skipped_down = true;
    const auto admitted = static_cast<double>(kShedAdmittedShares[level]);
    const auto kept = static_cast<double>(kShedKeptShares[level]);
    for (size_t i = 0; i < kFlows; i++) {
      const double place = (static_cast<double>(i) + 0.5) / kFlows;
      if (place < admitted) measured_[i] = true;
      if (place > kept && measured_[i]) {
        measured_[i] = false;
        let_go++;
      }
    }
  }

  // Some calls end; those that begin in their place are measured if they are admitted.
  void churn(double seconds) {
    const auto admitted = static_cast<double>(kShedAdmittedShares[governor_.level()]);
    ended_ += kFlows * seconds / call_s;
    for (; ended_ >= 1; ended_--) {
      const size_t i = random_() % kFlows;
      measured_[i] = (static_cast<double>(i) + 0.5) / kFlows < admitted;
    }
  }

  static constexpr size_t kFlows = 2048;
  OverloadGovernor governor_;
  Pressure now_;
  std::vector<bool> measured_ = std::vector<bool>(kFlows, true);
  std::minstd_rand random_{1};
  double backlog_ = 0, drops_ = 0, packets_ = 0, shed_ = 0, ended_ = 0;
};

}  // namespace

TEST_CASE("Nothing is shed as long as the worker keeps up") {
  Model m;
  std::minstd_rand random(7);
  m.vary(300, [&](double) { return static_cast<double>(random() % 1900) / 1000; });  // 0.95 in the mean
  CHECK(m.highest == 0);
  CHECK(m.drops() == 0);
}

TEST_CASE("A pause of the worker that the ring bridges is no overload") {
  Model m;
  m.run(1, 0.7);
  m.pause(1.3, 0.7);
  CHECK(m.fill() > 0.9);
  m.run(30, 0.7);
  CHECK(m.highest == 0);
  CHECK(m.fill() == 0);
}

TEST_CASE("A pause that the ring does not bridge costs packets, but no streams afterwards") {
  Model m;
  m.run(1, 0.7);
  m.pause(3, 0.7);
  CHECK(m.drops() > 0);
  m.run(30, 0.7);
  CHECK(m.highest == 0);
}

TEST_CASE("Load that grows slowly is met by new streams alone: none is let go, no packet lost") {
  Model m;
  m.vary(900, [](double t) { return 0.5 + t / 900; });
  CHECK(m.highest > 0);
  CHECK(m.highest < OverloadGovernor::kLettingGo);
  CHECK(m.let_go == 0);
  CHECK(m.drops() == 0);
}

TEST_CASE("A load that the worker cannot bear comes at once: streams are let go before the ring is full") {
  for (const double load : {1.5, 2.0, 3.0}) {
    CAPTURE(load);
    Model m;
    m.run(10, 0.6);
    m.run(10, load);
    CHECK(m.level() >= OverloadGovernor::kLettingGo);
    CHECK(m.let_go > 0);
    CHECK(m.drops() == 0);
    CHECK(m.measured_share() > 0.05);
    CHECK(m.fill() < OverloadGovernor::kEmpty);
  }
}

TEST_CASE("A lasting overload does not flap") {
  struct Case {
    double load, shed_cost;
  };
  for (const auto [load, shed_cost] : {Case{1.05, 0.25},
                                       {1.3, 0.25},
                                       {2, 0.25},
                                       {3, 0.25},
                                       {1.3, 0.15},
                                       {3, 0.15},
                                       {1.05, 0.5},
                                       {1.5, 0.5}}) {
    CAPTURE(load);
    CAPTURE(shed_cost);
    Model m;
    m.shed_cost = shed_cost;
    m.run(600, load);
    const uint32_t raises = m.raises, let_go = m.let_go;
    m.run(600, load);
    CHECK(m.raises - raises <= 4);
    CHECK(m.let_go == let_go);
    CHECK(m.drops() == 0);
    // A sixth at least of what could be borne: steps are of two, some reserve is left, and a shed
    // packet may cost more than the governor reckons with.
    const double most = (1 / load - m.shed_cost) / (1 - m.shed_cost);
    CHECK(m.measured_share() >= most / 6);
  }
}

TEST_CASE("It returns by itself, step by step, and lets go of no stream on the way") {
  Model m;
  m.run(30, 2.5);
  REQUIRE(m.level() > 0);
  const uint32_t let_go = m.let_go, raises = m.raises, steps = m.steps_down, level = m.level();
  m.run(60, 0.6);
  CHECK(m.level() == 0);
  CHECK(m.steps_down - steps == level);
  CHECK_FALSE(m.skipped_down);
  CHECK(m.raises == raises);
  CHECK(m.let_go == let_go);
  CHECK(m.measured_share() == 1);
  CHECK(m.drops() == 0);
}

TEST_CASE("It returns on a silent link") {
  Model m;
  m.run(30, 2.5);
  m.run(60, 0);
  CHECK(m.level() == 0);
}

TEST_CASE("A flood that cannot even be shed ends at the last level, and the loss is told by the kernel") {
  Model m;
  m.run(60, 20);
  CHECK(m.level() == std::size(kShedAdmittedShares) - 1);
  CHECK(m.drops() > 0);
  m.run(120, 0.6);
  CHECK(m.level() == 0);
}

TEST_CASE("A step down that was too much makes the next one wait twice as long, up to two minutes") {
  OverloadGovernor governor;
  Pressure p;
  const auto look = [&](double fill) {
    p.now_ns += kTick_ns;
    p.waited_ns += kTick_ns;  // idle by all appearances
    p.fill = fill;
    return governor.look(p);
  };
  const auto raise = [&] {
    for (int i = 0; i < 200 && governor.level() == 0; i++) look(0.5);
    REQUIRE(governor.level() == 1);
  };
  const auto until_down = [&] {
    const int64_t from_ns = p.now_ns;
    while (governor.level() > 0) {
      look(0);
      REQUIRE(p.now_ns - from_ns < 300 * kSecond_ns);
    }
    return std::lround(static_cast<double>(p.now_ns - from_ns) / 1e9);
  };
  std::vector<long> waits;
  for (int i = 0; i < 8; i++) {
    raise();
    waits.push_back(until_down());
  }
  CHECK(waits == std::vector<long>{2, 4, 8, 16, 32, 64, 120, 120});
  // After two minutes without shedding it is as before.
  for (int64_t t = 0; t < 500 * kSecond_ns; t += kTick_ns) look(0);
  raise();
  CHECK(until_down() == 2);
}

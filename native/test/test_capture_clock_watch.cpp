// Steps of the machine's clock, told by a clock that is never set.
#include <doctest/doctest.h>

#include <initializer_list>

#include "core/capture/clock_watch.h"

using rtpsonde::ClockWatch;

namespace {

constexpr int64_t kMillisecond = 1'000'000;
constexpr int64_t kStart_ns = 1'700'000'000'000'000'000;

// Looks once a second; `ahead_ms` of the wall clock at each of them.
uint64_t steps(std::initializer_list<int64_t> ahead_ms) {
  ClockWatch watch;
  int64_t steady_ms = 5000;
  for (const int64_t ahead : ahead_ms) {
    const int64_t steady_ns = steady_ms * kMillisecond;
    watch.note(steady_ns, kStart_ns + steady_ns + ahead * kMillisecond, steady_ns + 1000);
    steady_ms += 1000;
  }
  return watch.steps();
}

}  // namespace

TEST_CASE("A clock that is set forward or back by more than 50 ms steps, one that is slewed does not") {
  CHECK(steps({0}) == 0);
  CHECK(steps({0, 1, 2, 3, 4}) == 0);
  CHECK(steps({0, 49, 0, -49}) == 0);
  CHECK(steps({0, 51, 51, 51}) == 1);
  CHECK(steps({0, -51, -51}) == 1);
  CHECK(steps({0, 3'600'000, 0}) == 2);
}

TEST_CASE("A look that was held up between its readings tells nothing") {
  ClockWatch watch;
  watch.note(0, kStart_ns, 0);
  watch.note(1000 * kMillisecond, kStart_ns + 1100 * kMillisecond, 1100 * kMillisecond);
  CHECK(watch.steps() == 0);
  watch.note(2000 * kMillisecond, kStart_ns + 2000 * kMillisecond, 2000 * kMillisecond);
  CHECK(watch.steps() == 0);
  watch.note(3000 * kMillisecond, kStart_ns + 3100 * kMillisecond, 3000 * kMillisecond);
  CHECK(watch.steps() == 1);
}

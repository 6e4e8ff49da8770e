// The capture clock: what counts as a step back, and how large it was.
#include <doctest/doctest.h>

#include <initializer_list>
#include <string>

#include "core/stream/clock_steps.h"

namespace {

// Times in ms; the number of steps and the largest.
std::string steps(std::initializer_list<int64_t> times_ms) {
  rtpsonde::ClockSteps clock;
  int count = 0;
  for (const int64_t ms : times_ms) count += clock.note(ms * 1'000'000) ? 1 : 0;
  return std::to_string(count) + ", " + std::to_string(clock.take_largest_ms()) + " ms";
}

}  // namespace

TEST_CASE("The clock steps back when a packet is more than 50 ms before the one before") {
  CHECK(steps({}) == "0, 0 ms");
  CHECK(steps({1000, 1020, 970, 1040}) == "0, 0 ms");
  CHECK(steps({1000, 1020, 969, 990, 1010}) == "1, 51 ms");
  CHECK(steps({5000, 2000, 2020, 1000}) == "2, 3000 ms");
  CHECK(steps({0, 9'000'000'000'000, 20}) == "1, 8999999999980 ms");
}

TEST_CASE("The largest step is told once") {
  rtpsonde::ClockSteps clock;
  clock.note(1'000'000'000);
  clock.note(0);
  CHECK(clock.take_largest_ms() == 1000);
  CHECK(clock.take_largest_ms() == 0);
}

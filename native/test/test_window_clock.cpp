// Windows in packet time: where they begin and end, and that time only moves on.
#include <doctest/doctest.h>

#include <string>

#include "core/window/window_clock.h"

using rtpsonde::WindowClock;

namespace {

// The window that opens at `ts_ns`: "20..30".
std::string window(int64_t width_ns, int64_t ts_ns) {
  WindowClock clock(width_ns);
  clock.open(ts_ns);
  return std::to_string(clock.start_ns()) + ".." + std::to_string(clock.end_ns());
}

}  // namespace

TEST_CASE("Windows are aligned to the epoch") {
  CHECK(window(10, 0) == "0..10");
  CHECK(window(10, 9) == "0..10");
  CHECK(window(10, 10) == "10..20");
  CHECK(window(10'000'000'000, 1'700'000'003'500'000'000) == "1700000000000000000..1700000010000000000");
}

TEST_CASE("Times that nobody can have are held at the ends of the range") {
  CHECK(window(10, -5) == "0..10");
  CHECK(window(10, INT64_MIN) == "0..10");
  CHECK(window(7, INT64_MAX) == "8999999999999999998..9000000000000000005");
  CHECK(WindowClock::within_range(INT64_MIN) == 0);
  CHECK(WindowClock::within_range(-1) == 0);
  CHECK(WindowClock::within_range(1'700'000'000'000'000'000) == 1'700'000'000'000'000'000);
  CHECK(WindowClock::within_range(INT64_MAX) == 9'000'000'000'000'000'000);
}

TEST_CASE("A window is passed at its end, and never before it was opened") {
  WindowClock clock(10);
  CHECK(!clock.passes(INT64_MAX));
  clock.open(15);
  CHECK(!clock.passes(0));
  CHECK(!clock.passes(19));
  CHECK(clock.passes(20));
}

TEST_CASE("The last window of the range is never passed") {
  WindowClock clock(10'000'000'000);
  clock.open(INT64_MAX);
  CHECK(!clock.passes(WindowClock::within_range(INT64_MAX)));
}

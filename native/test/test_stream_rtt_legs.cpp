// Round trips of one leg from the middle: the vectors of rtp_vectors.json in the
// shared standards folder (rtt, rtt_split), and everything that must be refused.
#include <doctest/doctest.h>

#include <cmath>
#include <random>

#include "core/stream/rtt_legs.h"

using namespace rtpsonde;

namespace {

constexpr int64_t kSecond = 1'000'000'000;
constexpr int64_t kMillisecond = 1'000'000;

int64_t ns(double seconds) { return std::llround(seconds * 1e9); }

// DLSR of a hold time, as an endpoint rounds it down.
uint32_t held(int64_t hold_ns) { return static_cast<uint32_t>(hold_ns * 128 / 1'953'125); }

}  // namespace

TEST_CASE("The example of RFC 3550 Figure 2 gives 6.125 s") {
  // A = 0xb710:8000, LSR = 0xb705:2000, DLSR = 0x0005:4000, all in 1/65536 s
  const auto at = [](uint32_t middle) { return int64_t{middle} * 1'953'125 / 128; };
  CHECK(round_trip_ns(at(0xb7052000), at(0xb7108000), 0x00054000) == 6'125'000'000);
}

TEST_CASE("The round trip beyond the tap is that of the vectors, whatever the other leg does") {
  struct Vector {
    const char* name;
    double report_seen_s;
    double echo_seen_s;
    uint32_t dlsr;
    double rtt_s;
  };
  const Vector vectors[] = {
      {"symmetric", 100.01, 102.57000000000001, 163840, 0.06},
      {"asymmetric far leg", 100.005, 104.228456, 270234, 0.100012},
      {"probe next to B", 100.06, 100.5605, 32768, 0.0005},
  };
  for (const Vector& v : vectors) {
    INFO(v.name);
    const auto rtt_ns = round_trip_ns(ns(v.report_seen_s), ns(v.echo_seen_s), v.dlsr);
    REQUIRE(rtt_ns.has_value());
    CHECK(std::abs(static_cast<double>(*rtt_ns) / 1e9 - v.rtt_s) < 1e-6);
  }
}

TEST_CASE("What lies a little below 0 is 0, what lies further is refused") {
  CHECK(round_trip_ns(0, 2 * kSecond, held(2 * kSecond)) == 0);
  CHECK(round_trip_ns(0, 2 * kSecond, held(2 * kSecond + 4 * kMillisecond)) == 0);
  CHECK(round_trip_ns(0, 2 * kSecond, held(2 * kSecond + 6 * kMillisecond)) == std::nullopt);
  CHECK(round_trip_ns(0, 2 * kSecond, 0xffffffff) == std::nullopt);
  CHECK(round_trip_ns(kSecond, 0, 0) == std::nullopt);  // the echo came first
}

TEST_CASE("More than 60 s is refused") {
  CHECK(round_trip_ns(0, 70 * kSecond, held(10 * kSecond)) == 60 * kSecond);
  CHECK(round_trip_ns(0, 70 * kSecond + kMillisecond, held(10 * kSecond)) == std::nullopt);
}

TEST_CASE("A delay in another unit than 1/65536 s is refused") {
  const int64_t hold_ns = 2'500 * kMillisecond, rtt_ns = 60 * kMillisecond;
  CHECK(round_trip_ns(0, hold_ns + rtt_ns, 163'840) == rtt_ns);
  CHECK(round_trip_ns(0, hold_ns + rtt_ns, 2) == std::nullopt);               // seconds
  CHECK(round_trip_ns(0, hold_ns + rtt_ns, 2'500) == std::nullopt);           // milliseconds
  CHECK(round_trip_ns(0, hold_ns + rtt_ns, 2'500'000) == std::nullopt);       // microseconds
  CHECK(round_trip_ns(0, hold_ns + rtt_ns, 2'500'000'000U) == std::nullopt);  // nanoseconds
  CHECK(round_trip_ns(0, hold_ns + rtt_ns, 0) == std::nullopt);               // not filled in
}

TEST_CASE("A delay of 0 is believed while the round trip can be") {
  CHECK(round_trip_ns(0, 40 * kMillisecond, 0) == 40 * kMillisecond);
  CHECK(round_trip_ns(0, kSecond, 0) == kSecond);
}

TEST_CASE("A round trip of more than a second is believed when its delay reads well") {
  CHECK(round_trip_ns(0, 5 * kSecond, held(3 * kSecond)) == 2 * kSecond);
}

TEST_CASE("100,000 random legs are measured to the quantum of the delay") {
  std::mt19937_64 random(1);
  for (int i = 0; i < 100'000; i++) {
    const int64_t rtt = static_cast<int64_t>(random() % (2 * kSecond));
    // Held between 100 ms and 30 s: a delay in milliseconds is not mistaken for it.
    const int64_t hold = 100 * kMillisecond + static_cast<int64_t>(random() % (30 * kSecond));
    const int64_t seen = static_cast<int64_t>(random() % (1ULL << 60));
    const auto got = round_trip_ns(seen, seen + rtt + hold, held(hold));
    REQUIRE(got.has_value());
    REQUIRE(*got >= rtt);
    REQUIRE(*got < rtt + 15'260);
  }
}

TEST_CASE("A stamp is found by its middle bits, for as many as the ring holds") {
  PassedStamps<4> stamps;
  for (uint32_t key = 1; key <= 5; key++) stamps.remember(key, key * kSecond);
  CHECK(stamps.find(1) == std::nullopt);  // the fifth took its place
  for (uint32_t key = 2; key <= 5; key++) CHECK(stamps.find(key) == key * kSecond);
  CHECK(stamps.find(6) == std::nullopt);
}

TEST_CASE("Middle bits that wrap are a key like any other, and 0 is none") {
  PassedStamps<8> stamps;
  CHECK(ntp_middle(0xe5a1'ffff'ffff'1234) == 0xffff'ffff);
  stamps.remember(ntp_middle(0xe5a1'ffff'ffff'0000), 1);
  stamps.remember(ntp_middle(0xe5a2'0000'0000'0000), 2);
  stamps.remember(ntp_middle(0xe5a2'0000'0001'0000), 3);
  CHECK(stamps.find(0xffff'ffff) == 1);
  CHECK(stamps.find(0) == std::nullopt);
  CHECK(stamps.find(1) == 3);
}

TEST_CASE("The first sight of a copied report counts; a clock that stands still says nothing") {
  PassedStamps<8> stamps;
  stamps.remember(7, 1 * kSecond);
  stamps.remember(7, 1 * kSecond + kMillisecond);
  CHECK(stamps.find(7) == 1 * kSecond);
  stamps.remember(7, 6 * kSecond);
  CHECK(stamps.find(7) == std::nullopt);
}

TEST_CASE("A leg keeps least, most, sum and last, of the window and of the whole") {
  RttLeg leg;
  leg.echo(0, 30 * kMillisecond, 0);
  leg.echo(5 * kMillisecond, 55 * kMillisecond, 0);
  leg.echo(5 * kMillisecond, 56 * kMillisecond, 0);  // a copy of that
  leg.echo(1, 90 * kSecond, 0);                      // cannot be
  leg.begin_window();
  leg.echo(0, 40 * kMillisecond, 0);
  CHECK(leg.whole.min_us == 30'000);
  CHECK(leg.whole.max_us == 50'000);
  CHECK(leg.whole.sum_us == 120'000);
  CHECK(leg.whole.count == 3);
  CHECK(leg.whole.rejected == 1);
  CHECK(leg.window.min_us == 40'000);
  CHECK(leg.window.max_us == 40'000);
  CHECK(leg.window.count == 1);
  CHECK(leg.window.rejected == 0);
  CHECK(leg.last_us == 40'000);
}

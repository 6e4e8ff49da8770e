// Burst and gap metrics against the vectors, a literal reading of RFC 3611 4.7.2
// and the pseudo-code of A.2.
#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "core/stream/burst_gap.h"
#include "test_stream_support.h"

using namespace rtpsonde;

namespace {

BurstGap feed(const std::string& pattern, uint16_t gmin) {
  BurstGap state{};
  state.gmin = gmin;
  for (uint32_t i = 0; i < pattern.size(); i++) {
    if (pattern[i] != '1') state.bad_packet(i);
  }
  return state;
}

BurstGap finished(const std::string& pattern, uint16_t gmin) {
  BurstGap state = feed(pattern, gmin);
  state.finish(static_cast<uint32_t>(pattern.size()));
  return state;
}

// "bursts 1 of 12 packets with 4 bad, squares 144, 6 bad in 6 runs, 2 gaps"
std::string words(const BurstGap& state) {
  std::ostringstream text;
  const BurstGapSums& s = state.sums;
  text << "bursts " << s.bursts << " of " << s.burst_packets << " packets with " << s.burst_bad
       << " bad, squares " << s.burst_squares << ", " << s.bad << " bad in " << s.bad_runs << " runs, "
       << gap_periods(state) << " gaps";
  return text.str();
}

// The definition read literally: every packet is tried as the start of a burst.
std::string literal(const std::string& pattern, uint16_t gmin) {
  struct Burst {
    size_t first, last;
  };
  std::vector<Burst> bursts;
  size_t bad = 0, runs = 0;
  for (size_t i = 0; i < pattern.size(); i++) {
    if (pattern[i] == '1') continue;
    bad++;
    if (i == 0 || pattern[i - 1] == '1') runs++;
    if (!bursts.empty() && i <= bursts.back().last) continue;
    size_t last = i;
    for (size_t j = i + 1; j < pattern.size() && j - last <= gmin; j++) {
      if (pattern[j] != '1') last = j;
    }
    if (last > i) bursts.push_back({i, last});
  }
  uint64_t packets = 0, burst_bad = 0, squares = 0, gaps = 0;
  size_t gap_from = 0;
  for (const Burst& burst : bursts) {
    if (burst.first > gap_from) gaps++;
    gap_from = burst.last + 1;
    const uint64_t length = burst.last - burst.first + 1;
    packets += length;
    squares += length * length;
    for (size_t i = burst.first; i <= burst.last; i++) burst_bad += pattern[i] != '1';
  }
  if (pattern.size() > gap_from) gaps++;
  std::ostringstream text;
  text << "bursts " << bursts.size() << " of " << packets << " packets with " << burst_bad << " bad, squares "
       << squares << ", " << bad << " bad in " << runs << " runs, " << gaps << " gaps";
  return text.str();
}

double field(const std::string& text, size_t from, const std::string& key) {
  const size_t at = text.find('"' + key + '"', from);
  REQUIRE(at != std::string::npos);
  return std::strtod(text.c_str() + text.find(':', at) + 1, nullptr);
}

bool same(double value, double expected) {
  // The vectors say null, read as 0, where nothing can be divided.
  return std::isnan(value) ? expected == 0 : std::abs(value - expected) < 1e-3;
}

}  // namespace

TEST_CASE("burst and gap: the example of RFC 3611 4.7.2, padded to the 64 packets it speaks of") {
  CHECK(words(finished("11110111111111111111111X111X1011110111111111111111111X1111111111", 16)) ==
        "bursts 1 of 12 packets with 4 bad, squares 144, 6 bad in 6 runs, 2 gaps");
}

TEST_CASE("burst and gap: Gmin good packets between two bad ones divide, one fewer does not") {
  const auto two = [](size_t good) { return "11" + std::string("0") + std::string(good, '1') + "0" + "11"; };
  CHECK(words(finished(two(15), 16)) ==
        "bursts 1 of 17 packets with 2 bad, squares 289, 2 bad in 2 runs, 2 gaps");
  CHECK(words(finished(two(16), 16)) ==
        "bursts 0 of 0 packets with 0 bad, squares 0, 2 bad in 2 runs, 1 gaps");
}

TEST_CASE("burst and gap: a cluster ends as soon as Gmin good packets are decided") {
  BurstGap state = feed("1100", 16);
  state.settle(4 + 15);
  CHECK(state.sums.bursts == 0);
  state.settle(4 + 16);
  CHECK(state.sums.bursts == 1);
}

TEST_CASE("burst and gap: a long run told at once equals its packets told one by one") {
  BurstGap at_once{};
  at_once.gmin = 16;
  at_once.bad_packet(3);
  at_once.bad_packets(10, 70'000);
  at_once.finish(80'000);
  CHECK(words(at_once) == literal("1110111111" + std::string(70'000, '0') + std::string(9'990, '1'), 16));
}

TEST_CASE("burst and gap: random patterns equal the literal definition") {
  std::mt19937 random(7);
  for (int round = 0; round < 4000; round++) {
    const uint16_t gmin = static_cast<uint16_t>(std::vector<int>{1, 2, 8, 16}[random() % 4]);
    const uint64_t share = 1 + random() % 40, stay = random() % 100;
    std::string pattern(1 + random() % 300, '1');
    bool bad = false;
    for (char& c : pattern) {
      bad = random() % 100 < (bad ? stay : share);
      if (bad) c = random() % 2 == 0 ? '0' : 'X';
    }
    CAPTURE(pattern);
    CHECK(words(finished(pattern, gmin)) == literal(pattern, gmin));
  }
}

TEST_CASE("burst and gap: all vectors, by the definition and by A.2") {
  std::ifstream file(SHARED_DIR "/standards/burst_gap_vectors.json");
  if (!file) {
    MESSAGE("skipped: " SHARED_DIR " is not there");
    return;
  }
  std::stringstream buffer;
  buffer << file.rdbuf();
  const std::string text = buffer.str();
  int seen = 0;
  for (size_t at = text.find("\"vectors\""); (at = text.find("\"pattern\": \"", at)) != std::string::npos;) {
    at += 12;
    const std::string pattern = text.substr(at, text.find('"', at) - at);
    const uint16_t gmin = static_cast<uint16_t>(field(text, at, "gmin"));
    const double packet_ms = field(text, at, "packet_ms");
    CAPTURE(pattern);
    const BurstGap state = finished(pattern, gmin);
    const size_t normative = text.find("\"normative_4_7_2\"", at);
    CHECK(state.sums.burst_packets == field(text, normative, "burst_packets"));
    CHECK(state.sums.burst_bad == field(text, normative, "burst_bad"));
    CHECK(state.sums.decided == field(text, normative, "expected"));
    const BurstGapMetrics metrics = burst_gap_metrics(state.sums, gap_periods(state));
    const auto in_256 = [](double density) {
      return std::isnan(density) ? 0 : std::min(255.0, std::floor(density * 256));
    };
    CHECK(in_256(metrics.burst_density) == field(text, normative, "burst_density"));
    CHECK(in_256(metrics.gap_density) == field(text, normative, "gap_density"));
    CHECK(same(metrics.burst_packets * packet_ms, field(text, normative, "burst_duration_ms_mean")));
    CHECK(same(metrics.gap_packets * packet_ms, field(text, normative, "gap_duration_ms_mean")));
    const double mean_run = state.sums.bad_runs > 0 ? double(state.sums.bad) / state.sums.bad_runs : NAN;
    CHECK(same(mean_run, field(text, normative, "mean_bad_run")));

    const size_t literal_a2 = text.find("\"appendix_a2_literal\"", at);
    CHECK(state.a2.c11 == field(text, literal_a2, "c11"));
    CHECK(state.a2.c13 == field(text, literal_a2, "c13"));
    CHECK(state.a2.c14 == field(text, literal_a2, "c14"));
    CHECK(state.a2.c22 == field(text, literal_a2, "c22"));
    CHECK(state.a2.c23 == field(text, literal_a2, "c23"));
    CHECK(state.a2.c33 == field(text, literal_a2, "c33"));
    const BurstGapMetrics a2 = burst_gap_metrics(state.a2);
    CHECK(same(a2.burst_packets * packet_ms, field(text, literal_a2, "burst_length_ms")));
    CHECK(same(a2.gap_packets * packet_ms, field(text, literal_a2, "gap_length_ms")));
    seen++;
  }
  CHECK(seen == 22);
}

// 1.2 million jumps of 2999 make nearly 2^32 numbers, whose base moves on twice and more.
TEST_CASE("burst and gap: positions stay the same when the extended numbers are rebased") {
  stream_test::StreamRig rig;
  uint32_t n = 0;
  double decided = 0, bad = 0, bursts = 0;
  const auto add = [&](const StreamRecord& w) {
    decided += w.decided;
    bad += w.bad;
    bursts += w.bursts;
  };
  for (uint32_t i = 0; i < 1'200'000; i++, n += 2999) {
    rig.add({static_cast<uint16_t>(n), 160 * i, i * 20.0});
    if (i % 100'000 == 50'000) add(rig.close_window());
  }
  for (uint32_t i = 0; i < 1000; i++) {
    rig.add({static_cast<uint16_t>(n - 2999 + 1 + i), 160 * (1'200'000 + i), (1'200'000 + i) * 20.0});
  }
  add(rig.close_window());
  const StreamRecord r = rig.finish();
  CHECK(r.bad == r.lost);
  CHECK(r.decided == r.expected);
  CHECK(stream_test::number(r.bursts) + " of " + stream_test::number(r.burst_packets) + " with " +
            stream_test::number(r.burst_bad) ==
        "1 of " + stream_test::number(n - 2999 - 1) + " with " + stream_test::number(r.lost));
  CHECK(bad == r.bad);
  CHECK(bursts == r.bursts);
  CHECK(decided == r.decided - 128);
}

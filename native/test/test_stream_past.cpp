// What a stream keeps of the time before the open window, packed: histogram of the whole, skew hull.
#include <cmath>

#include "test_stream_support.h"

using namespace stream_test;

namespace {

constexpr uint32_t kFirst = 353'000'000;  // in 2025

// 3 ms of queue now and then, none in between, from stretch `first` on; seen anywhere in a stretch.
void add_stretches(SkewHull& hull, uint32_t first, uint32_t count, double ppm) {
  for (uint32_t i = 0; i < count; i++) {
    const uint32_t stretch = first + i;
    const auto place = static_cast<uint16_t>(stretch * 7919 % 38'000);
    const double at_s = 5.0 * (stretch - kFirst) + place * 131.072e-6;
    hull.add(stretch, place, at_s * ppm / 1000 + (stretch % 3 == 0 ? 0 : 3));
  }
}

}  // namespace

TEST_CASE("Histogram of the whole stream: a bin holds more than 2^24 packets, and windows add up to it") {
  StreamRig rig;
  rig.add({0, 0, 1000});
  uint64_t first_bin = 0, last_bin = 0;
  for (int window = 0; window < 600; window++) {
    rig.cold().pdv_histogram[0] = UINT16_MAX;
    rig.cold().pdv_histogram[kPdvBins - 1] = 40'000;
    const StreamRecord r = rig.close_window();
    first_bin += r.pdv_histogram[0];
    last_bin += r.pdv_histogram[kPdvBins - 1];
  }
  REQUIRE(first_bin > 2 * (1U << PdvTotals::kBits));
  REQUIRE(last_bin > 1U << PdvTotals::kBits);
  const StreamRecord whole = rig.finish();
  CHECK(whole.pdv_histogram[0] == first_bin);
  CHECK(whole.pdv_histogram[kPdvBins - 1] == last_bin);
  CHECK(whole.pdv_histogram[1] == 0);
}

TEST_CASE("Histogram of the whole stream: up to 2^24 packets a bin cost no further row") {
  StreamRig rig;
  rig.add({0, 0, 1000});
  for (int window = 0; window < 256; window++) {
    rig.cold().pdv_histogram[0] = UINT16_MAX;
    rig.close_window();
  }
  CHECK(rig.cold().incidents == nullptr);
  rig.cold().pdv_histogram[0] = 256;
  rig.close_window();
  CHECK(rig.cold().incidents != nullptr);
  CHECK(rig.finish().pdv_histogram[0] == 1U << PdvTotals::kBits);
}

TEST_CASE("Skew hull: exact days after its first corner, when all of that has left it") {
  for (const double ppm : {35.0, -80.0}) {
    SkewHull hull{};
    add_stretches(hull, kFirst, 40'000, ppm);
    CHECK(hull.ppm() == doctest::Approx(ppm).epsilon(0.001).scale(100));
    add_stretches(hull, kFirst + 40'000, 240, 2 * ppm);  // another clock is followed within 20 minutes
    CHECK(hull.ppm() == doctest::Approx(2 * ppm).epsilon(0.001).scale(100));
  }
}

TEST_CASE("Skew hull: begins anew after ten minutes of silence, or when the clock stepped back") {
  SkewHull hull{};
  add_stretches(hull, kFirst + 1000, 20, 50);
  REQUIRE(hull.ppm() == doctest::Approx(50.0).epsilon(0.01));
  SUBCASE("silence") {
    add_stretches(hull, kFirst + 1150, 3, 50);
    CHECK(std::isnan(hull.ppm()));
    add_stretches(hull, kFirst + 1153, 20, 50);
  }
  SUBCASE("step") {
    add_stretches(hull, kFirst + 500, 3, 50);
    CHECK(std::isnan(hull.ppm()));
    add_stretches(hull, kFirst + 503, 20, 50);
  }
  CHECK(hull.ppm() == doctest::Approx(50.0).epsilon(0.01));
}

// Delay variation, clock skew, playout and stalls of whole streams.
#include <cmath>
#include <random>

#include "core/stream/clock_skew.h"
#include "core/stream/delay_variation.h"
#include "test_stream_support.h"

using namespace stream_test;

namespace {

std::string discards(const StreamRecord& r) {
  std::string text;
  for (int p = 0; p < 3; p++) {
    text += (p > 0 ? ", " : "") + number(r.late_discards[p]) + "+" + number(r.early_discards[p]);
  }
  return text;
}

// 20 ms packets of PCMU whose transit is `delay_ms(i)`, in order of arrival.
template <typename Delay>
void stream_of(StreamRig& rig, int count, Delay delay_ms, int from = 0) {
  for (int i = from; i < from + count; i++) {
    rig.add({static_cast<uint16_t>(i), static_cast<uint32_t>(160 * i), 1000 + 20.0 * i + delay_ms(i)});
  }
}

}  // namespace

TEST_CASE("delay variation: a bin is the number of ends at or below the value") {
  const auto literal = [](float value) {
    uint32_t bin = 0;
    while (bin < std::size(kPdvBinEnds_ms) && value >= kPdvBinEnds_ms[bin]) bin++;
    return bin;
  };
  std::vector<float> values = {0, 1e-30F, 1e30F, INFINITY};
  for (const float end : kPdvBinEnds_ms) {
    for (const float towards : {0.0F, end, INFINITY}) values.push_back(std::nextafter(end, towards));
  }
  for (const float value : values) CHECK(pdv_bin(value) == literal(value));
}

TEST_CASE("delay variation: each packet against the least transit, in bins that end at 0.5 ms and so on") {
  StreamRig rig;
  const double delays[] = {10, 10, 10.4, 12, 17, 10, 35, 10};
  stream_of(rig, 8, [&](int i) { return delays[i]; });
  const StreamRecord r = rig.finish();
  CHECK(number(static_cast<double>(r.pdv_mean_ms), 4) == "4.9143");  // (0 + 0.4 + 2 + 7 + 0 + 25 + 0) / 7
  CHECK(number(static_cast<double>(r.pdv_max_ms), 4) == "25.0000");
  CHECK(number(static_cast<double>(r.ipdv_max_ms), 4) == "25.0000");
  CHECK(number(static_cast<double>(r.ipdv_mean_ms), 4) == "9.1429");  // (0 + 0.4 + 1.6 + 5 + 7 + 25 + 25) / 7
  std::string bins;
  for (const uint32_t bin : r.pdv_histogram) bins += number(bin) + " ";
  CHECK(bins == "4 0 0 1 0 1 0 0 0 1 0 0 0 0 0 0 ");
}

TEST_CASE("delay variation: MAPDV2 by its recursion, deviations above and below the mean smoothed apart") {
  StreamRig rig;
  double mean = 0, above = 0, below = 0;
  const auto delay = [](int i) { return i % 5 == 0 && i > 0 ? 16.0 : 0.0; };
  stream_of(rig, 100, delay);
  for (int i = 1; i < 100; i++) {
    const double deviation = delay(i) - mean;
    if (deviation > 0) {
      above += (deviation - above) / 16;
    } else {
      below += (-deviation - below) / 16;
    }
    mean += deviation / 16;
  }
  CHECK(static_cast<double>(rig.finish().mapdv2_ms) == doctest::Approx(above + below).epsilon(1e-4));
}

TEST_CASE("delay variation: windows add up to the whole") {
  StreamRig rig;
  std::mt19937 random(3);
  std::exponential_distribution<double> queue(0.2);
  double sum = 0, samples = 0, late = 0;
  uint32_t bins[kPdvBins] = {};
  const auto add = [&](const StreamRecord& w) {
    sum += static_cast<double>(w.pdv_mean_ms) * w.jitter_samples;
    samples += w.jitter_samples;
    late += w.late_discards[0];
    for (uint32_t b = 0; b < kPdvBins; b++) bins[b] += w.pdv_histogram[b];
  };
  for (int window = 0; window < 5; window++) {
    stream_of(rig, 200, [&](int i) { return i % 40 == 7 ? 80.0 : queue(random); }, window * 200);
    if (window < 4) add(rig.close_window());
  }
  add(window_record(rig.hot(), rig.cold(), {}, rig.context()));
  const StreamRecord whole = rig.finish();
  CHECK(sum / samples == doctest::Approx(static_cast<double>(whole.pdv_mean_ms)).epsilon(1e-4));
  CHECK(late == whole.late_discards[0]);
  CHECK(late >= 25);
  CHECK(std::equal(std::begin(bins), std::end(bins), std::begin(whole.pdv_histogram)));
}

// Half the clock rate that was configured: transit grows by 10 ms with every packet.
TEST_CASE("delay variation: a clock that is wrong by half is measured as finely after hours") {
  StreamRig rig;
  StreamRecord windows[2] = {};
  for (int i = 0; i < 1'000'000; i++) {
    const double jitter_ms = i % 4 == 3 ? 0.4 : 0;
    rig.add({static_cast<uint16_t>(i), static_cast<uint32_t>(80 * i), 1000 + 20.0 * i + jitter_ms});
    // The stretches of 5 s are of 250 packets.
    if (i % 500 == 499) windows[i < 10'000 ? 0 : 1] = rig.close_window();
  }
  for (const StreamRecord& w : windows) {
    CHECK(static_cast<double>(w.pdv_mean_ms) == doctest::Approx(3745.1).epsilon(1e-5));
    CHECK(static_cast<double>(w.ipdv_mean_ms) == doctest::Approx(10).epsilon(1e-5));
    CHECK(static_cast<double>(w.mapdv2_ms) ==
          doctest::Approx(static_cast<double>(windows[0].mapdv2_ms)).epsilon(1e-5));
    CHECK(std::isnan(w.skew_ppm));  // no clock is wrong by so much
    CHECK(w.late_discards[0] == w.playout_packets);
    CHECK(std::isnan(w.buffer_mean_ms));  // nothing was played
  }
}

TEST_CASE("delay variation: timestamps without sense give finite figures") {
  StreamRig rig;
  std::mt19937 random(11);
  double at_ms = 1000;
  for (int i = 0; i < 20'000; i++) {
    // Arrivals up to days apart and back, steps of the timestamp that at times fit them.
    const double gap_ms = random() % 7 == 0 ? 3e8 * static_cast<double>(random() % 5) - 6e8
                                            : static_cast<double>(random() % 3) * 500.0;
    at_ms = std::max(at_ms + gap_ms, 0.0);
    const auto timestamp = static_cast<uint32_t>(static_cast<int64_t>(at_ms * 8) + random() % 16'000);
    rig.add(
        {static_cast<uint16_t>(i), random() % 9 == 0 ? static_cast<uint32_t>(random()) : timestamp, at_ms});
    if (i % 50 != 49) continue;
    const StreamRecord w = rig.close_window();
    for (const float v : {w.pdv_mean_ms, w.pdv_max_ms, w.ipdv_mean_ms, w.ipdv_max_ms, w.mapdv2_ms,
                          w.adaptive_delay_mean_ms}) {
      REQUIRE((std::isfinite(v) || (w.jitter_samples == 0 && std::isnan(v))));
    }
    REQUIRE((std::isnan(w.buffer_mean_ms) || w.buffer_mean_ms >= 0));
    REQUIRE(!std::isinf(w.skew_ppm));
  }
}

TEST_CASE("playout: a fixed buffer discards what comes later than it waits, the adaptive one learns") {
  StreamRig rig;
  // 60, 61, ... ms late now and then: too late for 50 ms, not for 200 ms.
  stream_of(rig, 400, [](int i) { return i > 0 && i % 100 == 0 ? 60.0 + i / 100 : 5.0; });
  const StreamRecord r = rig.finish();
  CHECK(discards(r) == "3+0, 0+0, 1+0");  // the adaptive buffer has grown to 71 ms by the second time
  CHECK(r.bad == 3);
  CHECK(r.lost == 0);
  CHECK(static_cast<double>(r.adaptive_delay_mean_ms) > 40);
}

TEST_CASE("playout: after a shorter route the buffer overflows until it begins anew") {
  StreamRig rig;
  stream_of(rig, 200, [](int i) { return i < 100 ? 300.0 : 100.0; });
  CHECK(discards(rig.finish()) == "0+1, 0+0, 0+0");
}

TEST_CASE("playout: lost and discarded packets form one burst, in the order of their numbers") {
  StreamRig rig;
  for (int i = 0; i < 300; i++) {
    if (i == 100 || i == 105) continue;  // lost
    if (i == 102) continue;              // overtaken by three, and discarded
    rig.add({static_cast<uint16_t>(i), static_cast<uint32_t>(160 * i), 1000 + 20.0 * i});
    if (i == 106) rig.add({102, 160 * 102, 1000 + 20.0 * 106 + 1});
  }
  const StreamRecord r = rig.finish();
  CHECK(counts(r) ==
        "packets 298, expected 300, lost 2, reordered 1, extent 4, runs 2 of 2 packets, longest 1");
  CHECK(discards(r) == "1+0, 0+0, 1+0");
  CHECK(number(r.bad) + " bad in " + number(r.bad_runs) + " runs, bursts " + number(r.bursts) + " of " +
            number(r.burst_packets) + " with " + number(r.burst_bad) ==
        "3 bad in 3 runs, bursts 1 of 6 with 3");
  CHECK(static_cast<double>(r.gap_mean_packets) == 147.0);
}

TEST_CASE("clock skew: the hull gives the vectors' figures from every packet") {
  // rtp_vectors.json, skew: 3000 packets at 20 ms, exponential queueing of 3 ms mean from an LCG.
  for (const double true_ppm : {0.0, 50.0, -120.0}) {
    std::mt19937 random(12345);
    std::exponential_distribution<double> queue(1 / 3.0);
    SkewHull hull{};
    for (int i = 0; i < 3000; i++) {
      const int64_t at_ns = i * 20'000'000LL;
      const uint32_t stretch = stretch_of(at_ns);
      const double drift_ms = static_cast<double>(at_ns) * true_ppm * 1e-12;
      hull.add(stretch, place_in_stretch(at_ns, stretch), drift_ms + queue(random));
    }
    CHECK(hull.ppm() == doctest::Approx(true_ppm).epsilon(0.001).scale(1000));
  }
}

TEST_CASE("clock skew: of a clock that drifts either way it is known all the time, some minutes late") {
  for (const double ppm_an_hour : {60.0, -60.0}) {
    std::mt19937 random(3);
    std::exponential_distribution<double> queue(10);  // the least of 5 s
    SkewHull hull{};
    for (int i = 0; i < 720; i++) {
      const double at_s = 5.0 * i;
      hull.add(static_cast<uint32_t>(i), 0, at_s * at_s / 3600 * ppm_an_hour / 2 / 1000 + queue(random));
      if (at_s < 300) continue;
      const double newest_ppm = ppm_an_hour * (at_s - 75) / 3600;
      const double oldest_ppm = ppm_an_hour * (at_s - 500) / 3600;
      CHECK(hull.ppm() >= std::min(newest_ppm, oldest_ppm) - 1);
      CHECK(hull.ppm() <= std::max(newest_ppm, oldest_ppm) + 1);
    }
  }
}

TEST_CASE("clock skew: a longer way is forgotten after ten minutes") {
  SkewHull hull{};
  for (int i = 0; i < 300; i++) {
    const double at_s = 5.0 * i;
    hull.add(static_cast<uint32_t>(i), 0, (at_s < 600 ? 0 : 10) + at_s * 50 / 1000);
    if (at_s > 1200) CHECK(hull.ppm() == doctest::Approx(50).epsilon(0.001));
  }
}

TEST_CASE("clock skew: a whole stream within 2 ppm, and taken out of the delay variation") {
  for (const double true_ppm : {0.0, 50.0, -120.0, 400.0}) {
    StreamRig rig;
    std::mt19937 random(5);
    std::exponential_distribution<double> queue(1 / 3.0);
    StreamRecord window{};
    for (int minute = 0; minute < 10; minute++) {
      stream_of(rig, 3000, [&](int i) { return 20.0 * i * true_ppm * 1e-6 + queue(random); }, minute * 3000);
      window = rig.close_window();
    }
    CHECK(static_cast<double>(window.skew_ppm) == doctest::Approx(true_ppm).epsilon(0.002).scale(1000));
    CHECK(static_cast<double>(window.pdv_mean_ms) == doctest::Approx(3.0).epsilon(0.05));
  }
}

TEST_CASE("clock skew: timestamps that follow no clock have none") {
  StreamRig rig;
  stream_of(rig, 3000, [](int i) { return 0.5 * i; });  // 25,000 ppm
  CHECK(std::isnan(rig.finish().skew_ppm));
}

TEST_CASE("clock skew: within 1.4 ppm after a minute and a half, though it is taken out from 20 s on") {
  // The least of a stretch lies at its end before, and anywhere after.
  for (const double true_ppm : {50.0, -120.0, 400.0, -400.0}) {
    StreamRig rig;
    std::mt19937 random(7);
    std::exponential_distribution<double> queue(1 / 3.0);
    stream_of(rig, 4500, [&](int i) { return 20.0 * i * true_ppm * 1e-6 + queue(random); });
    CHECK(static_cast<double>(rig.finish().skew_ppm) == doctest::Approx(true_ppm).epsilon(0.001).scale(1000));
  }
}

TEST_CASE("clock skew: unknown until 20 s were seen") {
  StreamRig rig;
  stream_of(rig, 500, [](int) { return 0.0; });
  CHECK(std::isnan(rig.finish().skew_ppm));
}

TEST_CASE("stalls: media held up or missing, but no silence of the sender") {
  const auto stalls = [](const std::vector<Packet>& packets) {
    StreamRig rig;
    stream_of(rig, 50, [](int) { return 0.0; });
    for (const Packet& packet : packets) rig.add(packet);
    return rig.finish().stalls;
  };
  const double last_ms = 1000 + 20.0 * 49;
  // held up: the next number, the timestamp of the time it was sent
  CHECK(stalls({{50, 160 * 50, last_ms + 700}}) == 1);
  // an outage: 35 packets missing
  CHECK(stalls({{85, 160 * 85, last_ms + 720}}) == 1);
  // silence without marker: the timestamp moved on with the time
  CHECK(stalls({{50, 160 * 85, last_ms + 720}}) == 0);
  // a talk spurt, whose sender lets its timestamp stand still in silence
  CHECK(stalls({{50, 160 * 50, last_ms + 700, 0, true}}) == 0);
  // after comfort noise
  CHECK(stalls({{50, 160 * 50, last_ms + 20, 13, false, 1}, {51, 160 * 51, last_ms + 900}}) == 0);
  // shorter than configured
  CHECK(stalls({{50, 160 * 50, last_ms + 490}}) == 0);
}

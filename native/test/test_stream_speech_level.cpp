// Speech and noise level of G.711: known codes, known powers, known noise.
#include <random>

#include "core/stream/speech_level.h"
#include "test_stream_support.h"

using namespace stream_test;

namespace {

using Codes = std::vector<uint8_t>;

std::string value(double v, int decimals = 1) { return std::isnan(v) ? "none" : number(v, decimals); }

std::string told(const SpeechSums& sums) {
  const SpeechLevel level = speech_level(sums);
  return "signal " + value(level.signal_dbm0) + ", noise " + value(level.noise_dbm0) + ", silence " +
         value(level.silence_share, 3) + ", clipping " + value(level.clipping_share, 4) + ", " +
         value(level.speech_ms, 0) + " + " + value(level.silence_ms, 0) + " ms";
}

Codes repeated(const Codes& codes, size_t samples) {
  Codes all;
  while (all.size() < samples) all.insert(all.end(), codes.begin(), codes.end());
  all.resize(samples);
  return all;
}

bool measure(SpeechLevelRow& row, const Codes& codes, G711Law law = G711Law::kMuLaw) {
  return measure_speech(row, {codes.data(), codes.size()}, static_cast<uint32_t>(codes.size()), law);
}

// The code whose value is nearest, by trying all of them.
uint8_t encode(double sample, G711Law law) {
  uint8_t best = 0;
  double least = 1e9;
  for (uint32_t code = 0; code < 256; code++) {
    const double magnitude = g711_magnitude(static_cast<uint8_t>(code), law);
    const double decoded = (code & 0x80) != 0 ? magnitude : -magnitude;
    if (std::abs(decoded - sample) < least) {
      least = std::abs(decoded - sample);
      best = static_cast<uint8_t>(code);
    }
  }
  return best;
}

class Source {
 public:
  explicit Source(G711Law law) : law_(law) {}

  Codes noise(double level_dbm0, size_t samples) {
    const double rms = std::sqrt(g711_milliwatt(law_) * std::pow(10, level_dbm0 / 10));
    std::normal_distribution<double> normal(0, rms);
    Codes codes;
    for (size_t i = 0; i < samples; i++) codes.push_back(encode(normal(random_), law_));
    return codes;
  }

  // A sine; above +3 dBm0 it is clipped.
  Codes tone(double level_dbm0, size_t samples, double period) {
    const double peak = std::sqrt(2 * g711_milliwatt(law_) * std::pow(10, level_dbm0 / 10));
    Codes codes;
    for (size_t i = 0; i < samples; i++) {
      codes.push_back(
          encode(peak * std::sin(2 * 3.14159265358979 * (static_cast<double>(i) + 0.5) / period), law_));
    }
    return codes;
  }

 private:
  G711Law law_;
  std::mt19937 random_{7};
};

}  // namespace

TEST_CASE("Codes are decoded as the tables of G.711 list them") {
  // Table 2: the ends of segments, positive codes; 0x7f and 0x00 are negative ones
  const std::vector<std::pair<uint8_t, uint32_t>> mu_law{
      {0x80, 8031}, {0x8f, 4191}, {0x90, 3999}, {0x9f, 2079}, {0xa0, 1983}, {0xcf, 231},
      {0xdf, 99},   {0xef, 33},   {0xfe, 2},    {0xff, 0},    {0x7f, 0},    {0x00, 8031}};
  for (const auto& [code, magnitude] : mu_law) CHECK(g711_magnitude(code, G711Law::kMuLaw) == magnitude);
  // Table 1: the same, after the even bits were inverted
  const std::vector<std::pair<uint8_t, uint32_t>> a_law{{0xaa, 4032}, {0xa5, 2112}, {0xba, 2016},
                                                        {0xb5, 1056}, {0xf5, 66},   {0xda, 31},
                                                        {0xd5, 1},    {0x55, 1},    {0x2a, 4032}};
  for (const auto& [code, magnitude] : a_law) CHECK(g711_magnitude(code, G711Law::kALaw) == magnitude);
}

TEST_CASE("The digital milliwatt is 0 dBm0") {
  SpeechLevelRow mu_law, a_law;
  measure(mu_law, repeated({0x1e, 0x0b, 0x0b, 0x1e, 0x9e, 0x8b, 0x8b, 0x9e}, 160));
  measure(a_law, repeated({0x34, 0x21, 0x21, 0x34, 0xb4, 0xa1, 0xa1, 0xb4}, 160), G711Law::kALaw);
  CHECK(speech_level(mu_law.window).signal_dbm0 == doctest::Approx(0).epsilon(0.01));
  CHECK(speech_level(a_law.window).signal_dbm0 == doctest::Approx(0).epsilon(0.01));
}

TEST_CASE("A minute of the digital milliwatt stays speech, and has no noise level") {
  SpeechLevelRow row;
  for (int i = 0; i < 3000; i++)
    measure(row, repeated({0x1e, 0x0b, 0x0b, 0x1e, 0x9e, 0x8b, 0x8b, 0x9e}, 160));
  CHECK(told(row.window) == "signal -0.0, noise none, silence 0.000, clipping 0.0000, 60000 + 0 ms");
}

TEST_CASE("Silence codes are silence, at the level of the smallest codes") {
  SpeechLevelRow mu_law, a_law;
  for (int i = 0; i < 10; i++) measure(mu_law, repeated({0xff}, 160));
  for (int i = 0; i < 10; i++) measure(a_law, repeated({0xd5}, 160), G711Law::kALaw);
  CHECK(told(mu_law.window) == "signal none, noise -90.0, silence 1.000, clipping 0.0000, 0 + 200 ms");
  CHECK(told(a_law.window) == "signal none, noise -66.1, silence 1.000, clipping 0.0000, 0 + 200 ms");
}

TEST_CASE("Tones of known power are measured within 0.1 dB") {
  for (const G711Law law : {G711Law::kMuLaw, G711Law::kALaw}) {
    for (const double level : {3.0, 0.0, -10.0, -20.0, -30.0}) {
      SpeechLevelRow row;
      measure(row, Source(law).tone(level, 8000, 19.81), law);
      INFO("level " << level);
      CHECK(std::abs(speech_level(row.window).signal_dbm0 - level) < 0.1);
    }
  }
}

TEST_CASE("Talk spurts over noise: both levels and the share of silence") {
  for (const G711Law law : {G711Law::kMuLaw, G711Law::kALaw}) {
    for (const double noise : {-60.0, -50.0, -40.0}) {
      Source source(law);
      SpeechLevelRow row;
      // 30 s: a second of speech at -18 dBm0, then a second of noise
      for (int frame = 0; frame < 1500; frame++) {
        measure(row, frame % 100 < 50 ? source.noise(-18, 160) : source.noise(noise, 160), law);
      }
      const SpeechLevel level = speech_level(row.window);
      INFO("noise " << noise << ": " << told(row.window));
      CHECK(std::abs(level.signal_dbm0 + 18) < 0.2);
      CHECK(std::abs(level.noise_dbm0 - noise) < 0.5);
      CHECK(std::abs(level.silence_share - 0.5) < 0.01);
    }
  }
}

TEST_CASE("Noise of -30 dBm0 is found out after the floor has risen to it") {
  Source source(G711Law::kMuLaw);
  SpeechLevelRow row;
  for (int frame = 0; frame < 250; frame++) measure(row, source.noise(-30, 160));
  const SpeechLevel begun = speech_level(row.window);
  row.begin_window();
  for (int frame = 0; frame < 250; frame++) measure(row, source.noise(-30, 160));
  const SpeechLevel settled = speech_level(row.window);
  CHECK((begun.silence_share > 0.2 && begun.silence_share < 0.7));
  CHECK(settled.silence_share == 1);
}

TEST_CASE("Clipping counts runs of the largest code, and no single peak") {
  Codes frame = repeated({0x9e}, 160);
  frame[3] = 0x80;                           // alone
  frame[10] = frame[11] = frame[12] = 0x00;  // three
  frame[20] = 0x80, frame[21] = 0x00;        // from one end to the other: no run
  frame[158] = frame[159] = 0x80;            // two
  SpeechLevelRow row;
  measure(row, frame);
  CHECK(row.window.clipped_samples == 5);
  SpeechLevelRow loud;
  measure(loud, Source(G711Law::kALaw).tone(9, 160, 20), G711Law::kALaw);
  // +9 dBm0 has 1.96 times the peak that fits: each half wave of 10 samples is flat for 6 of them.
  CHECK(told(loud.window) == "signal 5.0, noise none, silence 0.000, clipping 0.6000, 20 + 0 ms");
}

TEST_CASE("Media that the snap length cut is not measured") {
  const Codes codes = repeated({0x1e, 0x9e}, 159);
  SpeechLevelRow row;
  CHECK_FALSE(measure_speech(row, {codes.data(), codes.size()}, 160, G711Law::kMuLaw));
  CHECK_FALSE(measure_speech(row, {codes.data(), 0}, 160, G711Law::kMuLaw));
  CHECK_FALSE(measure_speech(row, {}, 0, G711Law::kMuLaw));
  CHECK(told(row.window) == "signal none, noise none, silence none, clipping none, none + none ms");
}

TEST_CASE("Frames of 10, 20 and 30 ms give one level") {
  Source source(G711Law::kALaw);
  const Codes all = source.noise(-15, 24000);
  std::string first;
  for (const size_t samples : {80U, 160U, 240U}) {
    SpeechLevelRow row;
    for (size_t at = 0; at < all.size(); at += samples) {
      measure(row, Codes(all.begin() + at, all.begin() + at + samples), G711Law::kALaw);
    }
    if (first.empty()) first = told(row.window);
    CHECK(told(row.window) == first);
  }
}

TEST_CASE("Windows add up to the whole stream, over a change of the law") {
  Source mu_law(G711Law::kMuLaw), a_law(G711Law::kALaw);
  SpeechLevelRow one, parts;
  for (int frame = 0; frame < 400; frame++) {
    const bool second = frame >= 200;
    const double level = frame % 40 < 20 ? -15 : -55;
    const Codes codes = second ? a_law.noise(level, 160) : mu_law.noise(level, 160);
    measure(one, codes, second ? G711Law::kALaw : G711Law::kMuLaw);
    measure(parts, codes, second ? G711Law::kALaw : G711Law::kMuLaw);
    if (frame % 33 == 0) parts.begin_window();
  }
  one.begin_window();
  parts.begin_window();
  CHECK(told(parts.total) == told(one.total));
  CHECK(std::abs(speech_level(one.total).signal_dbm0 + 15) < 0.2);
  CHECK(std::abs(speech_level(one.total).noise_dbm0 + 55) < 0.5);
}

TEST_CASE("Random bytes give levels within the range of the codes") {
  std::mt19937 random(3);
  SpeechLevelRow row;
  for (int i = 0; i < 2000; i++) {
    Codes codes(1 + random() % 400);
    for (uint8_t& code : codes) code = static_cast<uint8_t>(random());
    measure(row, codes, random() % 2 == 0 ? G711Law::kMuLaw : G711Law::kALaw);
    const SpeechLevel level = speech_level(row.window);
    REQUIRE((std::isnan(level.signal_dbm0) || (level.signal_dbm0 > -60 && level.signal_dbm0 < 6.2)));
    REQUIRE((std::isnan(level.noise_dbm0) || (level.noise_dbm0 >= -90 && level.noise_dbm0 <= -19.9)));
  }
}

// Jitter (RFC 3550 A.8): the reference vectors, what is a sample and what is not.
#include <array>

#include "test_stream_support.h"

using namespace stream_test;

namespace {

// A stream as the vectors give it: a packet each 20 ms, 5 ms late every other time.
std::string alternating(uint8_t payload_type, uint32_t step) {
  StreamRig rig;
  for (uint32_t n = 0; n < 41; n++) {
    rig.add({static_cast<uint16_t>(n), n * step, n * 20 + (n % 2) * 5.0, payload_type});
  }
  return timing(rig.finish());
}

// RFC 3550 A.8 word by word, in ms.
double a8_ms(const std::vector<std::array<double, 2>>& arrival_and_media_ms) {
  double jitter = 0, transit = 0;
  for (size_t i = 0; i < arrival_and_media_ms.size(); i++) {
    const double now = arrival_and_media_ms[i][0] - arrival_and_media_ms[i][1];
    if (i > 0) jitter += (std::abs(now - transit) - jitter) / 16;
    transit = now;
  }
  return jitter;
}

}  // namespace

// 4.621713 ms are 36.973706 ticks of 8000 Hz and 221.842239 of 48000 Hz; 1.515880
// ms are 12.127036 ticks of 8000 Hz.
TEST_CASE("The jitter vectors are met to six digits") {
  CHECK(alternating(0, 160) == "8000 Hz static, jitter 4.621713 ms after 40 samples");
  CHECK(alternating(9, 160) == "8000 Hz static, jitter 4.621713 ms after 40 samples");
  CHECK(alternating(111, 960) == "48000 Hz config, jitter 4.621713 ms after 40 samples");
  StreamRig perfect, spike;
  for (uint16_t n = 0; n < 20; n++) perfect.add({n, n * 160U, n * 20.0});
  for (uint16_t n = 0; n < 30; n++) spike.add({n, n * 160U, n == 10 ? 240 : n * 20.0});
  CHECK(timing(perfect.finish()) == "8000 Hz static, jitter 0.000000 ms after 19 samples");
  CHECK(timing(spike.finish()) == "8000 Hz static, jitter 1.515880 ms after 29 samples");
}

TEST_CASE("Mean and maximum are those of the running estimate") {
  StreamRig rig;
  double j = 0, sum = 0;
  for (uint16_t n = 0; n < 41; n++) {
    rig.add({n, n * 160U, n * 20 + (n % 2) * 5.0});
    if (n > 0) sum += j += (5 - j) / 16;
  }
  const StreamRecord r = rig.finish();
  CHECK(number(r.jitter_mean_ms, 9) == number(sum / 40, 9));
  CHECK(number(r.jitter_max_ms, 9) == number(r.jitter_last_ms, 9));
}

TEST_CASE("A telephone event, whose packets share one timestamp, leaves jitter at 0") {
  StreamRig rig;
  for (uint16_t n = 0; n < 40; n++) {
    const bool event = n >= 10 && n < 20;
    rig.add({n, event ? 1600U : n * 160U, n * 20.0, static_cast<uint8_t>(event ? 101 : 0), n == 10, 4});
  }
  CHECK(timing(rig.finish()) == "8000 Hz static, jitter 0.000000 ms after 29 samples, events 10");
}

TEST_CASE("A telephone event of a payload type that nobody announced is known by its 4 octets") {
  StreamRig rig;
  for (uint16_t n = 0; n < 40; n++) {
    const bool event = n >= 10 && n < 20;
    rig.add({n, event ? 1600U : n * 160U, n * 20.0, static_cast<uint8_t>(event ? 97 : 0), n == 10,
             event ? 4U : 160U});
  }
  CHECK(timing(rig.finish()) == "8000 Hz static, jitter 0.000000 ms after 29 samples, events 10");
}

TEST_CASE("A stream may begin with a telephone event") {
  StreamRig rig;
  for (uint16_t n = 0; n < 30; n++) {
    const bool event = n < 10;
    rig.add(
        {n, event ? 0U : n * 160U, n * 20.0, static_cast<uint8_t>(event ? 97 : 0), false, event ? 4U : 160U});
  }
  CHECK(timing(rig.finish()) == "8000 Hz static, jitter 0.000000 ms after 19 samples, events 10");
}

TEST_CASE("Media of 4 octets in its own payload type is media") {
  StreamRig rig;
  for (uint16_t n = 0; n < 20; n++) rig.add({n, n * 960U, n * 20.0, 111, false, n % 2 ? 4U : 80U});
  CHECK(timing(rig.finish()) == "48000 Hz config, jitter 0.000000 ms after 19 samples");
}

// The sender froze its RTP clock for 2.8 s of silence.
TEST_CASE("A talk spurt that resumes with the marker bit is measured anew") {
  StreamRig rig;
  for (uint16_t n = 0; n < 20; n++) rig.add({n, n * 160U, n * 20.0 + (n < 10 ? 0 : 2800), 0, n == 10});
  CHECK(timing(rig.finish()) == "8000 Hz static, jitter 0.000000 ms after 18 samples, resumptions 1");
}

TEST_CASE("A marker on every packet is no silence") {
  StreamRig rig;
  for (uint16_t n = 0; n < 20; n++) rig.add({n, n * 160U, n * 20.0, 0, true});
  CHECK(timing(rig.finish()) == "8000 Hz static, jitter 0.000000 ms after 19 samples");
}

TEST_CASE("A step of more than 1 s between timestamp and arrival is a jump, not jitter") {
  StreamRig frozen, ahead, behind, near;
  for (uint16_t n = 0; n < 20; n++) {
    frozen.add({n, n * 160U, n * 20.0 + (n < 10 ? 0 : 2800)});
    ahead.add({n, n * 160U + (n < 10 ? 0 : 8001), n * 20.0});
    behind.add({n, n * 160U - (n < 10 ? 0 : 80000), n * 20.0});
    near.add({n, n * 160U + (n < 19 ? 0 : 8000), n * 20.0});
  }
  const std::string jump = "8000 Hz static, jitter 0.000000 ms after 18 samples, jumps 1";
  CHECK(timing(frozen.finish()) == jump);
  CHECK(timing(ahead.finish()) == jump);
  CHECK(timing(behind.finish()) == jump);
  CHECK(timing(near.finish()) == "8000 Hz static, jitter 62.500000 ms after 19 samples");
}

TEST_CASE("Comfort noise is no sample, and the packet after it begins anew") {
  for (const uint8_t noise : {uint8_t{13}, uint8_t{105}}) {
    StreamRig rig;
    for (uint16_t n = 0; n < 10; n++) rig.add({n, n * 160U, n * 20.0});
    rig.add({10, 1603, 200, noise, false, 1});
    rig.add({11, 3200, 503, noise, false, 1});
    for (uint16_t n = 12; n < 20; n++) rig.add({n, n * 160U + 4000, n * 20.0 + 650, 0, n == 12});
    CHECK(timing(rig.finish()) == "8000 Hz static, jitter 0.000000 ms after 16 samples, noise 2");
  }
}

TEST_CASE("A duplicate and a stray packet are no samples") {
  StreamRig rig;
  for (uint16_t n = 0; n < 10; n++) rig.add({n, n * 160U, n * 20.0});
  rig.add({9, 1440, 188});
  rig.add({40000, 77, 189});
  for (uint16_t n = 10; n < 20; n++) rig.add({n, n * 160U, n * 20.0});
  CHECK(timing(rig.finish()) == "8000 Hz static, jitter 0.000000 ms after 19 samples");
}

TEST_CASE("A reordered packet is a sample in the order of arrival") {
  const uint16_t order[] = {0, 1, 2, 4, 3, 5, 6};
  StreamRig rig;
  std::vector<std::array<double, 2>> samples;
  double ms = 0;
  for (const uint16_t n : order) {
    rig.add({n, n * 160U, ms});
    samples.push_back({ms, n * 20.0});
    ms += 20;
  }
  CHECK(timing(rig.finish()) ==
        "8000 Hz static, jitter " + number(a8_ms(samples), 6) + " ms after 6 samples");
}

TEST_CASE("A restart begins anew at the packet that it was known by") {
  StreamRig rig;
  for (uint16_t n = 0; n < 10; n++) rig.add({n, n * 160U, n * 20.0});
  for (uint16_t n = 0; n < 10; n++) {
    rig.add({static_cast<uint16_t>(40000 + n), 0xfffffff0U + n * 160U, 200 + n * 20.0});
  }
  CHECK(timing(rig.finish()) == "8000 Hz static, jitter 0.000000 ms after 18 samples");
}

TEST_CASE("Timestamps wrap without a trace") {
  StreamRig rig;
  for (uint16_t n = 0; n < 20; n++) rig.add({n, 0xfffffb00U + n * 160U, n * 20.0});
  CHECK(timing(rig.finish()) == "8000 Hz static, jitter 0.000000 ms after 19 samples");
}

// Three packets a frame, 1 ms apart; the frames are those of the vector.
TEST_CASE("Video is measured by the first packet of each frame") {
  StreamRig rig;
  for (uint32_t n = 0; n < 123; n++) {
    const uint32_t frame = n / 3;
    rig.add({static_cast<uint16_t>(n), frame * 1800, frame * 20.0 + (frame % 2) * 5 + n % 3, 34, n % 3 == 2});
  }
  CHECK(timing(rig.finish()) == "90000 Hz static, jitter 4.621713 ms after 40 samples");
}

TEST_CASE("A packet of an older frame that was overtaken is no sample of video") {
  StreamRig rig;
  const uint16_t order[] = {0, 1, 3, 2, 4, 5};  // two packets a frame, 40 ms apart
  for (const uint16_t n : order) rig.add({n, n / 2 * 3600U, n / 2 * 40.0 + (n == 2 ? 1 : 0), 34});
  rig.add({1, 0, 81, 34});
  CHECK(timing(rig.finish()) == "90000 Hz static, jitter 0.000000 ms after 2 samples");
}

TEST_CASE("Without a known clock there is no jitter") {
  StreamRig rig;
  for (uint16_t n = 0; n < 10; n++) rig.add({n, n * 160U, n * 20.0, 96});
  CHECK(timing(rig.finish()) == "0 Hz unknown, no jitter after 0 samples");
}

TEST_CASE("The estimate carries over from window to window, the mean does not") {
  StreamRig rig;
  for (uint16_t n = 0; n < 21; n++) rig.add({n, n * 160U, n * 20 + (n % 2) * 5.0});
  const StreamRecord first = rig.close_window();
  for (uint16_t n = 21; n < 41; n++) rig.add({n, n * 160U, n * 20 + (n % 2) * 5.0});
  const StreamRecord second = rig.close_window();
  const StreamRecord whole = rig.finish();
  CHECK(timing(first) ==
        "8000 Hz static, jitter " + number(5 - 5 * std::pow(15.0 / 16, 20), 6) + " ms after 20 samples");
  CHECK(timing(second) == "8000 Hz static, jitter 4.621713 ms after 20 samples");
  CHECK(timing(whole) == "8000 Hz static, jitter 4.621713 ms after 40 samples");
  CHECK(number((first.jitter_mean_ms + second.jitter_mean_ms) / 2, 9) == number(whole.jitter_mean_ms, 9));
}

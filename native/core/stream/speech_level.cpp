// One table look-up per sample; logarithms only when a window is told.
#include "core/stream/speech_level.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace rtpsonde {

namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
constexpr double kSamplesPerMs = 8;
constexpr double kMargin = 10.0;            // 10 dB
constexpr double kLowestFloor = 3.16e-7;    // mW, -65 dBm0: the smallest codes of the A-law are at -66
constexpr double kHighestFloor = 1e-3;      // mW, -30 dBm0: what is louder than -20 dBm0 is never silence
constexpr double kFall = 0.5;               // per frame
constexpr double kRisePerSample = 8.63e-5;  // 3 dB in 8000 samples
constexpr double kLowestLevel = -90.0;      // dBm0

double level_dbm0(double energy, uint64_t samples) {
  if (samples == 0) return kUnknown;
  const double power_mw = energy / static_cast<double>(samples);
  return power_mw > 1e-9 ? 10.0 * std::log10(power_mw) : kLowestLevel;
}

// Samples in runs of two or more of one code of the largest magnitude. A single one may
// be the peak of an undistorted wave.
uint32_t clipped_samples(Bytes payload, uint8_t largest) {
  uint32_t clipped = 0;
  uint32_t run = 0;
  for (size_t i = 0; i < payload.size; i++) {
    const uint8_t code = payload.u8(i);
    if ((code & 0x7f) != largest) {
      run = 0;
      continue;
    }
    run = run > 0 && code == payload.u8(i - 1) ? run + 1 : 1;
    if (run == 2) clipped += 2;
    if (run > 2) clipped++;
  }
  return clipped;
}

void follow_floor(double& floor_mw, double power_mw, double samples) {
  floor_mw *= 1 + samples * kRisePerSample;
  if (power_mw < floor_mw) floor_mw = std::max(power_mw, floor_mw * kFall);
  floor_mw = std::clamp(floor_mw, kLowestFloor, kHighestFloor);
}

}  // namespace

void SpeechSums::add(const SpeechSums& other) {
  speech_energy += other.speech_energy;
  silence_energy += other.silence_energy;
  speech_samples += other.speech_samples;
  silence_samples += other.silence_samples;
  clipped_samples += other.clipped_samples;
}

bool measure_speech(SpeechLevelRow& row, Bytes payload, uint32_t payload_octets, G711Law law) {
  if (payload_octets == 0 || payload.size < payload_octets) return false;
  const Bytes frame = payload.first(payload_octets);
  const G711Squares& squares = g711_squares(law);
  const uint8_t largest = g711_largest_code(law);
  uint64_t sum = 0;
  uint32_t peaks = 0;
  for (size_t i = 0; i < frame.size; i++) {
    const uint8_t code = frame.u8(i);
    sum += squares[code];
    peaks += (code & 0x7f) == largest ? 1U : 0U;
  }
  const double samples = static_cast<double>(frame.size);
  const double energy = static_cast<double>(sum) / g711_milliwatt(law);
  const double power_mw = energy / samples;
  follow_floor(row.floor_mw, power_mw, samples);
  if (power_mw > row.floor_mw * kMargin) {
    row.window.speech_energy += energy;
    row.window.speech_samples += frame.size;
  } else {
    row.window.silence_energy += energy;
    row.window.silence_samples += frame.size;
  }
  if (peaks > 1) row.window.clipped_samples += clipped_samples(frame, largest);
  return true;
}

SpeechLevel speech_level(const SpeechSums& sums) {
  const double measured = static_cast<double>(sums.speech_samples + sums.silence_samples);
  if (measured == 0) return {kUnknown, kUnknown, kUnknown, kUnknown, kUnknown, kUnknown};
  return {level_dbm0(sums.speech_energy, sums.speech_samples),
          level_dbm0(sums.silence_energy, sums.silence_samples),
          static_cast<double>(sums.silence_samples) / measured,
          static_cast<double>(sums.clipped_samples) / measured,
          static_cast<double>(sums.speech_samples) / kSamplesPerMs,
          static_cast<double>(sums.silence_samples) / kSamplesPerMs};
}

}  // namespace rtpsonde

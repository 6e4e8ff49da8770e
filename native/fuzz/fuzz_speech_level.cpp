// Any octets as G.711 frames: levels stay within what the codes can be, shares within
// 0..1, and windows add up.
//
// Input: frames, each with a length (1), its law, cut and window (1), then the media.
#include <algorithm>
#include <cmath>

#include "core/stream/speech_level.h"
#include "fuzz_support.h"

namespace {

using namespace rtpsonde;
using fuzz::check;

void check_level(double dbm0, double ms) {
  check(std::isnan(dbm0) == !(ms > 0));
  if (ms > 0) check(dbm0 >= -90 && dbm0 < 6.2);
}

void check_sums(const SpeechSums& sums) {
  const SpeechLevel level = speech_level(sums);
  if (sums.speech_samples + sums.silence_samples == 0) {
    check(std::isnan(level.silence_share) && std::isnan(level.clipping_share));
    return;
  }
  check_level(level.signal_dbm0, level.speech_ms);
  check_level(level.noise_dbm0, level.silence_ms);
  check(level.silence_share >= 0 && level.silence_share <= 1);
  check(level.clipping_share >= 0 && level.clipping_share <= 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  SpeechLevelRow row;
  uint64_t measured = 0;
  for (size_t at = 0; at + 2 <= size;) {
    const uint32_t octets = data[at];
    const uint8_t flags = data[at + 1];
    at += 2;
    const size_t captured = std::min<size_t>(octets, size - at);
    const bool whole = measure_speech(row, {data + at, captured}, octets,
                                      (flags & 1) != 0 ? G711Law::kALaw : G711Law::kMuLaw);
    check(whole == (octets > 0 && captured == octets));
    if (whole) measured += octets;
    at += captured;
    check(row.floor_mw >= 3e-7 && row.floor_mw <= 1e-3);
    check_sums(row.window);
    if ((flags & 2) != 0) row.begin_window();
  }
  row.begin_window();
  check_sums(row.total);
  check(row.total.speech_samples + row.total.silence_samples == measured);
  return 0;
}

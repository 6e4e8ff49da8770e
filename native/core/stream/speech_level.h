// How loud the speech of a G.711 stream is, how loud the pauses, how much of it is pause
// and how much is clipped. The levels are those of RFC 3611 4.7.4; the way to them is a
// simplified one and not the active speech level of ITU-T P.56.
//
// A frame is the media of one packet. It is speech when its power is more than 10 dB
// above an estimate of the noise floor, else silence. The floor follows a lower frame
// by 3 dB each frame and rises by 3 dB a second; it stays within -65..-30 dBm0.
//
// One row per stream, from a pool, begun as SpeechLevelRow{}. To be called for packets
// of a G.711 payload type that are no copy and no stray one:
//
//   measure_speech(row, rtp_payload(packet, header), header.payload_octets, law);
//   a window: speech_level(row.window), then row.begin_window();
//   the whole stream: row.begin_window(), then speech_level(row.total).
#pragma once

#include <cstdint>

#include "core/base/bytes.h"
#include "core/stream/g711.h"

namespace rtpsonde {

// Sums over frames. Sums of two windows add up to those of both.
struct SpeechSums {
  double speech_energy = 0;  // mW times samples
  double silence_energy = 0;
  uint64_t speech_samples = 0;  // of 125 us
  uint64_t silence_samples = 0;
  uint64_t clipped_samples = 0;

  void add(const SpeechSums& other);
};

struct SpeechLevelRow {
  SpeechSums window;          // of the open window
  SpeechSums total;           // of the windows before it
  double floor_mw = 3.16e-5;  // the noise floor; begins at -45 dBm0

  void begin_window() {
    total.add(window);
    window = {};
  }
};
static_assert(sizeof(SpeechLevelRow) <= 128);

// All NaN when no frame was measured. The levels of two windows merge as powers,
//   L = 10 lg((10^(La/10) na + 10^(Lb/10) nb) / (na + nb)),
// with n their speech_ms for the signal level and their silence_ms for the noise level;
// the shares merge by speech_ms plus silence_ms.
struct SpeechLevel {
  double signal_dbm0;     // of the frames that are speech; NaN without any
  double noise_dbm0;      // of the frames that are silence; NaN without any. -90: nothing but silence codes
  double silence_share;   // of the measured time, 0..1
  double clipping_share;  // of the measured samples, 0..1
  double speech_ms;       // measured time; 0 when there was silence only
  double silence_ms;
};

// Counts one frame. False, and nothing counted, when the snap length cut the media
// (`payload` is less than `payload_octets`) or there is none.
bool measure_speech(SpeechLevelRow& row, Bytes payload, uint32_t payload_octets, G711Law law);

SpeechLevel speech_level(const SpeechSums& sums);

}  // namespace rtpsonde

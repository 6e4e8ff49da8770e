// What is kept of a stream only when its payload is looked into, or copies of its
// packets came: a row of a pool.
#pragma once

#include <cstdint>

#include "core/stream/offset_jitter.h"
#include "core/stream/red_repair.h"
#include "core/stream/span_copies.h"
#include "core/stream/speech_level.h"

namespace rtpsonde {

enum ExtraPart : uint8_t { kHasRed = 1, kHasOffsets = 2, kHasSpeech = 4 };

struct Extra {
  RedRow red;
  OffsetJitter offset;
  SpeechLevelRow speech;
  CopyStats copies;
  uint32_t red_packets_told;  // by the windows so far
  uint8_t parts;              // ExtraPart

  bool has(ExtraPart part) const { return (parts & part) != 0; }

  void begin_window() {
    red.begin_window();
    red_packets_told = red.packets;
    offset.begin_window();
    speech.begin_window();
    copies.begin_window();
  }
};

}  // namespace rtpsonde

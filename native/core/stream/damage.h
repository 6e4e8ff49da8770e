// What is kept of a stream only once a packet of it went missing, came out of
// order or too late to be played: a row of a pool.
#pragma once

#include <cstdint>

#include "core/stream/burst_gap.h"
#include "core/stream/seen_window.h"

namespace rtpsonde {

// Playout profiles that run side by side.
constexpr uint32_t kPlayoutProfiles = 3;

// Samples of delay that the profile of quality discarded, and how long they would have waited
// in its buffer (Playout::Verdict::wait_ms, late ones less than nothing).
struct Unplayed {
  double wait_ms;
  uint32_t samples;
};

struct Damage {
  SeenWindow discarded;  // came, but too late or too early for the profile that quality uses
  BurstGap burst_gap;
  BurstGapSums told;  // by the windows so far
  Unplayed unplayed;
  Unplayed unplayed_told;
  uint32_t late[kPlayoutProfiles];
  uint32_t early[kPlayoutProfiles];
  uint32_t late_told[kPlayoutProfiles];
  uint32_t early_told[kPlayoutProfiles];
  uint32_t lost_told;  // modulo 2^32; nothing is lost before this row is taken

  bool has_untold_bursts() const {
    return burst_gap.sums.bad != told.bad || burst_gap.sums.bursts != told.bursts;
  }
};

}  // namespace rtpsonde

// What a worker hands to the merger: now and then what it saw of gaps, and with that, when
// a window closes, its block.
#pragma once

#include <cstdint>
#include <limits>

#include "core/stream/gap_log.h"
#include "core/window/block.h"

namespace rtpsonde {

struct Part {
  // Of a worker that never saw a packet.
  static constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

  int64_t until_ns = 0;  // packet time: end of the window, or of the group of slots
  GapEvidence evidence;
  Block block;          // empty without a window, or when there was no memory for it
  bool window = false;  // a window was closed
  bool last = false;    // nothing follows from this worker
};

}  // namespace rtpsonde

// See time_giver.h.
#include "core/capture/time_giver.h"

#include <cstdio>
#include <cstdlib>

namespace rtpsonde {

bool TimeGiver::judge(size_t packets, size_t hardware, int64_t first_ns, int64_t now_ns) {
  if (hardware < packets) {
    waits_ = false;
    reason_ = "network interface " + interface_ +
              (hardware_ == 0 ? " accepted hardware time stamps, but gives none"
                              : " gives hardware time stamps to some packets only") +
              "; those of the kernel are used";
    return true;
  }
  if (compared_) return false;
  compared_ = true;
  const int64_t apart_ns = first_ns - now_ns;
  if (std::llabs(apart_ns) <= kMostApart_ns) return false;
  waits_ = false;
  char seconds[32];
  std::snprintf(seconds, sizeof seconds, "%+.1f", static_cast<double>(apart_ns) / 1e9);
  reason_ = "the hardware clock of network interface " + interface_ + " is " + seconds +
            " s off the system's clock; time stamps of the kernel are used. To synchronise it: phc2sys -c " +
            interface_ + " -s CLOCK_REALTIME -O 0";
  return true;
}

}  // namespace rtpsonde

// How well the clock that packets are stamped with is kept, by adjtimex(2).
#pragma once

#include <optional>

namespace rtpsonde {

struct KernelClock {
  bool synchronised = false;      // a daemon keeps it (STA_UNSYNC is not set)
  double offset_ms = 0;           // what is still to be corrected
  double estimated_error_ms = 0;  // esterror
  double max_error_ms = 0;        // maxerror; grows until the next correction
};

// Nothing when the kernel refuses.
std::optional<KernelClock> read_kernel_clock();

}  // namespace rtpsonde

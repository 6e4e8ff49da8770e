// See kernel_clock.h.
#include "core/capture/kernel_clock.h"

#include <sys/timex.h>

namespace rtpsonde {

std::optional<KernelClock> read_kernel_clock() {
  timex about{};  // modes 0: only reads
  if (::adjtimex(&about) < 0) return {};
  const double units_per_ms = (about.status & STA_NANO) != 0 ? 1e6 : 1e3;
  return KernelClock{(about.status & STA_UNSYNC) == 0, static_cast<double>(about.offset) / units_per_ms,
                     static_cast<double>(about.esterror) / 1e3, static_cast<double>(about.maxerror) / 1e3};
}

}  // namespace rtpsonde

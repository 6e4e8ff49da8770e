// TZSP, in which some routers send mirrored frames.
#pragma once

#include "core/decode/tunnel.h"

namespace rtpsonde {

Opening open_tzsp(const Layer& layer, Carried& carried);

}  // namespace rtpsonde

// Provider backbone bridging (802.1ah): a customer's frame in a backbone's frame.
#pragma once

#include "core/decode/tunnel.h"

namespace rtpsonde {

Opening open_pbb(const Layer& layer, Carried& carried);

}  // namespace rtpsonde

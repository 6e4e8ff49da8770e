// EtherIP (RFC 3378): Ethernet frames directly in IP.
#pragma once

#include "core/decode/tunnel.h"

namespace rtpsonde {

Opening open_etherip(const Layer& layer, Carried& carried);

}  // namespace rtpsonde

// PPPoE sessions (RFC 2516), as DSL and fibre access carry IP.
#pragma once

#include "core/decode/tunnel.h"

namespace rtpsonde {

// IPv4, IPv6 and MPLS; control protocols of PPP are unopened.
Opening open_pppoe(const Layer& layer, Carried& carried);

}  // namespace rtpsonde

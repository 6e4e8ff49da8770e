// GRE (RFC 2784, RFC 2890), and what has its own header within it: NVGRE
// (RFC 7637) and ERSPAN.
#pragma once

#include "core/decode/tunnel.h"

namespace rtpsonde {

// Version 0 without source routing; IPv4, IPv6, Ethernet, MPLS and ERSPAN.
Opening open_gre(const Layer& layer, Carried& carried);

}  // namespace rtpsonde

// MPLS (RFC 3032): a stack of labels and what lies below it.
#pragma once

#include "core/decode/tunnel.h"

namespace rtpsonde {

// IP when it looks like IP, otherwise Ethernet with or without a control word.
Opening open_mpls(Layer stack, Carried& carried);

}  // namespace rtpsonde

// GTP-U (3GPP TS 29.281): what mobile networks carry IP in.
#pragma once

#include "core/decode/tunnel.h"

namespace rtpsonde {

// G-PDU alone; other messages are no tunnel.
Opening open_gtpu(const Layer& layer, Carried& carried);

}  // namespace rtpsonde

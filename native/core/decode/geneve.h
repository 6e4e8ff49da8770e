// Geneve (RFC 8926).
#pragma once

#include "core/decode/tunnel.h"

namespace rtpsonde {

Opening open_geneve(const Layer& layer, Carried& carried);

}  // namespace rtpsonde

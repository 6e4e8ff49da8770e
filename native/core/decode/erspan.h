// ERSPAN (draft-foschiano-erspan-03): frames of a remote mirror port in GRE.
#pragma once

#include "core/decode/tunnel.h"

namespace rtpsonde {

// `layer` begins behind the GRE header. Types II and III; in type I there is
// nothing between GRE header and frame.
Opening open_erspan(const Layer& layer, Carried& carried);

}  // namespace rtpsonde

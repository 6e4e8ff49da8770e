// VXLAN (RFC 7348), with a group policy too, and VXLAN-GPE, which carries more
// than Ethernet (draft-ietf-nvo3-vxlan-gpe).
#pragma once

#include "core/decode/tunnel.h"

namespace rtpsonde {

Opening open_vxlan(const Layer& layer, Carried& carried);
Opening open_vxlan_gpe(const Layer& layer, Carried& carried);

}  // namespace rtpsonde

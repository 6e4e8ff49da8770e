// Generated from native/definitions by `npm run generate`. Do not edit.
#pragma once

#include <cstddef>

namespace rtpsonde {

// Ends of the bins of pdvHistogram, in ms; the last bin is open
inline constexpr float kPdvBinEnds_ms[15] = {0.5F, 1, 2, 3, 5, 7.5F, 10, 15, 20, 30, 40, 60, 100, 200, 500};
// Number of tunnelKinds: none, mpls, pppoe, ip-in-ip, gre, nvgre, erspan, vxlan, geneve, gtp-u, tzsp, pbb, ether-ip, hep
constexpr size_t kTunnelKinds = 14;
// By level of shedding: share of the flows of which new streams are measured
inline constexpr float kShedAdmittedShares[11] = {1, 0.5F, 0.25F, 0.125F, 0.0625F, 0.03125F, 0.015625F, 0.0078125F, 0.00390625F, 0.001953125F, 0.0009765625F};
// By level of shedding: share of the flows of which running streams are kept
inline constexpr float kShedKeptShares[11] = {1, 1, 1, 1, 0.5F, 0.25F, 0.125F, 0.0625F, 0.03125F, 0.015625F, 0.0078125F};

}  // namespace rtpsonde

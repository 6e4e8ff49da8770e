// The backbone's own addresses and tag have been read as those of any frame.
#include "core/decode/pbb.h"

namespace rtpsonde {
namespace {

constexpr uint32_t kItagLen = 4;

}  // namespace

// 802.1Q 9.7 (802.1ah 9.7), followed by the customer's whole frame
//
//    0                   1                   2                   3
//   +-----+-+-+-----+-----------------------------------------------+
//   | PCP |D|U| Res |                     I-SID                     |
//   +-----+-+-+-----+-----------------------------------------------+
Opening open_pbb(const Layer& layer, Carried& carried) {
  if (layer.wire_len < kItagLen) return Opening::kMalformed;
  if (layer.bytes.size < kItagLen) return Opening::kTruncated;
  carried = {layer.after(kItagLen), kTypeEthernet, TunnelKind::kPbb, layer.bytes.be32(0) & 0xffffffu, true};
  return Opening::kOpened;
}

}  // namespace rtpsonde

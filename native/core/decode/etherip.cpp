// RFC 3378: a version and nothing more.
#include "core/decode/etherip.h"

namespace rtpsonde {
namespace {

constexpr uint32_t kHeaderLen = 2;
constexpr uint16_t kVersion3 = 0x3000;  // and 12 reserved bits, which must be 0

}  // namespace

Opening open_etherip(const Layer& layer, Carried& carried) {
  if (layer.wire_len < kHeaderLen) return Opening::kMalformed;
  if (layer.bytes.size < kHeaderLen) return Opening::kTruncated;
  if (layer.bytes.be16(0) != kVersion3) return Opening::kMalformed;
  carried = {layer.after(kHeaderLen), kTypeEthernet, TunnelKind::kEtherIp};
  return Opening::kOpened;
}

}  // namespace rtpsonde

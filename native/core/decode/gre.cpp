// The checksum is not verified, as it cannot be over what a snap length left.
#include "core/decode/gre.h"

#include "core/decode/erspan.h"

namespace rtpsonde {
namespace {

enum Flag : uint16_t {
  kHasChecksum = 0x8000,
  kHasRouting = 0x4000,  // RFC 1701 alone; nobody sends it any more
  kHasKey = 0x2000,
  kHasSequence = 0x1000,
  kVersion = 0x0007,  // 1 is that of PPTP (RFC 2637): PPP, mostly encrypted
};

constexpr uint32_t kWordLen = 4;
constexpr uint32_t kLastReservedVsid = 0xfff;  // RFC 7637 3.2

// RFC 7637 3.2: the key is a virtual subnet and 8 bits that spread flows. A
// subnet that is reserved says that it is a key and nothing else.
void take_key(uint32_t key, bool frame, Carried& carried) {
  const uint32_t vsid = key >> 8;
  const bool nvgre = frame && vsid > kLastReservedVsid;
  carried.kind = nvgre ? TunnelKind::kNvgre : TunnelKind::kGre;
  carried.id = nvgre ? vsid : key;
  carried.separates = true;
}

}  // namespace

// RFC 2784 2, RFC 2890 2: the last three words are there when C, K and S say so
//
//    0                   1                   2                   3
//   +-+-+-+-+-----------------+-----+-------------------------------+
//   |C| |K|S|    Reserved     | Ver |         Protocol type         |
//   +-+-+-+-+-----------------+-----+-------------------------------+
//   |           Checksum            |           Reserved            |
//   +-------------------------------+-------------------------------+
//   |                              Key                              |
//   +---------------------------------------------------------------+
//   |                        Sequence number                        |
//   +---------------------------------------------------------------+
Opening open_gre(const Layer& layer, Carried& carried) {
  const Bytes& bytes = layer.bytes;
  if (layer.wire_len < kWordLen) return Opening::kMalformed;
  if (bytes.size < kWordLen) return Opening::kTruncated;
  const uint16_t flags = bytes.be16(0);
  if ((flags & (kVersion | kHasRouting)) != 0) return Opening::kUnopened;
  const uint32_t key_at = (flags & kHasChecksum) != 0 ? 2 * kWordLen : kWordLen;
  uint32_t header_len = key_at;
  if ((flags & kHasKey) != 0) header_len += kWordLen;
  if ((flags & kHasSequence) != 0) header_len += kWordLen;
  if (layer.wire_len < header_len) return Opening::kMalformed;
  if (bytes.size < header_len) return Opening::kTruncated;

  const uint16_t type = bytes.be16(2);
  carried = {layer.after(header_len), type, TunnelKind::kGre};
  switch (type) {
    case kTypeIpv4:
    case kTypeIpv6:
    case kTypeEthernet:
    case kTypeMpls:
    case kTypeMplsUpstream:
      if ((flags & kHasKey) != 0) take_key(bytes.be32(key_at), type == kTypeEthernet, carried);
      return Opening::kOpened;
    case kTypeErspan:
      if ((flags & kHasSequence) != 0) return open_erspan(carried.content, carried);
      carried.type = kTypeEthernet;  // type I
      carried.kind = TunnelKind::kErspan;
      return Opening::kOpened;
    case kTypeErspan3:
      return open_erspan(carried.content, carried);
    default:
      return Opening::kUnopened;
  }
}

}  // namespace rtpsonde

// A TEID names one direction of one bearer between two nodes and changes when a
// subscriber moves: it tells no streams apart.
#include "core/decode/gtpu.h"

#include "core/decode/plausible.h"

namespace rtpsonde {
namespace {

constexpr uint32_t kHeaderLen = 8;
constexpr uint32_t kOptionalLen = 4;
constexpr uint8_t kVersion1 = 0x30;       // version 1, protocol type GTP, spare bit 0
constexpr uint8_t kOptionalFlags = 0x07;  // E, S and PN: any of them brings all three fields
constexpr uint8_t kHasExtension = 0x04;
constexpr uint8_t kGpdu = 255;
constexpr int kMaxExtensions = 16;

// 3GPP TS 29.281 5.2.1: length in units of 4 bytes, content, type of the next one
//
//   +---------------+-----------------------------+---------------+
//   |    Length     |           Content           |   Next type   |
//   +---------------+-----------------------------+---------------+
Opening step_over_extensions(Layer& rest, uint8_t type) {
  for (int count = 0; type != 0; ++count) {
    if (count == kMaxExtensions || rest.wire_len < 4) return Opening::kMalformed;
    if (rest.bytes.size == 0) return Opening::kTruncated;
    const uint32_t extension_len = rest.bytes.u8(0) * 4u;
    if (extension_len == 0 || extension_len > rest.wire_len) return Opening::kMalformed;
    if (rest.bytes.size < extension_len) return Opening::kTruncated;
    type = rest.bytes.u8(extension_len - 1);
    rest = rest.after(extension_len);
  }
  return Opening::kOpened;
}

}  // namespace

// 3GPP TS 29.281 5.1; the length counts what follows the TEID, and the last word
// is there when one of E, S and PN is set
//
//    0                   1                   2                   3
//   +-----+-+-+-+-+-+---------------+-------------------------------+
//   |Ver 1|1|0|E|S|P| Message type  |            Length             |
//   +-----+-+-+-+-+-+---------------+-------------------------------+
//   |                             TEID                              |
//   +-------------------------------+---------------+---------------+
//   |        Sequence number        |     N-PDU     |Next extension |
//   +-------------------------------+---------------+---------------+
Opening open_gtpu(const Layer& layer, Carried& carried) {
  const Bytes& bytes = layer.bytes;
  if (bytes.size < kHeaderLen) return Opening::kNotThis;
  const uint8_t flags = bytes.u8(0) & kOptionalFlags;
  if ((bytes.u8(0) ^ flags) != kVersion1 || bytes.u8(1) != kGpdu) return Opening::kNotThis;
  const uint32_t content_len = bytes.be16(2);
  if (kHeaderLen + content_len > layer.wire_len) return Opening::kNotThis;

  Layer rest = layer.after(kHeaderLen, content_len);
  if (flags != 0) {
    if (rest.wire_len < kOptionalLen) return Opening::kMalformed;
    if (rest.bytes.size < kOptionalLen) return Opening::kTruncated;
    const uint8_t next = (flags & kHasExtension) != 0 ? rest.bytes.u8(3) : 0;
    rest = rest.after(kOptionalLen);
    const Opening extensions = step_over_extensions(rest, next);
    if (extensions != Opening::kOpened) return extensions;
  }
  if (!plausible_ip(rest)) return Opening::kNotThis;
  carried = {rest, kTypeAnyIp, TunnelKind::kGtpu, bytes.be32(4)};
  return Opening::kOpened;
}

}  // namespace rtpsonde

// A session is a mirror session of a switch, so its id says nothing of the
// networks whose frames it carries.
#include "core/decode/erspan.h"

namespace rtpsonde {
namespace {

constexpr uint32_t kType2Len = 8;
constexpr uint32_t kType3Len = 12;
constexpr uint32_t kSubheaderLen = 8;

}  // namespace

// draft-foschiano-erspan-03 4.2 (type II)
//
//    0                   1                   2                   3
//   +-------+-----------------------+-----+---+-+-------------------+
//   | Ver 1 |         VLAN          | COS |En |T|    Session id     |
//   +-------+---------------+-------+-----+---+-+-------------------+
//   |       Reserved        |                 Index                 |
//   +-----------------------+---------------------------------------+
//
// 4.3 (type III); P of the platform's sub-header, 8 bytes more, is the last bit
//
//   +-------+-----------------------+-----+---+-+-------------------+
//   | Ver 2 |         VLAN          | COS |BSO|T|    Session id     |
//   +-------+-----------------------+-----+---+-+-------------------+
//   |                           Timestamp                           |
//   +-------------------------------+-+---------+-----------+-+---+-+
//   |      Security group tag       |P| Fr.type | Hardware  |D|Gra|O|
//   +-------------------------------+-+---------+-----------+-+---+-+
Opening open_erspan(const Layer& layer, Carried& carried) {
  const Bytes& bytes = layer.bytes;
  if (layer.wire_len < kType2Len) return Opening::kMalformed;
  if (bytes.size < kType2Len) return Opening::kTruncated;
  Carried frame{layer.after(kType2Len), kTypeEthernet, TunnelKind::kErspan, bytes.be16(2) & 0x3ffu};
  const uint8_t version = bytes.u8(0) >> 4;
  if (version == 2) {
    if (layer.wire_len < kType3Len) return Opening::kMalformed;
    if (bytes.size < kType3Len) return Opening::kTruncated;
    const uint16_t last = bytes.be16(10);
    const uint32_t header_len = kType3Len + ((last & 1) != 0 ? kSubheaderLen : 0);
    if (layer.wire_len < header_len) return Opening::kMalformed;
    if (bytes.size < header_len) return Opening::kTruncated;
    frame.content = layer.after(header_len);
    const uint16_t frame_type = (last >> 10) & 0x1f;
    if (frame_type == 2) frame.type = kTypeAnyIp;  // a packet without a frame
    if (frame_type != 0 && frame_type != 2) return Opening::kUnopened;
  } else if (version != 1) {
    return Opening::kMalformed;
  }
  carried = frame;
  return Opening::kOpened;
}

}  // namespace rtpsonde

// What an MPLS stack carries is not written in it, so the first octets are looked at.
#include "core/decode/mpls.h"

#include "core/decode/plausible.h"

namespace rtpsonde {
namespace {

constexpr uint32_t kEntryLen = 4;
constexpr uint32_t kControlWordLen = 4;
constexpr uint32_t kFrameNeeded = 15;  // addresses, type and the IP version
constexpr int kMaxLabels = 16;

// RFC 7274 5
enum Label : uint32_t {
  kEntropyIndicator = 7,  // the label below it is an entropy label (RFC 6790)
  kExtension = 15,        // the label below it is a special one
  kLastSpecial = 15,
};

// RFC 4385 3: the control word of a pseudowire begins with 0, its associated
// channel, which carries no user's packets, with 1. RFC 4928: IP packets begin
// with 4 or 6. The address of a frame without a control word may begin with any.
Opening open_payload(const Layer& payload, Carried& carried) {
  if (payload.wire_len == 0) return Opening::kMalformed;
  if (payload.bytes.size == 0) return Opening::kTruncated;
  const uint8_t nibble = payload.bytes.u8(0) >> 4;
  const bool ip_version = nibble == 4 || nibble == 6;
  const size_t needed = kFrameNeeded + kControlWordLen;
  if (!ip_version && payload.bytes.size < needed && payload.wire_len >= needed) return Opening::kTruncated;

  const Layer behind_control_word = payload.after(kControlWordLen);
  const bool control_word = nibble == 0 && plausible_frame(behind_control_word);
  carried.content = control_word ? behind_control_word : payload;
  carried.type = kTypeEthernet;
  if (control_word || frame_with_ip(payload)) return Opening::kOpened;
  if (ip_version) {
    // When it is neither, the IP layer says what is wrong.
    if (plausible_ip(payload) || !plausible_frame(payload)) carried.type = kTypeAnyIp;
    return Opening::kOpened;
  }
  return nibble != 1 && plausible_frame(payload) ? Opening::kOpened : Opening::kUnopened;
}

}  // namespace

// RFC 3032 2.1, as often as labels are stacked, S set in the last one
//
//    0                   1                   2                   3
//   +---------------------------------------+-----+-+---------------+
//   |                 Label                 |  TC |S| Time to live  |
//   +---------------------------------------+-----+-+---------------+
Opening open_mpls(Layer stack, Carried& carried) {
  carried = {};
  carried.kind = TunnelKind::kMpls;
  bool announced = false;  // by the label above: no path or service of its own
  for (int labels = 0; labels < kMaxLabels; ++labels) {
    if (stack.wire_len < kEntryLen) return Opening::kMalformed;
    if (stack.bytes.size < kEntryLen) return Opening::kTruncated;
    const uint32_t entry = stack.bytes.be32(0);
    const uint32_t label = entry >> 12;
    stack = stack.after(kEntryLen);
    if (!announced && label > kLastSpecial) carried.id = label;
    announced = !announced && (label == kEntropyIndicator || label == kExtension);
    const bool bottom = (entry & 0x100) != 0;
    if (bottom) return open_payload(stack, carried);
  }
  return Opening::kMalformed;
}

}  // namespace rtpsonde

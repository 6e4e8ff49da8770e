// Any octets as an RTP packet: an element that is found lies inside the packet and
// behind its header, and a cut hides elements but does not change them.
//
// Input: octets cut off by the snap length (1), then the packet.
#include <algorithm>

#include "core/rtp/header_extension.h"
#include "core/rtp/rtp_payload.h"
#include "fuzz_support.h"

namespace {

using namespace rtpsonde;
using fuzz::check;
using fuzz::Exact;

bool within(Bytes part, Bytes all, size_t behind) {
  return part.data >= all.data + behind && part.data + part.size <= all.data + all.size;
}

void read_payload(Bytes packet, uint32_t wire_len) {
  RtpHeader header;
  if (parse_rtp(packet, wire_len, header) != RtpParse::kOk) return;
  const Bytes payload = rtp_payload(packet, header);
  check(payload.size <= header.payload_octets);
  if (payload.size > 0) check(within(payload, packet, 12));
  if (packet.size == wire_len) check(payload.size == header.payload_octets);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 1 || size > 4096) return 0;
  const auto wire_len = static_cast<uint32_t>(size - 1);
  const Exact whole(data + 1, wire_len), cut(data + 1, wire_len - std::min<size_t>(data[0], wire_len));
  read_payload(whole.bytes(), wire_len);
  read_payload(cut.bytes(), wire_len);
  for (uint32_t id = 0; id < 256; id++) {
    const Bytes w = find_extension(whole.bytes(), static_cast<uint8_t>(id));
    const Bytes c = find_extension(cut.bytes(), static_cast<uint8_t>(id));
    if (w.data != nullptr) check(id > 0 && w.size < 256 && within(w, whole.bytes(), 17));
    if (c.data != nullptr) {
      check(within(c, cut.bytes(), 17));
      check(w.size == c.size && w.data - whole.bytes().data == c.data - cut.bytes().data);
    }
    const std::optional<int32_t> offset = transmission_offset(w);
    if (offset) check(w.size == 3 && *offset >= -8388608 && *offset <= 8388607);
  }
  return 0;
}

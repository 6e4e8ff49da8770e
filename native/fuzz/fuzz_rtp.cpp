// Any octets as a datagram: classified and read as RTP within what was captured,
// and a cut by the snap length hides things but does not change them.
//
// Input: octets cut off by the snap length (1), then the datagram as it was sent.
#include <algorithm>

#include "core/rtp/classify.h"
#include "core/rtp/rtp_header.h"
#include "fuzz_support.h"

namespace {

using namespace rtpsonde;
using fuzz::check;
using fuzz::Exact;

struct Read {
  RtpParse parse;
  RtpHeader header;
};

Read read(Bytes bytes, uint32_t wire_len) {
  Read r{};
  r.parse = parse_rtp(bytes, wire_len, r.header);
  if (r.parse == RtpParse::kOk) {
    check(wire_len >= 12 && bytes.size >= 12);
    check(r.header.payload_octets <= wire_len - 12);
    check(r.header.payload_type < 128);
  }
  return r;
}

void classify_within(Bytes bytes, uint32_t wire_len) {
  const Classified c = classify(bytes, wire_len);
  check(c.payload.size <= c.payload_len && c.payload_len <= wire_len);
  check(c.payload.data >= bytes.data && c.payload.data + c.payload.size <= bytes.data + bytes.size);
  if (c.protocol != Protocol::kOther) {
    check(c.payload.size >= 8 && (c.payload.u8(0) & 0xc0) == 0x80);
    read(c.payload, c.payload_len);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 1 || size > 65536) return 0;
  const auto wire_len = static_cast<uint32_t>(size - 1);
  const size_t cut_len = wire_len - std::min<size_t>(data[0], wire_len);
  const Exact whole(data + 1, wire_len), cut(data + 1, cut_len);

  classify_within(whole.bytes(), wire_len);
  classify_within(cut.bytes(), wire_len);
  const Read w = read(whole.bytes(), wire_len), c = read(cut.bytes(), wire_len);
  check(w.parse != RtpParse::kTruncated);
  check((w.parse == RtpParse::kTooShort) == (c.parse == RtpParse::kTooShort));
  if (w.parse == RtpParse::kOk && c.parse != RtpParse::kTruncated) {
    check(c.parse == RtpParse::kOk);
    check(w.header.sequence == c.header.sequence && w.header.timestamp == c.header.timestamp);
    check(w.header.ssrc == c.header.ssrc && w.header.payload_type == c.header.payload_type);
    check(w.header.marker == c.header.marker);
    check(w.header.payload_octets <= c.header.payload_octets);
  }
  if (c.parse == RtpParse::kMalformed) check(w.parse == RtpParse::kMalformed);
  return 0;
}

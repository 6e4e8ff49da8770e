// Feedback that steers an encoder: bit rates (TMMBR, REMB), slices, intra requests.
// Declared in rtcp_feedback.h.
#include <cmath>

#include "core/rtp/rtcp_feedback.h"

namespace rtpsonde {

// RFC 5104 4.2.1.1
//
//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |                              SSRC                             |
// | MxTBR Exp |  MxTBR Mantissa                 |Measured Overhead|
BitrateLimit read_bitrate_limit(const Feedback& feedback, uint32_t index) {
  const Bytes entry = feedback.fci.from(8UL * index);
  const uint32_t word = entry.be32(4);
  const double mantissa = (word >> 9) & 0x1ffff;
  return {entry.be32(0), std::ldexp(mantissa, static_cast<int>(word >> 26)),
          static_cast<uint16_t>(word & 0x1ff)};
}

// RFC 4585 6.3.2.2
//
//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |            First        |        Number           | PictureID |
SliceLoss read_slice_loss(const Feedback& feedback, uint32_t index) {
  const uint32_t word = feedback.fci.be32(4UL * index);
  return {static_cast<uint16_t>(word >> 19), static_cast<uint16_t>((word >> 6) & 0x1fff),
          static_cast<uint8_t>(word & 0x3f)};
}

// RFC 5104 4.3.1.1 and 4.3.2.1; FIR has no index
//
//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |                              SSRC                             |
// |  Seq nr.      |  Reserved                           | Index   |
CodecCommand read_codec_command(const Feedback& feedback, uint32_t index) {
  const Bytes entry = feedback.fci.from(8UL * index);
  const bool is_fir = feedback.kind == FeedbackKind::kFir;
  return {entry.be32(0), entry.u8(4), static_cast<uint8_t>(is_fir ? 0 : entry.u8(7) & 0x1f)};
}

// RFC 5104 4.3.4.1; the string is padded to whole words
//
//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |                              SSRC                             |
// | Seq nr.       |0| Payload Type| Length                        |
// |                    VBCM octet string ...      |    Padding    |
bool BackChannelReader::next(BackChannelMessage& out) {
  if (!fci_.has(offset_, 8)) return false;
  out = {fci_.be32(offset_), fci_.u8(offset_ + 4), static_cast<uint8_t>(fci_.u8(offset_ + 5) & 0x7f),
         fci_.be16(offset_ + 6)};
  const uint32_t padded = (out.octets + 3U) & ~3U;
  if (padded > fci_len_ - offset_ - 8) return false;
  offset_ += 8 + padded;
  return true;
}

// draft-alvestrand-rmcat-remb-03 2.2
//
//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |  Unique identifier 'R' 'E' 'M' 'B'                            |
// |  Num SSRC     | BR Exp    |  BR Mantissa                      |
// |   SSRC feedback                                               |
bool read_receiver_bitrate(const Feedback& feedback, ReceiverBitrate& out) {
  const Bytes fci = feedback.fci;
  if (feedback.kind != FeedbackKind::kRemb || !fci.has(0, 8)) return false;
  const uint32_t word = fci.be32(4);
  const uint32_t announced = word >> 24;
  if (feedback.fci_len < 8 + 4 * announced) return false;
  out.bitrate_bps = std::ldexp(static_cast<double>(word & 0x3ffff), static_cast<int>((word >> 18) & 0x3f));
  out.ssrcs = fci.from(8).first(4UL * announced);
  out.ssrc_count = static_cast<uint32_t>(out.ssrcs.size / 4);
  out.ssrcs = out.ssrcs.first(4UL * out.ssrc_count);
  return true;
}

}  // namespace rtpsonde

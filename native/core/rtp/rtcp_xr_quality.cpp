#include "core/rtp/rtcp_xr_quality.h"

#include "core/rtp/rtcp_xr_value.h"

namespace rtpsonde {

// RFC 5093 3
//
//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |     BT=8      |   reserved    |      block length = 8         |
// |          begin_seq            |             end_seq           |
// |           vmaxdiff            |             vrange            |
// |                              vsum                             |
// |               c               |            jbevents           |
// |   reserved    |                  tdegnet                      |
// |   reserved    |                  tdegjit                      |
// |   reserved    |                     es                        |
// |   reserved    |                    ses                        |
bool read_xnq(const XrBlock& block, XnqMetrics& out) {
  if (block.length_words != 8 || !block.whole()) return false;
  const Bytes body = block.body;
  out.begin_sequence = body.be16(0);
  out.end_sequence = body.be16(2);
  out.vmaxdiff = body.be16(4);
  out.vrange = body.be16(6);
  out.vsum = body.be32(8);
  out.cycles = body.be16(12);
  out.buffer_events = body.be16(14);
  out.degraded_network = xr::be24(body, 17);
  out.degraded_buffer = xr::be24(body, 21);
  out.errored_seconds = xr::be24(body, 25);
  out.severely_errored_seconds = xr::be24(body, 29);
  return true;
}

// RFC 6332 4.1
//
// |     BT=11     |   MA Method   |         Block Length          |
// |              SSRC of the Primary Multicast Stream             |
// |             Status            |             Rsvd.             |
// :                         TLV elements                          :
bool read_multicast_acquisition(const XrBlock& block, MulticastAcquisition& out) {
  if (block.length_words < 2 || !block.body.has(0, 8)) return false;
  out.ssrc = block.ssrc;
  out.method = block.specific;
  out.status = block.body.be16(4);
  out.elements = block.body.from(8);
  return true;
}

// RFC 7004 4.1
//
//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |      BT=19    |T|   Reserved  |        Block Length = 6       |
// |                        SSRC of Source                         |
// |          begin_seq            |             end_seq           |
// |                      discarded_frames                         |
// |                          dup_frames                           |
// |                      full_lost_frames                         |
// |                      partial_lost_frames                      |
bool read_frame_impairment(const XrBlock& block, FrameImpairment& out) {
  if (block.length_words != 6 || !block.whole()) return false;
  out.ssrc = block.ssrc;
  out.derived = (block.specific & 0x80) != 0;
  out.begin_sequence = block.body.be16(4);
  out.end_sequence = block.body.be16(6);
  out.discarded_frames = block.body.be32(8);
  out.duplicate_frames = block.body.be32(12);
  out.lost_frames = block.body.be32(16);
  out.partly_lost_frames = block.body.be32(20);
  return true;
}

// RFC 7266 3.1 and 3.2: segments follow the SSRC
//
//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |0|     CAID      |    PT       |        MOS Value (7:9)        |
// |1|     CAID      |    PT       |CHID |     MOS Value (7:6)     |
uint32_t mos_segments(const XrBlock& block) {
  return block.body.size < 4 ? 0 : static_cast<uint32_t>((block.body.size - 4) / 4);
}

MosSegment read_mos_segment(const XrBlock& block, uint32_t index) {
  const uint32_t word = block.body.be32(4 + 4UL * index);
  MosSegment out{};
  out.ssrc = block.ssrc;
  out.algorithm = static_cast<uint8_t>(word >> 23);
  out.payload_type = (word >> 16) & 0x7f;
  out.has_channel = (word >> 31) != 0;
  if (out.has_channel) {
    out.channel = (word >> 13) & 7;
    out.mos = xr::metric(word & 0x1fff, 13, out.over_range) / 64;
  } else {
    out.mos = xr::metric(word & 0xffff, 16, out.over_range) / 512;
  }
  // Here over range is no limit of the field: the figure lies outside the scale.
  if (out.over_range) out.mos = xr::kUnavailable;
  return out;
}

// RFC 7294 3.1
//
//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |    BT=30      | I |plc|  resv |       block length=6          |
// |                         SSRC of Source                        |
// |                 On-Time Playout Duration                      |
// |                  Loss Concealment Duration                    |
// |              Buffer Adjustment Concealment Duration           |
// |    Playout Interrupt Count    |           Reserved            |
// |                 Mean Playout Interrupt Size                   |
bool read_loss_concealment(const XrBlock& block, LossConcealment& out) {
  if (block.length_words != 6 || !block.whole()) return false;
  out.ssrc = block.ssrc;
  out.plc = (block.specific >> 4) & 3;
  out.over_range = false;
  out.on_time_ticks = xr::metric(block.body.be32(4), 32, out.over_range);
  out.loss_concealed_ticks = xr::metric(block.body.be32(8), 32, out.over_range);
  out.adjustment_concealed_ticks = xr::metric(block.body.be32(12), 32, out.over_range);
  out.interruptions = xr::metric(block.body.be16(16), 16, out.over_range);
  out.interruption_mean_ticks = xr::metric(block.body.be32(20), 32, out.over_range);
  return true;
}

// RFC 7294 4.1
//
// |    BT=31      | I |plc|  resv |       block length=4          |
// |                         SSRC of Source                        |
// |                    Unimpaired Seconds                         |
// |                    Concealed Seconds                          |
// | Severely Concealed Seconds    | Reserved      | SCS Threshold |
bool read_concealed_seconds(const XrBlock& block, ConcealedSeconds& out) {
  if (block.length_words != 4 || !block.whole()) return false;
  out.ssrc = block.ssrc;
  out.plc = (block.specific >> 4) & 3;
  out.over_range = false;
  out.unimpaired_s = xr::metric(block.body.be32(4), 32, out.over_range);
  out.concealed_s = xr::metric(block.body.be32(8), 32, out.over_range);
  out.severely_concealed_s = xr::metric(block.body.be16(12), 16, out.over_range);
  out.threshold = block.body.u8(15) / 256.0;
  return true;
}

// RFC 7867 4: the mean freeze is there only when V is 10
//
//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |    BT=34      | I | V |  RSV  |   Block Length = 5 or 4       |
// |                         SSRC of Source                        |
// |                       Impaired Duration                       |
// |                      Concealed Duration                       |
// |                  Mean Frame Freeze Duration (optional)        |
// |    MIFP       |    MCFP       |     FFSC      |     Reserved  |
bool read_video_concealment(const XrBlock& block, VideoConcealment& out) {
  const uint8_t method = (block.specific >> 4) & 3;
  if (method < 2 || !block.whole()) return false;
  out.freeze = method == 2;
  if (block.length_words != (out.freeze ? 5 : 4)) return false;
  const size_t proportions_at = out.freeze ? 16 : 12;
  out.ssrc = block.ssrc;
  out.over_range = false;
  out.impaired_ticks = xr::metric(block.body.be32(4), 32, out.over_range);
  out.concealed_ticks = xr::metric(block.body.be32(8), 32, out.over_range);
  out.freeze_mean_ticks = out.freeze ? xr::metric(block.body.be32(12), 32, out.over_range) : xr::kUnavailable;
  out.impaired_proportion = block.body.u8(proportions_at) / 256.0;
  out.concealed_proportion = block.body.u8(proportions_at + 1) / 256.0;
  out.concealed_frames = block.body.u8(proportions_at + 2) / 256.0;
  return true;
}

}  // namespace rtpsonde

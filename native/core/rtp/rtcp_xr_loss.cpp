#include "core/rtp/rtcp_xr_loss.h"

#include "core/rtp/rtcp_xr_value.h"

namespace rtpsonde {

// RFC 6679 5.2
//
//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |     BT=13     | Reserved      |         Block Length = 5n     |
// | SSRC of Media Sender                                          |
// | ECT (0) Counter                                               |
// | ECT (1) Counter                                               |
// | ECN-CE Counter                | not-ECT Counter               |
// | Lost Packets Counter          | Duplication Counter           |
uint32_t ecn_summary_items(const XrBlock& block) {
  return block.length_words % 5 == 0 ? static_cast<uint32_t>(block.body.size / 20) : 0;
}

EcnSummary read_ecn_summary(const XrBlock& block, uint32_t index) {
  const Bytes item = block.body.from(20UL * index);
  return {read_ecn_counts(item.from(4)), item.be32(0)};
}

namespace {

// 0x8000 is 1; more than that cannot be (RFC 7004 3.1.2).
double rate(uint16_t code) { return code <= 0x8000 ? code / 32768.0 : xr::kUnavailable; }

}  // namespace

// RFC 7004 3.1.1
//
//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |      BT=17    | I | Reserved  |        Block Length = 3       |
// |                         SSRC of Source                        |
// |        Burst Loss Rate        |         Gap Loss Rate         |
// |       Burst Duration Mean     |    Burst Duration Variance    |
bool read_burst_gap_loss_summary(const XrBlock& block, BurstGapLossSummary& out) {
  if (block.length_words != 3 || !block.whole()) return false;
  out.ssrc = block.ssrc;
  out.burst_loss_rate = rate(block.body.be16(4));
  out.gap_loss_rate = rate(block.body.be16(6));
  out.burst_mean_ms = xr::plain_metric(block.body.be16(8), 16);
  out.burst_variance_ms2 = xr::plain_metric(block.body.be16(10), 16);
  return true;
}

// RFC 7004 3.2.1
//
// |      BT=18    | I |  Reserved |        Block Length = 2       |
// |                          SSRC of Source                       |
// |          Burst Discard Rate   |        Gap Discard Rate       |
bool read_burst_gap_discard_summary(const XrBlock& block, BurstGapDiscardSummary& out) {
  if (block.length_words != 2 || !block.whole()) return false;
  out.ssrc = block.ssrc;
  out.burst_discard_rate = rate(block.body.be16(4));
  out.gap_discard_rate = rate(block.body.be16(6));
  return true;
}

// RFC 6958 3.1
//
//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |     BT=20     | I |C|  resv.  |      Block Length = 5         |
// |                        SSRC of Source                         |
// | Threshold     |         Sum of Burst Durations (ms)           |
// |            Packets Lost in Bursts             |    Total...   |
// | ...Packets Expected in Bursts |    Number of Bursts   | Sum of|
// |                ...Squares of Burst Durations (ms-squared)     |
//
// The text gives the number of bursts 16 bits and the squares 36, which is more than
// there is; the figure gives it 12, and then all fits. Its codes are taken as 0xffe
// and 0xfff.
bool read_burst_gap_loss(const XrBlock& block, BurstGapLoss& out) {
  if (block.length_words != 5 || !block.whole()) return false;
  const Bytes body = block.body;
  const uint32_t bursts = body.be16(14) >> 4;
  const uint64_t squares = static_cast<uint64_t>(body.u8(15) & 0x0f) << 32 | body.be32(16);
  out.ssrc = block.ssrc;
  out.combined = (block.specific & 0x20) != 0;
  out.threshold_packets = body.u8(4);
  out.over_range = false;
  out.burst_sum_ms = xr::metric(xr::be24(body, 5), 24, out.over_range);
  out.lost_packets = xr::metric(xr::be24(body, 8), 24, out.over_range);
  out.expected_packets = xr::metric(xr::be24(body, 11), 24, out.over_range);
  out.bursts = xr::metric(bursts, 12, out.over_range);
  out.burst_squares_ms2 = xr::metric(squares, 36, out.over_range);
  return true;
}

// RFC 7003 3.1
//
//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |     BT=21     | I |   resv    |      Block Length = 3         |
// |                        SSRC of Source                         |
// |   Threshold   |         Packets Discarded in Bursts           |
// |       Total Packets Expected in Bursts        |   Reserved    |
bool read_burst_gap_discard(const XrBlock& block, BurstGapDiscard& out) {
  if (block.length_words != 3 || !block.whole()) return false;
  out.ssrc = block.ssrc;
  out.threshold_packets = block.body.u8(4);
  out.over_range = false;
  out.discarded_packets = xr::metric(xr::be24(block.body, 5), 24, out.over_range);
  out.expected_packets = xr::metric(xr::be24(block.body, 8), 24, out.over_range);
  return true;
}

// RFC 8015 3.1
//
//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |     BT=35     | I |   resv    |      Block Length = 5         |
// |                        SSRC of Source                         |
// |   Threshold   |         Sum of Burst Durations (ms)           |
// |          Packets Discarded in Bursts          |    Number of  |
// |    Bursts     |           Total Packets Expected in Bursts    |
// |                        Discard Count                          |
bool read_independent_burst_gap_discard(const XrBlock& block, IndependentBurstGapDiscard& out) {
  if (block.length_words != 5 || !block.whole()) return false;
  const Bytes body = block.body;
  out.ssrc = block.ssrc;
  out.threshold_packets = body.u8(4);
  out.over_range = false;
  out.burst_sum_ms = xr::metric(xr::be24(body, 5), 24, out.over_range);
  out.burst_discarded_packets = xr::metric(xr::be24(body, 8), 24, out.over_range);
  out.bursts = xr::metric(body.be16(11), 16, out.over_range);
  out.expected_packets = xr::metric(xr::be24(body, 13), 24, out.over_range);
  out.discarded_packets = xr::metric(body.be32(16), 32, out.over_range);
  return true;
}

// RFC 7002 3.1
//
// |     BT=24     | I |DT |  resv |      Block Length = 2         |
// |                        SSRC of Source                         |
// |                        Discard Count                          |
bool read_discard_count(const XrBlock& block, DiscardCount& out) {
  const uint8_t why = (block.specific >> 4) & 3;
  if (block.length_words != 2 || !block.whole() || why == 3) return false;  // 3.2: to be discarded
  out.ssrc = block.ssrc;
  out.why = static_cast<DiscardCount::Why>(why);
  out.over_range = false;
  out.packets = xr::metric(block.body.be32(4), 32, out.over_range);
  return true;
}

// RFC 7243 3
//
// |     BT=26     | I |E|Reserved |       Block length=2          |
// |                        SSRC of source                         |
// |             Number of RTP payload bytes discarded             |
bool read_bytes_discarded(const XrBlock& block, BytesDiscarded& out) {
  if (block.length_words != 2 || !block.whole()) return false;
  out.ssrc = block.ssrc;
  out.early = (block.specific & 0x20) != 0;
  out.octets = block.body.be32(4);
  return true;
}

// RFC 7509 3.1; a fourth word, if the length says so, is stepped over
//
// |     BT=33     |   Reserved    |      Block length = 4         |
// |                       SSRC of Source                          |
// |       begin_seq               |          end_seq              |
// |  Post-repair loss count       |     Repaired loss count       |
bool read_post_repair_loss_count(const XrBlock& block, PostRepairLossCount& out) {
  if ((block.length_words != 3 && block.length_words != 4) || !block.whole()) return false;
  out.ssrc = block.ssrc;
  out.begin_sequence = block.body.be16(4);
  out.end_sequence = block.body.be16(6);
  out.lost_packets = block.body.be16(8);
  out.repaired_packets = block.body.be16(10);
  return true;
}

}  // namespace rtpsonde

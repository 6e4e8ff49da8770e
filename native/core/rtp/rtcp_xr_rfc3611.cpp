#include "core/rtp/rtcp_xr_rfc3611.h"

#include "core/rtp/rtcp_xr_value.h"

namespace rtpsonde {

// RFC 3611 4.4
//
//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |     BT=4      |   reserved    |       block length = 2        |
// |              NTP timestamp, most significant word             |
// |             NTP timestamp, least significant word             |
bool read_receiver_reference_time(const XrBlock& block, ReceiverReferenceTime& out) {
  if (block.length_words != 2 || !block.whole()) return false;
  out.ntp = block.body.be64(0);
  return true;
}

// RFC 3611 4.5
//
//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |     BT=5      |   reserved    |         block length          |
// |                 SSRC_1 (SSRC of first receiver)               |
// |                         last RR (LRR)                         |
// |                   delay since last RR (DLRR)                  |
uint32_t dlrr_items(const XrBlock& block) {
  return block.length_words % 3 == 0 ? static_cast<uint32_t>(block.body.size / 12) : 0;
}

DlrrItem read_dlrr(const XrBlock& block, uint32_t index) {
  const Bytes item = block.body.from(12UL * index);
  return {item.be32(0), item.be32(4), item.be32(8)};
}

// RFC 3611 4.6
//
//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |     BT=6      |L|D|J|ToH|rsvd.|       block length = 9        |
// |                        SSRC of source                         |
// |          begin_seq            |             end_seq           |
// |                        lost_packets                           |
// |                        dup_packets                            |
// |                         min_jitter                            |
// |                         max_jitter                            |
// |                         mean_jitter                           |
// |                         dev_jitter                            |
// | min_ttl_or_hl | max_ttl_or_hl |mean_ttl_or_hl | dev_ttl_or_hl |
bool read_statistics_summary(const XrBlock& block, StatisticsSummary& out) {
  if (block.length_words != 9 || !block.whole()) return false;
  const Bytes body = block.body;
  const auto figure = [&](uint32_t flag, size_t offset) {
    return (block.specific & flag) != 0 ? static_cast<double>(body.be32(offset)) : xr::kUnavailable;
  };
  const auto ttl = [&](size_t offset) {
    return out.ttl_kind == StatisticsSummary::Ttl::kIpv4 || out.ttl_kind == StatisticsSummary::Ttl::kIpv6
               ? static_cast<double>(body.u8(offset))
               : xr::kUnavailable;
  };
  out.ssrc = block.ssrc;
  out.begin_sequence = body.be16(4);
  out.end_sequence = body.be16(6);
  out.lost_packets = figure(0x80, 8);
  out.duplicate_packets = figure(0x40, 12);
  out.jitter_min_ticks = figure(0x20, 16);
  out.jitter_max_ticks = figure(0x20, 20);
  out.jitter_mean_ticks = figure(0x20, 24);
  out.jitter_deviation_ticks = figure(0x20, 28);
  out.ttl_kind = static_cast<StatisticsSummary::Ttl>((block.specific >> 3) & 3);
  out.ttl_min = ttl(32);
  out.ttl_max = ttl(33);
  out.ttl_mean = ttl(34);
  out.ttl_deviation = ttl(35);
  return true;
}

}  // namespace rtpsonde

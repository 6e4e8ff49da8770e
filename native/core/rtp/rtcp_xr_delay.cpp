#include "core/rtp/rtcp_xr_delay.h"

#include "core/rtp/rtcp_xr_value.h"

namespace rtpsonde {

// RFC 6776 4.1
//
//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |     BT=14     |    Reserved   |      block length = 7         |
// |                    SSRC of stream source                      |
// |            Reserved           |    first sequence number      |
// |           extended first sequence number of interval          |
// |                 extended last sequence number                 |
// |              Measurement Duration (Interval)                  |
// |     Measurement Duration (Cumulative) - Seconds               |
// |     Measurement Duration (Cumulative) - Fraction              |
bool read_measurement_info(const XrBlock& block, MeasurementInfo& out) {
  if (block.length_words != 7 || !block.whole()) return false;
  out.ssrc = block.ssrc;
  out.first_sequence = block.body.be16(6);
  out.interval_first_sequence = block.body.be32(8);
  out.last_sequence = block.body.be32(12);
  out.interval_ms = xr::short_time_ms(block.body.be32(16));
  out.cumulative_ms = xr::time_ms(block.body.be64(20));
  return true;
}

// RFC 6798 3.1
//
//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |     BT=15     | I |pdvtyp |Rsv|       block length=4          |
// |                        SSRC of Source                         |
// |    Pos PDV Threshold/Peak     |     Pos PDV Percentile        |
// |    Neg PDV Threshold/Peak     |     Neg PDV Percentile        |
// |          Mean PDV             |           Reserved            |
bool read_pdv(const XrBlock& block, PdvMetrics& out) {
  if (block.length_words != 4 || !block.whole()) return false;
  const auto percentile = [&](size_t offset) {
    return xr::plain_metric(block.body.be16(offset), 16) / 256;  // 8:8
  };
  out.ssrc = block.ssrc;
  out.kind = static_cast<PdvMetrics::Kind>((block.specific >> 2) & 0x0f);
  out.over_range = false;
  out.positive_ms = xr::signed_ms(block.body.be16(4), out.over_range);
  out.positive_percentile = percentile(6);
  out.negative_ms = xr::signed_ms(block.body.be16(8), out.over_range);
  out.negative_percentile = percentile(10);
  out.mean_ms = xr::signed_ms(block.body.be16(12), out.over_range);
  return true;
}

// RFC 6843 3.1
//
//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |    BT=16      | I |   resv.   |      block length = 6         |
// |                           SSRC of Source                      |
// |                  Mean Network Round-Trip Delay                |
// |                   Min Network Round-Trip Delay                |
// |                   Max Network Round-Trip Delay                |
// |               End System Delay - Seconds                      |
// |              End System Delay - Fraction                      |
bool read_delay(const XrBlock& block, DelayMetrics& out) {
  if (block.length_words != 6 || !block.whole()) return false;
  const uint64_t end_system = block.body.be64(16);
  out.ssrc = block.ssrc;
  out.round_trip_mean_ms = xr::short_time_metric_ms(block.body.be32(4));
  out.round_trip_min_ms = xr::short_time_metric_ms(block.body.be32(8));
  out.round_trip_max_ms = xr::short_time_metric_ms(block.body.be32(12));
  out.end_system_ms = end_system == ~uint64_t{0} ? xr::kUnavailable : xr::time_ms(end_system);
  return true;
}

// RFC 7005 4.1
//
//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |     BT=23     | I |C|  resv   |       Block Length=3          |
// |                           SSRC of Source                      |
// |          DJB nominal          |        DJB maximum            |
// |     DJB high-water mark       |      DJB low-water mark       |
bool read_dejitter_buffer(const XrBlock& block, DejitterBuffer& out) {
  if (block.length_words != 3 || !block.whole()) return false;
  out.ssrc = block.ssrc;
  out.adaptive = (block.specific & 0x20) != 0;
  out.over_range = false;
  out.nominal_ms = xr::metric(block.body.be16(4), 16, out.over_range);
  out.max_ms = xr::metric(block.body.be16(6), 16, out.over_range);
  out.high_water_ms = xr::metric(block.body.be16(8), 16, out.over_range);
  out.low_water_ms = xr::metric(block.body.be16(10), 16, out.over_range);
  return true;
}

// RFC 7244 3.1
//
// |     BT=27     |   Reserved    |         Block length=2        |
// |                      SSRC of Source                           |
// |               Initial Synchronization Delay                   |
bool read_initial_sync_delay(const XrBlock& block, InitialSyncDelay& out) {
  if (block.length_words != 2 || !block.whole()) return false;
  out.ssrc = block.ssrc;
  out.delay_ms = xr::short_time_metric_ms(block.body.be32(4));
  return true;
}

// RFC 7244 4.1
//
// |    BT=28      | I | Reserved  |         Block length=3        |
// |                      SSRC of source                           |
// |         Synchronization Offset, most significant word         |
// |         Synchronization Offset, least significant word        |
bool read_sync_offset(const XrBlock& block, SyncOffset& out) {
  if (block.length_words != 3 || !block.whole()) return false;
  // Two's complement; all ones would be -0.2 ns and is taken for "unavailable".
  const auto offset = static_cast<int64_t>(block.body.be64(4));
  out.ssrc = block.ssrc;
  out.offset_ms = offset == -1 ? xr::kUnavailable : static_cast<double>(offset) * (1000.0 / 4294967296.0);
  return true;
}

// RFC 7272 6
//
//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |     BT=12     | SPST  |Resrv|P|         block length=7        |
// |     PT      |               Resrv                             |
// |              Media Stream Correlation Identifier              |
// |                     SSRC of media source                      |
// |      Packet Received NTP timestamp, most significant word     |
// |      Packet Received NTP timestamp, least significant word    |
// |              Packet Received RTP timestamp                    |
// |              Packet Presented NTP timestamp                   |
bool read_idms(const XrBlock& block, IdmsReport& out) {
  if (block.length_words != 7 || !block.whole()) return false;
  out.sender_type = block.specific >> 4;
  out.has_presented = (block.specific & 1) != 0;
  out.payload_type = block.body.u8(0) >> 1;
  out.correlation_id = block.body.be32(4);
  out.source_ssrc = block.body.be32(8);
  out.received_ntp = block.body.be64(12);
  out.rtp_timestamp = block.body.be32(20);
  out.presented_ntp = out.has_presented ? block.body.be32(24) : 0;
  return true;
}

}  // namespace rtpsonde

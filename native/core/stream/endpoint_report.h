// What the receiver of a stream measured itself and told in extended reports (RFC
// 3611 and the block types after it): the last value of each figure, as reported.
// A figure never reported, or reported as unavailable, is NaN.
#pragma once

#include <cstdint>
#include <limits>
#include <type_traits>

#include "core/rtp/rtcp_feedback.h"
#include "core/rtp/rtcp_xr_delay.h"
#include "core/rtp/rtcp_xr_loss.h"
#include "core/rtp/rtcp_xr_quality.h"
#include "core/rtp/rtcp_xr_rfc3611.h"

namespace rtpsonde {

struct EndpointReport {
  static constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();
  static constexpr uint8_t kNone = 0xff;

  int64_t reported_ns = 0;  // when the last block passed the tap, 0: none
  int64_t voip_ns = 0;      // when the last VoIP metrics block did, 0: none

  // VoIP metrics, RFC 3611 4.7
  float loss_rate = kUnknown;      // 0..1, of the packets expected
  float discard_rate = kUnknown;   // 0..1
  float burst_density = kUnknown;  // 0..1
  float gap_density = kUnknown;    // 0..1
  float burst_duration_ms = kUnknown;
  float gap_duration_ms = kUnknown;
  float round_trip_delay_ms = kUnknown;
  float end_system_delay_ms = kUnknown;
  float signal_level_dbm0 = kUnknown;
  float noise_level_dbm0 = kUnknown;
  float rerl_db = kUnknown;
  float r_factor = kUnknown;
  float ext_r_factor = kUnknown;
  float mos_lq = kUnknown;
  float mos_cq = kUnknown;
  float buffer_nominal_ms = kUnknown;
  float buffer_max_ms = kUnknown;
  float buffer_abs_max_ms = kUnknown;

  // Statistics summary, RFC 3611 4.6
  float summary_lost_packets = kUnknown;
  float summary_duplicate_packets = kUnknown;
  float summary_jitter_min_ticks = kUnknown;
  float summary_jitter_max_ticks = kUnknown;
  float summary_jitter_mean_ticks = kUnknown;
  float summary_jitter_deviation_ticks = kUnknown;
  float summary_ttl_min = kUnknown;
  float summary_ttl_max = kUnknown;
  float summary_ttl_mean = kUnknown;

  // Packet delay variation, RFC 6798; delay, RFC 6843
  float pdv_positive_ms = kUnknown;
  float pdv_positive_percentile = kUnknown;
  float pdv_negative_ms = kUnknown;
  float pdv_negative_percentile = kUnknown;
  float pdv_mean_ms = kUnknown;
  float round_trip_mean_ms = kUnknown;
  float round_trip_min_ms = kUnknown;
  float round_trip_max_ms = kUnknown;
  float end_system_ms = kUnknown;

  // Burst and gap: RFC 6958, RFC 7004 3.1; RFC 7003, RFC 7004 3.2; RFC 8015
  float bursts = kUnknown;
  float burst_lost_packets = kUnknown;
  float burst_expected_packets = kUnknown;
  float burst_sum_ms = kUnknown;
  float burst_mean_ms = kUnknown;
  float burst_loss_rate = kUnknown;
  float gap_loss_rate = kUnknown;
  float burst_discarded_packets = kUnknown;
  float burst_discard_rate = kUnknown;
  float gap_discard_rate = kUnknown;

  // De-jitter buffer, RFC 7005; discards, RFC 7002, RFC 7243, RFC 7097
  float dejitter_nominal_ms = kUnknown;
  float dejitter_max_ms = kUnknown;
  float dejitter_high_water_ms = kUnknown;
  float dejitter_low_water_ms = kUnknown;
  float discarded_duplicate_packets = kUnknown;
  float discarded_early_packets = kUnknown;
  float discarded_late_packets = kUnknown;
  float discarded_early_octets = kUnknown;
  float discarded_late_octets = kUnknown;

  // Loss and repair, RFC 3611 4.1, RFC 5725, RFC 7509
  float rle_lost_packets = kUnknown;
  float rle_longest_loss_packets = kUnknown;
  float post_repair_lost_packets = kUnknown;
  float repaired_packets = kUnknown;

  // What was heard and seen: RFC 7266, RFC 7294, RFC 7867, RFC 7004 4
  float mos = kUnknown;  // on the scale of mos_algorithm
  float concealed_loss_ticks = kUnknown;
  float concealed_adjustment_ticks = kUnknown;
  float interruptions = kUnknown;
  float interruption_mean_ticks = kUnknown;
  float unimpaired_s = kUnknown;
  float concealed_s = kUnknown;
  float severely_concealed_s = kUnknown;
  float video_impaired_ticks = kUnknown;
  float video_concealed_ticks = kUnknown;
  float video_freeze_mean_ticks = kUnknown;
  float lost_frames = kUnknown;
  float partly_lost_frames = kUnknown;
  float discarded_frames = kUnknown;
  float duplicate_frames = kUnknown;

  // ECN, RFC 6679: since the session began
  float ect0_packets = kUnknown;
  float ect1_packets = kUnknown;
  float ce_packets = kUnknown;
  float not_ect_packets = kUnknown;

  float initial_sync_delay_ms = kUnknown;  // RFC 7244 3
  float sync_offset_ms = kUnknown;         // RFC 7244 4
  float interval_ms = kUnknown;            // RFC 6776: what interval figures speak of

  uint8_t gmin = 0;                  // RFC 3611 4.7.2, 0: not reported
  uint8_t plc = kNone;               // RFC 3611 4.7.6: 0 unspecified, 1 disabled, 2 enhanced, 3 standard
  uint8_t buffer_kind = kNone;       // RFC 3611 4.7.7: 0 unknown, 1 reserved, 2 fixed, 3 adaptive
  uint8_t buffer_rate = kNone;       // RFC 3611 4.7.7: JB rate, 0..15
  uint8_t pdv_kind = kNone;          // RFC 6798: 0 MAPDV2, 1 two-point
  uint8_t mos_algorithm = kNone;     // RFC 7266: CAID
  uint8_t mos_payload_type = kNone;  // RFC 7266
  uint8_t spare = 0;

  void note(const VoipMetrics& m, int64_t seen_ns);
  void note(const StatisticsSummary& m);
  void note(const PdvMetrics& m);
  void note(const DelayMetrics& m);
  void note(const BurstGapLoss& m);
  void note(const BurstGapLossSummary& m);
  void note(const BurstGapDiscard& m);
  void note(const BurstGapDiscardSummary& m);
  void note(const IndependentBurstGapDiscard& m);
  void note(const DejitterBuffer& m);
  void note(const DiscardCount& m);
  void note(const BytesDiscarded& m);
  void note(const XrBlock& block, const RleReport& m);  // loss before and after repair alone
  void note(const PostRepairLossCount& m);
  void note(const MosSegment& m);  // of the stream as a whole, not of one channel
  void note(const LossConcealment& m);
  void note(const ConcealedSeconds& m);
  void note(const VideoConcealment& m);
  void note(const FrameImpairment& m);
  void note(const EcnCounts& m);
  void note(const InitialSyncDelay& m);
  void note(const SyncOffset& m);
  void note(const MeasurementInfo& m);
};
static_assert(std::is_trivially_copyable_v<EndpointReport>);

}  // namespace rtpsonde

// Reads a whole RTCP datagram and hands out everything in it, in wire order.
#pragma once

#include <cstdint>

#include "core/base/bytes.h"
#include "core/rtp/rtcp.h"
#include "core/rtp/rtcp_feedback.h"
#include "core/rtp/rtcp_reports.h"
#include "core/rtp/rtcp_sdes.h"
#include "core/rtp/rtcp_xr.h"
#include "core/rtp/rtcp_xr_delay.h"
#include "core/rtp/rtcp_xr_loss.h"
#include "core/rtp/rtcp_xr_quality.h"
#include "core/rtp/rtcp_xr_rfc3611.h"
#include "core/rtp/srtcp.h"

namespace rtpsonde {

// Override what is of interest. `sender_ssrc` is who speaks; the SSRC that is
// spoken about stands in the structure itself. Views point into the datagram and
// hold only during the call.
class RtcpVisitor {
 public:
  virtual ~RtcpVisitor() = default;

  // Before what is in it; whatever its type.
  virtual void on_packet(const RtcpPacket& /*packet*/) {}

  virtual void on_sender_info(uint32_t /*sender_ssrc*/, const SenderInfo& /*info*/) {}
  virtual void on_report_block(uint32_t /*sender_ssrc*/, const ReportBlock& /*block*/) {}
  virtual void on_sdes_item(const SdesItem& /*item*/) {}
  // Once for each source that leaves; `reason` may be empty.
  virtual void on_bye(uint32_t /*ssrc*/, Bytes /*reason*/) {}
  virtual void on_app(const App& /*app*/) {}
  // Any of PT 192, 193, 205 and 206; its entries are read with the functions of rtcp_feedback.h.
  virtual void on_feedback(const Feedback& /*feedback*/) {}
  virtual void on_extended_jitter(const ExtendedJitter& /*jitter*/) {}

  // XR: `block` tells sender, type and span of the metrics.
  virtual void on_rle(const XrBlock& /*block*/, const RleReport& /*report*/) {}
  virtual void on_receipt_times(const XrBlock& /*block*/, const ReceiptTimes& /*times*/) {}
  virtual void on_receiver_reference_time(const XrBlock& /*block*/, const ReceiverReferenceTime& /*time*/) {}
  virtual void on_dlrr(const XrBlock& /*block*/, const DlrrItem& /*item*/) {}
  virtual void on_statistics_summary(const XrBlock& /*block*/, const StatisticsSummary& /*summary*/) {}
  virtual void on_voip_metrics(const XrBlock& /*block*/, const VoipMetrics& /*metrics*/) {}
  virtual void on_measurement_info(const XrBlock& /*block*/, const MeasurementInfo& /*info*/) {}
  virtual void on_pdv(const XrBlock& /*block*/, const PdvMetrics& /*metrics*/) {}
  virtual void on_delay(const XrBlock& /*block*/, const DelayMetrics& /*metrics*/) {}
  virtual void on_dejitter_buffer(const XrBlock& /*block*/, const DejitterBuffer& /*buffer*/) {}
  virtual void on_initial_sync_delay(const XrBlock& /*block*/, const InitialSyncDelay& /*delay*/) {}
  virtual void on_sync_offset(const XrBlock& /*block*/, const SyncOffset& /*offset*/) {}
  virtual void on_idms(const XrBlock& /*block*/, const IdmsReport& /*report*/) {}
  virtual void on_ecn_summary(const XrBlock& /*block*/, const EcnSummary& /*summary*/) {}
  virtual void on_burst_gap_loss_summary(const XrBlock& /*block*/, const BurstGapLossSummary& /*summary*/) {}
  virtual void on_burst_gap_discard_summary(const XrBlock& /*block*/,
                                            const BurstGapDiscardSummary& /*summary*/) {}
  virtual void on_burst_gap_loss(const XrBlock& /*block*/, const BurstGapLoss& /*loss*/) {}
  virtual void on_burst_gap_discard(const XrBlock& /*block*/, const BurstGapDiscard& /*discard*/) {}
  virtual void on_independent_burst_gap_discard(const XrBlock& /*block*/,
                                                const IndependentBurstGapDiscard& /*discard*/) {}
  virtual void on_discard_count(const XrBlock& /*block*/, const DiscardCount& /*count*/) {}
  virtual void on_bytes_discarded(const XrBlock& /*block*/, const BytesDiscarded& /*bytes*/) {}
  virtual void on_post_repair_loss_count(const XrBlock& /*block*/, const PostRepairLossCount& /*count*/) {}
  virtual void on_xnq(const XrBlock& /*block*/, const XnqMetrics& /*metrics*/) {}
  virtual void on_multicast_acquisition(const XrBlock& /*block*/, const MulticastAcquisition& /*report*/) {}
  virtual void on_frame_impairment(const XrBlock& /*block*/, const FrameImpairment& /*frames*/) {}
  virtual void on_mos(const XrBlock& /*block*/, const MosSegment& /*segment*/) {}
  virtual void on_loss_concealment(const XrBlock& /*block*/, const LossConcealment& /*concealment*/) {}
  virtual void on_concealed_seconds(const XrBlock& /*block*/, const ConcealedSeconds& /*seconds*/) {}
  virtual void on_video_concealment(const XrBlock& /*block*/, const VideoConcealment& /*concealment*/) {}
  // A block that is recognised but not read (BT 9, 22, 32) or not known.
  virtual void on_skipped_block(const XrBlock& /*block*/) {}
  // A block that its RFC says to drop: reserved I flag, length that cannot be.
  virtual void on_dropped_block(const XrBlock& /*block*/) {}
};

enum class RtcpEnd : uint8_t {
  kWhole,      // everything was read
  kCut,        // the capture ends before the datagram; what was captured was read
  kDamaged,    // everything up to the damage was read
  kEncrypted,  // SRTCP: nothing was read
  kMalformed,  // nothing was read
};

struct RtcpRead {
  RtcpEnd end = RtcpEnd::kMalformed;
  RtcpJudgement judgement;
  uint32_t packets = 0;          // handed out
  uint32_t skipped_blocks = 0;   // XR
  uint32_t dropped_blocks = 0;   // XR
  uint32_t damaged_packets = 0;  // well delimited, but wrong inside: read up to the fault
};

// Reduced-size compounds (RFC 5506) are as good as full ones.
RtcpRead read_rtcp(Bytes payload, uint32_t payload_len, RtcpVisitor& visitor);

}  // namespace rtpsonde

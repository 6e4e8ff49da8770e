// Which reader an XR block goes to, and which blocks are dropped unread.
#include "core/rtp/rtcp_xr_visit.h"

namespace rtpsonde {
namespace {

// RFC 7002 to 8015: counts cannot be sampled, a buffer's depth is nothing else, and
// 00 is reserved everywhere. The RFCs of the blocks say to drop what breaks this.
bool has_valid_span(const XrBlock& block) {
  switch (XrType{block.type}) {
    case XrType::kBurstGapLoss:
    case XrType::kBurstGapDiscard:
    case XrType::kDiscardCount:
    case XrType::kBytesDiscarded:
    case XrType::kMos:
    case XrType::kLossConcealment:
    case XrType::kConcealedSeconds:
    case XrType::kVideoLossConcealment:
    case XrType::kIndependentBurstGapDiscard:
      return block.span == XrSpan::kInterval || block.span == XrSpan::kCumulative;
    case XrType::kDejitterBuffer:
      return block.span == XrSpan::kSampled;
    default:
      return block.span != XrSpan::kReserved;
  }
}

// Reads a block of one structure and hands it out.
template <typename T>
bool give(const XrBlock& block, RtcpVisitor& visitor, bool (*read)(const XrBlock&, T&),
          void (RtcpVisitor::*on)(const XrBlock&, const T&)) {
  T content;
  if (!read(block, content)) return false;
  (visitor.*on)(block, content);
  return true;
}

bool give_dlrr(const XrBlock& block, RtcpVisitor& visitor) {
  for (uint32_t i = 0; i < dlrr_items(block); i++) visitor.on_dlrr(block, read_dlrr(block, i));
  return block.length_words % 3 == 0;
}

bool give_ecn_summary(const XrBlock& block, RtcpVisitor& visitor) {
  for (uint32_t i = 0; i < ecn_summary_items(block); i++) {
    visitor.on_ecn_summary(block, read_ecn_summary(block, i));
  }
  return block.length_words % 5 == 0;
}

bool give_mos(const XrBlock& block, RtcpVisitor& visitor) {
  for (uint32_t i = 0; i < mos_segments(block); i++) visitor.on_mos(block, read_mos_segment(block, i));
  return block.length_words > 0;
}

// RFC 7003 as printed gives its block the number of RFC 6958: the length tells.
bool give_burst_gap(const XrBlock& block, RtcpVisitor& visitor) {
  if (block.length_words == 3) {
    return give(block, visitor, read_burst_gap_discard, &RtcpVisitor::on_burst_gap_discard);
  }
  return give(block, visitor, read_burst_gap_loss, &RtcpVisitor::on_burst_gap_loss);
}

bool give_block(const XrBlock& block, RtcpVisitor& visitor) {
  using V = RtcpVisitor;
  switch (XrType{block.type}) {
    case XrType::kLossRle:
    case XrType::kDuplicateRle:
    case XrType::kPostRepairLossRle:
    case XrType::kDiscardRle:
      return give(block, visitor, read_rle, &V::on_rle);
    case XrType::kReceiptTimes:
      return give(block, visitor, read_receipt_times, &V::on_receipt_times);
    case XrType::kReceiverReferenceTime:
      return give(block, visitor, read_receiver_reference_time, &V::on_receiver_reference_time);
    case XrType::kDlrr:
      return give_dlrr(block, visitor);
    case XrType::kStatisticsSummary:
      return give(block, visitor, read_statistics_summary, &V::on_statistics_summary);
    case XrType::kVoipMetrics:
      return give(block, visitor, read_voip_metrics, &V::on_voip_metrics);
    case XrType::kXnq:
      return give(block, visitor, read_xnq, &V::on_xnq);
    case XrType::kMulticastAcquisition:
      return give(block, visitor, read_multicast_acquisition, &V::on_multicast_acquisition);
    case XrType::kIdms:
      return give(block, visitor, read_idms, &V::on_idms);
    case XrType::kEcnSummary:
      return give_ecn_summary(block, visitor);
    case XrType::kMeasurementInfo:
      return give(block, visitor, read_measurement_info, &V::on_measurement_info);
    case XrType::kPacketDelayVariation:
      return give(block, visitor, read_pdv, &V::on_pdv);
    case XrType::kDelay:
      return give(block, visitor, read_delay, &V::on_delay);
    case XrType::kBurstGapLossSummary:
      return give(block, visitor, read_burst_gap_loss_summary, &V::on_burst_gap_loss_summary);
    case XrType::kBurstGapDiscardSummary:
      return give(block, visitor, read_burst_gap_discard_summary, &V::on_burst_gap_discard_summary);
    case XrType::kFrameImpairment:
      return give(block, visitor, read_frame_impairment, &V::on_frame_impairment);
    case XrType::kBurstGapLoss:
      return give_burst_gap(block, visitor);
    case XrType::kBurstGapDiscard:
      return give(block, visitor, read_burst_gap_discard, &V::on_burst_gap_discard);
    case XrType::kDejitterBuffer:
      return give(block, visitor, read_dejitter_buffer, &V::on_dejitter_buffer);
    case XrType::kDiscardCount:
      return give(block, visitor, read_discard_count, &V::on_discard_count);
    case XrType::kBytesDiscarded:
      return give(block, visitor, read_bytes_discarded, &V::on_bytes_discarded);
    case XrType::kInitialSyncDelay:
      return give(block, visitor, read_initial_sync_delay, &V::on_initial_sync_delay);
    case XrType::kSyncOffset:
      return give(block, visitor, read_sync_offset, &V::on_sync_offset);
    case XrType::kMos:
      return give_mos(block, visitor);
    case XrType::kLossConcealment:
      return give(block, visitor, read_loss_concealment, &V::on_loss_concealment);
    case XrType::kConcealedSeconds:
      return give(block, visitor, read_concealed_seconds, &V::on_concealed_seconds);
    case XrType::kPostRepairLossCount:
      return give(block, visitor, read_post_repair_loss_count, &V::on_post_repair_loss_count);
    case XrType::kVideoLossConcealment:
      return give(block, visitor, read_video_concealment, &V::on_video_concealment);
    case XrType::kIndependentBurstGapDiscard:
      return give(block, visitor, read_independent_burst_gap_discard, &V::on_independent_burst_gap_discard);
    case XrType::kTiVoip:
    case XrType::kTsDecodability:
    case XrType::kTsPsiDecodability:
      break;
  }
  return false;
}

bool is_read(uint8_t type) {
  switch (XrType{type}) {
    case XrType::kTiVoip:
    case XrType::kTsDecodability:
    case XrType::kTsPsiDecodability:
      return false;
    default:
      return type >= 1 && type <= static_cast<uint8_t>(XrType::kIndependentBurstGapDiscard);
  }
}

}  // namespace

XrOutcome visit_xr_block(const XrBlock& block, RtcpVisitor& visitor) {
  if (!is_read(block.type)) {
    visitor.on_skipped_block(block);
    return XrOutcome::kSkipped;
  }
  const bool valid = has_valid_span(block);
  if (valid && give_block(block, visitor)) return XrOutcome::kRead;
  if (valid && !block.whole()) return XrOutcome::kCut;
  visitor.on_dropped_block(block);
  return XrOutcome::kDropped;
}

}  // namespace rtpsonde

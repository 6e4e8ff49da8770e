// Of EndpointReport: what blocks tell of lost, discarded and duplicate packets.
#include "core/stream/endpoint_report.h"

namespace rtpsonde {

void EndpointReport::note(XrSpan span, const BurstGapLoss& m) {
  if (!replaces(Group::kBurstLoss, span, m.bursts)) return;
  burst_combined = m.combined ? 1 : 0;
  put(figures.burst_threshold_packets, m.threshold_packets, span);
  put(figures.bursts, m.bursts, span);
  put(figures.burst_sum_ms, m.burst_sum_ms, span);
  put(figures.burst_lost_packets, m.lost_packets, span);
  put(figures.burst_expected_packets, m.expected_packets, span);
  put(figures.burst_squares_ms2, m.burst_squares_ms2, span);
}

void EndpointReport::note(XrSpan span, const BurstGapLossSummary& m) {
  if (!replaces(Group::kBurstLossSummary, span, m.burst_loss_rate)) return;
  put(figures.burst_loss_rate, m.burst_loss_rate, span);
  put(figures.gap_loss_rate, m.gap_loss_rate, span);
  put(figures.burst_mean_ms, m.burst_mean_ms, span);
  put(figures.burst_variance_ms2, m.burst_variance_ms2, span);
}

void EndpointReport::note(XrSpan span, const BurstGapDiscard& m) {
  if (!replaces(Group::kBurstDiscard, span, m.discarded_packets)) return;
  put(figures.burst_discarded_packets, m.discarded_packets, span);
  put(figures.burst_discard_expected_packets, m.expected_packets, span);
  put(figures.burst_discard_threshold_packets, m.threshold_packets, span);
}

void EndpointReport::note(XrSpan span, const BurstGapDiscardSummary& m) {
  if (!replaces(Group::kBurstDiscardSummary, span, m.burst_discard_rate)) return;
  put(figures.burst_discard_rate, m.burst_discard_rate, span);
  put(figures.gap_discard_rate, m.gap_discard_rate, span);
}

void EndpointReport::note(XrSpan span, const IndependentBurstGapDiscard& m) {
  if (!replaces(Group::kIndependentDiscard, span, m.bursts)) return;
  put(figures.discard_bursts, m.bursts, span);
  put(figures.discard_burst_sum_ms, m.burst_sum_ms, span);
  put(figures.discard_burst_discarded_packets, m.burst_discarded_packets, span);
  put(figures.discard_burst_expected_packets, m.expected_packets, span);
  put(figures.discard_burst_threshold_packets, m.threshold_packets, span);
  put(figures.discarded_packets, m.discarded_packets, span);
}

void EndpointReport::note(XrSpan span, const DiscardCount& m) {
  switch (m.why) {
    case DiscardCount::Why::kDuplicate:
      if (replaces(Group::kDiscardedDuplicate, span, m.packets))
        put(figures.discarded_duplicate_packets, m.packets, span);
      return;
    case DiscardCount::Why::kEarly:
      if (replaces(Group::kDiscardedEarly, span, m.packets))
        put(figures.discarded_early_packets, m.packets, span);
      return;
    case DiscardCount::Why::kLate:
      if (replaces(Group::kDiscardedLate, span, m.packets))
        put(figures.discarded_late_packets, m.packets, span);
      return;
  }
}

void EndpointReport::note(XrSpan span, const BytesDiscarded& m) {
  const Group group = m.early ? Group::kEarlyOctets : Group::kLateOctets;
  if (!replaces(group, span, m.octets)) return;
  put(m.early ? figures.discarded_early_octets : figures.discarded_late_octets, m.octets, span);
}

void EndpointReport::note(const XrBlock& block, const RleReport& m) {
  const RleSummary summary = summarize_rle(block, m);
  switch (XrType{block.type}) {
    case XrType::kLossRle:
      put(figures.rle_lost_packets, summary.marked);
      put(figures.rle_longest_loss_packets, summary.longest);
      put(figures.rle_loss_runs, summary.runs);
      return;
    case XrType::kDuplicateRle:
      put(figures.rle_duplicate_packets, summary.marked);
      return;
    case XrType::kPostRepairLossRle:
      put(figures.post_repair_lost_packets, summary.marked);
      put(figures.post_repair_longest_loss_packets, summary.longest);
      return;
    default:
      put(m.early ? figures.rle_discarded_early_packets : figures.rle_discarded_late_packets, summary.marked);
      return;
  }
}

void EndpointReport::note(const ReceiptTimes& m) { put(figures.receipt_times, m.count); }

void EndpointReport::note(const PostRepairLossCount& m) {
  put(figures.repaired_packets, m.repaired_packets);
  put(figures.post_repair_lost_packets, m.lost_packets);
}

void EndpointReport::note(const EcnCounts& m) {
  put(figures.ect0_packets, m.ect0_packets);
  put(figures.ect1_packets, m.ect1_packets);
  put(figures.ce_packets, m.ce_packets);
  put(figures.not_ect_packets, m.not_ect_packets);
  put(figures.ecn_lost_packets, m.lost_packets);
  put(figures.ecn_duplicate_packets, m.duplicate_packets);
}

}  // namespace rtpsonde

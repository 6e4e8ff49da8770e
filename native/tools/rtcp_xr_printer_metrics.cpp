// RtcpPrinter: the blocks of XR about loss, discard and quality.
#include "tools/rtcp_printer.h"

namespace tools {

using namespace rtpsonde;

void RtcpPrinter::on_ecn_summary(const XrBlock& block, const EcnSummary& summary) {
  JsonLine text = line(block);
  text.ssrc("ssrc", summary.ssrc).add("ect0", summary.ect0_packets).add("ect1", summary.ect1_packets);
  text.add("ce", summary.ce_packets).add("notEct", summary.not_ect_packets);
  print(text.add("lost", summary.lost_packets).add("duplicates", summary.duplicate_packets));
}

void RtcpPrinter::on_burst_gap_loss_summary(const XrBlock& block, const BurstGapLossSummary& summary) {
  JsonLine text = line(block);
  text.add("burstLossRate", summary.burst_loss_rate).add("gapLossRate", summary.gap_loss_rate);
  print(text.add("burstMeanMs", summary.burst_mean_ms).add("burstVarianceMs2", summary.burst_variance_ms2));
}

void RtcpPrinter::on_burst_gap_discard_summary(const XrBlock& block, const BurstGapDiscardSummary& summary) {
  JsonLine text = line(block);
  text.add("burstDiscardRate", summary.burst_discard_rate);
  print(text.add("gapDiscardRate", summary.gap_discard_rate));
}

void RtcpPrinter::on_burst_gap_loss(const XrBlock& block, const BurstGapLoss& loss) {
  JsonLine text = line(block);
  text.add("combined", loss.combined).add("threshold", loss.threshold_packets);
  text.add("burstSumMs", loss.burst_sum_ms).add("lost", loss.lost_packets);
  text.add("expected", loss.expected_packets).add("bursts", loss.bursts);
  print(text.add("burstSquaresMs2", loss.burst_squares_ms2).add("overRange", loss.over_range));
}

void RtcpPrinter::on_burst_gap_discard(const XrBlock& block, const BurstGapDiscard& discard) {
  JsonLine text = line(block);
  text.add("threshold", discard.threshold_packets).add("discarded", discard.discarded_packets);
  print(text.add("expected", discard.expected_packets).add("overRange", discard.over_range));
}

void RtcpPrinter::on_independent_burst_gap_discard(const XrBlock& block,
                                                   const IndependentBurstGapDiscard& discard) {
  JsonLine text = line(block);
  text.add("threshold", discard.threshold_packets).add("burstSumMs", discard.burst_sum_ms);
  text.add("burstDiscarded", discard.burst_discarded_packets).add("bursts", discard.bursts);
  text.add("expected", discard.expected_packets).add("discarded", discard.discarded_packets);
  print(text.add("overRange", discard.over_range));
}

void RtcpPrinter::on_discard_count(const XrBlock& block, const DiscardCount& count) {
  JsonLine text = line(block);
  text.add("why", static_cast<int>(count.why)).add("discarded", count.packets);
  print(text.add("overRange", count.over_range));
}

void RtcpPrinter::on_bytes_discarded(const XrBlock& block, const BytesDiscarded& bytes) {
  print(line(block).add("early", bytes.early).add("octets", bytes.octets));
}

void RtcpPrinter::on_post_repair_loss_count(const XrBlock& block, const PostRepairLossCount& count) {
  JsonLine text = line(block);
  text.add("beginSequence", count.begin_sequence).add("endSequence", count.end_sequence);
  print(text.add("lost", count.lost_packets).add("repaired", count.repaired_packets));
}

void RtcpPrinter::on_frame_impairment(const XrBlock& block, const FrameImpairment& frames) {
  JsonLine text = line(block);
  text.add("derived", frames.derived).add("beginSequence", frames.begin_sequence);
  text.add("endSequence", frames.end_sequence).add("discarded", frames.discarded_frames);
  text.add("duplicates", frames.duplicate_frames).add("lost", frames.lost_frames);
  print(text.add("partlyLost", frames.partly_lost_frames));
}

void RtcpPrinter::on_mos(const XrBlock& block, const MosSegment& segment) {
  JsonLine text = line(block);
  text.add("algorithm", segment.algorithm).add("payloadType", segment.payload_type);
  if (segment.has_channel) text.add("channel", segment.channel);
  print(text.add("mos", segment.mos).add("overRange", segment.over_range));
}

void RtcpPrinter::on_loss_concealment(const XrBlock& block, const LossConcealment& concealment) {
  JsonLine text = line(block);
  text.add("plc", concealment.plc).add("onTime", concealment.on_time_ticks);
  text.add("lossConcealed", concealment.loss_concealed_ticks);
  text.add("adjustmentConcealed", concealment.adjustment_concealed_ticks);
  text.add("interruptions", concealment.interruptions);
  text.add("interruptionMean", concealment.interruption_mean_ticks);
  print(text.add("overRange", concealment.over_range));
}

void RtcpPrinter::on_concealed_seconds(const XrBlock& block, const ConcealedSeconds& seconds) {
  JsonLine text = line(block);
  text.add("plc", seconds.plc).add("unimpairedS", seconds.unimpaired_s);
  text.add("concealedS", seconds.concealed_s).add("severelyConcealedS", seconds.severely_concealed_s);
  print(text.add("threshold", seconds.threshold).add("overRange", seconds.over_range));
}

void RtcpPrinter::on_video_concealment(const XrBlock& block, const VideoConcealment& concealment) {
  JsonLine text = line(block);
  text.add("freeze", concealment.freeze).add("impaired", concealment.impaired_ticks);
  text.add("concealed", concealment.concealed_ticks).add("freezeMean", concealment.freeze_mean_ticks);
  text.add("impairedProportion", concealment.impaired_proportion);
  text.add("concealedProportion", concealment.concealed_proportion);
  text.add("concealedFrames", concealment.concealed_frames);
  print(text.add("overRange", concealment.over_range));
}

}  // namespace tools

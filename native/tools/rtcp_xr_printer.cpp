// RtcpPrinter: the blocks of XR.
#include <string>

#include "tools/rtcp_printer.h"

namespace tools {

using namespace rtpsonde;

JsonLine RtcpPrinter::line(const XrBlock& block) const {
  constexpr const char* kSpans[] = {"none", "sampled", "interval", "cumulative", "reserved"};
  JsonLine text = line("xr");
  text.add("blockType", block.type).add("name", xr_type_name(block.type)).add("words", block.length_words);
  text.add("specific", block.specific).ssrc("sender", block.sender_ssrc);
  if (block.span != XrSpan::kNone) text.add("span", kSpans[static_cast<int>(block.span)]);
  if (block.has_ssrc) text.ssrc("ssrc", block.ssrc);
  return text;
}

void RtcpPrinter::on_rle(const XrBlock& block, const RleReport& report) {
  const RleSummary sum = summarize_rle(block, report);
  std::string runs;
  RleReader reader(report);
  uint16_t sequence = 0;
  uint32_t packets = 0;
  bool set = false;
  while (reader.next(sequence, packets, set)) {
    JsonLine run;
    run.add("sequence", sequence).add("packets", packets).add("set", set);
    runs += (runs.empty() ? "" : ",") + run.object();
  }
  JsonLine text = line(block);
  text.hex("raw", report.chunks).add("thinning", report.thinning).add("beginSequence", report.begin_sequence);
  text.add("endSequence", report.end_sequence).add("packets", sum.packets).add("told", sum.told);
  text.add("marked", sum.marked).add("runs", sum.runs).add("longest", sum.longest);
  print(text.list("runsOfBits", runs));
}

void RtcpPrinter::on_receipt_times(const XrBlock& block, const ReceiptTimes& times) {
  std::string list;
  for (uint32_t i = 0; i < times.count; i++) {
    list += (i > 0 ? "," : "") + std::to_string(times.time_ticks(i));
  }
  JsonLine text = line(block);
  text.add("thinning", times.thinning).add("beginSequence", times.begin_sequence);
  print(text.add("endSequence", times.end_sequence).list("times", list));
}

void RtcpPrinter::on_receiver_reference_time(const XrBlock& block, const ReceiverReferenceTime& time) {
  print(line(block).ntp("ntp", time.ntp));
}

void RtcpPrinter::on_dlrr(const XrBlock& block, const DlrrItem& item) {
  print(line(block).ssrc("ssrc", item.ssrc).add("lrr", item.lrr).add("dlrr", item.dlrr));
}

void RtcpPrinter::on_statistics_summary(const XrBlock& block, const StatisticsSummary& summary) {
  JsonLine text = line(block);
  text.add("beginSequence", summary.begin_sequence).add("endSequence", summary.end_sequence);
  text.add("lost", summary.lost_packets).add("duplicates", summary.duplicate_packets);
  text.add("jitterMin", summary.jitter_min_ticks).add("jitterMax", summary.jitter_max_ticks);
  text.add("jitterMean", summary.jitter_mean_ticks).add("jitterDeviation", summary.jitter_deviation_ticks);
  text.add("ttlKind", static_cast<int>(summary.ttl_kind)).add("ttlMin", summary.ttl_min);
  text.add("ttlMax", summary.ttl_max).add("ttlMean", summary.ttl_mean);
  print(text.add("ttlDeviation", summary.ttl_deviation));
}

void RtcpPrinter::on_voip_metrics(const XrBlock& block, const VoipMetrics& metrics) {
  JsonLine text = line(block);
  text.add("lossRate", metrics.loss_rate).add("discardRate", metrics.discard_rate);
  text.add("burstDensity", metrics.burst_density).add("gapDensity", metrics.gap_density);
  text.add("burstMs", metrics.burst_duration_ms).add("gapMs", metrics.gap_duration_ms);
  text.add("roundTripMs", metrics.round_trip_delay_ms).add("endSystemMs", metrics.end_system_delay_ms);
  text.add("signalDbm0", metrics.signal_level_dbm0).add("noiseDbm0", metrics.noise_level_dbm0);
  text.add("rerlDb", metrics.rerl_db).add("gmin", metrics.gmin);
  text.add("rFactor", metrics.r_factor).add("extRFactor", metrics.ext_r_factor);
  text.add("mosLq", metrics.mos_lq).add("mosCq", metrics.mos_cq);
  text.add("plc", static_cast<int>(metrics.plc)).add("buffer", static_cast<int>(metrics.buffer));
  text.add("bufferRate", metrics.buffer_rate).add("bufferNominalMs", metrics.buffer_nominal_ms);
  text.add("bufferMaxMs", metrics.buffer_max_ms).add("bufferAbsMaxMs", metrics.buffer_abs_max_ms);
  print(text);
}

void RtcpPrinter::on_measurement_info(const XrBlock& block, const MeasurementInfo& info) {
  JsonLine text = line(block);
  text.add("firstSequence", info.first_sequence).add("intervalFirst", info.interval_first_sequence);
  text.add("lastSequence", info.last_sequence).add("intervalMs", info.interval_ms);
  print(text.add("cumulativeMs", info.cumulative_ms));
}

void RtcpPrinter::on_pdv(const XrBlock& block, const PdvMetrics& metrics) {
  JsonLine text = line(block);
  text.add("kind", static_cast<int>(metrics.kind)).add("positiveMs", metrics.positive_ms);
  text.add("positivePercentile", metrics.positive_percentile).add("negativeMs", metrics.negative_ms);
  text.add("negativePercentile", metrics.negative_percentile).add("meanMs", metrics.mean_ms);
  print(text.add("overRange", metrics.over_range));
}

void RtcpPrinter::on_delay(const XrBlock& block, const DelayMetrics& metrics) {
  JsonLine text = line(block);
  text.add("roundTripMeanMs", metrics.round_trip_mean_ms).add("roundTripMinMs", metrics.round_trip_min_ms);
  print(text.add("roundTripMaxMs", metrics.round_trip_max_ms).add("endSystemMs", metrics.end_system_ms));
}

void RtcpPrinter::on_dejitter_buffer(const XrBlock& block, const DejitterBuffer& buffer) {
  JsonLine text = line(block);
  text.add("adaptive", buffer.adaptive).add("nominalMs", buffer.nominal_ms).add("maxMs", buffer.max_ms);
  text.add("highMs", buffer.high_water_ms).add("lowMs", buffer.low_water_ms);
  print(text.add("overRange", buffer.over_range));
}

void RtcpPrinter::on_initial_sync_delay(const XrBlock& block, const InitialSyncDelay& delay) {
  print(line(block).add("delayMs", delay.delay_ms));
}

void RtcpPrinter::on_sync_offset(const XrBlock& block, const SyncOffset& offset) {
  print(line(block).add("offsetMs", offset.offset_ms));
}

void RtcpPrinter::on_idms(const XrBlock& block, const IdmsReport& report) {
  JsonLine text = line(block);
  text.ssrc("source", report.source_ssrc).add("senderType", report.sender_type);
  text.add("payloadType", report.payload_type).add("correlationId", report.correlation_id);
  text.ntp("receivedNtp", report.received_ntp).add("rtpTimestamp", report.rtp_timestamp);
  print(text.add("hasPresented", report.has_presented).add("presentedNtp", report.presented_ntp));
}

void RtcpPrinter::on_xnq(const XrBlock& block, const XnqMetrics& metrics) {
  JsonLine text = line(block);
  text.add("beginSequence", metrics.begin_sequence).add("endSequence", metrics.end_sequence);
  text.add("vmaxdiff", metrics.vmaxdiff).add("vrange", metrics.vrange).add("vsum", metrics.vsum);
  text.add("cycles", metrics.cycles).add("bufferEvents", metrics.buffer_events);
  text.add("degradedNetwork", metrics.degraded_network).add("degradedBuffer", metrics.degraded_buffer);
  print(text.add("es", metrics.errored_seconds).add("ses", metrics.severely_errored_seconds));
}

void RtcpPrinter::on_multicast_acquisition(const XrBlock& block, const MulticastAcquisition& report) {
  print(line(block).add("method", report.method).add("status", report.status));
}

void RtcpPrinter::on_skipped_block(const XrBlock& block) { print(line(block).add("skipped", true)); }
void RtcpPrinter::on_dropped_block(const XrBlock& block) { print(line(block).add("dropped", true)); }

}  // namespace tools

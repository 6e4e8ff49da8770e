// Writes everything in RTCP datagrams as JSON, one object per line.
#pragma once

#include <string>

#include "core/rtp/rtcp_visitor.h"
#include "tools/json_line.h"

namespace tools {

class RtcpPrinter : public rtpsonde::RtcpVisitor {
 public:
  // Lines are appended to `out`.
  explicit RtcpPrinter(std::string& out) : out_(out) {}

  // What comes now is of this frame, counted from 1.
  void begin_frame(uint64_t frame) {
    frame_ = frame;
    packet_ = -1;
  }
  // The line about the datagram as a whole, after what is in it.
  void print_end(const rtpsonde::RtcpRead& read, uint32_t payload_len, uint16_t src_port, uint16_t dst_port);

  void on_packet(const rtpsonde::RtcpPacket& packet) override;
  void on_sender_info(uint32_t sender_ssrc, const rtpsonde::SenderInfo& info) override;
  void on_report_block(uint32_t sender_ssrc, const rtpsonde::ReportBlock& block) override;
  void on_sdes_item(const rtpsonde::SdesItem& item) override;
  void on_bye(uint32_t ssrc, rtpsonde::Bytes reason) override;
  void on_app(const rtpsonde::App& app) override;
  void on_feedback(const rtpsonde::Feedback& feedback) override;
  void on_extended_jitter(const rtpsonde::ExtendedJitter& jitter) override;

  void on_rle(const rtpsonde::XrBlock& block, const rtpsonde::RleReport& report) override;
  void on_receipt_times(const rtpsonde::XrBlock& block, const rtpsonde::ReceiptTimes& times) override;
  void on_receiver_reference_time(const rtpsonde::XrBlock& block,
                                  const rtpsonde::ReceiverReferenceTime& time) override;
  void on_dlrr(const rtpsonde::XrBlock& block, const rtpsonde::DlrrItem& item) override;
  void on_statistics_summary(const rtpsonde::XrBlock& block,
                             const rtpsonde::StatisticsSummary& summary) override;
  void on_voip_metrics(const rtpsonde::XrBlock& block, const rtpsonde::VoipMetrics& metrics) override;
  void on_measurement_info(const rtpsonde::XrBlock& block, const rtpsonde::MeasurementInfo& info) override;
  void on_pdv(const rtpsonde::XrBlock& block, const rtpsonde::PdvMetrics& metrics) override;
  void on_delay(const rtpsonde::XrBlock& block, const rtpsonde::DelayMetrics& metrics) override;
  void on_dejitter_buffer(const rtpsonde::XrBlock& block, const rtpsonde::DejitterBuffer& buffer) override;
  void on_initial_sync_delay(const rtpsonde::XrBlock& block,
                             const rtpsonde::InitialSyncDelay& delay) override;
  void on_sync_offset(const rtpsonde::XrBlock& block, const rtpsonde::SyncOffset& offset) override;
  void on_idms(const rtpsonde::XrBlock& block, const rtpsonde::IdmsReport& report) override;
  void on_ecn_summary(const rtpsonde::XrBlock& block, const rtpsonde::EcnSummary& summary) override;
  void on_burst_gap_loss_summary(const rtpsonde::XrBlock& block,
                                 const rtpsonde::BurstGapLossSummary& summary) override;
  void on_burst_gap_discard_summary(const rtpsonde::XrBlock& block,
                                    const rtpsonde::BurstGapDiscardSummary& summary) override;
  void on_burst_gap_loss(const rtpsonde::XrBlock& block, const rtpsonde::BurstGapLoss& loss) override;
  void on_burst_gap_discard(const rtpsonde::XrBlock& block,
                            const rtpsonde::BurstGapDiscard& discard) override;
  void on_independent_burst_gap_discard(const rtpsonde::XrBlock& block,
                                        const rtpsonde::IndependentBurstGapDiscard& discard) override;
  void on_discard_count(const rtpsonde::XrBlock& block, const rtpsonde::DiscardCount& count) override;
  void on_bytes_discarded(const rtpsonde::XrBlock& block, const rtpsonde::BytesDiscarded& bytes) override;
  void on_post_repair_loss_count(const rtpsonde::XrBlock& block,
                                 const rtpsonde::PostRepairLossCount& count) override;
  void on_xnq(const rtpsonde::XrBlock& block, const rtpsonde::XnqMetrics& metrics) override;
  void on_multicast_acquisition(const rtpsonde::XrBlock& block,
                                const rtpsonde::MulticastAcquisition& report) override;
  void on_frame_impairment(const rtpsonde::XrBlock& block, const rtpsonde::FrameImpairment& frames) override;
  void on_mos(const rtpsonde::XrBlock& block, const rtpsonde::MosSegment& segment) override;
  void on_loss_concealment(const rtpsonde::XrBlock& block,
                           const rtpsonde::LossConcealment& concealment) override;
  void on_concealed_seconds(const rtpsonde::XrBlock& block,
                            const rtpsonde::ConcealedSeconds& seconds) override;
  void on_video_concealment(const rtpsonde::XrBlock& block,
                            const rtpsonde::VideoConcealment& concealment) override;
  void on_skipped_block(const rtpsonde::XrBlock& block) override;
  void on_dropped_block(const rtpsonde::XrBlock& block) override;

 private:
  // The fields that every line begins with.
  JsonLine line(const char* what) const;
  JsonLine line(const rtpsonde::XrBlock& block) const;

  void print(const JsonLine& text) { out_ += text.object() + "\n"; }

  std::string& out_;
  uint64_t frame_ = 0;
  int packet_ = -1;  // in the datagram, from 0
};

}  // namespace tools

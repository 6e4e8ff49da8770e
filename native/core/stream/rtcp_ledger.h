// Joins RTCP to the streams that it speaks of: every datagram of RTCP is read once,
// and what it says goes to the row of each stream concerned.
//
//   sender A ---- RTP, SR, DLRR ---> tap ----> receiver B     a row is of A's stream
//   sender A <--- RR, RRTR, XR, feedback <---- receiver B
#pragma once

#include <cstdint>

#include "core/base/counters.h"
#include "core/rtp/rtcp_visitor.h"
#include "core/stream/rtcp_join.h"
#include "core/stream/rtcp_row.h"

namespace rtpsonde {

// Where the rows are kept. A row that was just taken is all zero.
class RtcpRows {
 public:
  virtual ~RtcpRows() = default;
  // The row of a stream of the table, taken when it has none. There is one for each.
  virtual RtcpRow& row_of(uint32_t stream) = 0;
  // A row for the extended reports of one stream, one for each too. What it holds does
  // not matter.
  virtual EndpointReport& take_endpoint() = 0;
};

class RtcpLedger : private RtcpVisitor {
 public:
  RtcpLedger(StreamTable& table, const HashSeed& seed, RtcpRows& rows)
      : table_(table), join_(table, seed), rows_(rows) {}

  // To be called when a stream is accepted.
  void note_stream(uint32_t stream) { join_.note_stream(stream); }

  // One datagram of RTCP; `payload` without a TURN header. Gives its fate: kRtcp,
  // kEncryptedRtcp or kMalformedRtcp.
  Counter take(const Datagram& datagram, Bytes payload, uint32_t payload_len);

  // Since the beginning: report blocks, feedback and XR blocks about streams that the
  // tap does not see, or that name none.
  uint64_t unmatched() const { return unmatched_; }

 private:
  struct Found {
    uint32_t stream = StreamTable::kNone;
    RtcpRow* row = nullptr;  // null: no such stream, or not accepted yet
  };
  bool may_look();
  Found found(uint32_t stream);
  Found own(uint32_t ssrc);       // spoken of by its sender
  Found reported(uint32_t ssrc);  // spoken of by its receiver
  void count(uint32_t media_ssrc, RtcpCount what, uint32_t n = 1);
  // Where metrics are kept that `reporter_ssrc` tells of a stream; null for another
  // reporter than the one followed.
  EndpointReport* endpoint(uint32_t reporter_ssrc, uint32_t ssrc);
  EndpointReport* endpoint_of(RtcpRow& row, uint32_t reporter_ssrc);
  template <typename Metrics>
  void note(const XrBlock& block, const Metrics& metrics) {
    if (EndpointReport* report = endpoint(block.sender_ssrc, metrics.ssrc)) report->note(metrics);
  }
  // The same of blocks with an I flag.
  template <typename Metrics>
  void note_span(const XrBlock& block, const Metrics& metrics) {
    EndpointReport* const report = endpoint(block.sender_ssrc, metrics.ssrc);
    if (report == nullptr) return;
    report->note(block.span, metrics);
    if (block.span == XrSpan::kInterval && !report->has_interval(datagram_->ts_ns)) {
      memo_.row->counts.add(RtcpCount::kXrWithoutInterval);
    }
  }
  Counter count_compound(const RtcpRead& read);
  void count_block(const XrBlock& block, RtcpCount what);
  void count_entries(const Feedback& feedback, RtcpCount what);
  void settle_unnamed();

  void on_packet(const RtcpPacket& packet) override;
  void on_sender_info(uint32_t sender_ssrc, const SenderInfo& info) override;
  void on_report_block(uint32_t sender_ssrc, const ReportBlock& block) override;
  void on_sdes_item(const SdesItem& item) override;
  void on_bye(uint32_t ssrc, Bytes reason) override;
  void on_app(const App& app) override;
  void on_feedback(const Feedback& feedback) override;
  void on_extended_jitter(const ExtendedJitter& jitter) override;
  void on_rle(const XrBlock& block, const RleReport& report) override;
  void on_receiver_reference_time(const XrBlock& block, const ReceiverReferenceTime& time) override;
  void on_dlrr(const XrBlock& block, const DlrrItem& item) override;
  void on_idms(const XrBlock& block, const IdmsReport& report) override;
  void on_xnq(const XrBlock& block, const XnqMetrics& metrics) override;
  void on_skipped_block(const XrBlock& block) override { count_block(block, RtcpCount::kXrSkipped); }
  void on_dropped_block(const XrBlock& block) override { count_block(block, RtcpCount::kXrDropped); }

  void on_voip_metrics(const XrBlock& block, const VoipMetrics& m) override { note(block, m); }
  void on_statistics_summary(const XrBlock& block, const StatisticsSummary& m) override { note(block, m); }
  void on_receipt_times(const XrBlock& block, const ReceiptTimes& m) override { note(block, m); }
  void on_measurement_info(const XrBlock& block, const MeasurementInfo& m) override { note(block, m); }
  void on_initial_sync_delay(const XrBlock& block, const InitialSyncDelay& m) override { note(block, m); }
  void on_ecn_summary(const XrBlock& block, const EcnSummary& m) override { note(block, m); }
  void on_post_repair_loss_count(const XrBlock& block, const PostRepairLossCount& m) override {
    note(block, m);
  }
  void on_multicast_acquisition(const XrBlock& block, const MulticastAcquisition& m) override {
    note(block, m);
  }
  void on_frame_impairment(const XrBlock& block, const FrameImpairment& m) override { note(block, m); }

  void on_pdv(const XrBlock& block, const PdvMetrics& m) override { note_span(block, m); }
  void on_delay(const XrBlock& block, const DelayMetrics& m) override { note_span(block, m); }
  void on_dejitter_buffer(const XrBlock& block, const DejitterBuffer& m) override { note_span(block, m); }
  void on_sync_offset(const XrBlock& block, const SyncOffset& m) override { note_span(block, m); }
  void on_burst_gap_loss_summary(const XrBlock& block, const BurstGapLossSummary& m) override {
    note_span(block, m);
  }
  void on_burst_gap_discard_summary(const XrBlock& block, const BurstGapDiscardSummary& m) override {
    note_span(block, m);
  }
  void on_burst_gap_loss(const XrBlock& block, const BurstGapLoss& m) override { note_span(block, m); }
  void on_burst_gap_discard(const XrBlock& block, const BurstGapDiscard& m) override { note_span(block, m); }
  void on_independent_burst_gap_discard(const XrBlock& block, const IndependentBurstGapDiscard& m) override {
    note_span(block, m);
  }
  void on_discard_count(const XrBlock& block, const DiscardCount& m) override { note_span(block, m); }
  void on_bytes_discarded(const XrBlock& block, const BytesDiscarded& m) override { note_span(block, m); }
  void on_mos(const XrBlock& block, const MosSegment& m) override { note_span(block, m); }
  void on_loss_concealment(const XrBlock& block, const LossConcealment& m) override { note_span(block, m); }
  void on_concealed_seconds(const XrBlock& block, const ConcealedSeconds& m) override { note_span(block, m); }
  void on_video_concealment(const XrBlock& block, const VideoConcealment& m) override { note_span(block, m); }

  StreamTable& table_;
  RtcpJoin join_;
  RtcpRows& rows_;
  uint64_t unmatched_ = 0;

  // of the datagram that is being read
  static constexpr uint32_t kLooks = 128;    // searches, so that no datagram costs more; a full SR has 63
  static constexpr uint32_t kReported = 31;  // blocks of one report (RFC 3550 6.4.1)
  const Datagram* datagram_ = nullptr;
  RtcpRow* reported_rows_[kReported] = {};  // that report blocks spoke of, for what follows them
  uint32_t reported_count_ = 0;
  RtcpRow* block_rows_[kReported] = {};  // by block of the last report; null where it is not used
  uint32_t block_count_ = 0;
  uint32_t packets_ = 0;
  uint32_t looks_ = 0;
  uint8_t first_type_ = 0;
  // What names no stream: it is about those that the same datagram speaks of, wherever
  // in it they stand.
  struct Unnamed {
    uint32_t reference_key = 0;  // of an RRTR; 0: none
    uint32_t transport_ccs = 0;
    uint32_t xr_skipped = 0;
    uint32_t xr_dropped = 0;
    uint32_t apps = 0;
    uint32_t other_packets = 0;
    bool has_xnq = false;
    uint32_t xnq_reporter_ssrc = 0;
    XnqMetrics xnq{};
  } unnamed_;
  uint32_t memo_ssrc_ = 0;  // the stream last looked for among those reported on
  Found memo_;
  bool has_memo_ = false;
};

}  // namespace rtpsonde

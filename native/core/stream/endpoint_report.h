// What the receiver of a stream measured itself and told in extended reports (RFC
// 3611 and the block types after it): the last value of each figure, as reported.
//
// Blocks with an I flag may come twice in one packet, for the last interval and for all
// time. What is of a wider span stands: what is cumulative is not replaced by what is of
// an interval, and that not by a sample. RFC 6776 asks for measurement information
// beside interval figures; without it they are kept all the same, as their values are
// good and only the length of the interval is not known.
#pragma once

#include <cstdint>
#include <type_traits>

#include "core/rtp/rtcp_feedback.h"
#include "core/rtp/rtcp_xr_delay.h"
#include "core/rtp/rtcp_xr_loss.h"
#include "core/rtp/rtcp_xr_quality.h"
#include "core/rtp/rtcp_xr_rfc3611.h"
#include "core/stream/endpoint_figures.gen.h"
#include "core/stream/followed_reporter.h"

namespace rtpsonde {

constexpr size_t kFigureWords = 5;
static_assert(kEndpointFigures <= 32 * kFigureWords);

class EndpointReport {
 public:
  static constexpr uint8_t kNone = 0xff;

  // An extended report came; false when it is of another reporter than the one followed.
  // What a former one told is forgotten when another is followed.
  bool begin(uint32_t reporter_ssrc, int64_t seen_ns);

  // The reporter, and when its last block passed the tap.
  const FollowedReporter& reporter() const { return reporter_; }

  // Figure i, in the order of EndpointFigures, has bit i % 32 of word i / 32.
  using FigureBits = uint32_t[kFigureWords];
  const FigureBits& interval_bits() const { return interval_; }  // of the last interval alone
  const FigureBits& sampled_bits() const { return sampled_; }    // of one instant

  // Whether measurement information about the stream came at that time.
  bool has_interval(int64_t seen_ns) const { return info_ns_ == seen_ns; }

  EndpointFigures figures;
  int64_t voip_ns = 0;  // when the last VoIP metrics block passed the tap, 0: none

  uint8_t gmin = 0;                  // RFC 3611 4.7.2, 0: not reported
  uint8_t plc = kNone;               // RFC 3611 4.7.6: 0 unspecified, 1 disabled, 2 enhanced, 3 standard
  uint8_t buffer_kind = kNone;       // RFC 3611 4.7.7: 0 unknown, 1 reserved, 2 fixed, 3 adaptive
  uint8_t buffer_rate = kNone;       // RFC 3611 4.7.7: JB rate, 0..15
  uint8_t pdv_kind = kNone;          // RFC 6798: 0 MAPDV2, 1 two-point
  uint8_t mos_algorithm = kNone;     // RFC 7266: CAID
  uint8_t mos_payload_type = kNone;  // RFC 7266
  uint8_t dejitter_kind = kNone;     // RFC 7005: 0 fixed, 1 adaptive
  uint8_t concealment_plc = kNone;   // RFC 7294: 0 unspecified, 1 silence, 2 simple, 3 enhanced
  uint8_t burst_combined = kNone;    // RFC 6958: 1 bursts of loss and discard, 0 of loss

  // Of the blocks that have an I flag, `span` is what it says.
  void note(const VoipMetrics& m);
  void note(const StatisticsSummary& m);
  void note(XrSpan span, const PdvMetrics& m);
  void note(XrSpan span, const DelayMetrics& m);
  void note(XrSpan span, const BurstGapLoss& m);
  void note(XrSpan span, const BurstGapLossSummary& m);
  void note(XrSpan span, const BurstGapDiscard& m);
  void note(XrSpan span, const BurstGapDiscardSummary& m);
  void note(XrSpan span, const IndependentBurstGapDiscard& m);
  void note(XrSpan span, const DejitterBuffer& m);
  void note(XrSpan span, const DiscardCount& m);
  void note(XrSpan span, const BytesDiscarded& m);
  void note(const XrBlock& block, const RleReport& m);
  void note(const ReceiptTimes& m);
  void note(const PostRepairLossCount& m);
  void note(XrSpan span, const MosSegment& m);  // of the stream as a whole, not of one channel
  void note(XrSpan span, const LossConcealment& m);
  void note(XrSpan span, const ConcealedSeconds& m);
  void note(XrSpan span, const VideoConcealment& m);
  void note(const FrameImpairment& m);
  void note(const EcnCounts& m);
  void note(const InitialSyncDelay& m);
  void note(XrSpan span, const SyncOffset& m);
  void note(const IdmsReport& m);
  void note(const MulticastAcquisition& m);
  void note(const MeasurementInfo& m);
  void note(const XnqMetrics& m);

 private:
  // What is told together, and so is replaced together.
  enum class Group : uint8_t {
    kPdv,
    kDelay,
    kBurstLoss,
    kBurstLossSummary,
    kBurstDiscard,
    kBurstDiscardSummary,
    kIndependentDiscard,
    kDejitter,
    kDiscardedDuplicate,
    kDiscardedEarly,
    kDiscardedLate,
    kEarlyOctets,
    kLateOctets,
    kSyncOffset,
    kMos,
    kConcealment,
    kConcealedSeconds,
    kVideo
  };
  static constexpr size_t kGroups = 18;

  // False when the group has figures of a wider span, which stand. `main_figure` is NaN
  // when the block has nothing to tell.
  bool replaces(Group group, XrSpan span, double main_figure);
  void put(float& figure, double value, XrSpan span = XrSpan::kNone);

  FollowedReporter reporter_;
  int64_t info_ns_ = -1;  // of the last measurement information, -1: none
  FigureBits interval_ = {};
  FigureBits sampled_ = {};
  uint8_t widths_[kGroups] = {};  // span of what is held: 0 none, 1 sampled, 2 interval, 3 cumulative
};
static_assert(std::is_trivially_copyable_v<EndpointReport>);

}  // namespace rtpsonde

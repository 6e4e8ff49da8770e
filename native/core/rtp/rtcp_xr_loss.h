// XR blocks about lost and discarded packets: burst and gap (RFC 6958, RFC 7003,
// RFC 7004, RFC 8015), discards (RFC 7002, RFC 7243), repair (RFC 7509), ECN (RFC 6679).
// Unavailable and over-range figures: see rtcp_xr_delay.h.
#pragma once

#include <cstdint>

#include "core/base/bytes.h"
#include "core/rtp/ecn_counts.h"
#include "core/rtp/rtcp_xr.h"

namespace rtpsonde {

// BT 13 (RFC 6679 5.2): one of several.
struct EcnSummary : EcnCounts {
  uint32_t ssrc;  // of the media sender
};
// Items captured as a whole; 0 when the length is no multiple of five words.
uint32_t ecn_summary_items(const XrBlock& block);
EcnSummary read_ecn_summary(const XrBlock& block, uint32_t index);

// BT 17 (RFC 7004 3.1).
struct BurstGapLossSummary {
  uint32_t ssrc;
  double burst_loss_rate;  // 0..1, of the packets expected within bursts
  double gap_loss_rate;    // 0..1, within gaps
  double burst_mean_ms;    // duration
  double burst_variance_ms2;
};
bool read_burst_gap_loss_summary(const XrBlock& block, BurstGapLossSummary& out);

// BT 18 (RFC 7004 3.2).
struct BurstGapDiscardSummary {
  uint32_t ssrc;
  double burst_discard_rate;  // 0..1
  double gap_discard_rate;    // 0..1
};
bool read_burst_gap_discard_summary(const XrBlock& block, BurstGapDiscardSummary& out);

// BT 20 (RFC 6958).
struct BurstGapLoss {
  uint32_t ssrc;
  bool combined;              // C: holds only together with a discard block of the same compound
  uint8_t threshold_packets;  // Gmin
  double burst_sum_ms;        // durations of all bursts
  double lost_packets;        // within bursts
  double expected_packets;    // within bursts
  double bursts;
  double burst_squares_ms2;  // squares of the durations, summed
  bool over_range;
};
bool read_burst_gap_loss(const XrBlock& block, BurstGapLoss& out);

// BT 21 (RFC 7003), which the RFC as printed calls 20: also BT 20 with length 3.
struct BurstGapDiscard {
  uint32_t ssrc;
  uint8_t threshold_packets;
  double discarded_packets;  // within bursts
  double expected_packets;   // within bursts
  bool over_range;
};
bool read_burst_gap_discard(const XrBlock& block, BurstGapDiscard& out);

// BT 35 (RFC 8015).
struct IndependentBurstGapDiscard {
  uint32_t ssrc;
  uint8_t threshold_packets;
  double burst_sum_ms;
  double burst_discarded_packets;
  double bursts;
  double expected_packets;   // within bursts
  double discarded_packets;  // in all
  bool over_range;
};
bool read_independent_burst_gap_discard(const XrBlock& block, IndependentBurstGapDiscard& out);

// BT 24 (RFC 7002).
struct DiscardCount {
  enum class Why : uint8_t { kDuplicate = 0, kEarly = 1, kLate = 2 };
  uint32_t ssrc;
  Why why;
  double packets;
  bool over_range;
};
bool read_discard_count(const XrBlock& block, DiscardCount& out);

// BT 26 (RFC 7243).
struct BytesDiscarded {
  uint32_t ssrc;
  bool early;       // E: because too early, otherwise because too late
  uint32_t octets;  // of RTP payload
};
bool read_bytes_discarded(const XrBlock& block, BytesDiscarded& out);

// BT 33 (RFC 7509). Its text says length 4, its figure 3: both are read.
struct PostRepairLossCount {
  uint32_t ssrc;
  uint16_t begin_sequence;
  uint16_t end_sequence;  // one after the last
  uint16_t lost_packets;  // still missing after repair
  uint16_t repaired_packets;
};
bool read_post_repair_loss_count(const XrBlock& block, PostRepairLossCount& out);

}  // namespace rtpsonde

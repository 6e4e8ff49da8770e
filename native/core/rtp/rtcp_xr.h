// Extended reports (RFC 3611 3): walking the blocks of an XR packet, and what all
// the blocks have in common. The contents are in rtcp_xr_*.h.
#pragma once

#include <cstdint>

#include "core/base/bytes.h"
#include "core/rtp/rtcp.h"

namespace rtpsonde {

// IANA "RTCP XR Block Type Registry".
enum class XrType : uint8_t {
  kLossRle = 1,
  kDuplicateRle = 2,
  kReceiptTimes = 3,
  kReceiverReferenceTime = 4,
  kDlrr = 5,
  kStatisticsSummary = 6,
  kVoipMetrics = 7,
  kXnq = 8,     // RFC 5093
  kTiVoip = 9,  // Texas Instruments; layout not public
  kPostRepairLossRle = 10,
  kMulticastAcquisition = 11,
  kIdms = 12,
  kEcnSummary = 13,
  kMeasurementInfo = 14,
  kPacketDelayVariation = 15,
  kDelay = 16,
  kBurstGapLossSummary = 17,
  kBurstGapDiscardSummary = 18,
  kFrameImpairment = 19,
  kBurstGapLoss = 20,
  kBurstGapDiscard = 21,
  kTsDecodability = 22,  // MPEG2 transport streams, RFC 6990: stepped over
  kDejitterBuffer = 23,
  kDiscardCount = 24,
  kDiscardRle = 25,
  kBytesDiscarded = 26,
  kInitialSyncDelay = 27,
  kSyncOffset = 28,
  kMos = 29,
  kLossConcealment = 30,
  kConcealedSeconds = 31,
  kTsPsiDecodability = 32,  // RFC 7380: stepped over
  kPostRepairLossCount = 33,
  kVideoLossConcealment = 34,
  kIndependentBurstGapDiscard = 35,
};

// "VoIP metrics" and so on, for people; "unknown" for what the registry has not.
const char* xr_type_name(uint8_t type);

// The I flag of the metric blocks (RFC 6792 and each block's RFC).
enum class XrSpan : uint8_t {
  kNone,        // the block has no I flag
  kSampled,     // 01: at one instant
  kInterval,    // 10: since the report before; its bounds are in the MeasurementInfo of the compound
  kCumulative,  // 11: since the beginning
  kReserved,    // 00: the block is dropped, as its RFC says
};

// One block, its content not yet read.
struct XrBlock {
  uint8_t type;           // BT
  uint8_t specific;       // the octet after BT
  uint16_t length_words;  // 32-bit words after the 4 octet header
  bool has_ssrc;          // the first word names the stream it is about
  XrSpan span;
  uint32_t sender_ssrc;  // who reports
  uint32_t ssrc;         // the stream reported on, when has_ssrc
  Bytes body;            // after the header, as far as captured

  uint32_t length() const { return 4U * length_words; }
  bool whole() const { return body.size == length(); }
};

// Walks the blocks of a packet of type 207.
class XrReader {
 public:
  explicit XrReader(const RtcpPacket& packet)
      : body_(packet.body.first(packet.body_len - packet.padding)),
        body_len_(packet.body_len - packet.padding) {}
  // kPacket: `out` holds the next block, which may be cut in its body.
  RtcpStep next(XrBlock& out);

 private:
  Bytes body_;
  uint32_t body_len_;
  uint32_t offset_ = 4;  // after the SSRC of the sender
};

}  // namespace rtpsonde

#include "core/rtp/rtcp_xr.h"

namespace rtpsonde {
namespace {

struct TypeInfo {
  const char* name;
  bool has_ssrc;  // the first word is the SSRC of the stream reported on
  bool has_span;  // the two bits after BT are an I flag
};

constexpr TypeInfo kUnknown{"unknown", false, false};

TypeInfo info_of(uint8_t type) {
  switch (XrType{type}) {
    case XrType::kLossRle:
      return {"loss RLE", true, false};
    case XrType::kDuplicateRle:
      return {"duplicate RLE", true, false};
    case XrType::kReceiptTimes:
      return {"packet receipt times", true, false};
    case XrType::kReceiverReferenceTime:
      return {"receiver reference time", false, false};
    case XrType::kDlrr:
      return {"DLRR", false, false};
    case XrType::kStatisticsSummary:
      return {"statistics summary", true, false};
    case XrType::kVoipMetrics:
      return {"VoIP metrics", true, false};
    case XrType::kXnq:
      return {"XNQ", false, false};
    case XrType::kTiVoip:
      return {"TI extended VoIP quality", false, false};
    case XrType::kPostRepairLossRle:
      return {"post-repair loss RLE", true, false};
    case XrType::kMulticastAcquisition:
      return {"multicast acquisition", true, false};
    case XrType::kIdms:
      return {"IDMS", false, false};
    case XrType::kEcnSummary:
      return {"ECN summary", false, false};
    case XrType::kMeasurementInfo:
      return {"measurement information", true, false};
    case XrType::kPacketDelayVariation:
      return {"packet delay variation", true, true};
    case XrType::kDelay:
      return {"delay", true, true};
    case XrType::kBurstGapLossSummary:
      return {"burst/gap loss summary", true, true};
    case XrType::kBurstGapDiscardSummary:
      return {"burst/gap discard summary", true, true};
    case XrType::kFrameImpairment:
      return {"frame impairment", true, false};
    case XrType::kBurstGapLoss:
      return {"burst/gap loss", true, true};
    case XrType::kBurstGapDiscard:
      return {"burst/gap discard", true, true};
    case XrType::kTsDecodability:
      return {"MPEG2-TS PSI-independent decodability", true, false};
    case XrType::kDejitterBuffer:
      return {"de-jitter buffer", true, true};
    case XrType::kDiscardCount:
      return {"discard count", true, true};
    case XrType::kDiscardRle:
      return {"discard RLE", true, false};
    case XrType::kBytesDiscarded:
      return {"bytes discarded", true, true};
    case XrType::kInitialSyncDelay:
      return {"initial synchronization delay", true, false};
    case XrType::kSyncOffset:
      return {"synchronization offset", true, true};
    case XrType::kMos:
      return {"MOS", true, true};
    case XrType::kLossConcealment:
      return {"loss concealment", true, true};
    case XrType::kConcealedSeconds:
      return {"concealed seconds", true, true};
    case XrType::kTsPsiDecodability:
      return {"MPEG2-TS PSI decodability", true, false};
    case XrType::kPostRepairLossCount:
      return {"post-repair loss count", true, false};
    case XrType::kVideoLossConcealment:
      return {"video loss concealment", true, true};
    case XrType::kIndependentBurstGapDiscard:
      return {"independent burst/gap discard", true, true};
  }
  return kUnknown;
}

}  // namespace

const char* xr_type_name(uint8_t type) { return info_of(type).name; }

// RFC 3611 2 and 3: the sender, then blocks until the packet ends
//
//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |V=2|P|reserved |   PT=XR=207   |             length            |
// |                              SSRC                             |
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |      BT       | type-specific |   block length (words - 1)    |
// |             type-specific block contents                      |
RtcpStep XrReader::next(XrBlock& out) {
  constexpr XrSpan kSpans[] = {XrSpan::kReserved, XrSpan::kSampled, XrSpan::kInterval, XrSpan::kCumulative};
  if (body_len_ < 4) return RtcpStep::kMalformed;  // RFC 3611 2: the SSRC is always there
  if (offset_ == body_len_) return RtcpStep::kEnd;
  if (body_len_ - offset_ < 4) return RtcpStep::kMalformed;
  if (!body_.has(offset_, 4)) return RtcpStep::kCut;
  out.type = body_.u8(offset_);
  out.specific = body_.u8(offset_ + 1);
  out.length_words = body_.be16(offset_ + 2);
  if (out.length() > body_len_ - offset_ - 4) return RtcpStep::kMalformed;
  out.body = body_.from(offset_ + 4).first(out.length());
  out.sender_ssrc = body_.be32(0);
  const TypeInfo info = info_of(out.type);
  out.has_ssrc = info.has_ssrc && out.body.has(0, 4);
  out.ssrc = out.has_ssrc ? out.body.be32(0) : 0;
  out.span = info.has_span ? kSpans[out.specific >> 6] : XrSpan::kNone;
  offset_ += 4 + out.length();
  return RtcpStep::kPacket;
}

}  // namespace rtpsonde

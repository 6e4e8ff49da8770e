// Feedback of AVPF (RFC 4585, RFC 5104 and others), the feedback packets before
// it (RFC 2032), and the extended jitter report (RFC 5450): what is in them.
#pragma once

#include <cstdint>

#include "core/base/bytes.h"
#include "core/rtp/ecn_counts.h"
#include "core/rtp/rtcp.h"

namespace rtpsonde {

enum class FeedbackKind : uint8_t {
  kNack,         // RTPFB 1, RFC 4585 6.2.1; also PT 193, RFC 2032 5.2.2
  kTmmbr,        // RTPFB 3, RFC 5104 4.2.1: bit rate asked for
  kTmmbn,        // RTPFB 4, RFC 5104 4.2.2: bit rate granted
  kEcn,          // RTPFB 8, RFC 6679 5.1
  kCcfb,         // RTPFB 11, RFC 8888
  kTransportCc,  // RTPFB 15, draft-holmer-rmcat-transport-wide-cc-extensions-01
  kPli,          // PSFB 1, RFC 4585 6.3.1: picture loss
  kSli,          // PSFB 2, RFC 4585 6.3.2: slice loss
  kRpsi,         // PSFB 3, RFC 4585 6.3.3: reference picture
  kFir,          // PSFB 4, RFC 5104 4.3.1: full intra request; also PT 192, RFC 2032 5.2.1
  kTstr,         // PSFB 5, RFC 5104 4.3.2: trade-off asked for
  kTstn,         // PSFB 6, RFC 5104 4.3.3: trade-off granted
  kVbcm,         // PSFB 7, RFC 5104 4.3.4: H.271 back channel
  kRemb,         // PSFB 15 with "REMB", draft-alvestrand-rmcat-remb-03
  kApplication,  // PSFB 15 with anything else, RFC 4585 6.4
  kUnknown,      // another FMT: only the two SSRCs are known
};

// What all feedback packets have (RFC 4585 6.1).
struct Feedback {
  FeedbackKind kind;
  uint8_t packet_type;   // 192, 193, 205 or 206
  uint8_t format;        // FMT, 0..31
  bool has_sender;       // not in PT 192 and 193, which name only the source asked
  uint32_t sender_ssrc;  // who sends the feedback, when has_sender
  uint32_t media_ssrc;   // the stream it is about; 0 where the entries name it (and in CCFB)
  uint32_t entries;      // FCI entries present, for the kinds that have entries
  uint32_t fci_len;      // octets of feedback control information, padding not included
  Bytes fci;             // of these, captured
};

// RFC 4585 6.2.1: one entry of a NACK.
struct NackEntry {
  uint16_t packet_id;  // the first packet asked for
  uint16_t bitmask;    // of the 16 that follow it, bit 0 the first

  uint32_t packets() const { return 1U + static_cast<uint32_t>(__builtin_popcount(bitmask)); }
};

// RFC 5104 4.2.1: one entry of TMMBR or TMMBN.
struct BitrateLimit {
  uint32_t ssrc;
  double bitrate_bps;        // at most, with the overhead below
  uint16_t overhead_octets;  // per packet, 0..511
};

// RFC 6679 5.1.
struct EcnFeedback : EcnCounts {
  uint32_t highest_sequence;  // extended
};

// RFC 8888 3.1: one stream of a CCFB, its packet reports counted.
struct CongestionReport {
  uint32_t ssrc;
  uint16_t begin_sequence;
  uint16_t reports;   // packets reported on
  uint32_t received;  // of these, packets that arrived
  uint32_t ce_marked;
  uint32_t present;  // of `reports`, captured
};

// Transport-wide feedback, its packet status counted.
struct TransportFeedback {
  uint16_t base_sequence;    // transport-wide number of the first packet
  uint16_t packets;          // reported on
  uint32_t present;          // of these, with a status that was captured
  uint32_t received;         // of these, packets that arrived
  double reference_time_ms;  // of the receiver's clock, multiple of 64 ms, may be negative
  uint8_t feedback_count;    // modulo 256
};

// RFC 4585 6.3.2: macroblocks lost.
struct SliceLoss {
  uint16_t first;      // 13 bit
  uint16_t number;     // 13 bit
  uint8_t picture_id;  // 6 bit
};

// RFC 5104 4.3.1 FIR, 4.3.2 TSTR and TSTN: one entry.
struct CodecCommand {
  uint32_t ssrc;
  uint8_t sequence;   // command sequence number; 0 in PT 192, which has none
  uint8_t trade_off;  // TSTR and TSTN: 0 (quality) .. 31 (frame rate); 0 in FIR
};

// draft-alvestrand-rmcat-remb-03: the receiver's estimate for all `ssrcs` together.
struct ReceiverBitrate {
  double bitrate_bps;
  uint32_t ssrc_count;  // captured
  Bytes ssrcs;          // ssrc_count * 4 octets

  uint32_t ssrc(uint32_t index) const { return ssrcs.be32(4UL * index); }
};

// RFC 5104 4.3.4: one entry of a video back channel message; its H.271 string is not read.
struct BackChannelMessage {
  uint32_t ssrc;
  uint8_t sequence;
  uint8_t payload_type;  // of the string, 0..127
  uint16_t octets;       // of the string
};

// Opens a packet of type 192, 193, 205 or 206. False when the lengths cannot be
// or the SSRCs were not captured.
bool read_feedback(const RtcpPacket& packet, Feedback& out);

// The entries; `index` must be below Feedback::entries.
NackEntry read_nack(const Feedback& feedback, uint32_t index);
BitrateLimit read_bitrate_limit(const Feedback& feedback, uint32_t index);  // kTmmbr, kTmmbn
SliceLoss read_slice_loss(const Feedback& feedback, uint32_t index);
CodecCommand read_codec_command(const Feedback& feedback, uint32_t index);  // kFir, kTstr, kTstn

// Packets asked for by all entries of a NACK.
uint32_t nack_packets(const Feedback& feedback);

// The single contents; false when the feedback is too short for them.
bool read_ecn_feedback(const Feedback& feedback, EcnFeedback& out);
bool read_transport_feedback(const Feedback& feedback, TransportFeedback& out);
bool read_receiver_bitrate(const Feedback& feedback, ReceiverBitrate& out);

// Walks the streams of a CCFB.
class CongestionReader {
 public:
  explicit CongestionReader(const Feedback& feedback)
      // Without the report timestamp, which ends the packet.
      : fci_(feedback.fci.first(feedback.fci_len < 4 ? 0 : feedback.fci_len - 4)),
        fci_len_(feedback.fci_len < 4 ? 0 : feedback.fci_len - 4) {}
  bool next(CongestionReport& out);

 private:
  Bytes fci_;
  uint32_t fci_len_;
  uint32_t offset_ = 0;
};

// Walks the entries of a VBCM.
class BackChannelReader {
 public:
  explicit BackChannelReader(const Feedback& feedback) : fci_(feedback.fci), fci_len_(feedback.fci_len) {}
  bool next(BackChannelMessage& out);

 private:
  Bytes fci_;
  uint32_t fci_len_;
  uint32_t offset_ = 0;
};

// RFC 5450 4: one jitter per report block of the RR or SR before it, in its order.
struct ExtendedJitter {
  uint32_t count;    // as the RC field says
  uint32_t present;  // of these, captured
  Bytes jitters;     // present * 4 octets

  uint32_t jitter_ticks(uint32_t index) const { return jitters.be32(4UL * index); }
};

// Opens a packet of type 195. False when RC asks for more than fits.
bool read_extended_jitter(const RtcpPacket& packet, ExtendedJitter& out);

}  // namespace rtpsonde

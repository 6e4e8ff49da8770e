// Sender and receiver reports (RFC 3550 6.4): what a sender says of itself, and
// what a receiver says of each source it hears.
#pragma once

#include <cstdint>

#include "core/base/bytes.h"
#include "core/rtp/rtcp.h"

namespace rtpsonde {

// RFC 3550 6.4.1. All counters begin anew when the sender changes its SSRC.
struct SenderInfo {
  uint64_t ntp;            // wallclock, 32.32 bit seconds since 1900; 0: the sender has none
  uint32_t rtp_timestamp;  // the same instant in ticks of the media clock
  uint32_t packets;        // RTP packets sent, modulo 2^32
  uint32_t octets;         // payload octets sent, modulo 2^32

  // The middle 32 bits of `ntp`, as a report block echoes them in its LSR.
  uint32_t ntp_middle() const { return static_cast<uint32_t>(ntp >> 16); }
};

// RFC 3550 6.4.1. What the sender of the report says of the RTP stream `ssrc`.
struct ReportBlock {
  uint32_t ssrc;              // the source that is reported on
  uint8_t fraction_lost;      // since the report before, in 1/256
  int32_t cumulative_lost;    // packets since the beginning, -2^23..2^23-1; duplicates take away
  uint32_t highest_sequence;  // cycles in the upper 16 bits, modulo 2^32
  uint32_t jitter_ticks;      // RFC 3550 A.8, in ticks of the media clock
  uint32_t lsr;               // ntp_middle() of the last SR of `ssrc`; 0: none received
  uint32_t dlsr;              // from that SR to this report, in 1/65536 s

  double dlsr_ms() const { return dlsr * (1000.0 / 65536.0); }
};

constexpr uint32_t kReportBlockOctets = 24;

// An SR or RR, opened; the blocks are read one by one.
struct Report {
  uint32_t sender_ssrc;     // of the report, not of the stream reported on
  bool has_sender_info;     // an SR, captured as far as its sender info goes
  SenderInfo sender_info;   // meaningful when has_sender_info
  uint32_t block_count;     // as the RC field says, 0..31
  uint32_t blocks_present;  // of these, captured as a whole
  Bytes blocks;             // blocks_present * 24 octets
  Bytes extension;          // profile-specific (RFC 3550 6.4.3), as far as captured; not interpreted
};

// Opens a packet of type 200 or 201. False when the SSRC was not captured or the
// RC field asks for more blocks than the length field has room for.
bool read_report(const RtcpPacket& packet, Report& out);

// Reads block `index`, which must be below blocks_present.
ReportBlock read_report_block(const Report& report, uint32_t index);

}  // namespace rtpsonde

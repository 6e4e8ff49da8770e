#include "core/rtp/rtcp_reports.h"

namespace rtpsonde {

// RFC 3550 6.4.1; an RR has no sender info
//
//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |V=2|P|    RC   |   PT=SR=200   |             length            |
// |                         SSRC of sender                        |
// +=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+
// |              NTP timestamp, most significant word             |
// |             NTP timestamp, least significant word             |
// |                         RTP timestamp                         |
// |                     sender's packet count                     |
// |                      sender's octet count                     |
// +=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+
// |                    RC report blocks of 24 octets              |
// +=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+
// |                  profile-specific extensions                  |
bool read_report(const RtcpPacket& packet, Report& out) {
  constexpr uint32_t kSenderInfoOctets = 20;
  const bool is_sr = packet.type == 200;
  const uint32_t blocks_at = 4 + (is_sr ? kSenderInfoOctets : 0);
  const uint32_t blocks_len = packet.count * kReportBlockOctets;
  const uint32_t content_len = packet.body_len - packet.padding;
  if (content_len < blocks_at + blocks_len || !packet.body.has(0, 4)) return false;
  const Bytes content = packet.body.first(content_len);
  out.sender_ssrc = content.be32(0);
  out.has_sender_info = is_sr && content.has(4, kSenderInfoOctets);
  out.sender_info = {};
  if (out.has_sender_info) {
    out.sender_info.ntp = content.be64(4);
    out.sender_info.rtp_timestamp = content.be32(12);
    out.sender_info.packets = content.be32(16);
    out.sender_info.octets = content.be32(20);
  }
  out.block_count = packet.count;
  out.blocks = content.from(blocks_at).first(blocks_len);
  out.blocks_present = static_cast<uint32_t>(out.blocks.size / kReportBlockOctets);
  out.blocks = out.blocks.first(out.blocks_present * kReportBlockOctets);
  out.extension = content.from(blocks_at + blocks_len);
  return true;
}

// RFC 3550 6.4.1
//
//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |                 SSRC_n (SSRC of the source)                   |
// | fraction lost |       cumulative number of packets lost       |
// |           extended highest sequence number received           |
// |                      interarrival jitter                      |
// |                         last SR (LSR)                         |
// |                   delay since last SR (DLSR)                  |
ReportBlock read_report_block(const Report& report, uint32_t index) {
  const Bytes block = report.blocks.from(index * kReportBlockOctets);
  ReportBlock out;
  out.ssrc = block.be32(0);
  out.fraction_lost = block.u8(4);
  // 24 bits with a sign: duplicates make it negative.
  out.cumulative_lost = static_cast<int32_t>(block.be32(4) << 8) >> 8;
  out.highest_sequence = block.be32(8);
  out.jitter_ticks = block.be32(12);
  out.lsr = block.be32(16);
  out.dlsr = block.be32(20);
  return out;
}

}  // namespace rtpsonde

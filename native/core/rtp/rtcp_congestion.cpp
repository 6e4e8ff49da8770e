// Feedback that tells of every packet, for congestion control: CCFB (RFC 8888) and
// transport-wide feedback. Declared in rtcp_feedback.h; only counts are taken.
#include <algorithm>

#include "core/rtp/rtcp_feedback.h"

namespace rtpsonde {

// RFC 8888 3.1; an odd number of reports is padded, and a timestamp ends the packet
//
//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |                   SSRC of nth RTP Stream                      |
// |          begin_seq            |          num_reports          |
// |R|ECN|  Arrival time offset    | ...                           |
bool CongestionReader::next(CongestionReport& out) {
  if (!fci_.has(offset_, 8)) return false;
  out = {};
  out.ssrc = fci_.be32(offset_);
  out.begin_sequence = fci_.be16(offset_ + 4);
  out.reports = fci_.be16(offset_ + 6);
  const uint32_t octets = (2U * out.reports + 3) & ~3U;
  if (octets > fci_len_ - offset_ - 8) return false;
  const Bytes reports = fci_.from(offset_ + 8).first(2UL * out.reports);
  out.present = static_cast<uint32_t>(reports.size / 2);
  for (uint32_t i = 0; i < out.present; i++) {
    const uint16_t report = reports.be16(2UL * i);
    if ((report & 0x8000) == 0) continue;
    out.received++;
    if ((report & 0x6000) == 0x6000) out.ce_marked++;
  }
  offset_ += 8 + octets;
  return true;
}

// draft-holmer-rmcat-transport-wide-cc-extensions-01 3.1
//
//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |      base sequence number     |      packet status count      |
// |                 reference time                | fb pkt. count |
// |          packet chunk         |         packet chunk          |
// |           ...                 |  recv delta   |  recv delta   |
//
// chunk: | 0 | status (2) | run length (13)  | or | 1 | 0 | 14 status of 1 bit |
//                                            or | 1 | 1 | 7 status of 2 bits |
bool read_transport_feedback(const Feedback& feedback, TransportFeedback& out) {
  const Bytes fci = feedback.fci;
  if (!fci.has(0, 8)) return false;
  out = {};
  out.base_sequence = fci.be16(0);
  out.packets = fci.be16(2);
  const uint32_t word = fci.be32(4);
  out.reference_time_ms = 64.0 * (static_cast<int32_t>(word) >> 8);
  out.feedback_count = static_cast<uint8_t>(word);
  // Status 0 is not received; 1 and 2 are received, 3 is received without a time.
  for (uint32_t at = 8; out.present < out.packets && fci.has(at, 2); at += 2) {
    const uint32_t chunk = fci.be16(at);
    const uint32_t left = out.packets - out.present;
    if ((chunk & 0x8000) == 0) {
      const uint32_t run = std::min(chunk & 0x1fff, left);
      if ((chunk & 0x6000) != 0) out.received += run;
      out.present += run;
      continue;
    }
    const uint32_t width = (chunk & 0x4000) != 0 ? 2 : 1;
    const uint32_t status_count = std::min(14 / width, left);
    for (uint32_t i = 0; i < status_count; i++) {
      const uint32_t status = (chunk >> (14 - width * (i + 1))) & ((1U << width) - 1);
      if (status != 0) out.received++;
    }
    out.present += status_count;
  }
  return true;
}

}  // namespace rtpsonde

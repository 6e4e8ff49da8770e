#include "core/engine/copy_filter.h"

namespace rtpsonde {

bool CopyFilter::count(const CopyVerdict& verdict) {
  if (verdict.overwrote) counters_.add(Counter::kCopyCacheOverwrites);
  if (verdict.copy) counters_.add(Counter::kSpanCopies);
  return verdict.copy;
}

bool CopyFilter::check_rtp(const MeterItem& item, uint32_t row, SpanCopies::Note noted) {
  if (noted != SpanCopies::Note::kSeen) return count({.overwrote = noted == SpanCopies::Note::kOverwrote});
  PacketMarks seen = marks(item);
  seen.numbered = true;
  seen.young =
      row == StreamTable::kNone || table_.hot(row).max_seq - table_.hot(row).base_seq < kYoungNumbers;
  const CopyVerdict verdict =
      copies_.judge(seen, item.digest, item.place, discriminator(item), item.datagram.ts_ns);
  if (!count(verdict)) return false;
  if (row != StreamTable::kNone)
    table_.parts().note_copy(table_.hot(row), table_.cold(row), verdict.delay_ns);
  return true;
}

// RTCP takes the hash of the RTP stream with the even port (RFC 3550 11), whose
// packets tell whether copies are the rule.
bool CopyFilter::check_rtcp(const MeterItem& item) {
  const Datagram& d = item.datagram;
  const Bytes payload = d.payload;
  const uint64_t flow = static_cast<uint64_t>(d.src_port & 0xfffe) << 48 |
                        static_cast<uint64_t>(d.dst_port & 0xfffe) << 32 | payload.be32(4);
  const uint64_t content = content_digest(payload, d.payload_len, kRtcpDigestOctets);
  return count(copies_.check(marks_of(d, content, d.tunnel.depth), place_of(d, flow),
                             static_cast<uint32_t>(content), d.ts_ns));
}

}  // namespace rtpsonde

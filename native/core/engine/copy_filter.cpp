#include "core/engine/copy_filter.h"

namespace rtpsonde {

bool CopyFilter::count(const CopyVerdict& verdict) {
  if (verdict.overwrote) counters_.add(Counter::kCopyCacheOverwrites);
  if (verdict.copy) counters_.add(Counter::kSpanCopies);
  return verdict.copy;
}

bool CopyFilter::check_rtp(const MeterItem& item, uint32_t row) {
  PacketMarks marks = marks_of(item.datagram, item.content, item.datagram.tunnel.depth);
  marks.numbered = true;
  marks.young =
      row == StreamTable::kNone || table_.hot(row).max_seq - table_.hot(row).base_seq < kYoungNumbers;
  const CopyVerdict verdict = copies_.check(
      marks, item.hash, rtp_discriminator(item.rtp.sequence, item.rtp.timestamp), item.datagram.ts_ns);
  if (!count(verdict)) return false;
  if (row != StreamTable::kNone) table_.parts().note_copy(table_.cold(row), verdict.delay_ns);
  return true;
}

// RTCP takes the hash of the RTP stream with the even port (RFC 3550 11), whose
// packets tell whether copies are the rule.
bool CopyFilter::check_rtcp(const MeterItem& item) {
  const Datagram& d = item.datagram;
  const Bytes payload = item.classified.payload;
  const StreamKey key = make_key(d.src, d.dst, d.ip_version, d.src_port & 0xfffe, d.dst_port & 0xfffe,
                                 payload.be32(4), seed_, d.tunnel.identity);
  const uint64_t content = content_digest(payload, item.classified.payload_len, kRtcpDigestOctets);
  return count(copies_.check(marks_of(d, content, d.tunnel.depth), hash_key(key, seed_),
                             static_cast<uint32_t>(content), d.ts_ns));
}

}  // namespace rtpsonde

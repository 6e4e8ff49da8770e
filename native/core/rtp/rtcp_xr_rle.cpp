// Run-length blocks: BT 1 and 2 (RFC 3611 4.1, 4.2), 10 (RFC 5725), 25 (RFC 7097).
#include <algorithm>

#include "core/rtp/rtcp_xr_rfc3611.h"

namespace rtpsonde {

// RFC 3611 4.1; BT 25 has E before T (RFC 7097 3)
//
//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |   BT=1 or 2   | rsvd. |   T   |         block length          |
// |                        SSRC of source                         |
// |          begin_seq            |             end_seq           |
// |          chunk 1              |             chunk 2           |
// :                              ...                              :
bool read_rle(const XrBlock& block, RleReport& out) {
  if (block.length_words < 2 || !block.body.has(0, 8)) return false;
  out.ssrc = block.ssrc;
  out.thinning = block.specific & 0x0f;
  out.early = block.type == static_cast<uint8_t>(XrType::kDiscardRle) && (block.specific & 0x10) != 0;
  out.begin_sequence = block.body.be16(4);
  out.end_sequence = block.body.be16(6);
  out.chunks = block.body.from(8);
  return true;
}

namespace {

// Sequence numbers from `begin` to the first multiple of 2^T.
uint32_t distance_to_first(uint16_t begin, uint8_t thinning) {
  const uint32_t step = 1U << thinning;
  return (step - begin % step) % step;
}

uint32_t packets_in(uint16_t begin, uint16_t end, uint8_t thinning) {
  const uint32_t span = static_cast<uint16_t>(end - begin);
  const uint32_t first = distance_to_first(begin, thinning);
  return span <= first ? 0 : (span - first - 1) / (1U << thinning) + 1;
}

}  // namespace

uint32_t rle_packets(const RleReport& report) {
  return packets_in(report.begin_sequence, report.end_sequence, report.thinning);
}

RleReader::RleReader(const RleReport& report)
    : chunks_(report.chunks),
      left_(rle_packets(report)),
      step_(1U << report.thinning),
      sequence_(static_cast<uint16_t>(report.begin_sequence +
                                      distance_to_first(report.begin_sequence, report.thinning))) {}

// RFC 3611 4.1.1 to 4.1.3
//
//  0                   1
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |0|R|        run length         |   0 in all 16 bits: the end
// |1|        bit vector           |
bool RleReader::chunk(uint32_t& packets, bool& set) {
  while (vector_bits_ == 0) {
    if (!chunks_.has(offset_, 2)) return false;
    const uint16_t chunk = chunks_.be16(offset_);
    offset_ += 2;
    if (chunk == 0) {
      chunks_ = {};
      return false;
    }
    if ((chunk & 0x8000) == 0) {
      packets = chunk & 0x3fff;
      set = (chunk & 0x4000) != 0;
      if (packets == 0) continue;  // must not be; says nothing
      return true;
    }
    vector_ = static_cast<uint16_t>(chunk << 1);
    vector_bits_ = 15;
  }
  set = (vector_ & 0x8000) != 0;
  packets = 0;
  while (vector_bits_ > 0 && ((vector_ & 0x8000) != 0) == set) {
    vector_ = static_cast<uint16_t>(vector_ << 1);
    vector_bits_--;
    packets++;
  }
  return true;
}

bool RleReader::next(uint16_t& sequence, uint32_t& packets, bool& set) {
  // Bits beyond the end of the range are filling.
  if (left_ == 0 || !chunk(packets, set)) return false;
  packets = std::min(packets, left_);
  left_ -= packets;
  sequence = sequence_;
  sequence_ = static_cast<uint16_t>(sequence_ + packets * step_);
  return true;
}

RleSummary summarize_rle(const XrBlock& block, const RleReport& report) {
  const bool marked_as = block.type == static_cast<uint8_t>(XrType::kDiscardRle);
  RleSummary sum{};
  sum.packets = rle_packets(report);
  RleReader reader(report);
  uint16_t sequence = 0;
  uint32_t packets = 0;
  uint32_t run = 0;
  bool set = false;
  while (reader.next(sequence, packets, set)) {
    sum.told += packets;
    if (set != marked_as) {
      run = 0;
      continue;
    }
    // A run may go on in the next chunk.
    if (run == 0) sum.runs++;
    run += packets;
    sum.marked += packets;
    sum.longest = std::max(sum.longest, run);
  }
  return sum;
}

// RFC 3611 4.3
//
// |     BT=3      | rsvd. |   T   |         block length          |
// |                        SSRC of source                         |
// |          begin_seq            |             end_seq           |
// |       Receipt time of packet begin_seq                        |
// :                              ...                              :
bool read_receipt_times(const XrBlock& block, ReceiptTimes& out) {
  if (block.length_words < 2 || !block.body.has(0, 8)) return false;
  out.ssrc = block.ssrc;
  out.thinning = block.specific & 0x0f;
  out.begin_sequence = block.body.be16(4);
  out.end_sequence = block.body.be16(6);
  const uint32_t expected = packets_in(out.begin_sequence, out.end_sequence, out.thinning);
  out.count = std::min(static_cast<uint32_t>((block.body.size - 8) / 4), expected);
  out.times = block.body.from(8).first(4UL * out.count);
  return true;
}

}  // namespace rtpsonde

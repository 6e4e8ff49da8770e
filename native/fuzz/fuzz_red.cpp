// Any octets as a redundant payload, and any stream of such packets: what is read lies
// within the payload, a cut changes nothing that is read, and repair stays within the
// losses.
//
// Input: octets cut off by the snap length (1), then the payload; the same octets are
// then taken in sixes as packets of one stream.
#include <algorithm>

#include "core/rtp/red.h"
#include "core/stream/accounting.h"
#include "core/stream/red_repair.h"
#include "fuzz_support.h"

namespace {

using namespace rtpsonde;
using fuzz::check;
using fuzz::Exact;

RedParse read(Bytes payload, uint32_t octets, RedPayload& red) {
  const RedParse parse = parse_red(payload, octets, red);
  if (parse != RedParse::kOk) return parse;
  check(red.count <= RedPayload::kMaxBlocks && red.primary_payload_type < 128);
  uint32_t sum = 4 * red.count + 1 + red.primary_octets;
  for (const RedBlock& block : red) {
    check(block.payload_type < 128 && block.timestamp_offset < 16384 && block.octets < 1024);
    sum += block.octets;
  }
  check(sum == octets);
  return parse;
}

void read_payload(const uint8_t* data, uint32_t octets, size_t cut) {
  const Exact whole(data, octets), part(data, octets - std::min<size_t>(cut, octets));
  RedPayload w{}, p{};
  const RedParse of_whole = read(whole.bytes(), octets, w), of_part = read(part.bytes(), octets, p);
  check(of_whole != RedParse::kTruncated);
  if (of_part == RedParse::kTruncated) return;
  check(of_part == of_whole);
  if (of_whole != RedParse::kOk) return;
  check(w.count == p.count && w.primary_octets == p.primary_octets);
  check(w.primary_payload_type == p.primary_payload_type);
  for (uint32_t i = 0; i < w.count; i++) {
    check(w.blocks[i].timestamp_offset == p.blocks[i].timestamp_offset);
    check(w.blocks[i].octets == p.blocks[i].octets);
  }
}

// Six octets a packet: two of sequence step (signed), two of timestamp step in tens of
// ticks, how many blocks (0 is a packet without RED), their offset in tens of ticks.
void follow_stream(const uint8_t* data, size_t size) {
  const ClockTable clocks({{0, 8000, MediaKind::kAudio, ClockSource::kStatic}});
  StreamParts parts(1);
  AccountingOptions options;
  options.playout.profiles = {{false, 50, 100}};
  options.stall_ns = 500'000'000;
  const Accounting accounting(clocks, options, parts);
  StreamHot hot{};
  StreamCold cold{};
  RedRow row{};
  RtpPacket packet{0, {0, 1, 160, 0, 0, false}, 0, 0};
  accounting.begin(hot, cold, packet);
  red_begin(row, hot.max_seq);
  const auto undecided_less = [&] {
    return cold.happened().events.total(Event::kLossRunPacket) + cold.happened().open_run;
  };
  for (size_t at = 0; at + 6 <= size; at += 6) {
    const uint8_t* p = data + at;
    packet.header.sequence = static_cast<uint16_t>(packet.header.sequence + load_be16(p));
    packet.header.timestamp += static_cast<uint32_t>(static_cast<int16_t>(load_be16(p + 2)) * 10);
    packet.ts_ns += 20'000'000;
    const SeenWindow seen = hot.seen;
    const Placement placement = accounting.update(hot, cold, packet);
    red_follow(row, seen, hot.max_seq, placement);
    check(row.max_seq == hot.max_seq && row.repaired <= undecided_less());
    if (p[4] == 0 || placement == Placement::kStray) continue;
    RedPayload red{};
    red.count = p[4] % (RedPayload::kMaxBlocks + 1);
    for (uint32_t i = 0; i < red.count; i++) {
      red.blocks[i] = {static_cast<uint16_t>((p[5] * 10U * (i + 1)) & 0x3fff), p[4], 0};
    }
    red_cover(row, hot.timestamp_step, packet.header, red);
    check(row.unplaced <= row.blocks && !row.covered.test(0));
  }
  red_settle(row, hot.seen);
  settle_sequence(hot, cold);
  check(row.repaired <= undecided_less());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 1 || size > 65536) return 0;
  read_payload(data + 1, static_cast<uint32_t>(size - 1), data[0]);
  follow_stream(data + 1, size - 1);
  return 0;
}

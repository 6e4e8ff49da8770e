// What tells SRTCP from RTCP. Only the first 8 octets of SRTCP are in clear, so the
// length of its first packet is right while nothing after that packet adds up:
//
//   RFC 3711 3.4    | header | SSRC | encrypted ... |E| index | tag (10, 4 or 0) |
//   RFC 7714 9.2    | header | SSRC | encrypted ... | tag (16) |E| index |
//
// Between index and tag of 10 there may be a master key identifier; SDP agrees on its
// length (RFC 4568 6.1), which is 1 or 4 in practice.
//
// The rules, in their order:
//   1. Lengths that add up to the datagram: in clear. Encrypted octets do that once
//      in two million times, for the next header has 21 bits that must fit.
//   2. E=1 and a small index where one of the forms above has it: encrypted.
//   3. E=0 there, and everything before it adds up: in clear, authenticated.
//   4. Otherwise damaged, if the figures of the first report are such as a report
//      has, or the next header is one; else malformed.
// Where the snap length took the end away, a length that is no multiple of four
// tells the 10 octet tag, and the figures of the first report decide the rest.
#include "core/rtp/srtcp.h"

#include "core/rtp/rtcp.h"

namespace rtpsonde {
namespace {

// An index counts SRTCP packets from 0: this many take a day at 145 a second. The
// header of an RTCP packet, read as E and index, is never below it.
constexpr uint32_t kMaxIndex = 0xc00000;

struct Walk {
  RtcpStep end;
  uint32_t octets = 0;  // of the packets that fit
};

Walk walk(Bytes payload, uint32_t payload_len) {
  RtcpReader reader(payload, payload_len);
  RtcpPacket packet;
  Walk result{};
  while ((result.end = reader.next(packet)) == RtcpStep::kPacket) result.octets += 4 + packet.body_len;
  return result;
}

struct Trailer {
  bool found = false;
  bool encrypted = false;
  uint32_t index = 0;
  uint32_t tag_octets = 0;
  uint32_t octets = 0;  // E, index and tag
};

// The trailer with E as `encrypted`, behind at least `content` octets.
Trailer find_trailer(Bytes payload, bool encrypted, uint32_t content) {
  struct Form {
    uint32_t word_at;  // of E and index, from the end
    uint32_t tag_octets;
    uint32_t octets;
  };
  constexpr Form kForms[] = {{14, 10, 14}, {4, 16, 20}, {8, 4, 8}, {4, 0, 4}, {15, 10, 15}, {18, 10, 18}};
  for (const Form& form : kForms) {
    if (payload.size < content + form.octets) continue;
    if ((payload.size - form.octets) % 4 != 0) continue;  // what was protected was whole words
    const uint32_t word = payload.be32(payload.size - form.word_at);
    const uint32_t index = word & 0x7fffffff;
    if ((word >> 31 != 0) != encrypted || index >= kMaxIndex) continue;
    return {true, encrypted, index, form.tag_octets, form.octets};
  }
  return {};
}

enum class Figures { kNone, kLikely, kUnlikely };

// A clock that stands still, counts from the start of the machine, or shows the
// years 2000 to 2036; and fewer packets than a stream sends in days.
Figures judge_sender_info(Bytes payload) {
  if (!payload.has(8, 16)) return Figures::kNone;
  constexpr uint32_t kYear2000 = 0xbc17c200;
  const uint32_t seconds = payload.be32(8);
  const uint32_t packets = payload.be32(20);
  const bool clock = seconds < 1U << 28 || seconds >= kYear2000;
  return clock && packets < 1U << 26 ? Figures::kLikely : Figures::kUnlikely;
}

Figures judge_block(Bytes payload, size_t offset) {
  if (!payload.has(offset, 24)) return Figures::kNone;
  const uint32_t jitter = payload.be32(offset + 12);
  const uint32_t lsr = payload.be32(offset + 16);
  const uint32_t dlsr = payload.be32(offset + 20);
  const bool delay = dlsr < 1U << 24 || lsr == 0;  // 256 s
  return jitter < 1U << 24 && delay ? Figures::kLikely : Figures::kUnlikely;
}

// Whether what the first packet says can be what a report says.
Figures judge_figures(Bytes payload) {
  const uint8_t type = payload.u8(1);
  const uint8_t blocks = payload.u8(0) & 0x1f;
  if (type == 200) return judge_sender_info(payload);
  if (type == 201 && blocks > 0) return judge_block(payload, 8);
  return Figures::kNone;
}

// SR to XR: what a compound has inside.
bool has_header(Bytes payload, size_t offset) {
  return payload.has(offset, 2) && payload.u8(offset) >> 6 == 2 && payload.u8(offset + 1) >= 200 &&
         payload.u8(offset + 1) <= 207;
}

bool is_readable(Bytes payload, uint32_t first_octets) {
  switch (judge_figures(payload)) {
    case Figures::kLikely:
      return true;
    case Figures::kUnlikely:
      return false;
    case Figures::kNone:
      return has_header(payload, first_octets);
  }
  return false;
}

void judge_cut(Bytes payload, uint32_t payload_len, RtcpJudgement& out) {
  if (payload_len % 4 == 2) {
    out.verdict = RtcpVerdict::kEncrypted;
    out.tag_octets = 10;
  } else if (payload_len % 4 == 0 && judge_figures(payload) != Figures::kUnlikely) {
    out.verdict = RtcpVerdict::kClear;
    out.clear_octets = payload_len;
  }
}

void judge_broken(Bytes payload, const Walk& whole, RtcpJudgement& out) {
  const uint32_t first_octets = 4U + 4U * payload.be16(2);
  const Trailer secret = find_trailer(payload, true, first_octets);
  if (secret.found) {
    out.verdict = RtcpVerdict::kEncrypted;
    out.has_index = true;
    out.index = secret.index;
    out.tag_octets = secret.tag_octets;
    return;
  }
  if (whole.octets == 0) return;
  const bool readable = is_readable(payload, first_octets);
  const Trailer open = find_trailer(payload, false, whole.octets);
  // Authentication is what E=0 is for: a trailer without a tag is none.
  if (open.found && open.tag_octets > 0 && whole.octets + open.octets == payload.size && readable) {
    out.verdict = RtcpVerdict::kAuthenticated;
    out.has_index = true;
    out.index = open.index;
    out.tag_octets = open.tag_octets;
    out.clear_octets = whole.octets;
  } else if (readable) {
    out.verdict = RtcpVerdict::kDamaged;
    out.clear_octets = whole.octets;
  }
}

}  // namespace

RtcpJudgement judge_rtcp(Bytes payload, uint32_t payload_len) {
  RtcpJudgement out;
  if (!payload.has(0, 4)) return out;
  out.first_type = payload.u8(1);
  out.has_sender = payload.has(4, 4);
  out.sender_ssrc = out.has_sender ? payload.be32(4) : 0;
  const Walk whole = walk(payload, payload_len);
  switch (whole.end) {
    case RtcpStep::kPacket:
    case RtcpStep::kEnd:
      out.verdict = RtcpVerdict::kClear;
      out.clear_octets = payload_len;
      break;
    case RtcpStep::kCut:
      judge_cut(payload, payload_len, out);
      break;
    case RtcpStep::kMalformed:
      if (payload.size < payload_len) {
        // A header that cannot be was captured, but not the end.
        if (payload_len % 4 == 2) judge_cut(payload, payload_len, out);
      } else {
        judge_broken(payload, whole, out);
      }
      break;
  }
  return out;
}

}  // namespace rtpsonde

// Frames for the fuzz target of the engine: RTP with extensions and redundancy, RTCP of
// all kinds about streams that are there, both of them in tunnels when so wished.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace fuzz {

using Octets = std::vector<uint8_t>;

inline void put(Octets& out, uint64_t value, int octets) {
  while (octets-- > 0) out.push_back(static_cast<uint8_t>(value >> 8 * octets));
}

// Arguments out of the input; zeros when it is used up.
class Input {
 public:
  Input(const uint8_t* data, size_t size) : data_(data), size_(size) {}
  bool empty() const { return size_ == 0; }
  uint8_t u8() {
    if (size_ == 0) return 0;
    size_--;
    return *data_++;
  }
  uint16_t u16() {
    const uint16_t high = u8();
    return static_cast<uint16_t>(high << 8 | u8());
  }
  uint32_t u32() {
    const uint32_t high = u16();
    return high << 16 | u16();
  }
  Octets take(size_t count) {
    count = std::min(count, size_);
    Octets out(data_, data_ + count);
    data_ += count;
    size_ -= count;
    return out;
  }

 private:
  const uint8_t* data_;
  size_t size_;
};

constexpr uint8_t kRedType = 97;

struct Flow {
  uint32_t ssrc = 42;
  uint32_t timestamp = 0xffffff00;
  uint32_t step = 160;
  uint32_t sent_middle = 0;  // middle 32 bits of the NTP time in its last sender report
  uint16_t seq = 65500;
  uint8_t payload_type = 0;
  uint8_t octets = 20;
  uint8_t tos = 0xb8;
  uint8_t vlan = 0;
  uint8_t tunnel = 0;  // 0 none, 1 VXLAN, 2 GRE, 3 IP in IP
  bool marker = false;
};

// One redundant block (RFC 2198 3) of 3 octets, some packets old; then the primary.
inline void put_red(Octets& out, const Flow& flow, uint16_t seq) {
  put(out, 0x80U, 1);
  put(out, (1 + seq % 3) * (flow.step & 0xfff) << 10 | 3, 3);
  put(out, 0, 1);
}

// `offset`: a transmission offset (RFC 5450) in extension 1, when not 0.
inline Octets rtp_packet(const Flow& flow, uint16_t seq, uint32_t timestamp, uint32_t offset) {
  Octets out;
  put(out, offset != 0 ? 0x90 : 0x80, 1);
  put(out, flow.payload_type | (flow.marker ? 0x80U : 0U), 1);
  put(out, seq, 2);
  put(out, timestamp, 4);
  put(out, flow.ssrc, 4);
  if (offset != 0) {
    put(out, 0xbede0001, 4);
    put(out, 0x12, 1);
    put(out, offset, 3);
  }
  const size_t end = out.size() + flow.octets;
  if (flow.payload_type == kRedType && flow.octets > 4) put_red(out, flow, seq);
  // Loud and quiet in turn, and at times the loudest there is.
  out.resize(end, (seq & 32) != 0 ? 0xd5 : (seq & 7) == 7 ? 0x80 : static_cast<uint8_t>(0x90 + seq % 16));
  return out;
}

// A compound of which `form` tells the parts; `self` speaks, among others of `peer`.
inline Octets rtcp_packet(Flow& self, const Flow& peer, uint8_t form, Input& in) {
  Octets out;
  const auto block = [&] {
    put(out, peer.ssrc, 4);
    put(out, in.u8(), 1);
    put(out, in.u8(), 3);
    put(out, 0x10000U + peer.seq - in.u8(), 4);
    put(out, in.u16(), 4);
    put(out, peer.sent_middle, 4);
    put(out, uint32_t{in.u8()} << 10, 4);
  };
  if ((form & 1) != 0) {
    const uint32_t middle = in.u32();
    self.sent_middle = middle;
    put(out, 0x81c8000c, 4);
    put(out, self.ssrc, 4);
    put(out, uint64_t{0xe8000000} << 32 | uint64_t{middle} << 16, 8);
    put(out, self.timestamp, 4);
    put(out, in.u16(), 4);
    put(out, in.u32(), 4);
    block();
  } else if ((form & 2) != 0) {
    put(out, 0x81c90007, 4);
    put(out, self.ssrc, 4);
    block();
  } else {
    put(out, 0x80c90001, 4);
    put(out, self.ssrc, 4);
  }
  const auto part = [&](uint32_t first_octet, uint32_t type, const Octets& content) {
    put(out, first_octet, 1);
    put(out, type, 1);
    put(out, content.size() / 4, 2);
    out.insert(out.end(), content.begin(), content.begin() + static_cast<long>(content.size() / 4 * 4));
  };
  // One more of any type: 200..213 and what it holds, beginning with the two SSRCs.
  if ((form & 4) != 0) {
    Octets content;
    const uint8_t which = in.u8();
    put(content, self.ssrc, 4);
    if ((which & 16) == 0) put(content, peer.ssrc, 4);
    const Octets more = in.take(in.u8() & 0x7f);
    content.insert(content.end(), more.begin(), more.end());
    part(0x80U | (in.u8() & 31), 200U + which % 14, content);
  }
  // XR with one block of any type about the peer (RFC 3611 3).
  if ((form & 8) != 0) {
    Octets content;
    put(content, self.ssrc, 4);
    const uint8_t type = in.u8();
    const Octets body = in.take(in.u8() & 0x7f);
    put(content, type, 1);
    put(content, in.u8(), 1);
    put(content, body.size() / 4 + (type == 4 ? 0 : 1), 2);
    if (type != 4) put(content, peer.ssrc, 4);
    content.insert(content.end(), body.begin(), body.begin() + static_cast<long>(body.size() / 4 * 4));
    part(0x80, 207, content);
  }
  if ((form & 16) != 0) part(0x81, 203, {0, 0, 0, static_cast<uint8_t>(self.ssrc), 3, 'b', 'y', 'e'});
  if ((form & 32) != 0) out.push_back(form);
  return out;
}

// The frame in a tunnel of its own; `ip_at` is where its IP header begins.
inline Octets wrapped(const Octets& frame, size_t ip_at, uint8_t tunnel) {
  if (tunnel == 0) return frame;
  const Octets inner(frame.begin() + (tunnel == 3 ? static_cast<long>(ip_at) : 0), frame.end());
  Octets head;
  if (tunnel == 1) {
    put(head, 0xc00012b5, 4);  // ports 49152 and 4789
    put(head, inner.size() + 16, 2);
    put(head, 0, 2);
    put(head, 0x0800000000002a00, 8);
  } else if (tunnel == 2) {
    put(head, 0x00006558, 4);
  }
  Octets out(12, 4);
  put(out, 0x08004500, 4);
  put(out, 20 + head.size() + inner.size(), 2);
  put(out, 0, 4);
  put(out, 64, 1);
  const bool v6 = tunnel == 3 && !inner.empty() && inner[0] >> 4 == 6;
  put(out, tunnel == 1 ? 17 : tunnel == 2 ? 47 : v6 ? 41 : 4, 1);
  put(out, 0, 2);
  put(out, 0xc0a80001c0a80002, 8);
  out.insert(out.end(), head.begin(), head.end());
  out.insert(out.end(), inner.begin(), inner.end());
  return out;
}

}  // namespace fuzz

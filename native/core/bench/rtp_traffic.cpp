// See rtp_traffic.h.
#include "core/bench/rtp_traffic.h"

#include <algorithm>
#include <numeric>

#include "core/base/error.h"

namespace rtpsonde::bench {
namespace {

constexpr size_t kIpAt = 14;
constexpr size_t kUdpAt = 34;
constexpr size_t kRtpAt = 42;

void put16(uint8_t* at, uint32_t value) {
  at[0] = static_cast<uint8_t>(value >> 8);
  at[1] = static_cast<uint8_t>(value);
}

void put32(uint8_t* at, uint32_t value) {
  put16(at, value >> 16);
  put16(at + 2, value & 0xffff);
}

uint32_t sum16(const uint8_t* begin, const uint8_t* end) {
  uint32_t sum = 0;
  for (const uint8_t* p = begin; p < end; p += 2) sum += static_cast<uint32_t>(p[0] << 8 | p[1]);
  return sum;
}

// 32-bit words may be added whole: 2^16 is 1 in this arithmetic.
uint32_t checksum(uint64_t sum) {
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<uint32_t>(~sum & 0xffff);
}

// Near the golden section of the streams, without a common divisor.
uint32_t stride_for(uint32_t streams) {
  auto stride = std::max<uint32_t>(1, static_cast<uint32_t>(streams * 0.618));
  while (std::gcd(stride, streams) != 1) stride++;
  return stride;
}

Frame constant_frame() {
  Frame frame{};
  std::fill(frame.begin() + kRtpAt + 12, frame.end(), uint8_t{0xd5});  // silence in A-law
  // Locally administered addresses that no interface has: the stack drops the frame early.
  const uint8_t ethernet[] = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0};
  std::copy(std::begin(ethernet), std::end(ethernet), frame.begin());
  frame[kIpAt] = 0x45;
  frame[kIpAt + 1] = 0xb8;  // EF
  put16(&frame[kIpAt + 2], kFrameBytes - kIpAt);
  frame[kIpAt + 8] = 64;  // TTL
  frame[kIpAt + 9] = 17;
  put16(&frame[kUdpAt + 4], kFrameBytes - kUdpAt);
  frame[kRtpAt] = 0x80;
  frame[kRtpAt + 1] = 8;  // PCMA
  return frame;
}

}  // namespace

RtpTraffic::RtpTraffic(uint32_t streams, uint32_t first)
    : streams_(streams), first_(first), stride_(1), constant_(constant_frame()) {
  if (streams < 1 || streams > kMaxStreams) {
    throw Error("ERR_ENGINE_OPTIONS", "streams must be 1 to " + std::to_string(kMaxStreams));
  }
  if (first > kMaxFirstStream) {
    throw Error("ERR_ENGINE_OPTIONS", "firstStream must be 0 to " + std::to_string(kMaxFirstStream));
  }
  stride_ = stride_for(streams);
  ip_sum_ = sum16(&constant_[kIpAt], &constant_[kUdpAt]);
  // Pseudo-header: protocol and length; the addresses are added with each packet.
  udp_sum_ = 17 + (kFrameBytes - kUdpAt) + sum16(&constant_[kUdpAt], constant_.data() + kFrameBytes);
}

uint32_t RtpTraffic::stream_of(uint64_t n) const {
  const uint64_t place = n % streams_;
  return first_ + static_cast<uint32_t>(n < streams_ ? place : place * stride_ % streams_);
}

void RtpTraffic::write(uint64_t n, uint64_t ticks, uint8_t* frame) const {
  const uint32_t s = stream_of(n);
  const uint32_t source = kSourceBase + (s >> 8);
  const uint32_t destination = kDestinationBase + (s >> 10);
  const uint32_t source_port = kSourcePortBase + 2 * (s & 0xff);
  const uint32_t destination_port = kDestinationPortBase + 2 * (s & 0x3ff);
  const uint32_t sequence = (s * kSequenceFactor + static_cast<uint32_t>(n / streams_)) & 0xffff;
  const uint32_t timestamp = s * kTimestampFactor + static_cast<uint32_t>(ticks);
  const uint32_t ssrc = s * kSsrcFactor + 1;
  const uint64_t both = uint64_t{source} + destination + sequence;
  const uint32_t udp = checksum(udp_sum_ + both + source_port + destination_port + timestamp + ssrc);
  put16(frame + kIpIdAt, sequence);
  put16(frame + kIpChecksumAt, checksum(ip_sum_ + both));
  put32(frame + kSourceAt, source);
  put32(frame + kDestinationAt, destination);
  put16(frame + kSourcePortAt, source_port);
  put16(frame + kDestinationPortAt, destination_port);
  put16(frame + kUdpChecksumAt, udp == 0 ? 0xffff : udp);  // 0 would say that there is none (RFC 768)
  put16(frame + kSequenceAt, sequence);
  put32(frame + kTimestampAt, timestamp);
  put32(frame + kSsrcAt, ssrc);
}

}  // namespace rtpsonde::bench

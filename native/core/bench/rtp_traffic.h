// The traffic of `rtpsonde bench-capture`: many telephone streams, G.711 in Ethernet,
// IPv4, UDP and RTP. The n-th packet is a function of n and the time alone, so that it can
// be written here and, by the same rules, in the kernel (live_frames.h).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace rtpsonde::bench {

constexpr size_t kFrameBytes = 214;  // Ethernet 14, IPv4 20, UDP 8, RTP 12, 160 octets of G.711
using Frame = std::array<uint8_t, kFrameBytes>;

// Where the fields lie that differ from packet to packet.
constexpr int16_t kIpIdAt = 18;
constexpr int16_t kIpChecksumAt = 24;
constexpr int16_t kSourceAt = 26;
constexpr int16_t kDestinationAt = 30;
constexpr int16_t kSourcePortAt = 34;
constexpr int16_t kDestinationPortAt = 36;
constexpr int16_t kUdpChecksumAt = 40;
constexpr int16_t kSequenceAt = 44;
constexpr int16_t kTimestampAt = 46;
constexpr int16_t kSsrcAt = 50;

// The streams are numbered on from the first one. Stream s has 10.0.0.0 + s / 256, port 10000 + 2 * (s % 256)
// as its source, 10.128.0.0 + s / 1024, port 20000 + 2 * (s % 1024) as its destination, SSRC s * kSsrcFactor
// + 1 (the factor is odd: every stream has another), and begins at sequence number s * kSequenceFactor,
// timestamp offset s * kTimestampFactor.
constexpr uint32_t kSourceBase = 0x0a000000;
constexpr uint32_t kDestinationBase = 0x0a800000;
constexpr uint32_t kSourcePortBase = 10000;
constexpr uint32_t kDestinationPortBase = 20000;
constexpr uint32_t kSsrcFactor = 2654435761;
constexpr uint32_t kSequenceFactor = 7919;
constexpr uint32_t kTimestampFactor = 104729;

constexpr uint32_t kMaxStreams = 1'000'000;
constexpr uint32_t kMaxFirstStream = 1U << 30;  // addresses do not run into each other
constexpr uint64_t kNsPerTick = 125'000;        // RTP clock of 8 kHz

class RtpTraffic {
 public:
  // streams: 1..kMaxStreams, first: the first one's number, 0..kMaxFirstStream
  explicit RtpTraffic(uint32_t streams, uint32_t first = 0);

  uint32_t streams() const { return streams_; }
  uint32_t first() const { return first_; }
  // In rounds after the first the streams send in another order than they began in:
  // the table would else be walked in order, which flatters.
  uint32_t stride() const { return stride_; }
  uint32_t stream_of(uint64_t n) const;

  // What is the same in all packets; the other fields are 0.
  const Frame& constant() const { return constant_; }
  // One's complement sums (RFC 1071) of what is constant, the pseudo-header's part included.
  uint32_t ip_sum() const { return ip_sum_; }
  uint32_t udp_sum() const { return udp_sum_; }

  // Writes packet n, whose first octet was sampled `ticks` of 8 kHz after some zero,
  // into a frame that was made from constant().
  void write(uint64_t n, uint64_t ticks, uint8_t* frame) const;

 private:
  uint32_t streams_;
  uint32_t first_;
  uint32_t stride_;
  Frame constant_{};
  uint32_t ip_sum_ = 0;
  uint32_t udp_sum_ = 0;
};

}  // namespace rtpsonde::bench

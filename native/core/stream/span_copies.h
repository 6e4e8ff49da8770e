// Packets that a mirror port delivers more than once: seen at ingress and egress,
// before and after a router, inside a tunnel and plain. Such a copy is taken out
// before accounting; what an endpoint or the network sent twice stays. The rule,
// and why it is so: docs/decisions/0003-span-copies.md.
#pragma once

#include <cstdint>
#include <limits>

#include "core/base/bytes.h"
#include "core/base/prefetch.h"
#include "core/decode/decode.h"
#include "core/stream/arena.h"
#include "core/stream/copy_regularity.h"
#include "core/stream/key.h"

namespace rtpsonde {

enum class SpanCopyMode : uint8_t {
  kOff,     // every packet is measured
  kAuto,    // what took another way is a copy; identical frames when they come regularly
  kStrict,  // only what took another way
  kAll,     // every packet that is the same, within the window
};

struct SpanCopyOptions {
  SpanCopyMode mode = SpanCopyMode::kOff;
  int64_t window_ns = 0;  // a copy comes at most this long after the first; inclusive
  // Keep the memory of each shard (key.h) apart: what is forgotten for want of room is then
  // the same however many workers share the traffic. Else all of it is for all.
  bool by_shard = false;
};

// What tells whether two packets are the same one. The way it took (link, VLAN,
// TTL, tunnel) may differ between copies; the content and the IP id may not.
struct PacketMarks {
  uint64_t content;       // rtp_content or content_digest
  uint32_t link_digest;   // Datagram::link_digest
  uint16_t ip_id;         // Datagram::ip_id
  uint16_t udp_checksum;  // Datagram::udp_checksum
  uint16_t vlan;
  uint8_t ttl;
  uint8_t tunnel_depth;  // tunnels that were opened: 0 when plain
  bool numbered;         // RTP: the upper half of the discriminator is the sequence number
  bool young;            // the stream has shown fewer than kYoungNumbers sequence numbers
};

struct CopyVerdict {
  bool copy = false;
  bool overwrote = false;  // a packet still within the window was forgotten for want of room
  int64_t delay_ns = 0;    // time between the first of the packets and this copy, 0 or more
};

// Of a stream whose packets are looked at: its copies, for the window and the whole.
struct CopyStats {
  uint32_t total = 0;   // copies since the beginning of the stream
  uint32_t window = 0;  // copies in the open window
  double delay_sum_ms = 0;
  double window_delay_sum_ms = 0;
  float delay_max_ms = 0;
  float window_delay_max_ms = 0;

  void add(int64_t delay_ns);
  void begin_window();
  // Mean delay; NaN without a copy.
  double delay_mean_ms() const;
  double window_delay_mean_ms() const;
};

// Octets that are compared where no UDP checksum speaks for the payload, and of RTCP.
constexpr uint32_t kRtpDigestOctets = 32;
constexpr uint32_t kRtcpDigestOctets = 256;

// Sequence numbers after which a stream without repetitions is known to have none.
constexpr uint32_t kYoungNumbers = 16;

// Of the datagram's length and of its first `limit` octets, as far as captured.
uint64_t content_digest(Bytes payload, uint32_t payload_len, uint32_t limit);

// The same for RTP. As a rule the header and the length tell, and the payload is left
// alone: it lies in a cache line that nothing else asks for.
inline uint64_t rtp_content(Bytes payload, uint32_t payload_len, uint16_t udp_checksum) {
  const uint64_t header = static_cast<uint64_t>(payload.be16(0)) << 32 | payload.be32(4);
  const uint64_t content = header ^ static_cast<uint64_t>(payload_len) << 48;
  if (udp_checksum != 0) [[likely]]
    return content;
  return content ^ content_digest(payload, payload_len, kRtpDigestOctets);
}

// Sequence number in the upper half, so that the gaps between copies can be told.
inline uint32_t rtp_discriminator(uint16_t sequence, uint32_t timestamp) {
  return static_cast<uint32_t>(sequence) << 16 | ((timestamp ^ timestamp >> 16) & 0xffff);
}

// The marks of a datagram; `numbered` and `young` are for the caller.
inline PacketMarks marks_of(const Datagram& datagram, uint64_t content, uint8_t tunnel_depth) {
  return {.content = content,
          .link_digest = datagram.link_digest,
          .ip_id = datagram.ip_id,
          .udp_checksum = datagram.udp_checksum,
          .vlan = datagram.vlan,
          .ttl = datagram.ttl,
          .tunnel_depth = tunnel_depth,
          .numbered = false,
          .young = false};
}

// One for each worker. Remembers the latest packets in sets of one cache line, each in
// the order of arrival, and forgets the oldest of a set first. Nothing is allocated after
// construction.
class SpanCopies {
 public:
  // `entries`: packets to remember; a power of two from 4 to 262,144. 65,536 are 1 MiB
  // and hold 50 ms of 1.3 million packets a second.
  explicit SpanCopies(const SpanCopyOptions& options, uint32_t entries = 65'536);

  bool enabled() const { return mode_ != SpanCopyMode::kOff; }

  // Of all that copies have in common: equal for a packet and its copies. Two packets
  // with different IP ids were sent one by one. Without an id (IPv6, or 0 with DF set,
  // RFC 6864) the UDP checksum stands in. `flow_hash` is of the stream's key, its two upper
  // bits (by shard that shard) are those of the digest; `discriminator` tells its packets apart:
  // rtp_discriminator, or of RTCP some bits of the content.
  static uint64_t digest_of(const PacketMarks& marks, uint64_t flow_hash, uint32_t discriminator) {
    const uint64_t sent = marks.ip_id != 0 ? marks.ip_id : uint64_t{1} << 16 | marks.udp_checksum;
    // Multiplied out first: neighbouring sequence numbers are to lie in sets far apart.
    const uint64_t numbers = (uint64_t{discriminator} << 17 | sent) * 0x9e3779b97f4a7c15;
    const uint64_t mixed =
        mix_multiply(flow_hash ^ marks.content ^ 0x8ebc6af09c88c6e3, numbers ^ 0xa0761d6478bd642f);
    return (mixed & ~kShardMask) | (flow_hash & kShardMask);
  }

  // What is remembered of a packet. Of the time 48 bits are kept, which come round after 78 hours.
  struct Entry {
    uint64_t tag_and_way;   // 48 bits of the tag, never 0 but when empty; digest of the way it took
    uint64_t time_and_sum;  // 48 bits of the time; UDP checksum

    uint64_t tag() const { return tag_and_way >> 16; }
    uint16_t way() const { return static_cast<uint16_t>(tag_and_way); }
    uint64_t time() const { return time_and_sum >> 16; }
    uint16_t sum() const { return static_cast<uint16_t>(time_and_sum); }
  };
  static_assert(sizeof(Entry) == 16);
  static Entry entry_of(const PacketMarks& marks, uint64_t digest, int64_t ts_ns) {
    return {tag_of(digest) << 16 | way_of(marks), time_of(ts_ns) << 16 | marks.udp_checksum};
  }

  // Fetches ahead what note() looks at.
  [[gnu::always_inline]] void prefetch(uint64_t digest) const {
    if (enabled()) rtpsonde::prefetch<sizeof sets_[0]>(&sets_[set_of(digest)]);
  }

  enum class Note : uint8_t {
    kFirst,      // none such is remembered; now it is
    kOverwrote,  // the same, but a packet still within the window was forgotten for it
    kSeen,       // one with this digest is remembered: judge() tells
  };

  // Asked once for every packet, in the order of arrival, before it is measured; not while off.
  // `packet` is its entry_of().
  Note note(const Entry& packet, uint64_t digest) {
    Set& set = sets_[set_of(digest)];
    for (const Entry& entry : set.entries) {
      if (entry.tag() == packet.tag()) [[unlikely]]
        return Note::kSeen;
    }
    const Entry last = set.entries[kWays - 1];
    for (size_t i = kWays - 1; i > 0; i--) set.entries[i] = set.entries[i - 1];
    set.entries[0] = packet;
    return last.tag() != 0 && distance(packet.time(), last.time()) <= window_ns_ ? Note::kOverwrote
                                                                                 : Note::kFirst;
  }

  // After kSeen: whether the packet is a copy. When it is none it is remembered.
  CopyVerdict judge(const PacketMarks& marks, uint64_t digest, uint64_t flow_hash, uint32_t discriminator,
                    int64_t ts_ns);

  // All of this at once.
  CopyVerdict check(const PacketMarks& marks, uint64_t flow_hash, uint32_t discriminator, int64_t ts_ns);

 private:
  static constexpr size_t kWays = 4;

  struct alignas(64) Set {
    Entry entries[kWays];  // the latest first, empty ones last
  };

  // Where a packet with this digest is remembered; by shard its upper two bits are those of the set.
  size_t set_of(uint64_t digest) const { return digest >> shift_ & mask_; }
  static constexpr uint64_t kTimeMask = (uint64_t{1} << 48) - 1;
  static uint64_t time_of(int64_t ts_ns) { return static_cast<uint64_t>(ts_ns) & kTimeMask; }
  static uint64_t tag_of(uint64_t digest) {
    const uint64_t tag = digest & kTimeMask;
    return tag != 0 ? tag : 1;
  }
  // Of times kept in 48 bits; a clock that steps back a little gives the same.
  static uint64_t distance(uint64_t a, uint64_t b) {
    const uint64_t forward = (a - b) & kTimeMask, backward = (b - a) & kTimeMask;
    return forward < backward ? forward : backward;
  }
  // The way a packet took to the probe: what every hop may change. Only whether two
  // of them are the same is ever asked.
  static uint16_t way_of(const PacketMarks& marks) {
    const uint64_t rest =
        static_cast<uint64_t>(marks.vlan) << 16 | static_cast<uint64_t>(marks.ttl) << 8 | marks.tunnel_depth;
    return static_cast<uint16_t>((rest << 32 | marks.link_digest) * 0x9e3779b97f4a7c15 >> 48);
  }
  bool is_copy(const PacketMarks& marks, bool other_way, uint64_t flow_hash, uint32_t discriminator,
               int64_t ts_ns, int64_t delay_ns);

  SpanCopyMode mode_;
  uint64_t window_ns_;
  uint64_t shard_step_;  // sets of one shard; 0 when all share all
  uint8_t shift_;
  uint64_t mask_;
  Arena memory_;
  Set* sets_;
  CopyRegularity regularity_;
};

}  // namespace rtpsonde

#include "core/stream/span_copies.h"

#include <algorithm>

namespace rtpsonde {
namespace {

constexpr uint64_t kTimeMask = (uint64_t{1} << 48) - 1;
constexpr uint64_t kTagMask = (uint64_t{1} << 48) - 1;
constexpr uint64_t kMix[4] = {0xa0761d6478bd642f, 0xe7037ed1a0b428db, 0x8ebc6af09c88c6e3, 0x589965cc75374cc3};

// Of times kept in 48 bits; a clock that steps back a little gives the same.
uint64_t distance(uint64_t a, uint64_t b) {
  const uint64_t forward = (a - b) & kTimeMask;
  return std::min(forward, (b - a) & kTimeMask);
}

// The way a packet took to the probe: what every hop may change. Only whether two
// of them are the same is ever asked.
uint16_t way_of(const PacketMarks& marks) {
  const uint64_t rest =
      static_cast<uint64_t>(marks.vlan) << 16 | static_cast<uint64_t>(marks.ttl) << 8 | marks.tunnel_depth;
  const uint64_t mixed = mix_multiply(marks.link_digest ^ kMix[0], rest ^ kMix[1]);
  return static_cast<uint16_t>(mixed >> 48);
}

// What copies have in common. Two packets with different IP ids were sent one by
// one. Without an id (IPv6, or 0 with DF set, RFC 6864) the UDP checksum stands in.
uint64_t tag_of(const PacketMarks& marks, uint64_t flow_hash, uint32_t discriminator) {
  const uint64_t sent = marks.ip_id != 0 ? marks.ip_id : uint64_t{1} << 16 | marks.udp_checksum;
  const uint64_t one = mix_multiply(flow_hash ^ kMix[2], marks.content ^ kMix[3]);
  const uint64_t tag = mix_multiply(one ^ discriminator, sent ^ kMix[0]) & kTagMask;
  return tag != 0 ? tag : 1;
}

}  // namespace

uint64_t content_digest(Bytes payload, uint32_t payload_len, uint32_t limit) {
  constexpr size_t kBlock = 32;
  Bytes rest = payload.first(limit);
  uint64_t digest = payload_len;
  do {
    uint8_t padded[kBlock];
    const uint8_t* p = rest.data;
    if (rest.size < kBlock) {
      std::memset(padded, 0, sizeof padded);
      if (rest.size > 0) std::memcpy(padded, rest.data, rest.size);
      p = padded;
    }
    const uint64_t left = mix_multiply(load_u64(p) ^ kMix[0], load_u64(p + 8) ^ kMix[1]);
    const uint64_t right = mix_multiply(load_u64(p + 16) ^ kMix[2], load_u64(p + 24) ^ kMix[3]);
    digest = mix_multiply(digest ^ left ^ kMix[0], right ^ kMix[1]);
    rest = rest.from(kBlock);
  } while (rest.size > 0);
  return digest;
}

void CopyStats::add(int64_t delay_ns) {
  const double delay_ms = static_cast<double>(delay_ns) / 1e6;
  total++;
  window++;
  delay_sum_ms += delay_ms;
  window_delay_sum_ms += delay_ms;
  delay_max_ms = std::max(delay_max_ms, static_cast<float>(delay_ms));
  window_delay_max_ms = std::max(window_delay_max_ms, static_cast<float>(delay_ms));
}

void CopyStats::begin_window() {
  window = 0;
  window_delay_sum_ms = 0;
  window_delay_max_ms = 0;
}

double CopyStats::delay_mean_ms() const {
  return total > 0 ? delay_sum_ms / total : std::numeric_limits<double>::quiet_NaN();
}

double CopyStats::window_delay_mean_ms() const {
  return window > 0 ? window_delay_sum_ms / window : std::numeric_limits<double>::quiet_NaN();
}

SpanCopies::SpanCopies(const SpanCopyOptions& options, uint32_t entries)
    : mode_(options.mode),
      window_ns_(static_cast<uint64_t>(std::max<int64_t>(options.window_ns, 0))),
      shard_step_(options.by_shard ? entries / 4 / kShards : 0),
      mask_((options.by_shard ? shard_step_ : entries / 4) - 1),
      sets_(enabled() ? entries / 4 : 0),
      regularity_(mode_ == SpanCopyMode::kAuto, options.by_shard) {}

CopyVerdict SpanCopies::check(const PacketMarks& marks, uint64_t flow_hash, uint32_t discriminator,
                              int64_t ts_ns) {
  CopyVerdict verdict;
  if (!enabled()) return verdict;
  const uint64_t tag = tag_of(marks, flow_hash, discriminator);
  const uint16_t way = way_of(marks);
  const uint64_t now = static_cast<uint64_t>(ts_ns) & kTimeMask;
  Set& set = sets_[index_of(flow_hash, discriminator)];
  Entry* place = nullptr;  // where this packet goes: its own entry, a free one or the oldest
  uint64_t place_age = 0;
  for (Entry& entry : set.entries) {
    const uint64_t age = distance(now, entry.time());
    if (entry.tag() == tag) {
      if (age <= window_ns_) {
        // With an IP id the checksum may change on the way: a network card writes it
        // for its host. On the same way it tells another content.
        const bool other_way = way != entry.way();
        const bool other_content = !other_way && marks.udp_checksum != entry.sum();
        const auto delay_ns = static_cast<int64_t>(age);
        if (!other_content && is_copy(marks, other_way, flow_hash, discriminator, ts_ns, delay_ns)) {
          // The first one stays: of three packets both others are copies of it.
          verdict.copy = true;
          verdict.delay_ns = delay_ns;
          return verdict;
        }
      }
      place = &entry;
      place_age = std::numeric_limits<uint64_t>::max();
      break;
    }
    const uint64_t worth = entry.tag() == 0 ? kTimeMask + 1 : age;
    if (place == nullptr || worth > place_age) {
      place = &entry;
      place_age = worth;
    }
  }
  verdict.overwrote = place_age <= window_ns_;
  place->tag_and_way = tag << 16 | way;
  place->time_and_sum = now << 16 | marks.udp_checksum;
  return verdict;
}

bool SpanCopies::is_copy(const PacketMarks& marks, bool other_way, uint64_t flow_hash, uint32_t discriminator,
                         int64_t ts_ns, int64_t delay_ns) {
  if (other_way || mode_ == SpanCopyMode::kAll) return true;
  if (mode_ == SpanCopyMode::kStrict) return false;
  if (!marks.numbered) return regularity_.covers_unnumbered(flow_hash, delay_ns);
  return regularity_.covers(flow_hash, static_cast<uint16_t>(discriminator >> 16), marks.young, ts_ns,
                            delay_ns);
}

}  // namespace rtpsonde

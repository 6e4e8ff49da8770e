#include "core/stream/span_copies.h"

#include <algorithm>
#include <bit>

namespace rtpsonde {
namespace {

constexpr uint64_t kMix[4] = {0xa0761d6478bd642f, 0xe7037ed1a0b428db, 0x8ebc6af09c88c6e3, 0x589965cc75374cc3};

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
      shift_(options.by_shard ? static_cast<uint8_t>(
                                    64 - std::max(static_cast<int>(std::bit_width(entries / kWays - 1)), 2))
                              : 48),
      mask_(entries / kWays - 1),
      memory_(entries / kWays * sizeof(Set)),
      sets_(static_cast<Set*>(memory_.data())),
      regularity_(options.by_shard) {}

CopyVerdict SpanCopies::check(const PacketMarks& marks, uint64_t flow_hash, uint32_t discriminator,
                              int64_t ts_ns) {
  if (!enabled()) return {};
  const uint64_t digest = digest_of(marks, flow_hash, discriminator);
  const Note noted = note(entry_of(marks, digest, ts_ns), digest);
  if (noted == Note::kSeen) return judge(marks, digest, flow_hash, discriminator, ts_ns);
  return {.copy = false, .overwrote = noted == Note::kOverwrote, .delay_ns = 0};
}

CopyVerdict SpanCopies::judge(const PacketMarks& marks, uint64_t digest, uint64_t flow_hash,
                              uint32_t discriminator, int64_t ts_ns) {
  Entry* const entries = sets_[set_of(digest)].entries;
  const uint64_t tag = tag_of(digest);
  size_t found = 0;
  while (found < kWays - 1 && entries[found].tag() != tag) found++;
  const Entry& first = entries[found];
  const uint64_t age = distance(time_of(ts_ns), first.time());
  if (age <= window_ns_) {
    // With an IP id the checksum may change on the way: a network card writes it
    // for its host. On the same way it tells another content.
    const bool other_way = way_of(marks) != first.way();
    const bool other_content = !other_way && marks.udp_checksum != first.sum();
    const auto delay_ns = static_cast<int64_t>(age);
    // The first one stays: of three packets both others are copies of it.
    if (!other_content && is_copy(marks, other_way, flow_hash, discriminator, ts_ns, delay_ns)) {
      return {.copy = true, .overwrote = false, .delay_ns = delay_ns};
    }
  }
  // It takes the place of the one before, as the latest.
  for (size_t i = found; i > 0; i--) entries[i] = entries[i - 1];
  entries[0] = entry_of(marks, digest, ts_ns);
  return {};
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

#include "core/stream/copy_regularity.h"

namespace rtpsonde {
namespace {

constexpr uint32_t kAll = 65535;
constexpr uint32_t kRegular = kAll / 20 * 7;  // 0.35: at least every other packet is repeated
constexpr uint32_t kLikely = kAll / 10 * 7;   // memory was pushed out: nothing is known
constexpr uint32_t kFirst = kAll / 8;         // one repetition after many packets without

// Copies of one switch come within this time; in doubt a frame that took longer is
// none.
constexpr int64_t kSoon_ns = 2'000'000;

// A stream whose packets all come twice is seen here more often than this.
constexpr uint64_t kFresh_ns = 1'000'000'000;

// Exponentially weighted over the packets of the stream with a weight of 1/8, of
// which the last `packets` were not repeated but for the very last.
uint32_t decayed(uint32_t ratio, uint32_t packets) {
  if (packets > 64) return 0;
  for (; packets > 0; packets--) ratio -= ratio / 8;
  return ratio;
}

}  // namespace

CopyRegularity::CopyRegularity(bool by_shard)
    : by_shard_(by_shard), memory_(kSets * sizeof(Set)), sets_(static_cast<Set*>(memory_.data())) {}

bool CopyRegularity::covers(uint64_t flow_hash, uint16_t sequence, bool young, int64_t ts_ns,
                            int64_t delay_ns) {
  const uint32_t tag = tag_of(flow_hash);
  Set& set = sets_[set_of(flow_hash)];
  Slot* oldest = &set.slots[0];
  for (Slot& slot : set.slots) {
    if (slot.tag == tag) {
      // The third of a kind, and one that was overtaken, are 0 packets further on.
      const auto ahead = static_cast<int16_t>(sequence - slot.last_seq);
      const uint32_t packets = ahead > 0 ? static_cast<uint32_t>(ahead) : 0;
      const bool jump = ahead < -128;  // beyond all reordering: the numbers began anew
      const uint32_t ratio = jump ? slot.ratio - slot.ratio / 8U : decayed(slot.ratio, packets);
      slot.ratio = static_cast<uint16_t>(packets > 0 || jump ? ratio + kAll / 8 : ratio);
      if (packets > 0 || jump) slot.last_seq = sequence;
      slot.last_ns = ts_ns;
      return ratio >= kRegular;
    }
    if (slot.tag == 0 || (oldest->tag != 0 && slot.last_ns < oldest->last_ns)) oldest = &slot;
  }
  const uint64_t idle_ns = static_cast<uint64_t>(ts_ns) - static_cast<uint64_t>(oldest->last_ns);
  const bool pushed_out = oldest->tag != 0 && idle_ns < kFresh_ns;
  const bool soon = delay_ns <= kSoon_ns;
  uint32_t ratio = kFirst;
  if (soon && young) ratio = kAll;
  if (soon && !young && pushed_out) ratio = kLikely;
  *oldest = {.tag = tag, .last_seq = sequence, .ratio = static_cast<uint16_t>(ratio), .last_ns = ts_ns};
  return ratio >= kRegular;
}

bool CopyRegularity::covers_unnumbered(uint64_t flow_hash, int64_t delay_ns) const {
  const uint32_t tag = tag_of(flow_hash);
  for (const Slot& slot : sets_[set_of(flow_hash)].slots) {
    if (slot.tag == tag) return slot.ratio >= kRegular;
  }
  return delay_ns <= kSoon_ns;
}

}  // namespace rtpsonde

#include "core/stream/seen_history.h"

#include <algorithm>
#include <bit>

namespace rtpsonde {

namespace {

constexpr uint32_t kBits = 64;

// Of the newest `count` slots (0..128), how many were seen.
uint32_t seen_among_newest(const SeenWindow& seen, uint32_t count) {
  const auto lowest = [](uint64_t bits, uint32_t n) {
    return n >= kBits ? bits : bits & ((uint64_t{1} << n) - 1);
  };
  const int low = std::popcount(lowest(seen.low, count));
  const int high = count > kBits ? std::popcount(lowest(seen.high, count - kBits)) : 0;
  return static_cast<uint32_t>(low + high);
}

// Ahead of the newest, by no more than the window.
bool is_ahead(const StreamHot& hot, uint32_t sequence) {
  const uint32_t ahead = sequence - hot.max_seq;
  return ahead > 0 && ahead <= SeenWindow::kSize;
}

// The number before the first one of the segment is a border too: nothing up to it.
bool is_before_segment(const StreamHot& hot, uint32_t sequence) {
  return hot.max_seq - sequence > hot.max_seq - hot.base_seq + 1;
}

}  // namespace

void SeenHistory::note(const StreamHot& hot) {
  // The words below the newest number's are complete. Slots of theirs that have
  // left the window are taken as they were kept before.
  const uint32_t newest = hot.max_seq / kBits;
  if (newest != next_ + 1 && newest != next_) count_ = 0;  // one was left out, or a new segment
  const auto slot = [&](uint32_t sequence) {
    const uint32_t n = hot.max_seq - sequence;
    return n < SeenWindow::kSize && hot.seen.test(n);
  };
  const uint32_t again = std::min(count_, 1U);
  for (uint32_t word = newest - 1 - again; word != newest; word++) {
    uint64_t& bits = words_[word % kWords];
    if (word == newest - 1) bits = 0;
    for (uint32_t i = 0; i < kBits; i++) bits |= static_cast<uint64_t>(slot(word * kBits + i)) << i;
  }
  if (newest != next_) count_ = std::min(count_ + 1, kWords);
  next_ = newest;
}

std::optional<uint32_t> SeenHistory::seen_above(const StreamHot& hot, uint32_t sequence) const {
  const uint32_t end = hot.max_seq - SeenWindow::kSize + 1;  // of what the window does not hold
  const uint32_t first = sequence + 1;
  // All words from that of `first` to that of the last one outside the window.
  if (next_ - first / kBits > count_ || (end - 1) / kBits >= next_) return std::nullopt;
  uint32_t seen = seen_among_newest(hot.seen, SeenWindow::kSize);
  for (uint32_t word = first / kBits; word <= (end - 1) / kBits; word++) {
    uint64_t bits = words_[word % kWords];
    if (word == first / kBits) bits &= ~uint64_t{0} << first % kBits;
    if (word == end / kBits) bits &= (uint64_t{1} << end % kBits) - 1;
    seen += static_cast<uint32_t>(std::popcount(bits));
  }
  return seen;
}

std::optional<uint64_t> distinct_up_to(const StreamHot& hot, const StreamCold& cold, uint32_t sequence) {
  if (is_ahead(hot, sequence)) return cold.distinct(hot);
  const uint32_t distance = hot.max_seq - sequence;
  if (distance > SeenWindow::kSize || is_before_segment(hot, sequence)) return std::nullopt;
  return cold.distinct(hot) - seen_among_newest(hot.seen, distance);
}

std::optional<uint64_t> distinct_up_to(const StreamHot& hot, const StreamCold& cold,
                                       const SeenHistory& history, uint32_t sequence) {
  const std::optional<uint64_t> near = distinct_up_to(hot, cold, sequence);
  if (near || is_before_segment(hot, sequence)) return near;
  const std::optional<uint32_t> above = history.seen_above(hot, sequence);
  if (!above) return std::nullopt;
  return cold.distinct(hot) - *above;
}

}  // namespace rtpsonde

#include "core/stream/common_gaps.h"

#include <algorithm>

#include "core/stream/missing_packets.h"

namespace rtpsonde {

namespace {

// Longer than any gap is looked at; keeps the arithmetic far from its ends.
constexpr int64_t kLongest_ns = 3'600'000'000'000;
constexpr uint32_t kMost = 1U << 16;

}  // namespace

CommonGaps::CommonGaps(uint32_t max_gaps)
    : max_gaps_(std::max(max_gaps, 16U)),
      memory_(max_gaps_ * sizeof(Gap)),
      gaps_(static_cast<Gap*>(memory_.data())) {}

uint64_t CommonGaps::packets_before(const Gap& gap, int64_t ts_ns) {
  return missing_before(gap.from_ns, gap.to_ns, gap.missing, ts_ns);
}

void CommonGaps::gap(const StreamGap& gap) {
  const auto [from_ns, to_ns, stream, source, destination, missing, unseen] = gap;
  if (missing == 0 || missing > kMost || to_ns <= from_ns || from_ns < 0) return;
  if (to_ns - from_ns > kLongest_ns) return;
  // A packet whose own time does not fit the others has nothing to say of an instant.
  const int64_t last_slot = to_ns / GapSlots::kSlot_ns;
  if (last_slot > slots_.head() || last_slot < slots_.oldest()) return;
  if (count_ == max_gaps_) {
    settle(false);
    compact(max_gaps_ / 4);
  }
  if (count_ == max_gaps_) {
    gaps_dropped_++;
    return;
  }
  const Gap& made = gaps_[count_++] = {from_ns, to_ns, stream, missing, 0, 0, 0, 0};
  const int64_t length_ns = to_ns - from_ns;
  uint32_t gap_class = 0;
  while (gap_class < GapSlots::kClasses - 1 && length_ns >= (80'000'000LL << gap_class)) gap_class++;
  const uint32_t cell = GapSlots::cell_of(source, destination);
  const int64_t step_ns = std::max<int64_t>(length_ns / (int64_t{missing} + 1), 1);
  if (step_ns <= GapSlots::kSlot_ns) {
    slots_.miss((from_ns + step_ns) / GapSlots::kSlot_ns, (to_ns - step_ns) / GapSlots::kSlot_ns, cell,
                gap_class, source, destination);
    return;
  }
  // What lies before the slots is passed over, so that this is bounded by their number.
  const uint64_t skipped = packets_before(made, slots_.oldest() * GapSlots::kSlot_ns);
  for (int64_t i = static_cast<int64_t>(skipped) + 1; i <= missing; i++) {
    const int64_t slot = (from_ns + length_ns * i / (int64_t{missing} + 1)) / GapSlots::kSlot_ns;
    slots_.miss(slot, slot, cell, gap_class, source, destination);
  }
}

// Adds the packets of a gap that lie in slots with these marks.
void CommonGaps::count_marked(Gap& gap, uint8_t suspected, uint8_t possible) const {
  constexpr int64_t kSlot = GapSlots::kSlot_ns;
  const int64_t first = std::max(gap.from_ns / kSlot, slots_.oldest());
  const int64_t last = std::min(gap.to_ns / kSlot, slots_.head());
  uint64_t before = packets_before(gap, first * kSlot);
  for (int64_t i = first; i <= last; i++) {
    const uint64_t until = packets_before(gap, (i + 1) * kSlot);
    const uint8_t marks = slots_.marks(i);
    if ((marks & suspected) != 0) gap.suspected += static_cast<uint32_t>(until - before);
    if ((marks & possible) != 0) gap.possible += static_cast<uint32_t>(until - before);
    before = until;
  }
}

void CommonGaps::settle(bool to_the_end) {
  slots_.judge(to_the_end);
  if (slots_.new_marks()) {
    for (uint32_t i = 0; i < counted_; i++) {
      count_marked(gaps_[i], GapSlots::kNewSuspected, GapSlots::kNewPossible);
    }
  }
  if (slots_.any_marks()) {
    for (uint32_t i = counted_; i < count_; i++) {
      count_marked(gaps_[i], GapSlots::kSuspected, GapSlots::kPossible);
    }
  }
  counted_ = count_;
  slots_.note_marks_counted();
  compact(0);
}

// Lets go of gaps of which nothing more can come, and of the oldest others if need be.
void CommonGaps::compact(uint32_t drop_oldest) {
  const int64_t oldest_ns = slots_.oldest() * GapSlots::kSlot_ns;
  const int64_t newest_ns =
      (slots_.head() + 1) * GapSlots::kSlot_ns;  // earlier than it was, if time turned back
  uint32_t kept = 0;
  uint32_t kept_counted = 0;
  for (uint32_t i = 0; i < count_; i++) {
    const Gap& gap = gaps_[i];
    const bool untold = attributed(gap) > gap.reported;
    const bool waits = gap.possible > attributed(gap);
    bool keep = untold || waits || (gap.to_ns >= oldest_ns && gap.to_ns < newest_ns);
    if (keep && !untold && drop_oldest > 0) {
      drop_oldest--;
      gaps_dropped_++;
      keep = false;
    }
    if (!keep) continue;
    if (i < counted_) kept_counted++;
    if (kept != i) gaps_[kept] = gap;
    kept++;
  }
  count_ = kept;
  counted_ = kept_counted;
}

CommonGapTotals CommonGaps::share_kernel_drops(double drops) {
  CommonGapTotals totals;
  totals.runs = static_cast<uint64_t>(std::max<int64_t>(slots_.core_runs() - runs_told_, 0));
  totals.time_ns = (slots_.core_slots() - slots_told_) * GapSlots::kSlot_ns;
  runs_told_ += static_cast<int64_t>(totals.runs);
  slots_told_ = slots_.core_slots();

  uint64_t waiting = 0;
  uint64_t suspected = 0;  // what was found without the kernel's word is part of its drops first
  for (uint32_t i = 0; i < count_; i++) {
    const Gap& gap = gaps_[i];
    suspected += attributed(gap) - std::min(attributed(gap), gap.reported);
    waiting += gap.possible - std::min(gap.possible, attributed(gap));
  }
  const double fresh = drops > 0 ? drops : 0;
  const double left = std::max(drops_left_ + fresh - static_cast<double>(suspected), 0.0);
  const uint64_t budget = left < static_cast<double>(waiting) ? static_cast<uint64_t>(left) : waiting;
  uint64_t passed = 0;
  __extension__ using uint128 = unsigned __int128;
  for (uint32_t i = 0; i < count_ && waiting > 0; i++) {
    Gap& gap = gaps_[i];
    const uint32_t mine = gap.possible - std::min(gap.possible, attributed(gap));
    // In proportion, and so that the whole budget is spent.
    const auto share = [&](uint64_t n) { return static_cast<uint64_t>(uint128{n} * budget / waiting); };
    const auto given = static_cast<uint32_t>(share(passed + mine) - share(passed));
    passed += mine;
    gap.estimated += given;
    totals.estimated += given;
    // This window's drops explain this window's gaps: without them the rest is loss.
    gap.possible = attributed(gap);
  }
  drops_left_ = std::min(left - static_cast<double>(budget), fresh);
  return totals;
}

}  // namespace rtpsonde

#include "core/stream/gap_slots.h"

#include <algorithm>
#include <bit>

namespace rtpsonde {

namespace {

struct Span {
  int64_t slots;
  int suspected;  // silent cells needed, by themselves
  int possible;   // and when the kernel says that it dropped packets
};
// One for each class of gaps, narrow first.
constexpr Span kSpans[GapSlots::kClasses] = {{2, 32, 4}, {4, 12, 1}, {8, 6, 1}, {16, 4, 1}};
constexpr int64_t kWidest = 16;
constexpr int64_t kBeside = 2;

// At least 4 of 5 due ones are silent.
bool nearly_all(int silent, int heard) { return silent >= 4 * heard; }

}  // namespace

GapSlots::GapSlots()
    : memory_(kSlots * sizeof(Slot)), slots_(static_cast<Slot*>(memory_.data())), head_slot_(slots_) {}

// Slots are emptied when they are first used again, so a leap of time costs nothing.
GapSlots::Slot& GapSlots::at(int64_t index) {
  Slot& slot = slots_[index & kMask];
  if (slot.index != index) {
    slot = Slot{};
    slot.index = index;
  }
  return slot;
}

// The slot of a packet that is not in the newest one; null when it came too late to count.
GapSlots::Slot* GapSlots::move_to(int64_t slot) {
  if (slot < head_ - kSlots) {
    // One packet with a wild time is let go; when all have it, the clock was set back.
    if (++strays_ < kStraysToReset) return nullptr;
  } else {
    strays_ = 0;
    if (slot < head_ - kLate) return nullptr;
    if (slot < head_) return &at(slot);
  }
  strays_ = 0;
  head_ = slot;
  group_end_ = ((slot >> kGroupShift) + 1) * kGroup;
  head_slot_ = &at(slot);
  return head_slot_;
}

void GapSlots::miss(int64_t first, int64_t last, uint32_t cell, uint32_t gap_class, uint32_t source,
                    uint32_t destination) {
  for (int64_t i = std::max(first, oldest()); i <= std::min(last, head_); i++) {
    Slot& slot = at(i);
    slot.missing[gap_class][cell >> 6] |= uint64_t{1} << (cell & 63);
    if (!slot.has_host) {
      slot.has_host = true;
      slot.source = source;
      slot.destination = destination;
    }
    slot.other_source |= slot.source != source;
    slot.other_destination |= slot.destination != destination;
    slot.dirty = true;
    dirty_ = true;
  }
}

void GapSlots::judge(bool to_the_end) {
  if (!dirty_) return;
  const int64_t end = to_the_end ? head_ + 1 : head_ - kLate;
  const int64_t oldest_index = oldest();
  int64_t dirty_until = oldest_index - 1;
  dirty_ = false;
  // A span begins up to its width before the slot that made it worth a look.
  for (int64_t i = oldest_index - kWidest + 1; i <= head_; i++) {
    const int64_t far = i + kWidest - 1;
    if (far >= oldest_index && far <= head_) {
      Slot& slot = slots_[far & kMask];
      if (slot.index == far && slot.dirty) {
        dirty_until = far;
        slot.dirty = far + kWidest > end && !to_the_end;
        dirty_ = dirty_ || slot.dirty;
      }
    }
    if (i >= oldest_index && i < end && dirty_until >= i) judge_from(i, end);
  }
}

// All spans that begin with this slot and are complete.
void GapSlots::judge_from(int64_t start, int64_t end) {
  uint64_t heard[8] = {};
  uint64_t missing[kClasses][8] = {};
  Slot hosts{};
  uint32_t c = 0;
  for (int64_t i = start; i < std::min(start + kWidest, end); i++) {
    const Slot& slot = slots_[i & kMask];
    if (slot.index == i) {
      for (size_t w = 0; w < 8; w++) heard[w] |= slot.heard[w];
      for (uint32_t k = 0; k < kClasses; k++) {
        for (size_t w = 0; w < 8; w++) missing[k][w] |= slot.missing[k][w];
      }
      if (slot.has_host) {
        if (!hosts.has_host) hosts = slot;
        hosts.other_source |= slot.other_source || slot.source != hosts.source;
        hosts.other_destination |= slot.other_destination || slot.destination != hosts.destination;
      }
    }
    if (i - start + 1 != kSpans[c].slots) continue;
    int silent_count = 0, heard_count = 0;
    for (size_t w = 0; w < 8; w++) {
      uint64_t any = 0;
      for (uint32_t k = 0; k <= c; k++) any |= missing[k][w];
      silent_count += std::popcount(any & ~heard[w]);
      heard_count += std::popcount(heard[w]);
    }
    if (nearly_all(silent_count, heard_count) && silent_count >= kSpans[c].possible) {
      const bool unrelated = hosts.other_source && hosts.other_destination;
      mark(start, kSpans[c].slots, unrelated && silent_count >= kSpans[c].suspected);
    }
    c++;
  }
}

// The slots of a span, less those where paths were heard after all: its edges.
void GapSlots::mark(int64_t start, int64_t width, bool suspected) {
  for (int64_t i = start; i < start + width; i++) {
    Slot& slot = at(i);
    int silent_count = 0, heard_count = 0;
    for (size_t w = 0; w < 8; w++) {
      uint64_t any = 0;
      for (uint32_t k = 0; k < kClasses; k++) any |= slot.missing[k][w];
      silent_count += std::popcount(any & ~slot.heard[w]);
      heard_count += std::popcount(slot.heard[w]);
    }
    if (!nearly_all(silent_count, heard_count)) continue;
    if (suspected && (slot.marks & kCore) == 0) {
      core_slots_++;
      // A run begins, grows, or two become one.
      core_runs_ += 1 - ((marks(i - 1) & kCore) != 0 ? 1 : 0) - ((marks(i + 1) & kCore) != 0 ? 1 : 0);
      slot.marks |= kCore;
    }
    for (int64_t k = std::max(i - kBeside, oldest()); k <= std::min(i + kBeside, head_); k++) {
      add_marks(k, suspected ? kSuspected | kPossible : kPossible);
    }
  }
}

void GapSlots::add_marks(int64_t index, uint8_t marks) {
  Slot& slot = at(index);
  const uint8_t added = marks & static_cast<uint8_t>(~slot.marks);
  if (added == 0) return;
  slot.marks = static_cast<uint8_t>(slot.marks | added | added << 2);  // kSuspected is also kNewSuspected
  any_marks_ = true;
  new_marks_ = true;
}

void GapSlots::note_marks_counted() {
  if (!any_marks_) return;
  bool any = false;
  for (int64_t i = oldest(); i <= head_; i++) {
    Slot& slot = slots_[i & kMask];
    if (slot.index != i) continue;
    slot.marks &= static_cast<uint8_t>(~(kNewSuspected | kNewPossible));
    any = any || slot.marks != 0;
  }
  any_marks_ = any;
  new_marks_ = false;
}

}  // namespace rtpsonde

// Packet time in slots of 5 ms: which paths were heard in each, which miss packets
// there. From it follows when nearly all paths were silent at the same instant.
//
// A path is a pair of addresses, whichever way it is used, so that an outage in
// one direction alone leaves a path that is used both ways heard. Paths fall into
// 512 cells by a hash. In a span of slots a cell is *silent* when packets of it
// are missing and none was heard, and *due* when it is silent or heard. A span is
// *suspected* when
//   - at least 4 in 5 of the due cells are silent,
//   - silent are at least 32 cells in a span of 10 ms, 12 in 20 ms, 6 in 40 ms, 4 in 80 ms,
//   - the missing packets have more than one source and more than one destination,
//   - and a gap counts only in spans longer than an eighth of it: a long gap is judged
//     where every running path is due.
//
// How improbable that is by chance, each path losing 5 % on its own, one packet
// due per path: P(k or more of n silent), n the worst that 4 in 5 allow:
//   32 of 40 in 10 ms: 1e-34    12 of 15 in 20 ms: 1e-13    6 of 7 in 40 ms: 1e-7
//   4 of 5 in 80 ms: 3e-5, but of packets of 80 ms; with packets of 20 ms a path must
//   lose four in a row: 1e-20, or 5e-8 when a path begins such a burst in 1 of 100 spans.
// With 200 spans beginning each second, 6 of 7 is at most one wrong span in 12 hours of
// 5 % loss on seven paths heard one way only: six packets of 400,000 lost.
// A link that takes half of the paths makes half of the due cells silent; 4 in 5
// then needs chance too: 32 of 40 at one half 9e-5, 12 of 15 2e-2 where fewer than
// all paths are due in 20 ms, and 0 where all are (packets of 20 ms or less).
//
// Suspected only, as a link that carries all calls both ways, and fails, looks the same.
// What was heard is complete when time has gone on by 20 ms, and missing packets only
// grow in number: a span once suspected stays so. So it does not matter when it is judged.
#pragma once

#include <array>
#include <cstdint>

#include "core/stream/arena.h"

namespace rtpsonde {

// One bit for each cell.
using HeardCells = std::array<uint64_t, 8>;

class GapSlots {
 public:
  static constexpr int64_t kSlot_ns = 5'000'000;
  static constexpr uint32_t kClasses = 4;  // gaps by length, spans by width

  // Marks of a slot, and of the 10 ms beside it, as missing packets are placed to
  // the accuracy of jitter only.
  enum Mark : uint8_t {
    kSuspected = 1,     // the capture lost packets here, by this evidence alone
    kPossible = 2,      // so it did if the kernel says that it dropped any
    kNewSuspected = 4,  // marked since note_marks_counted()
    kNewPossible = 8,
    kCore = 16,  // suspected itself, not only beside
  };

  struct Slot {
    int64_t index;
    uint64_t heard[8];
    uint64_t missing[kClasses][8];
    uint32_t source, destination;  // digests, of the first missing packet
    bool has_host, other_source, other_destination;
    bool dirty;  // to be judged anew
    uint8_t marks;
  };

  GapSlots();

  // Packets of the paths in these cells were captured in a slot.
  void heard(int64_t index, const HeardCells& cells) {
    Slot* const slot = index == head_ ? head_slot_ : move_to(index);
    if (slot == nullptr) return;
    for (size_t w = 0; w < cells.size(); w++) slot->heard[w] |= cells[w];
  }

  // Packets of a path are missing in the slots first..last.
  void miss(int64_t first, int64_t last, uint32_t cell, uint32_t gap_class, uint32_t source,
            uint32_t destination);

  // Judges what is dirty and complete; with `to_the_end` nothing is expected any more.
  void judge(bool to_the_end);

  // True when this slot makes judge() necessary first, before old ones go.
  bool leaves_group(int64_t index) const { return index >= group_end_; }

  bool any_marks() const { return any_marks_; }
  bool new_marks() const { return new_marks_; }
  void note_marks_counted();
  uint8_t marks(int64_t index) const {
    const Slot& slot = slots_[index & kMask];
    return slot.index == index ? slot.marks : uint8_t{0};
  }

  // Slots before this one are forgotten, or about to be.
  int64_t oldest() const { return (head_ >> kGroupShift << kGroupShift) - (kSlots - kGroup); }
  int64_t head() const { return head_; }

  // Since construction: slots suspected themselves, and the runs that they form.
  int64_t core_slots() const { return core_slots_; }
  int64_t core_runs() const { return core_runs_; }

  // The same for both directions of a path; 0..511.
  static uint32_t cell_of(uint32_t a, uint32_t b) {
    const uint64_t both = (uint64_t{a} + 0x9e3779b9) * (uint64_t{b} + 0x9e3779b9);
    return static_cast<uint32_t>((both ^ both >> 32) * 0x9e3779b97f4a7c15ULL >> 55);
  }

  static constexpr int64_t kSlots = 2048;  // 10.24 s
  static constexpr int64_t kGroupShift = 8;
  static constexpr int64_t kGroup = 1 << kGroupShift;  // slots that are judged together
  static constexpr int64_t kLate = 4;                  // slots behind the newest that may still hear packets

 private:
  static constexpr int64_t kMask = kSlots - 1;
  static constexpr uint32_t kStraysToReset = 64;

  Slot& at(int64_t index);
  Slot* move_to(int64_t slot);
  void judge_from(int64_t start, int64_t end);
  void mark(int64_t start, int64_t width, bool suspected);
  void add_marks(int64_t index, uint8_t marks);

  Arena memory_;
  Slot* slots_;
  Slot* head_slot_;
  int64_t head_ = 0;
  int64_t group_end_ = 0;
  int64_t core_slots_ = 0;
  int64_t core_runs_ = 0;
  uint32_t strays_ = 0;  // packets in a row from before all slots
  bool dirty_ = false;
  bool any_marks_ = false;
  bool new_marks_ = false;
};

}  // namespace rtpsonde

// What the tap lost is no loss of the network: gaps that nearly all unrelated
// paths have at the same instant are put down to the capture (a mirror port that is
// overrun, or this probe), packet by packet. When that is suspected: gap_slots.h.
//
// When the kernel says that it dropped packets, that is certain, and less agreement is
// enough: 4 in 5 of the paths due at that instant, be it a single one. So much may
// then be put down to the capture as the kernel dropped, and no more; which packets
// is an estimate. What the kernel dropped more than was found missing stays good for
// the next window, as a gap is known only when its stream goes on.
//
// A packet is attributed in the window in which its gap is found, as `lost` is; in a
// later one if agreement comes later, or within 20 ms before the window's end. A packet that comes
// after all, out of order, is not taken back: the attribution is at most the packets
// found missing at first, and whoever adds it up holds it to the stream's net loss.
//
// Bounded: slots of 10 s (0.7 MB) and a fixed number of gaps; nothing is allocated
// after construction. A gap of 9 s or more is attributed for its last 9 s.
#pragma once

#include <algorithm>

#include "core/stream/gap_slots.h"

namespace rtpsonde {

// `missing` packets of a stream lie between two arrivals. `source` and `destination` are
// digests of the addresses, the same for an address whichever side it is on.
struct StreamGap {
  int64_t from_ns, to_ns;
  uint64_t stream;  // its id
  uint32_t source, destination;
  uint32_t missing;
  uint32_t unseen = 0;  // more of them, missing for certain as nothing could be captured; not judged here
};

// Of one window.
struct CommonGapTotals {
  uint64_t runs = 0;       // instants of suspected capture loss, neighbouring slots taken as one
  int64_t time_ns = 0;     // how long they are together
  uint64_t packets = 0;    // attributed to the capture, by whichever evidence
  uint64_t estimated = 0;  // of these, because of the kernel's drops alone
};

class CommonGaps {
 public:
  // `max_gaps`: those of the last 10 s that are kept; what finds no room is not attributed.
  explicit CommonGaps(uint32_t max_gaps);

  // RTP packets of accepted streams were captured in a slot (GapSlots::cell_of). Slots come
  // in order, but for the few behind the newest that packets may be late by.
  void heard(int64_t slot, const HeardCells& cells) {
    if (slots_.leaves_group(slot)) [[unlikely]]
      settle(false);
    slots_.heard(slot, cells);
  }

  // After heard() of the slot of the packet behind it.
  void gap(const StreamGap& gap);

  // Calls each(stream, packets) for what was attributed since the last window, perhaps
  // several times for a stream. `kernel_drops`: RTP packets that the kernel dropped since
  // then. `last`: nothing follows.
  template <typename F>
  CommonGapTotals close_window(double kernel_drops, bool last, F each) {
    settle(last);
    CommonGapTotals totals = share_kernel_drops(kernel_drops);
    for (uint32_t i = 0; i < count_; i++) {
      Gap& gap = gaps_[i];
      const uint32_t packets = attributed(gap) - std::min(attributed(gap), gap.reported);
      if (packets == 0) continue;
      each(gap.stream, packets);
      gap.reported += packets;
      totals.packets += packets;
    }
    compact(0);
    return totals;
  }

  // Gaps that found no room, since construction.
  uint64_t gaps_dropped() const { return gaps_dropped_; }

 private:
  struct Gap {
    int64_t from_ns, to_ns;
    uint64_t stream;
    uint32_t missing;
    uint32_t suspected;  // packets that the capture lost, by agreement alone
    uint32_t possible;   // packets that it lost if the kernel dropped any, those included
    uint32_t estimated;  // of these, by the kernel's drops
    uint32_t reported;
  };

  // What is estimated may come to be suspected as well.
  static uint32_t attributed(const Gap& gap) { return std::min(gap.suspected + gap.estimated, gap.missing); }

  void settle(bool to_the_end);
  void count_marked(Gap& gap, uint8_t suspected, uint8_t possible) const;
  CommonGapTotals share_kernel_drops(double drops);
  void compact(uint32_t drop_oldest);
  static uint64_t packets_before(const Gap& gap, int64_t ts_ns);

  GapSlots slots_;
  uint32_t max_gaps_;
  Arena memory_;  // pages are taken as they are used
  Gap* gaps_;
  uint32_t count_ = 0;
  uint32_t counted_ = 0;  // gaps before this one were held against all marks but new ones
  uint64_t gaps_dropped_ = 0;
  double drops_left_ = 0;  // of the last window
  int64_t runs_told_ = 0;
  int64_t slots_told_ = 0;
};

}  // namespace rtpsonde

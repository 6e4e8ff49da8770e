// What one worker sees of gaps, for the judge of all workers' (common_gaps.h): the paths
// heard in each slot of 5 ms, and the gaps found. It decides nothing itself.
//
// Kept for one group of slots, 1.28 s aligned to the epoch; when packet time leaves it,
// what was kept is taken away. Nothing is allocated per packet.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/stream/common_gaps.h"

namespace rtpsonde {

struct HeardSlot {
  int64_t slot;
  HeardCells cells;
};

struct GapEvidence {
  std::vector<HeardSlot> heard;  // in order of time
  std::vector<StreamGap> gaps;   // in order of capture
};

class GapLog {
 public:
  // `max_gaps`: of one group; what finds no room is not attributed.
  explicit GapLog(uint32_t max_gaps) : max_gaps_(max_gaps) { gaps_.reserve(max_gaps); }

  // True for a packet outside the group; then passes() tells what it means.
  bool outside(int64_t ts_ns) const { return ts_ns >= end_ns_ || ts_ns < begin_ns_; }

  // True when time has left the group: it went on, or was set back, which 64 packets must
  // bear out. Then take(), and open() at that time.
  bool passes(int64_t ts_ns) {
    if (ts_ns >= end_ns_) return true;
    return ts_ns < begin_ns_ - kFar_ns && ++strays_ >= kStraysToReset;
  }
  void open(int64_t ts_ns) {
    const int64_t group = ts_ns / kSlot_ns >> GapSlots::kGroupShift << GapSlots::kGroupShift;
    first_ = group - GapSlots::kLate;
    begin_ns_ = first_ * kSlot_ns;
    end_ns_ = (group + GapSlots::kGroup) * kSlot_ns;
    latest_end_ns_ = std::max(latest_end_ns_, end_ns_);
    strays_ = 0;
  }

  // End of the group; never goes back, whatever the clock does.
  int64_t end_ns() const { return latest_end_ns_; }

  // A packet of an accepted stream. One that is outside the group by now tells nothing.
  void received(int64_t ts_ns, uint32_t source, uint32_t destination) {
    const auto i = static_cast<uint64_t>(ts_ns / kSlot_ns - first_);
    if (i >= kKept) return;
    const uint32_t cell = GapSlots::cell_of(source, destination);
    cells_[i][cell >> 6] |= uint64_t{1} << (cell & 63);
  }
  void gap(const StreamGap& gap) {
    if (gaps_.size() < max_gaps_) {
      gaps_.push_back(gap);
    } else {
      gaps_dropped_++;
    }
  }
  // Gaps that found no room, since construction.
  uint64_t gaps_dropped() const { return gaps_dropped_; }

  GapEvidence take() {
    GapEvidence all;
    for (size_t i = 0; i < kKept; i++) {
      uint64_t any = 0;
      for (const uint64_t word : cells_[i]) any |= word;
      if (any == 0) continue;
      all.heard.push_back({first_ + static_cast<int64_t>(i), cells_[i]});
      cells_[i] = {};
    }
    all.gaps = gaps_;
    gaps_.clear();
    return all;
  }

 private:
  static constexpr int64_t kSlot_ns = GapSlots::kSlot_ns;
  static constexpr size_t kKept = GapSlots::kGroup + GapSlots::kLate;
  static constexpr int64_t kFar_ns = GapSlots::kSlots * kSlot_ns;
  static constexpr uint32_t kStraysToReset = 64;

  uint32_t max_gaps_;
  uint64_t gaps_dropped_ = 0;
  uint32_t strays_ = 0;
  int64_t first_ = 0;  // slot of cells_[0]
  int64_t begin_ns_ = 0;
  int64_t end_ns_ = 0;
  int64_t latest_end_ns_ = 0;
  HeardCells cells_[kKept] = {};
  std::vector<StreamGap> gaps_;
};

}  // namespace rtpsonde

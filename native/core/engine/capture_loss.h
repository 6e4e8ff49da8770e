// What the capture itself has missed, or is suspected to have missed: holds what all workers
// saw against each other (common_gaps.h) and writes the answer into the records of the streams.
#pragma once

#include <unordered_map>
#include <vector>

#include "core/base/counters.h"
#include "core/engine/part.h"
#include "core/stream/common_gaps.h"
#include "core/window/record.gen.h"

namespace rtpsonde {

class CaptureLoss {
 public:
  explicit CaptureLoss(uint32_t max_streams);

  // What the workers saw up to the same packet time. Leaves the evidence empty. What fell into
  // an outage is added to `found` at once.
  void feed(std::vector<GapEvidence>& evidence, Counters& found);

  // A window closes. `totals` are the counters of all workers; what is found is added to
  // `found`. `last`: no packet follows.
  void close_window(const Counters& totals, Counters& found, int64_t end_ns, bool last);

  // Whether a window's record that tells of no packet is needed for what the capture lost.
  bool has_untold(uint64_t stream) const;
  // Fills capture_lost; records of a stream in order, that of the whole stream last.
  void fill(StreamRecord& record, int64_t window_end_ns);

 private:
  struct Lost {
    uint32_t total;
    uint32_t untold;
  };
  void assign(uint64_t stream, uint32_t packets, Counters& found);

  CommonGaps gaps_;
  size_t max_streams_;
  std::unordered_map<uint64_t, Lost> lost_;
  std::unordered_map<uint64_t, int64_t> ended_;  // lately, with losses: end of their last window
  uint64_t kernel_drops_told_ = 0;               // totals when the window before was closed
  uint64_t packets_told_ = 0;
  uint64_t rtp_told_ = 0;
};

}  // namespace rtpsonde

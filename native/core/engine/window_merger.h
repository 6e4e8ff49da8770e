// Makes one block of what the workers measured in a window: their records in an order that
// does not depend on who measured what, their counters added up, and what the capture lost
// judged by all of them together. No thread of its own.
#pragma once

#include <optional>
#include <vector>

#include "core/base/counters.h"
#include "core/engine/capture_loss.h"
#include "core/engine/part_inbox.h"

namespace rtpsonde {

class WindowMerger {
 public:
  WindowMerger(size_t workers, uint32_t max_streams);

  // Parts that PartInbox gave together. Nothing comes of them when they close no window, or
  // when that was sealed without them already: then they are counted as dropped.
  std::optional<Block> take(std::vector<WorkerPart>& parts);

  // What is counted here and by no worker. Others may add to it.
  Counters& counters() { return counters_; }

 private:
  struct Row {
    int64_t stream_start_ns;
    uint64_t stream_id;
    uint32_t part, row;  // where it is
    uint8_t kind;
  };
  void note(const WorkerPart& part);
  std::vector<Row> rows_of(std::vector<WorkerPart>& parts) const;
  void write(Block& block, uint32_t flags, int64_t start_ns, int64_t end_ns);

  std::vector<Counters> latest_;  // of each worker
  std::vector<bool> last_;        // each worker's last part was seen
  Counters counters_;
  Counters totals_;
  CaptureLoss capture_loss_;
  int64_t sealed_until_ns_ = -1;
  double next_sequence_ = 0;
  bool block_lost_ = false;
};

}  // namespace rtpsonde

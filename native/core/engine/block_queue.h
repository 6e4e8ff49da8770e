// Sealed blocks on their way to JavaScript: a bounded queue between one worker
// and one taker. A live worker never waits: when the queue is full the oldest
// block goes, is counted, and the next one says that something is missing.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>

#include "core/window/block.h"

namespace rtpsonde {

class BlockQueue {
 public:
  // capacity: blocks, at least 1
  explicit BlockQueue(size_t capacity) : capacity_(std::max<size_t>(capacity, 1)) {}

  struct Dropped {
    uint64_t blocks = 0;
    uint64_t records = 0;
  };

  // Puts a block in. With `wait` the caller is held until there is room or the
  // queue is closed; otherwise the oldest is dropped.
  Dropped push(Block block, bool wait);

  std::optional<Block> take();
  size_t depth() const;

  // Lets a waiting push() go on; from then on nothing is held back.
  void close();

 private:
  size_t capacity_;
  mutable std::mutex mutex_;
  std::condition_variable room_;
  std::deque<Block> blocks_;
  bool closed_ = false;
};

}  // namespace rtpsonde

#include "core/engine/block_queue.h"

namespace rtpsonde {

BlockQueue::Dropped BlockQueue::push(Block block, bool wait) {
  Dropped dropped;
  std::unique_lock lock(mutex_);
  if (wait) room_.wait(lock, [this] { return closed_ || blocks_.size() < capacity_; });
  // A closed queue still takes the last blocks: they are wanted at the end.
  while (!closed_ && blocks_.size() >= capacity_) {
    dropped.blocks++;
    dropped.records += blocks_.front().rows();
    blocks_.pop_front();
    if (blocks_.empty()) {
      block.add_flags(kGapBefore);
    } else {
      blocks_.front().add_flags(kGapBefore);
    }
  }
  blocks_.push_back(std::move(block));
  return dropped;
}

std::optional<Block> BlockQueue::take() {
  std::lock_guard lock(mutex_);
  if (blocks_.empty()) return std::nullopt;
  Block block = std::move(blocks_.front());
  blocks_.pop_front();
  room_.notify_one();
  return block;
}

size_t BlockQueue::depth() const {
  std::lock_guard lock(mutex_);
  return blocks_.size();
}

void BlockQueue::close() {
  std::lock_guard lock(mutex_);
  closed_ = true;
  room_.notify_all();
}

}  // namespace rtpsonde

// Where workers lay down their parts and the merger takes those of the same packet time,
// once every worker has come so far. Bounded: a worker of a file waits for room; on a live
// link one that is late is no longer waited for when another has no room left.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "core/base/counters.h"
#include "core/engine/part.h"

namespace rtpsonde {

struct WorkerPart {
  size_t worker;
  Part part;
};

class PartInbox {
 public:
  // max_windows: of each worker, that may wait for others; at least 1. Live as many again may
  // wait for the merger.
  PartInbox(size_t workers, size_t max_windows, bool live);

  // From the worker's thread. Live, when there is no room, its oldest windows go and are counted.
  void push(size_t worker, Part part, Counters& counters);
  // The worker has told all up to this packet time (Meter::told_until_ns), or live has nothing
  // to tell before.
  void reached(size_t worker, int64_t ts_ns) {
    lanes_[worker].reached_ns.store(ts_ns, std::memory_order_release);
  }
  // Nothing comes from this worker any more.
  void finish(size_t worker);
  // Nobody waits for room any more.
  void close();

  // Waits for the next parts that belong together, at most one of each worker, in the order
  // of the workers. False at the end.
  bool next(std::vector<WorkerPart>& parts);

 private:
  // Without windows they are few and small: 80 s of gaps.
  static constexpr size_t kMaxParts = 64;
  struct Lane {
    std::atomic<int64_t> reached_ns{-1};
    std::deque<Part> parts;
    size_t windows = 0;
    bool finished = false;
  };
  bool full(const Lane& lane, size_t times = 1) const {
    return lane.windows >= times * max_windows_ || lane.parts.size() >= times * (max_windows_ + kMaxParts);
  }
  const Part* first_ready() const;
  Part pop(Lane& lane);

  const size_t workers_;
  const size_t max_windows_;
  const bool live_;
  std::mutex mutex_;
  std::condition_variable room_, news_;
  std::unique_ptr<Lane[]> lanes_;
  bool closed_ = false;
};

}  // namespace rtpsonde

#include "core/engine/part_inbox.h"

#include <algorithm>
#include <chrono>

namespace rtpsonde {

namespace {

// How often a silent worker's clock is looked at.
constexpr auto kLook = std::chrono::milliseconds(50);

bool together(const Part& a, const Part& b) { return a.until_ns == b.until_ns && a.window == b.window; }
bool before(const Part& a, const Part& b) {
  return a.until_ns != b.until_ns ? a.until_ns < b.until_ns : !a.window && b.window;
}

}  // namespace

PartInbox::PartInbox(size_t workers, size_t max_windows, bool live)
    : workers_(workers),
      max_windows_(std::max<size_t>(max_windows, 1)),
      live_(live),
      lanes_(std::make_unique<Lane[]>(workers)) {}

void PartInbox::push(size_t worker, Part part, Counters& counters) {
  Lane& lane = lanes_[worker];
  std::unique_lock lock(mutex_);
  if (!live_) room_.wait(lock, [&] { return closed_ || !full(lane); });
  while (live_ && !closed_ && full(lane, 2)) {
    const Part old = pop(lane);
    if (!old.window) continue;
    counters.add(Counter::kBlocksDropped);
    counters.add(Counter::kRecordsDropped, old.block.rows());
    const auto next = std::ranges::find_if(lane.parts, [](const Part& p) { return !p.block.empty(); });
    Part& told = next != lane.parts.end() ? *next : part;
    if (!told.block.empty()) told.block.add_flags(kGapBefore);
  }
  lane.windows += part.window ? 1 : 0;
  lane.parts.push_back(std::move(part));
  news_.notify_one();
}

void PartInbox::finish(size_t worker) {
  const std::lock_guard lock(mutex_);
  lanes_[worker].finished = true;
  news_.notify_one();
}

void PartInbox::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  room_.notify_all();
}

Part PartInbox::pop(Lane& lane) {
  Part part = std::move(lane.parts.front());
  lane.parts.pop_front();
  lane.windows -= part.window ? 1 : 0;
  return part;
}

// The earliest part that waits, when no other worker can have an earlier one; else null. The
// last window of one worker waits for those of the others, so that one block ends it all.
const Part* PartInbox::first_ready() const {
  const Part* first = nullptr;
  bool overfull = false;
  for (size_t w = 0; w < workers_; w++) {
    const Lane& lane = lanes_[w];
    if (lane.parts.empty()) continue;
    overfull = overfull || (live_ && full(lane));
    if (first == nullptr || before(lane.parts.front(), *first)) first = &lane.parts.front();
  }
  if (first == nullptr || overfull) return first;
  for (size_t w = 0; w < workers_; w++) {
    const Lane& lane = lanes_[w];
    if (!lane.parts.empty() || lane.finished) continue;
    if (first->last || lane.reached_ns.load(std::memory_order_acquire) < first->until_ns) return nullptr;
  }
  return first;
}

bool PartInbox::next(std::vector<WorkerPart>& parts) {
  parts.clear();
  std::unique_lock lock(mutex_);
  for (;;) {
    if (const Part* const first = first_ready()) {
      Part key;
      key.until_ns = first->until_ns;
      key.window = first->window;
      const bool last = first->last;
      for (size_t w = 0; w < workers_; w++) {
        Lane& lane = lanes_[w];
        if (lane.parts.empty()) continue;
        const Part& front = lane.parts.front();
        if (together(front, key) || (last && front.until_ns == Part::kNever)) parts.push_back({w, pop(lane)});
      }
      room_.notify_all();
      return true;
    }
    const bool over = std::all_of(lanes_.get(), lanes_.get() + workers_,
                                  [](const Lane& lane) { return lane.finished && lane.parts.empty(); });
    if (over) return false;
    news_.wait_for(lock, kLook);
  }
}

}  // namespace rtpsonde

// See joined_source.h.
#include "core/capture/joined_source.h"

#include <algorithm>
#include <chrono>
#include <limits>

#include "core/capture/live_time.h"
#include "core/capture/waiting.h"

namespace rtpsonde {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// A packet that is so far ahead of the clock was captured before the clock was set back, and is not
// waited with until it comes to that time again.
constexpr int64_t kFuture_ns = 1'000'000'000;
// While packets wait for an interface that is silent.
constexpr int kShortestWait_ms = 2;

}  // namespace

JoinedSource::JoinedSource(std::vector<std::unique_ptr<LiveSource>> legs, uint32_t busy_poll_us)
    : legs_(legs.size()), busy_poll_us_(busy_poll_us) {
  for (size_t i = 0; i < legs.size(); i++) legs_[i].source = std::move(legs[i]);
}

void JoinedSource::open() {
  for (Leg& leg : legs_) leg.source->open();
}

ReadStatus JoinedSource::read(PacketBatch& batch, int timeout_ms) {
  batch.count = 0;
  batch.outage = {};
  Clock::time_point deadline{};
  for (bool waited = false;; waited = true) {
    now_ns_ = wall_clock_ns();
    bool any = false;
    for (Leg& leg : legs_) any |= !leg.empty() || refill(leg);
    if (any) {
      merge(batch);
      if (batch.count > 0) return ReadStatus::kPackets;
      wait(wait_ms());
      continue;
    }
    const auto now = Clock::now();
    if (!waited) deadline = now + milliseconds(std::max(timeout_ms, 0));
    const auto left = std::chrono::ceil<milliseconds>(deadline - now).count();
    if (left <= 0) return ReadStatus::kIdle;
    wait(static_cast<int>(left));
  }
}

bool JoinedSource::refill(Leg& leg) {
  leg.next = 0;
  if (leg.source->read(leg.held, 0) == ReadStatus::kPackets) return true;
  leg.held.count = 0;
  leg.reached_ns = leg.source->idle_now_ns();
  return false;
}

// Fills the batch as far as the order is known. Ends with the last packet of a leg in any case: what
// comes next there is not known before it is read, and reading would end the views of the batch.
void JoinedSource::merge(PacketBatch& batch) {
  while (batch.count < PacketBatch::kCapacity) {
    int64_t until_ns;
    Leg* const leg = first(until_ns);
    if (leg == nullptr) return;
    Outage& outage = leg->held.outage;
    if (outage.any()) [[unlikely]] {
      if (batch.outage.any()) return;  // one in a batch
      batch.outage = outage;
      outage = {};
    }
    do {
      batch.packets[batch.count++] = leg->held.packets[leg->next++];
    } while (!leg->empty() && leg->head_ns() <= until_ns && batch.count < PacketBatch::kCapacity);
    if (leg->empty()) return;
  }
}

// The leg with the packet that is next, and the time up to which its packets go before all others;
// null when one may yet come before it.
JoinedSource::Leg* JoinedSource::first(int64_t& until_ns) {
  constexpr int64_t kEver = std::numeric_limits<int64_t>::max();
  Leg* found = nullptr;
  int64_t other_ns = kEver;  // the earliest packet of another leg, or up to where that has told all
  for (Leg& leg : legs_) {
    if (leg.empty()) {
      other_ns = std::min(other_ns, leg.reached_ns);
    } else if (found == nullptr || leg.head_ns() < found->head_ns()) {
      if (found != nullptr) other_ns = std::min(other_ns, found->head_ns());
      found = &leg;
    } else {
      other_ns = std::min(other_ns, leg.head_ns());
    }
  }
  if (found == nullptr) return nullptr;
  until_ns = other_ns;
  return found->head_ns() <= until_ns || found->head_ns() > now_ns_ + kFuture_ns ? found : nullptr;
}

// Until the first packet in hand may be handed on, if nothing else comes.
int JoinedSource::wait_ms() const {
  int64_t head_ns = std::numeric_limits<int64_t>::max();
  for (const Leg& leg : legs_) {
    if (!leg.empty()) head_ns = std::min(head_ns, leg.head_ns());
  }
  const int64_t left_ms = (head_ns + kBehind_ns - now_ns_) / 1'000'000 + 1;
  return static_cast<int>(std::clamp<int64_t>(left_ms, kShortestWait_ms, kBehind_ns / 1'000'000));
}

// For the legs from which nothing is in hand: the descriptor of another one tells that there is more.
void JoinedSource::wait(int timeout_ms) {
  LiveSource* waited[kMaxInterfaces];
  size_t count = 0;
  for (const Leg& leg : legs_) {
    if (leg.empty()) waited[count++] = leg.source.get();
  }
  waited_ns_ += wait_for_packets({waited, count}, timeout_ms, busy_poll_us_);
}

int64_t JoinedSource::idle_now_ns() {
  int64_t reached_ns = std::numeric_limits<int64_t>::max();
  for (const Leg& leg : legs_) {
    // What is in hand is older than what is yet to be told.
    reached_ns = std::min(reached_ns, leg.empty() ? leg.reached_ns : leg.head_ns() - 1);
  }
  return reached_ns;
}

SourceStats JoinedSource::stats() {
  SourceStats all;
  for (Leg& leg : legs_) all.merge(leg.source->stats());
  return all;
}

Backlog JoinedSource::backlog() {
  Backlog all{.waited_ns = waited_ns_};
  for (Leg& leg : legs_) {
    const Backlog one = leg.source->backlog();
    all.fill = std::max(all.fill, one.fill);
    all.drops += one.drops;
  }
  return all;
}

std::vector<SourceStats> JoinedSource::by_interface() const {
  std::vector<SourceStats> all;
  for (const Leg& leg : legs_) {
    for (const SourceStats& one : leg.source->by_interface()) all.push_back(one);
  }
  return all;
}

std::vector<std::string> JoinedSource::problems() {
  std::vector<std::string> all;
  for (Leg& leg : legs_) {
    for (std::string& problem : leg.source->problems()) all.push_back(std::move(problem));
  }
  return all;
}

}  // namespace rtpsonde

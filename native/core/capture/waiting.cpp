#include "core/capture/waiting.h"

#include <poll.h>

#include <algorithm>
#include <chrono>

namespace rtpsonde {

namespace {

using Clock = std::chrono::steady_clock;

bool any_ready(std::span<LiveSource* const> sources) {
  return std::ranges::any_of(sources, [](const LiveSource* source) { return source->ready(); });
}

// True when one was ready in time.
bool spin(std::span<LiveSource* const> sources, std::chrono::microseconds time) {
  const Clock::time_point end = Clock::now() + time;
  do {
    if (any_ready(sources)) return true;
  } while (Clock::now() < end);
  return false;
}

}  // namespace

void wait_for_packets(std::span<LiveSource* const> sources, int timeout_ms, uint32_t busy_poll_us) {
  const auto busy = std::min(std::chrono::microseconds(busy_poll_us),
                             std::chrono::microseconds(std::chrono::milliseconds(timeout_ms)));
  if (busy_poll_us > 0 && spin(sources, busy)) return;
  pollfd waiting[kMaxInterfaces];
  for (size_t i = 0; i < sources.size(); i++) waiting[i] = {sources[i]->descriptor(), POLLIN, 0};
  if (::poll(waiting, sources.size(), timeout_ms) <= 0) return;
  for (size_t i = 0; i < sources.size(); i++) {
    if ((waiting[i].revents & POLLERR) != 0) sources[i]->on_fault();
  }
}

}  // namespace rtpsonde

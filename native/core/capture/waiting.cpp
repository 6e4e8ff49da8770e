#include "core/capture/waiting.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <system_error>

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

int64_t wait_for_packets(std::span<LiveSource* const> sources, int timeout_ms, uint32_t busy_poll_us) {
  const Clock::time_point from = Clock::now();
  const auto waited_ns = [from] { return (Clock::now() - from) / std::chrono::nanoseconds(1); };
  const auto busy = std::min(std::chrono::microseconds(busy_poll_us),
                             std::chrono::microseconds(std::chrono::milliseconds(timeout_ms)));
  if (busy_poll_us > 0 && spin(sources, busy)) return waited_ns();
  pollfd waiting[kMaxInterfaces];
  for (size_t i = 0; i < sources.size(); i++) waiting[i] = {sources[i]->descriptor(), POLLIN, 0};
  const int ready = ::poll(waiting, sources.size(), timeout_ms);
  const int64_t took_ns = waited_ns();
  for (size_t i = 0; ready > 0 && i < sources.size(); i++) {
    if ((waiting[i].revents & POLLERR) != 0) sources[i]->on_fault();
  }
  return took_ns;
}

std::string ask_for_busy_polling(int socket, uint32_t microseconds) {
  const auto set = [socket](int option, int value) {
    return ::setsockopt(socket, SOL_SOCKET, option, &value, sizeof value) == 0;
  };
  const char* refused = nullptr;
  if (!set(SO_BUSY_POLL, static_cast<int>(std::min<uint32_t>(microseconds, INT32_MAX)))) {
    refused = "SO_BUSY_POLL";
  } else if (!set(SO_PREFER_BUSY_POLL, 1)) {
    refused = "SO_PREFER_BUSY_POLL";
  }
  if (refused == nullptr) return "";
  const std::string why =
      errno == EPERM ? "it needs the right CAP_NET_ADMIN" : std::generic_category().message(errno);
  return std::string("the kernel refused ") + refused + ": " + why;
}

}  // namespace rtpsonde

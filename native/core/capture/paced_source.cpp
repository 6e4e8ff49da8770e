#include "core/capture/paced_source.h"

#include <algorithm>
#include <ctime>

namespace rtpsonde {

namespace {

int64_t monotonic_ns() {
  timespec t{};
  clock_gettime(CLOCK_MONOTONIC, &t);
  return int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec;
}

void sleep_ns(int64_t ns) {
  const timespec t{ns / 1'000'000'000, ns % 1'000'000'000};
  nanosleep(&t, nullptr);
}

}  // namespace

PacedSource::PacedSource(std::unique_ptr<PacketSource> inner, double speed)
    : inner_(std::move(inner)), speed_(speed) {}

ReadStatus PacedSource::read(PacketBatch& batch, int timeout_ms) {
  if (!holding_) {
    const ReadStatus status = inner_->read(held_, timeout_ms);
    if (status != ReadStatus::kPackets) return status;
    holding_ = true;
  }
  if (!due_known_) {
    // A damaged timestamp far ahead must not hold the replay for ever.
    constexpr double kLongestGap_ns = 60e9;
    const int64_t packet_ns = held_.packets[0].ts_ns;
    const double gap_ns = static_cast<double>(packet_ns) - static_cast<double>(last_packet_ns_);
    due_ns_ = started_ ? due_ns_ + static_cast<int64_t>(std::clamp(gap_ns / speed_, 0.0, kLongestGap_ns))
                       : monotonic_ns();
    last_packet_ns_ = packet_ns;
    started_ = true;
    due_known_ = true;
  }
  const int64_t wait_ns = due_ns_ - monotonic_ns();
  if (wait_ns > 0) {
    const int64_t patience_ns = int64_t{timeout_ms} * 1'000'000;
    sleep_ns(std::min(wait_ns, patience_ns));
    if (wait_ns > patience_ns) return ReadStatus::kIdle;
  }
  batch = held_;
  holding_ = false;
  due_known_ = false;
  return ReadStatus::kPackets;
}

}  // namespace rtpsonde

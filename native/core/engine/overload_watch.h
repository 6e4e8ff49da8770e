// What a worker does between batches lest its ring overflows: looks at its source now and then, and tells its
// meter how much to shed.
#pragma once

#include <ctime>

#include "core/capture/packet_source.h"
#include "core/engine/meter.h"
#include "core/engine/overload_governor.h"

namespace rtpsonde {

class OverloadWatch {
 public:
  explicit OverloadWatch(bool on) : next_ns_(on ? INT64_MIN : INT64_MAX) {}

  void look(PacketSource& source, Meter& meter) {
    if (next_ns_ == INT64_MAX) return;
    const int64_t now_ns = coarse_now_ns();
    if (now_ns < next_ns_) [[likely]]
      return;
    next_ns_ = now_ns + OverloadGovernor::kBetweenLooks_ns;
    const Backlog backlog = source.backlog();
    const Counters& counters = meter.counters();
    meter.set_shed_level(governor_.look({now_ns, backlog.fill, backlog.drops, backlog.waited_ns,
                                         counters.get(Counter::kPackets), counters.get(Counter::kShed)}));
  }

 private:
  // To a few ms, for a few ns.
  static int64_t coarse_now_ns() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
  }

  int64_t next_ns_;  // INT64_MAX: never
  OverloadGovernor governor_;
};

}  // namespace rtpsonde

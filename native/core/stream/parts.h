// The pools of what only some streams need.
#pragma once

#include "core/stream/damage.h"
#include "core/stream/extra.h"
#include "core/stream/past.h"
#include "core/stream/pool.h"
#include "core/stream/rtcp_row.h"
#include "core/stream/state.h"

namespace rtpsonde {

struct StreamParts {
  explicit StreamParts(uint32_t max_streams)
      : damage(max_streams),
        past(max_streams),
        extra(max_streams),
        rtcp(max_streams),
        endpoint(max_streams) {}

  Pool<Damage> damage;
  Pool<StreamPast> past;
  Pool<Extra> extra;
  Pool<RtcpRow> rtcp;
  Pool<EndpointReport> endpoint;

  // The row for what not every stream has, taken when it has none; null when none is left.
  Extra* extra_of(StreamCold& cold) {
    if (cold.extra == nullptr) {
      cold.extra = extra.take();
      if (cold.extra != nullptr) *cold.extra = Extra{};
    }
    return cold.extra;
  }

  void note_copy(StreamCold& cold, int64_t delay_ns) {
    cold.events.add(Event::kSpanCopy);
    if (Extra* const row = extra_of(cold)) row->copies.add(delay_ns);
  }

  // Takes back what a stream held.
  void give(StreamCold& cold) {
    damage.give(cold.damage);
    past.give(cold.past);
    extra.give(cold.extra);
    if (cold.rtcp != nullptr) endpoint.give(cold.rtcp->endpoint);
    rtcp.give(cold.rtcp);
    cold.damage = nullptr;
    cold.past = nullptr;
    cold.extra = nullptr;
    cold.rtcp = nullptr;
  }

  size_t bytes_used() const {
    return damage.bytes_used() + past.bytes_used() + extra.bytes_used() + rtcp.bytes_used() +
           endpoint.bytes_used();
  }
};

}  // namespace rtpsonde

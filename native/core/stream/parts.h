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
      : incidents(max_streams),
        damage(max_streams),
        past(max_streams),
        extra(max_streams),
        rtcp(max_streams),
        endpoint(max_streams) {}

  Pool<Incidents> incidents;
  Pool<Damage> damage;
  Pool<StreamPast> past;
  Pool<Extra> extra;
  Pool<RtcpRow> rtcp;
  Pool<EndpointReport> endpoint;

  // A stream has one row of a kind at most, and there are as many as streams: one is always left.
  Incidents& incidents_of(StreamCold& cold) {
    if (cold.incidents == nullptr) {
      cold.incidents = incidents.take();
      *cold.incidents = Incidents{};
    }
    return *cold.incidents;
  }

  // From now on each packet is told to it.
  Extra& extra_of(StreamHot& hot, StreamCold& cold) {
    Incidents& row = incidents_of(cold);
    if (row.extra == nullptr) {
      row.extra = extra.take();
      *row.extra = Extra{};
      hot.flags |= kFollowed;
    }
    return *row.extra;
  }
  RtcpRow& rtcp_of(StreamHot& hot, StreamCold& cold) {
    Incidents& row = incidents_of(cold);
    if (row.rtcp == nullptr) {
      row.rtcp = rtcp.take();
      hot.flags |= kFollowed;
    }
    return *row.rtcp;
  }

  void note_copy(StreamHot& hot, StreamCold& cold, int64_t delay_ns) {
    extra_of(hot, cold).copies.add(delay_ns);
    cold.incidents->events.add(Event::kSpanCopy);
  }

  // Takes back what a stream held.
  void give(StreamCold& cold) {
    past.give(cold.past);
    cold.past = nullptr;
    if (cold.incidents == nullptr) return;
    damage.give(cold.damage());
    extra.give(cold.extra());
    if (cold.rtcp() != nullptr) endpoint.give(cold.rtcp()->endpoint);
    rtcp.give(cold.rtcp());
    incidents.give(cold.incidents);
    cold.incidents = nullptr;
  }

  size_t bytes_used() const {
    return incidents.bytes_used() + damage.bytes_used() + past.bytes_used() + extra.bytes_used() +
           rtcp.bytes_used() + endpoint.bytes_used();
  }
};

}  // namespace rtpsonde

// What the meter does when the worker cannot keep up: see flow_sampler.h.
#include <algorithm>

#include "core/engine/meter.h"

namespace rtpsonde {

void Meter::set_shed_level(uint32_t level) {
  const uint32_t before = sampler_.level();
  if (level == before) return;
  // Their packets are shed already.
  if (level < before) let_go(UINT32_MAX);
  sampler_.set_level(level);
  counters_.set(Counter::kShedLevel,
                std::max<uint64_t>(counters_.get(Counter::kShedLevel), sampler_.level()));
  if (counters_.get(Counter::kShedSinceMs) == 0 && clock_.started()) {
    const int64_t now_ns = std::max(clock_steps_.last_ns(), clock_.start_ns());
    counters_.set(Counter::kShedSinceMs, static_cast<uint64_t>(now_ns / 1'000'000));
  }
  if (level < before) return;
  mark_kept_flows();
  let_go_at_ = 0;
}

// All streams of a flow go on, also those that begin only now: the other direction of a call.
void Meter::mark_kept_flows() {
  sampler_.clear_marks();
  for (uint32_t row = 0; row < table_.high_water(); row++) {
    if (table_.hot(row).status != StreamStatus::kFree) sampler_.mark(place_of(row));
  }
}

// Ends streams of the next rows whose flows are given up.
void Meter::let_go(uint32_t rows) {
  for (; rows > 0 && let_go_at_ < table_.high_water(); rows--, let_go_at_++) {
    if (table_.hot(let_go_at_).status == StreamStatus::kFree) continue;
    if (sampler_.gives_up(place_of(let_go_at_))) end_stream(let_go_at_, EndReason::kShed);
  }
  if (let_go_at_ >= table_.high_water()) let_go_at_ = UINT32_MAX;
}

uint64_t Meter::place_of(uint32_t row) const {
  const AddressPair between = table_.addresses(row);
  const uint64_t ports = table_.hot(row).key.b >> 32;
  return FlowSampler::place_of(between.src, between.dst, static_cast<uint16_t>(ports >> 16),
                               static_cast<uint16_t>(ports));
}

}  // namespace rtpsonde

// The counters of one worker. Written by its thread only; a copy is published
// at batch ends, so counting costs one plain addition.
#pragma once

#include <algorithm>
#include <array>

#include "core/base/counters.gen.h"

namespace rtpsonde {

class Counters {
 public:
  void add(Counter c, uint64_t n = 1) { values_[static_cast<size_t>(c)] += n; }
  void sub(Counter c, uint64_t n = 1) { values_[static_cast<size_t>(c)] -= n; }
  void set(Counter c, uint64_t n) { values_[static_cast<size_t>(c)] = n; }
  uint64_t get(Counter c) const { return values_[static_cast<size_t>(c)]; }
  const std::array<uint64_t, kCounterCount>& values() const { return values_; }

  // Those of another worker beside these. Of the largest clock step the larger stays.
  void merge(const Counters& other) {
    const uint64_t step_ms = std::max(get(Counter::kClockStepMaxMs), other.get(Counter::kClockStepMaxMs));
    for (size_t i = 0; i < kCounterCount; i++) values_[i] += other.values_[i];
    set(Counter::kClockStepMaxMs, step_ms);
  }

  // Takes `n` packets from one fate to another (pending to used, say).
  void move(Counter from, Counter to, uint64_t n = 1) {
    sub(from, n);
    add(to, n);
  }

 private:
  std::array<uint64_t, kCounterCount> values_{};
};

}  // namespace rtpsonde

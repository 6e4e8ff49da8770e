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

  // Those of another worker beside these.
  void merge(const Counters& other) {
    for (size_t i = 0; i < kCounterCount; i++) {
      values_[i] = merged(kCounterInfo[i].merge, values_[i], other.values_[i]);
    }
  }

  // Takes `n` packets from one fate to another (pending to used, say).
  void move(Counter from, Counter to, uint64_t n = 1) {
    sub(from, n);
    add(to, n);
  }

 private:
  static uint64_t merged(Merge how, uint64_t a, uint64_t b) {
    if (how == Merge::kMax) return std::max(a, b);
    if (how == Merge::kEarliest) return a == 0 || b == 0 ? std::max(a, b) : std::min(a, b);
    return a + b;
  }

  std::array<uint64_t, kCounterCount> values_{};
};

}  // namespace rtpsonde

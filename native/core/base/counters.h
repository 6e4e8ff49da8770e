// The counters of one worker. Written by its thread only; a copy is published
// at batch ends, so counting costs one plain addition.
#pragma once

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

  // Takes `n` packets from one fate to another (pending to used, say).
  void move(Counter from, Counter to, uint64_t n = 1) {
    sub(from, n);
    add(to, n);
  }

 private:
  std::array<uint64_t, kCounterCount> values_{};
};

}  // namespace rtpsonde

// Round-trip time of one leg, seen from the middle: when a time stamp passed the
// tap, when its echo came back past it, and how long the far end held it between.
// Only the clock of the tap is used, so no clock of an endpoint has to be right.
#pragma once

#include <cstdint>
#include <optional>

namespace rtpsonde {

// Between the tap and the end that echoed, and back [ns]: RFC 3550 6.4.1 with the
// tap in the place of the sender. `held` is DLSR or the delay of DLRR (RFC 3611
// 4.5) [1/65536 s]. Nothing when the figures cannot be: more than 5 ms below 0, more
// than 60 s, or more than 1 s that goes away when `held` is read as 0 or as
// milliseconds, which is how some endpoints write it. 0 for what is a little below.
std::optional<int64_t> round_trip_ns(int64_t stamped_ns, int64_t echoed_ns, uint32_t held);

// The middle 32 bits of an NTP time stamp, as LSR and LRR repeat them.
constexpr uint32_t ntp_middle(uint64_t ntp) { return static_cast<uint32_t>(ntp >> 16); }

// The last time stamps of one sender that passed the tap.
template <uint32_t N>
class PassedStamps {
 public:
  // `key` is an ntp_middle(). A copy of the report changes nothing; a stamp that
  // comes again much later is of a clock that stands still, and says nothing.
  void remember(uint32_t key, int64_t seen_ns) {
    constexpr int64_t kCopy_ns = 500'000'000;
    if (key == 0) return;  // LSR 0 means that there was none
    for (uint32_t i = 0; i < N; i++) {
      if (keys_[i] != key) continue;
      if (seen_ns - seen_ns_[i] > kCopy_ns) keys_[i] = 0;
      return;
    }
    keys_[next_] = key;
    seen_ns_[next_] = seen_ns;
    next_ = (next_ + 1) % N;
  }

  // When it passed; nothing when it did not, or too long ago.
  std::optional<int64_t> find(uint32_t key) const {
    if (key == 0) return std::nullopt;
    for (uint32_t i = 0; i < N; i++) {
      if (keys_[i] == key) return seen_ns_[i];
    }
    return std::nullopt;
  }

 private:
  int64_t seen_ns_[N] = {};
  uint32_t keys_[N] = {};  // 0: empty
  uint32_t next_ = 0;
};

struct RoundTrips {
  uint64_t sum_us = 0;
  uint32_t min_us = 0;  // of no meaning while count is 0, as is max_us
  uint32_t max_us = 0;
  uint32_t count = 0;
  uint32_t rejected = 0;  // echoes that gave no figure that can be

  void add(uint32_t us);
};

// All round trips of one leg: of the open window and of the whole stream.
struct RttLeg {
  RoundTrips window;
  RoundTrips whole;
  int64_t last_stamped_ns = 0;
  uint32_t last_held = 0;
  uint32_t last_us = 0;

  // An echo of a stamp that passed the tap at `stamped_ns`. A copy of the last one,
  // which says the same of the same stamp, changes nothing.
  void echo(int64_t stamped_ns, int64_t echoed_ns, uint32_t held);
  void begin_window() { window = {}; }
};

}  // namespace rtpsonde

// Whose reports on a stream are taken: several SSRCs of one endpoint may report on the
// same stream, and their figures must not be mixed.
#pragma once

#include <cstdint>

namespace rtpsonde {

// All zero: nobody reported yet.
class FollowedReporter {
 public:
  // False when another one than the one followed speaks. The one followed changes when
  // it was silent for 30 s.
  bool follow(uint32_t ssrc, int64_t seen_ns) {
    constexpr int64_t kSilent_ns = 30'000'000'000;
    if (any_ && ssrc != ssrc_ && seen_ns - last_ns_ < kSilent_ns) return false;
    any_ = true;
    ssrc_ = ssrc;
    last_ns_ = seen_ns;
    return true;
  }

  bool any() const { return any_; }
  uint32_t ssrc() const { return ssrc_; }       // of no meaning before the first report
  int64_t last_ns() const { return last_ns_; }  // of its last report, 0: none

 private:
  int64_t last_ns_ = 0;
  uint32_t ssrc_ = 0;
  bool any_ = false;
};

}  // namespace rtpsonde

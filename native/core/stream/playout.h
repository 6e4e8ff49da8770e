// Emulated jitter buffers, several side by side: which packets a receiver with
// such a buffer would have had to discard as too late or too early.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/stream/damage.h"
#include "core/stream/state.h"

namespace rtpsonde {

// fixed: every packet is played `delay_ms` after the reference delay, which is the
// least transit of late (delay_variation.h); it comes early when it would wait
// longer than `max_ms`. adaptive: the delay follows the packets between `delay_ms` and `max_ms`.
struct PlayoutProfile {
  bool adaptive = false;
  float delay_ms = 0;
  float max_ms = 0;
};

struct PlayoutOptions {
  std::vector<PlayoutProfile> profiles;  // at most kPlayoutProfiles
  uint32_t used_by_quality = 0;          // whose discards count as bad packets
};

class Playout {
 public:
  // Throws Error ERR_ENGINE_OPTIONS.
  explicit Playout(const PlayoutOptions& options);

  struct Verdict {
    uint8_t late = 0;  // bit p: profile p
    uint8_t early = 0;
    float wait_ms = 0;  // in the buffer of the profile that quality uses, when any bit is set; late: below 0
    bool none() const { return (late | early) == 0; }
    bool discarded_by(uint32_t profile) const { return ((late | early) >> profile & 1) != 0; }
  };

  // One packet that lies so far above the reference delay, so long after the one before.
  Verdict play(StreamHot& hot, float above_ms, double elapsed_ms) const {
    Verdict verdict;
    // Nearly every packet suits every buffer.
    if (above_ms > std::min(least_delay_ms_, hot.adaptive_ms) || above_ms < latest_early_ms_) [[unlikely]]
      verdict = judge(hot, above_ms);
    hot.adaptive_sum_ms += hot.adaptive_ms;
    adapt(hot, above_ms, elapsed_ms);
    return verdict;
  }

  // The same of a packet that is no sample: the adaptive delay does not follow it.
  Verdict judge(const StreamHot& hot, float above_ms) const;

  void begin(StreamHot& hot) const { hot.adaptive_ms = least_ms_; }
  uint32_t used_by_quality() const { return used_by_quality_; }
  bool has_adaptive() const { return has_adaptive_; }
  // Mean playout delay of the profile that quality uses, given that of the adaptive one.
  double delay_ms(double adaptive_mean_ms) const {
    const PlayoutProfile& profile = profiles_[used_by_quality_];
    return profile.adaptive ? adaptive_mean_ms : static_cast<double>(profile.delay_ms);
  }

 private:
  // At once up to 10 ms above the latest packet, back down with a time constant of 20 s.
  void adapt(StreamHot& hot, float above_ms, double elapsed_ms) const {
    constexpr float kMargin_ms = 10;
    constexpr float kDecay_ms = 20'000;
    const float wanted_ms = std::clamp(above_ms + kMargin_ms, least_ms_, most_ms_);
    if (wanted_ms > hot.adaptive_ms) {
      hot.adaptive_ms = wanted_ms;
    } else {
      const float share = std::clamp(static_cast<float>(elapsed_ms) / kDecay_ms, 0.0F, 1.0F);
      hot.adaptive_ms += (wanted_ms - hot.adaptive_ms) * share;
    }
  }

  PlayoutProfile profiles_[kPlayoutProfiles];
  uint32_t count_ = 0;
  uint32_t used_by_quality_ = 0;
  bool has_adaptive_ = false;
  float least_delay_ms_;   // of the fixed profiles
  float latest_early_ms_;  // below it a packet may come too early for one of them
  float least_ms_ = 0;     // of the adaptive profile
  float most_ms_ = 0;
};

}  // namespace rtpsonde

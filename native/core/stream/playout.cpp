#include "core/stream/playout.h"

#include <limits>

#include "core/base/error.h"

namespace rtpsonde {

namespace {

float most_delay(const PlayoutProfile& profile) {
  return profile.adaptive ? profile.max_ms : profile.delay_ms;
}

}  // namespace

Playout::Playout(const PlayoutOptions& options)
    : count_(static_cast<uint32_t>(options.profiles.size())), used_by_quality_(options.used_by_quality) {
  if (count_ < 1 || count_ > kPlayoutProfiles || used_by_quality_ >= count_) {
    throw Error("ERR_ENGINE_OPTIONS", "1 to 3 playout profiles, one of them used by quality");
  }
  least_delay_ms_ = std::numeric_limits<float>::infinity();
  latest_early_ms_ = -std::numeric_limits<float>::infinity();
  for (uint32_t p = 0; p < count_; p++) {
    profiles_[p] = options.profiles[p];
    if (!(profiles_[p].max_ms >= profiles_[p].delay_ms && profiles_[p].delay_ms >= 0)) {
      throw Error("ERR_ENGINE_OPTIONS", "a playout profile needs 0 <= delay <= max");
    }
    latest_early_ms_ = std::max(latest_early_ms_, most_delay(profiles_[p]) - profiles_[p].max_ms);
    if (!profiles_[p].adaptive) {
      least_delay_ms_ = std::min(least_delay_ms_, profiles_[p].delay_ms);
      continue;
    }
    // Its running delay is part of a stream's state: there is room for one.
    if (has_adaptive_) throw Error("ERR_ENGINE_OPTIONS", "more than one adaptive playout profile");
    has_adaptive_ = true;
    least_ms_ = profiles_[p].delay_ms;
    most_ms_ = profiles_[p].max_ms;
  }
}

Playout::Verdict Playout::judge(const StreamHot& hot, float above_ms) const {
  Verdict verdict;
  for (uint32_t p = 0; p < count_; p++) {
    const float delay_ms = profiles_[p].adaptive ? hot.adaptive_ms : profiles_[p].delay_ms;
    if (above_ms > delay_ms) verdict.late |= static_cast<uint8_t>(1U << p);
    if (above_ms < delay_ms - profiles_[p].max_ms) verdict.early |= static_cast<uint8_t>(1U << p);
    if (p == used_by_quality_) verdict.wait_ms = delay_ms - std::max(above_ms, 0.0F);
  }
  return verdict;
}

}  // namespace rtpsonde

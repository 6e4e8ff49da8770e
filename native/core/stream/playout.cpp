#include "core/stream/playout.h"

#include "core/base/error.h"

namespace rtpsonde {

Playout::Playout(const PlayoutOptions& options)
    : count_(static_cast<uint32_t>(options.profiles.size())), used_by_quality_(options.used_by_quality) {
  if (count_ < 1 || count_ > kPlayoutProfiles || used_by_quality_ >= count_) {
    throw Error("ERR_ENGINE_OPTIONS", "1 to 3 playout profiles, one of them used by quality");
  }
  for (uint32_t p = 0; p < count_; p++) {
    profiles_[p] = options.profiles[p];
    if (!(profiles_[p].max_ms >= profiles_[p].delay_ms && profiles_[p].delay_ms >= 0)) {
      throw Error("ERR_ENGINE_OPTIONS", "a playout profile needs 0 <= delay <= max");
    }
    if (!profiles_[p].adaptive) continue;
    // Its running delay is part of a stream's state: there is room for one.
    if (has_adaptive_) throw Error("ERR_ENGINE_OPTIONS", "more than one adaptive playout profile");
    has_adaptive_ = true;
    least_ms_ = profiles_[p].delay_ms;
    most_ms_ = profiles_[p].max_ms;
  }
}

}  // namespace rtpsonde

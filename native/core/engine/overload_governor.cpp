#include "core/engine/overload_governor.h"

#include <algorithm>
#include <utility>

#include "core/engine/flow_sampler.h"

namespace rtpsonde {

static_assert(kShedKeptShares[OverloadGovernor::kLettingGo - 1] == 1 &&
              kShedKeptShares[OverloadGovernor::kLettingGo] < 1);

uint32_t OverloadGovernor::look(const Pressure& now) {
  if (!std::exchange(looked_, true)) before_ = calm_since_ = now;
  const Pressure before = std::exchange(before_, now);
  const bool dropped = now.drops > before.drops;
  const bool filling = before.fill >= kFilling && now.fill >= before.fill;
  if (now.fill > kEmpty || dropped) calm_since_ = now;

  const int64_t since_raise_ns = now.now_ns - raised_ns_;
  if (filling && (now.fill >= kNearlyFull || dropped)) {
    if (since_raise_ns >= kBetweenUrgentRaises_ns) raise(std::max(level_ + 1, kLettingGo), now.now_ns);
  } else if (filling && level_ + 1 < kLettingGo) {
    if (since_raise_ns >= kBetweenRaises_ns) raise(level_ + 1, now.now_ns);
  } else if (now.now_ns - calm_since_.now_ns >= hold_ns_) {
    lower(now);
  }
  return level_;
}

void OverloadGovernor::raise(uint32_t level, int64_t now_ns) {
  level_ = std::min(level, FlowSampler::kLevels - 1);
  raised_ns_ = now_ns;
  // The step down before was too much.
  if (now_ns - lowered_ns_ < 2 * hold_ns_) hold_ns_ = std::min(2 * hold_ns_, kLongestHold_ns);
  lowered_ns_ = INT64_MIN / 2;
}

void OverloadGovernor::lower(const Pressure& now) {
  if (level_ > 0 && is_bearable(now)) {
    level_--;
    lowered_ns_ = now.now_ns;
  } else if (level_ == 0 && now.now_ns - raised_ns_ >= kLongestHold_ns) {
    hold_ns_ = kHold_ns;
  }
  calm_since_ = now;
}

// A step down admits as large a share of all flows again as is admitted now.
bool OverloadGovernor::is_bearable(const Pressure& now) const {
  const auto packets = static_cast<double>(now.packets - calm_since_.packets);
  const auto shed = static_cast<double>(now.shed - calm_since_.shed);
  const double waited = static_cast<double>(now.waited_ns - calm_since_.waited_ns) /
                        static_cast<double>(now.now_ns - calm_since_.now_ns);
  const double more = std::min(shed, packets * static_cast<double>(kShedAdmittedShares[level_]));
  const double cost = (packets - shed) + shed / kCostRatio;
  if (cost <= 0) return true;
  const double busy = 1 - waited;
  const double expected = busy * (cost + more - more / kCostRatio) / cost;
  return expected <= std::max(kBearable, (1 + busy) / 2);
}

}  // namespace rtpsonde

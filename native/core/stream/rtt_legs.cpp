#include "core/stream/rtt_legs.h"

#include <algorithm>

namespace rtpsonde {

namespace {

constexpr int64_t kMillisecond_ns = 1'000'000;
constexpr int64_t kTolerance_ns = 5 * kMillisecond_ns;     // stamps of capture and endpoint
constexpr int64_t kDoubtful_ns = 1'000 * kMillisecond_ns;  // beyond it, the unit is looked at
constexpr int64_t kLongest_ns = 60'000 * kMillisecond_ns;

}  // namespace

std::optional<int64_t> round_trip_ns(int64_t stamped_ns, int64_t echoed_ns, uint32_t held) {
  const int64_t between_ns = echoed_ns - stamped_ns;
  if (between_ns < 0) return std::nullopt;
  const int64_t rtt_ns = between_ns - int64_t{held} * 1'953'125 / 128;  // 10^9 / 65536
  if (rtt_ns < -kTolerance_ns || rtt_ns > kLongest_ns) return std::nullopt;
  if (rtt_ns > kDoubtful_ns) {
    const bool not_filled_in = held < 66;  // 1 ms
    const int64_t as_milliseconds_ns = between_ns - held * kMillisecond_ns;
    const bool in_milliseconds = as_milliseconds_ns >= -kTolerance_ns && as_milliseconds_ns <= kDoubtful_ns;
    if (not_filled_in || in_milliseconds) return std::nullopt;
  }
  return std::max<int64_t>(rtt_ns, 0);
}

void RoundTrips::add(uint32_t us) {
  min_us = count == 0 ? us : std::min(min_us, us);
  max_us = std::max(max_us, us);
  sum_us += us;
  count++;
}

void RttLeg::echo(int64_t stamped_ns, int64_t echoed_ns, uint32_t held) {
  if (whole.count + whole.rejected > 0 && stamped_ns == last_stamped_ns && held == last_held) return;
  last_stamped_ns = stamped_ns;
  last_held = held;
  const std::optional<int64_t> rtt_ns = round_trip_ns(stamped_ns, echoed_ns, held);
  if (!rtt_ns) {
    window.rejected++;
    whole.rejected++;
    return;
  }
  last_us = static_cast<uint32_t>((*rtt_ns + 500) / 1000);
  window.add(last_us);
  whole.add(last_us);
}

}  // namespace rtpsonde

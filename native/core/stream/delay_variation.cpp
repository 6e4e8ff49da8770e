#include "core/stream/delay_variation.h"

#include <limits>

namespace rtpsonde {

namespace {

constexpr float kNothing = std::numeric_limits<float>::infinity();

double seconds(int64_t ns) { return static_cast<double>(ns) / 1e9; }

// Transit is kept near zero, as floats of large numbers are coarse: that of a sender
// whose clock is wrong by half grows by 12 hours a day. What is taken out stays in
// the transit that the skew estimate is told.
void keep_near(StreamHot& hot, StreamPast* past) {
  constexpr float kFar_ms = 16'384;  // a float tells 2 us there
  const float shift_ms = hot.least_ms;
  if (!(std::abs(shift_ms) > kFar_ms) || shift_ms == kNothing) return;
  hot.transit_ms -= static_cast<double>(shift_ms);
  hot.least_ms = 0;
  hot.mapdv_mean_ms -= shift_ms;
  if (past != nullptr) past->removed_ms += static_cast<double>(shift_ms);
}

// The drift that is taken out of the transit within so much time.
double drift_ms(const StreamHot& hot, int64_t ns) {
  return static_cast<double>(hot.skew_ppm) * 1e-3 * seconds(ns);
}

// The least transit of the stretch that ends, at the moment it was seen, with the
// drift that was taken out put back. As long as none is taken out the least lies at an end
// of its stretch, later anywhere: put in the middle, it would bend the hull.
void tell_hull(StreamHot& hot, StreamPast& past) {
  const double removed_ms = past.removed_ms + drift_ms(hot, place_ns(hot.least_at));
  past.hull.add(hot.stretch, hot.least_at, static_cast<double>(hot.least_ms) + removed_ms);
  const double estimate_ppm = past.hull.ppm();
  if (!std::isnan(estimate_ppm)) hot.skew_ppm = static_cast<float>(estimate_ppm);
}

// The hull is told of a stretch that ends, and removed_ms goes on to the next one: what was
// taken out until `arrival_ns` stays the same, though the skew may be another from now on.
void end_stretch(StreamHot& hot, StreamPast& past, int64_t arrival_ns) {
  const double removed_ms = past.removed_ms + drift_ms(hot, arrival_ns - stretch_start_ns(hot.stretch));
  if (hot.least_ms < kNothing) tell_hull(hot, past);
  past.removed_ms = removed_ms - drift_ms(hot, arrival_ns - stretch_start_ns(stretch_of(arrival_ns)));
}

}  // namespace

void begin_stretch(StreamHot& hot, StreamPast* past, int64_t arrival_ns) {
  if (past != nullptr) end_stretch(hot, *past, arrival_ns);
  keep_near(hot, past);
  hot.least_before_ms = hot.least_ms;
  hot.least_ms = kNothing;
  hot.stretch = stretch_of(arrival_ns);
}

float follow_transit(StreamHot& hot, StreamPast* past, int64_t arrival_ns, double step_ms,
                     double elapsed_ms) {
  hot.transit_ms += step_ms - 1e-6 * static_cast<double>(hot.skew_ppm) * elapsed_ms;
  if (stretch_of(arrival_ns) != hot.stretch) begin_stretch(hot, past, arrival_ns);
  return static_cast<float>(hot.transit_ms) - std::min(hot.least_ms, hot.least_before_ms);
}

void anchor_transit(StreamHot& hot, StreamPast* past, int64_t arrival_ns, double step_ms, double elapsed_ms) {
  // Senders round the timestamp of a new talk spurt; a clock that went on is off by less.
  constexpr double kSameClock_ms = 5;
  if (std::abs(step_ms) < kSameClock_ms) {
    follow_transit(hot, past, arrival_ns, step_ms, elapsed_ms);
  } else {
    hot.transit_ms = 0;
    hot.stretch = stretch_of(arrival_ns);
    if (past != nullptr) {
      past->hull.clear();
      past->removed_ms = 0;
    }
  }
  const float transit_ms = static_cast<float>(hot.transit_ms);
  hot.least_ms = transit_ms;
  hot.least_before_ms = transit_ms;
  hot.least_at = place_in_stretch(arrival_ns, hot.stretch);
  hot.mapdv_mean_ms = transit_ms;
}

}  // namespace rtpsonde

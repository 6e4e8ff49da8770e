#include "core/stream/burst_gap.h"

#include <algorithm>
#include <limits>

namespace rtpsonde {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

double ratio(double part, double whole) { return whole > 0 ? part / whole : kNone; }

}  // namespace

// RFC 3611 4.7.2: a burst is the longest run that starts and ends with a bad
// packet and holds no Gmin good ones in a row. A bad packet alone, Gmin or more
// from every other, belongs to the gap.
void BurstGap::close_cluster() {
  if (in_cluster > 1) {
    const uint32_t length = after_bad - first;
    if (sums.bursts == 0 && first == 0) starts_in_burst = true;
    sums.bursts++;
    sums.burst_packets += length;
    sums.burst_bad += in_cluster;
    sums.burst_squares += uint64_t{length} * length;
    burst_end = after_bad;
  }
  in_cluster = 0;
}

void BurstGap::bad_packet(uint32_t position) {
  const uint32_t good = position - after_bad;  // in a row before this one
  if (in_cluster > 0 && good >= gmin) close_cluster();
  if (in_cluster == 0) first = position;
  in_cluster++;
  if (sums.bad == 0 || good > 0) sums.bad_runs++;
  sums.bad++;

  // A.2, "pkt" being the good ones. The initial values that the RFC does not give are 0.
  if (good >= gmin) {
    (a2.lost == 1 ? a2.c14 : a2.c13)++;
    a2.lost = 1;
    a2.c11 += good;
  } else {
    a2.lost++;
    if (good == 0) {
      a2.c33++;
    } else {
      a2.c23++;
      a2.c22 += good - 1;
    }
  }
  after_bad = position + 1;
}

void BurstGap::bad_packets(uint32_t position, uint32_t count) {
  if (count == 0) return;
  bad_packet(position);
  const uint32_t more = count - 1;
  in_cluster += more;
  sums.bad += more;
  a2.lost += more;
  a2.c33 += more;
  after_bad += more;
}

void BurstGap::settle(uint32_t decided) {
  // finish() has told more than the window of 128 would.
  if (static_cast<int32_t>(decided - sums.decided) < 0) return;
  sums.decided = decided;
  if (in_cluster > 0 && decided - after_bad >= gmin) close_cluster();
}

void BurstGap::finish(uint32_t decided) {
  sums.decided = decided;
  close_cluster();
}

uint32_t gap_periods(const BurstGap& state) {
  if (state.sums.bursts == 0) return state.sums.decided > 0 ? 1 : 0;
  return state.sums.bursts - 1 + (state.starts_in_burst ? 0U : 1U) +
         (state.burst_end == state.sums.decided ? 0U : 1U);
}

BurstGapMetrics burst_gap_metrics(const BurstGapSums& sums, uint32_t gap_periods) {
  // In a window bursts may reach back into the one before.
  const double outside = sums.decided > sums.burst_packets ? sums.decided - sums.burst_packets : 0;
  const double gap_bad = sums.bad > sums.burst_bad ? sums.bad - sums.burst_bad : 0;
  return {ratio(sums.burst_bad, sums.burst_packets), std::min(ratio(gap_bad, outside), 1.0),
          ratio(sums.burst_packets, sums.bursts), outside > 0 ? ratio(outside, gap_periods) : kNone};
}

BurstGapMetrics burst_gap_metrics(const BurstGapA2& c) {
  const double c11 = c.c11, c13 = c.c13, c14 = c.c14, c22 = c.c22, c23 = c.c23, c33 = c.c33;
  const double c31 = c13, c32 = c23;  // as the RFC assumes
  const double total = c11 + c13 + c14 + c22 + c23 + c31 + c32 + c33;
  const double p32 = ratio(c32, c31 + c32 + c33);
  const double p23 = c22 + c23 < 1 ? 1 : 1 - c22 / (c22 + c23);
  const double gap = ratio(c11 + c14 + c13, c13);
  return {ratio(p23, p23 + p32), ratio(c14, c11 + c14), ratio(total, c13) - gap, gap};
}

}  // namespace rtpsonde

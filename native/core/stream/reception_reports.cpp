#include "core/stream/reception_reports.h"

#include <algorithm>

namespace rtpsonde {

namespace {

void add(ReceptionReports::Figures& figures, const ReportBlock& block) {
  figures.reports++;
  figures.jitter_sum_ticks += block.jitter_ticks;
  figures.jitter_max_ticks = std::max(figures.jitter_max_ticks, block.jitter_ticks);
  figures.fraction_lost_max = std::max(figures.fraction_lost_max, block.fraction_lost);
}

}  // namespace

bool ReceptionReports::report(uint32_t reporter_ssrc, const ReportBlock& block, int64_t seen_ns) {
  constexpr int64_t kSilent_ns = 30'000'000'000;
  if (whole_.reports > 0 && reporter_ssrc != reporter_ssrc_ && seen_ns - last_ns_ < kSilent_ns) return false;
  add(window_, block);
  add(whole_, block);
  last_ns_ = seen_ns;
  reporter_ssrc_ = reporter_ssrc;
  highest_sequence_ = block.highest_sequence;
  cumulative_lost_ = block.cumulative_lost;
  jitter_ticks_ = block.jitter_ticks;
  fraction_lost_ = block.fraction_lost;
  return true;
}

void ReceptionReports::begin_window() { window_ = {}; }

}  // namespace rtpsonde

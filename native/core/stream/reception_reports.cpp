#include "core/stream/reception_reports.h"

#include <algorithm>

namespace rtpsonde {

namespace {

void add(ReceptionReports::Jitter& jitter, uint32_t ticks) {
  jitter.reports++;
  jitter.sum_ticks += ticks;
  jitter.max_ticks = std::max<double>(jitter.max_ticks, ticks);
}

void add(ReceptionReports::Figures& figures, const ReportBlock& block) {
  add(figures.jitter, block.jitter_ticks);
  figures.fraction_lost_max = std::max(figures.fraction_lost_max, block.fraction_lost);
}

void scale(ReceptionReports::Jitter& jitter, double factor) {
  jitter.sum_ticks *= factor;
  jitter.max_ticks *= factor;
}

}  // namespace

bool ReceptionReports::report(uint32_t reporter_ssrc, const ReportBlock& block, int64_t seen_ns) {
  if (!reporter_.follow(reporter_ssrc, seen_ns)) return false;
  add(window_, block);
  add(whole_, block);
  highest_sequence_ = block.highest_sequence;
  cumulative_lost_ = block.cumulative_lost;
  jitter_ticks_ = block.jitter_ticks;
  fraction_lost_ = block.fraction_lost;
  return true;
}

void ReceptionReports::report_offset_jitter(uint32_t jitter_ticks) {
  add(window_.offset_jitter, jitter_ticks);
  add(whole_.offset_jitter, jitter_ticks);
  offset_jitter_ticks_ = jitter_ticks;
}

void ReceptionReports::change_clock(uint32_t from_hz, uint32_t to_hz) {
  if (from_hz != 0) clock_hz_ = from_hz;
  if (to_hz == 0) return;
  if (clock_hz_ != 0) {
    const double factor = static_cast<double>(to_hz) / clock_hz_;
    for (Figures* figures : {&window_, &whole_}) {
      scale(figures->jitter, factor);
      scale(figures->offset_jitter, factor);
    }
    jitter_ticks_ *= factor;
    offset_jitter_ticks_ *= factor;
  }
  clock_hz_ = to_hz;
}

void ReceptionReports::begin_window() { window_ = {}; }

}  // namespace rtpsonde

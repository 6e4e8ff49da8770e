// What the receiver of a stream says of it in its report blocks (RFC 3550 6.4.1).
#pragma once

#include <cstdint>

#include "core/rtp/rtcp_reports.h"
#include "core/stream/followed_reporter.h"

namespace rtpsonde {

class ReceptionReports {
 public:
  // False when another reporter than the one followed speaks.
  bool report(uint32_t reporter_ssrc, const ReportBlock& block, int64_t seen_ns);
  // What an extended jitter report (RFC 5450 4) adds to the report block before it.
  void report_offset_jitter(uint32_t jitter_ticks);
  // The stream runs on another RTP clock from now on, 0: not known. Jitter told before
  // is turned into ticks of the new clock, so that ticks of two are not mixed (RFC 7160).
  void change_clock(uint32_t from_hz, uint32_t to_hz);
  void begin_window();

  // Ticks are those of the clock that the stream runs on now.
  struct Jitter {
    double sum_ticks;  // of all reports
    double max_ticks;
    uint32_t reports;
  };
  struct Figures {
    Jitter jitter;
    Jitter offset_jitter;
    uint8_t fraction_lost_max;  // 1/256
  };
  const Figures& window() const { return window_; }
  const Figures& whole() const { return whole_; }

  // Of the last report; of no meaning before the first one.
  int64_t last_ns() const { return reporter_.last_ns(); }
  uint32_t reporter_ssrc() const { return reporter_.ssrc(); }
  uint32_t highest_sequence() const { return highest_sequence_; }
  int32_t cumulative_lost() const { return cumulative_lost_; }  // packets, may be negative
  double jitter_ticks() const { return jitter_ticks_; }
  double offset_jitter_ticks() const { return offset_jitter_ticks_; }
  uint8_t fraction_lost() const { return fraction_lost_; }  // 1/256

 private:
  Figures window_{};
  Figures whole_{};
  FollowedReporter reporter_;
  double jitter_ticks_ = 0;
  double offset_jitter_ticks_ = 0;
  uint32_t clock_hz_ = 0;  // last one known after a change
  uint32_t highest_sequence_ = 0;
  int32_t cumulative_lost_ = 0;
  uint8_t fraction_lost_ = 0;
};

}  // namespace rtpsonde

// What the receiver of a stream says of it in its report blocks (RFC 3550 6.4.1).
#pragma once

#include <cstdint>

#include "core/rtp/rtcp_reports.h"

namespace rtpsonde {

class ReceptionReports {
 public:
  // False when another reporter than the one followed speaks: several SSRCs of one
  // endpoint may report on the same stream, and their figures must not be mixed. The
  // one followed changes when it was silent for 30 s.
  bool report(uint32_t reporter_ssrc, const ReportBlock& block, int64_t seen_ns);
  void begin_window();

  struct Figures {
    uint64_t jitter_sum_ticks;  // of all reports
    uint32_t jitter_max_ticks;
    uint32_t reports;
    uint8_t fraction_lost_max;  // 1/256
  };
  const Figures& window() const { return window_; }
  const Figures& whole() const { return whole_; }

  // Of the last report; of no meaning before the first one.
  int64_t last_ns() const { return last_ns_; }
  uint32_t reporter_ssrc() const { return reporter_ssrc_; }
  uint32_t highest_sequence() const { return highest_sequence_; }
  int32_t cumulative_lost() const { return cumulative_lost_; }  // packets, may be negative
  uint32_t jitter_ticks() const { return jitter_ticks_; }
  uint8_t fraction_lost() const { return fraction_lost_; }  // 1/256

 private:
  Figures window_{};
  Figures whole_{};
  int64_t last_ns_ = 0;
  uint32_t reporter_ssrc_ = 0;
  uint32_t highest_sequence_ = 0;
  int32_t cumulative_lost_ = 0;
  uint32_t jitter_ticks_ = 0;
  uint8_t fraction_lost_ = 0;
};

}  // namespace rtpsonde

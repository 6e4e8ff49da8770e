// What the sender of a stream says of it in its sender reports (RFC 3550 6.4.1),
// held against what passed the tap between two of them.
#pragma once

#include <cstdint>

#include "core/rtp/rtcp_reports.h"
#include "core/stream/state.h"

namespace rtpsonde {

// Between the first report and the last one, restarts of the sender left out. What
// sender_packets has more than tap_packets was lost before the tap, or missed by
// the capture; sums of intervals are the interval of their ends, so what was out of
// order at a report evens out.
struct SentInterval {
  int64_t sender_packets = 0;
  int64_t sender_octets = 0;  // payload
  int64_t tap_packets = 0;    // distinct
  int64_t tap_octets = 0;     // payload, copies included

  SentInterval operator-(const SentInterval& other) const;
  void add(const SentInterval& other);
};

class SenderReports {
 public:
  // A copy of the last report, or one that it has overtaken, changes nothing.
  void report(const SenderInfo& info, int64_t seen_ns, const StreamHot& hot, const StreamCold& cold);
  void begin_window() { window_base_ = whole_; }

  const SentInterval& whole() const { return whole_; }
  SentInterval window() const { return whole_ - window_base_; }

  // Ticks of the media clock in a second of the sender's wallclock [Hz], between the
  // first and the last report since either clock was set; NaN with less than 1 s.
  double clock_hz() const;
  // Of the last report, 0 when there was none.
  int64_t last_ns() const { return last_ns_; }
  uint64_t last_ntp() const { return last_ntp_; }
  uint32_t last_rtp_timestamp() const { return last_rtp_timestamp_; }

 private:
  void follow_clock(const SenderInfo& info);

  SentInterval whole_;
  SentInterval window_base_;
  // at the last report
  int64_t last_ns_ = 0;
  uint64_t last_ntp_ = 0;
  uint64_t tap_packets_ = 0;
  uint64_t tap_octets_ = 0;
  uint32_t packets_ = 0;
  uint32_t octets_ = 0;
  uint32_t last_rtp_timestamp_ = 0;
  bool any_ = false;
  // since the clocks were set
  uint64_t first_ntp_ = 0;  // 0: no clock yet
  int64_t ticks_ = 0;
};

}  // namespace rtpsonde

// On which side of the tap packets were lost: the receiver says how many it misses
// up to a sequence number, and the tap knows how many of these passed it.
//
//   sender --- upstream ---> tap --- downstream ---> receiver
#pragma once

#include <cstdint>
#include <optional>

#include "core/stream/seen_history.h"
#include "core/stream/state.h"

namespace rtpsonde {

// One report block about the stream (RFC 3550 6.4.1).
struct ReceptionFigures {
  uint32_t reporter_ssrc;
  uint32_t highest_sequence;  // extended as the receiver does
  int32_t cumulative_lost;    // 24 bits, sign-extended
};

// Between two reports. Sums of intervals that follow each other are the interval
// of their ends, so that what was in flight or late at a report evens out.
struct LossInterval {
  int64_t expected = 0;        // sequence numbers, E
  int64_t seen = 0;            // of these, distinct ones at the tap, N
  int64_t reported_lost = 0;   // change of the cumulative number lost, L
  int64_t tap_duplicates = 0;  // copies that the tap saw meanwhile

  // Not seen at the tap: E - N. Lost before it, or missed by the capture.
  int64_t upstream() const { return expected - seen; }
  // Seen at the tap and missed by the receiver: L - (E - N). Below 0 when the
  // receiver got more than passed the tap.
  int64_t downstream() const { return reported_lost - upstream(); }
  // Packets that the receiver must have got and the tap did not see, at least: what
  // of a negative downstream() no copy explains (receivers count copies as packets,
  // RFC 3550 A.3). These are in upstream() too.
  int64_t missed_by_capture() const;

  LossInterval operator-(const LossInterval& other) const;
  void add(const LossInterval& other);
};

class LossSides {
 public:
  // A report block, at the time it passes the tap. It begins a new base when it is
  // the first one, of another reporter, after a restart of the stream, or when its
  // figures cannot follow the ones before. When its number cannot be found among
  // what the tap still knows, it is left out and the next one spans both.
  void report(const ReceptionFigures& figures, const StreamHot& hot, const StreamCold& cold,
              const SeenHistory& history);

  // Since the first report. What was lost before it is on neither side.
  const LossInterval& whole() const { return whole_; }
  LossInterval window() const { return whole_ - window_base_; }
  uint32_t intervals() const { return intervals_; }
  uint32_t window_intervals() const { return intervals_ - window_base_intervals_; }
  uint32_t unaligned() const { return unaligned_; }  // reports left out
  uint32_t rebased() const { return rebased_; }      // new bases after the first

  void begin_window() {
    window_base_ = whole_;
    window_base_intervals_ = intervals_;
  }

 private:
  struct Base {
    uint64_t distinct;
    uint32_t sequence;    // extended as hot.max_seq is
    uint32_t duplicates;  // Event::kDuplicate, modulo 2^32
    uint32_t restarts;
    uint32_t reporter_ssrc;
    int32_t cumulative_lost;
  };
  bool follows(const Base& next) const;

  Base base_{};
  LossInterval whole_;
  LossInterval window_base_;
  uint32_t intervals_ = 0;
  uint32_t window_base_intervals_ = 0;
  uint32_t unaligned_ = 0;
  uint32_t rebased_ = 0;
  bool has_base_ = false;
  bool behind_ = false;  // the last report lay behind the base
};

}  // namespace rtpsonde

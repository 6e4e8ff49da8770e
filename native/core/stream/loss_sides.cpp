#include "core/stream/loss_sides.h"

#include <algorithm>

namespace rtpsonde {

namespace {

// Differences of 24 bit counts, modulo 2^24 (RFC 3550 6.4.1).
int32_t lost_between(int32_t from, int32_t to) {
  return static_cast<int32_t>((static_cast<uint32_t>(to) - static_cast<uint32_t>(from)) << 8) >> 8;
}

// The receiver's cycles may differ from ours by a constant: only the low 16 bits
// count, as the nearest number to the newest one at the tap.
uint32_t nearest(const StreamHot& hot, uint32_t highest_sequence) {
  return hot.max_seq + static_cast<uint32_t>(static_cast<int16_t>(highest_sequence - hot.max_seq));
}

}  // namespace

int64_t LossInterval::missed_by_capture() const {
  return std::max<int64_t>(0, -downstream() - tap_duplicates);
}

LossInterval LossInterval::operator-(const LossInterval& other) const {
  return {expected - other.expected, seen - other.seen, reported_lost - other.reported_lost,
          tap_duplicates - other.tap_duplicates};
}

void LossInterval::add(const LossInterval& other) {
  expected += other.expected;
  seen += other.seen;
  reported_lost += other.reported_lost;
  tap_duplicates += other.tap_duplicates;
}

// A receiver cannot lose more than was sent to it. That it takes back many losses
// means that it began anew: late packets and copies explain some only.
bool LossSides::follows(const Base& next) const {
  constexpr int64_t kInFlight = 64;
  const int64_t expected = static_cast<int32_t>(next.sequence - base_.sequence);
  const int64_t lost = lost_between(base_.cumulative_lost, next.cumulative_lost);
  const int64_t copies = next.duplicates - base_.duplicates;
  return lost <= expected + kInFlight && lost >= -(kInFlight + copies + expected / 2);
}

void LossSides::report(const ReceptionFigures& figures, const StreamHot& hot, const StreamCold& cold,
                       const SeenHistory& history) {
  const uint32_t sequence = nearest(hot, figures.highest_sequence);
  const std::optional<uint64_t> distinct = distinct_up_to(hot, cold, history, sequence);
  if (!distinct) {
    unaligned_++;
    return;
  }
  const Base next{*distinct,
                  sequence,
                  cold.happened().events.total(Event::kDuplicate),
                  cold.happened().events.total(Event::kRestart),
                  figures.reporter_ssrc,
                  figures.cumulative_lost};
  const bool same_count =
      has_base_ && next.reporter_ssrc == base_.reporter_ssrc && next.restarts == base_.restarts;
  const int64_t expected = static_cast<int32_t>(sequence - base_.sequence);
  const bool behind = same_count && expected < 0;
  if (behind && !behind_) {
    // Overtaken by a later report, most likely; a second one behind is a new count.
    behind_ = true;
    unaligned_++;
    return;
  }
  if (same_count && !behind && follows(next)) {
    // Distinct packets become fewer only while a jump of the numbers is undecided.
    const int64_t seen = static_cast<int64_t>(next.distinct) - static_cast<int64_t>(base_.distinct);
    whole_.add({expected, seen, lost_between(base_.cumulative_lost, next.cumulative_lost),
                int64_t{next.duplicates - base_.duplicates}});
    if (expected > 0) intervals_++;
  } else if (has_base_) {
    rebased_++;
  }
  behind_ = false;
  has_base_ = true;
  base_ = next;
}

}  // namespace rtpsonde

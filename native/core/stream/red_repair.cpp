// A redundant block of timestamp offset T in packet n with timestamp t carries the media
// of timestamp t - T. Within a run that is sequence number n - T / step. Across a pause
// the timestamp says more than the distance: it is counted from the run before.
#include "core/stream/red_repair.h"

#include <bit>
#include <cstdlib>
#include <optional>

namespace rtpsonde {

namespace {

// How many steps lie between two timestamps, negative backwards. Nothing when they are
// no whole number of steps apart (within an eighth of one), or too many.
std::optional<int32_t> steps_between(uint32_t from, uint32_t to, uint32_t step) {
  const int64_t ticks = static_cast<int32_t>(to - from);
  if (ticks == 0) return 0;
  if (step == 0 || std::abs(ticks) > int64_t{step} * kMaxDropout) return {};
  const int64_t half = ticks < 0 ? -int64_t{step} / 2 : step / 2;
  const int64_t steps = (ticks + half) / step;
  if (std::abs(ticks - steps * step) * 8 > step) return {};
  return static_cast<int32_t>(steps);
}

// Signed distance on the circle of extended numbers.
int32_t ahead(uint32_t seq, uint32_t of) { return static_cast<int32_t>(seq - of); }

void extend_runs(RedRow& row, uint32_t seq, uint32_t timestamp, uint32_t step) {
  if (row.runs > 0 && ahead(seq, row.run.last_seq) <= 0) return;
  if (row.runs > 0 &&
      steps_between(row.run.last_timestamp, timestamp, step) == ahead(seq, row.run.last_seq)) {
    row.run.last_seq = seq;
    row.run.last_timestamp = timestamp;
    return;
  }
  if (row.runs > 0) row.before = row.run;
  row.runs = row.runs == 0 ? 1 : 2;
  row.run = {seq, seq, timestamp};
}

// The sequence number whose media has `timestamp`, counted from the end of a run.
std::optional<uint32_t> count_from(const RedRun& run, uint32_t timestamp, uint32_t step) {
  const std::optional<int32_t> steps = steps_between(run.last_timestamp, timestamp, step);
  if (!steps) return {};
  return run.last_seq + static_cast<uint32_t>(*steps);
}

// Which sequence number the media of `timestamp` has; nothing when that is not sure.
std::optional<uint32_t> place_block(const RedRow& row, uint32_t timestamp, uint32_t step) {
  const std::optional<uint32_t> here = count_from(row.run, timestamp, step);
  if (here && ahead(*here, row.run.first_seq) >= 0) return here;
  if (row.runs < 2) return here;  // nothing is known of a pause
  const std::optional<uint32_t> there = count_from(row.before, timestamp, step);
  if (there && ahead(*there, row.before.last_seq) <= 0) {
    return ahead(*there, row.before.first_seq) >= 0 ? there : std::nullopt;
  }
  // What lies between the runs belongs to the one or to the other.
  const bool of_here = here && ahead(*here, row.before.last_seq) > 0;
  const bool of_there = there && ahead(*there, row.run.first_seq) < 0;
  if (of_here == of_there) return {};
  return of_here ? here : there;
}

void leave(RedRow& row, const SeenWindow& seen, uint32_t steps) {
  uint64_t low = row.covered.low & ~seen.low;
  uint64_t high = row.covered.high & ~seen.high;
  if (steps < 64) {
    low = 0;
    high = steps == 0 ? 0 : high >> (64 - steps);
  } else if (steps < SeenWindow::kSize) {
    low = steps == 64 ? 0 : low >> (128 - steps);
  }
  row.repaired += static_cast<uint32_t>(std::popcount(low) + std::popcount(high));
}

void shift(SeenWindow& window, uint32_t steps) {
  if (steps >= SeenWindow::kSize) {
    window = {};
  } else if (steps >= 64) {
    window = {0, window.low << (steps - 64)};
  } else if (steps > 0) {
    window = {window.low << steps, window.high << steps | window.low >> (64 - steps)};
  }
}

}  // namespace

void RedRow::cover(uint32_t seq, uint32_t k) {
  const uint32_t slot = max_seq - seq + k;
  if (k == 0 || k >= SeenWindow::kSize || slot >= SeenWindow::kSize) return;
  covered.set(slot);
}

void red_begin(RedRow& row, uint32_t max_seq) {
  row.covered = {};
  row.max_seq = max_seq;
  row.runs = 0;
}

void red_follow(RedRow& row, const SeenWindow& seen, uint32_t max_seq, Placement placement) {
  if (placement == Placement::kRestart) {
    red_settle(row, seen);
    red_begin(row, max_seq);
    return;
  }
  const uint32_t steps = max_seq - row.max_seq;
  leave(row, seen, steps);
  shift(row.covered, steps);
  row.max_seq = max_seq;
}

void red_settle(RedRow& row, const SeenWindow& seen) {
  leave(row, seen, SeenWindow::kSize);
  row.covered = {};
}

void red_cover(RedRow& row, uint32_t step, const RtpHeader& header, const RedPayload& red) {
  const auto behind = static_cast<uint16_t>(row.max_seq - header.sequence);
  const uint32_t seq = row.max_seq - behind;
  row.packets++;
  row.primary_octets += red.primary_octets;
  extend_runs(row, seq, header.timestamp, step);
  for (const RedBlock& block : red) {
    if (block.octets == 0) continue;
    row.blocks++;
    const std::optional<uint32_t> repeats = place_block(row, header.timestamp - block.timestamp_offset, step);
    // A copy is of an earlier packet; a number that is not earlier was counted wrongly.
    if (repeats && ahead(seq, *repeats) > 0) {
      row.cover(seq, seq - *repeats);
    } else {
      row.unplaced++;
    }
  }
}

}  // namespace rtpsonde

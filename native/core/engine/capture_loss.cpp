#include "core/engine/capture_loss.h"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

#include "core/engine/record_writer.h"

namespace rtpsonde {

namespace {

uint32_t gaps_kept(uint32_t max_streams) { return std::clamp(2 * max_streams, 1024U, 1U << 18); }

// All of `evidence` in one, in an order that does not depend on who saw what.
GapEvidence united(std::vector<GapEvidence>& evidence) {
  GapEvidence all = std::move(evidence.front());
  for (size_t i = 1; i < evidence.size(); i++) {
    all.heard.insert(all.heard.end(), evidence[i].heard.begin(), evidence[i].heard.end());
    all.gaps.insert(all.gaps.end(), evidence[i].gaps.begin(), evidence[i].gaps.end());
  }
  std::ranges::sort(all.heard, {}, &HeardSlot::slot);
  std::ranges::sort(all.gaps, {}, [](const StreamGap& g) {
    return std::tuple(g.to_ns, g.stream, g.from_ns, g.missing, g.unseen);
  });
  return all;
}

}  // namespace

CaptureLoss::CaptureLoss(uint32_t max_streams) : gaps_(gaps_kept(max_streams)), max_streams_(max_streams) {}

void CaptureLoss::feed(std::vector<GapEvidence>& evidence, Counters& found) {
  if (evidence.empty()) return;
  const GapEvidence all = united(evidence);
  evidence.clear();
  for (const StreamGap& gap : all.gaps) {
    if (gap.unseen == 0) continue;
    assign(gap.stream, gap.unseen, found);
    found.add(Counter::kOutageLoss, gap.unseen);
  }
  auto gap = all.gaps.begin();
  const auto feed_gaps = [&](int64_t before_slot) {
    for (; gap != all.gaps.end() && gap->to_ns / GapSlots::kSlot_ns < before_slot; ++gap) gaps_.gap(*gap);
  };
  // A gap is judged with what was heard up to the packet behind it, and no later.
  for (const HeardSlot& heard : all.heard) {
    feed_gaps(heard.slot);
    gaps_.heard(heard.slot, heard.cells);
  }
  feed_gaps(std::numeric_limits<int64_t>::max());
}

// The kernel drops packets of any kind; of these, RTP is taken to be the share that it
// has of all others.
void CaptureLoss::close_window(const Counters& totals, Counters& found, int64_t end_ns, bool last) {
  const uint64_t packets = totals.get(Counter::kPackets), rtp = totals.get(Counter::kRtp);
  const uint64_t drops = totals.get(Counter::kKernelDrops);
  const double share =
      packets > packets_told_ && rtp > rtp_told_
          ? static_cast<double>(rtp - rtp_told_) / static_cast<double>(packets - packets_told_)
          : 0;
  const double dropped = drops > kernel_drops_told_ ? static_cast<double>(drops - kernel_drops_told_) : 0;
  packets_told_ = packets;
  rtp_told_ = rtp;
  kernel_drops_told_ = drops;

  constexpr int64_t kJudged_ns = GapSlots::kSlots * GapSlots::kSlot_ns;
  std::erase_if(ended_, [&](const auto& stream) { return stream.second + kJudged_ns < end_ns; });
  const CommonGapTotals now = gaps_.close_window(
      dropped * std::min(share, 1.0), last, [&](uint64_t stream, uint32_t n) { assign(stream, n, found); });
  found.add(Counter::kCommonGaps, now.runs);
  found.add(Counter::kCommonGapMs, static_cast<uint64_t>(now.time_ns / 1'000'000));
  found.add(Counter::kEstimatedCaptureLoss, now.estimated);
  found.set(Counter::kCommonGapsForgotten, gaps_.gaps_dropped());
}

// A stream that has ended by now is told of no more.
void CaptureLoss::assign(uint64_t stream, uint32_t packets, Counters& found) {
  found.add(Counter::kSuspectedCaptureLoss, packets);
  if (ended_.contains(stream) || (lost_.size() >= max_streams_ && !lost_.contains(stream))) {
    found.add(Counter::kCaptureLossUnassigned, packets);
    return;
  }
  Lost& lost = lost_[stream];
  lost.total += packets;
  lost.untold += packets;
}

bool CaptureLoss::has_untold(uint64_t stream) const {
  const auto lost = lost_.find(stream);
  return lost != lost_.end() && lost->second.untold > 0;
}

void CaptureLoss::fill(StreamRecord& record, int64_t window_end_ns) {
  constexpr uint8_t kWindow = 1;
  const auto lost = lost_.find(record.stream_id);
  if (record.kind == kWindow) {
    if (lost != lost_.end()) record.capture_lost = std::exchange(lost->second.untold, 0);
    return;
  }
  if (record.reserved == kGapLately) ended_[record.stream_id] = window_end_ns;
  if (lost == lost_.end()) return;
  record.capture_lost = lost->second.total;
  lost_.erase(lost);
}

}  // namespace rtpsonde

#include "core/engine/capture_loss.h"

#include <algorithm>

namespace rtpsonde {

namespace {

uint32_t gaps_kept(uint32_t max_streams) { return std::clamp(2 * max_streams, 1024U, 1U << 18); }

}  // namespace

CaptureLoss::CaptureLoss(uint32_t max_streams, StreamTable& table, const HashSeed& seed, Counters& counters)
    : gaps_(gaps_kept(max_streams)), table_(table), seed_(seed), counters_(counters) {}

// What fell into an outage is certain; only the rest is looked at further.
void CaptureLoss::gap(const MeterItem& item, uint32_t row, int64_t from_ns, uint32_t missing) {
  const uint32_t stream = identity(item.hash, row);
  const uint32_t unseen = outages_.share(from_ns, item.datagram.ts_ns, missing);
  if (unseen > 0) {
    assign(row, stream, unseen);
    counters_.add(Counter::kOutageLoss, unseen);
  }
  const Ends ends = ends_of(item);
  gaps_.gap(row, stream, ends.source, ends.destination, from_ns, item.datagram.ts_ns, missing - unseen);
}

// The kernel drops packets of any kind; of these, RTP is taken to be the share that it
// has of all others.
void CaptureLoss::close_window(bool last) {
  const uint64_t packets = counters_.get(Counter::kPackets), rtp = counters_.get(Counter::kRtp);
  const uint64_t drops = counters_.get(Counter::kKernelDrops);
  const double share =
      packets > packets_told_ && rtp > rtp_told_
          ? static_cast<double>(rtp - rtp_told_) / static_cast<double>(packets - packets_told_)
          : 0;
  const double dropped = drops > kernel_drops_told_ ? static_cast<double>(drops - kernel_drops_told_) : 0;
  packets_told_ = packets;
  rtp_told_ = rtp;
  kernel_drops_told_ = drops;
  const CommonGapTotals totals =
      gaps_.close_window(dropped * std::min(share, 1.0), last,
                         [this](uint32_t row, uint32_t stream, uint32_t n) { assign(row, stream, n); });
  counters_.add(Counter::kCommonGaps, totals.runs);
  counters_.add(Counter::kCommonGapMs, static_cast<uint64_t>(totals.time_ns / 1'000'000));
  counters_.add(Counter::kEstimatedCaptureLoss, totals.estimated);
  counters_.set(Counter::kCommonGapsForgotten, gaps_.gaps_dropped());
}

// `stream` is its identity, as the row may have another stream by now.
void CaptureLoss::assign(uint32_t row, uint32_t stream, uint32_t packets) {
  counters_.add(Counter::kSuspectedCaptureLoss, packets);
  const StreamHot& hot = table_.hot(row);
  if (hot.status == StreamStatus::kFree || identity(hash_key(hot.key, seed_), row) != stream) {
    counters_.add(Counter::kCaptureLossUnassigned, packets);
  } else {
    table_.parts().incidents_of(table_.cold(row)).capture_lost += packets;
  }
}

}  // namespace rtpsonde

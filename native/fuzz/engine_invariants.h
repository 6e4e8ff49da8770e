// What must hold of the blocks that a meter seals, whatever it was fed: inside one
// record, between records and their reports, and between windows and their whole.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <map>
#include <numeric>
#include <set>
#include <vector>

#include "core/engine/meter.h"
#include "core/engine/window_merger.h"
#include "fuzz_support.h"

namespace fuzz {

using namespace rtpsonde;

inline void check_balance(const Counters& counters) {
  check(counters.get(Counter::kPackets) ==
        sum_of(counters, Fate::kUsed) + sum_of(counters, Fate::kPending) + sum_of(counters, Fate::kReason));
}

inline bool is_count(double v) { return v >= 0 && std::floor(v) == v; }  // false for NaN
inline bool is_share(double v) { return std::isnan(v) || (v >= 0 && v <= 1); }
inline bool is_known_or_nan(double v) { return std::isnan(v) || std::isfinite(v); }

// What windows add up to, in one order for the sums and for the whole.
inline std::vector<double> additive(const StreamRecord& r) {
  std::vector<double> all{
      r.packets, r.octets, r.expected, r.lost - r.recovered, r.duplicates, r.reordered, r.late, r.loss_runs,
      r.loss_run_packets, r.jitter_samples,
      // events
      double(r.restarts), double(r.markers), double(r.rtcp_packets), double(r.stalls),
      double(r.timestamp_jumps), double(r.dtx_resumptions), double(r.comfort_noise_packets),
      double(r.telephone_event_packets), double(r.payload_type_changes), double(r.span_copies),
      // capture, repair, bursts, playout
      double(r.capture_lost), double(r.red_packets), double(r.red_repaired), double(r.bad),
      double(r.bad_runs), double(r.bursts), double(r.burst_packets), double(r.burst_bad), r.burst_squares};
  for (const uint32_t v : r.late_discards) all.push_back(v);
  for (const uint32_t v : r.early_discards) all.push_back(v);
  for (const uint32_t v : r.pdv_histogram) all.push_back(v);
  return all;
}

inline void check_record(const StreamRecord& r, const EngineOptions& options) {
  for (const double v : additive(r)) check(std::floor(v) == v);
  for (const double v : {r.packets, r.octets, r.expected, r.lost, r.recovered, r.duplicates})
    check(is_count(v));
  for (const double v :
       {r.jitter_last_ms, r.jitter_mean_ms, r.jitter_max_ms, r.delta_mean_ms, r.delta_max_ms}) {
    check(is_known_or_nan(v));
  }
  for (const float v :
       {r.burst_density, r.gap_density, r.burst_mean_packets, r.gap_mean_packets, r.adaptive_delay_mean_ms,
        r.buffer_mean_ms, r.pdv_mean_ms, r.pdv_max_ms, r.ipdv_mean_ms, r.ipdv_max_ms, r.mapdv2_ms, r.skew_ppm,
        r.jitter_transmission_ms, r.signal_level_dbm0, r.noise_level_dbm0, r.silence_share, r.clipping_share,
        r.span_copy_delay_mean_ms, r.span_copy_delay_max_ms}) {
    check(is_known_or_nan(static_cast<double>(v)));
  }
  for (const float v : {r.burst_density, r.gap_density, r.silence_share, r.clipping_share}) {
    check(is_share(static_cast<double>(v)));
  }
  check(r.kind == 1 || r.kind == 2);
  check((r.kind == 1) == (r.end_reason == 0) && r.end_reason <= static_cast<uint8_t>(EndReason::kShed));
  check(r.jitter_samples <= r.packets && r.reorder_extent_max < 128);
  check(r.loss_runs <= r.loss_run_packets && r.loss_run_longest <= r.loss_run_packets);
  check(r.lost == 0 || r.recovered == 0);
  check(r.media_kind <= 2 && (r.ip_version == 4 || r.ip_version == 6));
  if (r.jitter_samples > 0) {
    check(r.jitter_mean_ms >= 0 && r.jitter_mean_ms <= r.jitter_max_ms + 1e-9);
    check(r.jitter_max_ms <= 1000 && r.jitter_last_ms >= 0);
    // Each sample has its delay variation, of the same step of at most 1 s.
    check(r.ipdv_mean_ms >= 0 && r.ipdv_mean_ms <= r.ipdv_max_ms * 1.001F && r.ipdv_max_ms <= 1000);
    check(r.pdv_mean_ms >= 0 && r.pdv_mean_ms <= r.pdv_max_ms * 1.001F);
  } else {
    check(std::isnan(r.jitter_mean_ms) && std::isnan(r.jitter_max_ms) && std::isnan(r.pdv_mean_ms));
  }
  check(std::accumulate(std::begin(r.pdv_histogram), std::end(r.pdv_histogram), 0.0) == r.jitter_samples);
  check(r.playout_packets == 0 || r.playout_packets == r.jitter_samples);
  check(std::isnan(r.buffer_mean_ms) || (r.playout_packets > 0 && r.buffer_mean_ms >= 0));
  for (size_t p = 0; p < std::size(r.late_discards); p++) {
    check(r.late_discards[p] + r.early_discards[p] <= r.packets);
    if (p >= options.accounting.playout.profiles.size()) check(r.late_discards[p] + r.early_discards[p] == 0);
  }
  // A stream that began earlier than it seemed has bad packets among those told as decided before.
  check(r.bad <= r.decided + (r.kind == 1 ? 128 : 0) && r.bad_runs <= r.bad);
  check((r.span_copies > 0) == !std::isnan(r.span_copy_delay_mean_ms));
  check(r.tunnel_depth <= 4 && (r.tunnel_depth > 0) == (r.tunnel_kind > 0));
  for (int i = 0; i < 3; i++) {
    check((i + 1 < r.tunnel_depth) == (r.outer_tunnel_kinds[i] > 0));
    check(r.outer_tunnel_kinds[i] > 0 || r.outer_tunnel_ids[i] == 0);
  }
  check(is_count(r.red_primary_octets) && r.red_primary_octets <= r.octets);
  check(r.red_primary_payload_type < 128 || r.red_primary_payload_type == 255);
  if (r.kind == 1) return;
  check(r.packets > 1);
  check(r.lost == r.expected - (r.packets - r.duplicates - r.sequence_errors));
  // All losses were decided; late packets took some back afterwards.
  check(r.loss_run_packets == r.lost + r.late);
  check(r.decided == r.expected);
  check(r.bad >= r.loss_run_packets && r.bursts <= r.bad_runs && r.burst_packets <= r.decided);
  check(r.burst_bad <= r.bad && r.burst_bad <= r.burst_packets && r.bursts <= r.burst_bad);
  check(r.burst_squares >= r.burst_packets);
  check(r.red_repaired <= r.loss_run_packets);
  // What was found missing at first; packets out of order came after all.
  check(r.capture_lost <= r.lost + r.late + r.reordered);
}

// A window without packets tells what was decided after the last one, or RTCP of others about the stream.
inline bool tells_something(const StreamRecord& r, const ReportRecord* report) {
  if (r.packets > 0 || r.loss_runs > 0 || r.rtcp_packets > 0 || r.bad > 0 || r.bursts > 0 ||
      r.span_copies > 0 || r.capture_lost > 0) {
    return true;
  }
  return report != nullptr && std::any_of(&report->report_blocks, &report->other_rtcp_packets + 1,
                                          [](uint32_t count) { return count > 0; });
}

// Of a meter that ran from its beginning to its end.
class Ledger {
 public:
  explicit Ledger(const EngineOptions& options) : options_(options) {}

  void take(const Block& block) {
    BlockHeader header;
    check(block.size() >= Block::kHeaderBytes);
    std::memcpy(&header, block.data(), sizeof header);
    check(header.magic == kBlockMagic && header.rows == block.rows());
    check(header.sequence == static_cast<double>(blocks_++));
    check(header.window_start_ns < header.window_end_ns && header.window_start_ns >= last_end_ns_);
    last_end_ns_ = header.window_end_ns;
    double counters[kCounterCount];
    std::memcpy(counters, block.data() + sizeof header, sizeof counters);
    for (const double v : counters) check(is_count(v));
    const double shed_level = counters[static_cast<size_t>(Counter::kShedLevel)];
    check(shed_level < FlowSampler::kLevels);
    check(shed_level > 0 || counters[static_cast<size_t>(Counter::kShedSinceMs)] == 0);
    whole_ = whole_ && counters[static_cast<size_t>(Counter::kRecordsDropped)] == 0;
    // Streams of the table twice, and as many that ended before.
    check(block.rows() <= 4 * size_t{options_.max_streams} + 1);
    const uint8_t* const reports = block.data() + Block::kHeaderBytes + block.rows() * sizeof(StreamRecord);
    check(block.size() ==
          static_cast<size_t>(reports - block.data()) + header.reports * sizeof(ReportRecord));
    note_twins(block);
    uint32_t with_report = 0;
    for (uint32_t i = 0; i < block.rows(); i++) {
      StreamRecord r;
      std::memcpy(&r, block.data() + Block::kHeaderBytes + i * sizeof r, sizeof r);
      check_record(r, options_);
      ReportRecord report;
      const bool reported = r.report_row != UINT32_MAX;
      if (reported) {
        with_report++;
        check(r.report_row < header.reports);
        std::memcpy(&report, reports + r.report_row * sizeof report, sizeof report);
        check_report(report, r, i);
      }
      check(r.kind == 2 || tells_something(r, reported ? &report : nullptr));
      if (!whole_) continue;
      if (r.kind == 1) {
        open_[r.stream_id].add(r);
      } else {
        close(r);
      }
    }
    check(with_report == header.reports);
    digest_ = std::accumulate(block.data(), block.data() + block.size(), digest_,
                              [](uint64_t h, uint8_t octet) { return (h ^ octet) * 0x100000001b3; });
  }

  // Every stream has ended, but for those whose record found no room.
  void end(const Counters& counters) const {
    check(sum_of(counters, Fate::kPending) == 0);
    check(counters.get(Counter::kStreamsActive) == 0);
    check(counters.get(Counter::kStreamsStarted) == counters.get(Counter::kStreamsEnded));
    check(counters.get(Counter::kCaptureLossUnassigned) <= counters.get(Counter::kSuspectedCaptureLoss));
    for (const auto& [id, sum] : open_) check(!whole_ || twins_.contains(id));
  }

  // Of all octets of all blocks.
  uint64_t digest() const { return digest_; }

 private:
  struct Sum {
    std::vector<double> sums;
    double errors = 0, decided = 0, jitter_max_ms = 0, delta_max_ms = 0, pdv_max_ms = 0;
    uint32_t extent = 0;

    void add(const StreamRecord& w) {
      const std::vector<double> more = additive(w);
      sums.resize(more.size());
      for (size_t i = 0; i < more.size(); i++) sums[i] += more[i];
      errors += w.sequence_errors;
      decided += w.decided;
      extent = std::max(extent, w.reorder_extent_max);
      if (w.jitter_samples > 0) jitter_max_ms = std::max(jitter_max_ms, w.jitter_max_ms);
      if (w.jitter_samples > 0) pdv_max_ms = std::max(pdv_max_ms, static_cast<double>(w.pdv_max_ms));
      if (!std::isnan(w.delta_max_ms)) delta_max_ms = std::max(delta_max_ms, w.delta_max_ms);
    }
  };

  // A stream that begins at the very same time as one before it, since it was let in again or the clock was
  // set back just so, has the same id: what is told of it is of both.
  void note_twins(const Block& block) {
    std::map<uint64_t, std::array<uint32_t, 3>> times;  // by kind
    for (uint32_t i = 0; i < block.rows(); i++) {
      StreamRecord r;
      std::memcpy(&r, block.data() + Block::kHeaderBytes + i * sizeof r, sizeof r);
      check(r.kind < 3);
      const bool again = ++times[r.stream_id][r.kind] > 1;
      if (again || r.end_reason == static_cast<uint8_t>(EndReason::kShed)) twins_.insert(r.stream_id);
    }
  }

  void close(const StreamRecord& r) {
    const auto found = open_.find(r.stream_id);
    check(found != open_.end());
    const Sum& sum = found->second;
    const std::vector<double> whole = additive(r);
    if (twins_.contains(r.stream_id)) {
      for (size_t i = 0; i < whole.size(); i++) check(sum.sums[i] >= whole[i]);
      return;
    }
    for (size_t i = 0; i < whole.size(); i++) {
      if (sum.sums[i] != whole[i]) {
        std::fprintf(stderr, "sum %zu: %g in windows, %g in the whole\n", i, sum.sums[i], whole[i]);
        check(false);
      }
    }
    // What is still inside the window of 128 when packets end may be told by the whole alone.
    check(sum.decided <= r.decided && sum.decided + 128 >= r.decided);
    check(sum.errors >= r.sequence_errors && sum.errors <= r.sequence_errors + r.restarts);
    check(sum.extent == r.reorder_extent_max && sum.delta_max_ms == r.delta_max_ms);
    if (r.jitter_samples > 0) check(sum.jitter_max_ms == r.jitter_max_ms);
    if (r.jitter_samples > 0) check(sum.pdv_max_ms == static_cast<double>(r.pdv_max_ms));
    open_.erase(found);
  }

  static void check_report(const ReportRecord& r, const StreamRecord& record, uint32_t row) {
    check(r.stream_row == row && r.stream_id == record.stream_id && r.kind == record.kind);
    float figures[sizeof r.endpoint / sizeof(float)];
    std::memcpy(figures, &r.endpoint, sizeof figures);
    for (const float v : figures) check(is_known_or_nan(static_cast<double>(v)));
    for (const double v : {r.downstream_rtt_mean_ms, r.upstream_rtt_mean_ms, r.reported_jitter_mean_ticks,
                           r.sender_clock_hz, r.sender_packets, r.tap_packets, r.side_expected, r.remb_bps}) {
      check(is_known_or_nan(v));
    }
    check(is_share(r.reported_fraction_lost) && is_share(r.reported_fraction_lost_max));
    check((r.downstream_rtt_count > 0) == !std::isnan(r.downstream_rtt_mean_ms));
    check(r.upstream_lost + r.downstream_lost == r.side_reported_lost);
  }

  const EngineOptions& options_;
  std::map<uint64_t, Sum> open_;
  std::set<uint64_t> twins_;
  uint64_t blocks_ = 0;
  uint64_t digest_ = 0xcbf29ce484222325;
  int64_t last_end_ns_ = 0;
  bool whole_ = true;  // no record was dropped so far
};

}  // namespace fuzz

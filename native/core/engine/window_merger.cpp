#include "core/engine/window_merger.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "core/engine/record_writer.h"

namespace rtpsonde {

namespace {

// Item i becomes what source[i] was. Leaves `source` in disorder.
template <typename T>
void permute(T* items, std::vector<uint32_t>& source) {
  for (uint32_t i = 0; i < source.size(); i++) {
    if (source[i] == i) continue;
    const T first = items[i];
    uint32_t to = i;
    while (source[to] != i) {
      const uint32_t from = source[to];
      items[to] = items[from];
      source[to] = to;
      to = from;
    }
    items[to] = first;
    source[to] = to;
  }
}

// Numbers 0..count-1 that are not in `list` are put behind it.
void append_missing(std::vector<uint32_t>& list, uint32_t count) {
  std::vector<bool> has(count);
  for (const uint32_t i : list) has[i] = true;
  for (uint32_t i = 0; i < count; i++) {
    if (!has[i]) list.push_back(i);
  }
}

}  // namespace

WindowMerger::WindowMerger(size_t workers, uint32_t max_streams)
    : latest_(workers), last_(workers), capture_loss_(max_streams) {}

void WindowMerger::note(const WorkerPart& one) {
  last_[one.worker] = last_[one.worker] || one.part.last;
  if (one.part.block.empty()) return;
  for (size_t i = 0; i < kCounterCount; i++) {
    latest_[one.worker].set(static_cast<Counter>(i), one.part.block.counter(i));
  }
}

std::optional<Block> WindowMerger::take(std::vector<WorkerPart>& parts) {
  std::vector<GapEvidence> evidence;
  for (WorkerPart& one : parts) {
    evidence.push_back(std::move(one.part.evidence));
    note(one);
  }
  capture_loss_.feed(evidence, counters_);
  std::erase_if(parts, [](const WorkerPart& one) { return one.part.block.empty(); });
  if (parts.empty()) return std::nullopt;

  BlockHeader window = parts.front().part.block.header();
  uint32_t flags = 0;
  uint32_t row_count = 0, report_count = 0;
  for (const WorkerPart& one : parts) {
    const BlockHeader header = one.part.block.header();
    flags |= header.flags & ~uint32_t{kLast};
    row_count += header.rows;
    report_count += header.reports;
    next_sequence_ = std::max(next_sequence_, header.sequence);
    if (header.window_end_ns > window.window_end_ns) window = header;  // than that of one without packets
  }
  if (window.window_end_ns <= sealed_until_ns_) {
    // Of a worker that was too late, or at the end of one that never saw a packet.
    if (row_count > 0) {
      counters_.add(Counter::kBlocksDropped);
      counters_.add(Counter::kRecordsDropped, row_count);
      block_lost_ = true;
    }
    return std::nullopt;
  }
  sealed_until_ns_ = window.window_end_ns;

  totals_ = {};
  for (const Counters& of : latest_) totals_.merge(of);
  for (Counters& of : latest_) of.set(Counter::kClockStepMaxMs, 0);  // was that of this window
  const bool last = std::ranges::all_of(last_, [](bool seen) { return seen; });
  capture_loss_.close_window(totals_, counters_, window.window_end_ns, last);

  const std::vector<Row> rows = rows_of(parts);
  Block block;
  if (parts.size() == 1) {
    block = std::move(parts.front().part.block);
    std::vector<uint32_t> row_sources, report_sources;
    for (const Row& row : rows) {
      row_sources.push_back(row.row);
      const uint32_t report = block.record(row.row).report_row;
      if (report != UINT32_MAX) report_sources.push_back(report);
    }
    const auto kept_rows = static_cast<uint32_t>(row_sources.size());
    const auto kept_reports = static_cast<uint32_t>(report_sources.size());
    append_missing(row_sources, row_count);
    append_missing(report_sources, report_count);
    if (kept_rows > 0) permute(&block.record(0), row_sources);
    if (kept_reports > 0) permute(&block.report(0), report_sources);
    block.cut(kept_rows, kept_reports);
  } else {
    block = Block(row_count, report_count);
    if (block.empty()) {
      counters_.add(Counter::kBlocksDropped);
      counters_.add(Counter::kRecordsDropped, row_count);
      block_lost_ = true;
      return std::nullopt;
    }
    for (const Row& row : rows) block.append(parts[row.part].part.block.record(row.row));
    for (const Row& row : rows) {
      Block& from = parts[row.part].part.block;
      const uint32_t report = from.record(row.row).report_row;
      if (report != UINT32_MAX) block.append(from.report(report));
    }
  }
  if (std::exchange(block_lost_, false)) flags |= kGapBefore;
  write(block, flags | (last ? kLast : 0U), window.window_start_ns, window.window_end_ns);
  return block;
}

// The records that are wanted, in order of the streams' start.
std::vector<WindowMerger::Row> WindowMerger::rows_of(std::vector<WorkerPart>& parts) const {
  std::vector<Row> rows;
  for (uint32_t p = 0; p < parts.size(); p++) {
    Block& block = parts[p].part.block;
    for (uint32_t r = 0; r < block.rows(); r++) {
      const StreamRecord& record = block.record(r);
      const bool window = record.kind == 1;
      if (window && record.reserved == kGapLately && !capture_loss_.has_untold(record.stream_id)) continue;
      rows.push_back({record.stream_start_ns, record.stream_id, p, r, record.kind});
    }
  }
  std::ranges::sort(rows, [](const Row& a, const Row& b) {
    return std::tie(a.stream_start_ns, a.stream_id, a.kind) <
           std::tie(b.stream_start_ns, b.stream_id, b.kind);
  });
  return rows;
}

// Record and report point at each other again; the header is that of all workers.
void WindowMerger::write(Block& block, uint32_t flags, int64_t start_ns, int64_t end_ns) {
  uint32_t reports = 0;
  for (uint32_t r = 0; r < block.rows(); r++) {
    StreamRecord& record = block.record(r);
    capture_loss_.fill(record, end_ns);
    record.reserved = 0;
    if (record.report_row == UINT32_MAX) continue;
    block.report(reports).stream_row = r;
    record.report_row = reports++;
  }
  totals_.merge(counters_);
  BlockHeader header{};
  header.flags = flags;
  header.shard_count = static_cast<uint16_t>(latest_.size());
  header.window_start_ns = start_ns;
  header.window_end_ns = end_ns;
  header.sequence = next_sequence_++;
  block.write_header(header, totals_);
}

}  // namespace rtpsonde

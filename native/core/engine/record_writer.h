// Writes the records of streams and what RTCP said of them: for the open window, and
// at the end of a stream.
#pragma once

#include <vector>

#include "core/stream/gap_slots.h"
#include "core/stream/rtcp_row.h"
#include "core/stream/table.h"
#include "core/window/report_record.h"
#include "core/window/stream_record.h"

namespace rtpsonde {

// StreamRecord::reserved between worker and merger, at the end of a stream: packets were
// missing so lately that the capture may yet turn out to have lost them. A window so marked
// is wanted in that case only.
constexpr uint8_t kGapLately = 1;

class RecordWriter {
 public:
  RecordWriter(StreamTable& table, const RecordContext& context) : table_(table), context_(context) {}

  // The open window of a stream, as row `row` of the block; afterwards the next one begins.
  StreamRecord window(uint32_t stream, uint32_t row) {
    StreamRecord record = open_window(stream, row);
    StreamCold& cold = table_.cold(stream);
    if (cold.rtcp() != nullptr) cold.rtcp()->begin_window();
    begin_next_window(table_.hot(stream), cold, table_.parts());
    return record;
  }

  // The end of a stream, from row `row` on: the open window first, so that windows
  // always add up to the whole. `emit` is given one record or two.
  template <typename Emit>
  void end(uint32_t stream, uint32_t row, EndReason reason, Emit emit) {
    StreamHot& hot = table_.hot(stream);
    StreamCold& cold = table_.cold(stream);
    settle(hot, cold);
    const uint8_t mark = has_late_gap(hot, cold) ? kGapLately : uint8_t{0};
    const bool untold = has_untold(hot, cold);
    if (untold || mark != 0) {
      StreamRecord window = open_window(stream, row++);
      if (!untold) window.reserved = mark;
      emit(window);
    }
    StreamRecord whole = final_record(hot, cold, table_.endpoints(stream), context_, reason);
    whole.reserved = mark;
    add_report(whole, cold, ReportSpan::kWhole, row);
    emit(whole);
  }

  // How many records end() would give.
  uint32_t records_at_end(uint32_t stream) {
    settle(table_.hot(stream), table_.cold(stream));
    const StreamHot& hot = table_.hot(stream);
    const StreamCold& cold = table_.cold(stream);
    return has_untold(hot, cold) || has_late_gap(hot, cold) ? 2 : 1;
  }

  // Of the records written since clear().
  const std::vector<ReportRecord>& reports() const { return reports_; }
  void clear() { reports_.clear(); }

 private:
  // What is judged together (common_gaps.h) is judged for this long.
  static bool has_late_gap(const StreamHot& hot, const StreamCold& cold) {
    constexpr int64_t kJudged_ns = GapSlots::kSlots * GapSlots::kSlot_ns;
    const int64_t gap_ns = cold.happened().last_gap_ns;
    return gap_ns != 0 && hot.last_arrival_ns - gap_ns <= kJudged_ns;
  }

  // Loss runs and bursts are decided at the end of a stream; RTCP and copies may follow its
  // last packet.
  static bool has_untold(const StreamHot& hot, const StreamCold& cold) {
    const Incidents& incidents = cold.happened();
    const auto happened = [&](Event e) { return incidents.events.in_window(e) > 0; };
    return hot.packets > 0 || happened(Event::kLossRun) || happened(Event::kRtcp) ||
           happened(Event::kSpanCopy) ||
           (incidents.rtcp != nullptr && incidents.rtcp->counts.any_in_window()) ||  // SRTCP is no kRtcp
           (incidents.damage != nullptr && incidents.damage->has_untold_bursts());
  }

  StreamRecord open_window(uint32_t stream, uint32_t row) {
    StreamCold& cold = table_.cold(stream);
    StreamRecord record = window_record(table_.hot(stream), cold, table_.endpoints(stream), context_);
    add_report(record, cold, ReportSpan::kWindow, row);
    return record;
  }

  void add_report(StreamRecord& record, const StreamCold& cold, ReportSpan span, uint32_t row) {
    if (cold.rtcp() == nullptr) return;
    record.report_row = static_cast<uint32_t>(reports_.size());
    reports_.push_back(report_record(*cold.rtcp(), span, record.stream_id, row));
  }

  StreamTable& table_;
  const RecordContext& context_;
  std::vector<ReportRecord> reports_;
};

}  // namespace rtpsonde

// Turns what RTCP said of a stream into a record: for the open window, or for the
// whole stream at its end.
#pragma once

#include "core/stream/rtcp_row.h"
#include "core/window/record.gen.h"

namespace rtpsonde {

enum class ReportSpan : uint8_t { kWindow, kWhole };

// `stream_row` is the row of the stream's own record in the same block. Afterwards
// RtcpRow::begin_window() starts the next window.
ReportRecord report_record(const RtcpRow& row, ReportSpan span, uint64_t stream_id, uint32_t stream_row);

}  // namespace rtpsonde

// Turns the state of a stream into a record: for the open window, or for the
// whole stream at its end.
#pragma once

#include "core/stream/clock_rates.h"
#include "core/stream/playout.h"
#include "core/stream/state.h"
#include "core/stream/table.h"
#include "core/window/record.gen.h"

namespace rtpsonde {

enum class EndReason : uint8_t {
  kNone = 0,
  kIdle = 1,
  kEndOfCapture = 2,
  kEvicted = 3,
  kStopped = 4,
  kShed = 5
};

// What turning state into a record needs to know.
struct RecordContext {
  const ClockTable& clocks;
  const Playout& playout;
  bool burst_gap_a2 = false;  // densities and means by RFC 3611 A.2, since the start of the stream
};

// Decides what is still open: for the end of a stream.
void settle(StreamHot& hot, StreamCold& cold);

// The open window. Afterwards begin_next_window() starts the next one.
StreamRecord window_record(const StreamHot& hot, StreamCold& cold, const StreamEndpoints& ends,
                           const RecordContext& context);
// `parts` gives the row for what the windows add up to.
void begin_next_window(StreamHot& hot, StreamCold& cold, StreamParts& parts);

// The whole stream, the open window included.
StreamRecord final_record(StreamHot& hot, StreamCold& cold, const StreamEndpoints& ends,
                          const RecordContext& context, EndReason reason);

// Of addresses, ports, the network within a tunnel, SSRC and the time of the first
// packet; the same on every machine and in every replay.
uint64_t stream_id(const StreamEndpoints& ends, uint16_t src_port, uint16_t dst_port, uint32_t ssrc,
                   int64_t start_ns);

// Of addresses, ports and the network within a tunnel; the same for both directions.
uint64_t pair_id(const StreamEndpoints& ends, uint16_t src_port, uint16_t dst_port);

}  // namespace rtpsonde

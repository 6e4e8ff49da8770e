// The measuring itself, without threads: packets in, sealed blocks out. What it
// is given decides everything, so a replay gives the same blocks.
#pragma once

#include <functional>
#include <vector>

#include "core/capture/packet_source.h"
#include "core/decode/decode.h"
#include "core/engine/options.h"
#include "core/engine/rtcp_rows.h"
#include "core/rtp/classify.h"
#include "core/stream/accounting.h"
#include "core/stream/clock_steps.h"
#include "core/stream/common_gaps.h"
#include "core/stream/payload_meter.h"
#include "core/stream/span_copies.h"
#include "core/stream/table.h"
#include "core/window/block.h"
#include "core/window/report_record.h"
#include "core/window/stream_record.h"
#include "core/window/window_clock.h"

namespace rtpsonde {

class Meter {
 public:
  using Sink = std::function<void(Block)>;
  using Refresh = std::function<void(Counters&)>;

  // `sink` is given every sealed block, in order; `refresh` may set the counters
  // that others keep (the kernel's) just before they go into a block.
  Meter(const EngineOptions& options, Sink sink, Refresh refresh = [](Counters&) {});

  void process(const PacketBatch& batch);

  // The link is silent and this time has been reached: windows close.
  void advance(int64_t now_ns);

  // Seals what is open, marked partial, and ends every stream.
  void finish(EndReason reason);

  Counters& counters() { return counters_; }
  const StreamTable& table() const { return table_; }

 private:
  // Packets are taken in groups so that memory is fetched ahead of its use.
  static constexpr size_t kGroup = 16;
  struct Item {
    Datagram datagram;
    Classified classified;
    RtpHeader rtp;
    StreamKey key;
    uint64_t hash;
    uint64_t content;  // rtp_content, when copies are looked for
    uint32_t row;
  };

  // Stage 1: decode, classify, parse, hash. True when the item is to be measured.
  bool prepare(const PacketView& packet, int64_t ts_ns, Item& item);
  void measure_group(size_t count);
  void measure_rtp(Item& item);
  void measure_rtcp(const Item& item);
  Placement count(StreamHot& hot, StreamCold& cold, const RtpPacket& packet, const Item& item);
  Placement account(StreamHot& hot, StreamCold& cold, const RtpPacket& packet, const Item& item);
  void note_gap(const Item& item, uint32_t row, int64_t from_ns, uint32_t missing);
  void close_gaps(bool last);
  void note_capture_loss(uint32_t row, uint32_t stream, uint32_t packets);
  bool is_rtp_copy(const Item& item, uint32_t row);
  bool is_rtcp_copy(const Item& item);
  void start_stream(Item& item, const RtpPacket& packet);
  bool make_room(int64_t now_ns);

  // The open window of a stream or its end, with what RTCP said of it, as row `row` of the block.
  StreamRecord window_of(StreamHot& hot, StreamCold& cold, uint32_t table_row, uint32_t row);
  template <typename Emit>
  void emit_end(uint32_t table_row, uint32_t row, EndReason reason, Emit emit);
  void add_report(StreamRecord& record, const StreamCold& cold, ReportSpan span, uint32_t row);

  // The end of one stream: its record, if it was ever accepted, and its row.
  void end_stream(uint32_t row, EndReason reason);
  void roll(int64_t ts_ns);
  void seal(uint32_t flags, EndReason end_all);

  const int64_t idle_timeout_ns_;
  const uint32_t max_pending_records_;
  Sink sink_;
  Refresh refresh_;
  HashSeed seed_;
  ClockTable clocks_;
  StreamTable table_;
  Accounting accounting_;
  PayloadMeter payload_meter_;
  const RecordContext context_;
  SpanCopies copies_;
  Decoder decoder_;
  WindowClock clock_;
  ClockSteps clock_steps_;
  CommonGaps gaps_;
  uint64_t kernel_drops_told_ = 0;  // counters when the window before was sealed
  uint64_t packets_told_ = 0;
  uint64_t rtp_told_ = 0;
  Counters counters_;
  TableRtcpRows rtcp_rows_;
  RtcpLedger ledger_;
  std::vector<StreamRecord> ended_;    // streams that ended inside the open window
  std::vector<ReportRecord> reports_;  // of the records of the open window so far
  uint64_t blocks_sealed_ = 0;
  bool block_lost_ = false;  // the last one, for want of memory
  Item items_[kGroup];
};

}  // namespace rtpsonde

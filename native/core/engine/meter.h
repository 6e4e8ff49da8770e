// The measuring itself, without threads: packets in, sealed blocks out. What it
// is given decides everything, so a replay gives the same blocks.
#pragma once

#include <algorithm>
#include <bit>
#include <functional>
#include <memory>
#include <vector>

#include "core/capture/packet_source.h"
#include "core/decode/decode.h"
#include "core/engine/copy_filter.h"
#include "core/engine/far_packet.h"
#include "core/engine/flow_sampler.h"
#include "core/engine/meter_item.h"
#include "core/engine/options.h"
#include "core/engine/part.h"
#include "core/engine/record_writer.h"
#include "core/engine/rtcp_rows.h"
#include "core/stream/accounting.h"
#include "core/stream/clock_steps.h"
#include "core/stream/gap_log.h"
#include "core/stream/outages.h"
#include "core/stream/payload_meter.h"
#include "core/stream/table.h"
#include "core/window/window_clock.h"

namespace rtpsonde {

class Meter {
 public:
  using Sink = std::function<void(Part)>;
  using Refresh = std::function<void(Counters&)>;

  // `sink` is given every sealed block, in order, and what was seen of gaps; `refresh` may set the counters
  // that others keep (the kernel's) just before they go into a block.
  Meter(const EngineOptions& options, Sink sink, Refresh refresh = [](Counters&) {});

  void process(const PacketBatch& batch);

  // The link is silent and this time has been reached: windows close.
  void advance(int64_t now_ns);

  // From the next packet on, what is measured of all flows (flow_sampler.h). Running streams that are
  // let go end with EndReason::kShed; one that is let in later begins as any that was not seen before.
  void set_shed_level(uint32_t level);

  // Seals what is open, marked partial, and ends every stream.
  void finish(EndReason reason);

  // Packet time up to which everything has been told, whatever comes; -1 before the first packet.
  int64_t told_until_ns() const {
    return clock_.started() ? std::min(clock_.end_ns(), gap_log_.end_ns()) - 1 : -1;
  }

  Counters& counters() { return counters_; }
  const StreamTable& table() const { return table_; }

 private:
  // Packets between their decoding and the look into the index, and between that and being
  // measured: so long before its use memory is fetched. Not longer, since a core has room for
  // some twenty lines on their way, and leaves out what is asked for beyond.
  static constexpr uint32_t kBucketAhead = 4;
  static constexpr uint32_t kRowAhead = 3;
  static constexpr uint32_t kItems = 8;
  static_assert(kItems > kBucketAhead + kRowAhead && std::has_single_bit(kItems));
  // Looked at before a batch for streams to be let go: some 3 us each, while packets keep coming.
  static constexpr uint32_t kRowsBeforeBatch = 8;

  bool refuses(const PacketView& packet);
  bool moves_time(const PacketView& packet, int64_t ts_ns);
  void release(bool borne_out, int64_t next_ns);

  // Stage 1: decode, classify, parse, hash. True when the item is to be measured. Sampled, while
  // a part of the flows is shed: apart, so that it costs nothing otherwise.
  template <bool kSampled>
  void measure_batch(const PacketBatch& batch);
  template <bool kSampled>
  bool prepare(const PacketView& packet, int64_t ts_ns, MeterItem& item);
  MeterItem& item(uint32_t number) { return items_[number % kItems]; }
  // The item of number prepared_ is one of those on their way; the first of them go on.
  void take_in();
  // No packet is on its way any more.
  void measure_all();
  void ask_for_row(MeterItem& item);
  void measure(MeterItem& item);
  void measure_rtp(MeterItem& item);
  void measure_rtcp(const MeterItem& item);
  Placement count(StreamHot& hot, StreamCold& cold, const RtpPacket& packet, const MeterItem& item);
  Placement account(StreamHot& hot, StreamCold& cold, const RtpPacket& packet, const MeterItem& item);
  void note_gap(const MeterItem& item, uint32_t row, int64_t from_ns, uint32_t missing);
  void start_stream(MeterItem& item, const RtpPacket& packet);
  bool make_room(int64_t now_ns);

  void mark_kept_flows();
  void let_go(uint32_t rows);
  uint64_t place_of(uint32_t row) const;

  // The end of one stream: its record, if it was ever accepted, and its row.
  void end_stream(uint32_t row, EndReason reason);
  // Streams are told of outages of the interface that they come from.
  Outages& outages_of(InterfaceId interface) { return outages_[interface < kMaxInterfaces ? interface : 0]; }
  void roll(int64_t ts_ns);
  void tell_gaps(int64_t ts_ns);
  void seal(uint32_t flags, EndReason end_all);

  const std::shared_ptr<const PacketFilter> filter_;
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
  Counters counters_;
  const FlowShare share_;
  Counters others_;  // of what another worker of the same packets counts
  Counters& rest_;   // of what belongs to no flow
  FlowSampler sampler_;
  uint32_t let_go_at_ = UINT32_MAX;  // the next row to be looked at for being let go; none when past all
  CopyFilter copies_;
  Decoder decoder_;
  WindowClock clock_;
  ClockSteps clock_steps_;
  FarPacket far_;
  Outages outages_[kMaxInterfaces];  // by interface
  GapLog gap_log_;
  TableRtcpRows rtcp_rows_;
  RtcpLedger ledger_;
  RecordWriter writer_;
  std::vector<StreamRecord> ended_;  // streams that ended inside the open window
  uint64_t blocks_sealed_ = 0;
  bool never_started_ = false;
  bool block_lost_ = false;  // the last one, for want of memory
  MeterItem items_[kItems];
  uint32_t prepared_ = 0, asked_ = 0, measured_ = 0;  // items so far
};

}  // namespace rtpsonde

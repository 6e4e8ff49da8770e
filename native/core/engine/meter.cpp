#include "core/engine/meter.h"

#include <limits>

#include "core/rtp/rtcp.h"

namespace rtpsonde {

Meter::Meter(const EngineOptions& options, Sink sink, Refresh refresh)
    : idle_timeout_ns_(options.idle_timeout_ns),
      max_pending_records_(options.max_streams),
      sink_(std::move(sink)),
      refresh_(std::move(refresh)),
      seed_(HashSeed::random()),
      clocks_(options.payload_types),
      accounting_(clocks_),
      table_(options.max_streams),
      decoder_(options.fragments),
      clock_(options.window_ns) {
  ended_.reserve(1024);
}

void Meter::process(const PacketBatch& batch) {
  size_t count = 0;
  for (size_t i = 0; i < batch.count; i++) {
    const PacketView& packet = batch.packets[i];
    const int64_t ts_ns = WindowClock::within_range(packet.ts_ns);
    if (clock_.passes(ts_ns) || !clock_.started()) [[unlikely]] {
      // What lies before the boundary is measured before the window is sealed,
      // so that batches of any size give the same blocks.
      measure_group(count);
      count = 0;
      roll(ts_ns);
    }
    counters_.add(Counter::kPackets);
    if (ts_ns < clock_.start_ns()) [[unlikely]]
      counters_.add(Counter::kLatePackets);
    Item& item = items_[count];
    if (!prepare(packet, ts_ns, item)) continue;
    count++;
    if (count == kGroup) {
      measure_group(count);
      count = 0;
    }
  }
  measure_group(count);
}

bool Meter::prepare(const PacketView& packet, int64_t ts_ns, Item& item) {
  if (!decoder_.decode(packet, counters_, item.datagram)) return false;
  item.datagram.ts_ns = ts_ns;
  const Datagram& datagram = item.datagram;
  item.classified = classify(datagram.payload, datagram.payload_len);
  if (item.classified.protocol == Protocol::kRtp) {
    switch (parse_rtp(item.classified.payload, item.classified.payload_len, item.rtp)) {
      case RtpParse::kOk:
        item.key = make_key(datagram.src, datagram.dst, datagram.ip_version, datagram.src_port,
                            datagram.dst_port, item.rtp.ssrc, seed_, datagram.tunnel.identity);
        item.hash = hash_key(item.key, seed_);
        table_.prefetch_bucket(item.hash);
        return true;
      case RtpParse::kTooShort:
        item.classified.reason = Counter::kUdpTooShort;
        break;
      case RtpParse::kTruncated:
        item.classified.reason = Counter::kTruncatedUdp;
        break;
      case RtpParse::kMalformed:
        item.classified.reason = Counter::kMalformedRtp;
        break;
    }
    item.classified.protocol = Protocol::kOther;
  }
  if (item.classified.protocol == Protocol::kOther) {
    counters_.add(item.classified.reason);
    return false;
  }
  return true;
}

void Meter::measure_group(size_t count) {
  for (size_t i = 0; i < count; i++) {
    Item& item = items_[i];
    if (item.classified.protocol != Protocol::kRtp) continue;
    item.row = table_.find(item.key, item.hash);
    if (item.row != StreamTable::kNone) table_.prefetch_row(item.row);
  }
  for (size_t i = 0; i < count; i++) {
    Item& item = items_[i];
    if (item.classified.protocol == Protocol::kRtp) {
      measure_rtp(item);
    } else {
      measure_rtcp(item);
    }
  }
}

void Meter::measure_rtp(Item& item) {
  const RtpPacket packet{item.datagram.ts_ns, item.rtp, item.datagram.vlan, item.datagram.dscp};
  uint32_t row = item.row;
  // Since the look-up an earlier packet of the group may have made or ended the stream.
  if (row == StreamTable::kNone || !(table_.hot(row).key == item.key)) [[unlikely]] {
    row = table_.find(item.key, item.hash);
    if (row == StreamTable::kNone) return start_stream(item, packet);
  }
  StreamHot& hot = table_.hot(row);
  if (packet.ts_ns - hot.last_arrival_ns > idle_timeout_ns_) [[unlikely]] {
    end_stream(row, EndReason::kIdle);
    return start_stream(item, packet);
  }
  StreamCold& cold = table_.cold(row);
  if (hot.status == StreamStatus::kAccepted) [[likely]] {
    accounting_.update(hot, cold, packet);
    counters_.add(Counter::kRtp);
    return;
  }
  const uint32_t distance = packet.header.timestamp - hot.last_timestamp;
  const Placement placement = accounting_.update(hot, cold, packet);
  if (!accounting_.confirms(hot, cold, placement, distance, packet.header.sequence)) {
    counters_.add(Counter::kRtpInProbation);
    return;
  }
  hot.status = StreamStatus::kAccepted;
  counters_.move(Counter::kRtpInProbation, Counter::kRtp, hot.packets - 1);
  counters_.add(Counter::kRtp);
  counters_.add(Counter::kStreamsStarted);
  counters_.add(Counter::kStreamsActive);
}

void Meter::start_stream(Item& item, const RtpPacket& packet) {
  const Datagram& d = item.datagram;
  uint32_t row = table_.insert(item.key, item.hash, d.src, d.dst, d.ip_version, d.tunnel);
  if (row == StreamTable::kNone && make_room(d.ts_ns)) {
    row = table_.insert(item.key, item.hash, d.src, d.dst, d.ip_version, d.tunnel);
  }
  if (row == StreamTable::kNone) {
    counters_.add(Counter::kStreamTableFull);
    return;
  }
  accounting_.begin(table_.hot(row), table_.cold(row), packet);
  counters_.add(Counter::kRtpInProbation);
}

// The table is full: the least active of some rows goes. One that had a packet
// within the last half second stays, so that a flood of new streams cannot push
// out the calls that are running.
bool Meter::make_room(int64_t now_ns) {
  constexpr int64_t kRunning_ns = 500'000'000;
  const uint32_t victim = table_.pick_victim(now_ns - kRunning_ns);
  if (victim == StreamTable::kNone) return false;
  if (table_.hot(victim).status == StreamStatus::kAccepted) counters_.add(Counter::kStreamsEvicted);
  end_stream(victim, EndReason::kEvicted);
  return true;
}

namespace {

// Loss runs are decided at the end of a stream, and RTCP may follow its last packet.
bool has_untold(const StreamCold& cold) {
  return cold.events.in_window(Event::kLossRun) > 0 || cold.events.in_window(Event::kRtcp) > 0;
}

// The records of a stream that ends: the open window first, so that windows
// always add up to the whole.
template <typename Emit>
void emit_end(StreamHot& hot, StreamCold& cold, const AddressPair& addresses, const ClockTable& clocks,
              EndReason reason, Emit emit) {
  settle_sequence(hot, cold);
  if (hot.packets > 0 || has_untold(cold)) emit(window_record(hot, cold, addresses, clocks));
  emit(final_record(hot, cold, addresses, clocks, reason));
}

}  // namespace

void Meter::end_stream(uint32_t row, EndReason reason) {
  StreamHot& hot = table_.hot(row);
  if (hot.status == StreamStatus::kProbation) {
    counters_.move(Counter::kRtpInProbation, Counter::kRtpUnconfirmed, hot.packets);
  } else {
    counters_.add(Counter::kStreamsEnded);
    counters_.sub(Counter::kStreamsActive);
    const bool room = ended_.size() < max_pending_records_;
    emit_end(hot, table_.cold(row), table_.addresses(row), clocks_, reason, [&](const StreamRecord& record) {
      if (room) {
        ended_.push_back(record);
      } else {
        counters_.add(Counter::kRecordsDropped);
      }
    });
  }
  table_.erase(row, hash_key(hot.key, seed_));
}

uint32_t Meter::find_rtp_beside(const Item& item, uint32_t ssrc, uint16_t port_distance) const {
  const Datagram& d = item.datagram;
  const StreamKey key =
      make_key(d.src, d.dst, d.ip_version, static_cast<uint16_t>(d.src_port - port_distance),
               static_cast<uint16_t>(d.dst_port - port_distance), ssrc, seed_, d.tunnel.identity);
  return table_.find(key, hash_key(key, seed_));
}

// RTCP runs on the port next to RTP (RFC 3550 11) or on the same one (RFC 5761).
void Meter::measure_rtcp(const Item& item) {
  const RtcpCompound compound = inspect_rtcp(item.classified.payload, item.classified.payload_len);
  uint32_t row = StreamTable::kNone;
  if (compound.has_sender) {
    row = find_rtp_beside(item, compound.sender_ssrc, 1);
    if (row == StreamTable::kNone) row = find_rtp_beside(item, compound.sender_ssrc, 0);
  }
  if (compound.well_formed) {
    counters_.add(Counter::kRtcp);
    if (row != StreamTable::kNone) table_.cold(row).events.add(Event::kRtcp);
  } else {
    counters_.add(row != StreamTable::kNone ? Counter::kEncryptedRtcp : Counter::kMalformedRtcp);
  }
}

void Meter::advance(int64_t now_ns) {
  const int64_t ts_ns = WindowClock::within_range(now_ns);
  if (clock_.passes(ts_ns)) roll(ts_ns);
}

void Meter::roll(int64_t ts_ns) {
  if (clock_.started()) seal(0, EndReason::kNone);
  clock_.open(ts_ns);
}

void Meter::finish(EndReason reason) {
  decoder_.expire(std::numeric_limits<int64_t>::max(), counters_);
  if (!clock_.started()) clock_.open(0);
  seal(kPartial | kLast, reason);
}

void Meter::seal(uint32_t flags, EndReason end_all) {
  const int64_t end_ns = clock_.end_ns();
  decoder_.expire(end_ns, counters_);
  const uint64_t max_rows = 2 * uint64_t{table_.size()} + ended_.size();
  Block block(static_cast<uint32_t>(max_rows));
  uint64_t lost_records = 0;  // when there was no memory for the block
  const auto emit = [&](const StreamRecord& record) {
    if (block.empty()) {
      lost_records++;
    } else {
      block.append(record);
    }
  };
  for (const StreamRecord& record : ended_) emit(record);
  ended_.clear();
  for (uint32_t row = 0; row < table_.high_water(); row++) {
    StreamHot& hot = table_.hot(row);
    if (hot.status == StreamStatus::kFree) continue;
    StreamCold& cold = table_.cold(row);
    const bool idle = hot.last_arrival_ns <= end_ns - idle_timeout_ns_;
    const EndReason reason = idle ? EndReason::kIdle : end_all;
    if (hot.status == StreamStatus::kProbation) {
      if (reason != EndReason::kNone) end_stream(row, reason);
      continue;
    }
    if (reason == EndReason::kNone) {
      if (hot.packets == 0) continue;
      emit(window_record(hot, cold, table_.addresses(row), clocks_));
      begin_next_window(hot, cold);
    } else {
      emit_end(hot, cold, table_.addresses(row), clocks_, reason, emit);
      counters_.add(Counter::kStreamsEnded);
      counters_.sub(Counter::kStreamsActive);
      table_.erase(row, hash_key(hot.key, seed_));
    }
  }
  const uint64_t sequence = blocks_sealed_++;
  if (block.empty()) {
    counters_.add(Counter::kBlocksDropped);
    counters_.add(Counter::kRecordsDropped, lost_records);
    block_lost_ = true;
    return;
  }
  refresh_(counters_);
  BlockHeader header{};
  header.flags = flags | (block_lost_ ? kGapBefore : 0U);
  block_lost_ = false;
  header.shard_count = 1;
  header.window_start_ns = clock_.start_ns();
  header.window_end_ns = end_ns;
  header.sequence = static_cast<double>(sequence);
  block.write_header(header, counters_);
  sink_(std::move(block));
}

}  // namespace rtpsonde

#include "core/engine/meter.h"

#include <algorithm>
#include <limits>

namespace rtpsonde {

namespace {

// Digests of the addresses, the same for an address whichever side it is on.
struct Ends {
  uint32_t source, destination;
};

Ends ends_of(const StreamKey& key, const Datagram& datagram) {
  if (datagram.ip_version == 4) return {static_cast<uint32_t>(key.a >> 32), static_cast<uint32_t>(key.a)};
  constexpr uint64_t kOdd = 0x9e3779b97f4a7c15;
  const auto digest = [](const Address& a) {
    return static_cast<uint32_t>(mix_multiply(load_u64(&a[0]) ^ kOdd, load_u64(&a[8]) + kOdd));
  };
  return {digest(datagram.src), digest(datagram.dst)};
}

uint32_t gaps_kept(uint32_t max_streams) { return std::clamp(2 * max_streams, 1024U, 1U << 18); }

}  // namespace

Meter::Meter(const EngineOptions& options, Sink sink, Refresh refresh)
    : idle_timeout_ns_(options.idle_timeout_ns),
      max_pending_records_(options.max_streams),
      sink_(std::move(sink)),
      refresh_(std::move(refresh)),
      seed_(HashSeed::random()),
      clocks_(options.payload_types),
      table_(options.max_streams),
      accounting_(clocks_, options.accounting, table_.parts()),
      payload_meter_(options.payload, table_.parts()),
      context_{clocks_, accounting_.playout(), options.burst_gap_a2},
      copies_(options.span_copies),
      decoder_(options.fragments),
      clock_(options.window_ns),
      gaps_(gaps_kept(options.max_streams)),
      rtcp_rows_(table_),
      ledger_(table_, seed_, rtcp_rows_) {
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
    if (clock_steps_.note(ts_ns)) [[unlikely]]
      counters_.add(Counter::kClockSteps);
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
                            datagram.dst_port, item.rtp.ssrc, seed_);
        item.hash = hash_key(item.key, seed_);
        table_.prefetch_bucket(item.hash);
        if (copies_.enabled()) {
          item.content =
              rtp_content(item.classified.payload, item.classified.payload_len, datagram.udp_checksum);
          copies_.prefetch(item.hash, rtp_discriminator(item.rtp.sequence, item.rtp.timestamp));
        }
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

Placement Meter::account(StreamHot& hot, StreamCold& cold, const RtpPacket& packet, const Item& item) {
  const uint32_t word_before = hot.max_seq >> 6;
  const Placement placement = count(hot, cold, packet, item);
  if (hot.max_seq >> 6 != word_before && cold.rtcp != nullptr) cold.rtcp->history.note(hot);
  return placement;
}

Placement Meter::count(StreamHot& hot, StreamCold& cold, const RtpPacket& packet, const Item& item) {
  if (!payload_meter_.wants(cold, packet.header.payload_type)) [[likely]]
    return accounting_.update(hot, cold, packet);
  const PayloadMeter::Before before = PayloadMeter::before(hot);
  const Placement placement = accounting_.update(hot, cold, packet);
  payload_meter_.after(before, hot, cold, packet, item.classified.payload, placement,
                       clocks_.rate(hot.clock).ms_per_tick);
  return placement;
}

void Meter::measure_rtp(Item& item) {
  const RtpPacket packet{item.datagram.ts_ns, item.rtp, item.datagram.vlan, item.datagram.dscp};
  uint32_t row = item.row;
  // Since the look-up an earlier packet of the group may have made or ended the stream.
  if (row == StreamTable::kNone || !(table_.hot(row).key == item.key)) [[unlikely]] {
    row = table_.find(item.key, item.hash);
    if (row == StreamTable::kNone) {
      if (is_rtp_copy(item, row)) return;
      return start_stream(item, packet);
    }
  }
  if (is_rtp_copy(item, row)) return;
  StreamHot& hot = table_.hot(row);
  if (packet.ts_ns - hot.last_arrival_ns > idle_timeout_ns_) [[unlikely]] {
    end_stream(row, EndReason::kIdle);
    return start_stream(item, packet);
  }
  StreamCold& cold = table_.cold(row);
  if (hot.status == StreamStatus::kAccepted) [[likely]] {
    const uint32_t max_seq = hot.max_seq;
    const int64_t last_arrival_ns = hot.last_arrival_ns;
    const Ends ends = ends_of(item.key, item.datagram);
    gaps_.received(packet.ts_ns, ends.source, ends.destination);
    if (account(hot, cold, packet, item) == Placement::kForward) [[unlikely]]
      note_gap(item, row, last_arrival_ns, hot.max_seq - max_seq - 1);
    counters_.add(Counter::kRtp);
    return;
  }
  const uint32_t distance = packet.header.timestamp - hot.last_timestamp;
  const Placement placement = account(hot, cold, packet, item);
  if (!accounting_.confirms(hot, cold, placement, distance, packet.header.sequence)) {
    counters_.add(Counter::kRtpInProbation);
    return;
  }
  hot.status = StreamStatus::kAccepted;
  counters_.move(Counter::kRtpInProbation, Counter::kRtp, hot.packets - 1);
  counters_.add(Counter::kRtp);
  counters_.add(Counter::kStreamsStarted);
  counters_.add(Counter::kStreamsActive);
  ledger_.note_stream(row);
}

void Meter::note_gap(const Item& item, uint32_t row, int64_t from_ns, uint32_t missing) {
  const Ends ends = ends_of(item.key, item.datagram);
  gaps_.gap(row, static_cast<uint32_t>(item.hash), ends.source, ends.destination, from_ns,
            item.datagram.ts_ns, missing);
}

// The kernel drops packets of any kind; of these, RTP is taken to be the share that it
// has of all others.
void Meter::close_gaps(bool last) {
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
  const CommonGapTotals totals = gaps_.close_window(
      dropped * std::min(share, 1.0), last,
      [this](uint32_t row, uint32_t stream, uint32_t n) { note_capture_loss(row, stream, n); });
  counters_.add(Counter::kCommonGaps, totals.runs);
  counters_.add(Counter::kCommonGapMs, static_cast<uint64_t>(totals.time_ns / 1'000'000));
  counters_.add(Counter::kEstimatedCaptureLoss, totals.estimated);
}

// `stream` is the hash of the key, as the row may have another stream by now.
void Meter::note_capture_loss(uint32_t row, uint32_t stream, uint32_t packets) {
  counters_.add(Counter::kSuspectedCaptureLoss, packets);
  const StreamHot& hot = table_.hot(row);
  if (hot.status == StreamStatus::kFree || static_cast<uint32_t>(hash_key(hot.key, seed_)) != stream) {
    counters_.add(Counter::kCaptureLossUnassigned, packets);
  } else {
    table_.cold(row).capture_lost += packets;
  }
}

// Asked before anything is counted: a copy neither confirms a stream nor shows in
// its numbers. Of the copies the first to arrive is measured.
bool Meter::is_rtp_copy(const Item& item, uint32_t row) {
  if (!copies_.enabled()) return false;
  PacketMarks marks = marks_of(item.datagram, item.content, 0);
  marks.numbered = true;
  marks.young =
      row == StreamTable::kNone || table_.hot(row).max_seq - table_.hot(row).base_seq < kYoungNumbers;
  const CopyVerdict verdict = copies_.check(
      marks, item.hash, rtp_discriminator(item.rtp.sequence, item.rtp.timestamp), item.datagram.ts_ns);
  if (verdict.overwrote) counters_.add(Counter::kCopyCacheOverwrites);
  if (!verdict.copy) return false;
  counters_.add(Counter::kSpanCopies);
  if (row != StreamTable::kNone) table_.parts().note_copy(table_.cold(row), verdict.delay_ns);
  return true;
}

// RTCP takes the hash of the RTP stream with the even port (RFC 3550 11), whose
// packets tell whether copies are the rule.
bool Meter::is_rtcp_copy(const Item& item) {
  if (!copies_.enabled()) return false;
  const Datagram& d = item.datagram;
  const Bytes payload = item.classified.payload;
  const StreamKey key =
      make_key(d.src, d.dst, d.ip_version, d.src_port & 0xfffe, d.dst_port & 0xfffe, payload.be32(4), seed_);
  const uint64_t content = content_digest(payload, item.classified.payload_len, kRtcpDigestOctets);
  const CopyVerdict verdict =
      copies_.check(marks_of(d, content, 0), hash_key(key, seed_), static_cast<uint32_t>(content), d.ts_ns);
  if (verdict.overwrote) counters_.add(Counter::kCopyCacheOverwrites);
  if (verdict.copy) counters_.add(Counter::kSpanCopies);
  return verdict.copy;
}

void Meter::start_stream(Item& item, const RtpPacket& packet) {
  const Datagram& d = item.datagram;
  uint32_t row = table_.insert(item.key, item.hash, d.src, d.dst, d.ip_version);
  if (row == StreamTable::kNone && make_room(d.ts_ns)) {
    row = table_.insert(item.key, item.hash, d.src, d.dst, d.ip_version);
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

}  // namespace

void Meter::add_report(StreamRecord& record, const StreamCold& cold, ReportSpan span, uint32_t row) {
  if (cold.rtcp == nullptr) return;
  record.report_row = static_cast<uint32_t>(reports_.size());
  reports_.push_back(report_record(*cold.rtcp, span, record.stream_id, row));
}

StreamRecord Meter::window_of(StreamHot& hot, StreamCold& cold, uint32_t table_row, uint32_t row) {
  StreamRecord record = window_record(hot, cold, table_.addresses(table_row), context_);
  add_report(record, cold, ReportSpan::kWindow, row);
  return record;
}

// The records of a stream that ends: the open window first, so that windows
// always add up to the whole.
template <typename Emit>
void Meter::emit_end(uint32_t table_row, uint32_t row, EndReason reason, Emit emit) {
  StreamHot& hot = table_.hot(table_row);
  StreamCold& cold = table_.cold(table_row);
  settle(hot, cold);
  if (hot.packets > 0 || has_untold(cold)) emit(window_of(hot, cold, table_row, row++));
  StreamRecord whole = final_record(hot, cold, table_.addresses(table_row), context_, reason);
  add_report(whole, cold, ReportSpan::kWhole, row);
  emit(whole);
}

void Meter::end_stream(uint32_t row, EndReason reason) {
  StreamHot& hot = table_.hot(row);
  if (hot.status == StreamStatus::kProbation) {
    counters_.move(Counter::kRtpInProbation, Counter::kRtpUnconfirmed, hot.packets);
  } else {
    counters_.add(Counter::kStreamsEnded);
    counters_.sub(Counter::kStreamsActive);
    const bool room = ended_.size() < max_pending_records_;
    if (room) {
      emit_end(row, static_cast<uint32_t>(ended_.size()), reason,
               [&](const StreamRecord& record) { ended_.push_back(record); });
    } else {
      settle(hot, table_.cold(row));
      counters_.add(Counter::kRecordsDropped, hot.packets > 0 || has_untold(table_.cold(row)) ? 2 : 1);
    }
  }
  table_.erase(row, hash_key(hot.key, seed_));
}

void Meter::measure_rtcp(const Item& item) {
  if (is_rtcp_copy(item)) return;
  counters_.add(ledger_.take(item.datagram, item.classified.payload, item.classified.payload_len));
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
  refresh_(counters_);
  counters_.set(Counter::kClockStepMaxMs, static_cast<uint64_t>(clock_steps_.take_largest_ms()));
  close_gaps(end_all != EndReason::kNone);
  const uint64_t max_rows = 2 * uint64_t{table_.size()} + ended_.size();
  const uint64_t max_reports = 2 * uint64_t{table_.parts().rtcp.taken()} + reports_.size();
  Block block(static_cast<uint32_t>(max_rows), static_cast<uint32_t>(max_reports));
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
      emit(window_of(hot, cold, row, block.rows()));
      if (cold.rtcp != nullptr) cold.rtcp->begin_window();
      if (cold.past == nullptr) cold.past = table_.parts().past.take();
      begin_next_window(hot, cold);
    } else {
      emit_end(row, block.rows(), reason, emit);
      counters_.add(Counter::kStreamsEnded);
      counters_.sub(Counter::kStreamsActive);
      table_.erase(row, hash_key(hot.key, seed_));
    }
  }
  for (const ReportRecord& report : reports_) {
    if (!block.empty()) block.append(report);
  }
  reports_.clear();
  const uint64_t sequence = blocks_sealed_++;
  if (block.empty()) {
    counters_.add(Counter::kBlocksDropped);
    counters_.add(Counter::kRecordsDropped, lost_records);
    block_lost_ = true;
    return;
  }
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

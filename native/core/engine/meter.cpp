#include "core/engine/meter.h"

#include <algorithm>
#include <limits>

namespace rtpsonde {

namespace {

// Digests of the addresses, the same for an address whichever side it is on.
struct Ends {
  uint32_t source, destination;
};

[[gnu::always_inline]] inline Ends ends_of(const Datagram& d) {
  if (d.ip_version == 4) return {load_u32(&d.src[12]), load_u32(&d.dst[12])};
  return {static_cast<uint32_t>(address_digest(d.src)), static_cast<uint32_t>(address_digest(d.dst))};
}

// Why a packet is no RTP after all.
Counter reason_of(RtpParse parsed) {
  if (parsed == RtpParse::kTooShort) return Counter::kUdpTooShort;
  return parsed == RtpParse::kTruncated ? Counter::kTruncatedUdp : Counter::kMalformedRtp;
}

}  // namespace

Meter::Meter(const EngineOptions& options, Sink sink, Refresh refresh)
    : filter_(options.filter),
      idle_timeout_ns_(options.idle_timeout_ns),
      max_pending_records_(2 * options.max_streams),
      sink_(std::move(sink)),
      refresh_(std::move(refresh)),
      seed_(HashSeed::random()),
      clocks_(options.payload_types),
      table_(options.max_streams),
      accounting_(clocks_, options.accounting, table_.parts()),
      payload_meter_(options.payload, clocks_, table_.parts()),
      context_{clocks_, accounting_.playout(), options.burst_gap_a2},
      share_(options.share),
      rest_(share_.owns_rest() ? counters_ : others_),
      sampler_(options.max_streams),
      copies_(options.span_copies, table_, counters_),
      decoder_(options.fragments),
      clock_(options.window_ns),
      gap_log_(std::clamp(2 * options.max_streams, 1024U, 1U << 18)),
      rtcp_rows_(table_),
      ledger_(table_, seed_, rtcp_rows_),
      writer_(table_, context_) {
  ended_.reserve(1024);
}

void Meter::process(const PacketBatch& batch) {
  if (batch.outage.any()) [[unlikely]]
    outages_of(batch.outage.interface).note(batch.outage.from_ns, batch.outage.to_ns);
  if (let_go_at_ < table_.high_water()) [[unlikely]]
    let_go(kRowsBeforeBatch);
  if (sampler_.on()) [[unlikely]]
    return measure_batch<true>(batch);
  measure_batch<false>(batch);
}

[[gnu::always_inline]] inline void Meter::ask_for_row(MeterItem& item) {
  if (item.protocol != Protocol::kRtp) return;
  item.row = table_.guess(item.hash);
  if (item.row != StreamTable::kNone) table_.prefetch_row(item.row);
}

[[gnu::always_inline]] inline void Meter::measure(MeterItem& item) {
  if (item.protocol == Protocol::kRtp) {
    measure_rtp(item);
  } else {
    measure_rtcp(item);
  }
}

[[gnu::always_inline]] inline void Meter::take_in() {
  prepared_++;
  if (prepared_ - asked_ > kBucketAhead) ask_for_row(item(asked_++));
  if (asked_ - measured_ > kRowAhead) measure(item(measured_++));
}

void Meter::measure_all() {
  while (measured_ != prepared_) {
    if (asked_ != prepared_) ask_for_row(item(asked_++));
    if (asked_ == prepared_ || asked_ - measured_ > kRowAhead) measure(item(measured_++));
  }
}

template <bool kSampled>
void Meter::measure_batch(const PacketBatch& batch) {
  for (size_t i = 0; i < batch.count; i++) {
    const PacketView& packet = batch.packets[i];
    if (filter_ != nullptr && refuses(packet)) continue;
    const int64_t ts_ns = WindowClock::within_range(packet.ts_ns);
    if (clock_.passes(ts_ns) || !clock_.started() || far_.waits() || gap_log_.outside(ts_ns)) [[unlikely]] {
      // What lies before the boundary is measured before the window is sealed,
      // so that batches of any size give the same blocks.
      measure_all();
      if (!moves_time(packet, ts_ns)) continue;
      tell_gaps(ts_ns);
    }
    if (clock_steps_.note(ts_ns)) [[unlikely]]
      rest_.add(Counter::kClockSteps);
    if (prepare<kSampled>(packet, ts_ns, item(prepared_))) take_in();
  }
  measure_all();
}

// What the filter refuses is counted and does no more: it moves no time, so that the rest is
// measured as if it alone had been captured.
bool Meter::refuses(const PacketView& packet) {
  const PacketFilter::Verdict verdict = filter_->judge(packet);
  if (verdict == PacketFilter::Verdict::kWanted) return false;
  rest_.add(Counter::kPackets);
  rest_.add(verdict == PacketFilter::Verdict::kUnfit ? Counter::kFilterUnfit : Counter::kFilteredOut);
  return true;
}

// The time of this packet lies beyond the open window, or a packet before it waits to
// be borne out. False when it is this one that is to wait.
bool Meter::moves_time(const PacketView& packet, int64_t ts_ns) {
  if (far_.waits()) release(far_.borne_out_by(ts_ns), ts_ns);
  // Windows go on without packets when the link is silent.
  const int64_t reached_ns = std::max(clock_steps_.last_ns(), clock_.start_ns());
  if (!clock_.started() || (clock_.passes(ts_ns) && ts_ns - reached_ns > FarPacket::kFar_ns)) {
    far_.hold(packet, ts_ns);
    return false;
  }
  if (clock_.passes(ts_ns)) roll(ts_ns);
  return true;
}

// Measures the packet that waits: at its own time when that is borne out, else at that
// of the packet before it; the first of all then at `next_ns`.
void Meter::release(bool borne_out, int64_t next_ns) {
  int64_t ts_ns = far_.ts_ns();
  if (!borne_out) {
    ts_ns = clock_.started() ? std::max(clock_steps_.last_ns(), clock_.start_ns()) : next_ns;
    clock_steps_.note_alone(far_.ts_ns(), ts_ns);
    rest_.add(Counter::kClockSteps);
  } else if (clock_steps_.note(ts_ns)) {
    rest_.add(Counter::kClockSteps);
  }
  if (clock_.passes(ts_ns) || !clock_.started()) roll(ts_ns);
  tell_gaps(ts_ns);
  const PacketView& packet = far_.take(ts_ns);
  MeterItem& next = item(prepared_);
  if (sampler_.on() ? prepare<true>(packet, ts_ns, next) : prepare<false>(packet, ts_ns, next)) take_in();
  measure_all();
}

template <bool kSampled>
bool Meter::prepare(const PacketView& packet, int64_t ts_ns, MeterItem& item) {
  if constexpr (kSampled) {
    if (sampler_.sheds_frame(packet)) {
      counters_.add(Counter::kPackets);
      counters_.add(Counter::kShed);
      if (ts_ns < clock_.start_ns()) counters_.add(Counter::kLatePackets);
      return false;
    }
  }
  const bool decoded = decoder_.decode(packet, rest_, item.datagram);
  if (decoded && !share_.owns(item.datagram)) return false;
  Counters& counted = decoded ? counters_ : rest_;
  counted.add(Counter::kPackets);
  if (ts_ns < clock_.start_ns()) [[unlikely]]
    counted.add(Counter::kLatePackets);
  if (!decoded) return false;
  Datagram& datagram = item.datagram;
  datagram.ts_ns = ts_ns;
  const Classified classified = classify(datagram.payload, datagram.payload_len);
  item.protocol = classified.protocol;
  if (classified.payload_len != datagram.payload_len) [[unlikely]] {
    datagram.payload = classified.payload;
    datagram.payload_len = classified.payload_len;
  }
  if constexpr (kSampled) {
    if (classified.protocol != Protocol::kOther && !sampler_.takes(datagram)) {
      counters_.add(Counter::kShed);
      return false;
    }
  }
  if (classified.protocol != Protocol::kRtp) [[unlikely]] {
    if (classified.protocol == Protocol::kOther) counters_.add(classified.reason);
    return classified.protocol == Protocol::kRtcp;
  }
  const RtpParse parsed = parse_rtp(datagram.payload, datagram.payload_len, item.rtp.header);
  if (parsed != RtpParse::kOk) [[unlikely]] {
    counters_.add(reason_of(parsed));
    return false;
  }
  item.rtp.ts_ns = ts_ns;
  item.rtp.vlan = datagram.vlan;
  item.rtp.dscp = datagram.dscp;
  item.rtp.interface = packet.interface;
  item.key = make_key(datagram.src, datagram.dst, datagram.ip_version, datagram.src_port, datagram.dst_port,
                      item.rtp.header.ssrc, seed_, datagram.tunnel.identity);
  item.hash = hash_key(item.key, seed_);
  table_.prefetch_bucket(item.hash);
  copies_.prepare(item);
  return true;
}

[[gnu::always_inline]] inline Placement Meter::account(StreamHot& hot, StreamCold& cold,
                                                       const RtpPacket& packet, const MeterItem& item) {
  const uint32_t word_before = hot.max_seq >> 6;
  const Placement placement = count(hot, cold, packet, item);
  if ((hot.flags & kFollowed) != 0 && hot.max_seq >> 6 != word_before && cold.rtcp() != nullptr) {
    cold.rtcp()->history.note(hot);
  }
  return placement;
}

[[gnu::always_inline]] inline Placement Meter::count(StreamHot& hot, StreamCold& cold,
                                                     const RtpPacket& packet, const MeterItem& item) {
  if (!payload_meter_.wants(hot, packet.header.payload_type)) [[likely]]
    return accounting_.update(hot, cold, packet);
  const PayloadMeter::Before before = PayloadMeter::before(hot);
  const Placement placement = accounting_.update(hot, cold, packet);
  payload_meter_.after(before, hot, cold, packet, item.datagram.payload, placement,
                       clocks_.rate(hot.clock).ms_per_tick);
  return placement;
}

void Meter::measure_rtp(MeterItem& item) {
  const RtpPacket& packet = item.rtp;
  uint32_t row = item.row;
  // The guess was wrong, or an earlier packet of the group has made or ended the stream.
  if (row == StreamTable::kNone || !(table_.hot(row).key == item.key)) [[unlikely]] {
    row = table_.find(item.key, item.hash);
    if (row == StreamTable::kNone) {
      if (copies_.is_copy_of_rtp(item, row)) return;
      return start_stream(item, packet);
    }
  }
  if (copies_.is_copy_of_rtp(item, row)) return;
  StreamHot& hot = table_.hot(row);
  if (packet.ts_ns - hot.last_arrival_ns > idle_timeout_ns_) [[unlikely]] {
    end_stream(row, EndReason::kIdle);
    return start_stream(item, packet);
  }
  StreamCold& cold = table_.cold(row);
  if (hot.status == StreamStatus::kAccepted) [[likely]] {
    const uint32_t max_seq = hot.max_seq;
    const int64_t last_arrival_ns = hot.last_arrival_ns;
    const Ends ends = ends_of(item.datagram);
    gap_log_.received(packet.ts_ns, ends.source, ends.destination);
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

// Before the packet so many are missing since `from_ns`. What fell into an outage is certain;
// only the rest is judged.
void Meter::note_gap(const MeterItem& item, uint32_t row, int64_t from_ns, uint32_t missing) {
  const Datagram& d = item.datagram;
  const Ends ends = ends_of(d);
  StreamCold& cold = table_.cold(row);
  table_.parts().incidents_of(cold).last_gap_ns = d.ts_ns;
  const uint64_t id =
      stream_id(table_.endpoints(row), d.src_port, d.dst_port, item.rtp.header.ssrc, cold.start_ns);
  const uint32_t unseen = outages_of(item.rtp.interface).share(from_ns, d.ts_ns, missing);
  gap_log_.gap({from_ns, d.ts_ns, id, ends.source, ends.destination, missing - unseen, unseen});
}

void Meter::start_stream(MeterItem& item, const RtpPacket& packet) {
  const Datagram& d = item.datagram;
  uint32_t row = table_.insert(item.key, item.hash, d.src, d.dst, d.ip_version, d.tunnel, d.outer);
  if (row == StreamTable::kNone && make_room(d.ts_ns)) {
    row = table_.insert(item.key, item.hash, d.src, d.dst, d.ip_version, d.tunnel, d.outer);
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

void Meter::end_stream(uint32_t row, EndReason reason) {
  StreamHot& hot = table_.hot(row);
  if (hot.status == StreamStatus::kProbation) {
    const Counter fate = reason == EndReason::kShed ? Counter::kShed : Counter::kRtpUnconfirmed;
    counters_.move(Counter::kRtpInProbation, fate, hot.packets);
  } else {
    if (reason == EndReason::kShed) counters_.add(Counter::kStreamsShed);
    counters_.add(Counter::kStreamsEnded);
    counters_.sub(Counter::kStreamsActive);
    if (ended_.size() < max_pending_records_) {
      writer_.end(row, static_cast<uint32_t>(ended_.size()), reason,
                  [&](const StreamRecord& record) { ended_.push_back(record); });
    } else {
      counters_.add(Counter::kRecordsDropped, writer_.records_at_end(row));
    }
  }
  table_.erase(row, hash_key(hot.key, seed_));
}

void Meter::measure_rtcp(const MeterItem& item) {
  if (copies_.is_copy_of_rtcp(item)) return;
  counters_.add(ledger_.take(item.datagram, item.datagram.payload, item.datagram.payload_len));
}

void Meter::advance(int64_t now_ns) {
  const int64_t ts_ns = WindowClock::within_range(now_ns);
  if (far_.waits() && far_.borne_out_by(ts_ns)) release(true, ts_ns);
  if (clock_.passes(ts_ns)) roll(ts_ns);
  if (clock_.started() && gap_log_.outside(ts_ns)) tell_gaps(ts_ns);
}

// Hands on what was seen of gaps when packet time leaves the slots that it is kept for.
void Meter::tell_gaps(int64_t ts_ns) {
  if (!gap_log_.passes(ts_ns)) return;
  Part part;
  part.until_ns = gap_log_.end_ns();
  part.evidence = gap_log_.take();
  if (part.until_ns > 0) sink_(std::move(part));  // else it is the first packet
  gap_log_.open(ts_ns);
}

void Meter::roll(int64_t ts_ns) {
  if (clock_.started()) seal(0, EndReason::kNone);
  clock_.open(ts_ns);
  counters_.set(Counter::kShedLevel, sampler_.level());
  if (!sampler_.on()) counters_.set(Counter::kShedSinceMs, 0);
}

void Meter::finish(EndReason reason) {
  if (far_.waits()) release(true, far_.ts_ns());
  decoder_.expire(std::numeric_limits<int64_t>::max(), rest_);
  never_started_ = !clock_.started();
  if (never_started_) clock_.open(0);
  seal(kPartial | kLast, reason);
}

void Meter::seal(uint32_t flags, EndReason end_all) {
  const int64_t end_ns = clock_.end_ns();
  let_go(UINT32_MAX);
  decoder_.expire(end_ns, rest_);
  refresh_(counters_);
  rest_.set(Counter::kClockStepMaxMs, static_cast<uint64_t>(clock_steps_.take_largest_ms()));
  counters_.set(Counter::kReportsUnmatched, ledger_.unmatched());
  counters_.set(Counter::kCommonGapsForgotten, gap_log_.gaps_dropped());
  const uint64_t max_rows = 2 * uint64_t{table_.size()} + ended_.size();
  const uint64_t max_reports = 2 * uint64_t{table_.parts().rtcp.taken()} + writer_.reports().size();
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
    const bool idle = hot.last_arrival_ns <= end_ns - idle_timeout_ns_;
    const EndReason reason = idle ? EndReason::kIdle : end_all;
    if (hot.status == StreamStatus::kProbation) {
      if (reason != EndReason::kNone) end_stream(row, reason);
      continue;
    }
    if (reason == EndReason::kNone) {
      if (hot.packets == 0) continue;
      emit(writer_.window(row, block.rows()));
    } else {
      writer_.end(row, block.rows(), reason, emit);
      counters_.add(Counter::kStreamsEnded);
      counters_.sub(Counter::kStreamsActive);
      table_.erase(row, hash_key(hot.key, seed_));
    }
  }
  for (const ReportRecord& report : writer_.reports()) {
    if (!block.empty()) block.append(report);
  }
  writer_.clear();
  if (sampler_.on()) mark_kept_flows();
  const uint64_t sequence = blocks_sealed_++;
  Part part;
  part.until_ns = never_started_ ? Part::kNever : end_ns;
  part.evidence = gap_log_.take();
  part.window = true;
  part.last = (flags & kLast) != 0;
  if (block.empty()) {
    counters_.add(Counter::kBlocksDropped);
    counters_.add(Counter::kRecordsDropped, lost_records);
    block_lost_ = true;
    return sink_(std::move(part));
  }
  BlockHeader header{};
  header.flags = flags | (block_lost_ ? kGapBefore : 0U);
  block_lost_ = false;
  header.shard_count = 1;
  header.window_start_ns = clock_.start_ns();
  header.window_end_ns = end_ns;
  header.sequence = static_cast<double>(sequence);
  block.write_header(header, counters_);
  part.block = std::move(block);
  sink_(std::move(part));
}

}  // namespace rtpsonde

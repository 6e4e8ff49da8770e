// The whole meter with tiny tables and windows. The input is a program of small
// operations, so that it gets deep into streams quickly. The counters balance after
// every batch, a block holds what it says, windows add up to whole streams, and the
// figures of a record agree with each other.
//
// Input: streams (1), window and mode of span copies (1), idle time-out (1), packets per batch (1), then
// operations: one octet for what, and its arguments.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <vector>

#include "core/engine/meter.h"

namespace {

using namespace rtpsonde;

constexpr int64_t kMillisecond = 1'000'000;
constexpr size_t kFlows = 16;

void check(bool holds, int line = __builtin_LINE()) {
  if (holds) return;
  std::fprintf(stderr, "line %d does not hold\n", line);
  std::abort();
}

uint64_t sum_of(const Counters& counters, Fate fate) {
  uint64_t sum = 0;
  for (size_t i = 0; i < kCounterCount; i++) {
    if (kCounterInfo[i].fate == fate) sum += counters.values()[i];
  }
  return sum;
}

void check_balance(const Counters& counters) {
  check(counters.get(Counter::kPackets) ==
        sum_of(counters, Fate::kUsed) + sum_of(counters, Fate::kPending) + sum_of(counters, Fate::kReason));
}

bool is_count(double v) { return v >= 0 && std::floor(v) == v; }  // false for NaN

// What must hold inside one record, and between windows and their whole.
class Ledger {
 public:
  explicit Ledger(uint32_t max_streams) : max_streams_(max_streams) {}

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
    whole_ = whole_ && counters[static_cast<size_t>(Counter::kRecordsDropped)] == 0;
    // Streams of the table twice, and those that ended before.
    check(block.rows() <= 2 * size_t{max_streams_} + max_streams_ + 1);
    for (uint32_t i = 0; i < block.rows(); i++) {
      StreamRecord r;
      std::memcpy(&r, block.data() + Block::kHeaderBytes + i * sizeof r, sizeof r);
      check_record(r);
      if (!whole_) continue;
      if (r.kind == 1) {
        add(r);
      } else {
        close(r);
      }
    }
  }

  // Every stream has ended, but for those whose record found no room.
  void end(const Counters& counters) const {
    check(sum_of(counters, Fate::kPending) == 0);
    check(counters.get(Counter::kStreamsActive) == 0);
    check(counters.get(Counter::kStreamsStarted) == counters.get(Counter::kStreamsEnded));
    if (whole_) check(open_.empty());
  }

 private:
  struct Sum {
    double packets = 0, octets = 0, expected = 0, lost = 0, duplicates = 0, reordered = 0, late = 0,
           restarts = 0, markers = 0, samples = 0, runs = 0, run_packets = 0, rtcp = 0, errors = 0;
    uint32_t extent = 0;
    double jitter_max_ms = 0, delta_max_ms = 0;
  };

  static void check_record(const StreamRecord& r) {
    for (const double v : {r.packets, r.octets, r.expected, r.lost, r.recovered, r.duplicates, r.reordered,
                           r.late, r.loss_runs, r.loss_run_packets, r.jitter_samples}) {
      check(is_count(v));
    }
    check(r.kind == 1 || r.kind == 2);
    check((r.kind == 1) == (r.end_reason == 0));
    // A window without packets tells what was decided after the last one.
    if (r.kind == 1) check(r.packets > 0 || r.loss_runs > 0 || r.rtcp_packets > 0);
    if (r.kind == 2) check(r.packets > 1);
    check(r.jitter_samples <= r.packets);
    check(r.reorder_extent_max < 128);
    check(r.loss_runs <= r.loss_run_packets && r.loss_run_longest <= r.loss_run_packets);
    check(r.lost == 0 || r.recovered == 0);
    check(r.media_kind <= 2 && (r.ip_version == 4 || r.ip_version == 6));
    if (r.jitter_samples > 0) {
      check(r.jitter_mean_ms >= 0 && r.jitter_mean_ms <= r.jitter_max_ms + 1e-9);
      check(r.jitter_max_ms <= 1000 && r.jitter_last_ms >= 0);
    } else {
      check(std::isnan(r.jitter_mean_ms) && std::isnan(r.jitter_max_ms));
    }
    if (r.kind == 2) {
      check(r.lost == r.expected - (r.packets - r.duplicates - r.sequence_errors));
      // All losses were decided; late packets took some back afterwards.
      check(r.loss_run_packets == r.lost + r.late);
    }
  }

  void add(const StreamRecord& w) {
    Sum& sum = open_[w.stream_id];
    sum.packets += w.packets;
    sum.octets += w.octets;
    sum.expected += w.expected;
    sum.lost += w.lost - w.recovered;
    sum.duplicates += w.duplicates;
    sum.reordered += w.reordered;
    sum.late += w.late;
    sum.restarts += w.restarts;
    sum.errors += w.sequence_errors;
    sum.markers += w.markers;
    sum.samples += w.jitter_samples;
    sum.runs += w.loss_runs;
    sum.run_packets += w.loss_run_packets;
    sum.rtcp += w.rtcp_packets;
    sum.extent = std::max(sum.extent, w.reorder_extent_max);
    if (w.jitter_samples > 0) sum.jitter_max_ms = std::max(sum.jitter_max_ms, w.jitter_max_ms);
    if (!std::isnan(w.delta_max_ms)) sum.delta_max_ms = std::max(sum.delta_max_ms, w.delta_max_ms);
  }

  void close(const StreamRecord& r) {
    const auto found = open_.find(r.stream_id);
    check(found != open_.end());
    const Sum& sum = found->second;
    check(sum.packets == r.packets && sum.octets == r.octets && sum.expected == r.expected);
    check(sum.lost == r.lost && sum.duplicates == r.duplicates && sum.reordered == r.reordered);
    check(sum.late == r.late && sum.restarts == r.restarts && sum.markers == r.markers);
    check(sum.samples == r.jitter_samples && sum.extent == r.reorder_extent_max);
    check(sum.runs == r.loss_runs && sum.run_packets == r.loss_run_packets && sum.rtcp == r.rtcp_packets);
    check(sum.errors >= r.sequence_errors && sum.errors <= r.sequence_errors + r.restarts);
    check(sum.delta_max_ms == r.delta_max_ms);
    if (r.jitter_samples > 0) check(sum.jitter_max_ms == r.jitter_max_ms);
    open_.erase(found);
  }

  uint32_t max_streams_;
  std::map<uint64_t, Sum> open_;
  uint64_t blocks_ = 0;
  int64_t last_end_ns_ = 0;
  bool whole_ = true;  // no record was dropped so far
};

// Arguments out of the input; zeros when it is used up.
class Input {
 public:
  Input(const uint8_t* data, size_t size) : data_(data), size_(size) {}
  bool empty() const { return size_ == 0; }
  uint8_t u8() {
    if (size_ == 0) return 0;
    size_--;
    return *data_++;
  }
  uint16_t u16() {
    const uint16_t high = u8();
    return static_cast<uint16_t>(high << 8 | u8());
  }
  uint32_t u32() {
    const uint32_t high = u16();
    return high << 16 | u16();
  }
  std::vector<uint8_t> take(size_t count) {
    count = std::min(count, size_);
    std::vector<uint8_t> out(data_, data_ + count);
    data_ += count;
    size_ -= count;
    return out;
  }

 private:
  const uint8_t* data_;
  size_t size_;
};

struct Flow {
  uint32_t ssrc = 42;
  uint32_t timestamp = 0xffffff00;
  uint32_t step = 160;
  uint16_t seq = 65500;
  uint8_t payload_type = 0;
  uint8_t octets = 20;
  uint8_t tos = 0xb8;
  uint8_t vlan = 0;
  bool marker = false;
};

void put(std::vector<uint8_t>& out, uint64_t value, int octets) {
  while (octets-- > 0) out.push_back(static_cast<uint8_t>(value >> 8 * octets));
}

// Runs the program against one meter.
class Machine {
 public:
  Machine(const EngineOptions& options, size_t batch_size)
      : batch_size_(batch_size),
        ledger_(options.max_streams),
        meter_(options, [this](Block block) { ledger_.take(block); }) {
    for (size_t i = 0; i < kFlows; i++) flows_[i].ssrc = static_cast<uint32_t>(i);
    flows_[3].payload_type = 34;
    flows_[4].payload_type = 111;
    flows_[5].payload_type = 96;
  }

  void run(Input& in) {
    for (int steps = 0; !in.empty() && steps < 4000; steps++) step(in);
    flush();
    meter_.finish(EndReason::kEndOfCapture);
    check_balance(meter_.counters());
    check(meter_.table().size() == 0);
    ledger_.end(meter_.counters());
  }

 private:
  void step(Input& in) {
    const uint8_t what = in.u8();
    const uint8_t which = what >> 4;
    Flow& flow = flows_[which];
    switch (what & 15) {
      case 0:  // the next packet in its time
        pass(20);
        return next(which);
      case 1:  // many of them
        for (int n = in.u8(); n > 0; n--) {
          pass(5);
          next(which);
        }
        return;
      case 2:  // a gap
        skip(flow, in.u8());
        return next(which);
      case 3:  // a larger one, in time or at once
        pass((in.u8() & 1) != 0 ? 60'000 : 0);
        skip(flow, in.u16());
        return next(which);
      case 4: {  // one from before, again or overtaken
        const uint16_t back = in.u8();
        return packet(which, static_cast<uint16_t>(flow.seq - back), flow.timestamp - back * flow.step);
      }
      case 5: {  // one from long before
        const auto back = static_cast<uint16_t>(in.u16() % 4096);
        return packet(which, static_cast<uint16_t>(flow.seq - back), flow.timestamp - back * flow.step);
      }
      case 6: {  // any numbers
        const uint16_t seq = in.u16();
        return packet(which, seq, in.u32());
      }
      case 7:  // the stream goes on elsewhere
        flow.seq = in.u16();
        flow.timestamp += in.u16();
        return next(which);
      case 8: {
        static constexpr uint8_t kTypes[] = {0, 8, 13, 34, 96, 97, 101, 111};
        const uint8_t v = in.u8();
        flow.payload_type = kTypes[v & 7];
        flow.octets = (v & 8) != 0 ? 4 : 20;
        flow.marker = (v & 16) != 0;
        if ((v & 32) != 0) flow.tos = in.u8();
        if ((v & 64) != 0) flow.step = in.u16();
        if ((v & 128) != 0) flow.vlan++;
        return;
      }
      case 9:  // time passes, with or without packets
        pass(in.u16());
        if ((which & 1) == 0) return;
        flush();
        meter_.advance(now_ns_);
        return check_balance(meter_.counters());
      case 10:  // or turns back, or leaps
        if (which == 15) {
          now_ns_ = static_cast<int64_t>(uint64_t{in.u32()} << 32 | in.u32());
        } else {
          pass(-int64_t{in.u16()});
        }
        return;
      case 11:
        return report(which, in.u8());
      case 12: {  // strangers
        const int count = in.u8() % 64;
        const uint8_t packets = in.u8() % 4;
        for (int n = 0; n < count; n++) {
          Flow stranger;
          stranger.ssrc = 1000 + strangers_++;
          for (uint8_t i = 0; i <= packets; i++) send(which, stranger, i, i * 160U);
        }
        return;
      }
      case 13:  // a stream begins again
        flow.ssrc ^= 0x80000000;
        return;
      case 14:  // any octets in UDP, now and then cut by the snap length
        cut_ = which;
        udp(which, in.take(in.u8()), {});
        cut_ = 0;
        return;
      default:  // any octets on the wire
        return frame(in.take(in.u8()));
    }
  }

  void pass(int64_t ms) {
    if (__builtin_add_overflow(now_ns_, ms * kMillisecond, &now_ns_)) now_ns_ = INT64_MAX;
  }

  void skip(Flow& flow, uint16_t count) {
    flow.seq = static_cast<uint16_t>(flow.seq + count);
    flow.timestamp += count * flow.step;
  }

  void next(uint8_t which) {
    Flow& flow = flows_[which];
    packet(which, flow.seq, flow.timestamp);
    skip(flow, 1);
  }

  void packet(uint8_t which, uint16_t seq, uint32_t timestamp) { send(which, flows_[which], seq, timestamp); }

  void send(uint8_t which, const Flow& flow, uint16_t seq, uint32_t timestamp) {
    std::vector<uint8_t> rtp;
    put(rtp, 0x80, 1);
    put(rtp, flow.payload_type | (flow.marker ? 0x80U : 0U), 1);
    put(rtp, seq, 2);
    put(rtp, timestamp, 4);
    put(rtp, flow.ssrc, 4);
    rtp.resize(12U + flow.octets);
    udp(which, rtp, flow);
  }

  void report(uint8_t which, uint8_t form) {
    std::vector<uint8_t> rtcp;
    put(rtcp, 0x80c90001, 4);
    put(rtcp, flows_[which].ssrc, 4);
    if ((form & 1) != 0) rtcp.push_back(form);
    udp(which, rtcp, {}, (form & 2) != 0 ? 1 : 0);
  }

  // Every fourth flow is IPv6, and two of four have a VLAN.
  void udp(uint8_t which, const std::vector<uint8_t>& content, const Flow& flow, uint32_t above = 0) {
    std::vector<uint8_t> out(12, 2);
    if ((which & 2) != 0) put(out, 0x81000000U | which | static_cast<uint32_t>(flow.vlan) << 4, 4);
    const uint64_t udp_len = content.size() + 8;
    if ((which & 3) == 3) {
      put(out, 0x86dd, 2);
      put(out, 0x60000000U | static_cast<uint32_t>(flow.tos) << 20, 4);
      put(out, udp_len, 2);
      put(out, 0x1140, 2);
      put(out, 0x20010db800000000, 8);
      put(out, which, 8);
      put(out, 0x20010db800000000, 8);
      put(out, 1, 8);
    } else {
      put(out, 0x0800, 2);
      put(out, 0x4500U | flow.tos, 2);
      put(out, udp_len + 20, 2);
      put(out, 0, 4);
      put(out, 0x40110000, 4);
      put(out, 0x0a000000U + which, 4);
      put(out, 0x0a000064, 4);
    }
    put(out, 5004 + above, 2);
    put(out, 6004 + above, 2);
    put(out, udp_len, 2);
    put(out, 0, 2);
    out.insert(out.end(), content.begin(), content.end());
    frame(std::move(out));
  }

  void frame(std::vector<uint8_t> octets) {
    frames_.push_back(std::move(octets));
    PacketView& view = batch_.packets[batch_.count++];
    view = {};
    view.ts_ns = now_ns_;
    view.wire_len = static_cast<uint32_t>(frames_.back().size());
    view.bytes = {frames_.back().data(), frames_.back().size() - std::min(frames_.back().size(), cut_)};
    if (batch_.count == batch_size_) flush();
  }

  void flush() {
    if (batch_.count == 0) return;
    meter_.process(batch_);
    check_balance(meter_.counters());
    check(meter_.table().size() <= meter_.table().capacity());
    batch_.count = 0;
    frames_.clear();
  }

  size_t batch_size_;
  Ledger ledger_;
  Meter meter_;
  Flow flows_[kFlows];
  PacketBatch batch_;
  std::vector<std::vector<uint8_t>> frames_;  // what the batch points to
  int64_t now_ns_ = 1'700'000'000'000'000'000;
  uint32_t strangers_ = 0;
  size_t cut_ = 0;  // octets that the snap length takes from the next frame
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 4) return 0;
  Input in(data, size);
  EngineOptions options;
  options.max_streams = 1U + in.u8() % 64;
  static constexpr int64_t kWidths_ms[] = {1, 100, 1000, 10'000};
  const uint8_t window = in.u8();
  options.window_ns = kWidths_ms[window & 3] * kMillisecond;
  options.span_copies = {static_cast<SpanCopyMode>(window >> 2 & 3), 50 * kMillisecond};
  options.idle_timeout_ns = kWidths_ms[in.u8() & 3] * 3 * kMillisecond;
  options.fragments.max_datagrams = 1;
  options.payload_types = {{0, 8000, MediaKind::kAudio, ClockSource::kStatic},
                           {8, 8000, MediaKind::kAudio, ClockSource::kStatic},
                           {13, 8000, MediaKind::kComfortNoise, ClockSource::kStatic},
                           {34, 90000, MediaKind::kVideo, ClockSource::kStatic},
                           {101, 8000, MediaKind::kTelephoneEvent, ClockSource::kConfig},
                           {111, 48000, MediaKind::kAudio, ClockSource::kConfig}};
  options.accounting.playout.profiles = {{false, 50, 100}, {false, 200, 400}, {true, 20, 500}};
  options.accounting.stall_ns = 500 * kMillisecond;
  options.accounting.gmin = 16;
  const size_t batch_size = 1 + in.u8() % PacketBatch::kCapacity;
  Machine(options, batch_size).run(in);
  return 0;
}

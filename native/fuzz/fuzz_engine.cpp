// The whole meter with tiny tables and windows. The input is a program of small
// operations, so that it gets deep into streams quickly. The counters balance after
// every batch, a block holds what it says, windows add up to whole streams, the figures
// of a record agree with each other (engine_invariants.h), and another size of batches
// gives the same blocks.
//
// Input: streams (1), window and mode of span copies (1), idle time-out (1), packets per batch (1),
// payload and playout (1), then operations: one octet for what, and its arguments.
#include "engine_frames.h"
#include "engine_invariants.h"

namespace {

using namespace fuzz;

constexpr int64_t kMillisecond = 1'000'000;
constexpr size_t kFlows = 16;

// A meter that is fed in batches of one size, and watched.
class Watched {
 public:
  Watched(const EngineOptions& options, size_t batch_size)
      : batch_size_(batch_size),
        ledger_(options),
        merger_(1, options.max_streams),
        meter_(
            options, [this](Part part) { take(std::move(part)); },
            [this](Counters& counters) { counters.set(Counter::kKernelDrops, kernel_drops_); }) {}

  void frame(int64_t ts_ns, const std::vector<uint8_t>& octets, size_t cut) {
    frames_.push_back(octets);
    PacketView& view = batch_.packets[batch_.count++];
    view = {};
    view.ts_ns = ts_ns;
    view.wire_len = static_cast<uint32_t>(octets.size());
    view.bytes = {frames_.back().data(), octets.size() - std::min(octets.size(), cut)};
    if (batch_.count == batch_size_) flush();
  }

  void drop(uint32_t packets) {
    flush();
    kernel_drops_ += packets;
  }

  void shed(uint8_t level) {
    flush();
    meter_.set_shed_level(level % FlowSampler::kLevels);
    check_balance(meter_.counters());
  }

  void advance(int64_t now_ns) {
    flush();
    meter_.advance(now_ns);
    check_balance(meter_.counters());
  }

  void finish() {
    flush();
    meter_.finish(EndReason::kEndOfCapture);
    check_balance(meter_.counters());
    check(meter_.table().size() == 0);
    ledger_.end(meter_.counters());
  }

  // Which stream goes from a full table, and which packet is forgotten, is up to the seed.
  bool was_full() { return was_full_ || meter_.counters().get(Counter::kCopyCacheOverwrites) > 0; }
  uint64_t digest() const { return ledger_.digest(); }

 private:
  void take(Part part) {
    std::vector<WorkerPart> parts;
    parts.push_back({0, std::move(part)});
    if (const std::optional<Block> block = merger_.take(parts)) ledger_.take(*block);
  }

  void flush() {
    if (batch_.count == 0) return;
    meter_.process(batch_);
    check_balance(meter_.counters());
    check(meter_.table().size() <= meter_.table().capacity());
    was_full_ = was_full_ || meter_.table().size() == meter_.table().capacity();
    batch_.count = 0;
    frames_.clear();
  }

  size_t batch_size_;
  Ledger ledger_;
  WindowMerger merger_;
  Meter meter_;
  PacketBatch batch_;
  std::vector<std::vector<uint8_t>> frames_;  // what the batch points to
  uint64_t kernel_drops_ = 0;
  bool was_full_ = false;
};

// Runs the program against two meters. Flows 8 to 15 are the way back of 0 to 7.
class Machine {
 public:
  Machine(const EngineOptions& options, size_t batch_size)
      : meter_(options, batch_size), by_one_(options, 1) {
    for (size_t i = 0; i < kFlows; i++) flows_[i].ssrc = static_cast<uint32_t>(i);
    flows_[3].payload_type = 34;
    flows_[4].payload_type = 111;
    flows_[5].payload_type = 96;
    flows_[6].payload_type = kRedType;
  }

  void run(Input& in) {
    for (int steps = 0; !in.empty() && steps < 4000; steps++) step(in);
    meter_.finish();
    by_one_.finish();
    if (!by_one_.was_full()) check(meter_.digest() == by_one_.digest());
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
        static constexpr uint8_t kTypes[] = {0, 8, 13, 34, 96, kRedType, 101, 111};
        const uint8_t v = in.u8();
        flow.payload_type = kTypes[v & 7];
        flow.octets = (v & 8) != 0 ? 4 : 20;
        flow.marker = (v & 16) != 0;
        if ((v & 32) != 0) flow.tos = in.u8();
        if ((v & 64) != 0) flow.step = in.u16();
        if ((v & 128) != 0) {
          flow.vlan = in.u8();
          flow.tunnel = flow.vlan >> 6;
        }
        return;
      }
      case 9:  // time passes, with or without packets
        pass(in.u16());
        if (which >= 14) {
          const uint8_t dropped = in.u8();
          meter_.drop(dropped);
          by_one_.drop(dropped);
        }
        if ((which & 1) == 0) return;
        meter_.advance(now_ns_);
        return by_one_.advance(now_ns_);
      case 10:  // or turns back, or leaps; or the worker cannot keep up
        if (which == 14) {
          const uint8_t level = in.u8();
          meter_.shed(level);
          by_one_.shed(level);
        } else if (which == 15) {
          now_ns_ = static_cast<int64_t>(uint64_t{in.u32()} << 32 | in.u32());
        } else {
          pass(-int64_t{in.u16()});
        }
        return;
      case 11: {  // RTCP
        const uint8_t form = in.u8();
        const Octets rtcp = rtcp_packet(flow, flows_[which ^ 8], form, in);
        Flow way = flow;
        way.payload_type = 0;
        return udp(which, rtcp, way, (form & 64) != 0 ? 1 : 0);
      }
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
      case 13:  // the packet before once more, perhaps by another way; or a stream begins again
        if (const uint8_t v = in.u8(); v != 0) return again(v);
        flow.ssrc ^= 0x80000000;
        return;
      case 14:  // any octets in UDP, now and then cut by the snap length
        cut_ = which;
        udp(which, in.take(in.u8()), Flow{});
        cut_ = 0;
        return;
      default:  // any octets on the wire
        return frame(in.take(in.u8()));
    }
  }

  // Differs in nothing, or in the link, the VLAN or the TTL.
  void again(uint8_t how) {
    pass(how >> 3);
    Octets copy = last_;
    if ((how & 1) != 0 && copy.size() > 5) copy[5] ^= how;
    if ((how & 2) != 0 && copy.size() > 16 && copy[12] == 0x81) copy[15] ^= how;
    if ((how & 4) != 0 && copy.size() > 23 && copy[12] == 0x08) copy[22] ^= 1;
    frame(copy);
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
    const uint32_t offset = (which & 5) == 5 ? (seq & 0xffU) + 1 : 0;
    udp(which, rtp_packet(flow, seq, timestamp, offset), flow);
  }

  // Every fourth flow is IPv6, two of four have a VLAN, and half of them a checksum.
  void udp(uint8_t which, const Octets& content, const Flow& flow, uint32_t above = 0) {
    Octets out(12, 2);
    if ((which & 2) != 0) put(out, 0x81000000U | which | uint32_t{flow.vlan & 0xfU} << 4, 4);
    const uint64_t udp_len = content.size() + 8;
    const bool back = which >= 8;
    const uint64_t here = which & 7, there = 100;
    const size_t ip_at = out.size() + 2;
    if ((which & 3) == 3) {
      put(out, 0x86dd, 2);
      put(out, 0x60000000U | static_cast<uint32_t>(flow.tos) << 20, 4);
      put(out, udp_len, 2);
      put(out, 0x1140, 2);
      put(out, 0x20010db800000000, 8);
      put(out, back ? there : here, 8);
      put(out, 0x20010db800000000, 8);
      put(out, back ? here : there, 8);
    } else {
      put(out, 0x0800, 2);
      put(out, 0x4500U | flow.tos, 2);
      put(out, udp_len + 20, 2);
      put(out, 0, 4);
      put(out, 0x40110000, 4);
      put(out, 0x0a000000U + (back ? there : here), 4);
      put(out, 0x0a000000U + (back ? here : there), 4);
    }
    put(out, (back ? 6004 : 5004) + above, 2);
    put(out, (back ? 5004 : 6004) + above, 2);
    put(out, udp_len, 2);
    put(out, (which & 4) != 0 ? 0xbeef : 0, 2);
    out.insert(out.end(), content.begin(), content.end());
    frame(wrapped(out, ip_at, flow.tunnel));
  }

  void frame(const Octets& octets) {
    meter_.frame(now_ns_, octets, cut_);
    by_one_.frame(now_ns_, octets, cut_);
    last_ = octets;
  }

  Watched meter_;
  Watched by_one_;
  Flow flows_[kFlows];
  Octets last_;  // frame
  int64_t now_ns_ = 1'700'000'000'000'000'000;
  uint32_t strangers_ = 0;
  size_t cut_ = 0;  // octets that the snap length takes from the next frame
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 5) return 0;
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
                           {kRedType, 8000, MediaKind::kAudio, ClockSource::kConfig},
                           {101, 8000, MediaKind::kTelephoneEvent, ClockSource::kConfig},
                           {111, 48000, MediaKind::kAudio, ClockSource::kConfig}};
  options.accounting.playout.profiles = {{false, 50, 100}, {false, 200, 400}, {true, 20, 500}};
  options.accounting.stall_ns = 500 * kMillisecond;
  options.accounting.gmin = 16;
  const size_t batch_size = 2 + in.u8() % (PacketBatch::kCapacity - 1);
  const uint8_t measures = in.u8();
  options.accounting.playout.profiles.resize(1 + (measures & 3) % 3);
  options.accounting.playout.used_by_quality =
      (measures >> 2 & 3) % static_cast<uint32_t>(options.accounting.playout.profiles.size());
  options.burst_gap_a2 = (measures & 16) != 0;
  if ((measures & 32) != 0) {
    options.payload.types = {{kRedType, PayloadUse::kRed}, {0, PayloadUse::kMuLaw}, {8, PayloadUse::kALaw}};
  }
  if ((measures & 64) != 0) options.payload.transmission_offset_id = 1;
  Machine(options, batch_size).run(in);
  return 0;
}

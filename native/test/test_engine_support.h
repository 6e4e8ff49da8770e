// For the tests of the window and engine rooms: frames on a wire, a meter that is
// watched after every batch, and its blocks taken apart again.
#pragma once

#include <algorithm>
#include <cstring>
#include <map>

#include "core/capture/memory_source.h"
#include "core/engine/meter.h"
#include "core/engine/window_merger.h"
#include "test_stream_support.h"

namespace engine_test {

using namespace rtpsonde;
using stream_test::kMillisecond;
using stream_test::kSecond;
using stream_test::number;
using stream_test::Octets;
using stream_test::put;

// From where to where. Addresses are 192.0.2.src and 198.51.100.dst, or the same
// numbers behind 2001:db8::.
struct Flow {
  uint8_t src = 1;
  uint8_t dst = 2;
  uint16_t src_port = 5004;
  uint16_t dst_port = 6004;
  bool ipv6 = false;
};

inline Octets udp_frame(const Flow& flow, const Octets& content) {
  Octets out;
  put(out, 0x020000000002, 6);
  put(out, 0x020000000001, 6);
  const uint64_t udp_len = content.size() + 8;
  if (flow.ipv6) {
    put(out, 0x86dd, 2);
    put(out, 0x6b800000, 4);
    put(out, udp_len, 2);
    put(out, 0x1140, 2);
    for (const uint8_t last : {flow.src, flow.dst}) {
      put(out, 0x20010db800000000, 8);
      put(out, last, 8);
    }
  } else {
    put(out, 0x0800, 2);
    put(out, 0x45b8, 2);
    put(out, udp_len + 20, 2);
    put(out, 0, 4);
    put(out, 0x40110000, 4);
    put(out, 0xc0000200 + flow.src, 4);
    put(out, 0xc6336400 + flow.dst, 4);
  }
  put(out, flow.src_port, 2);
  put(out, flow.dst_port, 2);
  put(out, udp_len, 2);
  put(out, 0, 2);
  out.insert(out.end(), content.begin(), content.end());
  return out;
}

struct Rtp {
  uint16_t seq;
  uint32_t timestamp;
  uint32_t ssrc = 42;
  uint8_t payload_type = 0;
  bool marker = false;
  size_t octets = 20;
};

inline Octets rtp(const Rtp& p) {
  Octets out;
  put(out, 0x80, 1);
  put(out, p.payload_type | (p.marker ? 0x80U : 0U), 1);
  put(out, p.seq, 2);
  put(out, p.timestamp, 4);
  put(out, p.ssrc, 4);
  out.resize(12 + p.octets, 0xd5);
  return out;
}

// A sender report.
inline Octets rtcp(uint32_t ssrc) {
  Octets out;
  put(out, 0x80c80006, 4);
  put(out, ssrc, 4);
  out.resize(28);
  return out;
}

inline EngineOptions options() {
  EngineOptions o;
  o.window_ns = 10 * kSecond;
  o.idle_timeout_ns = 30 * kSecond;
  o.max_streams = 1000;
  o.queue_blocks = 8;
  o.fragments.max_datagrams = 4;
  o.payload_types = stream_test::payload_types();
  o.accounting = stream_test::accounting_options();
  return o;
}

inline uint64_t sum_of(const Counters& counters, Fate fate) {
  uint64_t sum = 0;
  for (size_t i = 0; i < kCounterCount; i++) {
    if (kCounterInfo[i].fate == fate) sum += counters.values()[i];
  }
  return sum;
}

// packets = used + pending + reason, as native/definitions/counters.yaml promises.
inline bool balanced(const Counters& counters) {
  return counters.get(Counter::kPackets) ==
         sum_of(counters, Fate::kUsed) + sum_of(counters, Fate::kPending) + sum_of(counters, Fate::kReason);
}

// All counters that are not 0: "packets 2, rtp 2, streamsStarted 1".
inline std::string text(const Counters& counters) {
  std::string all;
  for (size_t i = 0; i < kCounterCount; i++) {
    if (counters.values()[i] == 0) continue;
    if (!all.empty()) all += ", ";
    all += std::string(kCounterInfo[i].name) + " " + std::to_string(counters.values()[i]);
  }
  return all;
}

// A block as TypeScript would read it.
struct Sealed {
  BlockHeader header;
  double counters[kCounterCount];
  std::vector<StreamRecord> records;
  std::vector<ReportRecord> reports;
  Octets octets;  // the whole block

  explicit Sealed(const Block& block) : octets(block.data(), block.data() + block.size()) {
    REQUIRE(octets.size() >= Block::kHeaderBytes);
    std::memcpy(&header, octets.data(), sizeof header);
    std::memcpy(counters, octets.data() + sizeof header, sizeof counters);
    REQUIRE(octets.size() ==
            header.header_bytes + header.rows * sizeof(StreamRecord) + header.reports * sizeof(ReportRecord));
    for (size_t i = 0; i < header.rows; i++) {
      std::memcpy(&records.emplace_back(), octets.data() + header.header_bytes + i * sizeof(StreamRecord),
                  sizeof(StreamRecord));
    }
    for (size_t i = 0; i < header.reports; i++) {
      std::memcpy(
          &reports.emplace_back(),
          octets.data() + header.header_bytes + header.rows * sizeof(StreamRecord) + i * sizeof(ReportRecord),
          sizeof(ReportRecord));
      // Record and report point at each other.
      REQUIRE(records.at(reports[i].stream_row).report_row == i);
      REQUIRE(records[reports[i].stream_row].stream_id == reports[i].stream_id);
    }
  }
};

// "whole 1:5004 > 2:6004 ssrc 42 (idle): packets 3, expected 3".
inline std::string text(const StreamRecord& r) {
  const char* const reasons[] = {"", " (idle)", " (end)", " (evicted)", " (stopped)", " (shed)"};
  return std::string(r.kind == 1 ? "window " : "whole ") + std::to_string(r.src[15]) + ":" +
         std::to_string(r.src_port) + " > " + std::to_string(r.dst[15]) + ":" + std::to_string(r.dst_port) +
         " ssrc " + std::to_string(r.ssrc) + reasons[r.end_reason] + ": " + stream_test::counts(r) +
         (r.rtcp_packets > 0 ? ", rtcp " + std::to_string(r.rtcp_packets) : "");
}

// "0..10 s, flags 5: " and its records, one to a line.
inline std::string text(const Sealed& block) {
  const auto seconds = [](int64_t ns) { return number(static_cast<double>(ns) / 1e9); };
  std::string all = seconds(block.header.window_start_ns) + ".." + seconds(block.header.window_end_ns) + " s";
  if (block.header.flags != 0) all += ", flags " + std::to_string(block.header.flags);
  for (const StreamRecord& r : block.records) all += "\n  " + text(r);
  return all;
}

inline std::string text(const std::vector<Sealed>& blocks) {
  std::string all;
  for (const Sealed& block : blocks) all += text(block) + "\n";
  return all;
}

// Blocks of a single worker, as the engine makes them of what its meter tells.
class OneMerger {
 public:
  explicit OneMerger(
      const EngineOptions& o, Meter::Refresh refresh = [](Counters&) {})
      : merger_(1, o.max_streams), meter_(o, [this](Part part) { take(std::move(part)); }, refresh) {}

  Meter& meter() { return meter_; }
  const std::vector<Sealed>& blocks() const { return blocks_; }
  // Of the meter and of the merger.
  Counters counters() {
    Counters all = meter_.counters();
    all.merge(merger_.counters());
    return all;
  }

 private:
  void take(Part part) {
    std::vector<WorkerPart> parts;
    parts.push_back({0, std::move(part)});
    if (const std::optional<Block> block = merger_.take(parts)) blocks_.emplace_back(*block);
  }

  WindowMerger merger_;
  std::vector<Sealed> blocks_;
  Meter meter_;
};

// A meter that is fed from memory in batches of a chosen size, and whose counters
// must balance after every one of them.
class MeterRig {
 public:
  explicit MeterRig(const EngineOptions& o = options(), size_t batch_size = PacketBatch::kCapacity)
      : batch_size_(batch_size), one_(o), meter_(one_.meter()) {}

  // One packet, at once.
  void feed(int64_t ts_ns, const Octets& frame, uint32_t wire_len = 0) {
    MemorySource source;
    source.add(ts_ns, {frame.data(), frame.size()}, wire_len);
    feed(source);
  }

  void feed(PacketSource& source) {
    static PacketBatch all, part;
    while (source.read(all, 0) == ReadStatus::kPackets) {
      for (size_t i = 0; i < all.count; i += part.count) {
        part.count = std::min(batch_size_, all.count - i);
        std::copy_n(all.packets + i, part.count, part.packets);
        meter_.process(part);
        REQUIRE(balanced(meter_.counters()));
      }
    }
  }

  void advance(int64_t now_ns) {
    meter_.advance(now_ns);
    REQUIRE(balanced(meter_.counters()));
  }

  void shed(uint32_t level) {
    meter_.set_shed_level(level);
    REQUIRE(balanced(meter_.counters()));
  }

  void finish(EndReason reason = EndReason::kEndOfCapture) {
    meter_.finish(reason);
    REQUIRE(balanced(meter_.counters()));
    REQUIRE(sum_of(meter_.counters(), Fate::kPending) == 0);
    REQUIRE(meter_.counters().get(Counter::kStreamsActive) == 0);
    REQUIRE(meter_.table().size() == 0);
  }

  const std::vector<Sealed>& blocks() const { return one_.blocks(); }
  Counters counters() { return one_.counters(); }
  const StreamTable& table() const { return meter_.table(); }

 private:
  size_t batch_size_;
  OneMerger one_;
  Meter& meter_;
};

// Windows of one stream put together again.
struct Sum {
  StreamRecord r{};
  double jitter_sum_ms = 0;

  void add(const StreamRecord& w) {
    r.packets += w.packets;
    r.octets += w.octets;
    r.expected += w.expected;
    r.lost += w.lost - w.recovered;
    r.duplicates += w.duplicates;
    r.reordered += w.reordered;
    r.late += w.late;
    r.loss_runs += w.loss_runs;
    r.loss_run_packets += w.loss_run_packets;
    r.loss_run_longest = std::max(r.loss_run_longest, w.loss_run_longest);
    r.reorder_extent_max = std::max(r.reorder_extent_max, w.reorder_extent_max);
    r.restarts += w.restarts;
    r.sequence_errors += w.sequence_errors;
    r.timestamp_jumps += w.timestamp_jumps;
    r.dtx_resumptions += w.dtx_resumptions;
    r.comfort_noise_packets += w.comfort_noise_packets;
    r.telephone_event_packets += w.telephone_event_packets;
    r.markers += w.markers;
    r.payload_type_changes += w.payload_type_changes;
    r.rtcp_packets += w.rtcp_packets;
    r.jitter_samples += w.jitter_samples;
    if (w.jitter_samples > 0) jitter_sum_ms += w.jitter_mean_ms * w.jitter_samples;
    if (w.jitter_samples > 0) r.jitter_max_ms = std::max(r.jitter_max_ms, w.jitter_max_ms);
    if (!std::isnan(w.delta_max_ms)) r.delta_max_ms = std::max(r.delta_max_ms, w.delta_max_ms);
  }

  // What must be the same in the whole, in words.
  static std::string totals(const StreamRecord& r, double jitter_sum_ms) {
    return number(r.packets) + " packets " + number(r.octets) + " octets " + number(r.expected) +
           " expected " + number(r.lost) + " lost " + number(r.duplicates) + " dup " + number(r.reordered) +
           " reordered " + number(r.reorder_extent_max) + " extent " + number(r.late) + " late " +
           number(r.restarts) + " restarts " + number(r.loss_runs) + " runs " + number(r.loss_run_packets) +
           " of " + number(r.loss_run_longest) + " jumps " + number(r.timestamp_jumps) + " dtx " +
           number(r.dtx_resumptions) + " noise " + number(r.comfort_noise_packets) + " events " +
           number(r.telephone_event_packets) + " markers " + number(r.markers) + " types " +
           number(r.payload_type_changes) + " rtcp " + number(r.rtcp_packets) + " samples " +
           number(r.jitter_samples) + " jitter sum " + number(jitter_sum_ms, 3) + " max " +
           number(r.jitter_samples > 0 ? r.jitter_max_ms : 0, 6) + " delta max " +
           number(std::isnan(r.delta_max_ms) ? 0 : r.delta_max_ms, 6);
  }
};

// Every whole stream against the sum of its windows. Gives the number of wholes.
inline int check_sums(const std::vector<Sealed>& blocks) {
  std::map<uint64_t, Sum> open;
  int wholes = 0;
  for (const Sealed& block : blocks) {
    for (const StreamRecord& r : block.records) {
      if (r.kind == 1) {
        open[r.stream_id].add(r);
        continue;
      }
      const Sum& sum = open[r.stream_id];
      const double jitter_sum_ms = r.jitter_samples > 0 ? r.jitter_mean_ms * r.jitter_samples : 0;
      REQUIRE(Sum::totals(sum.r, sum.jitter_sum_ms) == Sum::totals(r, jitter_sum_ms));
      // In the end every loss was decided; late packets took some back afterwards.
      REQUIRE(r.loss_run_packets == r.lost + r.late);
      // An error that the next window took back stays in the window that told it.
      REQUIRE(sum.r.sequence_errors >= r.sequence_errors);
      REQUIRE(sum.r.sequence_errors <= r.sequence_errors + r.restarts);
      open.erase(r.stream_id);
      wholes++;
    }
  }
  // Only records that found no room, and were counted, may leave a stream without an end.
  const double dropped =
      blocks.empty() ? 0 : blocks.back().counters[static_cast<size_t>(Counter::kRecordsDropped)];
  if (dropped == 0) REQUIRE(open.empty());
  return wholes;
}

}  // namespace engine_test

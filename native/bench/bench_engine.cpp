// What the engine costs, as ratios within one run: measuring a packet against
// only walking and parsing it, and the memory of a stream, which grows with what
// happens to it. Prints one JSON object. Arguments: packets per run (default 3000000), rounds (default 5).
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "bench/traffic.h"
#include "core/bench/parse_only.h"
#include "core/engine/meter.h"

using namespace rtpsonde;

namespace {

double cpu_ns() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) * 1e9 + static_cast<double>(t.tv_nsec);
}

EngineOptions options(uint32_t max_streams) {
  EngineOptions o;
  o.window_ns = 10'000'000'000;
  o.idle_timeout_ns = 60'000'000'000;
  o.max_streams = max_streams;
  o.queue_blocks = 8;
  o.span_copies = {SpanCopyMode::kAuto, 50'000'000};  // as by default
  o.payload_types.push_back({8, 8000, MediaKind::kAudio, ClockSource::kStatic});
  o.accounting.playout.profiles = {{false, 50, 100}, {false, 200, 400}, {true, 20, 500}};
  o.accounting.playout.used_by_quality = 2;
  o.accounting.stall_ns = 500'000'000;
  return o;
}

// Walk and parse: every packet decoded to its RTP header, nothing kept.
double parse_ns(MemorySource& source, uint64_t& check) {
  source.rewind();
  bench::ParseOnly parse;
  static PacketBatch batch;
  const double start = cpu_ns();
  while (source.read(batch, 0) == ReadStatus::kPackets) parse.take(batch);
  check += parse.check();
  return (cpu_ns() - start) / static_cast<double>(source.size());
}

struct Measured {
  double ns_per_packet;
  double seal_ms;  // the last window
  uint64_t rtp;
};

Measured measure(MemorySource& source, uint32_t streams) {
  source.rewind();
  Meter meter(options(streams), [](Part) {});
  static PacketBatch batch;
  // The first two rounds make the streams; what follows is the steady state.
  size_t seen = 0;
  const size_t warm = 2 * size_t{streams};
  double start = cpu_ns();
  size_t counted_from = 0;
  int64_t end_ns = 0;
  while (source.read(batch, 0) == ReadStatus::kPackets) {
    if (counted_from == 0 && seen >= warm) {
      counted_from = seen;
      start = cpu_ns();
    }
    meter.process(batch);
    seen += batch.count;
    end_ns = batch.packets[batch.count - 1].ts_ns;
  }
  const double per_packet = (cpu_ns() - start) / static_cast<double>(seen - counted_from);
  const double seal_start = cpu_ns();
  meter.advance(end_ns + 10'000'000'000);
  const double seal_ms = (cpu_ns() - seal_start) / 1e6;
  const uint64_t rtp = meter.counters().get(Counter::kRtp);
  return {per_packet, seal_ms, rtp};
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void run(const char* name, uint32_t streams, bool ipv6, uint32_t packets, int rounds, bool last) {
  MemorySource source;
  bench::fill(source, {streams, packets, ipv6});
  std::vector<double> parse, full, ratio, seal;
  uint64_t check = 0;
  Measured m{};
  for (int i = 0; i < rounds; i++) {
    // In turn, so that both see the same machine.
    parse.push_back(parse_ns(source, check));
    m = measure(source, streams);
    full.push_back(m.ns_per_packet);
    ratio.push_back(full.back() / parse.back());
    seal.push_back(m.seal_ms);
  }
  std::printf(
      "  {\"name\": \"%s\", \"streams\": %u, \"packets\": %zu, \"parseNs\": %.1f, \"engineNs\": %.1f, "
      "\"engineOverParse\": %.2f, \"sealMs\": %.1f, \"rtp\": %llu}%s\n",
      name, streams, source.size(), median(parse), median(full), median(ratio), median(seal),
      static_cast<unsigned long long>(m.rtp), last ? "" : ",");
  if (check == 42) std::puts("");  // the parsed values are used
}

// Bytes of a stream when all its packets have come, in windows of so many ms.
double bytes_per_stream(MemorySource& source, uint32_t streams, int64_t window_ms) {
  source.rewind();
  EngineOptions o = options(streams);
  o.window_ns = window_ms * 1'000'000;
  Meter meter(o, [](Part) {});
  static PacketBatch batch;
  while (source.read(batch, 0) == ReadStatus::kPackets) meter.process(batch);
  return static_cast<double>(meter.table().bytes_used()) / meter.table().size();
}

// In its first window, and long-lived: after two windows and more it has every row that time brings.
void run_memory(const char* name, bench::TrafficOptions traffic, bool last) {
  MemorySource source;
  bench::fill(source, traffic);
  std::printf(
      "  {\"name\": \"%s\", \"streams\": %u, \"firstWindowBytes\": %.1f, \"longLivedBytes\": %.1f}%s\n", name,
      traffic.streams, bytes_per_stream(source, traffic.streams, 10'000),
      bytes_per_stream(source, traffic.streams, 50), last ? "" : ",");
}

}  // namespace

int main(int argc, char** argv) {
  const uint32_t packets = argc > 1 ? static_cast<uint32_t>(std::atoi(argv[1])) : 3'000'000;
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 5;
  std::puts("{\"speed\": [");
  run("1,000 streams", 1000, false, packets, rounds, false);
  run("10,000 streams", 10'000, false, packets, rounds, false);
  run("100,000 streams", 100'000, false, packets, rounds, false);
  run("100,000 streams, IPv6", 100'000, true, packets, rounds, true);
  std::puts("], \"memory\": [");
  constexpr uint32_t kStreams = 20'000, kPackets = 30 * kStreams, kMany = 100'000;
  run_memory("undamaged", {.streams = kStreams, .packets = kPackets, .undamaged = true}, false);
  run_memory("undamaged, 100,000 streams", {.streams = kMany, .packets = 10 * kMany, .undamaged = true},
             false);
  run_memory("0.5 % loss, so far on 5 % of the streams", {.streams = kStreams, .packets = kPackets}, false);
  run_memory("loss on every stream", {.streams = kStreams, .packets = kPackets, .each_loses = true}, false);
  run_memory("loss on every stream, RTCP",
             {.streams = kStreams, .packets = kPackets, .each_loses = true, .rtcp = true}, true);
  std::puts("]}");
}

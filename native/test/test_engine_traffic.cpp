// The whole meter on random and on hostile traffic and on every real capture: the
// counters balance after every batch, windows add up, batch sizes do not matter.
#include <filesystem>
#include <functional>
#include <random>
#include <set>

#include "core/capture/file_source.h"
#include "test_engine_support.h"

using namespace engine_test;

namespace {

// Callers with all kinds of trouble, and strangers between them.
struct Caller {
  Flow flow;
  uint32_t ssrc;
  uint16_t seq;
  uint32_t timestamp;
  uint8_t payload_type;
};

void add_traffic(MemorySource& source, uint32_t seed, uint32_t callers, int packets) {
  std::mt19937 random(seed);
  const auto any = [&] { return static_cast<uint32_t>(random()); };
  const auto below = [&](uint32_t n) { return any() % n; };
  const uint8_t types[] = {0, 8, 9, 111, 96, 34};
  std::vector<Caller> all;
  for (uint32_t i = 0; i < callers; i++) {
    const Flow flow{static_cast<uint8_t>(i), 2, static_cast<uint16_t>(5000 + 2 * i), 6004, i % 3 == 0};
    all.push_back({flow, below(4), static_cast<uint16_t>(any()), any(), types[below(6)]});
  }
  int64_t now_ns = 1'700'000'000 * kSecond;
  const auto add = [&](const Octets& frame, uint32_t wire_len = 0) {
    source.add(now_ns, {frame.data(), frame.size()}, wire_len);
  };
  for (int i = 0; i < packets; i++) {
    now_ns += below(8) * kMillisecond;
    if (below(2000) == 0) now_ns += below(2) == 0 ? 45 * kSecond : -5 * kSecond;
    Caller& c = all[below(callers)];
    Rtp p{c.seq, c.timestamp, c.ssrc, c.payload_type, below(50) == 0, 20};
    switch (below(60)) {
      case 0:  // loss
        c.seq = static_cast<uint16_t>(c.seq + below(200));
        break;
      case 1:  // again, or overtaken
        p.seq = static_cast<uint16_t>(c.seq - below(130));
        p.timestamp -= 160 * static_cast<uint16_t>(c.seq - p.seq);
        break;
      case 2:  // late or stray
        p.seq = static_cast<uint16_t>(c.seq - below(4000));
        if (below(2) == 0) p.timestamp -= 160 * static_cast<uint16_t>(c.seq - p.seq);
        break;
      case 3:
        if (below(5) == 0) c.seq = static_cast<uint16_t>(any());
        break;
      case 4:
        if (below(5) == 0) c.timestamp = any();
        break;
      case 5:
        p.payload_type = below(2) == 0 ? 13 : 101;
        p.octets = 4;
        break;
      case 6:
        if (below(5) == 0) c.payload_type = types[below(6)];
        break;
      case 7: {
        Flow port = c.flow;
        if (below(2) == 0) port.src_port++, port.dst_port++;
        Octets report = rtcp(c.ssrc);
        if (below(3) == 0) report.push_back(0x80);
        add(udp_frame(port, report));
        continue;
      }
      case 8: {
        Octets content(below(40));
        for (uint8_t& octet : content) octet = static_cast<uint8_t>(random());
        add(udp_frame(c.flow, content));
        continue;
      }
      case 9: {
        Octets frame = udp_frame(c.flow, rtp(p));
        const auto full = static_cast<uint32_t>(frame.size());
        frame.resize(below(full + 1));
        add(frame, full);
        continue;
      }
      case 10: {
        Octets frame = udp_frame(c.flow, rtp(p));
        for (int n = 0; n < 3; n++) frame[below(54)] = static_cast<uint8_t>(random());
        add(frame);
        continue;
      }
      default:
        break;
    }
    add(udp_frame(c.flow, rtp(p)));
    if (p.seq == c.seq) {
      c.seq++;
      c.timestamp += 160;
    }
  }
}

struct Result {
  std::vector<Octets> blocks;
  std::string counters;
  int wholes;
};

Result measure(PacketSource& source, const EngineOptions& o, size_t batch_size) {
  MeterRig rig(o, batch_size);
  rig.feed(source);
  rig.finish();
  Result result{{}, text(rig.counters()), check_sums(rig.blocks())};
  for (const Sealed& block : rig.blocks()) result.blocks.push_back(block.octets);
  return result;
}

// Blocks and counters for batches of 1, 7 and 64 packets must be the same octets.
Result measure_in_all_batches(const std::function<std::unique_ptr<PacketSource>()>& open,
                              const EngineOptions& o) {
  const Result whole = measure(*open(), o, 64);
  for (const size_t batch_size : {size_t{1}, size_t{7}}) {
    const Result again = measure(*open(), o, batch_size);
    REQUIRE(again.counters == whole.counters);
    REQUIRE(again.blocks == whole.blocks);
  }
  return whole;
}

}  // namespace

TEST_CASE("Random traffic balances, adds up, and does not depend on the size of batches") {
  for (uint32_t seed = 1; seed <= 6; seed++) {
    const uint32_t callers = 2 + seed * 6;
    EngineOptions o = options();
    o.window_ns = seed % 2 == 0 ? 10 * kSecond : kSecond / 3;
    o.idle_timeout_ns = seed % 3 == 0 ? 2 * kSecond : 30 * kSecond;
    const Result result = measure_in_all_batches(
        [&] {
          auto source = std::make_unique<MemorySource>();
          add_traffic(*source, seed, callers, 20'000);
          return source;
        },
        o);
    CHECK(result.wholes >= static_cast<int>(callers));
  }
}

TEST_CASE("The same holds in a table that is too small for the traffic") {
  for (const uint32_t max_streams : {1U, 4U, 13U, 16U}) {
    EngineOptions o = options();
    o.max_streams = max_streams;
    o.window_ns = kSecond;
    const Result result = measure_in_all_batches(
        [&] {
          auto source = std::make_unique<MemorySource>();
          add_traffic(*source, max_streams, 30, 10'000);
          return source;
        },
        o);
    CHECK(result.wholes >= static_cast<int>(max_streams));
  }
}

TEST_CASE("Random octets are counted, every one of them") {
  std::mt19937 random(7);
  MeterRig rig;
  for (int i = 0; i < 20'000; i++) {
    Octets frame(random() % 80);
    for (uint8_t& octet : frame) octet = static_cast<uint8_t>(random());
    if (frame.size() > 24) {
      frame[12] = 8;
      frame[13] = 0;
      frame[14] = 0x45;
      frame[23] = 17;
    }
    rig.feed(static_cast<int64_t>(random()) << (random() % 40), frame);
  }
  rig.finish();
  CHECK(rig.counters().get(Counter::kPackets) == 20'000);
}

TEST_CASE("Real captures balance, add up, and do not depend on the size of batches") {
  const std::filesystem::path folder = std::filesystem::path(SHARED_DIR) / "captures";
  if (!std::filesystem::exists(folder)) {
    MESSAGE("skipped: no captures in " << folder.string());
    return;
  }
  std::set<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string extension = entry.path().extension().string();
    if (extension.starts_with(".pcap") || extension == ".cap") paths.insert(entry.path());
  }
  CHECK(!paths.empty());
  EngineOptions o = options();
  o.window_ns = kSecond;
  for (const auto& path : paths) {
    INFO(path.string());
    const Result result = measure_in_all_batches(
        [&] {
          auto source = std::make_unique<FileSource>(FileOptions{.paths = {path.string()}});
          source->open();
          return source;
        },
        o);
    if (path.filename().string().starts_with("neg-")) CHECK(result.wholes == 0);
  }
}

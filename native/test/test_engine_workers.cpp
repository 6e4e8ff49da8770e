// Several workers: on every capture, and on traffic with all kinds of trouble, they give
// the same blocks as one, to the octet; and how parts of late and silent workers are taken.
#include <chrono>
#include <filesystem>
#include <functional>
#include <random>

#include "core/capture/file_source.h"
#include "core/engine/engine.h"
#include "test_engine_support.h"

using namespace engine_test;

namespace {

using Sources = std::vector<std::unique_ptr<PacketSource>>;
using MakeSource = std::function<std::unique_ptr<PacketSource>()>;

// Everything that an engine with so many workers seals, the number of workers left out.
std::vector<Sealed> sealed(const EngineOptions& o, uint32_t workers, const MakeSource& make) {
  Sources sources;
  for (uint32_t i = 0; i < workers; i++) sources.push_back(make());
  Engine engine(o, std::move(sources));
  engine.start();
  std::vector<Sealed> blocks;
  for (;;) {
    const EngineStats stats = engine.stats();
    while (std::optional<Block> block = engine.take()) {
      BlockHeader header = block->header();
      REQUIRE(header.shard_count == workers);
      header.shard_count = 0;
      std::memcpy(block->data(), &header, sizeof header);
      blocks.emplace_back(*block);
    }
    if (stats.ended) {
      REQUIRE(stats.error == "");
      REQUIRE(balanced(stats.counters));
      for (const WorkerStats& worker : stats.workers) REQUIRE(balanced(worker.counters));
      return blocks;
    }
    std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
}

void check_same(const EngineOptions& o, const MakeSource& make) {
  const std::vector<Sealed> one = sealed(o, 1, make);
  REQUIRE(!one.empty());
  CHECK(one.back().header.flags == (kPartial | kLast));
  for (const uint32_t workers : {2U, 3U, 4U}) {
    CAPTURE(workers);
    const std::vector<Sealed> several = sealed(o, workers, make);
    REQUIRE(several.size() == one.size());
    for (size_t i = 0; i < one.size(); i++) {
      CAPTURE(i);
      CHECK(text(several[i]) == text(one[i]));
      for (size_t c = 0; c < kCounterCount; c++) {
        CAPTURE(kCounterInfo[c].name);
        CHECK(several[i].counters[c] == one[i].counters[c]);
      }
      CHECK(several[i].octets == one[i].octets);
    }
  }
}

MakeSource copies_of(const MemorySource& source) {
  return [&source] { return std::make_unique<MemorySource>(source); };
}

// Calls between many pairs of addresses in both directions, with RTCP on the next port, on the
// same and on others; losses of their own, outages of the tap, copies, strangers, and a clock
// that is set back.
void add_calls(MemorySource& source, uint32_t seed, uint32_t calls, uint16_t packets) {
  std::mt19937 random(seed);
  const auto below = [&](uint32_t n) { return static_cast<uint32_t>(random()) % n; };
  int64_t set_back_ns = 0;
  for (uint16_t n = 0; n < packets; n++) {
    if (n == packets / 2) set_back_ns = 7 * kSecond;
    for (uint32_t c = 0; c < 2 * calls; c++) {
      const int64_t at_ns =
          1'700'000'000 * kSecond + n * 20 * kMillisecond + c * 50'000 + below(2'000'000) - set_back_ns;
      const bool outage = n % 200 > 150 && n % 200 < 160;
      if (outage || below(100) == 0) continue;
      const auto call = static_cast<uint8_t>(c / 2);
      Flow flow{static_cast<uint8_t>(call % 100), static_cast<uint8_t>(call / 100 + call % 7),
                static_cast<uint16_t>(10'000 + 4 * c), static_cast<uint16_t>(20'000 + 4 * c), call % 3 == 0};
      const uint32_t ssrc = call % 5 == 0 ? 77 : c;  // some go by the same
      const auto add = [&](const Octets& frame) { source.add(at_ns, {frame.data(), frame.size()}); };
      add(udp_frame(flow, rtp({n, n * 160U, ssrc})));
      if (below(20) == 0) add(udp_frame(flow, rtp({n, n * 160U, ssrc})));
      if (n % 50 != 0) continue;
      if (call % 3 != 1) flow.src_port = static_cast<uint16_t>(flow.src_port + (call % 3 == 0 ? 1 : 2000));
      add(udp_frame(flow, rtcp(ssrc)));
      add(udp_frame(flow, {0x16, 0xfe, 0xff, 0, 0, 0, 0, 0, 0, 0}));
      add({0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 1, 0x08, 0x06, 0, 1});
    }
  }
}

EngineOptions measuring() {
  EngineOptions o = options();
  o.window_ns = kSecond;
  o.idle_timeout_ns = 3 * kSecond;
  o.span_copies = {SpanCopyMode::kAuto, 50 * kMillisecond};
  return o;
}

}  // namespace

TEST_CASE("Any number of workers gives the same blocks") {
  for (uint32_t seed = 1; seed <= 3; seed++) {
    CAPTURE(seed);
    MemorySource source;
    add_calls(source, seed, 60, 700);
    EngineOptions o = measuring();
    if (seed == 2) o.window_ns = 10 * kSecond;
    if (seed == 3) o.window_ns = 100 * kMillisecond;
    check_same(o, copies_of(source));
  }
}

TEST_CASE("Any number of workers gives the same blocks of every real capture") {
  for (const char* folder : {SHARED_DIR "/captures", FUZZ_DIR "/../../test/captures"}) {
    if (!std::filesystem::exists(folder)) {
      MESSAGE("skipped: no captures in " << folder);
      continue;
    }
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
      const std::string extension = entry.path().extension();
      if (extension != ".pcap" && extension != ".pcapng" && extension != ".cap") continue;
      CAPTURE(entry.path().string());
      FileOptions files;
      files.paths = {entry.path()};
      check_same(measuring(), [&] { return std::make_unique<FileSource>(files); });
    }
  }
}

TEST_CASE("A file without packets ends in one empty block, whatever the workers") {
  const MemorySource none;
  check_same(measuring(), copies_of(none));
}

TEST_CASE("At most as many workers share a file as there are shards") {
  const MemorySource none;
  CHECK_THROWS_WITH(sealed(measuring(), 5, copies_of(none)),
                    "at most 4 workers can share the packets of a file");
}

namespace {

// A live link of which a test says when packets come and what time it is.
class Link : public MemorySource {
 public:
  ReadStatus read(PacketBatch& batch, int timeout_ms) override {
    if (go_) {
      const ReadStatus status = MemorySource::read(batch, timeout_ms);
      if (status == ReadStatus::kPackets) return status;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    batch.count = 0;
    return ReadStatus::kIdle;
  }
  int64_t idle_now_ns() override { return now_ns_; }
  bool live() const override { return true; }
  SourceStats stats() override { return {.kernel_packets = 10, .kernel_drops = 1}; }
  void go() { go_ = true; }
  void set_now(int64_t now_ns) { now_ns_ = now_ns; }
  void call(uint8_t number, uint16_t windows) {
    for (uint16_t n = 0; n < 2 * windows; n++) {
      const Octets frame = udp_frame({number}, rtp({n, n * 4000U}));
      add(n * kSecond / 2, {frame.data(), frame.size()});
    }
  }

 private:
  std::atomic<bool> go_{false};
  std::atomic<int64_t> now_ns_{-1};
};

struct TwoLinks {
  Link* first;
  Link* second;
  Engine engine;

  explicit TwoLinks(EngineOptions o) : TwoLinks(o, std::make_unique<Link>(), std::make_unique<Link>()) {}
  std::vector<Sealed> take() {
    std::vector<Sealed> blocks;
    while (std::optional<Block> block = engine.take()) blocks.emplace_back(*block);
    return blocks;
  }
  void wait(const std::function<bool(const EngineStats&)>& holds) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!holds(engine.stats())) {
      REQUIRE(std::chrono::steady_clock::now() < deadline);
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }

 private:
  TwoLinks(const EngineOptions& o, std::unique_ptr<Link> a, std::unique_ptr<Link> b)
      : first(a.get()), second(b.get()), engine(o, both(std::move(a), std::move(b))) {}
  static Sources both(std::unique_ptr<Link> a, std::unique_ptr<Link> b) {
    Sources sources;
    sources.push_back(std::move(a));
    sources.push_back(std::move(b));
    return sources;
  }
};

EngineOptions live() {
  EngineOptions o = options();
  o.window_ns = kSecond;
  o.queue_blocks = 4;
  return o;
}

}  // namespace

TEST_CASE("Live workers: a window is sealed when all have passed it, by packets or by the clock") {
  TwoLinks links(live());
  links.first->call(1, 1);
  links.second->call(2, 2);
  links.first->go();
  links.second->go();
  links.engine.start();
  links.wait([](const EngineStats& s) { return s.counters.get(Counter::kPackets) == 6; });
  CHECK(links.take().empty());
  links.first->set_now(kSecond);
  links.wait([](const EngineStats& s) { return s.queue_depth == 1; });
  std::vector<Sealed> blocks = links.take();
  CHECK(text(blocks) ==
        "0..1 s\n"
        "  window 1:5004 > 2:6004 ssrc 42: packets 2, expected 2\n"
        "  window 2:5004 > 2:6004 ssrc 42: packets 2, expected 2\n");
  CHECK(blocks[0].counters[static_cast<size_t>(Counter::kKernelDrops)] == 2);
  links.engine.stop();
  for (Sealed& block : links.take()) blocks.push_back(std::move(block));
  CHECK(check_sums(blocks) == 2);
}

TEST_CASE("Live workers: one that never gets a packet holds up nobody") {
  TwoLinks links(live());
  links.first->call(1, 3);
  links.first->go();
  links.second->set_now(2 * kSecond - 1);
  links.engine.start();
  links.wait([](const EngineStats& s) { return s.queue_depth == 1; });
  CHECK(links.take()[0].header.window_end_ns == kSecond);
  links.second->set_now(2 * kSecond);
  links.wait([](const EngineStats& s) { return s.queue_depth == 1; });
  links.engine.stop();
  const std::vector<Sealed> blocks = links.take();
  REQUIRE(blocks.size() == 2);
  CHECK(blocks[1].header.flags == (kPartial | kLast));
  CHECK(blocks[1].header.window_start_ns == 2 * kSecond);
}

TEST_CASE(
    "Live workers: one that is late is waited for as long as there is room, then its window is dropped") {
  TwoLinks links(live());
  links.first->call(1, 7);
  links.first->go();
  links.second->call(2, 1);
  links.engine.start();
  links.wait([](const EngineStats& s) { return s.queue_depth == 3; });  // 4 more wait for the second
  links.second->go();
  links.wait([](const EngineStats& s) { return s.counters.get(Counter::kPackets) == 16; });
  links.second->set_now(7 * kSecond);
  links.wait([](const EngineStats& s) { return s.counters.get(Counter::kBlocksDropped) > 0; });
  links.engine.stop();
  const EngineStats stats = links.engine.stats();
  CHECK(balanced(stats.counters));
  CHECK(stats.counters.get(Counter::kRecordsDropped) >= 1);
  bool told = false;
  for (const Sealed& block : links.take()) told = told || (block.header.flags & kGapBefore) != 0;
  CHECK(told);
}

TEST_CASE("Engines start and stop a thousand times and leave nothing behind") {
  MemorySource source;
  add_calls(source, 1, 2, 20);
  const auto entries = [](const char* folder) {
    return std::distance(std::filesystem::directory_iterator(folder), {});
  };
  const auto threads = entries("/proc/self/task"), files = entries("/proc/self/fd");
  for (int i = 0; i < 1000; i++) {
    Sources sources;
    for (int w = 0; w < 1 + i % 4; w++) sources.push_back(std::make_unique<MemorySource>(source));
    Engine engine(measuring(), std::move(sources));
    engine.start();
    if (i % 2 == 0) engine.stop();
    while (engine.take()) {
    }
  }
  CHECK(entries("/proc/self/task") == threads);
  CHECK(entries("/proc/self/fd") == files);
}

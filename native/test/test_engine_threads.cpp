// The engine with its threads, and one worker. Files wait for the taker, a live link does
// not; starting and stopping at any time; faults.
#include <atomic>
#include <chrono>
#include <functional>
#include <stdexcept>
#include <thread>

#include "core/base/error.h"
#include "core/engine/engine.h"
#include "test_engine_support.h"

using namespace engine_test;

namespace {

// `windows` windows of 1 s with two packets of one stream each.
void add_windows(MemorySource& source, uint16_t windows) {
  for (uint16_t n = 0; n < 2 * windows; n++) {
    const Octets frame = udp_frame({}, rtp({n, n * 4000U}));
    source.add(n * kSecond / 2, {frame.data(), frame.size()});
  }
}

std::unique_ptr<MemorySource> file_like(uint16_t windows) {
  auto source = std::make_unique<MemorySource>();
  add_windows(*source, windows);
  return source;
}

// Packets that will not wait; then silence up to the time it was told, or the end.
class SilentSource : public MemorySource {
 public:
  explicit SilentSource(bool ends) : ends_(ends) {}
  ReadStatus read(PacketBatch& batch, int timeout_ms) override {
    const ReadStatus status = MemorySource::read(batch, timeout_ms);
    if (status != ReadStatus::kEnd || ends_) return status;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return ReadStatus::kIdle;
  }
  int64_t idle_now_ns() override { return now_ns_; }
  bool live() const override { return true; }
  SourceStats stats() override { return {.kernel_packets = 100, .kernel_drops = 3, .kernel_freezes = 1}; }
  std::vector<std::string> problems() override { return {"a word about it"}; }
  void set_now(int64_t now_ns) { now_ns_ = now_ns; }

 private:
  bool ends_;
  std::atomic<int64_t> now_ns_{-1};
};

class FaultySource : public MemorySource {
 public:
  FaultySource(bool at_open, bool at_read) : at_open_(at_open), at_read_(at_read) {}
  void open() override {
    if (at_open_) throw Error("ERR_CAPTURE_INTERFACE", "eth9: no such interface");
  }
  ReadStatus read(PacketBatch& batch, int timeout_ms) override {
    if (at_read_) throw std::runtime_error("the cable was pulled");
    return MemorySource::read(batch, timeout_ms);
  }

 private:
  bool at_open_, at_read_;
};

EngineOptions small_queue() {
  EngineOptions o = options();
  o.window_ns = kSecond;
  o.queue_blocks = 2;
  return o;
}

// The engine takes as many sources as it has workers.
std::vector<std::unique_ptr<PacketSource>> one(std::unique_ptr<PacketSource> source) {
  std::vector<std::unique_ptr<PacketSource>> all;
  all.push_back(std::move(source));
  return all;
}

// Waits until the worker says what the test waits for, or gives up after 20 s.
void wait_for(Engine& engine, const std::function<bool(const EngineStats&)>& holds) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!holds(engine.stats())) {
    REQUIRE(std::chrono::steady_clock::now() < deadline);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

// What is in the queue: numbers of the blocks, their flags if any: "0, 1, 2 (5)".
std::string drain(Engine& engine) {
  std::string all;
  while (const std::optional<Block> block = engine.take()) {
    const Sealed sealed(*block);
    if (!all.empty()) all += ", ";
    all += number(sealed.header.sequence);
    if (sealed.header.flags != 0) all += " (" + std::to_string(sealed.header.flags) + ")";
  }
  return all;
}

std::string start(Engine& engine) {
  try {
    engine.start();
  } catch (const Error& e) {
    return e.code() + ": " + e.what();
  }
  return "started";
}

}  // namespace

TEST_CASE("A file waits for the taker, and nothing is lost") {
  Engine engine(small_queue(), one(file_like(50)));
  engine.start();
  wait_for(engine, [](const EngineStats& s) { return s.queue_depth == 2; });
  std::vector<Sealed> blocks;
  while (blocks.size() < 50) {
    CHECK(engine.stats().queue_depth <= 2);
    if (const std::optional<Block> block = engine.take()) blocks.emplace_back(*block);
  }
  wait_for(engine, [](const EngineStats& s) { return s.ended; });
  CHECK(drain(engine) == "");
  for (size_t i = 0; i < 50; i++) {
    CHECK(blocks[i].header.sequence == static_cast<double>(i));
    CHECK(blocks[i].header.flags == (i == 49 ? kPartial | kLast : 0U));
  }
  CHECK(check_sums(blocks) == 1);
  CHECK(text(engine.stats().counters) == "packets 100, rtp 100, streamsStarted 1, streamsEnded 1");
}

TEST_CASE("A live link does not wait: the oldest block goes, is counted, and the gap is marked") {
  auto source = std::make_unique<SilentSource>(true);
  add_windows(*source, 50);
  Engine engine(small_queue(), one(std::move(source)));
  engine.start();
  wait_for(engine, [](const EngineStats& s) { return s.ended; });
  CHECK(text(engine.stats().counters) ==
        "packets 100, rtp 100, kernelPackets 100, kernelDrops 3, kernelFreezes 1, streamsStarted 1, "
        "streamsEnded 1, recordsDropped 48, blocksDropped 48");
  CHECK(drain(engine) == "48 (2), 49 (5)");
}

TEST_CASE("A silent link closes its windows by its own clock") {
  auto source = std::make_unique<SilentSource>(false);
  SilentSource& link = *source;
  add_windows(link, 1);
  Engine engine(small_queue(), one(std::move(source)));
  engine.start();
  wait_for(engine, [](const EngineStats& s) { return s.counters.get(Counter::kPackets) == 2; });
  CHECK(drain(engine) == "");
  link.set_now(kSecond);
  wait_for(engine, [](const EngineStats& s) { return s.queue_depth == 1; });
  engine.stop();
  CHECK(drain(engine) == "0, 1 (5)");
}

TEST_CASE("Stopping seals what is open, and may be done twice") {
  auto source = std::make_unique<SilentSource>(false);
  add_windows(*source, 1);
  Engine engine(small_queue(), one(std::move(source)));
  engine.start();
  wait_for(engine, [](const EngineStats& s) { return s.counters.get(Counter::kPackets) == 2; });
  engine.stop();
  engine.stop();
  CHECK(engine.stats().ended);
  CHECK(engine.stats().problems == std::vector<std::string>{"a word about it"});
  const Sealed block(*engine.take());
  CHECK(text(block) ==
        "0..1 s, flags 5\n"
        "  window 1:5004 > 2:6004 ssrc 42: packets 2, expected 2\n"
        "  whole 1:5004 > 2:6004 ssrc 42 (stopped): packets 2, expected 2");
  engine.stop();
}

TEST_CASE("A file that waits for room can be stopped, and its last block is kept") {
  Engine engine(small_queue(), one(file_like(50)));
  engine.start();
  wait_for(engine, [](const EngineStats& s) { return s.queue_depth == 2; });
  engine.stop();
  const EngineStats stats = engine.stats();
  CHECK(stats.ended);
  CHECK(stats.error == "");
  std::vector<Sealed> blocks;
  while (const std::optional<Block> block = engine.take()) blocks.emplace_back(*block);
  CHECK(blocks.size() >= 3);
  CHECK(blocks.back().header.flags == (kPartial | kLast));
  CHECK(check_sums(blocks) == 1);
  CHECK(balanced(stats.counters));
}

TEST_CASE("An engine that was never started can be stopped and destroyed") {
  Engine engine(small_queue(), one(file_like(1)));
  engine.stop();
  CHECK(!engine.stats().ended);
  CHECK(!engine.take());
}

TEST_CASE("An engine is started once") {
  Engine engine(small_queue(), one(file_like(1)));
  CHECK(start(engine) == "started");
  CHECK(start(engine) == "ERR_ENGINE_FAULT: the engine was started before");
  engine.stop();
  CHECK(start(engine) == "ERR_ENGINE_FAULT: the engine was started before");
}

TEST_CASE("A fault of the source at the start is thrown, and the engine can go") {
  Engine engine(small_queue(), one(std::make_unique<FaultySource>(true, false)));
  CHECK(start(engine) == "ERR_CAPTURE_INTERFACE: eth9: no such interface");
  CHECK(!engine.take());
}

TEST_CASE("A fault of the source while it runs ends the engine and is told") {
  Engine engine(small_queue(), one(std::make_unique<FaultySource>(false, true)));
  engine.start();
  wait_for(engine, [](const EngineStats& s) { return s.ended; });
  CHECK(engine.stats().error == "the cable was pulled");
}

TEST_CASE("Options that cannot be are refused before anything runs") {
  EngineOptions o = small_queue();
  o.max_streams = 0;
  try {
    const Engine engine(o, one(file_like(1)));
    FAIL("accepted");
  } catch (const Error& e) {
    CHECK(e.code() == "ERR_ENGINE_OPTIONS");
  }
}

TEST_CASE("The figures of a busy worker are published while it works") {
  auto source = std::make_unique<MemorySource>();
  add_windows(*source, 300);
  EngineOptions o = small_queue();
  Engine engine(o, one(std::move(source)));
  engine.start();
  // One block is taken at a time: the worker stands still in between.
  wait_for(engine, [](const EngineStats& s) { return s.queue_depth == 2; });
  for (int i = 0; i < 200; i++) {
    std::optional<Block> block;
    while (!(block = engine.take())) std::this_thread::yield();
  }
  const EngineStats stats = engine.stats();
  CHECK(!stats.ended);
  CHECK(stats.counters.get(Counter::kPackets) >= 200);
  CHECK(stats.table_bytes > 0);
}

TEST_CASE("Taking and asking from another thread does not disturb the engine") {
  Engine engine(small_queue(), one(file_like(2000)));
  std::atomic<bool> done{false}, overfull{false};
  std::thread asking([&] {
    while (!done) {
      if (engine.stats().queue_depth > 2) overfull = true;
    }
  });
  engine.start();
  std::vector<Sealed> blocks;
  while (blocks.size() < 2000) {
    if (const std::optional<Block> block = engine.take()) blocks.emplace_back(*block);
  }
  done = true;
  asking.join();
  engine.stop();
  CHECK(!overfull);
  CHECK(check_sums(blocks) == 1);
}

namespace {

// A ring that holds packets which nobody has read when the stop comes.
class SlowSource : public SilentSource {
 public:
  SlowSource() : SilentSource(false) {}
  ReadStatus read(PacketBatch& batch, int timeout_ms) override {
    reads_++;
    while (!go_) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return SilentSource::read(batch, timeout_ms);
  }
  bool reading() const { return reads_ > 0; }
  void go() { go_ = true; }

 private:
  std::atomic<int> reads_{0};
  std::atomic<bool> go_{false};
};

}  // namespace

TEST_CASE("What a live link had delivered before the stop is still measured") {
  auto source = std::make_unique<SlowSource>();
  SlowSource& ring = *source;
  add_windows(ring, 200);  // 400 packets, more than one batch
  Engine engine(options(), one(std::move(source)));
  engine.start();
  while (!ring.reading()) std::this_thread::yield();
  std::thread stopper([&] { engine.stop(); });
  std::this_thread::sleep_for(std::chrono::milliseconds(20));  // the stop is asked for, the ring is full
  ring.go();
  stopper.join();
  CHECK(engine.stats().counters.get(Counter::kPackets) == 400);
}

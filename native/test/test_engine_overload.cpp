// Overload with all parts together: workers under made-up pressure, and a real ring that is filled
// faster than its packets are measured.
#include <atomic>
#include <chrono>
#include <thread>

#include "core/engine/engine.h"
#include "test_capture_live.h"
#include "test_capture_namespace.h"
#include "test_engine_support.h"

using namespace engine_test;

namespace {

using Clock = std::chrono::steady_clock;

// Streams without losses that never end; one packet of each in 20 ms.
class Streams {
 public:
  explicit Streams(uint16_t streams) : streams_(streams) {}
  // The packets of one stream after the other.
  Octets next() {
    const auto stream = static_cast<uint16_t>(sent_ % streams_);
    const auto n = static_cast<uint32_t>(sent_++ / streams_);
    Flow flow;
    flow.src_port = static_cast<uint16_t>(10'000 + 2 * stream);
    return udp_frame(flow, rtp({static_cast<uint16_t>(n), n * 160, stream}));
  }
  uint64_t sent() const { return sent_; }

 private:
  uint16_t streams_;
  uint64_t sent_ = 0;
};

// A live link of 40 streams, twenty times faster than its packets tell, of which a test says how full the
// ring is.
class PressedLink : public PacketSource {
 public:
  void open() override {}
  ReadStatus read(PacketBatch& batch, int /*timeout_ms*/) override {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    batch.count = 0;
    for (Octets& frame : frames_) {
      frame = streams_.next();
      PacketView& view = batch.packets[batch.count++];
      view = {};
      view.ts_ns = now_ns_;
      view.bytes = {frame.data(), frame.size()};
      view.wire_len = static_cast<uint32_t>(frame.size());
    }
    now_ns_ += 20 * kMillisecond;
    return ReadStatus::kPackets;
  }
  SourceStats stats() override { return {}; }
  // Idle, by what it says, whatever the ring holds.
  Backlog backlog() override {
    return {fill_, 0, Clock::now().time_since_epoch() / std::chrono::nanoseconds(1)};
  }
  int64_t idle_now_ns() override { return -1; }
  bool live() const override { return true; }
  std::vector<std::string> problems() override { return {}; }
  void press(double fill) { fill_ = fill; }

 private:
  std::atomic<double> fill_{0};
  Streams streams_{40};
  Octets frames_[40];
  int64_t now_ns_ = 1'700'000'000 * kSecond;
};

struct Pressed {
  PressedLink* links[2];
  std::unique_ptr<Engine> engine;
  std::vector<Sealed> blocks;

  explicit Pressed(bool shed) {
    EngineOptions o = options();
    o.window_ns = kSecond;
    o.queue_blocks = 1000;
    o.shed = shed;
    std::vector<std::unique_ptr<PacketSource>> sources;
    for (PressedLink*& link : links) {
      auto made = std::make_unique<PressedLink>();
      link = made.get();
      sources.push_back(std::move(made));
    }
    engine = std::make_unique<Engine>(o, std::move(sources));
    engine->start();
  }
  template <typename Holds>
  void wait(Holds holds) {
    const auto deadline = Clock::now() + std::chrono::seconds(60);
    while (!holds(engine->stats())) {
      REQUIRE(Clock::now() < deadline);
      take();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }
  void take() {
    while (std::optional<Block> block = engine->take()) blocks.emplace_back(*block);
  }
};

uint64_t level_of(const Counters& counters) { return counters.get(Counter::kShedLevel); }

}  // namespace

TEST_CASE("A worker under pressure sheds by itself and comes back, the others go on; the worst is told") {
  Pressed p(true);
  p.wait([](const EngineStats& s) { return s.counters.get(Counter::kStreamsActive) == 80; });
  p.links[0]->press(0.9);
  p.wait([](const EngineStats& s) { return level_of(s.counters) == 10; });
  const EngineStats pressed = p.engine->stats();
  CHECK(level_of(pressed.workers[0].counters) == 10);
  CHECK(level_of(pressed.workers[1].counters) == 0);
  CHECK(pressed.counters.get(Counter::kShedSinceMs) ==
        pressed.workers[0].counters.get(Counter::kShedSinceMs));
  CHECK(pressed.counters.get(Counter::kShedSinceMs) > 1'700'000'000'000);
  p.links[0]->press(0);
  p.wait([](const EngineStats& s) { return level_of(s.counters) < 10; });
  p.engine->stop();
  p.take();

  const EngineStats stats = p.engine->stats();
  CHECK(balanced(stats.counters));
  CHECK(stats.counters.get(Counter::kShed) > 0);
  CHECK(stats.workers[1].counters.get(Counter::kShed) == 0);
  uint64_t shed = 0;
  for (const Sealed& block : p.blocks) {
    for (const StreamRecord& r : block.records) {
      CHECK(r.lost == 0);
      shed += r.end_reason == static_cast<uint8_t>(EndReason::kShed) ? 1 : 0;
    }
  }
  CHECK(shed > 20);
  CHECK(shed == stats.counters.get(Counter::kStreamsShed));
}

TEST_CASE("With shedding turned off a worker under pressure measures all that comes") {
  Pressed p(false);
  p.links[0]->press(0.9);
  p.wait([](const EngineStats& s) { return s.counters.get(Counter::kPackets) > 40 * 1000; });
  p.engine->stop();
  const EngineStats stats = p.engine->stats();
  CHECK(level_of(stats.counters) == 0);
  CHECK(stats.counters.get(Counter::kShed) == 0);
}

namespace {

// Sends streams at a rate that can be changed, from a thread of its own.
class Load {
 public:
  explicit Load(double packets_per_second) : rate_(packets_per_second), thread_([this] { run(); }) {}
  ~Load() { stop(); }
  void set_rate(double packets_per_second) { rate_ = packets_per_second; }
  uint64_t stop() {
    stopping_ = true;
    if (thread_.joinable()) thread_.join();
    return streams_.sent();
  }

 private:
  void run() {
    const capture_test::Sender sender;
    auto before = Clock::now();
    for (double due = 0; !stopping_;) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      const auto now = Clock::now();
      due += rate_ * std::chrono::duration<double>(now - before).count();
      before = now;
      for (due = std::min(due, rate_ / 5); due >= 1; due--) {
        const Octets frame = streams_.next();
        while (!sender.send(std::string(frame.begin(), frame.end()))) {
        }
      }
    }
  }

  std::atomic<double> rate_;
  std::atomic<bool> stopping_{false};
  Streams streams_{200};
  std::thread thread_;
};

// A worker that needs 100 microseconds for each packet it measures.
class SlowWorker {
 public:
  SlowWorker() : source_(ring()), one_(measuring()) { source_.open(); }

  template <typename Until>
  void run(Until until) {
    static PacketBatch batch;
    while (!until()) {
      const ReadStatus status = source_.read(batch, 100);
      watch_.look(source_, one_.meter());
      const uint64_t level = level_of(counters());
      raises_ += level > level_ ? 1 : 0;
      level_ = level;
      highest_ = std::max(highest_, level);
      if (status != ReadStatus::kPackets) {
        idle_ = true;
        continue;
      }
      idle_ = false;
      const auto from = Clock::now();
      const uint64_t shed = counters().get(Counter::kShed);
      one_.meter().process(batch);
      const uint64_t measured = batch.count - (counters().get(Counter::kShed) - shed);
      if (slow_) std::this_thread::sleep_until(from + measured * std::chrono::microseconds(100));
    }
  }
  void run_for(double seconds) {
    const auto end = Clock::now() + std::chrono::duration<double>(seconds);
    run([end] { return Clock::now() > end; });
  }
  // Whatever lies in the ring.
  void finish() {
    slow_ = false;
    run([this] { return idle_; });
    one_.meter().finish(EndReason::kStopped);
  }

  Counters& counters() { return one_.meter().counters(); }
  const std::vector<Sealed>& blocks() const { return one_.blocks(); }
  uint64_t drops() { return source_.stats().kernel_drops; }
  uint64_t highest() const { return highest_; }
  uint64_t raises() const { return raises_; }

 private:
  // 1.3 s, as a block is given back after 10 ms whether it is full or not.
  static AfPacketOptions ring() {
    AfPacketOptions o = capture_test::options();
    o.block_bytes = 64 << 10;
    o.ring_bytes = 128 * o.block_bytes;
    return o;
  }
  static EngineOptions measuring() {
    EngineOptions o = options();
    o.window_ns = kSecond / 10;
    return o;
  }

  AfPacketSource source_;
  OneMerger one_;
  OverloadWatch watch_{true};
  uint64_t highest_ = 0, level_ = 0, raises_ = 0;
  bool idle_ = false, slow_ = true;
};

struct Kept {
  double lost = 0;
  int shed = 0, whole = 0, none = 0;
};

Kept kept_of(const std::vector<Sealed>& blocks) {
  Kept kept;
  for (const Sealed& block : blocks) {
    for (const StreamRecord& r : block.records) {
      if (r.kind == 1) continue;
      kept.lost += r.lost;
      if (r.end_reason == static_cast<uint8_t>(EndReason::kShed)) {
        kept.shed++;
      } else if (r.end_reason == static_cast<uint8_t>(EndReason::kStopped)) {
        kept.whole++;
      } else {
        kept.none++;
      }
    }
  }
  return kept;
}

// Twice as many packets as can be measured, then a few.
std::string overload() {
  SlowWorker worker;
  Load load(20'000);
  worker.run_for(6);
  const uint64_t level = level_of(worker.counters());
  const uint64_t active = worker.counters().get(Counter::kStreamsActive);
  load.set_rate(4000);
  const auto deadline = Clock::now() + std::chrono::seconds(180);
  worker.run([&] { return level_of(worker.counters()) < level || Clock::now() > deadline; });
  const uint64_t shed_before = worker.counters().get(Counter::kStreamsShed), raises = worker.raises();
  worker.run([&] { return level_of(worker.counters()) == 0 || Clock::now() > deadline; });
  worker.run_for(0.5);
  const uint64_t again = worker.counters().get(Counter::kStreamsActive);
  const uint64_t shed_after = worker.counters().get(Counter::kStreamsShed);
  const uint64_t sent = load.stop();
  worker.finish();

  const uint64_t drops = worker.drops(), packets = worker.counters().get(Counter::kPackets);
  const Kept kept = kept_of(worker.blocks());
  std::string wrong;
  const auto want = [&](bool holds, const char* what) { wrong += holds ? "" : std::string(what) + "; "; };
  want(sent == packets + drops, "sent = read + dropped");
  want(balanced(worker.counters()), "balance");
  want(level > 0 && worker.highest() >= OverloadGovernor::kLettingGo, "streams are let go");
  want(active < 200, "not all streams are kept");
  want(shed_after == shed_before || worker.raises() > raises, "the return disturbs none");
  want(again == 200, "all streams at the end");
  want(static_cast<uint64_t>(kept.shed) == shed_after && kept.none == 0 && kept.whole == 200,
       "ends as they should");
  // On a machine that stops the reader for longer than the ring holds there are real drops.
  want(kept.lost <= static_cast<double>(drops), "no loss but what the kernel dropped");
  if (wrong.empty()) return wrong;
  const auto told = [](const char* what, auto number) { return what + std::to_string(number) + " "; };
  return wrong + told("sent ", sent) + told("read ", packets) + told("dropped ", drops) +
         told("highest level ", worker.highest()) + told("after 6 s ", level) +
         told("streams then ", active) + told("let go ", shed_before) + told("lost ", kept.lost) +
         told("streams again ", again);
}

}  // namespace

TEST_CASE("A ring filled twice as fast as it is measured: whole streams are shed, exactly, and come back") {
  const std::string result = capture_test::in_namespace(overload);
  if (capture_test::not_run(result)) return;
  CHECK(result == "");
}

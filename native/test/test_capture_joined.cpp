// Several interfaces as one source: the order of packets, what a silent one holds up, and what becomes
// of outages. The interfaces are played.
#include <doctest/doctest.h>

#include <deque>

#include "core/capture/joined_source.h"
#include "core/capture/live_time.h"

using namespace rtpsonde;

namespace {

constexpr int64_t kMs = 1'000'000;

// What the sources of a test share with it.
struct Script {
  std::deque<std::pair<std::vector<int64_t>, Outage>> batches;  // times of packets
  int64_t idle_ns = -1;
  int reads = 0;
  int idle_after_reads = 0;  // at this read the idle time moves on by one
  int faults = 0;
  SourceStats stats;
};

class PlayedLeg : public LiveSource {
 public:
  PlayedLeg(Script& script, InterfaceId id) : script_(script), id_(id) {}
  void open() override {}
  ReadStatus read(PacketBatch& batch, int) override {
    if (++script_.reads == script_.idle_after_reads) script_.idle_ns++;
    batch.count = 0;
    if (script_.batches.empty()) return ReadStatus::kIdle;
    const auto [times, outage] = script_.batches.front();
    script_.batches.pop_front();
    for (const int64_t ts_ns : times) {
      PacketView packet;
      packet.ts_ns = ts_ns;
      packet.interface = id_;
      batch.packets[batch.count++] = packet;
    }
    batch.outage = outage;
    return ReadStatus::kPackets;
  }
  SourceStats stats() override { return script_.stats; }
  std::vector<SourceStats> by_interface() const override { return {script_.stats}; }
  int64_t idle_now_ns() override { return script_.idle_ns; }
  std::vector<std::string> problems() override { return {"of " + std::to_string(id_)}; }
  int descriptor() const override { return -1; }  // poll() passes it over
  void on_fault() override { script_.faults++; }
  bool ready() const override { return !script_.batches.empty(); }

 private:
  Script& script_;
  InterfaceId id_;
};

struct Tap {
  Script a, b;
  JoinedSource source{legs(), 0};
  PacketBatch batch;

  std::vector<std::unique_ptr<LiveSource>> legs() {
    std::vector<std::unique_ptr<LiveSource>> both;
    both.push_back(std::make_unique<PlayedLeg>(a, InterfaceId{0}));
    both.push_back(std::make_unique<PlayedLeg>(b, InterfaceId{1}));
    return both;
  }
  // "a1 b2": interfaces and times of the packets of one read(), "idle" when there is none.
  std::string read(int64_t unit_ns = 1) {
    if (source.read(batch, 0) != ReadStatus::kPackets) return "idle";
    std::string text;
    for (size_t i = 0; i < batch.count; i++) {
      if (i > 0) text += ' ';
      text += batch.packets[i].interface == 0 ? 'a' : 'b';
      text += std::to_string(batch.packets[i].ts_ns / unit_ns);
    }
    return text;
  }
};

}  // namespace

TEST_CASE("joined: packets come in order of capture time, each with its interface") {
  Tap tap;
  tap.a.batches = {{{1, 4, 5, 9}, {}}, {{10, 30}, {}}};
  tap.b.batches = {{{2, 3, 5, 20}, {}}};
  tap.a.idle_ns = tap.b.idle_ns = 100;
  // Up to the last packet of a: what comes next there has to be read first.
  CHECK(tap.read() == "a1 b2 b3 a4 a5 b5 a9");
  CHECK(tap.read() == "a10 b20");
  CHECK(tap.read() == "a30");
  CHECK(tap.read() == "idle");
  CHECK(tap.source.idle_now_ns() == 100);
}

TEST_CASE("joined: an interface is not read while its packets are in use") {
  Tap tap;
  tap.a.batches = {{{1, 2}, {}}, {{3}, {}}};
  tap.b.batches = {{{9}, {}}};
  tap.a.idle_ns = tap.b.idle_ns = 100;
  CHECK(tap.read() == "a1 a2");
  CHECK(tap.a.reads == 1);
  CHECK(tap.read() == "a3");
  CHECK(tap.a.reads == 2);
  CHECK(tap.b.reads == 1);  // 9 was in hand all the time
}

TEST_CASE("joined: a silent interface holds the other up to what it has told, and no longer") {
  Tap tap;
  tap.b.idle_ns = 7;
  tap.a.idle_ns = 7;
  tap.a.batches = {{{5, 7, 8}, {}}};
  CHECK(tap.read() == "a5 a7");
  // b moves on while read() waits: its clock is played by a packet that comes late.
  tap.b.batches = {{{6}, {}}};
  CHECK(tap.read() == "b6");
  tap.b.idle_ns = 8;
  CHECK(tap.read() == "a8");
}

TEST_CASE("joined: read() waits longer than asked for what one interface holds up for another") {
  Tap tap;
  tap.a.batches = {{{10}, {}}};
  tap.a.idle_ns = 10;
  tap.b.idle_ns = 9;
  tap.b.idle_after_reads = 3;  // then it has told all up to 10
  CHECK(tap.read() == "a10");
  CHECK(tap.b.reads == 3);
}

TEST_CASE("joined: packets from before the clock was set back do not wait for that time") {
  Tap tap;
  const int64_t now_ns = wall_clock_ns();
  tap.a.batches = {{{now_ns + 3600 * 1000 * kMs}, {}}};
  tap.a.idle_ns = tap.b.idle_ns = now_ns;
  CHECK(tap.read(now_ns + 3600 * 1000 * kMs) == "a1");
}

TEST_CASE("joined: an outage is told with the first packets behind it, and for its interface alone") {
  Tap tap;
  tap.a.batches = {{{10, 40}, {5, 9, 0}}};
  tap.b.batches = {{{11, 12}, {1, 8, 1}}};
  tap.a.idle_ns = tap.b.idle_ns = 100;
  CHECK(tap.read() == "a10");  // one outage in a batch
  CHECK(tap.batch.outage.from_ns == 5);
  CHECK(tap.batch.outage.interface == 0);
  CHECK(tap.read() == "b11 b12");
  CHECK(tap.batch.outage.to_ns == 8);
  CHECK(tap.batch.outage.interface == 1);
  CHECK(tap.read() == "a40");
  CHECK_FALSE(tap.batch.outage.any());
}

TEST_CASE("joined: counts are added up, and the state is the worst") {
  Tap tap;
  tap.a.stats.kernel_packets = 10;
  tap.a.stats.kernel_drops = 1;
  tap.a.stats.state = CaptureState::kCapturing;
  tap.b.stats.kernel_packets = 5;
  tap.b.stats.outages = 2;
  tap.b.stats.before.nic_missed = 3;
  tap.b.stats.state = CaptureState::kDown;
  const SourceStats all = tap.source.stats();
  CHECK(all.kernel_packets == 15);
  CHECK(all.kernel_drops == 1);
  CHECK(all.outages == 2);
  CHECK(all.before.nic_missed == 3);
  CHECK(all.state == CaptureState::kDown);
  REQUIRE(tap.source.by_interface().size() == 2);
  CHECK(tap.source.by_interface()[1].kernel_packets == 5);
  CHECK(tap.source.problems() == std::vector<std::string>{"of 0", "of 1"});
}

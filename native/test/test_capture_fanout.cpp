// Several sockets on one interface, in a namespace of our own: each packet reaches one of them,
// those of a call the same, and two workers measure all that was sent.
#include <doctest/doctest.h>

#include <map>
#include <set>
#include <thread>

#include "core/base/error.h"
#include "core/capture/af_packet_source.h"
#include "core/engine/engine.h"
#include "test_capture_calls.h"
#include "test_capture_namespace.h"
#include "test_engine_support.h"

using namespace capture_test;
using namespace engine_test;

namespace {

AfPacketOptions shared(const std::shared_ptr<Fanout>& fanout, size_t member) {
  AfPacketOptions wanted;
  wanted.interface = "probe0";
  wanted.ring_bytes = 8 << 20;
  wanted.block_bytes = 1 << 20;
  wanted.promiscuous = true;
  wanted.fanout = fanout;
  wanted.member = member;
  return wanted;
}

// The call of a captured frame, by the lower of its ports.
int call_of(const PacketView& packet) {
  Decoder decoder{FragmentOptions{}};
  Counters counters;
  Datagram d{};
  if (!decoder.decode(packet, counters, d)) return -1;
  return (std::min(d.src_port, d.dst_port) - 10'000) / 4;
}

}  // namespace

TEST_CASE("live: the kernel deals each packet to one socket, those of a call to the same one") {
  const std::string result = in_namespace([]() -> std::string {
    const auto fanout = std::make_shared<Fanout>(3);
    AfPacketSource sources[3] = {AfPacketSource(shared(fanout, 0)), AfPacketSource(shared(fanout, 1)),
                                 AfPacketSource(shared(fanout, 2))};
    for (AfPacketSource& source : sources) source.open();
    Wire wire;
    std::map<int, std::set<size_t>> places;
    size_t got = 0;
    static PacketBatch batch;
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    for (uint16_t n = 0; n < 20; n++) {
      for (uint8_t call = 0; call < 60; call++) send_call(wire, call, n);
      // Read before more is sent: what waits for the kernel's receiving side has little room.
      while (got < wire.sent && std::chrono::steady_clock::now() < deadline) {
        for (size_t s = 0; s < 3; s++) {
          while (sources[s].read(batch, 1) == ReadStatus::kPackets) {
            got += batch.count;
            for (size_t i = 0; i < batch.count; i++) places[call_of(batch.packets[i])].insert(s);
          }
        }
      }
    }
    size_t together = 0;
    std::set<size_t> used;
    for (const auto& [call, where] : places) {
      together += where.size() == 1 ? 1 : 0;
      used.insert(where.begin(), where.end());
    }
    return std::to_string(got) + " of " + std::to_string(wire.sent) + ", " + std::to_string(places.size()) +
           " calls, " + std::to_string(together) + " together, " + std::to_string(used.size()) + " sockets" +
           fanout->problem();
  });
  if (not_run(result)) return;
  CHECK(result == "2640 of 2640, 60 calls, 60 together, 3 sockets");
}

TEST_CASE("live: two workers measure all that was sent, and RTCP with its stream") {
  const std::string result = in_namespace([]() -> std::string {
    const auto fanout = std::make_shared<Fanout>(2);
    std::vector<std::unique_ptr<PacketSource>> sources;
    for (size_t i = 0; i < 2; i++) sources.push_back(std::make_unique<AfPacketSource>(shared(fanout, i)));
    EngineOptions o = options();
    o.window_ns = kSecond / 5;
    o.queue_blocks = 1000;
    Engine engine(o, std::move(sources));
    engine.start();
    Wire wire;
    for (uint16_t n = 0; n < 100; n++) {
      for (uint8_t call = 0; call < 40; call++) send_call(wire, call, n);
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      if (n % 4 != 3) continue;
      const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
      while (engine.stats().counters.get(Counter::kPackets) < wire.sent &&
             std::chrono::steady_clock::now() < deadline) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
      }
    }
    engine.stop();
    std::vector<Sealed> blocks;
    while (const std::optional<Block> block = engine.take()) blocks.emplace_back(*block);
    const EngineStats stats = engine.stats();
    const int wholes = check_sums(blocks);
    double rtcp_packets = 0, lost = 0;
    for (const Sealed& block : blocks) {
      for (const StreamRecord& r : block.records) {
        if (r.kind == 2) rtcp_packets += r.rtcp_packets;
        if (r.kind == 2) lost += r.lost;
      }
    }
    const auto count = [&](Counter c) { return stats.counters.get(c); };
    const bool shared_out = stats.workers[0].counters.get(Counter::kPackets) > 0 &&
                            stats.workers[1].counters.get(Counter::kPackets) > 0;
    return std::to_string(wire.sent) + " sent, " +
           std::to_string(count(Counter::kPackets) + count(Counter::kKernelDrops)) + " seen, " +
           std::to_string(wholes) + " streams, " + number(lost) + " lost, " + number(rtcp_packets) +
           " RTCP, " + (balanced(stats.counters) ? "balanced" : "not balanced") +
           (shared_out ? ", both" : ", one alone");
  });
  if (not_run(result)) return;
  CHECK(result == "8800 sent, 8800 seen, 80 streams, 0 lost, 800 RTCP, balanced, both");
}

TEST_CASE("live: an interface that is made anew is taken up by all sockets again") {
  const std::string result = in_namespace([]() -> std::string {
    const auto fanout = std::make_shared<Fanout>(2);
    AfPacketSource sources[2] = {AfPacketSource(shared(fanout, 0)), AfPacketSource(shared(fanout, 1))};
    for (AfPacketSource& source : sources) source.open();
    shell("ip link del probe0");
    static PacketBatch batch;
    for (AfPacketSource& source : sources) source.read(batch, 300);
    shell("ip link add probe0 type veth peer name far0");
    shell("ip link set far0 up");
    shell("ip link set probe0 up");
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    std::set<size_t> used;
    while (used.size() < 2 && std::chrono::steady_clock::now() < deadline) {
      Wire wire;
      for (uint8_t call = 0; call < 60; call++) send_call(wire, call, 1);
      for (size_t s = 0; s < 2; s++) {
        while (sources[s].read(batch, 50) == ReadStatus::kPackets) used.insert(s);
      }
    }
    return std::to_string(used.size()) + " sockets hear it";
  });
  if (not_run(result)) return;
  CHECK(result == "2 sockets hear it");
}

TEST_CASE("live: each socket of a group is told of an outage, and one of them counts it") {
  const std::string result = in_namespace([]() -> std::string {
    const auto fanout = std::make_shared<Fanout>(2);
    AfPacketOptions second = shared(fanout, 1);
    second.tells_of_interface = second.tells_of_machine = false;
    AfPacketSource sources[2] = {AfPacketSource(shared(fanout, 0)), AfPacketSource(second)};
    for (AfPacketSource& source : sources) source.open();
    static PacketBatch batch;
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    const auto wait_for = [&](CaptureState state) {
      for (AfPacketSource& source : sources) {
        do {
          source.read(batch, 20);
        } while (source.stats().state != state && std::chrono::steady_clock::now() < deadline);
      }
    };
    shell("ip link set probe0 down");
    wait_for(CaptureState::kDown);
    shell("ip link set probe0 up");
    wait_for(CaptureState::kCapturing);
    std::set<size_t> told;
    while (told.size() < 2 && std::chrono::steady_clock::now() < deadline) {
      Wire wire;
      for (uint8_t call = 0; call < 60; call++) send_call(wire, call, 1);
      for (size_t s = 0; s < 2; s++) {
        while (sources[s].read(batch, 50) == ReadStatus::kPackets) {
          if (batch.outage.any()) told.insert(s);
        }
      }
    }
    const SourceStats first_told = sources[0].stats(), second_told = sources[1].stats();
    return std::to_string(told.size()) + " told, counted " + std::to_string(first_told.outages) + " and " +
           std::to_string(second_told.outages) + (second_told.outage_ms == 0 ? "" : " with a length");
  });
  if (not_run(result)) return;
  CHECK(result == "2 told, counted 1 and 0");
}

TEST_CASE("live: a capture filter is that of every socket of a group") {
  const std::string result = in_namespace([]() -> std::string {
    const auto fanout = std::make_shared<Fanout>(2);
    AfPacketOptions wanted = shared(fanout, 0);
    wanted.filter = "udp port 10000 or udp port 10012 or udp port 10048";  // RTP of calls 0, 3 and 12
    AfPacketOptions second = wanted;
    second.member = 1;
    AfPacketSource sources[2] = {AfPacketSource(wanted), AfPacketSource(second)};
    for (AfPacketSource& source : sources) source.open();
    Wire wire;
    for (uint16_t n = 0; n < 10; n++) {
      for (const uint8_t call : std::initializer_list<uint8_t>{0, 3, 4, 12, 15}) send_call(wire, call, n);
    }
    std::map<int, size_t> packets;
    static PacketBatch batch;
    for (AfPacketSource& source : sources) {
      while (source.read(batch, 500) == ReadStatus::kPackets) {
        for (size_t i = 0; i < batch.count; i++) packets[call_of(batch.packets[i])]++;
      }
    }
    std::string text;
    for (const auto& [call, count] : packets) {
      text += std::to_string(call) + ": " + std::to_string(count) + "; ";
    }
    return text;
  });
  if (not_run(result)) return;
  CHECK(result == "0: 20; 3: 20; 12: 20; ");
}

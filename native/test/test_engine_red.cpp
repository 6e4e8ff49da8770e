// What redundant audio (RFC 2198) carries itself: payload type and octets, as records
// tell them.
#include "core/stream/red_repair.h"
#include "test_engine_support.h"

using namespace engine_test;

namespace {

constexpr uint8_t kRedType = 121;

EngineOptions red_options() {
  EngineOptions o = options();
  o.payload_types.push_back({kRedType, 8000, MediaKind::kAudio, ClockSource::kConfig});
  o.payload.types = {{kRedType, PayloadUse::kRed}};
  return o;
}

// A packet with `octets` of its own and a copy of 160 octets from 20 ms before:
//   F, block PT 8  timestamp offset 160, block length 160
//   0, block PT
Octets red(uint16_t seq, uint8_t payload_type, size_t octets) {
  Octets out = rtp({.seq = seq, .timestamp = seq * 160U, .payload_type = kRedType, .octets = 0});
  put(out, 0x80 | 8, 1);
  put(out, 160U << 10 | 160U, 3);
  put(out, payload_type, 1);
  out.resize(out.size() + 160 + octets, 0xd5);
  return out;
}

class RedRig {
 public:
  void add(uint8_t payload_type, size_t octets, double at_s = 0) {
    send(red(seq_, payload_type, octets), at_s);
  }
  void add_plain(uint8_t payload_type, size_t octets) {
    send(rtp({.seq = seq_, .timestamp = seq_ * 160U, .payload_type = payload_type, .octets = octets}), 0);
  }

  // "3 of type 8, 480 octets", of each record a line.
  std::string finish() {
    meter_.finish();
    std::string all;
    for (const Sealed& block : meter_.blocks()) {
      for (const StreamRecord& r : block.records) {
        all += number(r.red_packets) + " of type " + number(r.red_primary_payload_type) + ", " +
               number(r.red_primary_octets) + " octets";
        if (r.comfort_noise_packets > 0) all += ", noise " + number(r.comfort_noise_packets);
        if (r.telephone_event_packets > 0) all += ", events " + number(r.telephone_event_packets);
        if (r.payload_type_changes > 0) all += ", changes " + number(r.payload_type_changes);
        all += "\n";
      }
    }
    return all;
  }

 private:
  void send(const Octets& packet, double at_s) {
    ts_ns_ = std::max(ts_ns_ + 20 * kMillisecond, static_cast<int64_t>(at_s * 1e9));
    seq_++;
    meter_.feed(ts_ns_, udp_frame({}, packet));
  }

  MeterRig meter_{red_options()};
  int64_t ts_ns_ = 0;
  uint16_t seq_ = 0;
};

}  // namespace

// The first packet of a stream is not looked into.
TEST_CASE("The primary block is told by window and whole, without headers and copies") {
  RedRig rig;
  for (int i = 0; i < 4; i++) rig.add(8, 160);
  rig.add(8, 80, 10.5);
  CHECK(rig.finish() == "3 of type 8, 480 octets\n1 of type 8, 80 octets\n4 of type 8, 560 octets\n");
}

TEST_CASE("Comfort noise, events and RED inside of RED are not what a stream is made of") {
  RedRig rig;
  for (int i = 0; i < 3; i++) rig.add(8, 160);
  rig.add(13, 1);         // comfort noise (RFC 3389)
  rig.add(101, 4);        // an event
  rig.add(102, 4);        // one by its shape
  rig.add(kRedType, 10);  // no such thing
  CHECK(rig.finish() ==
        "6 of type 8, 339 octets, noise 1, events 2\n6 of type 8, 339 octets, noise 1, events 2\n");
}

TEST_CASE("Another codec inside of RED is a change of the payload type, the last one is kept") {
  RedRig rig;
  for (const int type : {8, 8, 0, 0, 18, 18}) rig.add(static_cast<uint8_t>(type), 20);
  CHECK(rig.finish() == "5 of type 18, 100 octets, changes 2\n5 of type 18, 100 octets, changes 2\n");
}

TEST_CASE("Without RED there is no primary block") {
  RedRig rig;
  for (int i = 0; i < 3; i++) rig.add_plain(8, 160);
  CHECK(rig.finish() == "0 of type 255, 0 octets\n0 of type 255, 0 octets\n");
}

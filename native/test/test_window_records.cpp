// Records of windows and of whole streams, and the block that carries them.
#include "test_engine_support.h"

using namespace engine_test;

namespace {

using Numbers = std::initializer_list<uint16_t>;

// A packet of the stream 192.0.2.1:5004 > 198.51.100.2:6004, 20 ms a number.
void send(MeterRig& rig, uint16_t seq, double seconds) {
  rig.feed(static_cast<int64_t>(seconds * 1e9), udp_frame({}, rtp({seq, seq * 160U})));
}

}  // namespace

TEST_CASE("A window tells what happened in it, the whole what happened at all") {
  MeterRig rig;
  for (const uint16_t seq : Numbers{0, 1, 2, 4, 6, 5}) send(rig, seq, 1 + seq * 0.02);
  for (const uint16_t seq : Numbers{7, 3, 3, 8}) send(rig, seq, 11 + seq * 0.02);
  rig.finish();
  CHECK(
      text(rig.blocks()) ==
      "0..10 s\n"
      "  window 1:5004 > 2:6004 ssrc 42: packets 6, expected 7, lost 1, reordered 1, extent 1\n"
      "10..20 s, flags 5\n"
      "  window 1:5004 > 2:6004 ssrc 42: packets 4, expected 2, recovered 1, duplicates 1, reordered 1, "
      "extent 4\n"
      "  whole 1:5004 > 2:6004 ssrc 42 (end): packets 10, expected 9, duplicates 1, reordered 2, extent 4\n");
  CHECK(check_sums(rig.blocks()) == 1);
}

TEST_CASE("A loss run that is decided at the end is told by the last window") {
  MeterRig rig;
  for (const uint16_t seq : Numbers{0, 1, 5, 6}) send(rig, seq, 1 + seq * 0.02);
  rig.finish();
  CHECK(text(rig.blocks()) ==
        "0..10 s, flags 5\n"
        "  window 1:5004 > 2:6004 ssrc 42: packets 4, expected 7, lost 3, runs 1 of 3 packets, longest 3\n"
        "  whole 1:5004 > 2:6004 ssrc 42 (end): packets 4, expected 7, lost 3, runs 1 of 3 packets, "
        "longest 3\n");
}

TEST_CASE("A stream that fell silent ends when its time-out has passed, in a later window") {
  MeterRig rig;
  send(rig, 0, 1);
  send(rig, 1, 1.02);
  rig.advance(10 * kSecond);
  rig.advance(20 * kSecond);
  rig.advance(30 * kSecond);
  rig.advance(40 * kSecond);
  rig.finish();
  CHECK(text(rig.blocks()) ==
        "0..10 s\n"
        "  window 1:5004 > 2:6004 ssrc 42: packets 2, expected 2\n"
        "10..20 s\n"
        "20..30 s\n"
        "30..40 s\n"
        "  whole 1:5004 > 2:6004 ssrc 42 (idle): packets 2, expected 2\n"
        "40..50 s, flags 5\n");
}

TEST_CASE("A stream that comes back after its time-out is another stream") {
  MeterRig rig;
  send(rig, 0, 1);
  send(rig, 1, 1.02);
  send(rig, 2, 31.03);
  send(rig, 3, 31.05);
  rig.finish();
  CHECK(text(rig.blocks()) ==
        "0..10 s\n"
        "  window 1:5004 > 2:6004 ssrc 42: packets 2, expected 2\n"
        "30..40 s, flags 5\n"
        "  whole 1:5004 > 2:6004 ssrc 42 (idle): packets 2, expected 2\n"
        "  window 1:5004 > 2:6004 ssrc 42: packets 2, expected 2\n"
        "  whole 1:5004 > 2:6004 ssrc 42 (end): packets 2, expected 2\n");
  CHECK(rig.blocks()[1].records[0].stream_id != rig.blocks()[1].records[1].stream_id);
}

TEST_CASE("Packets of a closed window count in the open one and in a counter") {
  MeterRig rig;
  for (uint16_t seq = 0; seq < 5; seq++) send(rig, seq, 9.9 + seq * 0.02);
  send(rig, 5, 10.0);
  send(rig, 6, 9.95);
  send(rig, 7, 10.04);
  rig.finish();
  CHECK(text(rig.blocks()) ==
        "0..10 s\n"
        "  window 1:5004 > 2:6004 ssrc 42: packets 5, expected 5\n"
        "10..20 s, flags 5\n"
        "  window 1:5004 > 2:6004 ssrc 42: packets 3, expected 3\n"
        "  whole 1:5004 > 2:6004 ssrc 42 (end): packets 8, expected 8\n");
  CHECK(text(rig.counters()) == "packets 8, rtp 8, latePackets 1, streamsStarted 1, streamsEnded 1");
}

TEST_CASE("A clock that steps back opens no window again, one that leaps ahead skips some") {
  MeterRig rig;
  send(rig, 0, 101);
  send(rig, 1, 101.02);
  send(rig, 2, 85);
  send(rig, 3, 85.02);
  send(rig, 4, 111);
  send(rig, 5, 1e9);
  send(rig, 6, 1e9 + 0.02);
  rig.finish();
  CHECK(text(rig.blocks()) ==
        "100..110 s\n"
        "  window 1:5004 > 2:6004 ssrc 42: packets 4, expected 4\n"
        "110..120 s\n"
        "  window 1:5004 > 2:6004 ssrc 42: packets 1, expected 1\n"
        "1000000000..1000000010 s, flags 5\n"
        "  whole 1:5004 > 2:6004 ssrc 42 (idle): packets 5, expected 5\n"
        "  window 1:5004 > 2:6004 ssrc 42: packets 2, expected 2\n"
        "  whole 1:5004 > 2:6004 ssrc 42 (end): packets 2, expected 2\n");
}

TEST_CASE("Times at the ends of what 64 bits hold do not overflow, and open a window only two by two") {
  MeterRig rig;
  const int64_t times[] = {INT64_MAX, INT64_MIN, INT64_MAX, INT64_MIN + 1, -1, 0, INT64_MAX, INT64_MAX};
  for (uint16_t seq = 0; seq < 8; seq++) rig.feed(times[seq], udp_frame({}, rtp({seq, seq * 160U})));
  rig.advance(INT64_MAX);
  rig.finish();
  CHECK(rig.blocks().size() == 2);
  CHECK(rig.counters().get(Counter::kPackets) == 8);
}

TEST_CASE("A window of one packet knows the time since the window before, and no mean") {
  MeterRig rig;
  send(rig, 0, 1);
  send(rig, 1, 1.02);
  send(rig, 2, 11.5);
  rig.finish();
  const auto deltas = [](const StreamRecord& r) {
    return number(r.delta_mean_ms, 2) + " mean, " + number(r.delta_max_ms, 2) + " max";
  };
  CHECK(deltas(rig.blocks()[0].records[0]) == "20.00 mean, 20.00 max");
  CHECK(deltas(rig.blocks()[1].records[0]) == "nan mean, 10480.00 max");
  CHECK(deltas(rig.blocks()[1].records[1]) == "5250.00 mean, 10480.00 max");
}

TEST_CASE("Unknown is NaN") {
  stream_test::StreamRig rig;
  rig.add({1, 160, 20});
  const StreamRecord r = rig.finish();
  for (const double unknown :
       {r.jitter_last_ms, r.jitter_mean_ms, r.jitter_max_ms, r.delta_mean_ms, r.delta_max_ms}) {
    CHECK(std::isnan(unknown));
  }
}

TEST_CASE("Rare events stay at 65535 in one window, common ones and the whole are told in full") {
  stream_test::StreamRig rig;
  rig.add({0, 0, 0});
  for (uint32_t n = 1; n <= 70'000; n++) {
    rig.add({static_cast<uint16_t>(n), 160, n * 200.0, 13, true, 1});
  }
  const StreamRecord window = rig.close_window();
  CHECK(window.comfort_noise_packets == 65535);
  CHECK(window.markers == 70'000);
  CHECK(rig.close_window().comfort_noise_packets == 0);
  CHECK(rig.finish().comfort_noise_packets == 70'000);
}

TEST_CASE("A sequence error that the next window takes back is not negative there") {
  MeterRig rig;
  send(rig, 0, 1);
  send(rig, 1, 1.02);
  send(rig, 30000, 9.99);
  send(rig, 30001, 10.01);
  rig.finish();
  CHECK(text(rig.blocks()) ==
        "0..10 s\n"
        "  window 1:5004 > 2:6004 ssrc 42: packets 3, expected 2, errors 1\n"
        "10..20 s, flags 5\n"
        "  window 1:5004 > 2:6004 ssrc 42: packets 1, expected 2, restarts 1\n"
        "  whole 1:5004 > 2:6004 ssrc 42 (end): packets 4, expected 4, restarts 1\n");
}

// FNV-1a over addresses, ports, SSRC and start, then a finaliser; worked out apart.
TEST_CASE("The id of a stream is the same on every machine") {
  const uint8_t a[] = {192, 0, 2, 1}, b[] = {198, 51, 100, 2};
  const StreamEndpoints pair{{map_ipv4(a), map_ipv4(b)}, {}, {}};
  CHECK(stream_id(pair, 5004, 6004, 42, 1'700'000'000'000'000'000) == 0xe372c7f37de1fa21);
}

TEST_CASE("A block is header, counters and records, and says how long they are") {
  Block block(2);
  StreamRecord record{};
  record.ssrc = 1;
  block.append(record);
  record.ssrc = 2;
  block.append(record);
  record.ssrc = 3;
  block.append(record);  // no room: left out
  Counters counters;
  counters.add(Counter::kPackets, 7);
  BlockHeader header{};
  header.window_start_ns = 10;
  header.window_end_ns = 20;
  header.sequence = 5;
  block.write_header(header, counters);
  block.add_flags(kGapBefore);
  block.add_flags(kLast);
  const Sealed sealed(block);
  CHECK(sealed.header.magic == kBlockMagic);
  CHECK(sealed.header.layout_hash == kLayoutHash);
  CHECK(sealed.header.header_bytes == 64 + 8 * kCounterCount);
  CHECK(sealed.header.record_bytes == sizeof(StreamRecord));
  CHECK(sealed.header.rows == 2);
  CHECK(sealed.header.flags == 6);
  CHECK(sealed.header.sequence == 5);
  CHECK(sealed.counters[0] == 7);
  CHECK(sealed.records[0].ssrc == 1);
  CHECK(sealed.records[1].ssrc == 2);
}

TEST_CASE("Nothing captured is one empty window") {
  MeterRig rig;
  rig.finish();
  CHECK(text(rig.blocks()) == "0..10 s, flags 5\n");
}

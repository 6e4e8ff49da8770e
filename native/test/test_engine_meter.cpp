// The meter: who is accepted as a stream, RTCP beside it, and what happens when
// there is no room.
#include <random>

#include "test_engine_support.h"

using namespace engine_test;

namespace {

using Numbers = std::initializer_list<uint16_t>;

// Packets of one stream with these numbers, 20 ms apart, and what was counted before
// and after the end.
std::string fate(Numbers seqs, uint32_t step = 160) {
  MeterRig rig;
  uint32_t n = 0;
  for (const uint16_t seq : seqs) {
    rig.feed(n * 20 * kMillisecond, udp_frame({}, rtp({seq, n * step})));
    n++;
  }
  const std::string open = text(rig.counters());
  rig.finish();
  return open + " | " + text(rig.counters());
}

// RTP from 5004 to 6004, two packets; then one datagram of another flow or kind.
std::string beside(const Flow& flow, const Octets& content) {
  MeterRig rig;
  for (uint16_t n = 0; n < 2; n++) rig.feed(n * 20 * kMillisecond, udp_frame({}, rtp({n, n * 160U})));
  rig.feed(30 * kMillisecond, udp_frame(flow, content));
  rig.finish();
  const std::string first = text(rig.blocks()[0].records[0]);
  return text(rig.counters()) + " | " + first.substr(first.find(": ") + 2);
}

Octets srtcp(uint32_t ssrc) {
  Octets out = rtcp(ssrc);
  put(out, 0x80000001, 4);
  put(out, 0x0011223344556677, 8);
  put(out, 0x8899, 2);
  return out;
}

// A receiver report of SSRC 7 with one block about `ssrc` (RFC 3550 6.4.2).
Octets receiver_report(uint32_t ssrc) {
  Octets out;
  put(out, 0x81c90007, 4);
  put(out, 7, 4);
  put(out, ssrc, 4);
  put(out, 0, 4);  // fraction and cumulative loss
  put(out, 1, 4);  // extended highest sequence number
  put(out, 0, 4);  // jitter
  put(out, 0, 8);  // LSR and DLSR
  return out;
}

}  // namespace

TEST_CASE("Two packets in sequence make a stream, and both are counted") {
  CHECK(fate({7, 8}) ==
        "packets 2, rtp 2, streamsStarted 1, streamsActive 1 | packets 2, rtp 2, streamsStarted 1, "
        "streamsEnded 1");
  CHECK(fate({65535, 0}) ==
        "packets 2, rtp 2, streamsStarted 1, streamsActive 1 | packets 2, rtp 2, streamsStarted 1, "
        "streamsEnded 1");
}

TEST_CASE("Two packets in sequence make a stream in either order") {
  CHECK(fate({8, 7}) ==
        "packets 2, rtp 2, streamsStarted 1, streamsActive 1 | packets 2, rtp 2, streamsStarted 1, "
        "streamsEnded 1");
  CHECK(fate({10, 20, 19}) ==
        "packets 3, rtp 3, streamsStarted 1, streamsActive 1 | packets 3, rtp 3, streamsStarted 1, "
        "streamsEnded 1");
  CHECK(fate({10, 20, 11}) ==
        "packets 3, rtp 3, streamsStarted 1, streamsActive 1 | packets 3, rtp 3, streamsStarted 1, "
        "streamsEnded 1");
}

TEST_CASE("Five packets without jump or repetition make a stream") {
  CHECK(fate({10, 12, 14, 16}) == "packets 4, rtpInProbation 4 | packets 4, rtpUnconfirmed 4");
  CHECK(fate({10, 12, 14, 16, 18}) ==
        "packets 5, rtp 5, streamsStarted 1, streamsActive 1 | packets 5, rtp 5, streamsStarted 1, "
        "streamsEnded 1");
}

TEST_CASE("A jump that the next packet confirms makes a stream") {
  CHECK(fate({10, 30000, 30001}) ==
        "packets 3, rtp 3, streamsStarted 1, streamsActive 1 | packets 3, rtp 3, streamsStarted 1, "
        "streamsEnded 1");
}

TEST_CASE("Repetition, jumps and wild timestamps make no stream") {
  CHECK(fate({7, 7, 7, 7, 7, 7, 7}) == "packets 7, rtpInProbation 7 | packets 7, rtpUnconfirmed 7");
  CHECK(fate({1, 9000, 20000, 45000, 30000, 60000}) ==
        "packets 6, rtpInProbation 6 | packets 6, rtpUnconfirmed 6");
  CHECK(fate({1, 2, 3, 4, 5}, 1'000'000) == "packets 5, rtpInProbation 5 | packets 5, rtpUnconfirmed 5");
}

// A tunnel (tinc and the like): octets that look random, sometimes with version 2.
TEST_CASE("Noise makes no stream") {
  MeterRig rig;
  std::mt19937 random(3);
  for (int i = 0; i < 20'000; i++) {
    Octets content(40);
    for (uint8_t& octet : content) octet = static_cast<uint8_t>(random());
    content[0] = static_cast<uint8_t>(0x80 | (content[0] & 0x3f));
    if (i % 2 == 0) put(content, 0, 1);
    std::fill_n(content.begin() + 8, 4, uint8_t{9});  // as if it had one SSRC
    rig.feed(i * kMillisecond, udp_frame({}, content));
  }
  rig.finish();
  CHECK(rig.counters().get(Counter::kStreamsStarted) == 0);
}

TEST_CASE("A stream of IPv6 is measured like one of IPv4") {
  MeterRig rig;
  Flow flow;
  flow.ipv6 = true;
  for (uint16_t n = 0; n < 3; n++) rig.feed(n * 20 * kMillisecond, udp_frame(flow, rtp({n, n * 160U})));
  rig.finish();
  CHECK(text(rig.blocks()) ==
        "0..10 s, flags 5\n"
        "  window 1:5004 > 2:6004 ssrc 42: packets 3, expected 3\n"
        "  whole 1:5004 > 2:6004 ssrc 42 (end): packets 3, expected 3\n");
  CHECK(rig.blocks()[0].records[0].ip_version == 6);
  CHECK(rig.blocks()[0].records[0].src[0] == 0x20);
}

TEST_CASE("Addresses, ports and SSRC each make a stream of their own") {
  MeterRig rig;
  const Flow flows[] = {{1, 2, 3, 4}, {2, 1, 4, 3}, {1, 9, 3, 4}, {9, 2, 3, 4}, {1, 2, 9, 4}, {1, 2, 3, 9}};
  for (uint16_t n = 0; n < 2; n++) {
    for (const Flow& flow : flows) rig.feed(n * 20 * kMillisecond, udp_frame(flow, rtp({n, n * 160U})));
    rig.feed(n * 20 * kMillisecond, udp_frame(flows[0], rtp({n, n * 160U, 43})));
  }
  CHECK(text(rig.counters()) == "packets 14, rtp 14, streamsStarted 7, streamsActive 7");
}

TEST_CASE(
    "RTCP belongs to the RTP on the port below, on the same port, or of the same SSRC between the "
    "addresses") {
  const std::string counted = "packets 3, rtp 2, rtcp 1, streamsStarted 1, streamsEnded 1 | ";
  CHECK(beside({1, 2, 5005, 6005}, rtcp(42)) == counted + "packets 2, expected 2, rtcp 1");
  CHECK(beside({1, 2, 5004, 6004}, rtcp(42)) == counted + "packets 2, expected 2, rtcp 1");
  CHECK(beside({1, 2, 5005, 6005}, rtcp(43)) == counted + "packets 2, expected 2");
  CHECK(beside({2, 1, 6005, 5005}, rtcp(42)) == counted + "packets 2, expected 2");
  CHECK(beside({1, 2, 5006, 6006}, rtcp(42)) == counted + "packets 2, expected 2, rtcp 1");
  CHECK(beside({1, 3, 5006, 6006}, rtcp(42)) == counted + "packets 2, expected 2");
}

TEST_CASE("A report about a stream that the tap does not see is counted") {
  CHECK(beside({2, 1, 6005, 5005}, receiver_report(43)) ==
        "packets 3, rtp 2, rtcp 1, streamsStarted 1, streamsEnded 1, reportsUnmatched 1 | packets 2, "
        "expected 2");
}

TEST_CASE("What reads as no RTCP is encrypted beside its stream, or where it ends as SRTCP does") {
  const std::string end = ", streamsStarted 1, streamsEnded 1 | packets 2, expected 2";
  CHECK(beside({1, 2, 5005, 6005}, srtcp(42)) == "packets 3, rtp 2, encryptedRtcp 1" + end);
  CHECK(beside({1, 2, 5004, 6004}, srtcp(42)) == "packets 3, rtp 2, encryptedRtcp 1" + end);
  CHECK(beside({1, 2, 5005, 6005}, srtcp(43)) == "packets 3, rtp 2, encryptedRtcp 1" + end);
}

TEST_CASE("Every datagram that is no RTP has its reason") {
  MeterRig rig;
  const auto feed = [&](const Octets& content, uint32_t wire_len = 0) {
    rig.feed(0, udp_frame({}, content), wire_len);
  };
  Octets stun{0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42};
  Octets cut = udp_frame({}, rtp({1, 160}));
  cut.resize(14 + 20 + 8 + 9);  // twelve octets were on the wire, nine were captured
  Octets padded = rtp({1, 160});
  padded[0] = 0xa0;
  padded.back() = 0;
  feed(stun);
  feed({'I', 'N', 'V', 'I', 'T', 'E', ' ', 's', 'i', 'p'});
  feed({0, 0, 0, 0});
  feed({0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0});
  feed(padded);
  rig.feed(0, cut, 74);
  CHECK(text(rig.counters()) == "packets 6, truncatedUdp 1, udpTooShort 2, stun 1, notRtp 1, malformedRtp 1");
}

TEST_CASE("In a full table the one in probation goes, then the one that was silent") {
  EngineOptions o = options();
  o.max_streams = 2;
  MeterRig rig(o);
  const auto send = [&](uint32_t ssrc, uint16_t seq, int64_t ms) {
    rig.feed(ms * kMillisecond, udp_frame({}, rtp({seq, seq * 160U, ssrc})));
  };
  send(1, 0, 0);
  send(1, 1, 20);
  send(2, 0, 30);  // probation
  send(3, 0, 40);  // 2 goes
  send(3, 1, 60);
  send(4, 0, 70);   // all are running: no room
  send(4, 1, 600);  // 1 was silent for half a second
  send(4, 2, 620);
  rig.finish();
  CHECK(text(rig.blocks()) ==
        "0..10 s, flags 5\n"
        "  window 1:5004 > 2:6004 ssrc 1: packets 2, expected 2\n"
        "  whole 1:5004 > 2:6004 ssrc 1 (evicted): packets 2, expected 2\n"
        "  window 1:5004 > 2:6004 ssrc 3: packets 2, expected 2\n"
        "  whole 1:5004 > 2:6004 ssrc 3 (end): packets 2, expected 2\n"
        "  window 1:5004 > 2:6004 ssrc 4: packets 2, expected 2\n"
        "  whole 1:5004 > 2:6004 ssrc 4 (end): packets 2, expected 2\n");
  CHECK(text(rig.counters()) ==
        "packets 8, rtp 6, rtpUnconfirmed 1, streamTableFull 1, streamsStarted 3, streamsEnded 3, "
        "streamsEvicted 1");
}

// 21 callers of two packets each pass through a table of 10 within one window.
TEST_CASE("Records of streams that ended early are kept up to a bound, and counted beyond it") {
  EngineOptions o = options();
  o.max_streams = 10;
  o.window_ns = 20 * kSecond;
  o.idle_timeout_ns = 19 * kSecond;
  MeterRig rig(o);
  for (uint32_t ssrc = 0; ssrc < 10; ssrc++) {
    for (uint16_t n = 0; n < 2; n++) {
      rig.feed(ssrc * 600 * kMillisecond + n, udp_frame({}, rtp({n, n * 160U, ssrc})));
    }
  }
  for (uint32_t ssrc = 10; ssrc < 21; ssrc++) {
    for (uint16_t n = 0; n < 2; n++) {
      rig.feed(ssrc * 600 * kMillisecond + n, udp_frame({}, rtp({n, n * 160U, ssrc})));
    }
  }
  rig.finish();
  const Counters& c = rig.counters();
  const size_t records = rig.blocks()[0].records.size();
  CHECK(text(c) ==
        "packets 42, rtp 42, streamsStarted 21, streamsEnded 21, streamsEvicted 11, recordsDropped 2");
  CHECK(records + c.get(Counter::kRecordsDropped) == 42);
}

TEST_CASE("Other counters are refreshed when a block is sealed") {
  std::vector<Sealed> blocks;
  uint64_t drops = 0;
  Meter meter(
      options(),
      [&](Part part) {
        if (part.window) blocks.emplace_back(part.block);
      },
      [&](Counters& counters) { counters.set(Counter::kKernelDrops, drops); });
  meter.advance(5 * kSecond);
  drops = 7;
  meter.finish(EndReason::kStopped);
  CHECK(blocks.size() == 1);
  CHECK(blocks[0].counters[static_cast<size_t>(Counter::kKernelDrops)] == 7);
}

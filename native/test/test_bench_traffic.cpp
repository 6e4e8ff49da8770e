// The traffic of bench-capture: what is sent is right by our own decoder and by RFC 1071
// sums over the whole, and both senders put just that on the wire.
#include <doctest/doctest.h>

#include <cstring>
#include <set>
#include <string>
#include <vector>

#include "core/bench/live_frames.h"
#include "core/bench/parse_only.h"
#include "core/bench/rtp_traffic.h"
#include "core/bench/socket_sender.h"
#include "core/capture/af_packet_source.h"
#include "test_capture_namespace.h"
#include "test_capture_support.h"
#include "test_command_output.h"

using namespace rtpsonde;
using bench::RtpTraffic;

namespace {

// One's complement sum of big-endian words; 0xffff when a checksum within is right.
uint32_t sum_of(const uint8_t* begin, size_t size, uint32_t sum = 0) {
  for (size_t i = 0; i < size; i += 2) sum += static_cast<uint32_t>(begin[i] << 8 | begin[i + 1]);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return sum;
}

struct Seen {
  std::string flow;  // addresses and ports as they are in the frame
  uint32_t ssrc, timestamp;
  uint16_t sequence;
};

// What a frame holds; the text names the first thing that is wrong with it, empty when nothing is.
std::string look(Bytes frame, Seen& seen) {
  if (frame.size != bench::kFrameBytes) return "length " + std::to_string(frame.size);
  const uint8_t* const at = frame.data;
  if (sum_of(at + 14, 20) != 0xffff) return "IP checksum";
  if (frame.be16(40) == 0) return "no UDP checksum";
  if (sum_of(at + 34, bench::kFrameBytes - 34, sum_of(at + 26, 8, 17 + 180)) != 0xffff) return "UDP checksum";
  Decoder decoder{FragmentOptions{}};
  Counters counters;
  Datagram datagram;
  PacketView packet;
  packet.bytes = frame;
  packet.wire_len = static_cast<uint32_t>(frame.size);
  if (!decoder.decode(packet, counters, datagram)) return "not decoded";
  RtpHeader rtp;
  const Classified c = classify(datagram.payload, datagram.payload_len);
  if (c.protocol != Protocol::kRtp || parse_rtp(c.payload, c.payload_len, rtp) != RtpParse::kOk)
    return "not RTP";
  seen = {std::string(at + 26, at + 38), rtp.ssrc, rtp.timestamp, rtp.sequence};
  return "";
}

}  // namespace

TEST_CASE("bench traffic: every stream sends once a round, with its own ports and SSRC") {
  for (const uint32_t streams : {1U, 2U, 7U, 1000U, 4096U}) {
    CAPTURE(streams);
    const RtpTraffic traffic(streams);
    std::vector<Seen> first(streams);
    std::set<std::string> flows;
    std::set<uint32_t> ssrcs;
    bench::Frame frame = traffic.constant();
    for (uint64_t n = 0; n < 3 * uint64_t{streams}; n++) {
      const uint64_t ticks = n / streams * 160;
      traffic.write(n, ticks, frame.data());
      Seen seen;
      REQUIRE(look({frame.data(), frame.size()}, seen) == "");
      const uint32_t s = traffic.stream_of(n);
      if (n < streams) {
        first[s] = seen;
        flows.insert(seen.flow);
        ssrcs.insert(seen.ssrc);
        continue;
      }
      // Each of the others once: were one left out, another's number would be wrong.
      REQUIRE(seen.flow == first[s].flow);
      REQUIRE(seen.ssrc == first[s].ssrc);
      REQUIRE(seen.sequence == static_cast<uint16_t>(first[s].sequence + n / streams));
      REQUIRE(seen.timestamp == static_cast<uint32_t>(first[s].timestamp + ticks));
    }
    CHECK(flows.size() == streams);
    CHECK(ssrcs.size() == streams);
  }
}

TEST_CASE("bench traffic: streams are numbered on from the first one, and others are other streams") {
  const RtpTraffic all(30), later(10, 20);
  for (uint64_t n = 0; n < 30; n++) {
    CHECK(later.stream_of(n) >= 20);
    CHECK(later.stream_of(n) < 30);
  }
  bench::Frame expected = all.constant(), frame = later.constant();
  all.write(23, 800, expected.data());
  later.write(3, 800, frame.data());
  CHECK(frame == expected);
}

TEST_CASE("bench traffic: later rounds have another order than the first") {
  const RtpTraffic traffic(1000);
  uint32_t neighbours = 0;
  for (uint64_t n = 1001; n < 2000; n++) {
    if (traffic.stream_of(n) == traffic.stream_of(n - 1) + 1) neighbours++;
  }
  CHECK(neighbours == 0);
}

TEST_CASE("bench traffic: tshark finds every checksum right, and reads the fields as we mean them") {
  if (!output_of("tshark --version").starts_with("TShark")) {
    MESSAGE("skipped: no tshark");
    return;
  }
  constexpr uint32_t kStreams = 300, kPackets = 700;
  const RtpTraffic traffic(kStreams);
  capture_test::Folder folder;
  std::string file = capture_test::pcap_header(), expected;
  bench::Frame frame = traffic.constant();
  for (uint32_t n = 0; n < kPackets; n++) {
    const uint32_t ticks = 8 * n, s = traffic.stream_of(n);
    traffic.write(n, ticks, frame.data());
    file += capture_test::pcap_record(n / 1000, n % 1000 * 1000, {frame.begin(), frame.end()});
    char line[256];
    std::snprintf(line, sizeof line, "1\t1\t10.0.0.%u\t%u\t10.128.0.0\t%u\t8\t%u\t%u\t0x%08x\n", s / 256,
                  10000 + 2 * (s % 256), 20000 + 2 * s, (s * bench::kSequenceFactor + n / kStreams) % 65536,
                  s * bench::kTimestampFactor + ticks, s * bench::kSsrcFactor + 1);
    expected += line;
  }
  const std::string path = folder.write("bench.pcap", file);
  const std::string fields =
      "-e ip.checksum.status -e udp.checksum.status -e ip.src -e udp.srcport -e ip.dst -e udp.dstport "
      "-e rtp.p_type -e rtp.seq -e rtp.timestamp -e rtp.ssrc";
  CHECK(output_of("tshark -n -r " + path +
                  " -o ip.check_checksum:TRUE -o udp.check_checksum:TRUE --enable-heuristic rtp_udp"
                  " -T fields " +
                  fields) == expected);
}

namespace {

// Sends over a veth pair and holds every frame that arrives against RtpTraffic; "right", or what was wrong.
template <typename MakeSender>
std::string over_the_wire(const RtpTraffic& traffic, uint32_t packets, MakeSender make_sender) {
  AfPacketSource source({"probe0", 8U << 20, 1U << 18});
  source.open();
  const auto sender = make_sender();
  sender->send(packets - static_cast<uint32_t>(sender->sent()));
  if (sender->sent() != packets) return "sent " + std::to_string(sender->sent());
  static PacketBatch batch;
  uint64_t n = 0;
  uint32_t ticks_before = 0;
  while (n < packets && source.read(batch, 500) == ReadStatus::kPackets) {
    for (size_t i = 0; i < batch.count; i++, n++) {
      const Bytes got = batch.packets[i].bytes;
      Seen seen;
      if (const std::string wrong = look(got, seen); wrong != "") return wrong + " at " + std::to_string(n);
      const uint32_t ticks = seen.timestamp - traffic.stream_of(n) * bench::kTimestampFactor;
      if (n > 0 && ticks - ticks_before > 8000) return "the clock jumped at " + std::to_string(n);
      ticks_before = ticks;
      bench::Frame expected = traffic.constant();
      traffic.write(n, ticks, expected.data());
      if (std::memcmp(expected.data(), got.data, expected.size()) != 0)
        return "octets at " + std::to_string(n);
    }
  }
  return n == packets ? "right" : "arrived " + std::to_string(n);
}

}  // namespace

TEST_CASE("bench traffic: live frames written in the kernel are the same octets") {
  const std::string result = capture_test::in_namespace(
      [] {
        const RtpTraffic traffic(300, 5'000'000);
        return over_the_wire(traffic, 1000, [&] {
          return std::make_unique<bench::LiveFrames>(traffic, "probe0", "far0", false);
        });
      },
      false);
  if (result == capture_test::kRefused || result.starts_with("ERR_BENCH_GENERATOR")) {
    std::fprintf(stderr, "NOT RUN: live frames, which need root and Linux 5.18: %s\n", result.c_str());
    CHECK_MESSAGE(std::getenv("CI") == nullptr, "live frames have to be tested in CI");
    return;
  }
  CHECK(result == "right");
}

TEST_CASE("bench traffic: sendmmsg sends the same octets") {
  const std::string result = capture_test::in_namespace([] {
    const RtpTraffic traffic(300, 5'000'000);
    return over_the_wire(traffic, 1000,
                         [&] { return std::make_unique<bench::SocketSender>(traffic, "far0"); });
  });
  if (capture_test::not_run(result)) return;
  CHECK(result == "right");
}

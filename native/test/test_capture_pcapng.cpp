// The pcapng format: sections, interfaces, time units, packet blocks, damage.
#include <doctest/doctest.h>

#include <limits>

#include "core/capture/file_source.h"
#include "core/capture/pcapng_time.h"
#include "test_capture_support.h"

using namespace capture_test;
using rtpsonde::FileSource;
using rtpsonde::TickScale;

namespace {

struct Outcome {
  std::string packets;
  std::string problems;
};

Outcome read_bytes(const std::string& bytes) {
  const Folder folder;
  FileSource source({{folder.write("test.pcapng", bytes)}, false, ""});
  source.open();
  Outcome outcome;
  outcome.packets = packets_of(source);
  outcome.problems = folder.without_path(joined(source.problems()));
  return outcome;
}

int64_t ns(uint8_t resolution, uint64_t ticks, int64_t offset_seconds = 0) {
  TickScale scale;
  scale.set_resolution(resolution);
  scale.set_offset(offset_seconds);
  return scale.to_ns(ticks);
}

}  // namespace

TEST_CASE("pcapng: a little-endian section with one enhanced packet") {
  const Outcome outcome =
      read_bytes(hex("0a0d0d0a 1c000000 4d3c2b1a 0100 0000 ffffffffffffffff 1c000000"  // section header
                     "01000000 14000000"            // interface description
                     "0100 0000 00000400 14000000"  // Ethernet, snap length 262144
                     "06000000 28000000"            // enhanced packet
                     "00000000"                     // interface 0
                     "01000000 02000000"            // 2^32 + 2 us
                     "05000000 40000000"            // 5 of 64 octets
                     "0102030405 000000"            // padded
                     "28000000"));
  CHECK(outcome.packets == "4294.967298000 link1 5/64 0102030405\n");
  CHECK(outcome.problems == "");
}

TEST_CASE("pcapng: a big-endian section after a little-endian one, each with its own interfaces") {
  const std::string big =
      hex("0a0d0d0a 0000001c 1a2b3c4d 0001 0000 ffffffffffffffff 0000001c"
          "00000001 00000028 0071 0000 00000000"  // Linux cooked
          "0009 0001 09000000"                    // if_tsresol: nanoseconds
          "000e 0008 ffffffffffffffff"            // if_tsoffset: one second less; no end of options
          "00000028"
          "00000006 00000024 00000000 00000000 77359401 00000001 00000001 ab000000 00000024");
  const Outcome outcome = read_bytes(section() + interface(1) + enhanced_packet(0, 7, "a") + big + section() +
                                     interface(12) + enhanced_packet(0, 8, "b"));
  CHECK(outcome.packets ==
        "0.000007000 link1 1/1 61\n1.000000001 link113 1/1 ab\n0.000008000 link101 1/1 62\n");
  CHECK(outcome.problems == "");
}

TEST_CASE("pcapng: several interfaces with different link types and time units") {
  const std::string options_end = hex("0000 0000");
  const std::string bytes = section() + interface(1) +  // microseconds by default
                            interface(101, hex("0900 0100 09000000") + options_end) +  // nanoseconds
                            interface(276, hex("0900 0100 8a000000") + options_end) +  // 2^-10 s
                            interface(0, hex("0900 0100 00000000"                      // seconds
                                             "0e00 0800 6400000000000000") +           // plus 100 s
                                             options_end) +
                            enhanced_packet(0, 1'000'001, "a") + enhanced_packet(1, 1'000'000'001, "b") +
                            enhanced_packet(2, 1536, "c") + enhanced_packet(3, 5, "d");
  CHECK(read_bytes(bytes).packets ==
        "1.000001000 link1 1/1 61\n1.000000001 link101 1/1 62\n"
        "1.500000000 link276 1/1 63\n105.000000000 link0 1/1 64\n");
}

TEST_CASE("pcapng: ticks become nanoseconds in every unit, and are held at the ends of the range") {
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  constexpr uint64_t kMostTicks = std::numeric_limits<uint64_t>::max();
  CHECK(ns(0, 7) == 7'000'000'000);
  CHECK(ns(3, 7) == 7'000'000);
  CHECK(ns(9, 7) == 7);
  CHECK(ns(12, 7'999) == 7);
  CHECK(ns(28, kMostTicks) == 1);
  CHECK(ns(127, 7) == 0);
  CHECK(ns(0x80, 7) == 7'000'000'000);
  CHECK(ns(0x81, 7) == 3'500'000'000);
  CHECK(ns(0xa0, uint64_t{3} << 31) == 1'500'000'000);
  CHECK(ns(0xff, kMostTicks) == 0);
  CHECK(ns(0, kMostTicks) == kMost);
  CHECK(ns(9, kMostTicks) == kMost);
  CHECK(ns(0x80, kMostTicks) == kMost);
  CHECK(ns(9, 5, -1) == -999'999'995);
  CHECK(ns(9, 5, std::numeric_limits<int64_t>::max()) == kMost);
  CHECK(ns(9, 5, std::numeric_limits<int64_t>::min()) == -kMost + 5);
}

TEST_CASE("pcapng: simple packets have no time, and end at the snap length") {
  const Outcome outcome = read_bytes(section() + hex("01000000 14000000 0100 0000 02000000 14000000") +
                                     enhanced_packet(0, 5, "a") + block(3, le32(4) + "wxyz") +
                                     block(3, le32(100) + "wxyz") + block(3, le32(1) + "w___"));
  CHECK(outcome.packets ==
        "0.000005000 link1 1/1 61\n0.000005000 link1 2/4 7778\n"
        "0.000005000 link1 2/100 7778\n0.000005000 link1 1/1 77\n");
  CHECK(outcome.problems ==
        "test.pcapng: has packets without a time (simple packet blocks), which get the time of the packet "
        "before\n");
}

TEST_CASE("pcapng: the obsolete packet block has a short interface number and a drop count") {
  CHECK(read_bytes(section() + interface(1) +
                   block(2, hex("0000 ffff") + le32(0) + le32(3) + le32(2) + le32(9) + hex("abcd0000")))
            .packets == "0.000003000 link1 2/9 abcd\n");
}

TEST_CASE("pcapng: other blocks are stepped over, also when they are larger than the buffer") {
  const std::string bytes = section() + block(4, "names of hosts..") + interface(1) +
                            block(0x0bad, std::string(700'000, 'x')) + enhanced_packet(0, 1, "a") +
                            block(5, le32(0) + std::string(8, '\0')) + block(0x80000001, "") +
                            enhanced_packet(0, 2, "b") + block(10, std::string(3'000'000, 'k'));
  const Outcome outcome = read_bytes(bytes);
  CHECK(outcome.packets == "0.000001000 link1 1/1 61\n0.000002000 link1 1/1 62\n");
  CHECK(outcome.problems == "");
}

TEST_CASE("pcapng: a large block that breaks off, or whose ends disagree, is told") {
  const std::string head = section() + interface(1) + enhanced_packet(0, 1, "a");
  std::string large = block(0x0bad, std::string(700'000, 'x'));
  CHECK(read_bytes(head + large.substr(0, 500'000)).problems ==
        "test.pcapng breaks off after packet 1: the record at byte 84 has 500000 of 700012 bytes\n");
  large[large.size() - 1] = 1;
  CHECK(
      read_bytes(head + large).problems ==
      "test.pcapng is damaged after packet 1: at byte 84, the block begins with length 700012 and ends with "
      "length 17477228\n");
}

TEST_CASE("pcapng: packets of an interface that is not described are left out and told once") {
  const Outcome outcome =
      read_bytes(section() + interface(1) + enhanced_packet(0, 1, "a") + enhanced_packet(7, 2, "b") +
                 enhanced_packet(8, 3, "c") + enhanced_packet(0, 4, "d"));
  CHECK(outcome.packets == "0.000001000 link1 1/1 61\n0.000004000 link1 1/1 64\n");
  CHECK(outcome.problems ==
        "test.pcapng: packet 2 names interface 7, which the file does not describe; such packets are left "
        "out\n");
}

TEST_CASE("pcapng: cut at every octet, it gives the whole packets and one sentence") {
  const std::string parts[] = {section(), interface(1), enhanced_packet(0, 1, "abc"),
                               enhanced_packet(0, 2, "defgh")};
  const std::string lines[] = {"", "", "0.000001000 link1 3/3 616263\n",
                               "0.000002000 link1 5/5 6465666768\n"};
  std::string whole;
  for (const std::string& part : parts) whole += part;
  for (size_t cut = 28; cut <= whole.size(); cut++) {
    CAPTURE(cut);
    std::string packets;
    size_t number = 0;
    size_t at = 0;
    size_t full = 0;
    for (; full < 4 && at + parts[full].size() <= cut; full++) {
      packets += lines[full];
      number += lines[full].empty() ? 0 : 1;
      at += parts[full].size();
    }
    std::string problem;
    if (cut != at) {
      problem = "test.pcapng breaks off after packet " + std::to_string(number) + ": the record at byte " +
                std::to_string(at) + " has " + std::to_string(cut - at) + " of " +
                std::to_string(cut - at < 12 ? 12 : parts[full].size()) + " bytes\n";
    }
    const Outcome outcome = read_bytes(whole.substr(0, cut));
    CHECK(outcome.packets == packets);
    CHECK(outcome.problems == problem);
  }
}

TEST_CASE("pcapng: any octet damaged, the packets before it are right") {
  const std::string whole =
      section() + interface(1) + enhanced_packet(0, 1, "abc") + enhanced_packet(0, 2, "defgh");
  const size_t first_end = 28 + 20 + 36;
  for (size_t at = 12; at < whole.size(); at++) {
    for (const int change : {0x01, 0x80, 0xff}) {
      CAPTURE(at);
      CAPTURE(change);
      std::string damaged = whole;
      damaged[at] = static_cast<char>(damaged[at] ^ change);
      const std::string packets = read_bytes(damaged).packets;
      if (at >= first_end) CHECK(packets.substr(0, 29) == "0.000001000 link1 3/3 616263\n");
    }
  }
}

TEST_CASE("pcapng: what a block claims is checked before it is believed") {
  const std::string head = section() + interface(1);
  const auto problem = [&](const std::string& rest) {
    const std::string all = read_bytes(head + rest).problems;
    return all.substr(0, all.find('\n'));
  };
  CHECK(problem(le32(6) + le32(8) + std::string(64, 'x')) ==
        "test.pcapng is damaged after packet 0: at byte 48, a block of type 6 that claims 8 bytes");
  CHECK(problem(le32(6) + le32(0x7fffffff) + std::string(64, 'x')) ==
        "test.pcapng is damaged after packet 0: at byte 48, a block of type 6 that claims 2147483647 bytes");
  CHECK(problem(block(6, std::string(12, 'x'))) ==
        "test.pcapng is damaged after packet 0: at byte 48, a packet block of 24 bytes");
  CHECK(problem(block(6, le32(0) + le32(0) + le32(0) + le32(5) + le32(5) + "abcd")) ==
        "test.pcapng is damaged after packet 0: at byte 48, the packet claims 5 captured bytes in a block of "
        "36");
  CHECK(problem(block(0x0a0d0d0a, hex("00000000 0100 0000 ffffffffffffffff"))) ==
        "test.pcapng is damaged after packet 0: at byte 48, a section header without byte-order magic");
  CHECK(problem(block(0x0a0d0d0a, hex("4d3c2b1a 0200 0000 ffffffffffffffff"))) ==
        "test.pcapng is damaged after packet 0: at byte 48, pcapng version 2 is not known");
  CHECK(problem(le32(6) + le32(36) + std::string(24, '\0') + le32(40)) ==
        "test.pcapng is damaged after packet 0: at byte 48, the block begins with length 36 and ends with "
        "length 40");
}

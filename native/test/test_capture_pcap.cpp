// The classic pcap format: every variant of the header, and damage.
#include <doctest/doctest.h>

#include "core/capture/file_source.h"
#include "test_capture_support.h"

using namespace capture_test;
using rtpsonde::FileSource;

namespace {

struct Outcome {
  std::string packets;
  std::string problems;
};

Outcome read_bytes(const std::string& bytes) {
  const Folder folder;
  FileSource source({{folder.write("test.pcap", bytes)}, false, ""});
  source.open();
  Outcome outcome;
  outcome.packets = packets_of(source);
  outcome.problems = folder.without_path(joined(source.problems()));
  return outcome;
}

}  // namespace

TEST_CASE("pcap: a little-endian file in microseconds") {
  const Outcome outcome =
      read_bytes(hex("d4c3b2a1"   // magic: microseconds
                     "0200 0400"  // version 2.4
                     "00000000 00000000 ffff0000"
                     "01000000"           // Ethernet
                     "00e1f505 40420f00"  // 100000000 s, 1000000 us: a second too much, as some writers do
                     "03000000 40000000 aabbcc"                // 3 of 64 octets
                     "01e1f505 01000000 00000000 00000000"));  // an empty packet
  CHECK(outcome.packets == "100000001.000000000 link1 3/64 aabbcc\n100000001.000001000 link1 0/0 \n");
  CHECK(outcome.problems == "");
}

TEST_CASE("pcap: a big-endian file in microseconds") {
  const Outcome outcome =
      read_bytes(hex("a1b2c3d4 0002 0004 00000000 00000000 0000ffff"
                     "00000071"           // Linux cooked
                     "05f5e100 0000000f"  // 100000000 s, 15 us
                     "00000002 00000002 0102"));
  CHECK(outcome.packets == "100000000.000015000 link113 2/2 0102\n");
}

TEST_CASE("pcap: nanoseconds in both byte orders") {
  CHECK(read_bytes(hex("4d3cb2a1 0200 0400 00000000 00000000 ffff0000 14010000"
                       "00000080 ffc99a3b 01000000 01000000 ee"))
            .packets == "2147483648.999999999 link276 1/1 ee\n");
  CHECK(read_bytes(hex("a1b23c4d 0002 0004 00000000 00000000 0000ffff 00000000"
                       "ffffffff 00000001 00000001 00000001 ee"))
            .packets == "4294967295.000000001 link0 1/1 ee\n");
}

TEST_CASE("pcap: the modified variant has eight more octets in each record") {
  CHECK(read_bytes(hex("34cdb2a1 0200 0400 00000000 00000000 ffff0000 01000000"
                       "01000000 02000000 02000000 03000000 0500000000080001 cafe"))
            .packets == "1.000002000 link1 2/3 cafe\n");
}

TEST_CASE("pcap: the raw IP numbers of other systems become 101, and the FCS bits are no link type") {
  const std::string record = hex("01000000 00000000 01000000 01000000 45");
  const std::string head = hex("d4c3b2a1 0200 0400 00000000 00000000 ffff0000");
  CHECK(read_bytes(head + hex("0c000000") + record).packets == "1.000000000 link101 1/1 45\n");
  CHECK(read_bytes(head + hex("0e000000") + record).packets == "1.000000000 link101 1/1 45\n");
  CHECK(read_bytes(head + hex("01000024") + record).packets == "1.000000000 link1 1/1 45\n");
  CHECK(read_bytes(head + hex("e6000000") + record).packets == "1.000000000 link230 1/1 45\n");
}

TEST_CASE("pcap: times may go back inside one file") {
  CHECK(read_bytes(pcap_header() + pcap_record(9, 0, "a") + pcap_record(5, 0, "b")).packets ==
        "9.000000000 link1 1/1 61\n5.000000000 link1 1/1 62\n");
}

TEST_CASE("pcap: a wire length shorter than the captured one is not believed") {
  CHECK(read_bytes(pcap_header() + hex("01000000 00000000 03000000 01000000 aabbcc")).packets ==
        "1.000000000 link1 3/3 aabbcc\n");
}

TEST_CASE("pcap: cut at every octet, it gives the whole packets and one sentence") {
  const std::string whole =
      pcap_header() + pcap_record(1, 0, "abc") + pcap_record(2, 0, "") + pcap_record(3, 0, "defgh");
  const size_t ends[] = {24, 43, 59, 80};
  const std::string lines[] = {"1.000000000 link1 3/3 616263\n", "2.000000000 link1 0/0 \n",
                               "3.000000000 link1 5/5 6465666768\n"};
  for (size_t cut = 24; cut <= whole.size(); cut++) {
    CAPTURE(cut);
    std::string packets;
    size_t records = 0;
    while (records < 3 && ends[records + 1] <= cut) packets += lines[records++];
    std::string problem;
    if (cut != ends[records]) {
      const size_t there = cut - ends[records];
      const size_t length = there < 16 ? 16 : ends[records + 1] - ends[records];
      problem = "test.pcap breaks off after packet " + std::to_string(records) + ": the record at byte " +
                std::to_string(ends[records]) + " has " + std::to_string(there) + " of " +
                std::to_string(length) + " bytes\n";
    }
    const Outcome outcome = read_bytes(whole.substr(0, cut));
    CHECK(outcome.packets == packets);
    CHECK(outcome.problems == problem);
  }
}

TEST_CASE("pcap: any octet damaged, the packets before it are right") {
  const std::string whole = pcap_header() + pcap_record(1, 0, "abc") + pcap_record(2, 0, "defgh");
  for (size_t at = 24; at < whole.size(); at++) {
    for (const int change : {0x01, 0x80, 0xff}) {
      CAPTURE(at);
      CAPTURE(change);
      std::string damaged = whole;
      damaged[at] = static_cast<char>(damaged[at] ^ change);
      const std::string packets = read_bytes(damaged).packets;
      if (at >= 43) CHECK(packets.substr(0, 29) == "1.000000000 link1 3/3 616263\n");
    }
  }
}

TEST_CASE("pcap: a record that claims more than a mebibyte is damage") {
  const std::string good = pcap_header() + pcap_record(1, 0, "abc");
  const Outcome outcome =
      read_bytes(good + hex("02000000 00000000 01001000 01001000") + std::string(1 << 21, 'x'));
  CHECK(outcome.packets == "1.000000000 link1 3/3 616263\n");
  CHECK(outcome.problems ==
        "test.pcap is damaged after packet 1: at byte 43, the record claims 1048577 captured bytes\n");
}

TEST_CASE("pcap: zeros at the end, as a power cut leaves them, are damage and not packets") {
  const Outcome outcome = read_bytes(pcap_header() + pcap_record(1, 0, "abc") + std::string(4096, '\0'));
  CHECK(outcome.packets == "1.000000000 link1 3/3 616263\n");
  CHECK(outcome.problems == "test.pcap is damaged after packet 1: at byte 43, the record is all zeros\n");
}

TEST_CASE("pcap: packets larger than the buffer, and views that hold until the next read") {
  const Folder folder;
  std::string bytes = pcap_header();
  for (uint32_t i = 0; i < 40; i++) {
    bytes +=
        pcap_record(i + 1, 0, std::string(i % 8 == 7 ? 1 << 20 : 9000 + i, static_cast<char>('a' + i % 26)));
  }
  FileSource source({{folder.write("test.pcap", bytes)}, false, ""});
  source.open();
  rtpsonde::PacketBatch batch;
  uint32_t seen = 0;
  while (source.read(batch, 0) == rtpsonde::ReadStatus::kPackets) {
    for (size_t i = 0; i < batch.count; i++, seen++) {
      const rtpsonde::PacketView& packet = batch.packets[i];
      const std::string expected(seen % 8 == 7 ? 1 << 20 : 9000 + seen, static_cast<char>('a' + seen % 26));
      CHECK(packet.ts_ns == int64_t{seen + 1} * 1'000'000'000);
      const bool same =
          std::string_view(reinterpret_cast<const char*>(packet.bytes.data), packet.bytes.size) == expected;
      CHECK(same);
    }
  }
  CHECK(seen == 40);
  CHECK(source.stats().bytes_read == bytes.size());
  CHECK(source.stats().bytes_total == bytes.size());
}

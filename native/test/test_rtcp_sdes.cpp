// Source descriptions, goodbyes and application packets: RFC 3550 6.5 to 6.7.
#include <doctest/doctest.h>

#include "test_rtcp_support.h"

using namespace rtcp_test;

TEST_CASE("A source description has chunks of items") {
  // CNAME "ab", TOOL "x", the zeros; then another source with CNAME "abc" and NOTE "".
  CHECK(read_text("83ca 0008 0000002a 0102 6162 0601 78 00 "
                  "0000002b 0103 616263 0700 00 0000002c 00000000") ==
        "sdes-item,ssrc:0x0000002a,type:1,text:6162\n"
        "sdes-item,ssrc:0x0000002a,type:6,text:78\n"
        "sdes-item,ssrc:0x0000002b,type:1,text:616263\n"
        "sdes-item,ssrc:0x0000002b,type:7,text:\n");
}

TEST_CASE("The end of a chunk fills up a word, or is a word of its own") {
  CHECK(read_text("82ca 0006 0000002a 0102 6162 00000000 0000002b 0101 61 00 00000000") ==
        "sdes-item,ssrc:0x0000002a,type:1,text:6162\n"
        "sdes-item,ssrc:0x0000002b,type:1,text:61\n");
  // The last item fills the packet: no zeros are left, as some senders do.
  CHECK(read_text("81ca 0002 0000002a 0102 6162") == "sdes-item,ssrc:0x0000002a,type:1,text:6162\n");
}

TEST_CASE("A private item has a name and a value") {
  CHECK(read_text("81ca 0003 0000002a 0805 02 7879 6162 00") ==
        "sdes-item,ssrc:0x0000002a,type:8,text:6162,prefix:7879\n");
  // A name longer than the item is no name.
  CHECK(read_text("81ca 0003 0000002a 0805 05 7879 6162 00") ==
        "sdes-item,ssrc:0x0000002a,type:8,text:0578796162,prefix:\n");
}

TEST_CASE("An item longer than its packet ends the reading") {
  CHECK(read_text("82ca 0005 0000002a 0102 6162 00000000 0000002b 0103 6162") ==
        "sdes-item,ssrc:0x0000002a,type:1,text:6162\n1 damaged packets\n");
  CHECK(read_text("82ca 0003 0000002a 0102 6162 00000000") ==
        "sdes-item,ssrc:0x0000002a,type:1,text:6162\n1 damaged packets\n");
}

TEST_CASE("A goodbye names all sources that leave, and perhaps why") {
  CHECK(read_text("81cb 0001 0000002a") == "bye,ssrc:0x0000002a,reason:\n");
  CHECK(read_text("82cb 0003 0000002a 0000002b 03 627965") ==
        "bye,ssrc:0x0000002a,reason:627965\nbye,ssrc:0x0000002b,reason:627965\n");
  // A reason longer than its packet is none.
  CHECK(read_text("81cb 0002 0000002a 04 627965") == "bye,ssrc:0x0000002a,reason:\n");
  CHECK(read_text("82cb 0001 0000002a") == "1 damaged packets\n");
  CHECK(read_text("80cb 0000").empty());
}

TEST_CASE("An application packet has a name, a subtype and data") {
  CHECK(read_text("83cc 0003 0000002a 6e616d65 64617461") ==
        "app,ssrc:0x0000002a,subtype:3,name:6e616d65,data:64617461\n");
  CHECK(read_text("83cc 0001 0000002a") == "1 damaged packets\n");
}

TEST_CASE("Of descriptions that were cut, what was captured whole is read") {
  const rtp_test::Octets octets(
      "81c9 0007 0000002a 00000001 40000005 0002ffff 00000064 b7052000 00054000"
      "81ca 0004 0000002a 0102 6162 0103 636465 00 0000");
  for (uint32_t cut = 32; cut < octets.size(); cut++) {
    std::string lines;
    tools::RtcpPrinter printer(lines);
    const rtpsonde::RtcpRead read = rtpsonde::read_rtcp(octets.bytes().first(cut), octets.size(), printer);
    const std::string text = plain(lines);
    INFO(cut);
    CHECK((text.find("type:1,text:6162\n") != std::string::npos) == (cut >= 44));
    CHECK((text.find("type:1,text:636465\n") != std::string::npos) == (cut >= 49));
    CHECK(read.end == rtpsonde::RtcpEnd::kCut);
  }
}

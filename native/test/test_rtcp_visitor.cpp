// read_rtcp: whole compounds, reduced size, padding, and cuts at every length.
#include <doctest/doctest.h>

#include "test_rtcp_support.h"

using namespace rtcp_test;

namespace {

const std::string kReport = "80c8 0006 0000002a e8000000 80000000 00000140 00000010 00000a00 ";
const std::string kDescription = "81ca 0003 0000002a 0103 616263 000000 ";
const std::string kReportText =
    "sender-info,sender:0x0000002a,ntp:e800000080000000,rtpTimestamp:320,packets:16,octets:2560\n";
const std::string kDescriptionText = "sdes-item,ssrc:0x0000002a,type:1,text:616263\n";
const std::string kTime = "80cf 0004 0000002a 0400 0002 e8000001 80000000 ";
const std::string kTimeText =
    "xr,blockType:4,name:receiver reference time,words:2,specific:0,sender:0x0000002a,ntp:e800000180000000\n";

}  // namespace

TEST_CASE("Everything of a compound is handed out in its order") {
  CHECK(read_text(kReport + kDescription + kTime + "81cb 0001 0000002a") ==
        kReportText + kDescriptionText + kTimeText + "bye,ssrc:0x0000002a,reason:\n");
}

// RFC 5506.
TEST_CASE("An XR or feedback packet comes first, or alone") {
  CHECK(read_text(kTime) == kTimeText);
  CHECK(read_text(kTime + kReport) == kTimeText + kReportText);
  CHECK(read_text("81ce 0002 0000002a 00000009") ==
        "feedback,kind:pli,type:206,format:1,sender:0x0000002a,media:0x00000009,fciOctets:0\n");
}

TEST_CASE("Padding is taken off the last packet, and spoils a compound in front of others") {
  CHECK(read_text(kReport + "a1ca 0004 0000002a 0103 616263 000000 00000004") ==
        kReportText + kDescriptionText);
  CHECK(read_text("a0cf 0005 0000002a 0400 0002 e8000001 80000000 00000004") == kTimeText);
  CHECK(read_text("a0c8 0007 0000002a e8000000 80000000 00000140 00000010 00000a00 00000004" +
                  kDescription) == kReportText + "damaged\n");
}

TEST_CASE("Packets of other types are stepped over by their length") {
  const Result result = read(kReport + "80d0 0001 0000002a" + "80c2 0000" + kTime);
  CHECK(result.text == kReportText + kTimeText);
  CHECK(result.read.packets == 4);
}

TEST_CASE("A packet with wrong content does not stop the next one") {
  CHECK(read_text("82cb 0001 0000002a" + kTime) == kTimeText + "1 damaged packets\n");
}

TEST_CASE("A cut at any length gives what was there before it, and says so") {
  const std::string whole = kReport + kDescription + kTime + "81cb 0001 0000002a";
  const rtp_test::Octets octets(whole);
  size_t before = 0;
  for (uint32_t cut = 4; cut < octets.size(); cut++) {
    INFO(cut);
    std::string lines;
    tools::RtcpPrinter printer(lines);
    const rtpsonde::RtcpRead read = rtpsonde::read_rtcp(octets.bytes().first(cut), octets.size(), printer);
    const std::string text = plain(lines);
    CHECK(read.end == rtpsonde::RtcpEnd::kCut);
    CHECK(read.damaged_packets == 0);
    CHECK(read.dropped_blocks == 0);
    CHECK((kReportText + kDescriptionText + kTimeText).substr(0, text.size()) == text);
    CHECK(text.size() >= before);
    before = text.size();
  }
  CHECK(before == (kReportText + kDescriptionText + kTimeText).size());
}

TEST_CASE("A compound that is short on the wire loses no more than its last packet") {
  const std::string whole = kReport + kTime;
  const rtp_test::Octets octets(whole);
  for (uint32_t length = 28; length < octets.size(); length++) {
    INFO(length);
    std::string lines;
    tools::RtcpPrinter printer(lines);
    const rtpsonde::RtcpRead read = rtpsonde::read_rtcp(octets.bytes().first(length), length, printer);
    CHECK(plain(lines) == kReportText);
    CHECK(read.end == (length == 28 ? rtpsonde::RtcpEnd::kWhole : rtpsonde::RtcpEnd::kDamaged));
  }
}

TEST_CASE("A visitor that is interested in nothing is given everything in vain") {
  rtpsonde::RtcpVisitor nothing;
  const rtp_test::Octets octets(kReport + kDescription + kTime);
  CHECK(rtpsonde::read_rtcp(octets.bytes(), octets.size(), nothing).packets == 3);
}

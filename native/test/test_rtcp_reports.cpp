// Sender and receiver reports: RFC 3550 6.4, and what a cut leaves of them.
#include <doctest/doctest.h>

#include "test_rtcp_support.h"

using namespace rtcp_test;

namespace {

//                             SSRC     NTP               RTP      packets  octets
const std::string kSenderReport = "80c8 0006 0000002a e8000001 80000000 00000140 00000010 00000a00 ";
//                      SSRC     F  lost   highest  jitter   LSR      DLSR
const std::string kBlock = "00000001 40 000005 0002ffff 00000064 b7052000 00054000 ";
const std::string kSenderText =
    "sender-info,sender:0x0000002a,ntp:e800000180000000,rtpTimestamp:320,packets:16,octets:2560\n";
const std::string kBlockText =
    "report-block,sender:0x0000002a,ssrc:0x00000001,fractionLost:64,cumulativeLost:5,"
    "highestSequence:196607,jitter:100,lsr:3070566400,dlsr:344064\n";

}  // namespace

TEST_CASE("A sender report tells of its sender and of the streams it receives") {
  CHECK(read_text(kSenderReport) == kSenderText);
  CHECK(read_text("81c8 000c" + kSenderReport.substr(9) + kBlock) == kSenderText + kBlockText);
}

TEST_CASE("A receiver report has blocks alone, up to 31") {
  CHECK(read_text("81c9 0007 0000002a " + kBlock) == kBlockText);
  std::string digits = "9fc9 00bb 0000002a ";
  std::string text;
  for (int i = 0; i < 31; i++) {
    digits += kBlock;
    text += kBlockText;
  }
  CHECK(read_text(digits) == text);
  CHECK(read_text("80c9 0001 0000002a").empty());
}

TEST_CASE("Cumulative loss has a sign in 24 bits") {
  const std::string head = "81c9 0007 0000002a 00000001 00 ";
  const std::string tail = " 0002ffff 00000064 b7052000 00054000";
  const auto lost = [&](const std::string& digits) {
    const std::string text = read_text(head + digits + tail);
    const size_t at = text.find("cumulativeLost:") + 15;
    return text.substr(at, text.find(',', at) - at);
  };
  CHECK(lost("ffffff") == "-1");
  CHECK(lost("800000") == "-8388608");
  CHECK(lost("7fffff") == "8388607");
}

TEST_CASE("The middle of the NTP time is what an LSR echoes, and DLSR is in 1/65536 s") {
  const rtpsonde::SenderInfo info{.ntp = 0x1234b70520001234};
  CHECK(info.ntp_middle() == 0xb7052000);
  const rtpsonde::ReportBlock block{.dlsr = 0x00054000};
  CHECK(block.dlsr_ms() == 5250.0);
}

TEST_CASE("Profile-specific extensions are stepped over") {
  CHECK(read_text("80c8 0008" + kSenderReport.substr(9) + "01020304 05060708 80c9 0001 0000002b") ==
        kSenderText);
  CHECK(read_text("81c9 0009 0000002a " + kBlock + "01020304 05060708") == kBlockText);
}

TEST_CASE("More blocks than there is room for make a report useless") {
  CHECK(read_text("82c9 0007 0000002a " + kBlock) == "1 damaged packets\n");
  CHECK(read_text("81c8 000b" + kSenderReport.substr(9) + kBlock.substr(0, 45)) == "1 damaged packets\n");
  // The padding takes the room away.
  CHECK(read_text("a1c9 0007 0000002a 00000001 40000005 0002ffff 00000064 b7052000 00000004") ==
        "1 damaged packets\n");
}

TEST_CASE("Of a report that was cut, what was captured whole is read") {
  const std::string whole = "82c8 0012" + kSenderReport.substr(9) + kBlock + kBlock;
  const rtp_test::Octets octets(whole);
  for (uint32_t cut = 4; cut < octets.size(); cut++) {
    std::string lines;
    tools::RtcpPrinter printer(lines);
    const rtpsonde::RtcpRead read = rtpsonde::read_rtcp(octets.bytes().first(cut), octets.size(), printer);
    INFO(cut);
    const std::string expected =
        (cut >= 28 ? kSenderText : "") + (cut >= 52 ? kBlockText : "") + (cut >= 76 ? kBlockText : "");
    CHECK(plain(lines) == expected);
    CHECK(read.end == rtpsonde::RtcpEnd::kCut);
  }
}

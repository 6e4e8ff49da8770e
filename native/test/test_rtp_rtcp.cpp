// RTCP compound packets: RFC 3550 6.1 and A.2, RFC 5506, and what SRTCP looks like.
#include <doctest/doctest.h>

#include "core/rtp/rtcp.h"
#include "test_rtp_support.h"

using namespace rtpsonde;

namespace {

const std::string kSender = "0000002a ";
// Sender report without blocks: SSRC, NTP, RTP time, packets, octets.
const std::string kReport = "80c8 0006 " + kSender + "e8000000 80000000 00000140 00000010 00000a00 ";
// Receiver report with one block.
const std::string kReceiver =
    "81c9 0007 " + kSender + "00000001 00000000 00000064 00000003 b7052000 00054000 ";
// CNAME "abc".
const std::string kDescription = "81ca 0003 " + kSender + "0103 616263 000000 ";
const std::string kBye = "81cb 0001 " + kSender;

// Every packet of the compound, and how the walk ends.
std::string walk(const std::string& digits, uint32_t wire_len = 0) {
  const rtp_test::Octets octets(digits);
  RtcpReader reader(octets.bytes(), wire_len > 0 ? wire_len : octets.size());
  RtcpPacket p;
  std::string text;
  for (;;) {
    switch (reader.next(p)) {
      case RtcpStep::kEnd:
        return text + "end";
      case RtcpStep::kCut:
        return text + "cut";
      case RtcpStep::kMalformed:
        return text + "malformed";
      case RtcpStep::kPacket:
        text += std::to_string(p.type) + "(" + std::to_string(p.count) + ") " + std::to_string(p.body.size);
        if (p.body.size != p.body_len) text += " of " + std::to_string(p.body_len);
        text += " octets";
        if (p.padding > 0) text += ", " + std::to_string(p.padding) + " padding";
        text += "; ";
    }
  }
}

// Whether the lengths add up as far as can be seen, how many packets there are, and who
// sent the first one: every type begins with the SSRC of its sender, an empty BYE or SDES
// apart, and so does what follows the header of a damaged first packet.
std::string inspect(const std::string& digits, uint32_t wire_len = 0) {
  const rtp_test::Octets octets(digits);
  const Bytes payload = octets.bytes();
  RtcpReader reader(payload, wire_len > 0 ? wire_len : octets.size());
  RtcpPacket packet;
  uint32_t packets = 0;
  std::string sender;
  RtcpStep step;
  while ((step = reader.next(packet)) == RtcpStep::kPacket) {
    if (packets++ == 0 && packet.body.size >= 4) sender = std::to_string(packet.body.be32(0));
  }
  const bool malformed = step == RtcpStep::kMalformed;
  if (malformed && sender.empty() && payload.has(4, 4)) sender = std::to_string(payload.be32(4));
  return std::string(!malformed && packets > 0 ? "well-formed, " : "malformed, ") + std::to_string(packets) +
         " packets" + (sender.empty() ? "" : " from " + sender);
}

}  // namespace

TEST_CASE("A compound is read packet by packet") {
  CHECK(walk(kReport + kDescription) == "200(0) 24 octets; 202(1) 12 octets; end");
  CHECK(walk(kReceiver + kDescription + kBye) == "201(1) 28 octets; 202(1) 12 octets; 203(1) 4 octets; end");
  CHECK(inspect(kReport + kDescription) == "well-formed, 2 packets from 42");
}

// RFC 5506: a feedback packet or XR may come alone.
TEST_CASE("A reduced-size packet needs no report before it") {
  CHECK(inspect("81ce 0002 " + kSender + "00000001") == "well-formed, 1 packets from 42");
  CHECK(inspect("80cf 0004 " + kSender + "0400 0002 e8000000 80000000") == "well-formed, 1 packets from 42");
}

TEST_CASE("The last packet may be padded, and no other") {
  CHECK(walk(kReport + "a1cb 0002 " + kSender + "00000004") ==
        "200(0) 24 octets; 203(1) 8 octets, 4 padding; end");
  CHECK(walk("a1cb 0002 " + kSender + "00000004" + kReport) == "203(1) 8 octets, 4 padding; malformed");
}

TEST_CASE("Padding that is none, too long or no multiple of four cannot be") {
  CHECK(walk("a1cb 0002 " + kSender + "00000000") == "malformed");
  CHECK(walk("a1cb 0002 " + kSender + "0000000c") == "malformed");
  CHECK(walk("a1cb 0002 " + kSender + "00000003") == "malformed");
  CHECK(walk("a0c9 0000") == "malformed");
}

TEST_CASE("A compound cut by the snap length is well-formed as far as it goes") {
  CHECK(walk(kReport, 44) == "200(0) 24 octets; cut");
  CHECK(walk("80c8 0006 0000002a e8000000", 44) == "200(0) 8 of 24 octets; cut");
  CHECK(walk("80c8 0006 0000002a e8000000", 28) == "200(0) 8 of 24 octets; end");
  CHECK(walk("a0c8 0006 0000002a e8000000", 28) == "200(0) 8 of 24 octets; end");
  CHECK(inspect("80c8 0006 0000002a e8000000", 44) == "well-formed, 1 packets from 42");
  CHECK(inspect("80c8 0006 0000", 44) == "well-formed, 1 packets");
  CHECK(inspect("80c8 00", 44) == "malformed, 0 packets");
}

TEST_CASE("Lengths that do not add up are malformed") {
  CHECK(walk("80c8 0007 0000002a e8000000 80000000 00000140 00000010 00000a00") == "malformed");
  CHECK(walk(kReport + "81ca 0004 " + kSender + "0103 616263 000000") == "200(0) 24 octets; malformed");
  CHECK(walk(kReport + "81ca") == "200(0) 24 octets; malformed");
  CHECK(inspect(kReport + "00") == "malformed, 1 packets from 42");
}

TEST_CASE("Another version or type inside is malformed") {
  CHECK(walk(kReport + "41ca 0001 " + kSender) == "200(0) 24 octets; malformed");
  CHECK(walk(kReport + "8100 0001 " + kSender) == "200(0) 24 octets; malformed");
  CHECK(walk("80bf 0000") == "malformed");
  CHECK(walk("80e0 0000") == "malformed");
  CHECK(walk("80c0 0000 80df 0000") == "192(0) 0 octets; 223(0) 0 octets; end");
}

// RFC 3711 3.4: all but the first 8 octets is encrypted; then E flag with index,
// and the authentication tag.
TEST_CASE("SRTCP does not add up, but shows who sends it") {
  const std::string trailer = "80000001 00112233445566778899";
  CHECK(inspect(kReport + trailer) == "malformed, 1 packets from 42");
  CHECK(inspect(kReport + "f3a1 77c0 9b00 15de 6ad2 0e4f 11c0 9a3d " + trailer) ==
        "malformed, 1 packets from 42");
  CHECK(inspect("a0c8 0006 " + kSender + "93a1 77c0 9b00 15de 6ad2 0e4f 11c0 9a3d 00000000 " + trailer) ==
        "malformed, 0 packets from 42");
}

TEST_CASE("A packet without a sender is no stranger for it") {
  CHECK(inspect("80cb 0000 80c9 0001 " + kSender) == "well-formed, 2 packets");
  CHECK(inspect("80cb 0000") == "well-formed, 1 packets");
  CHECK(inspect("") == "malformed, 0 packets");
}

TEST_CASE("What was malformed stays so") {
  const rtp_test::Octets octets("a0c9 0000");
  RtcpReader reader(octets.bytes(), octets.size());
  RtcpPacket packet;
  CHECK(reader.next(packet) == RtcpStep::kMalformed);
  CHECK(reader.next(packet) == RtcpStep::kMalformed);
}

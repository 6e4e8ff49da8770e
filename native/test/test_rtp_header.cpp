// The RTP header (RFC 3550 5.1), octet by octet.
#include <doctest/doctest.h>

#include "core/rtp/rtp_header.h"
#include "test_rtp_support.h"

using namespace rtpsonde;

namespace {

// What the parser says; `wire_len` where a snap length cut the datagram.
std::string parse(const std::string& digits, uint32_t wire_len = 0) {
  const rtp_test::Octets octets(digits);
  RtpHeader h;
  switch (parse_rtp(octets.bytes(), wire_len > 0 ? wire_len : octets.size(), h)) {
    case RtpParse::kTooShort:
      return "too short";
    case RtpParse::kTruncated:
      return "truncated";
    case RtpParse::kMalformed:
      return "malformed";
    case RtpParse::kOk:
      break;
  }
  return "type " + std::to_string(h.payload_type) + (h.marker ? " marked" : "") + ", seq " +
         std::to_string(h.sequence) + ", timestamp " + std::to_string(h.timestamp) + ", ssrc " +
         std::to_string(h.ssrc) + ", " + std::to_string(h.payload_octets) + " octets";
}

// The twelve octets without their first: no marker, type 8, number 0x1234.
const std::string kRest = "08 1234 00000140 0000002a ";
const std::string kRead = "type 8, seq 4660, timestamp 320, ssrc 42, ";

}  // namespace

TEST_CASE("The fixed header is read, and what follows is the payload") {
  CHECK(parse("80 08 1234 00000140 0000002a d5d5d5d5") == kRead + "4 octets");
  CHECK(parse("80 88 1234 00000140 0000002a d5d5d5d5") ==
        "type 8 marked, seq 4660, timestamp 320, ssrc 42, 4 octets");
  CHECK(parse("80 ff ffff ffffffff ffffffff") ==
        "type 127 marked, seq 65535, timestamp 4294967295, ssrc 4294967295, 0 octets");
}

TEST_CASE("CSRC identifiers belong to the header") {
  CHECK(parse("82" + kRest + "00000001 00000002 d5d5") == kRead + "2 octets");
  CHECK(parse("82" + kRest + "00000001 00000002") == kRead + "0 octets");
  CHECK(parse("82" + kRest + "00000001 000000") == "malformed");
}

TEST_CASE("A header extension belongs to the header") {
  CHECK(parse("90" + kRest + "bede 0000 d5") == kRead + "1 octets");
  CHECK(parse("90" + kRest + "bede 0001 10aa0000 d5d5") == kRead + "2 octets");
  CHECK(parse("91" + kRest + "00000001 bede 0001 10aa0000 d5d5d5") == kRead + "3 octets");
  CHECK(parse("90" + kRest + "bede 0002 10aa0000") == "malformed");
}

TEST_CASE("A header extension without room for its length cannot be") {
  CHECK(parse("90" + kRest) == "malformed");
  CHECK(parse("90" + kRest + "bede 00") == "malformed");
  CHECK(parse("90" + kRest, 15) == "malformed");
}

TEST_CASE("Padding is taken off, and its count is part of it") {
  CHECK(parse("a0" + kRest + "d5d5 00000004") == kRead + "2 octets");
  CHECK(parse("a0" + kRest + "00000004") == kRead + "0 octets");
  CHECK(parse("a0" + kRest + "d5 01") == kRead + "1 octets");
  CHECK(parse("b1" + kRest + "00000001 bede 0001 10aa0000 d5 0002") == kRead + "1 octets");
}

TEST_CASE("Padding of 0 octets or of more than there are cannot be") {
  CHECK(parse("a0" + kRest + "d5d5 00000000") == "malformed");
  CHECK(parse("a0" + kRest + "00000005") == "malformed");
  CHECK(parse("a0" + kRest) == "malformed");
}

TEST_CASE("A datagram cut by the snap length is read as far as it goes") {
  CHECK(parse("80" + kRest + "d5", 172) == kRead + "160 octets");
  CHECK(parse("80" + kRest, 172) == kRead + "160 octets");
  CHECK(parse("8f" + kRest, 72) == kRead + "0 octets");
  CHECK(parse("8f" + kRest, 71) == "malformed");
  CHECK(parse("80 08 1234 00000140 000000", 172) == "truncated");
  CHECK(parse("", 172) == "truncated");
}

TEST_CASE("Extension and padding that were cut off count as payload") {
  CHECK(parse("90" + kRest + "bede 00", 172) == kRead + "160 octets");
  CHECK(parse("90" + kRest + "bede 0001", 172) == kRead + "152 octets");
  CHECK(parse("90" + kRest + "bede ffff", 172) == "malformed");
  CHECK(parse("a0" + kRest + "d5d5", 172) == kRead + "160 octets");
}

TEST_CASE("Fewer than 12 octets are too short") {
  CHECK(parse("80 08 1234 00000140 000000") == "too short");
  CHECK(parse("") == "too short");
}

TEST_CASE("Another version than 2 is not RTP") {
  CHECK(parse("00" + kRest) == "malformed");
  CHECK(parse("40" + kRest) == "malformed");
  CHECK(parse("c0" + kRest) == "malformed");
}

// The headers of redundant audio payloads (RFC 2198), octet by octet.
#include <doctest/doctest.h>

#include "core/rtp/red.h"
#include "core/rtp/rtp_payload.h"
#include "test_rtp_support.h"

using namespace rtpsonde;

namespace {

// What the parser says; `octets` where a snap length cut the payload.
std::string parse(const std::string& digits, uint32_t octets = 0) {
  const rtp_test::Octets payload(digits);
  RedPayload red;
  switch (parse_red(payload.bytes(), octets > 0 ? octets : payload.size(), red)) {
    case RedParse::kTruncated:
      return "truncated";
    case RedParse::kMalformed:
      return "malformed";
    case RedParse::kOk:
      break;
  }
  std::string text;
  for (const RedBlock& block : red) {
    text += "type " + std::to_string(block.payload_type) + " -" + std::to_string(block.timestamp_offset) +
            " " + std::to_string(block.octets) + " octets, ";
  }
  return text + "primary type " + std::to_string(red.primary_payload_type) + " " +
         std::to_string(red.primary_octets) + " octets";
}

std::string repeat(const std::string& digits, int times) {
  std::string text;
  for (int i = 0; i < times; i++) text += digits;
  return text;
}

}  // namespace

TEST_CASE("One redundant block, as a sender with a distance of 1 lays it out") {
  // F=1 type 111, offset 960 = 0b00001111000000, length 3 = 0b0000000011; F=0 type 111; blocks
  CHECK(parse("ef 0f0003 6f aaaaaa bbbbbbbb") == "type 111 -960 3 octets, primary type 111 4 octets");
}

TEST_CASE("Two redundant blocks of another codec, the older first") {
  // type 7 offset 320 length 2, type 7 offset 160 length 2, then type 0 and its media
  CHECK(parse("87 050002 87 028002 00 1111 2222 d5d5d5") ==
        "type 7 -320 2 octets, type 7 -160 2 octets, primary type 0 3 octets");
}

TEST_CASE("The fields reach to their ends") {
  CHECK(parse("ff ffffff 7f", 5 + 1023) == "type 127 -16383 1023 octets, primary type 127 0 octets");
  CHECK(parse("80 000000 00") == "type 0 -0 0 octets, primary type 0 0 octets");
}

TEST_CASE("A packet without redundancy has the last header alone") {
  CHECK(parse("00 d5d5") == "primary type 0 2 octets");
  CHECK(parse("6f") == "primary type 111 0 octets");
}

TEST_CASE("The headers suffice when the snap length cut the media") {
  CHECK(parse("ef 0f0028 6f", 100) == "type 111 -960 40 octets, primary type 111 55 octets");
}

TEST_CASE("A cut inside the headers is told apart from headers that cannot be") {
  CHECK(parse("ef 0f0028", 100) == "truncated");
  CHECK(parse("ef 0f", 100) == "truncated");
  CHECK(parse("", 100) == "truncated");
  CHECK(parse("ef 0f0028") == "malformed");  // no last header
  CHECK(parse("ef 0f00") == "malformed");
  CHECK(parse("") == "malformed");
}

TEST_CASE("Blocks longer than the payload cannot be") {
  CHECK(parse("ef 0f0003 6f aaaaaa") == "type 111 -960 3 octets, primary type 111 0 octets");
  CHECK(parse("ef 0f0004 6f aaaaaa") == "malformed");
  CHECK(parse("ef 0f03ff ef 0f03ff 6f", 9 + 2045) == "malformed");
}

TEST_CASE("More than 32 redundant blocks are not believed") {
  CHECK(parse(repeat("87 000000", 32) + "00") ==
        repeat("type 7 -0 0 octets, ", 32) + "primary type 0 0 octets");
  CHECK(parse(repeat("87 000000", 33) + "00") == "malformed");
  CHECK(parse(repeat("ff", 1500)) == "malformed");
}

TEST_CASE("The payload of a packet begins behind CSRC list and header extension") {
  const auto payload_of = [](const std::string& digits, uint32_t wire_len) {
    const rtp_test::Octets packet(digits);
    RtpHeader header{};
    REQUIRE(parse_rtp(packet.bytes(), wire_len, header) == RtpParse::kOk);
    const Bytes payload = rtp_payload(packet.bytes(), header);
    std::string text =
        std::to_string(payload.size) + " of " + std::to_string(header.payload_octets) + " octets";
    if (payload.size > 0) text += ", first " + std::to_string(payload.u8(0));
    return text;
  };
  const std::string rest = " 00 0001 00000000 0000002a ";
  CHECK(payload_of("80" + rest + "07d5", 14) == "2 of 2 octets, first 7");
  CHECK(payload_of("81" + rest + "00000001 07d5", 18) == "2 of 2 octets, first 7");
  CHECK(payload_of("91" + rest + "00000001 bede 0001 10aa0000 07", 28) == "1 of 4 octets, first 7");
  CHECK(payload_of("a0" + rest + "07d5 0002", 16) == "2 of 2 octets, first 7");  // padding
  CHECK(payload_of("90" + rest + "bede 00", 172) == "0 of 160 octets");
  CHECK(payload_of("80" + rest, 172) == "0 of 160 octets");
  CHECK(payload_of("8f" + rest + "07", 172) == "0 of 100 octets");
}

// RTP header extensions (RFC 8285) and the transmission offset (RFC 5450), octet by octet.
#include <doctest/doctest.h>

#include <cstdio>

#include "core/rtp/header_extension.h"
#include "test_rtp_support.h"

using namespace rtpsonde;

namespace {

const std::string kFixed = "90 60 0001 00000000 0000002a ";

// The element in hex, "none", or "empty" for one without octets.
std::string find(const std::string& digits, uint8_t id) {
  const rtp_test::Octets packet(digits);
  const Bytes element = find_extension(packet.bytes(), id);
  if (element.data == nullptr) return "none";
  if (element.size == 0) return "empty";
  std::string text;
  for (size_t i = 0; i < element.size; i++) {
    char pair[3];
    std::snprintf(pair, sizeof pair, "%02x", element.u8(i));
    text += pair;
  }
  return text;
}

}  // namespace

TEST_CASE("Elements of the one-byte form, with padding between") {
  // The example of RFC 8285 4.2: IDs 1, 2, 3 with 1, 2 and 4 octets
  const std::string packet = kFixed + "bede 0003  10 aa  21 bbbb  00 00  33 cccccccc  d5d5";
  CHECK(find(packet, 1) == "aa");
  CHECK(find(packet, 2) == "bbbb");
  CHECK(find(packet, 3) == "cccccccc");
  CHECK(find(packet, 4) == "none");
  CHECK(find(packet, 0) == "none");
}

TEST_CASE("Elements of the two-byte form, one of them without octets") {
  // The example of RFC 8285 4.3, with the application's four bits set
  const std::string packet = kFixed + "100f 0003  01 00  02 01 bb  00  ff 04 cccccccc  d5";
  CHECK(find(packet, 1) == "empty");
  CHECK(find(packet, 2) == "bb");
  CHECK(find(packet, 255) == "cccccccc");
  CHECK(find(packet, 3) == "none");
}

TEST_CASE("ID 15, and ID 0 with a length, end the one-byte form") {
  CHECK(find(kFixed + "bede 0002  10 aa  f0 21 bbbb 00 00", 1) == "aa");
  CHECK(find(kFixed + "bede 0002  10 aa  f0 21 bbbb 00 00", 2) == "none");
  CHECK(find(kFixed + "bede 0002  f0 10 aa 00 00000000", 15) == "none");
  CHECK(find(kFixed + "bede 0002  01 0000 10 aa 000000", 1) == "none");
}

TEST_CASE("The first of two elements with one ID counts") {
  CHECK(find(kFixed + "bede 0001  10 aa 10 bb", 1) == "aa");
  CHECK(find(kFixed + "1000 0002  01 01 aa 01 01 bb 0000", 1) == "aa");
}

TEST_CASE("An element that reaches beyond the extension is none") {
  CHECK(find(kFixed + "bede 0001  13 aaaaaa  d5d5d5", 1) == "none");
  CHECK(find(kFixed + "1000 0001  01 03 aaaa  d5d5d5", 1) == "none");
  CHECK(find(kFixed + "1000 0001  00 00 00 01  d5d5d5", 1) == "none");
}

TEST_CASE("What the snap length cut off is none") {
  CHECK(find(kFixed + "bede 0002  10 aa  23 bbbb", 1) == "aa");
  CHECK(find(kFixed + "bede 0002  10 aa  23 bbbb", 2) == "none");
  CHECK(find(kFixed + "1000 0002  01 01 aa  02", 2) == "none");
  CHECK(find(kFixed + "bede ffff", 1) == "none");
  CHECK(find(kFixed + "bede 00", 1) == "none");
  CHECK(find("90 60 0001", 1) == "none");
  CHECK(find("", 1) == "none");
}

TEST_CASE("CSRC identifiers stand before the extension") {
  CHECK(find("92 60 0001 00000000 0000002a 00000001 00000002 bede 0001 10aa0000", 1) == "aa");
}

TEST_CASE("Without the X bit, or with a profile of its own, there is no element") {
  CHECK(find("80 60 0001 00000000 0000002a bede 0001 10aa0000", 1) == "none");
  CHECK(find(kFixed + "bedf 0001 10aa0000", 1) == "none");
  CHECK(find(kFixed + "1010 0001 0101aa00", 1) == "none");
  CHECK(find(kFixed + "bede 0000", 1) == "none");
}

TEST_CASE("A transmission offset is a signed number of 24 bits") {
  const auto offset = [](const std::string& digits) {
    const rtp_test::Octets packet(kFixed + digits);
    const std::optional<int32_t> ticks = transmission_offset(find_extension(packet.bytes(), 2));
    return ticks ? std::to_string(*ticks) : "unknown";
  };
  CHECK(offset("bede 0001  22 000000") == "0");
  CHECK(offset("bede 0001  22 0000c8") == "200");
  CHECK(offset("bede 0001  22 ffff74") == "-140");  // the last one of RFC 5450 3
  CHECK(offset("bede 0001  22 7fffff") == "8388607");
  CHECK(offset("bede 0001  22 800000") == "-8388608");
  CHECK(offset("bede 0001  21 0000 00") == "unknown");
  CHECK(offset("bede 0001  12 000000") == "unknown");
}

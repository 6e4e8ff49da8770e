// What a UDP datagram is by its first octets: RFC 7983, RFC 5761, RFC 8656.
#include <doctest/doctest.h>

#include "core/rtp/classify.h"
#include "test_rtp_support.h"

using namespace rtpsonde;

namespace {

// "rtp" or "rtcp" with the octets it is, or the name of the counter.
std::string what(const std::string& digits, uint32_t wire_len = 0) {
  const rtp_test::Octets octets(digits);
  const Classified c = classify(octets.bytes(), wire_len > 0 ? wire_len : octets.size());
  if (c.protocol == Protocol::kOther) return kCounterInfo[static_cast<size_t>(c.reason)].name;
  return std::string(c.protocol == Protocol::kRtp ? "rtp " : "rtcp ") + std::to_string(c.payload.size) +
         " of " + std::to_string(c.payload_len);
}

const std::string kRtp = "8008 1234 00000140 0000002a d5d5d5d5";

}  // namespace

TEST_CASE("RTP and RTCP share the first octet and differ in the second") {
  CHECK(what(kRtp) == "rtp 16 of 16");
  CHECK(what("80c8 0006 0000002a") == "rtcp 8 of 8");
  CHECK(what("81c9 0001 0000002a") == "rtcp 8 of 8");
  CHECK(what("bfbf 1234 00000140") == "rtp 8 of 8");   // type 63, marked
  CHECK(what("bfc0 1234 00000140") == "rtcp 8 of 8");  // 192
  CHECK(what("bfdf 1234 00000140") == "rtcp 8 of 8");  // 223
  CHECK(what("bfe0 1234 00000140") == "rtp 8 of 8");   // type 96, marked
  CHECK(what("8048 1234 00000140") == "rtp 8 of 8");   // type 72, not marked
}

TEST_CASE("STUN has its cookie") {
  CHECK(what("0001 0000 2112a442 000102030405060708090a0b") == "stun");
  CHECK(what("0101 0000 2112a442") == "stun");
  CHECK(what("0001 0000 00010203 0405060708090a0b0c0d0e0f") == "notRtp");  // RFC 3489, or DNS
}

TEST_CASE("DTLS has its version") {
  CHECK(what("16fefd 0000 000000000000 0030") == "dtls");  // handshake
  CHECK(what("14feff 0000 000000000001 0001 01") == "dtls");
  CHECK(what("17fefd 0001 000000000005 0040") == "dtls");
  CHECK(what("160301 0000 000000000000 0030") == "notRtp");  // TLS
}

TEST_CASE("ZRTP has its cookie") {
  CHECK(what("1000 0001 5a525450 0000002a") == "zrtp");
  CHECK(what("1000 0001 00000000 0000002a") == "notRtp");
}

TEST_CASE("A TURN channel is opened") {
  CHECK(what("4000 0010 " + kRtp) == "rtp 16 of 16");
  CHECK(what("4fff 0010 " + kRtp + "000000") == "rtp 16 of 16");  // padded
  CHECK(what("4001 0008 80c8 0001 0000002a") == "rtcp 8 of 8");
  CHECK(what("4001 000e 16fefd 0000 000000000000 0030 00") == "dtls");
  CHECK(what("4001 0008 0001 0000 2112a442") == "stun");
}

TEST_CASE("A TURN channel cut by the snap length shows what it has") {
  CHECK(what("4000 0010 8008 1234 00000140", 20) == "rtp 8 of 16");
  CHECK(what("4000 0010 8008 1234 0000", 20) == "truncatedUdp");
}

// RFC 9443: QUIC may begin with 0x40 as well. Its next octets are random.
TEST_CASE("What only begins like a TURN channel is not opened") {
  CHECK(what("4000 0011 " + kRtp) == "notRtp");             // longer than the datagram
  CHECK(what("4000 000c " + kRtp) == "notRtp");             // 4 octets too many behind it
  CHECK(what("4000 0004 8008 1234 00000140") == "notRtp");  // too short for anything
  CHECK(what("5000 0010 " + kRtp) == "notRtp");             // not a channel number
}

TEST_CASE("QUIC, DNS and SIP are other UDP") {
  CHECK(what("c3 00000001 08 0001020304050607") == "notRtp");                     // QUIC, long header
  CHECK(what("43 0001020304050607 9a8b7c6d") == "notRtp");                        // QUIC, short header
  CHECK(what("0004 0100 0001 0000 0000 0000 0377777700 0001 0001") == "notRtp");  // DNS query
  CHECK(what("494e56495445207369703a") == "notRtp");                              // "INVITE sip:"
  CHECK(what("5349502f322e3020323030") == "notRtp");                              // "SIP/2.0 200"
}

TEST_CASE("Keep-alives are too short") {
  CHECK(what("00") == "udpTooShort");
  CHECK(what("0d0a0d0a") == "udpTooShort");
  CHECK(what("8008 1234 000001") == "udpTooShort");
  CHECK(what("8008 1234 000001", 8) == "truncatedUdp");
}

// A snap length may cut a tunnel anywhere: each cut has a name, and none is read
// beyond (the packets lie in blocks of their exact size, for sanitizers).
#include "test_decode_support.h"

using namespace decode_test;

namespace {

Octets to(size_t port, const Octets& content) {
  return ethernet(0x0800, ipv4(cat({be16(1), be16(port), be16(content.size() + 8), be16(0), content})));
}

}  // namespace

TEST_CASE("Every cut of a tunnel in IP has a name") {
  //                            C K S, ERSPAN  checksum  sequence   III, session  time     group, O sub-header
  const Octets erspan =
      cat({hex("9000 22eb  0000 0000  00000001  2064 03ff 11223344 0000 0001 0102030405060708"), kFrame});
  CHECK(fates_of_cuts({ethernet(0x0800, ipv4(erspan, {.protocol = 47}))}) ==
        "truncatedLink 0..13\n"
        "truncatedIp 14..33\n"
        "truncatedTunnel 34..65\n"
        "truncatedLink 66..79\n"
        "truncatedIp 80..99\n"
        "truncatedUdp 100..115\n"
        "datagram 116..128\n");
  CHECK(fates_of_cuts({ipv4(cat({hex("3000"), kFrame}), {.protocol = 97}), rtpsonde::LinkType::kRawIp}) ==
        "truncatedIp 0..19\n"
        "truncatedTunnel 20..21\n"
        "truncatedLink 22..35\n"
        "truncatedIp 36..55\n"
        "truncatedUdp 56..71\n"
        "datagram 72..84\n");
}

TEST_CASE("Every cut of a tunnel below IP has a name") {
  const Octets pseudowire = cat({hex("00123040 00456140 00000007"), kFrame});
  CHECK(fates_of_cuts({ethernet(0x8847, pseudowire)}) ==
        "truncatedLink 0..13\n"
        "truncatedTunnel 14..40\n"
        "truncatedIp 41..59\n"
        "truncatedUdp 60..75\n"
        "datagram 76..88\n");
  CHECK(fates_of_cuts({ethernet(0x8847, cat({hex("00123140"), kInner}))}) ==
        "truncatedLink 0..13\n"
        "truncatedTunnel 14..18\n"
        "truncatedIp 19..37\n"
        "truncatedUdp 38..53\n"
        "datagram 54..66\n");
  CHECK(fates_of_cuts({ethernet(0x8864, cat({hex("11000042 0032 0021"), kInner}))}) ==
        "truncatedLink 0..13\n"
        "truncatedTunnel 14..21\n"
        "truncatedIp 22..41\n"
        "truncatedUdp 42..57\n"
        "datagram 58..70\n");
  CHECK(fates_of_cuts({ethernet(0x88e7, cat({hex("00012345"), kFrame}))}) ==
        "truncatedLink 0..13\n"
        "truncatedTunnel 14..17\n"
        "truncatedLink 18..31\n"
        "truncatedIp 32..51\n"
        "truncatedUdp 52..67\n"
        "datagram 68..80\n");
}

TEST_CASE("Every cut of a tunnel in UDP has a name") {
  CHECK(fates_of_cuts({to(4789, cat({hex("08000000 00138800"), kFrame}))}) ==
        "truncatedLink 0..13\n"
        "truncatedIp 14..33\n"
        "truncatedUdp 34..49\n"
        "truncatedLink 50..63\n"
        "truncatedIp 64..83\n"
        "truncatedUdp 84..99\n"
        "datagram 100..112\n");
  CHECK(fates_of_cuts({to(6081, cat({hex("02006558 00138800 01020301 04050607"), kFrame}))}) ==
        "truncatedLink 0..13\n"
        "truncatedIp 14..33\n"
        "truncatedUdp 34..49\n"
        "truncatedTunnel 50..57\n"
        "truncatedLink 58..71\n"
        "truncatedIp 72..91\n"
        "truncatedUdp 92..107\n"
        "datagram 108..120\n");
  CHECK(fates_of_cuts({to(2152, cat({hex("34ff 0038 000000aa 0000 00 85 01 10 09 00"), kInner}))}) ==
        "truncatedLink 0..13\n"
        "truncatedIp 14..33\n"
        "truncatedUdp 34..49\n"
        "truncatedTunnel 50..57\n"
        "truncatedIp 58..77\n"
        "truncatedUdp 78..93\n"
        "datagram 94..106\n");
  CHECK(fates_of_cuts({to(37008, cat({hex("01000001 00 12 04 01020304 01"), kFrame}))}) ==
        "truncatedLink 0..13\n"
        "truncatedIp 14..33\n"
        "truncatedUdp 34..49\n"
        "truncatedTunnel 50..53\n"
        "truncatedLink 54..67\n"
        "truncatedIp 68..87\n"
        "truncatedUdp 88..103\n"
        "datagram 104..116\n");
}

TEST_CASE("Every cut of HEP3 has a name: all chunks before the payload must be there") {
  // source, destination, type RTP, payload of 20 octets
  const Octets chunks =
      cat({hex("0000 0003 000a 0a000001  0000 0004 000a 0a000002  0000 000b 0007 04  0000 000f 001a"),
           payload(20)});
  CHECK(fates_of_cuts({to(9060, cat({hex("48455033"), be16(chunks.size() + 6), chunks}))}) ==
        "truncatedLink 0..13\n"
        "truncatedIp 14..33\n"
        "truncatedUdp 34..49\n"
        "truncatedTunnel 50..88\n"
        "datagram 89..101\n");
}

// Feedback: RFC 4585, RFC 5104, RFC 6679, RFC 8888, transport-wide, REMB, RFC 2032
// and the extended jitter report of RFC 5450.
#include <doctest/doctest.h>

#include "test_rtcp_support.h"

using namespace rtcp_test;

namespace {

const std::string kSsrcs = "0000002a 00000009 ";
const std::string kFrom = ",sender:0x0000002a,media:0x00000009,";

}  // namespace

TEST_CASE("A NACK asks for a packet and any of the 16 after it") {
  // 100 with 101 and 116 (first and last bit of the mask), 200 alone.
  CHECK(read_text("81cd 0004 " + kSsrcs + "0064 8001 00c8 0000") ==
        "feedback,kind:nack,type:205,format:1" + kFrom +
            "fciOctets:8,entries:[pid:100,blp:32769,pid:200,blp:0],packetsAsked:4\n");
}

TEST_CASE("TMMBR and TMMBN have a bit rate as mantissa and exponent") {
  // 000010 | 0 0000 0000 0011 0000 | 0 0010 1000: 48 * 2^2 bit/s, 40 octets.
  CHECK(read_text("83cd 0004 0000002a 00000000 00000009 0800 6028") ==
        "feedback,kind:tmmbr,type:205,format:3,sender:0x0000002a,media:0x00000000,"
        "fciOctets:8,entries:[ssrc:0x00000009,bitrate:192,overhead:40]\n");
  CHECK(read_text("84cd 0002 0000002a 00000000") ==
        "feedback,kind:tmmbn,type:205,format:4,sender:0x0000002a,media:0x00000000,fciOctets:0\n");
}

TEST_CASE("ECN feedback counts marks, losses and duplicates") {
  CHECK(read_text("88cd 0007 " + kSsrcs + "00010002 00000003 00000004 0005 0006 0007 0008") ==
        "feedback,kind:ecn,type:205,format:8" + kFrom +
            "fciOctets:20,highestSequence:65538,ect0:3,ect1:4,ce:5,notEct:6,lost:7,duplicates:8\n");
  CHECK(read_text("88cd 0003 " + kSsrcs + "00010002") ==
        "feedback,kind:ecn,type:205,format:8" + kFrom + "fciOctets:4\n");
}

TEST_CASE("CCFB reports on each packet of each stream") {
  // 3 packets from 100: received, not received, received with CE; one of another stream.
  CHECK(read_text("8bcd 0009 0000002a 00000009 0064 0003 8001 0000 e002 0000 "
                  "0000000a 0005 0001 8000 0000 b7052000") ==
        "feedback,kind:ccfb,type:205,format:11,sender:0x0000002a,media:0x00000000,fciOctets:32,"
        "entries:[ssrc:0x00000009,beginSequence:100,reports:3,received:2,ce:1,"
        "ssrc:0x0000000a,beginSequence:5,reports:1,received:1,ce:0]\n");
  // 65535 reports that are not there.
  CHECK(read_text("8bcd 0005 0000002a 00000009 0064 ffff 8001 0000 b7052000") ==
        "feedback,kind:ccfb,type:205,format:11,sender:0x0000002a,media:0x00000000,fciOctets:16,entries:[]\n");
}

TEST_CASE("Transport-wide feedback has runs and two kinds of vectors") {
  // 20 packets from 16: a run of 3 received (2003), a vector of 14 one-bit status with
  // 7 set (8000|1fc0 >> 0: 9fc0), a vector of two-bit status 1, 2, 0 and filling (d800).
  CHECK(read_text("8fcd 0006 " + kSsrcs + "0010 0014 000002 05 2003 9fc0 d800 0000 ") ==
        "feedback,kind:transport-cc,type:205,format:15" + kFrom +
            "fciOctets:16,baseSequence:16,packets:20,present:20,received:12,referenceTimeMs:128,"
            "feedbackCount:5\n");
  // The reference time has a sign; chunks that are missing are told by `present`.
  CHECK(read_text("8fcd 0004 " + kSsrcs + "0010 0014 ffffff 05") ==
        "feedback,kind:transport-cc,type:205,format:15" + kFrom +
            "fciOctets:8,baseSequence:16,packets:20,present:0,received:0,referenceTimeMs:-64,"
            "feedbackCount:5\n");
}

TEST_CASE("Payload-specific feedback: pictures, slices, codec commands") {
  CHECK(read_text("81ce 0002 " + kSsrcs) == "feedback,kind:pli,type:206,format:1" + kFrom + "fciOctets:0\n");
  // First 7777, number 6666, picture 63 (13, 13 and 6 bits).
  CHECK(read_text("82ce 0003 " + kSsrcs + "f30e 82bf ") ==
        "feedback,kind:sli,type:206,format:2" + kFrom +
            "fciOctets:4,entries:[first:7777,number:6666,pictureId:63]\n");
  CHECK(read_text("83ce 0003 " + kSsrcs + "08600102") ==
        "feedback,kind:rpsi,type:206,format:3" + kFrom + "fciOctets:4\n");
  CHECK(read_text("84ce 0004 0000002a 00000000 00000009 0d000000") ==
        "feedback,kind:fir,type:206,format:4,sender:0x0000002a,media:0x00000000,fciOctets:8,"
        "entries:[ssrc:0x00000009,sequence:13,tradeOff:0]\n");
  CHECK(read_text("85ce 0004 0000002a 00000000 00000009 0d00001f") ==
        "feedback,kind:tstr,type:206,format:5,sender:0x0000002a,media:0x00000000,fciOctets:8,"
        "entries:[ssrc:0x00000009,sequence:13,tradeOff:31]\n");
  CHECK(read_text("86ce 0002 0000002a 00000000") ==
        "feedback,kind:tstn,type:206,format:6,sender:0x0000002a,media:0x00000000,fciOctets:0\n");
  CHECK(read_text("87ce 0005 0000002a 00000000 00000009 0d600002 01020000") ==
        "feedback,kind:vbcm,type:206,format:7,sender:0x0000002a,media:0x00000000,fciOctets:12\n");
  CHECK(read_text("8fce 0003 " + kSsrcs + "01020304") ==
        "feedback,kind:afb,type:206,format:15" + kFrom + "fciOctets:4\n");
  CHECK(read_text("9ece 0003 " + kSsrcs + "01020304") ==
        "feedback,kind:?,type:206,format:30" + kFrom + "fciOctets:4\n");
}

TEST_CASE("REMB has a bit rate for all the streams it names") {
  // 2 SSRCs, exponent 3, mantissa 200000: 1.6 Mbit/s.
  CHECK(read_text("8fce 0006 0000002a 00000000 52454d42 02 0f0d40 00000009 0000000a") ==
        "feedback,kind:remb,type:206,format:15,sender:0x0000002a,media:0x00000000,fciOctets:16,"
        "bitrate:1600000,entries:[ssrc:0x00000009,ssrc:0x0000000a]\n");
  // More SSRCs than fit: the bit rate is not believed either.
  CHECK(read_text("8fce 0005 0000002a 00000000 52454d42 02 0f0d40 00000009") ==
        "feedback,kind:remb,type:206,format:15,sender:0x0000002a,media:0x00000000,fciOctets:12\n");
}

TEST_CASE("The feedback of H.261 names only the source that is asked") {
  CHECK(read_text("80c0 0001 00000009") ==
        "feedback,kind:fir,type:192,format:0,media:0x00000009,fciOctets:0\n");
  CHECK(read_text("80c1 0002 00000009 0064 0001") ==
        "feedback,kind:nack,type:193,format:0,media:0x00000009,fciOctets:4,"
        "entries:[pid:100,blp:1],packetsAsked:2\n");
  CHECK(read_text("80c1 0001 00000009") == "1 damaged packets\n");
}

TEST_CASE("The extended jitter report has one figure per report block") {
  CHECK(read_text("82c3 0002 00000003 00000004") == "extended-jitter,jitter:3\nextended-jitter,jitter:4\n");
  CHECK(read_text("83c3 0002 00000003 00000004") == "1 damaged packets\n");
}

TEST_CASE("Feedback too short for its SSRCs is damaged") {
  CHECK(read_text("81cd 0001 0000002a") == "1 damaged packets\n");
  CHECK(read_text("81ce 0000") == "1 damaged packets\n");
}

// The block types of RFC 3611, with the examples of its sections 4.1 and 4.7, and
// the run-length blocks of RFC 5725 and RFC 7097.
#include <doctest/doctest.h>

#include "test_rtcp_support.h"

using namespace rtcp_test;

namespace {

// What an RLE block with these chunks says of the range, "marked runs longest".
std::string rle(const std::string& type_and_thinning, const std::string& range, const std::string& chunks) {
  const std::string text = block_text(type_and_thinning + " 0004 00000009 " + range + chunks);
  return text.substr(text.find("packets:"));
}

}  // namespace

// RFC 3611 4.1: packets 13821 to 13865, of which 10 are lost.
//   1111 1111 1111 1111 1111 1011 1111 1111 1111 1111 1000 0 -- as a run of 21 ones,
//   then vectors; the 22nd packet (13842) and the last five are lost.
TEST_CASE("Loss RLE: runs and vectors give the lost packets and their runs") {
  // run of 21 ones (4015), vector 011 1111 1111 1111 (bfff), vector 1111 1000 00.. (fc00)
  CHECK(rle("0100", "35fd 362a ", "4015 bfff fc00 0000") ==
        "packets:45,told:45,marked:5,runs:2,longest:4,runsOfBits:[sequence:13821,packets:21,set:true,"
        "sequence:13842,packets:1,set:false,sequence:13843,packets:14,set:true,"
        "sequence:13857,packets:5,set:true,sequence:13862,packets:4,set:false]\n");
}

// RFC 3611 4.1, the same trace thinned by 4: 1111 1011 110.
TEST_CASE("Loss RLE with thinning speaks of multiples of 2^T") {
  CHECK(rle("0102", "35fd 362a ", "fde0 0000 0000 0000") ==
        "packets:11,told:11,marked:2,runs:2,longest:1,runsOfBits:[sequence:13824,packets:5,set:true,"
        "sequence:13844,packets:1,set:false,sequence:13848,packets:4,set:true,"
        "sequence:13864,packets:1,set:false]\n");
}

TEST_CASE("RLE: a null chunk ends, a run goes on over chunks and the wrap") {
  // Two runs of zeros: one run of 6 lost packets over the wrap; the last two are not told.
  CHECK(rle("0100", "fffe 0006 ", "0002 0004 0000 4002") ==
        "packets:8,told:6,marked:6,runs:1,longest:6,runsOfBits:[sequence:65534,packets:2,set:false,"
        "sequence:0,packets:4,set:false]\n");
  CHECK(rle("0100", "0005 0005 ", "0002 0004 0000 4002") ==
        "packets:0,told:0,marked:0,runs:0,longest:0,runsOfBits:[]\n");
}

TEST_CASE("RLE: a zero marks in blocks 1, 2 and 10, a one marks discards in block 25") {
  const std::string tail = ",runsOfBits:[sequence:0,packets:3,set:false,sequence:3,packets:5,set:true]\n";
  CHECK(rle("0200", "0000 0008 ", "0003 4005 0000 0000") ==
        "packets:8,told:8,marked:3,runs:1,longest:3" + tail);
  CHECK(rle("0a00", "0000 0008 ", "0003 4005 0000 0000") ==
        "packets:8,told:8,marked:3,runs:1,longest:3" + tail);
  CHECK(rle("1910", "0000 0008 ", "0003 4005 0000 0000") ==
        "packets:8,told:8,marked:5,runs:1,longest:5" + tail);
}

TEST_CASE("Receipt times are in ticks, one per reported packet") {
  CHECK(block_text("0301 0005 00000009 0001 0006 00000064 000000c8 00000000") ==
        "ssrc:0x00000009,thinning:1,beginSequence:1,endSequence:6,times:[100,200]\n");
}

TEST_CASE("Receiver reference time and its answer") {
  CHECK(block_text("0400 0002 e8000001 80000000") == "ntp:e800000180000000\n");
  CHECK(read_text(xr("0500 0006 0000000b b7052000 00054000 0000000c 00000000 00000000")) ==
        "xr,blockType:5,name:DLRR,words:6,specific:0,sender:0x0000002a,ssrc:0x0000000b,"
        "lrr:3070566400,dlrr:344064\n"
        "xr,blockType:5,name:DLRR,words:6,specific:0,sender:0x0000002a,ssrc:0x0000000c,lrr:0,dlrr:0\n");
  CHECK(block_text("0400 0003 e8000001 80000000 00000000") == "dropped:true\n");
  CHECK(block_text("0500 0002 0000000b b7052000") == "dropped:true\n");
}

TEST_CASE("Statistics summary: a figure without its flag is not known") {
  const std::string body =
      "0009 00000009 0001 0100 00000002 00000003 00000004 00000005 00000006 00000007 40 41 42 43";
  CHECK(block_text("06e8" + body) ==
        "ssrc:0x00000009,beginSequence:1,endSequence:256,lost:2,duplicates:3,jitterMin:4,jitterMax:5,"
        "jitterMean:6,jitterDeviation:7,ttlKind:1,ttlMin:64,ttlMax:65,ttlMean:66,ttlDeviation:67\n");
  CHECK(block_text("0680" + body) ==
        "ssrc:0x00000009,beginSequence:1,endSequence:256,lost:2,duplicates:null,jitterMin:null,"
        "jitterMax:null,jitterMean:null,jitterDeviation:null,ttlKind:0,ttlMin:null,ttlMax:null,"
        "ttlMean:null,ttlDeviation:null\n");
}

TEST_CASE("VoIP metrics") {
  CHECK(block_text("0700 0008 00000009 05 80 ff 01 0078 0104 0064 0032 ef c4 2a 10 "
                   "5d 7f 29 26 b9 00 0028 003c 012c") ==
        "ssrc:0x00000009,lossRate:0.01953125,discardRate:0.5,burstDensity:0.99609375,"
        "gapDensity:0.00390625,burstMs:120,gapMs:260,roundTripMs:100,endSystemMs:50,signalDbm0:-17,"
        "noiseDbm0:-60,rerlDb:42,gmin:16,rFactor:93,extRFactor:null,mosLq:4.0999999999999996,"
        "mosCq:3.7999999999999998,plc:2,buffer:3,bufferRate:9,bufferNominalMs:40,bufferMaxMs:60,"
        "bufferAbsMaxMs:300\n");
}

// RFC 3611 4.7.3 to 4.7.5: 127 everywhere, 0 for the delays, and values out of range.
TEST_CASE("VoIP metrics that the sender does not know are not known") {
  const std::string nothing = "rFactor:null,extRFactor:null,mosLq:null,mosCq:null";
  const std::string unknown =
      block_text("0700 0008 00000009 00000000 00000000 00000000 7f7f7f10 7f7f7f7f 00000000 00000000");
  CHECK(unknown.find("roundTripMs:null,endSystemMs:null,signalDbm0:null,noiseDbm0:null,rerlDb:null,gmin:16," +
                     nothing) != std::string::npos);
  const std::string outside =
      block_text("0700 0008 00000009 00000000 00000000 00000000 7f7f7f10 65ff0933 00000000 00000000");
  CHECK(outside.find(nothing) != std::string::npos);
}

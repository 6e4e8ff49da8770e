// The XR blocks after RFC 3611: units, unavailable and over-range codes, I flag,
// and the lengths that the RFCs dispute.
#include <doctest/doctest.h>

#include "test_rtcp_support.h"

using namespace rtcp_test;

TEST_CASE("Measurement information: interval and cumulative durations") {
  CHECK(block_text("0e00 0007 00000009 0000 0064 00010064 000100c8 00058000 0000000a 40000000") ==
        "ssrc:0x00000009,firstSequence:100,intervalFirst:65636,lastSequence:65736,intervalMs:5500,"
        "cumulativeMs:10250\n");
}

TEST_CASE("Packet delay variation: S11:4 ms, 8:8 percent, and the codes") {
  // I=11, 2-point; +50 ms at 95.5 %, -50.0625 ms at 50 %, mean 1.5 ms.
  CHECK(block_text("0fc4 0004 00000009 0320 5f80 fcdf 3200 0018 0000") ==
        "span:cumulative,ssrc:0x00000009,kind:1,positiveMs:50,positivePercentile:95.5,negativeMs:-50.0625,"
        "negativePercentile:50,meanMs:1.5,overRange:false\n");
  CHECK(block_text("0f80 0004 00000009 7ffe ffff 8000 ffff 7fff 0000") ==
        "span:interval,ssrc:0x00000009,kind:0,positiveMs:2047.875,positivePercentile:null,negativeMs:-2048,"
        "negativePercentile:null,meanMs:null,overRange:true\n");
}

TEST_CASE("Delay: round trip in 1/65536 s, end system as NTP time") {
  CHECK(block_text("1040 0006 00000009 00004000 00002000 00008000 00000000 20000000") ==
        "span:sampled,ssrc:0x00000009,roundTripMeanMs:250,roundTripMinMs:125,roundTripMaxMs:500,"
        "endSystemMs:125\n");
  CHECK(block_text("1040 0006 00000009 ffffffff ffffffff ffffffff ffffffff ffffffff") ==
        "span:sampled,ssrc:0x00000009,roundTripMeanMs:null,roundTripMinMs:null,roundTripMaxMs:null,"
        "endSystemMs:null\n");
}

TEST_CASE("De-jitter buffer: ms, unavailable and over range") {
  CHECK(block_text("1760 0003 00000009 0028 0050 fffe ffff") ==
        "span:sampled,ssrc:0x00000009,adaptive:true,nominalMs:40,maxMs:80,highMs:65534,lowMs:null,"
        "overRange:true\n");
}

TEST_CASE("Synchronization: delay in 1/65536 s, offset with a sign") {
  CHECK(block_text("1b00 0002 00000009 00010000") == "ssrc:0x00000009,delayMs:1000\n");
  CHECK(block_text("1b00 0002 00000009 ffffffff") == "ssrc:0x00000009,delayMs:null\n");
  CHECK(block_text("1c80 0003 00000009 00000000 40000000") == "span:interval,ssrc:0x00000009,offsetMs:250\n");
  CHECK(block_text("1c80 0003 00000009 ffffffff c0000000") ==
        "span:interval,ssrc:0x00000009,offsetMs:-250\n");
  CHECK(block_text("1c80 0003 00000009 ffffffff ffffffff") ==
        "span:interval,ssrc:0x00000009,offsetMs:null\n");
}

TEST_CASE("IDMS: reception and presentation of a packet") {
  CHECK(block_text("0c11 0007 c0000000 00000005 00000009 e8000001 80000000 00000140 00018000") ==
        "source:0x00000009,senderType:1,payloadType:96,correlationId:5,receivedNtp:e800000180000000,"
        "rtpTimestamp:320,hasPresented:true,presentedNtp:98304\n");
}

TEST_CASE("ECN summary: five words for each source") {
  CHECK(block_text("0d00 0005 00000009 00000001 00000002 0003 0004 0005 0006") ==
        "ssrc:0x00000009,ect0:1,ect1:2,ce:3,notEct:4,lost:5,duplicates:6\n");
  CHECK(block_text("0d00 0000").empty());
  CHECK(block_text("0d00 0004 00000009 00000001 00000002 00030004") == "dropped:true\n");
}

TEST_CASE("Burst and gap summaries: rates of 32768") {
  CHECK(block_text("1180 0003 00000009 4000 0100 0078 0019") ==
        "span:interval,ssrc:0x00000009,burstLossRate:0.5,gapLossRate:0.0078125,burstMeanMs:120,"
        "burstVarianceMs2:25\n");
  CHECK(block_text("1180 0003 00000009 ffff ffff ffff ffff") ==
        "span:interval,ssrc:0x00000009,burstLossRate:null,gapLossRate:null,burstMeanMs:null,"
        "burstVarianceMs2:null\n");
  CHECK(block_text("12c0 0002 00000009 8000 ffff") ==
        "span:cumulative,ssrc:0x00000009,burstDiscardRate:1,gapDiscardRate:null\n");
}

TEST_CASE("Burst/gap loss: 24, 24, 24, 12 and 36 bits") {
  // Gmin 16, 300 ms, 12 lost of 20 expected, 3 bursts, 2^32 + 5 ms^2.
  CHECK(block_text("14a0 0005 00000009 10 00012c 00000c 000014 003 1 00000005") ==
        "span:interval,ssrc:0x00000009,combined:true,threshold:16,burstSumMs:300,lost:12,expected:20,"
        "bursts:3,burstSquaresMs2:4294967301,overRange:false\n");
  CHECK(block_text("1480 0005 00000009 10 ffffff fffffe 000014 fff f ffffffff") ==
        "span:interval,ssrc:0x00000009,combined:false,threshold:16,burstSumMs:null,lost:16777214,"
        "expected:20,bursts:null,burstSquaresMs2:null,overRange:true\n");
}

// RFC 7003 prints block type 20, the registry has 21.
TEST_CASE("Burst/gap discard is known by its number or by its length") {
  const std::string body = "0003 00000009 10 00000c 000014 00";
  const std::string text =
      "span:cumulative,ssrc:0x00000009,threshold:16,discarded:12,expected:20,overRange:false\n";
  CHECK(block_text("15c0" + body) == text);
  CHECK(block_text("14c0" + body) == text);
  CHECK(block_text("15c0 0005 00000009 10 00000c 00001400 00000000 00000000") ==
        "span:cumulative,ssrc:0x00000009,dropped:true\n");
}

TEST_CASE("Independent burst/gap discard") {
  CHECK(block_text("2380 0005 00000009 10 00012c 00000c 0003 000014 0000000d") ==
        "span:interval,ssrc:0x00000009,threshold:16,burstSumMs:300,burstDiscarded:12,bursts:3,expected:20,"
        "discarded:13,overRange:false\n");
}

TEST_CASE("Discards: how many packets and octets, and why") {
  CHECK(block_text("18a0 0002 00000009 00000007") ==
        "span:interval,ssrc:0x00000009,why:2,discarded:7,overRange:false\n");
  CHECK(block_text("18d0 0002 00000009 fffffffe") ==
        "span:cumulative,ssrc:0x00000009,why:1,discarded:4294967294,overRange:true\n");
  CHECK(block_text("18b0 0002 00000009 00000007") == "span:interval,ssrc:0x00000009,dropped:true\n");
  CHECK(block_text("1aa0 0002 00000009 00000190") == "span:interval,ssrc:0x00000009,early:true,octets:400\n");
}

// RFC 7509 says length 4 and draws 3 words.
TEST_CASE("Post-repair loss count has three words or four") {
  const std::string body = "00000009 0001 0100 0005 0006";
  const std::string text = "ssrc:0x00000009,beginSequence:1,endSequence:256,lost:5,repaired:6\n";
  CHECK(block_text("2100 0003" + body) == text);
  CHECK(block_text("2100 0004" + body + "00000000") == text);
  CHECK(block_text("2100 0005" + body + "00000000 00000000") == "ssrc:0x00000009,dropped:true\n");
}

TEST_CASE("XNQ has no SSRC and three octets for each time") {
  CHECK(block_text("0800 0008 0001 0100 0002 0003 00000004 0005 0006 00000007 00000008 00000009 0000000a") ==
        "beginSequence:1,endSequence:256,vmaxdiff:2,vrange:3,vsum:4,cycles:5,bufferEvents:6,"
        "degradedNetwork:7,degradedBuffer:8,es:9,ses:10\n");
}

TEST_CASE("Multicast acquisition: method and status") {
  CHECK(block_text("0b02 0003 00000009 03e9 0000 01000000") == "ssrc:0x00000009,method:2,status:1001\n");
}

TEST_CASE("Frame impairment: key frames or derived ones") {
  CHECK(block_text("1380 0006 00000009 0001 0100 00000002 00000003 00000004 00000005") ==
        "ssrc:0x00000009,derived:true,beginSequence:1,endSequence:256,discarded:2,duplicates:3,lost:4,"
        "partlyLost:5\n");
}

TEST_CASE("MOS: segments of one channel (7:9) and of several (7:6)") {
  // S=0, CAID 5, PT 8: 4.25; S=1, CAID 5, PT 8, CHID 2: 3.5; S=0 out of range; unavailable.
  const std::string begin =
      "xr,blockType:29,name:MOS,words:5,specific:128,sender:0x0000002a,span:interval,"
      "ssrc:0x00000009,algorithm:5,payloadType:8,";
  CHECK(read_text(xr("1d80 0005 00000009 0288 0880 8288 40e0 0288 fffe 8288 5fff")) ==
        begin + "mos:4.25,overRange:false\n" + begin + "channel:2,mos:3.5,overRange:false\n" + begin +
            "mos:null,overRange:true\n" + begin + "channel:2,mos:null,overRange:false\n");
}

TEST_CASE("Loss concealment and concealed seconds") {
  CHECK(block_text("1eb0 0006 00000009 00001f40 000000a0 fffffffe 0003 0000 ffffffff") ==
        "span:interval,ssrc:0x00000009,plc:3,onTime:8000,lossConcealed:160,adjustmentConcealed:4294967294,"
        "interruptions:3,interruptionMean:null,overRange:true\n");
  CHECK(block_text("1fd0 0004 00000009 0000003c 00000005 0002 00 0d") ==
        "span:cumulative,ssrc:0x00000009,plc:1,unimpairedS:60,concealedS:5,severelyConcealedS:2,"
        "threshold:0.05078125,overRange:false\n");
}

TEST_CASE("Video concealment: the mean freeze is there for frame freeze alone") {
  CHECK(block_text("22a0 0005 00000009 00000064 00000032 00000019 40 80 c0 00") ==
        "span:interval,ssrc:0x00000009,freeze:true,impaired:100,concealed:50,freezeMean:25,"
        "impairedProportion:0.25,concealedProportion:0.5,concealedFrames:0.75,overRange:false\n");
  CHECK(block_text("22b0 0004 00000009 00000064 00000032 40 80 c0 00") ==
        "span:interval,ssrc:0x00000009,freeze:false,impaired:100,concealed:50,freezeMean:null,"
        "impairedProportion:0.25,concealedProportion:0.5,concealedFrames:0.75,overRange:false\n");
  CHECK(block_text("22a0 0004 00000009 00000064 00000032 4080c000") ==
        "span:interval,ssrc:0x00000009,dropped:true\n");
  CHECK(block_text("2290 0004 00000009 00000064 00000032 4080c000") ==
        "span:interval,ssrc:0x00000009,dropped:true\n");
}

TEST_CASE("An I flag that the block's RFC forbids drops the block") {
  const auto dropped = [](const std::string& block) { return read(xr(block)).read.dropped_blocks == 1; };
  CHECK(dropped("0f00 0004 00000009 0320 5f80 fcdf 3200 0018 0000"));  // 00 is reserved
  CHECK(dropped("1840 0002 00000009 00000007"));                       // a count cannot be sampled
  CHECK(dropped("1780 0003 00000009 0028 0050 fffe ffff"));            // a buffer is sampled only
  CHECK_FALSE(dropped("1740 0003 00000009 0028 0050 fffe ffff"));
}

TEST_CASE("A block of a wrong length is dropped, the next one is read") {
  const auto wrong = [](const std::string& block) {
    const Result result = read(xr(block + "0400 0002 e8000001 80000000"));
    return result.read.dropped_blocks == 1 && result.text.find("ntp:e800000180000000") != std::string::npos;
  };
  for (const char* type : {"01",   "03",   "04",   "06",   "07",   "08",   "0b",   "0c",   "0d",   "0e",
                           "0f80", "1080", "1180", "1280", "13",   "1480", "1580", "1740", "1880", "19",
                           "1a80", "1b",   "1c80", "1e80", "1f80", "21",   "2280", "2380"}) {
    INFO(type);
    const std::string head = type;
    CHECK(wrong(head + (head.size() == 2 ? "00" : "") + "0001 00000009"));
  }
  CHECK(wrong("1d80 0000"));
}

TEST_CASE("Blocks that are not read are stepped over with a name") {
  CHECK(read_text(xr("0900 0001 01020304 1600 0001 00000009 2000 0001 00000009 c800 0000 "
                     "0400 0002 e8000001 80000000")) ==
        "xr,blockType:9,name:TI extended VoIP quality,words:1,specific:0,sender:0x0000002a,skipped:true\n"
        "xr,blockType:22,name:MPEG2-TS PSI-independent decodability,words:1,specific:0,sender:0x0000002a,"
        "ssrc:0x00000009,skipped:true\n"
        "xr,blockType:32,name:MPEG2-TS PSI decodability,words:1,specific:0,sender:0x0000002a,"
        "ssrc:0x00000009,skipped:true\n"
        "xr,blockType:200,name:unknown,words:0,specific:0,sender:0x0000002a,skipped:true\n"
        "xr,blockType:4,name:receiver reference time,words:2,specific:0,sender:0x0000002a,"
        "ntp:e800000180000000\n");
}

TEST_CASE("A block longer than its packet ends the reading") {
  CHECK(read_text("80cf 0004 0000002a 0400 0003 e8000001 80000000") == "1 damaged packets\n");
  CHECK(read_text("80cf 0000") == "1 damaged packets\n");
  CHECK(read_text("80cf 0001 0000002a").empty());
}

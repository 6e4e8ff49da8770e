// SRTCP told from RTCP: RFC 3711 3.4 and RFC 7714 9.
#include <doctest/doctest.h>

#include <filesystem>
#include <map>
#include <random>

#include "core/capture/file_source.h"
#include "core/decode/decode.h"
#include "core/rtp/classify.h"
#include "test_rtcp_support.h"

using namespace rtcp_test;

namespace {

const std::string kReport = "80c8 0006 0000002a e8000000 80000000 00000140 00000010 00000a00 ";
const std::string kDescription = "81ca 0003 0000002a 0103 616263 000000 ";
// What the octets after the first 8 become.
const std::string kSecret =
    "80c8 0006 0000002a 3b1f07c4 9d5562e0 71c2aa0f e41d8c93 5500be71 "
    "2f86d13a c0ffee11 94a2700b 6e0d5c48 ";
const std::string kTag = "00112233445566778899aabbccddeeff";

std::string judge(const std::string& digits, uint32_t captured = 0) {
  constexpr const char* kVerdicts[] = {"clear", "authenticated", "encrypted", "damaged", "malformed"};
  const rtp_test::Octets octets(digits);
  const rtpsonde::Bytes bytes = captured > 0 ? octets.bytes().first(captured) : octets.bytes();
  const rtpsonde::RtcpJudgement j = rtpsonde::judge_rtcp(bytes, octets.size());
  std::string text = kVerdicts[static_cast<int>(j.verdict)];
  text += " " + std::to_string(j.first_type);
  if (j.has_sender) text += " from " + std::to_string(j.sender_ssrc);
  if (j.has_index) text += ", index " + std::to_string(j.index) + ", tag " + std::to_string(j.tag_octets);
  if (j.clear_octets > 0) text += ", " + std::to_string(j.clear_octets) + " in clear";
  return text;
}

}  // namespace

TEST_CASE("A compound whose lengths add up is in clear, whatever it says") {
  CHECK(judge(kReport + kDescription) == "clear 200 from 42, 44 in clear");
  CHECK(judge("80c8 0006 0000002a 3b1f07c4 9d5562e0 71c2aa0f e41d8c93 80000001") ==
        "clear 200 from 42, 28 in clear");
}

TEST_CASE("Encrypted: tag of 10, 4, 16 (GCM) or no octets") {
  CHECK(judge(kSecret + "80000005" + kTag.substr(0, 20)) == "encrypted 200 from 42, index 5, tag 10");
  CHECK(judge(kSecret + "80000005" + kTag.substr(0, 8)) == "encrypted 200 from 42, index 5, tag 4");
  CHECK(judge(kSecret + kTag + "80000005") == "encrypted 200 from 42, index 5, tag 16");
  // Without a tag the word stands where GCM has it; what is before tells no difference.
  CHECK(judge(kSecret.substr(0, kSecret.size() - 36) + "80000005") ==
        "encrypted 200 from 42, index 5, tag 0");
}

TEST_CASE("Encrypted: a master key identifier of 1 or 4 octets before the tag") {
  const std::string tag = kTag.substr(0, 20);
  CHECK(judge(kSecret + "80000005" + "01" + tag) == "encrypted 200 from 42, index 5, tag 10");
  CHECK(judge(kSecret + "80000005" + "c0000001" + tag) == "encrypted 200 from 42, index 5, tag 10");
  CHECK(judge(kReport + kDescription + "00000005" + "01" + tag) ==
        "authenticated 200 from 42, index 5, tag 10, 44 in clear");
}

TEST_CASE("Nothing of an encrypted compound is handed out, its sender is known") {
  const Result result = read(kSecret + "80000005" + kTag.substr(0, 20));
  CHECK(result.text.empty());
  CHECK(result.read.end == rtpsonde::RtcpEnd::kEncrypted);
  CHECK(result.read.judgement.sender_ssrc == 42);
}

TEST_CASE("E=0: in clear with a tag behind it") {
  const Result result = read(kReport + kDescription + "00000005" + kTag.substr(0, 20));
  CHECK(result.text ==
        "sender-info,sender:0x0000002a,ntp:e800000080000000,rtpTimestamp:320,packets:16,octets:2560\n"
        "sdes-item,ssrc:0x0000002a,type:1,text:616263\n");
  CHECK(judge(kReport + kDescription + "00000005" + kTag.substr(0, 20)) ==
        "authenticated 200 from 42, index 5, tag 10, 44 in clear");
  CHECK(judge(kReport + kDescription + kTag + "00000005") ==
        "authenticated 200 from 42, index 5, tag 16, 44 in clear");
}

TEST_CASE("Damaged: plainly a report, and lengths that do not add up") {
  CHECK(judge(kReport + "81ca 0003 0000002a 0103 616263 000000 0000") == "damaged 200 from 42, 44 in clear");
  CHECK(judge(kReport + "81ca 0009 0000002a 0103 616263 000000") == "damaged 200 from 42, 28 in clear");
  CHECK(judge("80c9 0001 0000002a 81ca 0009 0000002a 0103 616263 000000") ==
        "damaged 201 from 42, 8 in clear");
  CHECK(read_text(kReport + "81ca 0003 0000002a 0103 616263 000000 0000") ==
        "sender-info,sender:0x0000002a,ntp:e800000080000000,rtpTimestamp:320,packets:16,octets:2560\n"
        "sdes-item,ssrc:0x0000002a,type:1,text:616263\ndamaged\n");
}

TEST_CASE("Malformed: neither a report nor SRTCP") {
  CHECK(judge(kSecret) == "malformed 200 from 42");
  CHECK(judge("80c8 00ff 0000002a 80000001") == "malformed 200 from 42");
  CHECK(judge("80cd 0001 0000002a 01020304 05060708") == "malformed 205 from 42");
  CHECK(judge("80c8 00") == "malformed 0");
}

TEST_CASE("Without the end: the length tells a tag of 10, the figures the rest") {
  const std::string secret = kSecret + "80000005" + kTag.substr(0, 20);
  const std::string gcm = kSecret + kTag + "80000005";
  for (uint32_t captured = 28; captured < 58; captured++) {
    INFO(captured);
    CHECK(judge(secret, captured) == "encrypted 200 from 42");
    CHECK(judge(gcm, captured) == "malformed 200 from 42");
  }
  for (uint32_t captured = 8; captured < 44; captured++) {
    INFO(captured);
    CHECK(judge(kReport + kDescription, captured) == "clear 200 from 42, 44 in clear");
  }
}

// Any key gives octets like these: what one in a thousand would show is seen here.
TEST_CASE("A million encrypted compounds: none is read") {
  std::mt19937_64 random(1);
  struct Form {
    uint32_t before, after;  // octets around the word of E and index
  };
  constexpr Form kForms[] = {{0, 10}, {0, 4}, {16, 0}, {0, 0}, {0, 11}, {0, 14}};
  uint32_t not_encrypted = 0;
  for (uint32_t i = 0; i < 250'000; i++) {
    for (const Form& form : kForms) {
      // SR and SDES, or RR with a block and SDES.
      const uint32_t content = (i & 1) != 0 ? 44 : 48;
      const uint32_t size = content + form.before + 4 + form.after;
      uint8_t octets[96];
      for (uint32_t at = 0; at < 96; at += 8) {
        const uint64_t word = random();
        std::memcpy(octets + at, &word, 8);
      }
      const uint8_t sr[] = {0x80, 200, 0, 6};
      const uint8_t rr[] = {0x81, 201, 0, 7};
      std::memcpy(octets, (i & 1) != 0 ? sr : rr, 4);
      const uint32_t at = content + form.before;
      const uint32_t word = __builtin_bswap32(0x80000000U | i);
      std::memcpy(octets + at, &word, 4);
      const rtpsonde::RtcpJudgement judgement = rtpsonde::judge_rtcp({octets, size}, size);
      if (judgement.verdict != rtpsonde::RtcpVerdict::kEncrypted) not_encrypted++;
    }
  }
  CHECK(not_encrypted == 0);
}

TEST_CASE("Real captures: SRTCP is encrypted, everything in clear is not") {
  const std::filesystem::path folder = std::filesystem::path(SHARED_DIR) / "captures";
  if (!std::filesystem::exists(folder)) {
    MESSAGE("skipped: no captures in " << folder.string());
    return;
  }
  const auto verdicts = [&](const std::string& name) {
    rtpsonde::FileSource source({.paths = {(folder / name).string()}});
    source.open();
    rtpsonde::Decoder decoder{rtpsonde::FragmentOptions{}};
    rtpsonde::Counters counters;
    rtpsonde::PacketBatch batch;
    rtpsonde::Datagram datagram;
    std::map<rtpsonde::RtcpVerdict, int> counts;
    while (source.read(batch, 0) == rtpsonde::ReadStatus::kPackets) {
      for (size_t i = 0; i < batch.count; i++) {
        if (!decoder.decode(batch.packets[i], counters, datagram)) continue;
        const rtpsonde::Classified c = rtpsonde::classify(datagram.payload, datagram.payload_len);
        if (c.protocol == rtpsonde::Protocol::kRtcp) counts[judge_rtcp(c.payload, c.payload_len).verdict]++;
      }
    }
    return counts;
  };
  using Counts = std::map<rtpsonde::RtcpVerdict, int>;
  using V = rtpsonde::RtcpVerdict;
  CHECK(verdicts("webrtc-google-meet.pcapng") == Counts{{V::kEncrypted, 29}});
  CHECK(verdicts("webrtc-stun-dtls-srtp.pcapng") == Counts{{V::kEncrypted, 1}});
  CHECK(verdicts("webrtc-whatsapp-voice.pcap") == Counts{{V::kEncrypted, 41}});
  CHECK(verdicts("zrtp-sip-rtp-rtcp.pcap") == Counts{{V::kClear, 2}, {V::kEncrypted, 5}});
  CHECK(verdicts("rtcp-compound-sll.pcap") == Counts{{V::kClear, 5}});
  CHECK(verdicts("cisco-dtmf-asymm.pcapng") == Counts{{V::kClear, 9}});
  // Two octets too many behind the description of one gateway.
  CHECK(verdicts("sip-rtp-rtcp-mgcp.pcap") == Counts{{V::kClear, 24}, {V::kDamaged, 4}});
}

// Speech level of two recorded calls with the same audio, one by the mu-law and one by
// the A-law: both have to say the same of it.
#include <filesystem>
#include <map>

#include "core/capture/file_source.h"
#include "core/rtp/classify.h"
#include "core/rtp/rtp_payload.h"
#include "core/stream/speech_level.h"
#include "test_decode_support.h"
#include "test_stream_support.h"

using namespace stream_test;

namespace {

// "343DA99B type 0: signal -24.6 dBm0, ..." of each stream, every packet cut to
// `snap_octets` of RTP.
std::string levels_of(const std::filesystem::path& path, size_t snap_octets) {
  FileSource source({.paths = {path.string()}});
  source.open();
  Decoder decoder{FragmentOptions{}};
  Counters counters;
  PacketBatch batch;
  std::map<uint32_t, SpeechLevelRow> rows;
  while (source.read(batch, 0) == ReadStatus::kPackets) {
    for (size_t i = 0; i < batch.count; i++) {
      Datagram datagram;
      if (!decoder.decode(batch.packets[i], counters, datagram)) continue;
      const Classified c = classify(datagram.payload, datagram.payload_len);
      const Bytes packet = c.payload.first(snap_octets);
      RtpHeader header{};
      if (c.protocol != Protocol::kRtp || parse_rtp(packet, c.payload_len, header) != RtpParse::kOk) continue;
      if (header.payload_type != 0 && header.payload_type != 8) continue;
      measure_speech(rows[header.ssrc], rtp_payload(packet, header), header.payload_octets,
                     header.payload_type == 0 ? G711Law::kMuLaw : G711Law::kALaw);
    }
  }
  std::string text;
  for (const auto& [ssrc, row] : rows) {
    const SpeechLevel level = speech_level(row.window);
    text += std::to_string(ssrc) + ": signal " + number(level.signal_dbm0, 1) + ", noise " +
            number(level.noise_dbm0, 1) + ", silence " + number(level.silence_share, 2) + "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("The same audio by both laws of G.711 has one level") {
  const std::filesystem::path path = std::filesystem::path(SHARED_DIR) / "captures/sip-g711.pcap";
  if (!std::filesystem::exists(path)) {
    MESSAGE("skipped: no " << path.string());
    return;
  }
  CHECK(levels_of(path, 65535) ==
        "876456347: signal -24.6, noise -52.9, silence 0.15\n"
        "876608052: signal -24.6, noise -53.2, silence 0.15\n");
  CHECK(levels_of(path, 100) ==
        "876456347: signal nan, noise nan, silence nan\n"
        "876608052: signal nan, noise nan, silence nan\n");
}

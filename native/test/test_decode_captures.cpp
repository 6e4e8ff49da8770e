// Real captures: every packet is a datagram or under a named counter. The
// datagrams are those that tshark 4.0.17 finds as the innermost UDP, less the
// ones it marks "bad length > IP payload length" (malformedUdp here).
#include <algorithm>
#include <filesystem>
#include <map>

#include "core/capture/file_source.h"
#include "test_decode_support.h"

using namespace decode_test;

namespace {

const std::filesystem::path kCaptures = std::filesystem::path(SHARED_DIR) / "captures";

// The counters after the whole capture; the rig holds the balance on the way.
std::string counts_of(const std::filesystem::path& path) {
  rtpsonde::FileSource source({.paths = {path.string()}});
  source.open();
  Rig rig;
  rtpsonde::PacketBatch batch;
  while (source.read(batch, 0) == rtpsonde::ReadStatus::kPackets) {
    for (size_t i = 0; i < batch.count; ++i) rig.decode(batch.packets[i]);
  }
  rig.expire(INT64_MAX);
  return rig.counts();
}

}  // namespace

TEST_CASE("Real captures decode to the datagrams that tshark sees") {
  if (!std::filesystem::exists(kCaptures)) {
    MESSAGE("skipped: no captures in " << kCaptures.string());
    return;
  }
  const std::map<std::string, std::string> expected = {
      {"cisco-g722-h264.pcapng", "datagrams 1969, fragmentsReassembled 1"},
      {"cisco-mgcp-t38-nse.pcapng", "datagrams 1980, tcp 32"},
      {"encap-gtpu-dup-public.pcapng",
       "datagrams 1372, fragmentsReassembled 6, unopenedEncapsulation 102, tcp 162, icmp 27, otherIpProtocol "
       "46, tunnelledPackets 878"},
      {"encap-gtpu-volte.pcapng",
       "datagrams 262, fragmentsReassembled 10, tcp 60, otherIpProtocol 38, fragmentTimeout 1, "
       "tunnelledPackets 232"},
      {"encap-zoo-synthetic.pcap",
       "datagrams 418, fragmentsReassembled 1, truncatedLink 1, notIp 4, unopenedEncapsulation 4, "
       "malformedTunnel 1, tcp 1123, "
       "icmp 3, otherIpProtocol 2"},
      {"frag-ipv4-mix.pcap", "datagrams 9, fragmentsReassembled 42, fragmentTimeout 2"},
      {"frag-ipv6-sip-sll.pcap", "datagrams 32, fragmentsReassembled 2"},
      {"h248-sctp.pcap", "datagrams 0, otherIpProtocol 44"},
      {"hep3-plain.pcap", "datagrams 7, unopenedEncapsulation 1, tunnelledPackets 7"},
      {"ipip-sip.pcap", "datagrams 0, tcp 4"},
      {"ipv6-rtp.pcap", "datagrams 1"},
      {"mpegts-vlan.pcap", "datagrams 16"},
      {"rtp-null-linktype.pcap", "datagrams 5"},
      {"sip-fuzz-2006.pcap",
       "datagrams 496, notIp 78, malformedIp 7, tcp 52, otherIpProtocol 16, malformedFragment 6, "
       "fragmentTimeout 11, malformedUdp 25"},
      {"sip-rtp-rtcp-mgcp.pcap", "datagrams 3583, notIp 164, tcp 522"},
      {"vlan-rtp-mix.pcapng", "datagrams 75, tcp 37"},
      {"webrtc-google-meet.pcapng", "datagrams 362"},
      {"webrtc-whatsapp-voice.pcap", "datagrams 298, notIp 2, tcp 432, icmp 4"},
  };
  for (const auto& [name, counts] : expected) {
    INFO(name);
    CHECK(counts_of(kCaptures / name) == counts);
  }
}

TEST_CASE("Every packet of every real capture is counted once, and nothing is held at its end") {
  if (!std::filesystem::exists(kCaptures)) {
    MESSAGE("skipped: no captures in " << kCaptures.string());
    return;
  }
  size_t captures = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kCaptures)) {
    if (entry.path().extension().string().find("cap") == std::string::npos) continue;
    ++captures;
    INFO(entry.path().filename().string());
    CHECK(counts_of(entry.path()).find("fragmentsHeld") == std::string::npos);
  }
  CHECK(captures > 0);
}

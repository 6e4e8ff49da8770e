// Held against the installed tshark frame by frame: the innermost addresses and
// ports of every capture with tunnels or tags. Skipped when tshark or the
// captures are absent.
#include <filesystem>
#include <map>
#include <sstream>

#include "core/capture/file_source.h"
#include "test_command_output.h"
#include "test_decode_support.h"

using namespace decode_test;

namespace {

const std::filesystem::path kCaptures = std::filesystem::path(SHARED_DIR) / "captures";

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, at);) parts.push_back(part);
  return parts;
}

// Of each frame "src port > dst port" of the innermost UDP, "" when there is none
// below an ICMP error's quotation: as IP is put together, in the completing frame.
std::vector<std::string> flows_of_tshark(const std::filesystem::path& path) {
  std::vector<std::string> flows;
  const std::string fields =
      " -e frame.protocols -e udp.srcport -e udp.dstport -e ip.src -e ip.dst -e ipv6.src -e ipv6.dst";
  for (const std::string& line :
       split(output_of("tshark -n -r " + path.string() + " -T fields -E occurrence=l" + fields), '\n')) {
    std::vector<std::string> cells = split(line, '\t');
    cells.resize(7);
    const std::string layers = ":" + cells[0] + ":";
    const size_t udp = layers.rfind(":udp:");
    if (udp == std::string::npos || layers.find(":icmp") != std::string::npos) {
      flows.emplace_back();
      continue;
    }
    const size_t ip4 = layers.rfind(":ip:", udp), ip6 = layers.rfind(":ipv6:", udp);
    const bool six = ip6 != std::string::npos && (ip4 == std::string::npos || ip6 > ip4);
    // An outer UDP alone, as what it carries is something else.
    const bool outer =
        layers.find(":ip:", udp) != std::string::npos || layers.find(":ipv6:", udp) != std::string::npos;
    flows.push_back(
        outer ? "" : cells[six ? 5 : 3] + " " + cells[1] + " > " + cells[six ? 6 : 4] + " " + cells[2]);
  }
  return flows;
}

// The same of ours.
std::vector<std::string> our_flows(const std::filesystem::path& path) {
  rtpsonde::FileSource source({.paths = {path.string()}});
  source.open();
  Rig rig;
  std::vector<std::string> flows;
  rtpsonde::PacketBatch batch;
  while (source.read(batch, 0) == rtpsonde::ReadStatus::kPackets) {
    for (size_t i = 0; i < batch.count; ++i) {
      const std::string fate = rig.decode(batch.packets[i]);
      flows.push_back(fate.find(" > ") == std::string::npos ? "" : fate.substr(0, fate.find(',')));
    }
  }
  return flows;
}

}  // namespace

TEST_CASE("The innermost addresses and ports of every frame are those of tshark") {
  const bool tshark = output_of("tshark --version").starts_with("TShark");
  if (!tshark || !std::filesystem::exists(kCaptures)) {
    MESSAGE("skipped: no tshark, or no captures in " << kCaptures.string());
    return;
  }
  // tshark takes the halves of a datagram from two tunnels. Ours come both from
  // one, so a later frame completes it once more.
  const std::map<std::string, std::string> known = {
      {"encap-gtpu-volte.pcapng", "18: 192.168.101.2 5060 > 10.4.128.21 5060 | \n"}};
  for (const std::string name :
       {"encap-zoo-synthetic.pcap", "encap-gtpu-dup-public.pcapng", "encap-gtpu-volte.pcapng",
        "ipip-sip.pcap", "mpegts-vlan.pcap", "vlan-rtp-mix.pcapng"}) {
    INFO(name);
    const std::vector<std::string> theirs = flows_of_tshark(kCaptures / name),
                                   ours = our_flows(kCaptures / name);
    REQUIRE(theirs.size() == ours.size());
    std::string differences;
    for (size_t i = 0; i < ours.size(); ++i) {
      if (ours[i] == theirs[i]) continue;
      differences += std::to_string(i + 1) + ": " + ours[i] + " | " + theirs[i] + "\n";
    }
    CHECK(differences == (known.contains(name) ? known.at(name) : ""));
  }
}

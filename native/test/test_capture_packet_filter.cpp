// Expressions in tcpdump's language, compiled and asked about packets as they stand in
// capture files. Where libpcap is not installed this says so.
#include <doctest/doctest.h>

#include "core/base/error.h"
#include "core/capture/filter_compiler.h"
#include "core/capture/live_filter.h"
#include "core/capture/packet_filter.h"
#include "test_capture_support.h"

using namespace capture_test;
using rtpsonde::compile_filter;
using rtpsonde::Error;
using rtpsonde::LinkType;
using rtpsonde::PacketFilter;
using Verdict = rtpsonde::PacketFilter::Verdict;

namespace {

template <typename Body>
std::string error_of(Body body) {
  try {
    body();
  } catch (const Error& error) {
    return error.code() + ": " + error.what();
  }
  return "none";
}

bool no_libpcap() {
  const std::string error = error_of([] { compile_filter("udp", LinkType::kEthernet); });
  if (error.rfind("ERR_CAPTURE_LIBPCAP", 0) != 0) return false;
  MESSAGE("NOT RUN: libpcap is not installed");
  return true;
}

Verdict judge(const std::string& expression, LinkType link_type, const std::string& octets) {
  rtpsonde::PacketView packet;
  packet.link_type = static_cast<uint16_t>(link_type);
  packet.bytes = {reinterpret_cast<const uint8_t*>(octets.data()), octets.size()};
  packet.wire_len = static_cast<uint32_t>(octets.size());
  return PacketFilter(expression).judge(packet);
}

//                     IPv4, UDP                 10.0.0.1 to 10.0.0.2, port 5000 to 6000
const std::string kUdp = hex("45000020 0000 0000 40 11 0000 0a000001 0a000002 1388 1770 000c 0000 70707070");
const std::string kAddresses = hex("020000000001 020000000002");

}  // namespace

TEST_CASE("filter expression: each link type has its own offsets") {
  if (no_libpcap()) return;
  const std::pair<LinkType, std::string> of_link_types[] = {
      {LinkType::kEthernet, kAddresses + hex("0800") + kUdp},
      {LinkType::kNull, hex("02000000") + kUdp},
      {LinkType::kNull, hex("00000002") + kUdp},  // written by a machine of the other byte order
      {LinkType::kLoop, hex("00000002") + kUdp},
      {LinkType::kRawIp, kUdp},
      {LinkType::kIpv4, kUdp},
      {LinkType::kLinuxSll, hex("0000 0001 0006 020000000001 0000 0800") + kUdp},
      {LinkType::kLinuxSll2, hex("0800 0000 00000002 0001 00 06 0200000000010000") + kUdp},
  };
  for (const auto& [link_type, octets] : of_link_types) {
    CAPTURE(static_cast<int>(link_type));
    CHECK(judge("udp port 5000 and host 10.0.0.2", link_type, octets) == Verdict::kWanted);
    CHECK(judge("udp port 5001", link_type, octets) == Verdict::kRefused);
    CHECK(judge("len = " + std::to_string(octets.size()), link_type, octets) == Verdict::kWanted);
    CHECK(judge("udp port 5000", link_type, octets.substr(0, 12)) == Verdict::kRefused);
    CHECK(judge("udp port 5000", link_type, "") == Verdict::kRefused);
  }
  CHECK(judge("udp", LinkType::kIpv6, hex("60000000 0008 11 40") + std::string(40, '\1')) ==
        Verdict::kWanted);
}

TEST_CASE("filter expression: where it means nothing for a link type, that is said of the packet") {
  if (no_libpcap()) return;
  CHECK(judge("vlan 5", LinkType::kEthernet, kAddresses + hex("8100 0005 0800") + kUdp) == Verdict::kWanted);
  CHECK(judge("vlan 5", LinkType::kRawIp, kUdp) == Verdict::kUnfit);
  // What nobody decodes is no matter of the filter.
  CHECK(judge("udp", static_cast<LinkType>(147), kUdp) == Verdict::kWanted);
}

TEST_CASE("filter expression: a wrong one is refused in the words of libpcap") {
  if (no_libpcap()) return;
  const auto files = [](const char* expression) { return error_of([&] { PacketFilter{expression}; }); };
  // The words differ between versions of libpcap.
  CHECK(files("udp prot 5").rfind("ERR_CAPTURE_FILTER: ", 0) == 0);
  CHECK(files("udp prot 5").find("syntax error") != std::string::npos);
  CHECK(files("port 70000").find("70000") != std::string::npos);
  CHECK(files("ip6 protochain 17").find("cannot be used here: a loop (protochain)") != std::string::npos);
  CHECK(files("ifindex 3") == "none");  // for cooked captures, at least
}

TEST_CASE("filter expression: without libpcap the message names the package") {
  const std::string error =
      error_of([] { compile_filter("udp", LinkType::kEthernet, {"librtpsonde-no-such.so.1"}); });
  CHECK(error ==
        "ERR_CAPTURE_LIBPCAP: capture filters are compiled by libpcap, which is not installed; install it: "
        "apt-get install libpcap0.8 (Debian, Ubuntu) or dnf install libpcap (Fedora, RHEL)");
}

TEST_CASE("filter expression: the word vlan is told from names that contain it") {
  for (const char* expression : {"vlan", "vlan 5 and udp", "not vlan", "udp or (vlan and udp)", "(vlan)"})
    CHECK(rtpsonde::names_vlan(expression));
  for (const char* expression : {"udp", "host vlan-a", "host my.vlan", "host vlan.example", "host vlans"})
    CHECK_FALSE(rtpsonde::names_vlan(expression));
}

// Expressions run by the kernel on a live interface, where the outermost VLAN tag is no
// longer in the frame: the same frames have to pass as in a capture file.
#include <doctest/doctest.h>

#include "core/base/error.h"
#include "core/capture/af_packet_filter.h"
#include "core/capture/filter_compiler.h"
#include "core/capture/filter_interpreter.h"
#include "core/capture/live_filter.h"
#include "core/capture/packet_filter.h"
#include "test_capture_live.h"
#include "test_capture_namespace.h"

using namespace capture_test;
using rtpsonde::AfPacketOptions;
using rtpsonde::AfPacketSource;
using rtpsonde::Error;
using rtpsonde::FilterProgram;
using rtpsonde::LinkType;
using rtpsonde::PacketFilter;

namespace {

bool has_libpcap() {
  try {
    rtpsonde::compile_filter("udp", LinkType::kEthernet);
    return true;
  } catch (const Error&) {
    MESSAGE("NOT RUN: libpcap is not installed");
    return false;
  }
}

const std::string kAddresses = hex("0200000000ff 020000000002");  // not addressed to us

std::string ipv4(const char* protocol, const char* ports) {
  return hex("0800 45000024 0000 0000 40") + hex(protocol) + hex("0000 0a000001 0a000002") + hex(ports) +
         hex("0010 0000 7071727374757677");
}
std::string ipv6(const char* ports) {
  return hex("86dd 60000000 0010 11 40") + std::string(16, '\1') + std::string(16, '\2') + hex(ports) +
         hex("0010 0000 7071727374757677");
}

// On the wire, whole: plain, tagged once and twice, with other protocols, and too short.
std::vector<std::string> frames() {
  const std::string inner[] = {
      ipv4("11", "1388 1770"), ipv4("11", "0035 1771"), ipv4("06", "1388 1770"), ipv6("1388 1770"),
      // ARP; MPLS label 5; an EtherType of its own
      hex("0806 0001 0800 0604 0001 020000000002 0a000001 000000000000 0a000002"),
      hex("8847 00005140 45000020") + std::string(20, '\1'), hex("88b5 0102 0304 0506")};
  std::vector<std::string> all;
  for (const char* tags : {"", "8100 0064", "8100 20c8", "88a8 0065", "88a8 0064 8100 00c8"}) {
    for (const std::string& one : inner) all.push_back(kAddresses + hex(tags) + one);
  }
  return all;
}

bool outer_tag(const std::string& frame) {
  const std::string type = frame.substr(12, 2);
  return type == hex("8100") || type == hex("88a8");
}

bool in_file(const std::string& expression, const std::string& octets) {
  rtpsonde::PacketView packet;
  packet.bytes = {reinterpret_cast<const uint8_t*>(octets.data()), octets.size()};
  packet.wire_len = static_cast<uint32_t>(octets.size());
  return PacketFilter(expression).judge(packet) == PacketFilter::Verdict::kWanted;
}

// The octets that a socket gets of a frame.
std::string stripped(const std::string& frame) {
  return outer_tag(frame) ? frame.substr(0, 12) + frame.substr(16) : frame;
}

std::string line_of(const std::string& frame) {
  const std::string octets = stripped(frame);
  const std::string vlan =
      outer_tag(frame)
          ? "vlan" + std::to_string((frame[14] & 0xf) << 8 | static_cast<uint8_t>(frame[15])) + " "
          : "";
  const std::string size = std::to_string(octets.size());
  return vlan + size + "/" + size + " " +
         to_hex(reinterpret_cast<const uint8_t*>(octets.data()), octets.size()) + "\n";
}

// What arrives of all frames through this filter.
std::string arrives(const std::string& expression, size_t expected) {
  AfPacketOptions wanted = options();
  wanted.ring_bytes = 4 << 16;
  wanted.block_bytes = 1 << 16;
  wanted.filter = expression;
  AfPacketSource source(wanted);
  source.open();
  const Sender sender;
  for (const std::string& frame : frames()) sender.send(frame);
  return captured(source, expected);
}

}  // namespace

TEST_CASE("live filter: with vlan, the frames pass that pass in a file") {
  if (!has_libpcap()) return;
  for (const char* expression : {"vlan",
                                 "not vlan",
                                 "vlan and udp",
                                 "vlan 100 and udp port 5000",
                                 "vlan 200 or ip6",
                                 "udp or (vlan and udp)",
                                 "vlan and vlan 200 and udp",
                                 "vlan and ip6 and not port 53",
                                 "vlan and arp host 10.0.0.1",
                                 "vlan and len = 54",
                                 "vlan and greater 60",
                                 "ether[12:2] = 0x88a8 and vlan",
                                 "vlan and ether[12:4] & 0xffff0fff = 0x810000c8",
                                 "vlan and ether[14] = 0x20",
                                 "ether[13] = 0xa8 and vlan",
                                 "vlan and ether[11:4] = 0x02810000",
                                 "ether[15:2] = 0x6408 and vlan",
                                 "vlan and ether[13:1] = 0",
                                 "vlan 101 or mpls 5",
                                 "vlan and ip[8] = 64 and udp[8:4] = 0x70717273",
                                 "vlan 4095"}) {
    std::string expected;
    size_t count = 0;
    for (const std::string& frame : frames()) {
      if (!in_file(expression, frame)) continue;
      expected += line_of(frame);
      count++;
    }
    const std::string result = in_namespace([&] { return arrives(expression, count); });
    if (not_run(result)) return;
    CAPTURE(expression);
    CHECK(result == expected);
    CHECK((count > 0 || std::string(expression) == "vlan 4095"));
    CHECK(count < frames().size());
  }
}

TEST_CASE("live filter: without vlan, the outermost tag is looked through") {
  if (!has_libpcap()) return;
  for (const char* expression : {"udp", "udp port 5000", "not udp", "arp or ip6", "ether proto 0x8100"}) {
    std::string expected;
    size_t count = 0;
    for (const std::string& frame : frames()) {
      if (!in_file(expression, stripped(frame))) continue;
      expected += line_of(frame);
      count++;
    }
    const std::string result = in_namespace([&] { return arrives(expression, count); });
    if (not_run(result)) return;
    CAPTURE(expression);
    CHECK(result == expected);
    CHECK(count > 0);
  }
}

TEST_CASE("live filter: what passes is cut as without a filter") {
  if (!has_libpcap()) return;
  const std::string result = in_namespace([] {
    AfPacketOptions wanted = options();
    wanted.filter = "vlan 100 and udp port 5000";
    wanted.snap_length = 96;
    AfPacketSource source(wanted);
    source.open();
    const Sender sender;
    const std::string rtp = ipv4("11", "1388 1770") + std::string(400, 'x');
    std::string rtcp = rtp;
    rtcp.replace(30, 4, hex("80c80006"));
    for (const char* tags : {"8100 0064", "8100 0065", ""}) {
      sender.send(kAddresses + hex(tags) + rtp);
      sender.send(kAddresses + hex(tags) + rtcp);
    }
    std::string sizes;
    rtpsonde::PacketBatch batch;
    size_t count = 0;
    while (source.read(batch, count < 2 ? kLong_ms : kMoment_ms) == rtpsonde::ReadStatus::kPackets) {
      for (size_t i = 0; i < batch.count; i++, count++)
        sizes += std::to_string(batch.packets[i].bytes.size) + " of " +
                 std::to_string(batch.packets[i].wire_len) + "\n";
    }
    return sizes;
  });
  if (not_run(result)) return;
  CHECK(result == "96 of 450\n450 of 450\n");
}

TEST_CASE("live filter: what cannot be done is said") {
  const sock_filter ret{BPF_RET | BPF_K, 0, 0, 1};
  const auto error_of = [](const auto& body) {
    try {
      body();
    } catch (const Error& error) {
      return error.code() + ": " + error.what();
    }
    return std::string("none");
  };
  CHECK(error_of([&] { rtpsonde::join_filters(FilterProgram(4000, ret), FilterProgram(97, ret)); }) ==
        "ERR_CAPTURE_FILTER: the filter has 4097 instructions, more than the 4096 that the kernel takes; "
        "shorten the expression");
  CHECK(rtpsonde::join_filters(FilterProgram(4000, ret), FilterProgram(96, ret)).size() == 4096);
  if (!has_libpcap()) return;
  CHECK(error_of([] {
          rtpsonde::live_filter("vlan and ether[ether[20]:2] = 5", {});
        }).rfind("ERR_CAPTURE_FILTER: `vlan` together with a computed offset", 0) == 0);
}

TEST_CASE("live filter: a joined program of any length is one that the kernel could run") {
  if (!has_libpcap()) return;
  std::string expression = "vlan and (udp port 1";
  for (int port = 2; port <= 120; port++) expression += " or udp port " + std::to_string(2 * port);
  const FilterProgram program = rtpsonde::live_filter(expression + ")", rtpsonde::capture_filter(128, true));
  CHECK(program.size() > 600);
  CHECK(rtpsonde::fault_of(program) == "");
}

// Live capture, on a pair of virtual Ethernet interfaces in a network namespace
// that each test makes for itself: no root is needed where the kernel lets users
// have namespaces. Where it does not, this says so, and fails in CI.
#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <linux/capability.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "core/base/error.h"
#include "core/capture/af_packet_source.h"
#include "test_capture_live.h"
#include "test_capture_namespace.h"
#include "test_capture_support.h"

using namespace capture_test;
using rtpsonde::AfPacketOptions;
using rtpsonde::AfPacketSource;
using rtpsonde::Error;
using rtpsonde::PacketBatch;
using rtpsonde::ReadStatus;
using std::chrono::milliseconds;

namespace {

size_t count_packets(AfPacketSource& source, size_t expected) {
  size_t count = 0;
  PacketBatch batch;
  while (source.read(batch, count < expected ? kLong_ms : kMoment_ms) == ReadStatus::kPackets)
    count += batch.count;
  return count;
}

const std::string kAddresses = hex("0200000000ff 020000000002");  // not addressed to us

}  // namespace

TEST_CASE("live: each frame arrives with its octets, its lengths and its VLAN") {
  const std::string result = in_namespace([] {
    AfPacketSource source(options());
    source.open();
    const Sender sender;
    sender.send(kAddresses + hex("88b5 01020304"));
    sender.send(kAddresses + hex("8100 2064 88b5 05060708"));            // tag 100, priority 1
    sender.send(kAddresses + hex("88a8 0065 8100 0066 88b5 090a0b0c"));  // 101 outside 102
    sender.send(kAddresses + hex("8100 2000 88b5 0d0e0f10"));            // priority tag, no VLAN
    return captured(source, 4);
  });
  if (not_run(result)) return;
  CHECK(result ==
        "18/18 0200000000ff02000000000288b501020304\n"
        "vlan100 18/18 0200000000ff02000000000288b505060708\n"
        "vlan101 22/22 0200000000ff0200000000028100006688b5090a0b0c\n"
        "vlan0 18/18 0200000000ff02000000000288b50d0e0f10\n");
}

TEST_CASE("live: a snap length cuts the octets and keeps the wire length") {
  const std::string result = in_namespace([] {
    AfPacketOptions wanted = options();
    wanted.snap_length = 16;
    AfPacketSource source(wanted);
    source.open();
    Sender().send(kAddresses + hex("88b5 aabb") + std::string(1000, 'x'));
    return captured(source, 1);
  });
  if (not_run(result)) return;
  CHECK(result == "16/1016 0200000000ff02000000000288b5aabb\n");
}

TEST_CASE("live: only UDP when asked, and nothing that we send ourselves") {
  const std::string udp = hex("0800 4500001c 00000000 40110000 0a000001 0a000002 1388138900080000");
  const std::string tcp = hex("0800 4500001c 00000000 40060000 0a000001 0a000002 1388138900080000");
  const std::string result = in_namespace([&] {
    AfPacketOptions wanted = options();
    wanted.udp_only = true;
    AfPacketSource source(wanted);
    AfPacketOptions other_end = options();
    other_end.interface = "far0";
    AfPacketSource outgoing(other_end);
    source.open();
    outgoing.open();
    const Sender sender;
    sender.send(kAddresses + tcp);
    sender.send(kAddresses + udp);
    sender.send(kAddresses + hex("8100 0007") + tcp);
    sender.send(kAddresses + hex("8100 0007") + udp);
    return captured(source, 2) + "far0: " + captured(outgoing, 0);
  });
  if (not_run(result)) return;
  const std::string frame = "42/42 " + to_hex(reinterpret_cast<const uint8_t*>(kAddresses.data()), 12) +
                            to_hex(reinterpret_cast<const uint8_t*>(udp.data()), udp.size()) + "\n";
  CHECK(result == frame + "vlan7 " + frame + "far0: ");
}

TEST_CASE("live: time of the packets and of silence") {
  const std::string result = in_namespace([] {
    using std::chrono::system_clock;
    AfPacketSource source(options());
    source.open();
    std::string text;
    const auto before = system_clock::now().time_since_epoch();
    Sender().send(kAddresses + hex("88b5 01020304"));
    PacketBatch batch;
    if (source.read(batch, 1000) != ReadStatus::kPackets) return std::string("nothing came");
    const auto after = system_clock::now().time_since_epoch();
    const std::chrono::nanoseconds at(batch.packets[0].ts_ns);
    text += before <= at && at <= after ? "in between" : "out of order";
    // Silence is never ahead of a packet that is still on its way.
    const auto begin = std::chrono::steady_clock::now();
    text += source.read(batch, 100) == ReadStatus::kIdle ? ", idle" : ", not idle";
    text += std::chrono::steady_clock::now() - begin >= milliseconds(100) ? " after 100 ms" : " too early";
    const std::chrono::nanoseconds silent(source.idle_now_ns());
    const auto now = system_clock::now().time_since_epoch();
    text += silent > at && silent < now && now - silent < milliseconds(500) ? ", clock goes on"
                                                                            : ", clock is wrong";
    text += source.live() ? ", live" : "";
    return text;
  });
  if (not_run(result)) return;
  CHECK(result == "in between, idle after 100 ms, clock goes on, live");
}

TEST_CASE("live: everything sent is delivered while the reader keeps up, round the ring many times") {
  const std::string result = in_namespace([] {
    AfPacketOptions wanted = options();
    wanted.ring_bytes = 4 << 16;
    wanted.block_bytes = 1 << 16;
    AfPacketSource source(wanted);
    source.open();
    const Sender sender;
    PacketBatch batch;
    uint32_t sent = 0;
    uint32_t seen = 0;
    uint32_t wrong = 0;
    // The kernel hands a block over when it is full, so there is always room.
    const auto drain = [&](int timeout_ms) {
      while (source.read(batch, timeout_ms) == ReadStatus::kPackets) {
        for (size_t i = 0; i < batch.count; i++, seen++) {
          const rtpsonde::Bytes bytes = batch.packets[i].bytes;
          if (!bytes.has(14, 4) || bytes.be32(14) != seen || bytes.size != 214) wrong++;
        }
      }
    };
    for (; sent < 20'000; sent++) {
      std::string number(4, '\0');
      for (unsigned i = 0; i < 4; i++) number[i] = static_cast<char>(sent >> (24 - 8 * i));
      sender.send(kAddresses + hex("88b5") + number + std::string(196, 'x'));
      if (sent % 100 == 0) drain(0);
    }
    drain(300);
    const rtpsonde::SourceStats stats = source.stats();
    return "seen " + std::to_string(seen) + ", wrong " + std::to_string(wrong) + ", kernel " +
           std::to_string(stats.kernel_packets) + ", drops " + std::to_string(stats.kernel_drops);
  });
  if (not_run(result)) return;
  CHECK(result == "seen 20000, wrong 0, kernel 20000, drops 0");
}

TEST_CASE("live: sent is delivered and dropped, to the packet, when the reader sleeps") {
  const std::string result = in_namespace([] {
    AfPacketOptions wanted = options();
    wanted.ring_bytes = 4 << 14;
    wanted.block_bytes = 1 << 14;
    AfPacketSource source(wanted);
    source.open();
    const Sender sender;
    size_t delivered = 0;
    size_t sent = 0;
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 2000; i++)
        sent += sender.send(kAddresses + hex("88b5") + std::string(200, 'x')) ? 1 : 0;
      delivered += count_packets(source, 1);
      source.stats();  // adds up, whether or not it was asked before
    }
    const rtpsonde::SourceStats stats = source.stats();
    const bool exact = sent == 6000 && stats.kernel_packets == sent && delivered + stats.kernel_drops == sent;
    return std::string(exact ? "exact" : "not exact") +
           (stats.kernel_drops > 3000 ? ", many drops" : ", few drops") +
           (delivered > 300 ? ", some delivered" : ", hardly any") +
           (stats.kernel_freezes > 0 ? ", froze" : "");
  });
  if (not_run(result)) return;
  CHECK(result == "exact, many drops, some delivered, froze");
}

TEST_CASE("live: the backlog tells how full the ring is, what was dropped, and how long the reader waited") {
  const std::string result = in_namespace([] {
    AfPacketSource source(options());  // 8 blocks
    source.open();
    const Sender sender;
    const std::string frame = kAddresses + hex("88b5 01");
    if (source.backlog().fill != 0) return std::string("not empty at first");
    // Each ends up in a block of its own, as the kernel gives one back after 10 ms.
    uint64_t sent = 0;
    double before = 0;
    for (; source.backlog().drops == 0 && sent < 1000; sent++) {
      sender.send(frame);
      std::this_thread::sleep_for(milliseconds(2 * rtpsonde::kBlockRetireMs));
      const double fill = source.backlog().fill;
      if (fill < before) return std::string("emptier unread");
      before = fill;
    }
    if (before != 1) return "dropped at a fill of " + std::to_string(before);
    const size_t read = count_packets(source, 1);
    if (read + source.backlog().drops != sent) return std::string("not exact");
    const rtpsonde::Backlog after = source.backlog();
    if (after.fill != 0) return std::string("not empty when all was read");
    return std::string(after.waited_ns >= kMoment_ms * 1'000'000LL ? "" : "did not tell of waiting");
  });
  if (not_run(result)) return;
  CHECK(result == "");
}

TEST_CASE("live: loopback is captured once, not twice") {
  const std::string result = in_namespace([] {
    AfPacketOptions wanted = options();
    wanted.interface = "lo";
    AfPacketSource source(wanted);
    source.open();
    const int udp = ::socket(AF_INET, SOCK_DGRAM, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(4000);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    // Bound, so that no ICMP answers.
    ::bind(udp, reinterpret_cast<const sockaddr*>(&to), sizeof to);
    ::sendto(udp, "hello", 5, 0, reinterpret_cast<const sockaddr*>(&to), sizeof to);
    const size_t count = count_packets(source, 1);
    ::close(udp);
    return std::to_string(count);
  });
  if (not_run(result)) return;
  CHECK(result == "1");
}

TEST_CASE("live: an interface that is not there is refused, with the names of those that are") {
  const std::string result = in_namespace([] {
    AfPacketOptions wanted = options();
    wanted.interface = "none0";
    AfPacketSource(wanted).open();
    return std::string("opened");
  });
  if (not_run(result)) return;
  CHECK(result ==
        "ERR_CAPTURE_INTERFACE: there is no network interface \"none0\"; there are: lo, far0, probe0");
}

TEST_CASE("live: an interface without Ethernet frames is refused") {
  const std::string result = in_namespace([] {
    if (!shell("ip tuntap add tun0 mode tun 2>/dev/null")) return std::string("no tun");
    AfPacketOptions wanted = options();
    wanted.interface = "tun0";
    AfPacketSource(wanted).open();
    return std::string("opened");
  });
  if (not_run(result)) return;
  if (result == "no tun") {
    MESSAGE("NOT RUN: this system has no tun device");
    return;
  }
  CHECK(result ==
        "ERR_CAPTURE_INTERFACE: network interface \"tun0\" carries no Ethernet frames (link type 65534); "
        "there are: lo, far0, probe0, tun0");
}

TEST_CASE("live: without the right to capture, the right is named") {
  const std::string result = in_namespace([] {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    const __user_cap_data_struct none[2]{};
    if (::syscall(SYS_capset, &header, none) != 0) return std::string("capset failed");
    AfPacketSource(options()).open();
    return std::string("opened");
  });
  if (not_run(result)) return;
  CHECK(
      result ==
      "ERR_CAPTURE_PERMISSION: capturing needs the right CAP_NET_RAW; start through the systemd unit, which "
      "gives it, or as root, or give it with: setcap cap_net_raw+ep $(readlink -f $(which node))");
}

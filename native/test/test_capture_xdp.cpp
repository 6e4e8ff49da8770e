// Live capture by AF_XDP, native and generic, in a network namespace that each test makes for itself.
// That takes root: eBPF is not for user namespaces. Where it is refused, this says so, and fails in CI.
#include <doctest/doctest.h>
#include <linux/capability.h>
#include <linux/if_link.h>
#include <sys/syscall.h>

#include <chrono>

#include "core/capture/xdp_source.h"
#include "test_capture_live.h"
#include "test_capture_namespace.h"
#include "test_capture_outage.h"

using namespace capture_test;
using rtpsonde::CaptureMethod;
using rtpsonde::SourceStats;
using rtpsonde::StampClock;
using rtpsonde::XdpCopy;
using rtpsonde::XdpMode;
using rtpsonde::XdpOptions;
using rtpsonde::XdpSource;

namespace {

const std::string kAddresses = hex("0200000000ff 020000000002");  // not addressed to us
constexpr XdpMode kModes[] = {XdpMode::kNative, XdpMode::kGeneric};

XdpOptions xdp(XdpMode mode, uint32_t ring_bytes = 4 << 20) {
  XdpOptions wanted;
  wanted.interface = "probe0";
  wanted.ring_bytes = ring_bytes;
  wanted.promiscuous = true;
  wanted.mode = mode;
  return wanted;
}

std::string as_root(const std::function<std::string()>& body) { return in_namespace(body, false); }

const char* name_of(CaptureMethod method) {
  switch (method) {
    case CaptureMethod::kXdpGeneric:
      return "generic";
    case CaptureMethod::kXdpNative:
      return "native";
    case CaptureMethod::kXdpZeroCopy:
      return "zero-copy";
    default:
      return "none";
  }
}

size_t count_packets(XdpSource& source, size_t expected) {
  size_t count = 0;
  PacketBatch batch;
  while (source.read(batch, count < expected ? kLong_ms : kMoment_ms) == ReadStatus::kPackets)
    count += batch.count;
  return count;
}

// Ethernet, IPv4 and UDP from this port: the port chooses the queue.
std::string datagram(uint16_t port) {
  std::string frame = kAddresses + hex("0800 4500001c 00000000 40110000 0a000001 0a000002 00001389 00080000");
  frame[34] = static_cast<char>(port >> 8);
  frame[35] = static_cast<char>(port);
  return frame;
}

}  // namespace

TEST_CASE("xdp: each frame arrives with its octets and its tags, in either mode") {
  for (const XdpMode mode : kModes) {
    const std::string result = as_root([&] {
      XdpSource source(xdp(mode));
      source.open();
      const Sender sender;
      sender.send(kAddresses + hex("88b5 01020304"));
      sender.send(kAddresses + hex("8100 2064 88b5 05060708"));
      sender.send(kAddresses + hex("88a8 0065 8100 0066 88b5 090a0b0c"));
      sender.send(kAddresses + hex("88b5") + std::string(1486, 'x'));
      const std::string text = captured(source, 4);
      const SourceStats stats = source.stats();
      return text.substr(0, text.size() - 2 * 1486 - 1) + name_of(stats.method) + ", kernel " +
             std::to_string(stats.kernel_packets) + ", drops " + std::to_string(stats.kernel_drops);
    });
    if (not_run(result)) return;
    const std::string name = mode == XdpMode::kNative ? "native" : "generic";
    CHECK(result ==
          "18/18 0200000000ff02000000000288b501020304\n"
          "22/22 0200000000ff0200000000028100206488b505060708\n"
          "26/26 0200000000ff02000000000288a800658100006688b5090a0b0c\n"
          "1500/1500 0200000000ff02000000000288b5" +
              name + ", kernel 4, drops 0");
  }
}

TEST_CASE("xdp: native is tried first, and copies where the driver has nothing better") {
  const std::string result = as_root([] {
    XdpSource source(xdp(XdpMode::kAuto));
    source.open();
    return name_of(source.stats().method) + std::string(": ") + joined(source.problems());
  });
  if (not_run(result)) return;
  CHECK(result.starts_with("native: "));
  CHECK(result.find("refuses") == std::string::npos);
}

TEST_CASE("xdp: what the driver cannot do is an error where it was asked for") {
  const std::string result = as_root([] {
    XdpOptions wanted = xdp(XdpMode::kAuto);
    wanted.copy = XdpCopy::kZeroCopy;
    XdpSource(wanted).open();
    return std::string("opened");
  });
  if (not_run(result)) return;
  CHECK(result ==
        "ERR_CAPTURE_XDP: the kernel refused AF_XDP without copying on receive queue 0 of probe0: Operation "
        "not supported");
}

TEST_CASE("xdp: a driver that refuses native mode is captured behind, and that is said") {
  const std::string result = as_root([] {
    // Larger than veth takes in native mode without packets in pieces.
    shell("ip link set probe0 mtu 9000 && ip link set far0 mtu 9000");
    XdpSource source(xdp(XdpMode::kAuto));
    source.open();
    const Sender sender;
    sender.send(kAddresses + hex("88b5") + std::string(3826, 'x'));
    sender.send(kAddresses + hex("88b5") + std::string(3827, 'x'));
    std::string text = std::to_string(captured(source, 1).size());
    const SourceStats stats = source.stats();
    text += " " + std::to_string(stats.kernel_packets) + "-" + std::to_string(stats.kernel_drops) + " " +
            name_of(stats.method) + "\n";
    return text + joined(source.problems());
  });
  if (not_run(result)) return;
  const std::string octets = std::to_string(std::string("3840/3840 \n").size() + 2 * 3840);
  CHECK(result.starts_with(octets + " 2-1 generic\nthe driver of probe0 refuses native XDP: "));
  CHECK(result.find("generic XDP is used, which is slower") != std::string::npos);
  CHECK(result.find("those of more than 3840 are dropped and counted as kernelDrops") != std::string::npos);
}

TEST_CASE("xdp: time of the packets, by the program and, where that cannot be, by the reader") {
  for (const bool stamps : {true, false}) {
    const std::string result = as_root([&] {
      using std::chrono::system_clock;
      XdpOptions wanted = xdp(XdpMode::kNative);
      wanted.stamps = stamps;
      XdpSource source(wanted);
      source.open();
      const auto before = system_clock::now().time_since_epoch();
      Sender().send(kAddresses + hex("88b5 01020304"));
      const auto sent = system_clock::now().time_since_epoch();
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
      PacketBatch batch;
      if (source.read(batch, 1000) != ReadStatus::kPackets) return std::string("nothing came");
      const std::chrono::nanoseconds at(batch.packets[0].ts_ns);
      std::string text = at < before                                 ? "too early"
                         : at - sent < std::chrono::milliseconds(90) ? "when it came"
                                                                     : "when it was read";
      text += source.read(batch, 100) == ReadStatus::kIdle ? ", idle" : ", not idle";
      const std::chrono::nanoseconds silent(source.idle_now_ns());
      text += silent > at && silent < system_clock::now().time_since_epoch() ? ", clock goes on"
                                                                             : ", clock is wrong";
      const SourceStats stats = source.stats();
      return text + ", kernel " + std::to_string(stats.kernel_times) + ", reader " +
             std::to_string(stats.reader_times);
    });
    if (not_run(result)) return;
    CHECK(result == (stamps ? "when it came, idle, clock goes on, kernel 1, reader 0"
                            : "when it was read, idle, clock goes on, kernel 0, reader 1"));
  }
}

TEST_CASE("xdp: everything sent is delivered while the reader keeps up, round the frames many times") {
  for (const XdpMode mode : kModes) {
    const std::string result = as_root([&] {
      XdpSource source(xdp(mode, 512 * 2048));
      source.open();
      const Sender sender;
      PacketBatch batch;
      uint32_t seen = 0, wrong = 0, backwards = 0;
      int64_t last_ns = 0;
      const auto drain = [&](int timeout_ms) {
        while (source.read(batch, timeout_ms) == ReadStatus::kPackets) {
          for (size_t i = 0; i < batch.count; i++, seen++) {
            const rtpsonde::Bytes bytes = batch.packets[i].bytes;
            if (!bytes.has(14, 4) || bytes.be32(14) != seen || bytes.size != 214) wrong++;
            if (batch.packets[i].ts_ns < last_ns) backwards++;
            last_ns = batch.packets[i].ts_ns;
          }
        }
      };
      for (uint32_t sent = 0; sent < 20'000; sent++) {
        std::string number(4, '\0');
        for (unsigned i = 0; i < 4; i++) number[i] = static_cast<char>(sent >> (24 - 8 * i));
        sender.send(kAddresses + hex("88b5") + number + std::string(196, 'x'));
        // The soft interrupt may come later; the ring of veth has 256 places.
        if (sent % 100 == 0) drain(2);
      }
      drain(300);
      const SourceStats stats = source.stats();
      return "seen " + std::to_string(seen) + ", wrong " + std::to_string(wrong) + ", backwards " +
             std::to_string(backwards) + ", kernel " + std::to_string(stats.kernel_packets) + ", drops " +
             std::to_string(stats.kernel_drops) + ", stamped " + std::to_string(stats.kernel_times);
    });
    if (not_run(result)) return;
    CHECK(result == "seen 20000, wrong 0, backwards 0, kernel 20000, drops 0, stamped 20000");
  }
}

TEST_CASE("xdp: sent is delivered and dropped, to the packet, when the reader sleeps") {
  for (const XdpMode mode : kModes) {
    const std::string result = as_root([&] {
      XdpSource source(xdp(mode, 256 * 2048));
      source.open();
      const Sender sender;
      size_t delivered = 0, sent = 0;
      for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 2000; i++) {
          sent += sender.send(kAddresses + hex("88b5") + std::string(200, 'x')) ? 1 : 0;
          // Not faster than the ring of veth is emptied: what that drops nobody here can know of.
          if (i % 100 == 99) std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        delivered += count_packets(source, 256);
        source.stats();
      }
      const SourceStats stats = source.stats();
      const bool exact =
          sent == 6000 && stats.kernel_packets == sent && delivered + stats.kernel_drops == sent;
      return (exact ? std::string("exact") : "not exact: kernel " + std::to_string(stats.kernel_packets)) +
             ", delivered " + std::to_string(delivered) + (stats.kernel_freezes > 0 ? ", froze" : "");
    });
    if (not_run(result)) return;
    // All frames, once each round: none is given back before the reader comes.
    CHECK(result == "exact, delivered 768, froze");
  }
}

TEST_CASE("xdp: all receive queues are read, in order of time") {
  const std::string result = as_root([] {
    if (!shell("ip link del probe0; ip link add probe0 numrxqueues 4 numtxqueues 4 type veth peer name far0 "
               "numrxqueues 4 numtxqueues 4 && ip link set far0 up && ip link set probe0 up") ||
        !wait_for_carrier())
      return std::string(kRefused);
    XdpSource source(xdp(XdpMode::kNative));
    source.open();
    const Sender sender;
    // Sent without reading: each queue has some, and the older ones lie in any of them.
    for (uint16_t n = 0; n < 400; n++) {
      sender.send(datagram(static_cast<uint16_t>(10'000 + n)));
      if (n % 100 == 99) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    PacketBatch batch;
    size_t count = 0, backwards = 0;
    int64_t last_ns = 0;
    while (source.read(batch, count < 400 ? kLong_ms : kMoment_ms) == ReadStatus::kPackets) {
      for (size_t i = 0; i < batch.count; i++, count++) {
        backwards += batch.packets[i].ts_ns < last_ns;
        last_ns = batch.packets[i].ts_ns;
      }
    }
    return std::to_string(count) + " packets, backwards " + std::to_string(backwards) + ", drops " +
           std::to_string(source.stats().kernel_drops);
  });
  if (not_run(result)) return;
  CHECK(result == "400 packets, backwards 0, drops 0");
}

TEST_CASE(
    "xdp: an interface that is in use is not taken over unasked; one that is taken gives nothing to others") {
  const std::string result = as_root([] {
    shell("ip address add 10.9.8.7/24 dev probe0");
    XdpOptions wanted = xdp(XdpMode::kNative);
    std::string text;
    try {
      XdpSource(wanted).open();
    } catch (const rtpsonde::Error& error) {
      text = error.code() + ": " + error.what() + "\n";
    }
    shell("ip address flush dev probe0 && ip route add 10.9.0.0/16 dev probe0");
    try {
      XdpSource(wanted).open();
    } catch (const rtpsonde::Error& error) {
      text += std::string(error.what()).substr(0, 50) + "\n";
    }
    wanted.take_over = true;
    XdpSource source(wanted);
    source.open();
    rtpsonde::AfPacketSource other(options());
    other.open();
    Sender().send(kAddresses + hex("88b5 01020304"));
    return text + captured(source, 1) + "other: " + captured(other, 0);
  });
  if (not_run(result)) return;
  CHECK(
      result ==
      "ERR_CAPTURE_XDP: network interface probe0 has the address 10.9.8.7, and AF_XDP would take all its "
      "packets away from this machine; capture with `method: packet`, on an interface that is for the mirror "
      "port alone, or say `takeOver: true`\n"
      "network interface probe0 is the way of a route, an\n"
      "18/18 0200000000ff02000000000288b501020304\nother: ");
}

TEST_CASE("xdp: an interface with a program is refused, and free again when the capture ends") {
  const std::string result = as_root([] {
    XdpOptions wanted = xdp(XdpMode::kGeneric);
    {
      XdpSource first(wanted);
      first.open();
      const auto socketless = rtpsonde::load_xdp_program(
          {{BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, XDP_PASS}, {BPF_JMP | BPF_EXIT, 0, 0, 0, 0}});
      const auto link =
          rtpsonde::attach_xdp_program(socketless.number(), ::if_nametoindex("probe0"), XDP_FLAGS_SKB_MODE);
      if (link.valid()) return std::string("two programs");
    }
    const auto other = rtpsonde::load_xdp_program(
        {{BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, XDP_PASS}, {BPF_JMP | BPF_EXIT, 0, 0, 0, 0}});
    const auto link =
        rtpsonde::attach_xdp_program(other.number(), ::if_nametoindex("probe0"), XDP_FLAGS_SKB_MODE);
    XdpSource(wanted).open();
    return std::string("opened");
  });
  if (not_run(result)) return;
  CHECK(
      result ==
      "ERR_CAPTURE_XDP: network interface probe0 has an XDP program already, perhaps of another capture; to "
      "see it: ip link show probe0; to remove it, where nobody needs it: ip link set probe0 xdp off");
}

TEST_CASE("xdp: the rights that it needs, and no more") {
  const auto with = [](std::initializer_list<int> rights) {
    return as_root([&] {
      __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
      __user_cap_data_struct data[2]{};
      for (const int right : rights) data[right / 32].effective |= 1U << (right % 32);
      for (auto& word : data) word.permitted = word.effective;
      if (::syscall(SYS_capset, &header, data) != 0) return std::string("capset failed");
      XdpSource source(xdp(XdpMode::kNative, 1 << 20));
      source.open();
      Sender().send(kAddresses + hex("88b5 01020304"));
      return captured(source, 1);
    });
  };
  constexpr int kBpf = 39;  // CAP_BPF; newer than the headers of some systems
  const std::string enough = with({CAP_NET_RAW, CAP_NET_ADMIN, kBpf});
  if (not_run(enough)) return;
  CHECK(enough == "18/18 0200000000ff02000000000288b501020304\n");
  const std::string missing =
      "ERR_CAPTURE_PERMISSION: capturing by AF_XDP needs the rights CAP_NET_RAW, CAP_NET_ADMIN and CAP_BPF, "
      "outside of user namespaces; start through the systemd unit with the drop-in rtpsonde-xdp.conf, or as "
      "root";
  CHECK(with({CAP_NET_RAW}) == missing);
  CHECK(with({CAP_NET_RAW, CAP_NET_ADMIN}) == missing);
}

TEST_CASE("xdp: down and up again, and removed and made anew") {
  for (const XdpMode mode : kModes) {
    const std::string result = as_root([&] {
      XdpSource source(xdp(mode));
      source.open();
      std::string text = packets_come(source);
      text += after(source, "ip link set probe0 down", CaptureState::kDown);
      text += after(source, "ip link set probe0 up", CaptureState::kCapturing);
      text += packets_come(source);
      text += after(source, "ip link set probe0 down && ip link set probe0 up", CaptureState::kCapturing);
      text += packets_come(source);
      text += after(source, "ip link del probe0", CaptureState::kGone);
      text += after(source,
                    "ip link add probe0 type veth peer name far0 && ip link set far0 up && "
                    "ip link set probe0 up",
                    CaptureState::kCapturing);
      text += packets_come(source);
      const SourceStats stats = source.stats();
      text +=
          stats.kernel_packets == stats.kernel_times && stats.kernel_drops == 0 ? "exact; " : "not exact; ";
      return text + std::to_string(stats.outages);
    });
    if (not_run(result)) return;
    CHECK(result ==
          "packets; down; capturing; packets after an outage; capturing; packets after an outage; gone; "
          "capturing; packets after an outage; exact; 3");
  }
}

TEST_CASE("xdp: an interface that is down at the start is waited for") {
  const std::string result = as_root([] {
    shell("ip link set probe0 down");
    XdpSource source(xdp(XdpMode::kAuto));
    source.open();
    const std::string text = after(source, "ip link set probe0 up", CaptureState::kCapturing);
    return text + packets_come(source);
  });
  if (not_run(result)) return;
  CHECK(result == "capturing; packets after an outage; ");
}

TEST_CASE("xdp: from the monotonic clock to the wall clock") {
  constexpr int64_t kDay = 86'400'000'000'000;
  StampClock clock;
  clock.note(1000, kDay + 1900, 3000);  // 2 us apart: not good enough yet
  CHECK(clock.wall_ns(1000) == kDay + 900);
  clock.note(10'000, kDay + 10'100, 10'200);  // better
  CHECK(clock.wall_ns(10'000) == kDay + 10'000);
  clock.note(20'000, kDay + 20'700, 20'800);  // within what reading makes of it
  CHECK(clock.wall_ns(10'000) == kDay + 10'000);
  clock.note(30'000, kDay + 6'000'000, 9'000'000);  // held up between the readings
  CHECK(clock.wall_ns(10'000) == kDay + 10'000);
  clock.note(40'000, 2 * kDay + 40'100, 40'200);  // the wall clock was set
  CHECK(clock.wall_ns(10'000) == 2 * kDay + 10'000);
}

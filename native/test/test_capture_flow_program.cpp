// The program that deals out packets, in an interpreter of our own: both directions and RTCP
// get one number, plain, tagged and in every tunnel it opens, and it is the number of the
// datagram that the decoder finds, on made frames and on every real capture.
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <random>
#include <set>

#include "core/capture/file_source.h"
#include "core/capture/flow_program.h"
#include "test_decode_support.h"

using namespace decode_test;
using namespace rtpsonde;

namespace {

// Classic BPF as the kernel runs it (Documentation/networking/filter.rst), as far as the
// program uses it; data begins at the network header. -1 for an instruction that is not known.
int64_t run(const std::vector<sock_filter>& program, Bytes data, uint16_t protocol) {
  uint32_t a = 0, x = 0, m[16] = {};
  const auto load = [&](uint32_t at, uint32_t size, uint32_t& to) {
    if (!data.has(at, size)) return false;
    to = 0;
    for (uint32_t i = 0; i < size; i++) to = to << 8 | data.data[at + i];
    return true;
  };
  for (size_t pc = 0; pc < program.size(); pc++) {
    const sock_filter& i = program[pc];
    switch (i.code) {
      case BPF_LD | BPF_IMM:
        a = i.k;
        break;
      case BPF_LDX | BPF_IMM:
        x = i.k;
        break;
      case BPF_LD | BPF_MEM:
        a = m[i.k];
        break;
      case BPF_LDX | BPF_MEM:
        x = m[i.k];
        break;
      case BPF_ST:
        m[i.k] = a;
        break;
      case BPF_STX:
        m[i.k] = x;
        break;
      case BPF_LD | BPF_W | BPF_ABS:
        if (i.k != static_cast<uint32_t>(SKF_AD_OFF + SKF_AD_PROTOCOL)) return -1;
        a = protocol;
        break;
      case BPF_LD | BPF_B | BPF_IND:
        if (!load(x + i.k, 1, a)) return 0;
        break;
      case BPF_LD | BPF_H | BPF_IND:
        if (!load(x + i.k, 2, a)) return 0;
        break;
      case BPF_LD | BPF_W | BPF_IND:
        if (!load(x + i.k, 4, a)) return 0;
        break;
      case BPF_ALU | BPF_ADD | BPF_K:
        a += i.k;
        break;
      case BPF_ALU | BPF_ADD | BPF_X:
        a += x;
        break;
      case BPF_ALU | BPF_MUL | BPF_K:
        a *= i.k;
        break;
      case BPF_ALU | BPF_AND | BPF_K:
        a &= i.k;
        break;
      case BPF_ALU | BPF_LSH | BPF_K:
        a <<= i.k;
        break;
      case BPF_ALU | BPF_RSH | BPF_K:
        a >>= i.k;
        break;
      case BPF_ALU | BPF_XOR | BPF_X:
        a ^= x;
        break;
      case BPF_MISC | BPF_TAX:
        x = a;
        break;
      case BPF_MISC | BPF_TXA:
        a = x;
        break;
      case BPF_JMP | BPF_JA:
        pc += i.k;
        break;
      case BPF_JMP | BPF_JEQ | BPF_K:
        pc += a == i.k ? i.jt : i.jf;
        break;
      case BPF_JMP | BPF_JGE | BPF_K:
        pc += a >= i.k ? i.jt : i.jf;
        break;
      case BPF_JMP | BPF_JSET | BPF_K:
        pc += (a & i.k) != 0 ? i.jt : i.jf;
        break;
      case BPF_RET | BPF_A:
        return a;
      default:
        return -1;
    }
  }
  return -1;
}

// Of an Ethernet frame. The kernel takes the outer tag out before.
int64_t number(const Octets& frame) {
  static const std::vector<sock_filter> program = flow_program();
  const Bytes bytes{frame.data(), frame.size()};
  if (bytes.size < 14) return 0;
  const uint16_t outer = bytes.be16(12);
  const bool stripped = (outer == 0x8100 || outer == 0x88a8) && bytes.size >= 18;
  const size_t at = stripped ? 18 : 14;
  return run(program, bytes.from(at), bytes.be16(at - 2));
}

// What it must be, by the addresses and ports of a datagram.
uint32_t expected(const Datagram& d, bool with_ports = true) {
  const auto value = [&](const Address& address) {
    uint32_t words[4];
    for (size_t i = 0; i < 4; i++) words[i] = load_be32(address.data() + 4 * i);
    return d.ip_version == 4 ? words[3] : folded_ipv6(words);
  };
  const uint32_t ports = (d.src_port >> 1) + (d.dst_port >> 1);
  return flow_number(value(d.src) + value(d.dst), with_ports ? ports : 0);
}

struct Ends {
  size_t src, dst, src_port, dst_port;
};
Octets udp_between(const Ends& e, const Octets& content) {
  return cat({be16(e.src_port), be16(e.dst_port), be16(content.size() + 8), be16(0), content});
}
Octets ip4(const Ends& e, size_t protocol, const Octets& content, const Octets& options = {}) {
  const size_t len = 20 + options.size();
  return cat({{static_cast<uint8_t>(0x40 + len / 4), 0},
              be16(len + content.size()),
              be32(0),
              {64, static_cast<uint8_t>(protocol), 0, 0},
              be32(0x0a000000 + e.src),
              be32(0x0a100000 + e.dst),
              options,
              content});
}
Octets ip6(const Ends& e, size_t protocol, const Octets& content) {
  return cat({hex("60000000"),
              be16(content.size()),
              {static_cast<uint8_t>(protocol), 64},
              hex("20010db800000000 00000000"),
              be32(e.src),
              hex("20010db800000001 00000000"),
              be32(e.dst),
              content});
}
// With both tables of addresses turned round: the way back.
Octets back4(const Ends& e, size_t protocol, const Octets& content) {
  Octets out = ip4(e, protocol, content);
  std::swap_ranges(out.begin() + 12, out.begin() + 16, out.begin() + 16);
  return out;
}
Octets back6(const Ends& e, size_t protocol, const Octets& content) {
  Octets out = ip6(e, protocol, content);
  std::swap_ranges(out.begin() + 8, out.begin() + 24, out.begin() + 24);
  return out;
}

// Both directions of RTP and of RTCP.
std::vector<Octets> call4(const Ends& e) {
  const Ends there = {e.src, e.dst, e.src_port + 1, e.dst_port + 1};
  const Ends back = {e.src, e.dst, e.dst_port, e.src_port};
  const Ends back_rtcp = {e.src, e.dst, e.dst_port + 1, e.src_port + 1};
  return {ip4(e, 17, udp_between(e, payload(20))), ip4(there, 17, udp_between(there, payload(28))),
          back4(back, 17, udp_between(back, payload(20))),
          back4(back_rtcp, 17, udp_between(back_rtcp, payload(28)))};
}
std::vector<Octets> call6(const Ends& e) {
  const Ends there = {e.src, e.dst, e.src_port + 1, e.dst_port + 1};
  const Ends back = {e.src, e.dst, e.dst_port, e.src_port};
  const Ends back_rtcp = {e.src, e.dst, e.dst_port + 1, e.src_port + 1};
  return {ip6(e, 17, udp_between(e, payload(20))), ip6(there, 17, udp_between(there, payload(28))),
          back6(back, 17, udp_between(back, payload(20))),
          back6(back_rtcp, 17, udp_between(back_rtcp, payload(28)))};
}

// A frame around an IP packet. `turn` varies what tells nothing of the flow inside.
using Around = std::function<Octets(const Octets& ip, size_t turn)>;

size_t type_of(const Octets& ip) { return ip[0] >> 4 == 4 ? 0x0800 : 0x86dd; }
Octets plain(const Octets& ip) { return ethernet(type_of(ip), ip); }
// Between two tunnel ends, either way, from any port.
Octets in_udp(size_t port, const Octets& content, size_t turn) {
  const Ends ends{1, 2, 49152 + 7 * turn, port};
  return ethernet(0x0800, turn % 2 == 0 ? ip4(ends, 17, udp_between(ends, content))
                                        : back4(ends, 17, udp_between(ends, content)));
}
Octets in_ip(size_t protocol, const Octets& content, size_t turn) {
  const Ends ends{1, 2, 0, 0};
  return ethernet(0x0800, turn % 2 == 0 ? ip4(ends, protocol, content) : back4(ends, protocol, content));
}
Octets in_ip6(size_t protocol, const Octets& content, size_t turn) {
  const Ends ends{1, 2, 0, 0};
  return ethernet(0x86dd, turn % 2 == 0 ? ip6(ends, protocol, content) : back6(ends, protocol, content));
}
Octets ip_protocol(const Octets& ip) { return {static_cast<uint8_t>(ip[0] >> 4 == 4 ? 4 : 41)}; }

const std::vector<std::pair<const char*, Around>> kOpened = {
    {"plain", [](const Octets& ip, size_t) { return plain(ip); }},
    {"one tag",
     [](const Octets& ip, size_t) { return ethernet(0x8100, cat({be16(100), be16(type_of(ip)), ip})); }},
    {"two tags",
     [](const Octets& ip, size_t) {
       return ethernet(0x88a8, cat({be16(100), hex("8100 0065"), be16(type_of(ip)), ip}));
     }},
    {"three tags, of the old kind outside",
     [](const Octets& ip, size_t) {
       return ethernet(0x9100, cat({be16(100), hex("88a8 0065 8100 0066"), be16(type_of(ip)), ip}));
     }},
    {"IP in IP", [](const Octets& ip, size_t t) { return in_ip(ip_protocol(ip)[0], ip, t); }},
    {"IP in IPv6", [](const Octets& ip, size_t t) { return in_ip6(ip_protocol(ip)[0], ip, t); }},
    {"GRE",
     [](const Octets& ip, size_t t) { return in_ip(47, cat({hex("0000"), be16(type_of(ip)), ip}), t); }},
    {"GRE with all words",
     [](const Octets& ip, size_t t) {
       return in_ip(47, cat({hex("b000"), be16(type_of(ip)), be32(0), be32(7), be32(t), ip}), t);
     }},
    {"GRE with a key, a frame",
     [](const Octets& ip, size_t t) {
       return in_ip(47, cat({hex("2000 6558"), be32(0x00123400), plain(ip)}), t);
     }},
    {"ERSPAN I", [](const Octets& ip, size_t t) { return in_ip(47, cat({hex("0000 88be"), plain(ip)}), t); }},
    {"ERSPAN II",
     [](const Octets& ip, size_t t) {
       return in_ip(47, cat({hex("1000 88be"), be32(t), hex("1064 0001 00000000"), plain(ip)}), t);
     }},
    {"ERSPAN III",
     [](const Octets& ip, size_t t) {
       return in_ip(
           47, cat({hex("1000 22eb"), be32(t), hex("2064 0001"), be32(t), hex("0000 0000"), plain(ip)}), t);
     }},
    {"ERSPAN III with a sub-header",
     [](const Octets& ip, size_t t) {
       return in_ip(47,
                    cat({hex("1000 22eb"), be32(t), hex("2064 0001"), be32(t), hex("0000 0001"), be32(t),
                         be32(t), plain(ip)}),
                    t);
     }},
    {"VXLAN",
     [](const Octets& ip, size_t t) { return in_udp(4789, cat({hex("08000000 00138800"), plain(ip)}), t); }},
    {"VXLAN, a tag inside",
     [](const Octets& ip, size_t t) {
       return in_udp(
           4789, cat({hex("08000000 00138800"), ethernet(0x8100, cat({be16(5), be16(type_of(ip)), ip}))}), t);
     }},
    {"VXLAN-GPE",
     [](const Octets& ip, size_t t) {
       return in_udp(4790, cat({ip[0] >> 4 == 4 ? hex("0c000001 00138800") : hex("0c000002 00138800"), ip}),
                     t);
     }},
    {"Geneve",
     [](const Octets& ip, size_t t) { return in_udp(6081, cat({hex("0000 6558 00138800"), plain(ip)}), t); }},
    {"Geneve with options",
     [](const Octets& ip, size_t t) {
       return in_udp(6081, cat({hex("0200"), be16(type_of(ip)), hex("00138800 01020300 00000000"), ip}), t);
     }},
    {"GTP-U", [](const Octets& ip,
                 size_t t) { return in_udp(2152, cat({hex("30ff"), be16(ip.size()), be32(t), ip}), t); }},
    {"GTP-U with a sequence number",
     [](const Octets& ip, size_t t) {
       return in_udp(2152, cat({hex("32ff"), be16(ip.size() + 4), be32(t), be16(t), hex("0000"), ip}), t);
     }},
    {"GTP-U with two extensions",
     [](const Octets& ip, size_t t) {
       return in_udp(2152,
                     cat({hex("34ff"), be16(ip.size() + 12), be32(t), be16(t), hex("0085"), hex("01100085"),
                          hex("01100000"), ip}),
                     t);
     }},
    {"MPLS", [](const Octets& ip,
                size_t t) { return ethernet(0x8847, cat({be32(t << 12 | 0x40), hex("00064140"), ip})); }},
    {"MPLS, a frame with a control word",
     [](const Octets& ip, size_t t) {
       return ethernet(0x8847, cat({be32(t << 12 | 0x140), be32(0), plain(ip)}));
     }},
    {"MPLS in GRE",
     [](const Octets& ip, size_t t) { return in_ip(47, cat({hex("0000 8847 00064140"), ip}), t); }},
    {"PPPoE",
     [](const Octets& ip, size_t t) {
       return ethernet(0x8864, cat({hex("1100"), be16(t), be16(ip.size() + 2),
                                    ip[0] >> 4 == 4 ? hex("0021") : hex("0057"), ip}));
     }},
    {"PPPoE, its protocol compressed",
     [](const Octets& ip, size_t t) {
       return ethernet(0x8864, cat({hex("1100"), be16(t), be16(ip.size() + 1),
                                    ip[0] >> 4 == 4 ? hex("21") : hex("57"), ip}));
     }},
    {"802.1ah", [](const Octets& ip, size_t) { return ethernet(0x88e7, cat({be32(9), plain(ip)})); }},
    {"EtherIP", [](const Octets& ip, size_t t) { return in_ip(97, cat({hex("3000"), plain(ip)}), t); }},
    {"VXLAN in ERSPAN",
     [](const Octets& ip, size_t t) {
       return in_ip(47,
                    cat({hex("1000 88be"), be32(t), hex("1064 0001 00000000"),
                         in_udp(4789, cat({hex("08000000 00138800"), plain(ip)}), t)}),
                    t);
     }},
};

Datagram decoded(const Octets& frame, bool& is_datagram) {
  Decoder decoder{FragmentOptions{}};
  Counters counters;
  Datagram datagram{};
  PacketView view;
  view.bytes = {frame.data(), frame.size()};
  view.wire_len = static_cast<uint32_t>(frame.size());
  is_datagram = decoder.decode(view, counters, datagram);
  return datagram;
}

}  // namespace

TEST_CASE("flow program: the kernel would take it") {
  const std::vector<sock_filter> program = flow_program();
  CHECK(program.size() <= 4096);
  int ends[2];
  REQUIRE(::socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) == 0);
  const sock_fprog whole{static_cast<unsigned short>(program.size()),
                         const_cast<sock_filter*>(program.data())};
  CHECK(::setsockopt(ends[1], SOL_SOCKET, SO_ATTACH_FILTER, &whole, sizeof whole) == 0);
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST_CASE("flow program: both directions and RTCP have one number, the one of their datagram") {
  for (const auto& [name, around] : kOpened) {
    CAPTURE(name);
    std::set<int64_t> numbers;
    for (size_t call = 0; call < 8; call++) {
      const Ends ends{10 + call, 900 + 3 * call, 10'000 + 2 * call, 20'000 + 6 * call};
      for (const auto& packets : {call4(ends), call6(ends)}) {
        std::set<int64_t> mine;
        for (size_t i = 0; i < packets.size(); i++) {
          const Octets frame = around(packets[i], i);
          bool is_datagram = false;
          const Datagram datagram = decoded(frame, is_datagram);
          REQUIRE(is_datagram);
          REQUIRE((datagram.src_port >> 1) + (datagram.dst_port >> 1) == 15'000 + 4 * call);
          mine.insert(number(frame));
          CHECK(number(frame) == expected(datagram));
        }
        CHECK(mine.size() == 1);
        numbers.insert(mine.begin(), mine.end());
      }
    }
    CHECK(numbers.size() >= 15);  // of 16 calls, in 65,536 numbers
  }
}

TEST_CASE("flow program: what it does not open goes by the addresses of the outer packet") {
  const std::vector<std::pair<const char*, Around>> closed = {
      {"HEP", [](const Octets& ip, size_t t) { return in_udp(9060, cat({hex("48455033 0010"), ip}), t); }},
      {"TZSP",
       [](const Octets& ip, size_t t) { return in_udp(37008, cat({hex("01000001 01"), plain(ip)}), t); }},
      {"ESP", [](const Octets& ip, size_t t) { return in_ip(50, ip, t); }},
      {"PPTP", [](const Octets& ip, size_t t) { return in_ip(47, cat({hex("3001 880b"), ip}), t); }},
      {"a fragment",
       [](const Octets& ip, size_t t) {
         Octets frame = in_ip(17, ip, t);
         frame[14 + 6] = 0x20;
         return frame;
       }},
      {"IPv6 fragments",
       [](const Octets& ip, size_t t) { return in_ip6(44, cat({hex("1100 0001"), be32(t), ip}), t); }},
  };
  for (const auto& [name, around] : closed) {
    CAPTURE(name);
    std::set<int64_t> numbers;
    for (size_t t = 0; t < 8; t++) {
      const Ends ends{10 + t, 900 + 3 * t, 10'000 + 2 * t, 20'000 + 6 * t};
      numbers.insert(number(around(call4(ends)[0], t)));
    }
    CHECK(numbers.size() == 1);
    CHECK(*numbers.begin() != 0);
  }
}

TEST_CASE("flow program: RTP on the port of a tunnel is no tunnel") {
  for (const size_t port : {2152U, 4789U, 4790U, 6081U}) {
    CAPTURE(port);
    const Ends ends{3, 4, port - port % 2, 20'000};
    for (const Octets& ip : call4(ends)) {
      bool is_datagram = false;
      const Datagram datagram = decoded(plain(ip), is_datagram);
      REQUIRE(is_datagram);
      CHECK(number(plain(ip)) == expected(datagram));
    }
  }
}

TEST_CASE("flow program: what is no IP, or cut, is 0") {
  CHECK(number(ethernet(0x0806, Octets(46))) == 0);
  CHECK(number(ethernet(0x88cc, Octets(46))) == 0);
  CHECK(number(ethernet(0x0800, {0x45})) == 0);
  std::mt19937 random(1);
  for (int i = 0; i < 20'000; i++) {
    const auto& [name, around] = kOpened[random() % kOpened.size()];
    Octets frame = around(call4({1, 2, 3, 4})[0], random() % 9);
    for (int flips = static_cast<int>(random() % 4); flips > 0; flips--) {
      frame[random() % frame.size()] = static_cast<uint8_t>(random());
    }
    frame.resize(random() % (frame.size() + 1));
    REQUIRE(number(frame) >= 0);
    REQUIRE(number(frame) <= 65'535);
  }
}

TEST_CASE("flow program: on real captures it finds the flow that the decoder finds") {
  const std::filesystem::path folder = SHARED_DIR "/captures";
  if (!std::filesystem::exists(folder)) {
    MESSAGE("skipped: no captures in " << folder.string());
    return;
  }
  size_t checked = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string extension = entry.path().extension();
    if (extension != ".pcap" && extension != ".pcapng" && extension != ".cap") continue;
    CAPTURE(entry.path().string());
    FileOptions options;
    options.paths = {entry.path()};
    FileSource source(options);
    source.open();
    Decoder decoder{FragmentOptions{}};
    Counters counters;
    static PacketBatch batch;
    size_t n = 0;
    while (source.read(batch, 0) == ReadStatus::kPackets) {
      for (size_t i = 0; i < batch.count; i++, n++) {
        const PacketView& packet = batch.packets[i];
        Datagram d{};
        if (packet.link_type != 1 || !decoder.decode(packet, counters, d)) continue;
        // Fragments go by their addresses; what HEP and TZSP carry is not looked at.
        if (d.reassembled || d.tunnel.kind == TunnelKind::kHep || d.tunnel.kind == TunnelKind::kTzsp)
          continue;
        if (d.tunnel.depth > 2 || d.payload_len < 8) continue;
        CAPTURE(n);
        CAPTURE(describe(d));
        CHECK(number({packet.bytes.data, packet.bytes.data + packet.bytes.size}) == expected(d));
        checked++;
      }
    }
  }
  CHECK(checked > 1000);
}

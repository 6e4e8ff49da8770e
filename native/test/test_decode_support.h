// For the tests of the decode room: packets built layer by layer, and a rig
// that decodes them and holds the balance of the counters after every packet.
#pragma once

#include <arpa/inet.h>
#include <doctest/doctest.h>

#include <cstring>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "core/decode/decode.h"

namespace decode_test {

using Octets = std::vector<uint8_t>;

inline Octets hex(const std::string& text) {
  Octets out;
  std::string digits;
  for (const char c : text) {
    if (c == ' ') continue;
    digits += c;
    if (digits.size() < 2) continue;
    out.push_back(static_cast<uint8_t>(std::stoi(digits, nullptr, 16)));
    digits.clear();
  }
  return out;
}

inline Octets cat(std::initializer_list<Octets> parts) {
  Octets out;
  for (const Octets& part : parts) out.insert(out.end(), part.begin(), part.end());
  return out;
}

inline Octets be16(size_t v) { return {static_cast<uint8_t>(v >> 8), static_cast<uint8_t>(v)}; }
inline Octets be32(size_t v) { return cat({be16(v >> 16), be16(v)}); }
inline Octets first(const Octets& octets, size_t count) {
  return {octets.begin(), octets.begin() + static_cast<ptrdiff_t>(count)};
}

// `count` bytes that differ from each other nearby; the first two like RTP.
inline Octets payload(size_t count) {
  Octets out(count);
  for (size_t i = 0; i < count; ++i) out[i] = static_cast<uint8_t>(i * 7 + i / 256);
  if (count > 0) out[0] = 0x80;
  if (count > 1) out[1] = 0x00;
  return out;
}

// UDP from port 5004 to 6004; a `len` that is not the true one on request.
inline Octets udp(const Octets& content, int len = -1) {
  return cat({be16(5004), be16(6004), be16(len < 0 ? content.size() + 8 : static_cast<size_t>(len)), be16(0),
              content});
}

struct Ipv4 {
  size_t protocol = 17;
  size_t id = 0x1234;
  bool more = false;
  size_t offset = 0;  // bytes
  int total_len = -1;
  Octets options = {};
  size_t ttl = 64;
};

// IPv4 from 192.0.2.1 to 198.51.100.2, DSCP 46.
inline Octets ipv4(const Octets& content, const Ipv4& h = {}) {
  const size_t header_len = 20 + h.options.size();
  const size_t total = h.total_len < 0 ? header_len + content.size() : static_cast<size_t>(h.total_len);
  return cat({{static_cast<uint8_t>(0x40 + header_len / 4), 0xb8},
              be16(total),
              be16(h.id),
              be16((h.more ? 0x2000u : 0u) + h.offset / 8),
              {static_cast<uint8_t>(h.ttl), static_cast<uint8_t>(h.protocol), 0, 0},
              hex("c0000201 c6336402"),
              h.options,
              content});
}

// IPv6 from 2001:db8::1 to 2001:db8::2, DSCP 46.
inline Octets ipv6(size_t next_header, const Octets& content, int payload_len = -1) {
  return cat({hex("6b800000"),
              be16(payload_len < 0 ? content.size() : static_cast<size_t>(payload_len)),
              {static_cast<uint8_t>(next_header), 64},
              hex("20010db8 00000000 00000000 00000001"),
              hex("20010db8 00000000 00000000 00000002"),
              content});
}

inline Octets ipv6_fragment(size_t next_header, const Octets& content, size_t offset, bool more,
                            size_t id = 0x1234) {
  return ipv6(
      44, cat({{static_cast<uint8_t>(next_header), 0}, be16(offset + (more ? 1u : 0u)), be32(id), content}));
}

inline Octets ethernet(size_t type, const Octets& content) {
  return cat({hex("020000000002 020000000001"), be16(type), content});
}

// A packet as a source would give it.
struct Packet {
  Octets octets;
  rtpsonde::LinkType link_type = rtpsonde::LinkType::kEthernet;
  int64_t ts_ns = 0;
  uint16_t stripped_vlan = rtpsonde::kNoVlan;
  size_t cut_at = SIZE_MAX;  // snap length
};

inline std::string address(const rtpsonde::Address& a, uint8_t version) {
  char text[INET6_ADDRSTRLEN];
  const rtpsonde::Address mapped = rtpsonde::map_ipv4(a.data() + 12);
  if (version == 4) REQUIRE(a == mapped);
  return version == 4 ? inet_ntop(AF_INET, a.data() + 12, text, sizeof text)
                      : inet_ntop(AF_INET6, a.data(), text, sizeof text);
}

// "vxlan 5000", with the VLAN in it and the number of tunnels when there are more.
inline std::string describe(const rtpsonde::Tunnel& tunnel) {
  const char* const names[] = {"none",  "mpls",   "pppoe", "ipInIp", "gre", "nvgre",   "erspan",
                               "vxlan", "geneve", "gtpu",  "tzsp",   "pbb", "etherIp", "hep"};
  std::string text = names[static_cast<size_t>(tunnel.kind)];
  text += " " + std::to_string(tunnel.id);
  if (tunnel.inner_vlan != rtpsonde::kNoVlan) text += " vlan " + std::to_string(tunnel.inner_vlan);
  if (tunnel.depth != 1) text += " depth " + std::to_string(tunnel.depth);
  if (tunnel.identity != 0) text += " apart";
  return text;
}

// "erspan 7, mpls 16, ": the tunnels around the innermost one.
inline std::string describe(const rtpsonde::OuterTunnels& outer, uint8_t depth) {
  std::string text;
  for (int i = 0; i + 1 < depth; ++i) {
    text += describe(rtpsonde::Tunnel{.id = outer.ids[i], .kind = outer.kinds[i], .depth = 1}) + ", ";
  }
  return text;
}

// Everything a datagram says, its time apart: "192.0.2.1 5004 > 198.51.100.2
// 6004, 20 bytes, dscp 46, ttl 64", and what is out of the ordinary behind it.
inline std::string describe(const rtpsonde::Datagram& d) {
  std::string text = address(d.src, d.ip_version) + " " + std::to_string(d.src_port) + " > " +
                     address(d.dst, d.ip_version) + " " + std::to_string(d.dst_port) + ", " +
                     std::to_string(d.payload_len) + " bytes, dscp " + std::to_string(d.dscp) + ", ttl " +
                     std::to_string(d.ttl);
  if (d.payload.size != d.payload_len) text += ", captured " + std::to_string(d.payload.size);
  if (d.vlan != rtpsonde::kNoVlan) text += ", vlan " + std::to_string(d.vlan);
  if (d.reassembled) text += ", reassembled";
  if (d.tunnel.kind != rtpsonde::TunnelKind::kNone)
    text += ", " + describe(d.outer, d.tunnel.depth) + describe(d.tunnel);
  return text;
}

// Decodes one packet after the other. Each lies in a block of its exact size,
// so that a sanitizer sees any read beyond what was captured.
class Rig {
 public:
  explicit Rig(const rtpsonde::FragmentOptions& options = {}) : decoder_(options) {}

  // The datagram in words, or the name of the counter that rose: the packet's
  // own, when it did not move others.
  std::string decode(const Packet& packet) {
    rtpsonde::PacketView view;
    view.ts_ns = packet.ts_ns;
    view.bytes = {packet.octets.data(), std::min(packet.octets.size(), packet.cut_at)};
    view.wire_len = static_cast<uint32_t>(packet.octets.size());
    view.link_type = static_cast<uint16_t>(packet.link_type);
    view.stripped_vlan = packet.stripped_vlan;
    return decode(view);
  }

  std::string decode(const Octets& frame) { return decode(Packet{frame}); }

  std::string decode(rtpsonde::PacketView view) {
    const size_t size = view.bytes.size;
    const std::unique_ptr<uint8_t[]> exact(new uint8_t[size]);
    if (size > 0) std::memcpy(exact.get(), view.bytes.data, size);
    view.bytes.data = exact.get();

    const rtpsonde::Counters before = counters_;
    counters_.add(rtpsonde::Counter::kPackets);
    rtpsonde::Datagram datagram;
    std::memset(static_cast<void*>(&datagram), 0xa5, sizeof datagram);
    if (decoder_.decode(view, counters_, datagram)) {
      ++datagrams_;
      check_balance();
      CHECK(datagram.ts_ns == view.ts_ns);
      last_identity_ = datagram.tunnel.identity;
      last_payload_.assign(datagram.payload.data, datagram.payload.data + datagram.payload.size);
      return describe(datagram);
    }
    check_balance();
    for (size_t i = 1; i < rtpsonde::kCounterCount; ++i) {
      if (counters_.values()[i] > before.values()[i] &&
          rtpsonde::kCounterInfo[i].fate != rtpsonde::Fate::kUsed) {
        return rtpsonde::kCounterInfo[i].name;
      }
    }
    return "counted nowhere";
  }

  void expire(int64_t now_ns) {
    decoder_.expire(now_ns, counters_);
    check_balance();
  }

  // Bytes of the datagram decoded last.
  const Octets& last_payload() const { return last_payload_; }

  // Tunnel::identity of the same.
  uint64_t last_identity() const { return last_identity_; }

  // All counters that are not 0, "datagrams" being those handed out.
  std::string counts() const {
    std::string text = "datagrams " + std::to_string(datagrams_);
    for (size_t i = 1; i < rtpsonde::kCounterCount; ++i) {
      if (counters_.values()[i] == 0) continue;
      text +=
          std::string(", ") + rtpsonde::kCounterInfo[i].name + " " + std::to_string(counters_.values()[i]);
    }
    return text;
  }

 private:
  void check_balance() const {
    uint64_t sum = datagrams_;
    for (size_t i = 0; i < rtpsonde::kCounterCount; ++i) {
      const rtpsonde::Fate fate = rtpsonde::kCounterInfo[i].fate;
      if (fate == rtpsonde::Fate::kUsed || fate == rtpsonde::Fate::kPending ||
          fate == rtpsonde::Fate::kReason) {
        sum += counters_.values()[i];
      }
    }
    REQUIRE(counters_.get(rtpsonde::Counter::kPackets) == sum);
  }

  rtpsonde::Decoder decoder_;
  rtpsonde::Counters counters_;
  uint64_t datagrams_ = 0;
  Octets last_payload_;
  uint64_t last_identity_ = 0;
};

inline std::string decode(const Packet& packet) { return Rig().decode(packet); }
inline std::string decode(const Octets& frame) { return Rig().decode(frame); }

// The fates of a packet cut at every length from 0 to whole, as "fate
// first..last" in order.
inline std::string fates_of_cuts(const Packet& packet) {
  std::string text;
  std::string fate;
  size_t since = 0;
  const auto close = [&](size_t end) {
    if (!fate.empty()) text += fate + " " + std::to_string(since) + ".." + std::to_string(end) + "\n";
  };
  for (size_t cut = 0; cut <= packet.octets.size(); ++cut) {
    Packet shorter = packet;
    shorter.cut_at = cut;
    std::string next = decode(shorter);
    const size_t captured = next.find(", captured");
    if (captured != std::string::npos) next.resize(captured);
    if (next.find(" > ") != std::string::npos) next = "datagram";
    if (next == fate) continue;
    if (cut > 0) close(cut - 1);
    fate = next;
    since = cut;
  }
  close(packet.octets.size());
  return text;
}

// What the tests of tunnels put inside, and how it is told.
inline const Octets kInner = ipv4(udp(payload(20)));
inline const Octets kInner6 = ipv6(17, udp(payload(20)));
inline const Octets kFrame = ethernet(0x0800, kInner);
inline const Octets kTagged = ethernet(0x8100, cat({hex("6123 0800"), kInner}));  // VLAN 291
inline const std::string kInnerTold = "192.0.2.1 5004 > 198.51.100.2 6004, 20 bytes, dscp 46, ttl 64, ";
inline const std::string kInner6Told = "2001:db8::1 5004 > 2001:db8::2 6004, 20 bytes, dscp 46, ttl 64, ";

}  // namespace decode_test

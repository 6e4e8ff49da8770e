// See af_packet_filter.h. A load beyond the frame ends the program and drops it.
#include "core/capture/af_packet_filter.h"

#include <linux/if_packet.h>

#include <algorithm>
#include <initializer_list>
#include <utility>

namespace rtpsonde {
namespace {

// What tcpdump calls "all": more than any frame.
constexpr uint32_t kWholeFrame = 262144;

constexpr uint32_t kEthertypeAt = 12;
constexpr uint32_t kVlanTagBytes = 4;
constexpr uint32_t kVlanLevels = 2;
constexpr uint32_t kUdpHeaderBytes = 8;
constexpr uint32_t kIpv6HeaderBytes = 40;
// Ethernet, two tags, IPv4 with options, UDP and what is read of its payload: a
// frame of this length is read without a load beyond it.
constexpr uint32_t kInspected = 14 + 8 + 60 + 8 + 4;

constexpr uint32_t kUdp = 17;
constexpr uint32_t kHepMagic = 0x48455033;  // 'HEP3'

// Where a jump leads; the places are known once the program is complete.
enum Label : uint8_t {
  kNext,
  kTagged1,
  kTagged2,
  kIpv4,
  kIpv6,
  kAtUdp,
  kKeep,
  kKeepTunnel,
  kKeepWhole,
  kNo,
  kLabels
};

class Program {
 public:
  void put(unsigned code, uint32_t k) { code_.push_back({static_cast<uint16_t>(code), 0, 0, k}); }
  void place(Label label) { places_[label] = code_.size(); }
  // Jumps by how A compares with k; BPF_JEQ, BPF_JGE or BPF_JSET.
  void jump(unsigned compare, uint32_t k, Label yes, Label no = kNext) {
    jumps_.push_back({code_.size(), yes, no});
    put(BPF_JMP | compare | BPF_K, k);
  }
  // Jumps over so many instructions unless A is k.
  void skip_unless(uint32_t k, uint8_t count) { code_.push_back({BPF_JMP | BPF_JEQ | BPF_K, 0, count, k}); }
  void any_of(std::initializer_list<uint32_t> values, Label yes) {
    for (const uint32_t value : values) jump(BPF_JEQ, value, yes);
  }
  // Always: no value is below 0.
  void go(Label label) { jump(BPF_JGE, 0, label); }

  FilterProgram take() {
    for (const Jump& jump : jumps_) {
      const auto distance = [&](Label label) {
        return label == kNext ? uint8_t{0} : static_cast<uint8_t>(places_[label] - jump.at - 1);
      };
      code_[jump.at].jt = distance(jump.yes);
      code_[jump.at].jf = distance(jump.no);
    }
    return std::move(code_);
  }

 private:
  struct Jump {
    size_t at;
    Label yes;
    Label no;
  };
  FilterProgram code_;
  std::vector<Jump> jumps_;
  size_t places_[kLabels] = {};
};

// The EtherType under `level` tags; X is where the next header begins.
void ethertype(Program& program, uint32_t level) {
  const uint32_t at = kEthertypeAt + level * kVlanTagBytes;
  program.put(BPF_LD | BPF_H | BPF_ABS, at);
  program.put(BPF_LDX | BPF_IMM, at + 2);
  program.jump(BPF_JEQ, 0x0800, kIpv4);
  program.jump(BPF_JEQ, 0x86dd, kIpv6);
  // MPLS, MPLS upstream, PPPoE session, 802.1ah
  program.any_of({0x8847, 0x8848, 0x8864, 0x88e7}, kKeepTunnel);
  if (level < kVlanLevels) program.any_of({0x8100, 0x88a8, 0x9100}, level == 0 ? kTagged1 : kTagged2);
  program.go(kNo);
}

// IP in IP, IPv6 in IP, GRE, EtherIP, MPLS, Ethernet
void ip_tunnels(Program& program) { program.any_of({4, 41, 47, 97, 137, 143}, kKeepTunnel); }

// A fragment behind the first has no ports; the first and the whole ones do.
void ipv4(Program& program) {
  program.place(kIpv4);
  program.put(BPF_LD | BPF_B | BPF_IND, 9);
  ip_tunnels(program);
  program.jump(BPF_JEQ, kUdp, kNext, kNo);
  program.put(BPF_LD | BPF_H | BPF_IND, 6);
  program.jump(BPF_JSET, 0x1fff, kKeep);
  program.put(BPF_LD | BPF_B | BPF_IND, 0);
  program.put(BPF_ALU | BPF_AND | BPF_K, 0x0f);
  program.put(BPF_ALU | BPF_LSH | BPF_K, 2);
  program.put(BPF_ALU | BPF_ADD | BPF_X, 0);
  program.put(BPF_MISC | BPF_TAX, 0);
  program.go(kAtUdp);
}

// The header of a fragment, of options or of a route may stand before anything.
void ipv6(Program& program) {
  program.place(kIpv6);
  program.put(BPF_LD | BPF_B | BPF_IND, 6);
  ip_tunnels(program);
  program.any_of({44, 0, 60, 43}, kKeepTunnel);
  program.jump(BPF_JEQ, kUdp, kNext, kNo);
  program.put(BPF_MISC | BPF_TXA, 0);
  program.put(BPF_ALU | BPF_ADD | BPF_K, kIpv6HeaderBytes);
  program.put(BPF_MISC | BPF_TAX, 0);
}

// X is where UDP begins. RTCP has version 2 and a packet type of 192 to 223 (RFC
// 5761 4), so that two bytes tell it.
void udp(Program& program) {
  program.place(kAtUdp);
  program.put(BPF_LD | BPF_W | BPF_LEN, 0);
  program.put(BPF_ALU | BPF_SUB | BPF_X, 0);
  program.jump(BPF_JGE, kUdpHeaderBytes + 4, kNext, kKeep);
  program.put(BPF_LD | BPF_W | BPF_IND, kUdpHeaderBytes);
  program.jump(BPF_JEQ, kHepMagic, kKeepWhole);
  program.put(BPF_ALU | BPF_AND | BPF_K, 0xc0e00000);
  program.jump(BPF_JEQ, 0x80c00000, kKeepWhole);
  for (const uint32_t port_at : {2u, 0u}) {
    program.put(BPF_LD | BPF_H | BPF_IND, port_at);
    // GTP-U, VXLAN, VXLAN-GPE, Geneve, HEP, TZSP
    program.any_of({2152, 4789, 4790, 6081, 9060, 37008}, kKeepTunnel);
  }
}

}  // namespace

FilterProgram capture_filter(uint32_t snap_length, bool udp_only, bool incoming_only) {
  const uint32_t keep = snap_length > 0 ? snap_length : kWholeFrame;
  Program program;
  if (incoming_only) {
    program.put(BPF_LD | BPF_W | BPF_ABS, static_cast<uint32_t>(SKF_AD_OFF + SKF_AD_PKTTYPE));
    program.skip_unless(PACKET_OUTGOING, 1);
    program.put(BPF_RET | BPF_K, 0);
  }
  if (udp_only || snap_length > 0) {
    if (!udp_only) {
      program.put(BPF_LD | BPF_W | BPF_LEN, 0);
      program.jump(BPF_JGE, std::max(kInspected, snap_length), kNext, kKeep);
    }
    ethertype(program, 0);
    program.place(kTagged1);
    ethertype(program, 1);
    program.place(kTagged2);
    ethertype(program, 2);
    ipv4(program);
    ipv6(program);
    udp(program);
  }
  program.place(kKeep);
  program.put(BPF_RET | BPF_K, keep);
  program.place(kKeepTunnel);
  program.put(BPF_RET | BPF_K, keep + kTunnelHeaders);
  program.place(kKeepWhole);
  program.put(BPF_RET | BPF_K, std::max(keep, kWholeDatagram));
  program.place(kNo);
  program.put(BPF_RET | BPF_K, udp_only ? 0 : keep);
  return program.take();
}

}  // namespace rtpsonde

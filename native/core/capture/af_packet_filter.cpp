// See af_packet_filter.h.
#include "core/capture/af_packet_filter.h"

namespace rtpsonde {
namespace {

// What tcpdump calls "all": more than any frame.
constexpr uint32_t kWholeFrame = 262144;

constexpr uint32_t kEthertypeAt = 12;
constexpr uint32_t kVlanTagBytes = 4;
constexpr uint32_t kVlanLevels = 2;
constexpr uint32_t kIpv4ProtocolAt = 9;
constexpr uint32_t kIpv6NextHeaderAt = 6;

constexpr uint32_t kIpv4 = 0x0800;
constexpr uint32_t kIpv6 = 0x86dd;
constexpr uint32_t kVlanTypes[] = {0x8100, 0x88a8, 0x9100};
constexpr uint32_t kUdp = 17;
// UDP, fragment, hop-by-hop options, destination options, routing
constexpr uint32_t kIpv6Wanted[] = {kUdp, 44, 0, 60, 43};

// Positions in the program below. A level without further tags is three shorter.
constexpr uint32_t kLevelLength = 7;
constexpr uint32_t kIpv4Part = kVlanLevels * kLevelLength + 4;
constexpr uint32_t kIpv6Part = kIpv4Part + 2;
constexpr uint32_t kDrop = kIpv6Part + 1 + 5;
constexpr uint32_t kAccept = kDrop + 1;

class Program {
 public:
  void put(unsigned code, uint32_t k) { code_.push_back({static_cast<uint16_t>(code), 0, 0, k}); }
  // Goes to one of two positions, both further on, as A is k or not.
  void branch(uint32_t k, uint32_t equal, uint32_t otherwise) {
    const auto after = static_cast<uint32_t>(code_.size() + 1);
    code_.push_back({BPF_JMP | BPF_JEQ | BPF_K, static_cast<uint8_t>(equal - after),
                     static_cast<uint8_t>(otherwise - after), k});
  }
  void branch(uint32_t k, uint32_t equal) { branch(k, equal, static_cast<uint32_t>(code_.size() + 1)); }
  std::vector<sock_filter> take() { return std::move(code_); }

 private:
  std::vector<sock_filter> code_;
};

// The Ethertype under `level` tags; X is where the next header begins.
void ethertype(Program& program, uint32_t level) {
  const uint32_t at = kEthertypeAt + level * kVlanTagBytes;
  program.put(BPF_LD | BPF_H | BPF_ABS, at);
  program.put(BPF_LDX | BPF_IMM, at + 2);
  program.branch(kIpv4, kIpv4Part);
  if (level == kVlanLevels) return program.branch(kIpv6, kIpv6Part, kDrop);
  program.branch(kIpv6, kIpv6Part);
  const uint32_t next = (level + 1) * kLevelLength;
  program.branch(kVlanTypes[0], next);
  program.branch(kVlanTypes[1], next);
  program.branch(kVlanTypes[2], next, kDrop);
}

}  // namespace

std::vector<sock_filter> capture_filter(uint32_t snap_length, bool udp_only) {
  const uint32_t keep = snap_length > 0 ? snap_length : kWholeFrame;
  Program program;
  if (udp_only) {
    for (uint32_t level = 0; level <= kVlanLevels; level++) ethertype(program, level);
    // IPv4: fragments carry the protocol, too.
    program.put(BPF_LD | BPF_B | BPF_IND, kIpv4ProtocolAt);
    program.branch(kUdp, kAccept, kDrop);
    program.put(BPF_LD | BPF_B | BPF_IND, kIpv6NextHeaderAt);
    for (const uint32_t wanted : kIpv6Wanted) {
      const bool last = wanted == kIpv6Wanted[4];
      if (last) {
        program.branch(wanted, kAccept, kDrop);
      } else {
        program.branch(wanted, kAccept);
      }
    }
    program.put(BPF_RET | BPF_K, 0);
  }
  program.put(BPF_RET | BPF_K, keep);
  return program.take();
}

}  // namespace rtpsonde

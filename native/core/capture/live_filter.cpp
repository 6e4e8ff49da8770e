// See live_filter.h.
#include "core/capture/live_filter.h"

#include <regex>

#include "core/base/error.h"
#include "core/capture/filter_compiler.h"

namespace rtpsonde {
namespace {

constexpr uint32_t kTagPresent = static_cast<uint32_t>(SKF_AD_OFF + SKF_AD_VLAN_TAG_PRESENT);
constexpr uint32_t kTagControl = static_cast<uint32_t>(SKF_AD_OFF + SKF_AD_VLAN_TAG);
constexpr uint32_t kTagProtocol = static_cast<uint32_t>(SKF_AD_OFF + SKF_AD_VLAN_TPID);

// Where the tag stands in a frame.
constexpr uint32_t kTagAt = 12;
constexpr uint32_t kTagBytes = 4;
constexpr uint32_t kBehindTag = kTagAt + kTagBytes;

// Ours; libpcap takes cells from 0 on.
constexpr uint32_t kSavedX = 14;
constexpr uint32_t kSavedA = 15;

uint32_t width(uint16_t code) { return BPF_SIZE(code) == BPF_W ? 4 : BPF_SIZE(code) == BPF_H ? 2 : 1; }

// Writes a program anew in which one instruction may become several.
class TagRewriter {
 public:
  FilterProgram rewrite(const FilterProgram& wanted) {
    for (const sock_filter& one : wanted) {
      starts_.push_back(code_.size());
      instruction(one);
    }
    for (const Jump& jump : jumps_) {
      code_[jump.at].k = static_cast<uint32_t>(starts_[jump.target] - jump.at - 1);
    }
    return std::move(code_);
  }

 private:
  struct Jump {
    size_t at;
    size_t target;  // in the program as it was
  };

  void put(unsigned code, uint32_t k) { code_.push_back({static_cast<uint16_t>(code), 0, 0, k}); }
  void go(size_t target) {
    jumps_.push_back({code_.size(), target});
    put(BPF_JMP | BPF_JA, 0);
  }

  void instruction(const sock_filter& one) {
    const size_t next = starts_.size();
    switch (BPF_CLASS(one.code)) {
      case BPF_LD:
        return load(one);
      case BPF_LDX:
        return load_x(one);
      case BPF_ST:
      case BPF_STX:
        if (one.k >= kSavedX) throw Error("ERR_CAPTURE_FILTER", "too long an expression with vlan");
        return code_.push_back(one);
      case BPF_JMP:
        if (BPF_OP(one.code) == BPF_JA) return go(next + one.k);
        // A distance of 8 bits could become too short; that of an unconditional jump has 32.
        code_.push_back({one.code, 0, 1, one.k});
        go(next + one.jt);
        return go(next + one.jf);
      default:
        code_.push_back(one);
    }
  }

  void load(const sock_filter& one) {
    switch (BPF_MODE(one.code)) {
      case BPF_ABS:
        return load_at(one.code, one.k);
      case BPF_IND:
        if (one.k < kTagAt) {
          throw Error(
              "ERR_CAPTURE_FILTER",
              "`vlan` together with a computed offset, ether[EXPRESSION], is not possible on a network "
              "interface, where the kernel has taken the tag out of the frame");
        }
        // X is the length of an IP header, which lies behind the tag.
        return put(one.code, one.k - kTagBytes);
      case BPF_LEN:
        put(one.code, 0);
        return put(BPF_ALU | BPF_ADD | BPF_K, kTagBytes);
      default:
        code_.push_back(one);
    }
  }

  void load_at(uint16_t code, uint32_t at) {
    const uint32_t end = at + width(code);
    if (end <= kTagAt) return put(code, at);
    if (at >= kBehindTag) return put(code, at - kTagBytes);
    if (width(code) == 2 && at == kTagAt) return put(BPF_LD | BPF_W | BPF_ABS, kTagProtocol);
    if (width(code) == 2 && at == kTagAt + 2) return put(BPF_LD | BPF_W | BPF_ABS, kTagControl);
    if (width(code) == 1) return load_octet(at);
    put(BPF_STX, kSavedX);
    load_octet(at);
    for (uint32_t i = at + 1; i < end; i++) {
      put(BPF_ALU | BPF_LSH | BPF_K, 8);
      put(BPF_ST, kSavedA);
      load_octet(i);
      put(BPF_LDX | BPF_MEM, kSavedA);
      put(BPF_ALU | BPF_OR | BPF_X, 0);
    }
    put(BPF_LDX | BPF_MEM, kSavedX);
  }

  void load_octet(uint32_t at) {
    if (at < kTagAt) return put(BPF_LD | BPF_B | BPF_ABS, at);
    if (at >= kBehindTag) return put(BPF_LD | BPF_B | BPF_ABS, at - kTagBytes);
    put(BPF_LD | BPF_W | BPF_ABS, at < kTagAt + 2 ? kTagProtocol : kTagControl);
    if (at % 2 == 0) put(BPF_ALU | BPF_RSH | BPF_K, 8);
    put(BPF_ALU | BPF_AND | BPF_K, 0xff);
  }

  void load_x(const sock_filter& one) {
    const bool header_length = BPF_MODE(one.code) == BPF_MSH;
    if (header_length && one.k >= kBehindTag) return put(one.code, one.k - kTagBytes);
    if ((header_length && one.k < kTagAt) || BPF_MODE(one.code) == BPF_IMM || BPF_MODE(one.code) == BPF_MEM)
      return code_.push_back(one);
    put(BPF_ST, kSavedA);
    if (header_length) {
      load_octet(one.k);
      put(BPF_ALU | BPF_AND | BPF_K, 0xf);
      put(BPF_ALU | BPF_LSH | BPF_K, 2);
    } else {
      put(BPF_LD | BPF_W | BPF_LEN, 0);
      put(BPF_ALU | BPF_ADD | BPF_K, kTagBytes);
    }
    put(BPF_MISC | BPF_TAX, 0);
    put(BPF_LD | BPF_MEM, kSavedA);
  }

  FilterProgram code_;
  std::vector<size_t> starts_;
  std::vector<Jump> jumps_;
};

// `tagged` for frames whose tag was taken out, `plain` for the others. Both go on to
// what follows where they return something, so they keep their places.
FilterProgram by_stripped_tag(const FilterProgram& tagged, const FilterProgram& plain) {
  FilterProgram both = {
      {BPF_LD | BPF_W | BPF_ABS, 0, 0, kTagPresent},
      {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0},
      {BPF_JMP | BPF_JA, 0, 0, static_cast<uint32_t>(tagged.size())},
  };
  both.insert(both.end(), tagged.begin(), tagged.end());
  both.insert(both.end(), plain.begin(), plain.end());
  return both;
}

}  // namespace

FilterProgram join_filters(FilterProgram wanted, const FilterProgram& keep) {
  for (size_t i = 0; i < wanted.size(); i++) {
    if (wanted[i].code != (BPF_RET | BPF_K) || wanted[i].k == 0) continue;
    wanted[i] = {BPF_JMP | BPF_JA, 0, 0, static_cast<uint32_t>(wanted.size() - i - 1)};
  }
  wanted.insert(wanted.end(), keep.begin(), keep.end());
  if (wanted.size() > BPF_MAXINSNS) {
    throw Error("ERR_CAPTURE_FILTER", "the filter has " + std::to_string(wanted.size()) +
                                          " instructions, more than the " + std::to_string(BPF_MAXINSNS) +
                                          " that the kernel takes; shorten the expression");
  }
  return wanted;
}

FilterProgram under_stripped_tag(const FilterProgram& wanted) { return TagRewriter().rewrite(wanted); }

bool names_vlan(const std::string& expression) {
  static const std::regex vlan("(^|[^-.\\w])vlan($|[^-.\\w])");
  return std::regex_search(expression, vlan);
}

FilterProgram live_filter(const std::string& expression, const FilterProgram& keep) {
  FilterProgram wanted = compile_filter(expression, LinkType::kEthernet);
  if (names_vlan(expression)) wanted = by_stripped_tag(under_stripped_tag(wanted), wanted);
  return join_filters(std::move(wanted), keep);
}

}  // namespace rtpsonde

// See flow_program.h. A load beyond the packet ends the program with 0.
#include "core/capture/flow_program.h"

#include <cstddef>
#include <initializer_list>
#include <utility>

namespace rtpsonde {
namespace {

// Where a jump leads; the place is known later, always further on.
using Label = size_t;

// Conditional jumps of classic BPF reach 255 instructions, unconditional ones any: each
// condition jumps over an unconditional one.
class Assembler {
 public:
  void put(unsigned code, uint32_t k = 0) { code_.push_back({static_cast<uint16_t>(code), 0, 0, k}); }
  Label label() {
    places_.push_back(0);
    return places_.size() - 1;
  }
  void place(Label label) { places_[label] = code_.size(); }
  void go(Label label) {
    jumps_.push_back({code_.size(), label});
    put(BPF_JMP | BPF_JA);
  }
  void when(unsigned compare, uint32_t k, Label yes) {
    code_.push_back({static_cast<uint16_t>(BPF_JMP | compare | BPF_K), 0, 1, k});
    go(yes);
  }
  void unless(unsigned compare, uint32_t k, Label no) {
    code_.push_back({static_cast<uint16_t>(BPF_JMP | compare | BPF_K), 1, 0, k});
    go(no);
  }
  void any_of(std::initializer_list<uint32_t> values, Label yes) {
    for (const uint32_t value : values) when(BPF_JEQ, value, yes);
  }

  // A from X + offset
  void byte(uint32_t at) { put(BPF_LD | BPF_B | BPF_IND, at); }
  void half(uint32_t at) { put(BPF_LD | BPF_H | BPF_IND, at); }
  void word(uint32_t at) { put(BPF_LD | BPF_W | BPF_IND, at); }
  void alu(unsigned op, uint32_t k) { put(BPF_ALU | op | BPF_K, k); }
  void add_x() { put(BPF_ALU | BPF_ADD | BPF_X); }
  void to_x() { put(BPF_MISC | BPF_TAX); }
  void from_x() { put(BPF_MISC | BPF_TXA); }
  void store(uint32_t slot) { put(BPF_ST, slot); }
  void load(uint32_t slot) { put(BPF_LD | BPF_MEM, slot); }
  void load_x(uint32_t slot) { put(BPF_LDX | BPF_MEM, slot); }
  // X further on by so much; A is lost.
  void step(uint32_t count) {
    from_x();
    alu(BPF_ADD, count);
    to_x();
  }
  // X further on by A.
  void step_by_a() {
    add_x();
    to_x();
  }

  std::vector<sock_filter> take() {
    for (const auto& [at, label] : jumps_) code_[at].k = static_cast<uint32_t>(places_[label] - at - 1);
    return std::move(code_);
  }

 private:
  std::vector<sock_filter> code_;
  std::vector<std::pair<size_t, Label>> jumps_;
  std::vector<size_t> places_;
};

// Memory of the program.
enum Slot : uint32_t {
  kAddresses,  // sum of both, of the innermost IP packet so far
  kPorts,
  kProtocol,
  kHeader,  // where the IP header begins
  kSource,  // half of a sum
};

constexpr uint32_t kIpPackets = 3;  // one within the other: two tunnels
constexpr uint32_t kTags = 3;
constexpr uint32_t kLabels = 4;      // of an MPLS stack
constexpr uint32_t kExtensions = 3;  // of IPv6
constexpr uint32_t kGtpExtensions = 2;
constexpr uint32_t kHepMagic = 0x48455033;

// Where the content of a tunnel is taken up: X is where it begins.
struct Entry {
  Label frame, ipv4, ipv6, mpls;
};

class Writer {
 public:
  std::vector<sock_filter> write() {
    done_ = p_.label();
    for (Entry& entry : entries_) entry = {p_.label(), p_.label(), p_.label(), p_.label()};
    p_.put(BPF_LD | BPF_IMM, 0);
    p_.store(kAddresses);
    p_.store(kPorts);
    p_.put(BPF_LDX | BPF_IMM, 0);
    p_.put(BPF_LD | BPF_W | BPF_ABS, static_cast<uint32_t>(SKF_AD_OFF + SKF_AD_PROTOCOL));
    const Label types = p_.label();
    p_.go(types);
    for (uint32_t i = 0; i < kIpPackets; i++) level(i, i == 0 ? types : p_.label());
    finish();
    return p_.take();
  }

 private:
  Assembler p_;
  Label done_ = 0;
  Entry entries_[kIpPackets] = {};

  // `inside`: where what a tunnel of this level carries goes on; none in the last.
  void level(uint32_t i, Label types) {
    const Entry& here = entries_[i];
    const bool last = i + 1 == kIpPackets;
    const Label udp = p_.label(), protocol = p_.label();
    p_.place(here.frame);
    p_.half(12);
    p_.store(kProtocol);
    p_.step(14);
    p_.load(kProtocol);
    // A is an EtherType, X where its header begins.
    p_.place(types);
    for (uint32_t tag = 0; tag <= kTags; tag++) {
      const Label tagged = p_.label(), pppoe = p_.label(), backbone = p_.label(), next = p_.label();
      p_.when(BPF_JEQ, 0x0800, here.ipv4);
      p_.when(BPF_JEQ, 0x86dd, here.ipv6);
      p_.any_of({0x8847, 0x8848}, here.mpls);
      p_.when(BPF_JEQ, 0x8864, pppoe);
      p_.when(BPF_JEQ, 0x88e7, backbone);
      if (tag < kTags) p_.any_of({0x8100, 0x88a8, 0x9100}, tagged);
      p_.go(done_);
      p_.place(pppoe);
      open_pppoe(here);
      p_.place(backbone);
      p_.step(4);  // the tag; what follows is a frame, and is taken up once more
      if (last) {
        p_.go(done_);
      } else {
        p_.go(entries_[i + 1].frame);
      }
      if (tag == kTags) break;
      p_.place(tagged);
      p_.half(2);
      p_.store(kProtocol);
      p_.step(4);
      p_.load(kProtocol);
      p_.place(next);
    }
    p_.place(here.mpls);
    open_mpls(here, last ? done_ : entries_[i + 1].frame);
    p_.place(here.ipv4);
    open_ipv4(protocol);
    p_.place(here.ipv6);
    open_ipv6(protocol);
    // A is the protocol, X where its header begins.
    p_.place(protocol);
    p_.when(BPF_JEQ, 17, udp);
    if (!last) open_ip_tunnel(entries_[i + 1]);
    p_.go(done_);
    p_.place(udp);
    open_udp(last ? nullptr : &entries_[i + 1]);
  }

  // What is in a slot, to A; X stays.
  void add(Slot slot) {
    p_.put(BPF_STX, kHeader);
    p_.load_x(slot);
    p_.add_x();
    p_.load_x(kHeader);
  }

  void open_ipv4(Label protocol) {
    p_.word(12);
    p_.store(kSource);
    p_.word(16);
    add(kSource);
    p_.store(kAddresses);
    p_.half(6);
    p_.when(BPF_JSET, 0x3fff, done_);  // a fragment
    p_.byte(9);
    p_.store(kProtocol);
    p_.byte(0);
    p_.alu(BPF_AND, 0x0f);
    p_.alu(BPF_LSH, 2);
    p_.step_by_a();
    p_.load(kProtocol);
    p_.go(protocol);
  }

  // Folds an address at X + at into A; X stays, kSource is used.
  void fold(uint32_t at) {
    p_.word(at);
    for (uint32_t word = 1; word < 4; word++) {
      p_.alu(BPF_MUL, 0x27d4eb2fU);
      p_.store(kSource);
      p_.word(at + 4 * word);
      add(kSource);
    }
  }

  void open_ipv6(Label protocol) {
    fold(8);
    p_.store(kAddresses);
    fold(24);
    add(kAddresses);
    p_.store(kAddresses);
    p_.byte(6);
    p_.store(kProtocol);
    p_.step(40);
    for (uint32_t i = 0; i < kExtensions; i++) {
      const Label extension = p_.label();
      p_.load(kProtocol);
      p_.any_of({0, 43, 60}, extension);
      p_.go(protocol);
      p_.place(extension);
      p_.byte(0);
      p_.store(kProtocol);
      p_.byte(1);
      p_.alu(BPF_ADD, 1);
      p_.alu(BPF_LSH, 3);
      p_.step_by_a();
    }
    p_.load(kProtocol);
    p_.go(protocol);
  }

  // IP by its first four bits, else nothing more.
  void any_ip(const Entry& inside) {
    p_.byte(0);
    p_.alu(BPF_RSH, 4);
    p_.when(BPF_JEQ, 4, inside.ipv4);
    p_.when(BPF_JEQ, 6, inside.ipv6);
    p_.go(done_);
  }

  // Behind the stack IP, or a frame with or without a control word.
  void open_mpls(const Entry& inside, Label frame) {
    const Label bottom = p_.label(), version6 = p_.label(), control_word = p_.label();
    for (uint32_t i = 0; i < kLabels; i++) {
      p_.byte(2);
      p_.store(kProtocol);
      p_.step(4);
      p_.load(kProtocol);
      p_.when(BPF_JSET, 1, bottom);
    }
    p_.go(done_);
    p_.place(bottom);
    // The address of a frame may begin like IP: then its type tells.
    p_.half(12);
    p_.any_of({0x0800, 0x86dd, 0x8100, 0x88a8}, frame);
    p_.byte(0);
    p_.alu(BPF_RSH, 4);
    p_.when(BPF_JEQ, 4, inside.ipv4);
    p_.when(BPF_JEQ, 6, version6);
    p_.when(BPF_JEQ, 0, control_word);
    p_.go(done_);
    p_.place(version6);
    p_.go(inside.ipv6);
    p_.place(control_word);
    p_.step(4);
    p_.go(frame);
  }

  // The protocol of PPP may be compressed to one octet.
  void open_pppoe(const Entry& here) {
    const Label compressed = p_.label(), four = p_.label(), six = p_.label();
    p_.byte(6);
    p_.when(BPF_JSET, 1, compressed);
    p_.half(6);
    p_.store(kProtocol);
    p_.step(8);
    p_.load(kProtocol);
    p_.when(BPF_JEQ, 0x0021, four);
    p_.when(BPF_JEQ, 0x0057, six);
    p_.when(BPF_JEQ, 0x0281, here.mpls);
    p_.go(done_);
    p_.place(compressed);
    p_.store(kProtocol);
    p_.step(7);
    p_.load(kProtocol);
    p_.when(BPF_JEQ, 0x21, four);
    p_.when(BPF_JEQ, 0x57, six);
    p_.go(done_);
    p_.place(four);
    p_.go(here.ipv4);
    p_.place(six);
    p_.go(here.ipv6);
  }

  void open_ip_tunnel(const Entry& inside) {
    const Label gre = p_.label(), ether_ip = p_.label();
    p_.when(BPF_JEQ, 4, inside.ipv4);
    p_.when(BPF_JEQ, 41, inside.ipv6);
    p_.when(BPF_JEQ, 47, gre);
    p_.when(BPF_JEQ, 97, ether_ip);
    p_.when(BPF_JEQ, 137, inside.mpls);
    p_.when(BPF_JEQ, 143, inside.frame);
    p_.go(done_);
    p_.place(ether_ip);
    p_.step(2);
    p_.go(inside.frame);
    p_.place(gre);
    open_gre(inside);
  }

  // Version 0, no routing; a checksum, a key and a sequence number of a word each.
  void open_gre(const Entry& inside) {
    const Label erspan = p_.label(), erspan1 = p_.label();
    p_.half(0);
    p_.when(BPF_JSET, 0x4007, done_);
    p_.store(kSource);
    p_.half(2);
    p_.store(kProtocol);
    // Bits of C, K and S, each worth 4.
    p_.load(kSource);
    p_.alu(BPF_RSH, 15);
    p_.alu(BPF_LSH, 2);
    p_.alu(BPF_ADD, 4);
    p_.step_by_a();
    for (const uint32_t bit : {13U, 12U}) {
      p_.load(kSource);
      p_.alu(BPF_RSH, bit);
      p_.alu(BPF_AND, 1);
      p_.alu(BPF_LSH, 2);
      p_.step_by_a();
    }
    p_.load(kProtocol);
    p_.when(BPF_JEQ, 0x0800, inside.ipv4);
    p_.when(BPF_JEQ, 0x86dd, inside.ipv6);
    p_.when(BPF_JEQ, 0x6558, inside.frame);
    p_.any_of({0x8847, 0x8848}, inside.mpls);
    p_.when(BPF_JEQ, 0x22eb, erspan);
    p_.unless(BPF_JEQ, 0x88be, done_);
    p_.load(kSource);
    p_.unless(BPF_JSET, 0x1000, erspan1);
    p_.place(erspan);
    open_erspan(inside);
    p_.place(erspan1);
    p_.go(inside.frame);
  }

  void open_erspan(const Entry& inside) {
    const Label type3 = p_.label();
    p_.byte(0);
    p_.alu(BPF_RSH, 4);
    p_.when(BPF_JEQ, 2, type3);
    p_.unless(BPF_JEQ, 1, done_);
    p_.step(8);
    p_.go(inside.frame);
    p_.place(type3);
    p_.half(10);
    p_.store(kProtocol);
    p_.alu(BPF_AND, 1);
    p_.alu(BPF_LSH, 3);
    p_.alu(BPF_ADD, 12);
    p_.step_by_a();
    p_.load(kProtocol);
    p_.alu(BPF_RSH, 10);
    p_.alu(BPF_AND, 0x1f);
    p_.when(BPF_JEQ, 0, inside.frame);
    p_.unless(BPF_JEQ, 2, done_);
    any_ip(inside);
  }

  // Ports are those of a tunnel only when its header is there; `inside` null: no deeper.
  void open_udp(const Entry* inside) {
    p_.half(0);
    p_.alu(BPF_RSH, 1);
    p_.store(kPorts);
    p_.half(2);
    p_.alu(BPF_RSH, 1);
    p_.put(BPF_STX, kHeader);
    p_.load_x(kPorts);
    p_.add_x();
    p_.store(kPorts);
    p_.load_x(kHeader);
    const Label ports_off = p_.label(), long_enough = p_.label();
    p_.half(4);
    p_.when(BPF_JGE, 16, long_enough);
    p_.go(done_);
    p_.place(long_enough);
    p_.word(8);
    p_.when(BPF_JEQ, kHepMagic, ports_off);
    const Label vxlan = p_.label(), gpe = p_.label(), geneve = p_.label(), gtpu = p_.label();
    for (const uint32_t port_at : {2U, 0U}) {
      p_.half(port_at);
      p_.when(BPF_JEQ, 4789, vxlan);
      p_.when(BPF_JEQ, 4790, gpe);
      p_.when(BPF_JEQ, 6081, geneve);
      p_.when(BPF_JEQ, 2152, gtpu);
      p_.when(BPF_JEQ, 37008, ports_off);
    }
    p_.go(done_);
    p_.place(vxlan);
    open_vxlan(inside, ports_off);
    p_.place(gpe);
    open_vxlan_gpe(inside, ports_off);
    p_.place(geneve);
    open_geneve(inside, ports_off);
    p_.place(gtpu);
    open_gtpu(inside, ports_off);
    p_.place(ports_off);
    without_ports();
    p_.go(done_);
  }

  // The ports of a tunnel tell flows apart only by chance, and not both directions alike.
  void without_ports() {
    p_.put(BPF_LD | BPF_IMM, 0);
    p_.store(kPorts);
  }
  // Goes on inside, or with the addresses alone.
  void enter(const Entry* inside, Label Entry::* what, uint32_t header, Label ports_off) {
    if (inside == nullptr) return p_.go(ports_off);
    without_ports();
    p_.step(8 + header);
    p_.go(inside->*what);
  }

  void open_vxlan(const Entry* inside, Label ports_off) {
    const Label valid = p_.label();
    p_.byte(8);
    p_.when(BPF_JEQ, 0x08, valid);
    p_.unless(BPF_JEQ, 0x88, done_);
    p_.byte(9);
    p_.when(BPF_JSET, 0xb7, done_);
    p_.place(valid);
    p_.byte(15);
    p_.unless(BPF_JEQ, 0, done_);
    enter(inside, &Entry::frame, 8, ports_off);
  }

  void open_vxlan_gpe(const Entry* inside, Label ports_off) {
    const Label frame = p_.label(), four = p_.label(), six = p_.label(), mpls = p_.label();
    p_.byte(8);
    p_.unless(BPF_JSET, 0x08, done_);
    p_.when(BPF_JSET, 0xf1, done_);
    p_.unless(BPF_JSET, 0x04, frame);
    p_.byte(11);
    p_.when(BPF_JEQ, 1, four);
    p_.when(BPF_JEQ, 2, six);
    p_.when(BPF_JEQ, 3, frame);
    p_.when(BPF_JEQ, 5, mpls);
    p_.go(done_);
    p_.place(four);
    enter(inside, &Entry::ipv4, 8, ports_off);
    p_.place(six);
    enter(inside, &Entry::ipv6, 8, ports_off);
    p_.place(frame);
    enter(inside, &Entry::frame, 8, ports_off);
    p_.place(mpls);
    enter(inside, &Entry::mpls, 8, ports_off);
  }

  void open_geneve(const Entry* inside, Label ports_off) {
    const Label four = p_.label(), six = p_.label(), frame = p_.label();
    p_.byte(8);
    p_.when(BPF_JSET, 0xc0, done_);
    p_.half(10);
    p_.when(BPF_JEQ, 0x0800, four);
    p_.when(BPF_JEQ, 0x86dd, six);
    p_.when(BPF_JEQ, 0x6558, frame);
    p_.go(done_);
    const auto content = [&](Label at, Label Entry::* what) {
      p_.place(at);
      p_.byte(8);
      p_.alu(BPF_LSH, 2);
      p_.step_by_a();
      enter(inside, what, 8, ports_off);
    };
    content(four, &Entry::ipv4);
    content(six, &Entry::ipv6);
    content(frame, &Entry::frame);
  }

  void open_gtpu(const Entry* inside, Label ports_off) {
    const Label content = p_.label(), optional = p_.label(), next = p_.label();
    p_.byte(9);
    p_.unless(BPF_JEQ, 255, done_);
    p_.byte(8);
    p_.store(kProtocol);
    p_.alu(BPF_AND, 0xf8);
    p_.unless(BPF_JEQ, 0x30, done_);
    if (inside == nullptr) return p_.go(ports_off);
    without_ports();
    p_.load(kProtocol);
    p_.store(kSource);
    p_.step(16);
    p_.load(kSource);
    p_.when(BPF_JSET, 0x07, optional);
    p_.go(content);
    p_.place(optional);
    p_.when(BPF_JSET, 0x04, next);
    p_.step(4);
    p_.go(content);
    // Each extension tells the type of the next one in its last octet, as this word does.
    p_.place(next);
    p_.step(4);
    for (uint32_t i = 0; i < kGtpExtensions; i++) {
      p_.put(BPF_LD | BPF_B | BPF_IND, static_cast<uint32_t>(-1));
      p_.when(BPF_JEQ, 0, content);
      p_.byte(0);
      p_.alu(BPF_LSH, 2);
      p_.step_by_a();
    }
    p_.put(BPF_LD | BPF_B | BPF_IND, static_cast<uint32_t>(-1));
    p_.unless(BPF_JEQ, 0, done_);
    p_.place(content);
    any_ip(*inside);
  }

  // flow_number()
  void finish() {
    p_.place(done_);
    p_.load(kAddresses);
    p_.alu(BPF_MUL, 0x9e3779b1U);
    p_.store(kAddresses);
    p_.load(kPorts);
    p_.alu(BPF_MUL, 0x85ebca77U);
    p_.load_x(kAddresses);
    p_.add_x();
    p_.to_x();
    p_.alu(BPF_RSH, 16);
    p_.put(BPF_ALU | BPF_XOR | BPF_X);
    p_.alu(BPF_MUL, 0xc2b2ae3dU);
    p_.alu(BPF_RSH, 16);
    p_.put(BPF_RET | BPF_A);
  }
};

}  // namespace

std::vector<sock_filter> flow_program() { return Writer().write(); }

}  // namespace rtpsonde

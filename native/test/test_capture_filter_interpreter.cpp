// Classic BPF in user space: each instruction by hand, and against libpcap's own
// interpreter where that is installed.
#include <dlfcn.h>
#include <doctest/doctest.h>

#include "core/capture/filter_compiler.h"
#include "core/capture/filter_interpreter.h"
#include "test_capture_support.h"

using namespace capture_test;
using rtpsonde::Bytes;
using rtpsonde::fault_of;
using rtpsonde::FilterProgram;
using rtpsonde::run_filter;

namespace {

sock_filter op(unsigned code, uint32_t k = 0, uint8_t jt = 0, uint8_t jf = 0) {
  return {static_cast<uint16_t>(code), jt, jf, k};
}

const sock_filter kRetA = op(BPF_RET | BPF_A);

// What a program leaves in A when it runs on these octets, of a packet of 1500.
uint32_t run(FilterProgram program, const std::string& octets = "") {
  program.push_back(kRetA);
  CHECK(fault_of(program) == "");
  return run_filter(program, {reinterpret_cast<const uint8_t*>(octets.data()), octets.size()}, 1500);
}

// A becomes `a`, X becomes `x`, then the operation.
uint32_t calculated(unsigned operation, uint32_t a, uint32_t x) {
  return run({op(BPF_LDX | BPF_IMM, x), op(BPF_LD | BPF_IMM, a), op(BPF_ALU | operation | BPF_X)});
}

// 1 when the jump is taken, 2 when it is not.
uint32_t taken(unsigned compare, uint32_t a, uint32_t k) {
  return run({op(BPF_LD | BPF_IMM, a), op(BPF_JMP | compare | BPF_K, k, 0, 1), op(BPF_RET | BPF_K, 1),
              op(BPF_LD | BPF_IMM, 2)});
}

}  // namespace

TEST_CASE("bpf: loads are big-endian, and one beyond the end refuses the packet") {
  const std::string octets = hex("01020304 45060708");
  CHECK(run({op(BPF_LD | BPF_W | BPF_ABS, 0)}, octets) == 0x01020304);
  CHECK(run({op(BPF_LD | BPF_H | BPF_ABS, 6)}, octets) == 0x0708);
  CHECK(run({op(BPF_LD | BPF_B | BPF_ABS, 7)}, octets) == 0x08);
  CHECK(run({op(BPF_LD | BPF_IMM, 9), op(BPF_LD | BPF_W | BPF_ABS, 5), op(BPF_LD | BPF_IMM, 9)}, octets) ==
        0);
  CHECK(run({op(BPF_LD | BPF_H | BPF_ABS, 7), op(BPF_LD | BPF_IMM, 9)}, octets) == 0);
  CHECK(run({op(BPF_LD | BPF_B | BPF_ABS, 8), op(BPF_LD | BPF_IMM, 9)}, octets) == 0);
  // The kernel's own data, as a live filter reads it, is none of a file.
  CHECK(run({op(BPF_LD | BPF_W | BPF_ABS, static_cast<uint32_t>(SKF_AD_OFF)), op(BPF_LD | BPF_IMM, 9)},
            octets) == 0);

  const sock_filter x3 = op(BPF_LDX | BPF_IMM, 3);
  CHECK(run({x3, op(BPF_LD | BPF_W | BPF_IND, 1)}, octets) == 0x45060708);
  CHECK(run({x3, op(BPF_LD | BPF_H | BPF_IND, 0)}, octets) == 0x0445);
  CHECK(run({x3, op(BPF_LD | BPF_B | BPF_IND, 2)}, octets) == 0x06);
  CHECK(run({x3, op(BPF_LD | BPF_W | BPF_IND, 2), op(BPF_LD | BPF_IMM, 9)}, octets) == 0);
  // X + k never wraps round into the packet.
  CHECK(run({x3, op(BPF_LD | BPF_B | BPF_IND, 0xfffffffd), op(BPF_LD | BPF_IMM, 9)}, octets) == 0);

  CHECK(run({op(BPF_LDX | BPF_B | BPF_MSH, 4), op(BPF_MISC | BPF_TXA)}, octets) == 20);
  CHECK(run({op(BPF_LDX | BPF_B | BPF_MSH, 8), op(BPF_LD | BPF_IMM, 9)}, octets) == 0);
  CHECK(run({op(BPF_LD | BPF_W | BPF_LEN)}, octets) == 1500);
  CHECK(run({op(BPF_LDX | BPF_W | BPF_LEN), op(BPF_MISC | BPF_TXA)}, octets) == 1500);
}

TEST_CASE("bpf: memory and registers") {
  CHECK(run({op(BPF_LD | BPF_IMM, 7), op(BPF_ST, 0), op(BPF_LD | BPF_IMM, 8), op(BPF_LD | BPF_MEM, 0)}) == 7);
  CHECK(run({op(BPF_LDX | BPF_IMM, 7), op(BPF_STX, 15), op(BPF_LD | BPF_MEM, 15)}) == 7);
  CHECK(run({op(BPF_LD | BPF_IMM, 6), op(BPF_ST, 1), op(BPF_LDX | BPF_MEM, 1), op(BPF_MISC | BPF_TXA)}) == 6);
  CHECK(run({op(BPF_LD | BPF_IMM, 5), op(BPF_MISC | BPF_TAX), op(BPF_LD | BPF_IMM, 1),
             op(BPF_MISC | BPF_TXA)}) == 5);
  CHECK(run({op(BPF_LD | BPF_MEM, 3)}) == 0);
}

TEST_CASE("bpf: arithmetic in 32 bits; dividing by 0 refuses the packet") {
  CHECK(calculated(BPF_ADD, 0xffffffff, 2) == 1);
  CHECK(calculated(BPF_SUB, 1, 2) == 0xffffffff);
  CHECK(calculated(BPF_MUL, 0x10000, 0x10001) == 0x10000);
  CHECK(calculated(BPF_DIV, 17, 5) == 3);
  CHECK(calculated(BPF_MOD, 17, 5) == 2);
  CHECK(calculated(BPF_DIV, 17, 0) == 0);
  CHECK(calculated(BPF_MOD, 17, 0) == 0);
  CHECK(calculated(BPF_OR, 0x0f, 0xf0) == 0xff);
  CHECK(calculated(BPF_AND, 0x3c, 0x0f) == 0x0c);
  CHECK(calculated(BPF_XOR, 0x3c, 0x0f) == 0x33);
  CHECK(calculated(BPF_LSH, 1, 31) == 0x80000000);
  CHECK(calculated(BPF_LSH, 1, 32) == 0);
  CHECK(calculated(BPF_RSH, 0x80000000, 31) == 1);
  CHECK(calculated(BPF_RSH, 0x80000000, 99) == 0);
  CHECK(run({op(BPF_LD | BPF_IMM, 1), op(BPF_ALU | BPF_NEG)}) == 0xffffffff);
  CHECK(run({op(BPF_LD | BPF_IMM, 9), op(BPF_ALU | BPF_SUB | BPF_K, 4)}) == 5);
}

TEST_CASE("bpf: jumps") {
  CHECK(taken(BPF_JEQ, 5, 5) == 1);
  CHECK(taken(BPF_JEQ, 5, 6) == 2);
  CHECK(taken(BPF_JGT, 0xffffffff, 1) == 1);
  CHECK(taken(BPF_JGT, 5, 5) == 2);
  CHECK(taken(BPF_JGE, 5, 5) == 1);
  CHECK(taken(BPF_JGE, 4, 5) == 2);
  CHECK(taken(BPF_JSET, 6, 3) == 1);
  CHECK(taken(BPF_JSET, 4, 3) == 2);
  CHECK(run({op(BPF_JMP | BPF_JA, 1), op(BPF_RET | BPF_K, 1), op(BPF_LD | BPF_IMM, 2)}) == 2);
  const FilterProgram by_x = {op(BPF_LDX | BPF_IMM, 3), op(BPF_LD | BPF_IMM, 3),
                              op(BPF_JMP | BPF_JEQ | BPF_X, 0, 1, 0), op(BPF_RET | BPF_K, 1),
                              op(BPF_LD | BPF_IMM, 2)};
  CHECK(run(by_x) == 2);
}

TEST_CASE("bpf: a program that could run on, or away, is not accepted") {
  const sock_filter ret = op(BPF_RET | BPF_K, 1);
  CHECK(fault_of({ret}) == "");
  CHECK(fault_of({}) == "it has no instructions");
  CHECK(fault_of(FilterProgram(4096, ret)) == "");
  CHECK(fault_of(FilterProgram(4097, ret)) ==
        "it has 4097 instructions, more than the 4096 that the kernel takes");
  CHECK(fault_of({op(BPF_LD | BPF_IMM)}) == "it does not end in a return");
  const std::string loop = "a loop (protochain) or a jump beyond the end at instruction 0";
  CHECK(fault_of({op(BPF_JMP | BPF_JA, 0xffffffff), ret}) == loop);
  CHECK(fault_of({op(BPF_JMP | BPF_JA, 1), ret}) == loop);
  CHECK(fault_of({op(BPF_JMP | BPF_JA, 0), ret}) == "");
  CHECK(fault_of({op(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1), ret}) == "a jump beyond the end at instruction 0");
  CHECK(fault_of({op(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0), ret}) == "a jump beyond the end at instruction 0");
  CHECK(fault_of({op(BPF_ALU | BPF_DIV | BPF_K, 0), ret}) == "division by 0 at instruction 0");
  CHECK(fault_of({op(BPF_ALU | BPF_MOD | BPF_K, 0), ret}) == "division by 0 at instruction 0");
  CHECK(fault_of({op(BPF_ALU | BPF_LSH | BPF_K, 32), ret}) == "a shift of 32 or more at instruction 0");
  CHECK(fault_of({op(BPF_ALU | BPF_RSH | BPF_K, 31), ret}) == "");
  for (const unsigned code : {BPF_ST | 0u, BPF_STX | 0u, BPF_LD | BPF_MEM | 0u, BPF_LDX | BPF_MEM | 0u})
    CHECK(fault_of({op(code, 16), ret}) == "no such memory cell at instruction 0");
  for (const unsigned code : {0xffffu, BPF_LD | BPF_B | BPF_LEN | 0u, BPF_LDX | BPF_W | BPF_ABS | 0u,
                              BPF_ALU | 0xb0u, BPF_JMP | 0x50u, BPF_RET | BPF_X | 0u, BPF_MISC | 0x40u,
                              BPF_ALU | BPF_NEG | BPF_X | 0u, BPF_ST | 0x08u})
    CHECK(fault_of({op(code), ret}) == "unknown operation at instruction 0");
}

TEST_CASE("bpf: libpcap's own interpreter agrees, on every cut of the packet") {
  void* const library = ::dlopen("libpcap.so.0.8", RTLD_NOW);
  if (library == nullptr) {
    MESSAGE("NOT RUN: libpcap is not installed");
    return;
  }
  using Oracle = unsigned (*)(const sock_filter*, const uint8_t*, unsigned wire, unsigned captured);
  const auto oracle = reinterpret_cast<Oracle>(::dlsym(library, "bpf_filter"));
  REQUIRE((oracle != nullptr));
  const std::string addresses = hex("020000000001 020000000002");
  const std::string udp = hex("45000030 0000 0000 40 11 0000 0a000001 0a000002 1388 1770 001c 0000");
  const std::string udp6 =
      hex("86dd 60000000 0008 11 40") + std::string(32, '\1') + hex("1388 1770 0008 0000");
  const std::string frames[] = {addresses + hex("0800") + udp + std::string(20, 'p'), addresses + udp6,
                                addresses + hex("8100 0064 0800") + udp,
                                addresses + hex("0806 0001 0800 06 04 0001") + std::string(20, '\3')};
  int refused = 0;
  int wanted = 0;
  for (const char* expression :
       {"udp", "udp port 5000", "udp portrange 5000-7000", "host 10.0.0.2", "ip6 and udp", "vlan 100 and udp",
        "vlan and vlan", "arp", "tcp or icmp", "not udp", "greater 1400", "udp[8] = 0x70",
        "ip[ip[0]&0xf] > 3", "ether[ether[12]:2] > 5", "udp[4:2] / udp[4:2] = 1",
        "net 10.0.0.0/8 and not port 6000", "len % 7 = 2"}) {
    const FilterProgram program = rtpsonde::compile_filter(expression, rtpsonde::LinkType::kEthernet);
    for (const std::string& frame : frames) {
      for (size_t size = 0; size <= frame.size(); size++) {
        const std::string cut = frame.substr(0, size);  // its end is where the octets end
        const auto* const data = reinterpret_cast<const uint8_t*>(cut.data());
        const uint32_t ours = run_filter(program, Bytes{data, size}, 1500);
        CAPTURE(expression);
        CHECK(ours == oracle(program.data(), data, 1500, static_cast<unsigned>(size)));
        (ours == 0 ? refused : wanted)++;
      }
    }
  }
  CHECK(refused > 100);
  CHECK(wanted > 100);
}

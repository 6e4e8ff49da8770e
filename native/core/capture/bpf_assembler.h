// Writes eBPF instructions (Linux Documentation/bpf/standardization/instruction-set.rst),
// as far as our programs need them: no compiler, no library.
#pragma once

#include <linux/bpf.h>

#include <cstdint>
#include <vector>

namespace rtpsonde {

enum Reg : uint8_t { kR0, kR1, kR2, kR3, kR4, kR5, kR6, kR7, kR8, kR9, kFrame };

class BpfAssembler {
 public:
  // 64-bit arithmetic; `op` is BPF_ADD, BPF_MUL, ... of linux/bpf_common.h.
  void alu(unsigned op, Reg to, Reg from) { put(BPF_ALU64 | op | BPF_X, to, from, 0, 0); }
  void alu(unsigned op, Reg to, uint32_t value) { put(BPF_ALU64 | op | BPF_K, to, kR0, 0, value); }
  // Of the lower 32 bits; the upper ones become 0.
  void alu32(unsigned op, Reg to, Reg from) { put(BPF_ALU | op | BPF_X, to, from, 0, 0); }
  void alu32(unsigned op, Reg to, uint32_t value) { put(BPF_ALU | op | BPF_K, to, kR0, 0, value); }
  void move(Reg to, Reg from) { alu(BPF_MOV, to, from); }
  void move(Reg to, uint32_t value) { alu32(BPF_MOV, to, value); }
  // Network byte order; bits: 16 or 32.
  void big_endian(Reg reg, uint32_t bits) { put(BPF_ALU | BPF_END | BPF_TO_BE, reg, kR0, 0, bits); }

  // `size` is BPF_H, BPF_W or BPF_DW.
  void load(unsigned size, Reg to, Reg base, int16_t at) { put(BPF_LDX | size | BPF_MEM, to, base, at, 0); }
  void store(unsigned size, Reg base, int16_t at, Reg from) {
    put(BPF_STX | size | BPF_MEM, base, from, at, 0);
  }
  // Adds to the 64-bit number at an address, as other CPUs may at the same time.
  void atomic_add(Reg base, int16_t at, Reg from) {
    put(BPF_STX | BPF_DW | BPF_ATOMIC, base, from, at, BPF_ADD);
  }
  // A map itself, as helpers take it.
  void map(Reg to, int map) {
    put(BPF_LD | BPF_IMM | BPF_DW, to, static_cast<Reg>(BPF_PSEUDO_MAP_FD), 0, static_cast<uint32_t>(map));
    put(0, kR0, kR0, 0, 0);
  }
  // The address of the only value of an array map.
  void map_value(Reg to, int map) {
    put(BPF_LD | BPF_IMM | BPF_DW, to, static_cast<Reg>(BPF_PSEUDO_MAP_VALUE), 0, static_cast<uint32_t>(map));
    put(0, kR0, kR0, 0, 0);
  }
  void call(uint32_t helper) { put(BPF_JMP | BPF_CALL, kR0, kR0, 0, helper); }
  void exit() { put(BPF_JMP | BPF_EXIT, kR0, kR0, 0, 0); }

  // Jumps forward to where place() is called with what this returns.
  size_t jump(unsigned compare, Reg a, Reg b) {
    put(BPF_JMP | compare | BPF_X, a, b, 0, 0);
    return code_.size() - 1;
  }
  size_t jump(unsigned compare, Reg a, uint32_t value) {
    put(BPF_JMP | compare | BPF_K, a, kR0, 0, value);
    return code_.size() - 1;
  }
  void place(size_t jump) { code_[jump].off = static_cast<int16_t>(code_.size() - jump - 1); }

  const std::vector<bpf_insn>& code() const { return code_; }

 private:
  void put(unsigned code, Reg to, Reg from, int16_t offset, uint32_t value) {
    bpf_insn insn{};
    insn.code = static_cast<uint8_t>(code);
    insn.dst_reg = to & 0xf;
    insn.src_reg = from & 0xf;
    insn.off = offset;
    insn.imm = static_cast<int32_t>(value);
    code_.push_back(insn);
  }

  std::vector<bpf_insn> code_;
};

}  // namespace rtpsonde

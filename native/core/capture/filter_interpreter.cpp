// See filter_interpreter.h.
#include "core/capture/filter_interpreter.h"

namespace rtpsonde {
namespace {

// One for each kind of instruction that there is.
bool known(uint16_t code) {
  switch (BPF_CLASS(code)) {
    case BPF_LD:
      switch (code) {
        case BPF_LD | BPF_W | BPF_ABS:
        case BPF_LD | BPF_H | BPF_ABS:
        case BPF_LD | BPF_B | BPF_ABS:
        case BPF_LD | BPF_W | BPF_IND:
        case BPF_LD | BPF_H | BPF_IND:
        case BPF_LD | BPF_B | BPF_IND:
        case BPF_LD | BPF_W | BPF_LEN:
        case BPF_LD | BPF_IMM:
        case BPF_LD | BPF_MEM:
          return true;
        default:
          return false;
      }
    case BPF_LDX:
      return code == (BPF_LDX | BPF_W | BPF_LEN) || code == (BPF_LDX | BPF_B | BPF_MSH) ||
             code == (BPF_LDX | BPF_IMM) || code == (BPF_LDX | BPF_MEM);
    case BPF_ST:
      return code == BPF_ST;
    case BPF_STX:
      return code == BPF_STX;
    case BPF_ALU:
      if (code == (BPF_ALU | BPF_NEG)) return true;
      return BPF_OP(code) <= BPF_XOR && BPF_OP(code) != BPF_NEG && (code & ~0xf8) == BPF_ALU;
    case BPF_JMP:
      if (code == (BPF_JMP | BPF_JA)) return true;
      return BPF_OP(code) >= BPF_JEQ && BPF_OP(code) <= BPF_JSET && (code & ~0x78) == BPF_JMP;
    case BPF_RET:
      return code == (BPF_RET | BPF_K) || code == (BPF_RET | BPF_A);
    default:
      return code == (BPF_MISC | BPF_TAX) || code == (BPF_MISC | BPF_TXA);
  }
}

bool uses_memory(uint16_t code) {
  return code == BPF_ST || code == BPF_STX || code == (BPF_LD | BPF_MEM) || code == (BPF_LDX | BPF_MEM);
}

// BPF_W, BPF_H or BPF_B at an offset; false beyond the end.
bool load(uint16_t size, Bytes bytes, uint64_t at, uint32_t& value) {
  switch (size) {
    case BPF_W:
      if (!bytes.has(at, 4)) return false;
      value = bytes.be32(at);
      return true;
    case BPF_H:
      if (!bytes.has(at, 2)) return false;
      value = bytes.be16(at);
      return true;
    default:
      if (!bytes.has(at, 1)) return false;
      value = bytes.u8(at);
      return true;
  }
}

// False when it divides by 0.
bool calculate(uint16_t operation, uint32_t& a, uint32_t b) {
  switch (operation) {
    case BPF_ADD:
      a += b;
      return true;
    case BPF_SUB:
      a -= b;
      return true;
    case BPF_MUL:
      a *= b;
      return true;
    case BPF_OR:
      a |= b;
      return true;
    case BPF_AND:
      a &= b;
      return true;
    case BPF_XOR:
      a ^= b;
      return true;
    case BPF_LSH:
      a = b < 32 ? a << b : 0;
      return true;
    case BPF_RSH:
      a = b < 32 ? a >> b : 0;
      return true;
    case BPF_NEG:
      a = 0 - a;
      return true;
    case BPF_DIV:
      if (b == 0) return false;
      a /= b;
      return true;
    default:  // BPF_MOD
      if (b == 0) return false;
      a %= b;
      return true;
  }
}

bool compare(uint16_t operation, uint32_t a, uint32_t b) {
  switch (operation) {
    case BPF_JEQ:
      return a == b;
    case BPF_JGT:
      return a > b;
    case BPF_JGE:
      return a >= b;
    default:
      return (a & b) != 0;  // BPF_JSET
  }
}

}  // namespace

std::string fault_of(const FilterProgram& program) {
  if (program.empty()) return "it has no instructions";
  if (program.size() > BPF_MAXINSNS) {
    return "it has " + std::to_string(program.size()) + " instructions, more than the " +
           std::to_string(BPF_MAXINSNS) + " that the kernel takes";
  }
  for (size_t i = 0; i < program.size(); i++) {
    const sock_filter& one = program[i];
    const auto at = [&](const char* what) {
      return std::string(what) + " at instruction " + std::to_string(i);
    };
    if (!known(one.code)) return at("unknown operation");
    if (uses_memory(one.code) && one.k >= BPF_MEMWORDS) return at("no such memory cell");
    const size_t after = program.size() - i - 1;
    if (one.code == (BPF_JMP | BPF_JA)) {
      // A negative distance reads as one that is far beyond.
      if (one.k >= after) return at("a loop (protochain) or a jump beyond the end");
    } else if (BPF_CLASS(one.code) == BPF_JMP && (one.jt >= after || one.jf >= after)) {
      return at("a jump beyond the end");
    }
    const bool divides = one.code == (BPF_ALU | BPF_DIV | BPF_K) || one.code == (BPF_ALU | BPF_MOD | BPF_K);
    if (divides && one.k == 0) return at("division by 0");
    const bool shifts = one.code == (BPF_ALU | BPF_LSH | BPF_K) || one.code == (BPF_ALU | BPF_RSH | BPF_K);
    if (shifts && one.k >= 32) return at("a shift of 32 or more");
  }
  return BPF_CLASS(program.back().code) == BPF_RET ? "" : "it does not end in a return";
}

uint32_t run_filter(const FilterProgram& program, Bytes bytes, uint32_t wire_len) {
  uint32_t a = 0;
  uint32_t x = 0;
  uint32_t memory[BPF_MEMWORDS] = {};
  for (const sock_filter* next = program.data();;) {
    const sock_filter& one = *next++;
    const uint32_t operand = BPF_SRC(one.code) == BPF_X ? x : one.k;
    switch (BPF_CLASS(one.code)) {
      case BPF_LD:
        switch (BPF_MODE(one.code)) {
          case BPF_IMM:
            a = one.k;
            break;
          case BPF_MEM:
            a = memory[one.k];
            break;
          case BPF_LEN:
            a = wire_len;
            break;
          case BPF_ABS:
            if (!load(BPF_SIZE(one.code), bytes, one.k, a)) return 0;
            break;
          default:  // BPF_IND
            if (!load(BPF_SIZE(one.code), bytes, uint64_t{x} + one.k, a)) return 0;
        }
        break;
      case BPF_LDX:
        switch (BPF_MODE(one.code)) {
          case BPF_IMM:
            x = one.k;
            break;
          case BPF_MEM:
            x = memory[one.k];
            break;
          case BPF_LEN:
            x = wire_len;
            break;
          default:  // BPF_MSH: the length of an IPv4 header
            if (!load(BPF_B, bytes, one.k, x)) return 0;
            x = (x & 0xf) << 2;
        }
        break;
      case BPF_ST:
        memory[one.k] = a;
        break;
      case BPF_STX:
        memory[one.k] = x;
        break;
      case BPF_ALU:
        if (!calculate(BPF_OP(one.code), a, operand)) return 0;
        break;
      case BPF_JMP:
        if (BPF_OP(one.code) == BPF_JA) {
          next += one.k;
        } else {
          next += compare(BPF_OP(one.code), a, operand) ? one.jt : one.jf;
        }
        break;
      case BPF_RET:
        return BPF_RVAL(one.code) == BPF_A ? a : one.k;
      default:  // BPF_MISC
        if (BPF_MISCOP(one.code) == BPF_TAX) {
          x = a;
        } else {
          a = x;
        }
    }
  }
}

}  // namespace rtpsonde

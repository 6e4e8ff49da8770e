// Runs classic BPF on packets that come from a file: what the kernel does for a live
// capture (Linux Documentation/networking/filter.rst). A program goes forwards only, so
// it ends after as many steps as it has instructions.
#pragma once

#include <cstdint>
#include <string>

#include "core/base/bytes.h"
#include "core/capture/filter_program.h"

namespace rtpsonde {

// Why a program cannot be run: it is empty or longer than the kernel takes, has an
// unknown instruction, jumps back or beyond its end, divides by a constant 0, shifts
// by a constant 32 or more, uses a memory cell that is none, or does not end in a return. Empty when it can.
std::string fault_of(const FilterProgram& program);

// How many bytes of the packet are wanted; 0: it is refused, also when the program
// reads beyond `bytes` or divides by 0. `wire_len` is the packet's length for `len`
// and `greater`. The program has no fault.
uint32_t run_filter(const FilterProgram& program, Bytes bytes, uint32_t wire_len);

}  // namespace rtpsonde

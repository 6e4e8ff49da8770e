// A classic BPF program as a value: what libpcap makes of an expression, and what
// the kernel or filter_interpreter.h runs on each packet. It returns how many bytes of the
// packet are wanted; 0: none, the packet is refused.
#pragma once

#include <linux/filter.h>

#include <vector>

namespace rtpsonde {

using FilterProgram = std::vector<sock_filter>;

}  // namespace rtpsonde

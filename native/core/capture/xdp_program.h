// The program that the kernel runs on each packet of an interface for AF_XDP: it counts the packet,
// writes the time in front of it and hands it to the socket of its receive queue. What finds no
// socket is dropped and counted; nothing goes on to the network stack of this machine.
#pragma once

#include <linux/bpf.h>

#include <cstdint>
#include <vector>

namespace rtpsonde {

// Of one receive queue, a cache line. Counted by the kernel since the program was loaded.
struct XdpCounters {
  uint64_t packets;       // that the program saw
  uint64_t without;       // of these, for which there is no socket: dropped
  uint64_t without_time;  // the driver gives no room for the time
  uint64_t unused[5];
};

// What stands directly in front of the packet, in the room that XDP has for metadata.
struct XdpStamp {
  uint64_t monotonic_ns;  // CLOCK_MONOTONIC
  uint64_t mark;          // kXdpStampMark, or there is no time
};
constexpr uint64_t kXdpStampMark = 0x52545073;

// sockets: a map of BPF_MAP_TYPE_XSKMAP for `queues` receive queues. counters: that of a SharedBpfArray of
// `queues` + 1 XdpCounters; the last are those of queues that came later. stamps: whether to write the time.
std::vector<bpf_insn> xdp_program(int sockets, int counters, uint32_t queues, bool stamps);

}  // namespace rtpsonde

// See live_frames.h.
#include "core/bench/live_frames.h"

#include <linux/if_link.h>
#include <net/if.h>

#include <cerrno>
#include <cstddef>
#include <system_error>

#include "core/base/error.h"
#include "core/capture/bpf_assembler.h"

namespace rtpsonde::bench {

struct LiveFrames::State {
  uint64_t sent;
  uint64_t ticks;  // of the RTP clock
};

namespace {

constexpr int16_t kSentAt = 0;
constexpr int16_t kTicksAt = 8;
// The kernel takes so many frames at a time through its receive path, like a driver.
constexpr uint32_t kBatch = 64;

[[noreturn]] void refused(const char* what) {
  throw Error("ERR_BENCH_GENERATOR",
              std::string("the kernel refused ") + what + ": " + std::generic_category().message(errno));
}

// Folds a sum of 32-bit words into a checksum in network byte order (RFC 1071).
void checksum(BpfAssembler& code, Reg sum, Reg scratch) {
  code.move(scratch, sum);
  code.alu(BPF_RSH, scratch, 32);
  code.alu32(BPF_MOV, sum, sum);
  code.alu(BPF_ADD, sum, scratch);
  for (int i = 0; i < 3; i++) {
    code.move(scratch, sum);
    code.alu(BPF_RSH, scratch, 16);
    code.alu(BPF_AND, sum, 0xffff);
    code.alu(BPF_ADD, sum, scratch);
  }
  code.alu(BPF_XOR, sum, 0xffff);
}

// base + (stream >> shift)
void address_of(BpfAssembler& code, Reg to, Reg stream, uint32_t shift, uint32_t base) {
  code.move(to, stream);
  code.alu(BPF_RSH, to, shift);
  code.alu(BPF_ADD, to, base);
}

// base + 2 * (stream & mask)
void port_of(BpfAssembler& code, Reg to, Reg stream, uint32_t mask, uint32_t base) {
  code.move(to, stream);
  code.alu(BPF_AND, to, mask);
  code.alu(BPF_LSH, to, 1);
  code.alu(BPF_ADD, to, base);
}

void put(BpfAssembler& code, Reg frame, int16_t at, Reg value, uint32_t bits) {
  code.big_endian(value, bits);
  code.store(bits == 16 ? BPF_H : BPF_W, frame, at, value);
}

// What RtpTraffic::write() does. kR7 is the frame, kR8 the State, kR9 the packet's number, later
// its stream.
//
// `send_on`: the interface that the packets are sent on, 0: they are received as they are.
std::vector<bpf_insn> program(const RtpTraffic& traffic, int map, uint32_t send_on) {
  BpfAssembler code;
  code.load(BPF_W, kR7, kR1, offsetof(xdp_md, data));
  code.load(BPF_W, kR2, kR1, offsetof(xdp_md, data_end));
  code.move(kR3, kR7);
  code.alu(BPF_ADD, kR3, kFrameBytes);
  const size_t too_short = code.jump(BPF_JGT, kR3, kR2);
  code.map_value(kR8, map);
  code.load(BPF_DW, kR9, kR8, kSentAt);
  // The clock is read once a batch: it costs as much as the rest.
  code.move(kR1, kR9);
  code.alu(BPF_AND, kR1, kBatch - 1);
  const size_t in_batch = code.jump(BPF_JNE, kR1, 0);
  code.call(BPF_FUNC_ktime_get_ns);
  code.alu(BPF_DIV, kR0, kNsPerTick);
  code.store(BPF_DW, kR8, kTicksAt, kR0);
  code.place(in_batch);
  code.move(kR1, kR9);
  code.alu(BPF_ADD, kR1, 1);
  code.store(BPF_DW, kR8, kSentAt, kR1);
  // The round, and the stream whose turn it is.
  code.move(kR2, kR9);
  code.alu(BPF_DIV, kR2, traffic.streams());
  code.alu(BPF_MOD, kR9, traffic.streams());
  const size_t first_round = code.jump(BPF_JEQ, kR2, 0);
  code.alu(BPF_MUL, kR9, traffic.stride());
  code.alu(BPF_MOD, kR9, traffic.streams());
  code.place(first_round);
  code.alu(BPF_ADD, kR9, traffic.first());
  // kR0: sequence number, kR1: sum for UDP, kR2: for IP.
  code.move(kR0, kR9);
  code.alu(BPF_MUL, kR0, kSequenceFactor);
  code.alu(BPF_ADD, kR0, kR2);
  code.alu(BPF_AND, kR0, 0xffff);
  code.move(kR1, traffic.udp_sum());
  code.move(kR2, traffic.ip_sum());
  address_of(code, kR4, kR9, 8, kSourceBase);
  address_of(code, kR5, kR9, 10, kDestinationBase);
  for (const Reg part : {kR0, kR4, kR5}) {
    code.alu(BPF_ADD, kR1, part);
    code.alu(BPF_ADD, kR2, part);
  }
  put(code, kR7, kSourceAt, kR4, 32);
  put(code, kR7, kDestinationAt, kR5, 32);
  code.big_endian(kR0, 16);
  code.store(BPF_H, kR7, kIpIdAt, kR0);
  code.store(BPF_H, kR7, kSequenceAt, kR0);
  checksum(code, kR2, kR3);
  put(code, kR7, kIpChecksumAt, kR2, 16);
  port_of(code, kR4, kR9, 0xff, kSourcePortBase);
  port_of(code, kR5, kR9, 0x3ff, kDestinationPortBase);
  code.alu(BPF_ADD, kR1, kR4);
  code.alu(BPF_ADD, kR1, kR5);
  put(code, kR7, kSourcePortAt, kR4, 16);
  put(code, kR7, kDestinationPortAt, kR5, 16);
  code.load(BPF_DW, kR3, kR8, kTicksAt);
  code.alu32(BPF_MOV, kR4, kR9);
  code.alu32(BPF_MUL, kR4, kTimestampFactor);
  code.alu32(BPF_ADD, kR4, kR3);
  code.alu32(BPF_MOV, kR5, kR9);
  code.alu32(BPF_MUL, kR5, kSsrcFactor);
  code.alu32(BPF_ADD, kR5, 1);
  code.alu(BPF_ADD, kR1, kR4);
  code.alu(BPF_ADD, kR1, kR5);
  put(code, kR7, kTimestampAt, kR4, 32);
  put(code, kR7, kSsrcAt, kR5, 32);
  checksum(code, kR1, kR3);
  const size_t not_zero = code.jump(BPF_JNE, kR1, 0);
  code.move(kR1, 0xffff);
  code.place(not_zero);
  put(code, kR7, kUdpChecksumAt, kR1, 16);
  if (send_on == 0) {
    code.move(kR0, XDP_PASS);
  } else {
    // bpf_redirect(interface, flags)
    code.move(kR1, send_on);
    code.move(kR2, 0);
    code.call(BPF_FUNC_redirect);
  }
  code.exit();
  code.place(too_short);
  code.move(kR0, XDP_ABORTED);
  code.exit();
  return code.code();
}

}  // namespace

LiveFrames::LiveFrames(const RtpTraffic& traffic, const std::string& receiving, const std::string& sending,
                       bool through_cable)
    : frame_(traffic.constant()), receiving_index_(::if_nametoindex(receiving.c_str())) {
  if (!state_.make(sizeof(State), 1)) refused("an eBPF map");
  const uint32_t sending_index = ::if_nametoindex(sending.c_str());
  program_ = load_xdp_program(program(traffic, state_.map(), through_cable ? sending_index : 0));
  if (!program_.valid()) refused("an XDP program");
  // A program that is attached nowhere is entered into the kernel's dispatcher for each
  // run and taken out again, which waits for all CPUs (bpf_dispatcher_change_prog): tens of
  // milliseconds on a busy machine.
  link_ = attach_xdp_program(program_.number(), sending_index, XDP_FLAGS_DRV_MODE);
  if (!link_.valid()) refused("to attach an XDP program");
  // Older kernels take the program but not the flag: the first packet shows it.
  send(1);
}

void LiveFrames::send(uint32_t packets) {
  if (!run_live_frames(program_.number(), {frame_.data(), kFrameBytes, receiving_index_, packets, kBatch}))
    refused("to run an XDP program with live frames (Linux 5.18 is needed)");
}

uint64_t LiveFrames::sent() const {
  return __atomic_load_n(&static_cast<const State*>(state_.get())->sent, __ATOMIC_RELAXED);
}

}  // namespace rtpsonde::bench

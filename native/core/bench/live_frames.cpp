// See live_frames.h.
#include "core/bench/live_frames.h"

#include <linux/if_link.h>
#include <net/if.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <system_error>

#include "core/base/error.h"
#include "core/bench/bpf_assembler.h"

namespace rtpsonde::bench {

struct LiveFrames::State {
  uint64_t sent;
  uint64_t ticks;  // of the RTP clock
};

namespace {

// Newer than the headers of some systems that build this.
constexpr uint32_t kLiveFramesFlag = 1U << 1;  // BPF_F_TEST_XDP_LIVE_FRAMES
struct TestRun {
  uint32_t program;
  uint32_t result;
  uint32_t data_bytes_in;
  uint32_t data_bytes_out;
  uint64_t data_in;
  uint64_t data_out;
  uint32_t repeat;
  uint32_t duration;
  uint32_t context_bytes_in;
  uint32_t context_bytes_out;
  uint64_t context_in;
  uint64_t context_out;
  uint32_t flags;
  uint32_t cpu;
  uint32_t batch;
  uint32_t padding;
};

constexpr int16_t kSentAt = 0;
constexpr int16_t kTicksAt = 8;
// The kernel takes so many frames at a time through its receive path, like a driver.
constexpr uint32_t kBatch = 64;
constexpr uint32_t kKtimeGetNs = 5;  // bpf_ktime_get_ns()

template <typename Attributes>
long bpf(int command, Attributes& attributes) {
  return ::syscall(SYS_bpf, command, &attributes, sizeof attributes);
}

uint64_t address(const void* pointer) { return reinterpret_cast<uint64_t>(pointer); }

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

// What RtpTraffic::write() does. r7 is the frame, r8 the State, r9 the packet's number, later
// its stream.
std::vector<bpf_insn> program(const RtpTraffic& traffic, int map) {
  BpfAssembler code;
  code.load(BPF_W, r7, r1, offsetof(xdp_md, data));
  code.load(BPF_W, r2, r1, offsetof(xdp_md, data_end));
  code.move(r3, r7);
  code.alu(BPF_ADD, r3, kFrameBytes);
  const size_t too_short = code.jump(BPF_JGT, r3, r2);
  code.map_value(r8, map);
  code.load(BPF_DW, r9, r8, kSentAt);
  // The clock is read once a batch: it costs as much as the rest.
  code.move(r1, r9);
  code.alu(BPF_AND, r1, kBatch - 1);
  const size_t in_batch = code.jump(BPF_JNE, r1, 0);
  code.call(kKtimeGetNs);
  code.alu(BPF_DIV, r0, kNsPerTick);
  code.store(BPF_DW, r8, kTicksAt, r0);
  code.place(in_batch);
  code.move(r1, r9);
  code.alu(BPF_ADD, r1, 1);
  code.store(BPF_DW, r8, kSentAt, r1);
  // The round, and the stream whose turn it is.
  code.move(r2, r9);
  code.alu(BPF_DIV, r2, traffic.streams());
  code.alu(BPF_MOD, r9, traffic.streams());
  const size_t first_round = code.jump(BPF_JEQ, r2, 0);
  code.alu(BPF_MUL, r9, traffic.stride());
  code.alu(BPF_MOD, r9, traffic.streams());
  code.place(first_round);
  // r0: sequence number, r1: sum for UDP, r2: for IP.
  code.move(r0, r9);
  code.alu(BPF_MUL, r0, kSequenceFactor);
  code.alu(BPF_ADD, r0, r2);
  code.alu(BPF_AND, r0, 0xffff);
  code.move(r1, traffic.udp_sum());
  code.move(r2, traffic.ip_sum());
  address_of(code, r4, r9, 8, kSourceBase);
  address_of(code, r5, r9, 10, kDestinationBase);
  for (const Reg part : {r0, r4, r5}) {
    code.alu(BPF_ADD, r1, part);
    code.alu(BPF_ADD, r2, part);
  }
  put(code, r7, kSourceAt, r4, 32);
  put(code, r7, kDestinationAt, r5, 32);
  code.big_endian(r0, 16);
  code.store(BPF_H, r7, kIpIdAt, r0);
  code.store(BPF_H, r7, kSequenceAt, r0);
  checksum(code, r2, r3);
  put(code, r7, kIpChecksumAt, r2, 16);
  port_of(code, r4, r9, 0xff, kSourcePortBase);
  port_of(code, r5, r9, 0x3ff, kDestinationPortBase);
  code.alu(BPF_ADD, r1, r4);
  code.alu(BPF_ADD, r1, r5);
  put(code, r7, kSourcePortAt, r4, 16);
  put(code, r7, kDestinationPortAt, r5, 16);
  code.load(BPF_DW, r3, r8, kTicksAt);
  code.alu32(BPF_MOV, r4, r9);
  code.alu32(BPF_MUL, r4, kTimestampFactor);
  code.alu32(BPF_ADD, r4, r3);
  code.alu32(BPF_MOV, r5, r9);
  code.alu32(BPF_MUL, r5, kSsrcFactor);
  code.alu32(BPF_ADD, r5, 1);
  code.alu(BPF_ADD, r1, r4);
  code.alu(BPF_ADD, r1, r5);
  put(code, r7, kTimestampAt, r4, 32);
  put(code, r7, kSsrcAt, r5, 32);
  checksum(code, r1, r3);
  const size_t not_zero = code.jump(BPF_JNE, r1, 0);
  code.move(r1, 0xffff);
  code.place(not_zero);
  put(code, r7, kUdpChecksumAt, r1, 16);
  code.move(r0, XDP_PASS);
  code.exit();
  code.place(too_short);
  code.move(r0, XDP_ABORTED);
  code.exit();
  return code.code();
}

}  // namespace

LiveFrames::LiveFrames(const RtpTraffic& traffic, const std::string& receiving, const std::string& sending)
    : frame_(traffic.constant()), receiving_index_(::if_nametoindex(receiving.c_str())) {
  try {
    load(traffic);
    attach(::if_nametoindex(sending.c_str()));
    // Older kernels take the program but not the flag: the first packet shows it.
    send(1);
  } catch (...) {
    close();
    throw;
  }
}

LiveFrames::~LiveFrames() { close(); }

void LiveFrames::close() {
  if (state_ != nullptr) ::munmap(state_, sizeof(State));
  if (link_ >= 0) ::close(link_);
  if (program_ >= 0) ::close(program_);
  if (map_ >= 0) ::close(map_);
}

void LiveFrames::load(const RtpTraffic& traffic) {
  bpf_attr map{};
  map.map_type = BPF_MAP_TYPE_ARRAY;
  map.key_size = sizeof(uint32_t);
  map.value_size = sizeof(State);
  map.max_entries = 1;
  map.map_flags = BPF_F_MMAPABLE;
  map_ = static_cast<int>(bpf(BPF_MAP_CREATE, map));
  if (map_ < 0) refused("an eBPF map");
  void* const shared = ::mmap(nullptr, sizeof(State), PROT_READ | PROT_WRITE, MAP_SHARED, map_, 0);
  if (shared == MAP_FAILED) refused("to share an eBPF map");
  state_ = static_cast<State*>(shared);
  const std::vector<bpf_insn> code = program(traffic, map_);
  const char license[] = "Apache-2.0";
  bpf_attr wanted{};
  wanted.prog_type = BPF_PROG_TYPE_XDP;
  wanted.insns = address(code.data());
  wanted.insn_cnt = static_cast<uint32_t>(code.size());
  wanted.license = address(license);
  program_ = static_cast<int>(bpf(BPF_PROG_LOAD, wanted));
  if (program_ < 0) refused("an XDP program");
}

// A program that is attached nowhere is entered into the kernel's dispatcher for each
// run and taken out again, which waits for all CPUs (bpf_dispatcher_change_prog): tens of
// milliseconds on a busy machine.
void LiveFrames::attach(uint32_t interface_index) {
  bpf_attr link{};
  link.link_create.prog_fd = static_cast<uint32_t>(program_);
  link.link_create.target_ifindex = interface_index;
  link.link_create.attach_type = BPF_XDP;
  link.link_create.flags = XDP_FLAGS_DRV_MODE;
  link_ = static_cast<int>(bpf(BPF_LINK_CREATE, link));
  if (link_ < 0) refused("to attach an XDP program");
}

void LiveFrames::send(uint32_t packets) {
  xdp_md context{};
  context.data_end = kFrameBytes;
  context.ingress_ifindex = receiving_index_;
  TestRun run{};
  run.program = static_cast<uint32_t>(program_);
  run.data_in = address(frame_.data());
  run.data_bytes_in = kFrameBytes;
  run.context_in = address(&context);
  run.context_bytes_in = sizeof context;
  run.repeat = packets;
  run.flags = kLiveFramesFlag;
  run.batch = kBatch;
  if (bpf(BPF_PROG_TEST_RUN, run) != 0)
    refused("to run an XDP program with live frames (Linux 5.18 is needed)");
}

uint64_t LiveFrames::sent() const { return __atomic_load_n(&state_->sent, __ATOMIC_RELAXED); }

}  // namespace rtpsonde::bench

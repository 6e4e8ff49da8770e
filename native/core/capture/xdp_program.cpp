// See xdp_program.h.
#include "core/capture/xdp_program.h"

#include <cstddef>

#include "core/capture/bpf_assembler.h"

namespace rtpsonde {
namespace {

constexpr Reg kContext = kR6, kQueue = kR7, kCounters = kR8;

void count(BpfAssembler& code, size_t counter) {
  code.move(kR1, 1);
  code.atomic_add(kCounters, static_cast<int16_t>(counter), kR1);
}

// Moves the start of the metadata forward and writes an XdpStamp there; counts where that cannot be.
void stamp(BpfAssembler& code) {
  constexpr auto kBytes = static_cast<uint32_t>(sizeof(XdpStamp));
  code.move(kR1, kContext);
  code.move(kR2, 0);
  code.alu(BPF_SUB, kR2, kBytes);
  code.call(BPF_FUNC_xdp_adjust_meta);
  const size_t refused = code.jump(BPF_JNE, kR0, 0);
  code.call(BPF_FUNC_ktime_get_ns);
  code.load(BPF_W, kR1, kContext, offsetof(xdp_md, data_meta));
  code.load(BPF_W, kR2, kContext, offsetof(xdp_md, data));
  // The verifier asks for this; there is always room.
  code.move(kR3, kR1);
  code.alu(BPF_ADD, kR3, kBytes);
  const size_t too_small = code.jump(BPF_JGT, kR3, kR2);
  code.store(BPF_DW, kR1, offsetof(XdpStamp, monotonic_ns), kR0);
  code.move(kR2, kXdpStampMark);
  code.store(BPF_DW, kR1, offsetof(XdpStamp, mark), kR2);
  const size_t stamped = code.jump(BPF_JA, kR0, 0);
  code.place(refused);
  code.place(too_small);
  count(code, offsetof(XdpCounters, without_time));
  code.place(stamped);
}

}  // namespace

std::vector<bpf_insn> xdp_program(int sockets, int counters, uint32_t queues, bool stamps) {
  BpfAssembler code;
  code.move(kContext, kR1);
  code.load(BPF_W, kQueue, kContext, offsetof(xdp_md, rx_queue_index));
  // Of queues that came later: the last counters, and a key that the map does not have.
  const size_t known = code.jump(BPF_JLT, kQueue, queues);
  code.move(kQueue, queues);
  code.place(known);
  // bpf_map_lookup_elem(map, address of the key)
  constexpr int16_t kKeyAt = -4;
  code.store(BPF_W, kFrame, kKeyAt, kQueue);
  code.map(kR1, counters);
  code.move(kR2, kFrame);
  code.alu(BPF_ADD, kR2, static_cast<uint32_t>(kKeyAt));
  code.call(BPF_FUNC_map_lookup_elem);
  // The verifier asks for this; the key is always there.
  const size_t no_counters = code.jump(BPF_JEQ, kR0, 0);
  code.move(kCounters, kR0);
  count(code, offsetof(XdpCounters, packets));
  if (stamps) stamp(code);
  // bpf_redirect_map(map, key, what to return when the map has no socket there)
  code.map(kR1, sockets);
  code.move(kR2, kQueue);
  code.move(kR3, XDP_DROP);
  code.call(BPF_FUNC_redirect_map);
  const size_t taken = code.jump(BPF_JEQ, kR0, XDP_REDIRECT);
  count(code, offsetof(XdpCounters, without));
  code.move(kR0, XDP_DROP);
  code.place(taken);
  code.exit();
  code.place(no_counters);
  code.move(kR0, XDP_ABORTED);
  code.exit();
  return code.code();
}

}  // namespace rtpsonde

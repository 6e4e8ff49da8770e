// Any classic BPF program on any packet: one without fault ends, reads nothing beyond the
// packet and gives what libpcap's interpreter gives, where that is installed; joined
// with ours and made ready for a frame without its VLAN tag it stays without fault.
//
// Input: number of instructions (1), each of 8 octets as struct sock_filter (code, jt,
// jf, k; little-endian), then the packet.
#include <dlfcn.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/capture/af_packet_filter.h"
#include "core/capture/filter_interpreter.h"
#include "core/capture/live_filter.h"
#include "fuzz_support.h"

namespace {

using fuzz::check;
using rtpsonde::FilterProgram;

using Oracle = unsigned (*)(const sock_filter*, const uint8_t*, unsigned wire, unsigned captured);

Oracle find_oracle() {
  void* const library = ::dlopen("libpcap.so.0.8", RTLD_NOW);
  return library == nullptr ? nullptr : reinterpret_cast<Oracle>(::dlsym(library, "bpf_filter"));
}

// libpcap leaves the memory cells and registers as they are.
FilterProgram with_clean_memory(const FilterProgram& program) {
  FilterProgram clean = {{BPF_LD | BPF_IMM, 0, 0, 0}, {BPF_LDX | BPF_IMM, 0, 0, 0}};
  for (uint32_t cell = 0; cell < BPF_MEMWORDS; cell++) clean.push_back({BPF_ST, 0, 0, cell});
  clean.insert(clean.end(), program.begin(), program.end());
  return clean;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const Oracle oracle = find_oracle();
  if (size == 0) return 0;
  const size_t count = std::min<size_t>(data[0], (size - 1) / sizeof(sock_filter));
  FilterProgram program(count);
  if (count > 0) std::memcpy(program.data(), data + 1, count * sizeof(sock_filter));
  if (!rtpsonde::fault_of(program).empty()) return 0;

  const size_t used = 1 + count * sizeof(sock_filter);
  const fuzz::Exact packet(data + used, size - used);
  const uint32_t wire_len = static_cast<uint32_t>(size);
  const uint32_t kept = rtpsonde::run_filter(program, packet.bytes(), wire_len);
  if (oracle != nullptr) {
    const FilterProgram clean = with_clean_memory(program);
    check(kept ==
          oracle(clean.data(), packet.bytes().data, wire_len, static_cast<unsigned>(packet.bytes().size)));
  }

  const FilterProgram ours = rtpsonde::capture_filter(128, true);
  check(rtpsonde::fault_of(rtpsonde::join_filters(program, ours)).empty());
  try {
    check(rtpsonde::fault_of(rtpsonde::under_stripped_tag(program)).empty());
  } catch (const rtpsonde::Error&) {
    // An offset that cannot be said without the tag.
  }
  return 0;
}

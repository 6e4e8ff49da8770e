// See bpf.h.
#include "core/capture/bpf.h"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace rtpsonde {
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

template <typename Attributes>
long bpf(int command, Attributes& attributes) {
  return ::syscall(SYS_bpf, command, &attributes, sizeof attributes);
}

uint64_t address(const void* pointer) { return reinterpret_cast<uint64_t>(pointer); }

}  // namespace

FileDescriptor make_bpf_map(uint32_t type, uint32_t value_bytes, uint32_t entries, uint32_t flags) {
  bpf_attr wanted{};
  wanted.map_type = type;
  wanted.key_size = sizeof(uint32_t);
  wanted.value_size = value_bytes;
  wanted.max_entries = entries;
  wanted.map_flags = flags;
  return FileDescriptor(bpf(BPF_MAP_CREATE, wanted));
}

FileDescriptor load_xdp_program(const std::vector<bpf_insn>& code) {
  const char license[] = "Apache-2.0";
  bpf_attr wanted{};
  wanted.prog_type = BPF_PROG_TYPE_XDP;
  wanted.insns = address(code.data());
  wanted.insn_cnt = static_cast<uint32_t>(code.size());
  wanted.license = address(license);
  return FileDescriptor(bpf(BPF_PROG_LOAD, wanted));
}

FileDescriptor attach_xdp_program(int program, uint32_t interface_index, uint32_t mode) {
  bpf_attr link{};
  link.link_create.prog_fd = static_cast<uint32_t>(program);
  link.link_create.target_ifindex = interface_index;
  link.link_create.attach_type = BPF_XDP;
  link.link_create.flags = mode;
  return FileDescriptor(bpf(BPF_LINK_CREATE, link));
}

int bpf_error() { return errno; }

bool set_bpf_element(int map, uint32_t key, uint32_t value) {
  bpf_attr element{};
  element.map_fd = static_cast<uint32_t>(map);
  element.key = address(&key);
  element.value = address(&value);
  return bpf(BPF_MAP_UPDATE_ELEM, element) == 0;
}

bool run_live_frames(int program, const LiveFrameRun& wanted) {
  xdp_md context{};
  context.data_end = wanted.frame_bytes;
  context.ingress_ifindex = wanted.interface_index;
  TestRun run{};
  run.program = static_cast<uint32_t>(program);
  run.data_in = address(wanted.frame);
  run.data_bytes_in = wanted.frame_bytes;
  run.context_in = address(&context);
  run.context_bytes_in = sizeof context;
  run.repeat = wanted.packets;
  run.flags = kLiveFramesFlag;
  run.batch = wanted.batch;
  return bpf(BPF_PROG_TEST_RUN, run) == 0;
}

SharedBpfArray::~SharedBpfArray() {
  if (values_ != nullptr) ::munmap(values_, bytes_);
}

bool SharedBpfArray::make(uint32_t value_bytes, uint32_t entries) {
  map_ = make_bpf_map(BPF_MAP_TYPE_ARRAY, value_bytes, entries, BPF_F_MMAPABLE);
  if (!map_.valid()) return false;
  const size_t bytes = size_t{value_bytes} * entries;
  void* const shared = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, map_.number(), 0);
  if (shared == MAP_FAILED) return false;
  values_ = shared;
  bytes_ = bytes;
  return true;
}

}  // namespace rtpsonde

// The bpf(2) system call, as far as we need it: maps, and XDP programs on interfaces. What
// is made here ends with its descriptor, so nothing is left behind by a process that dies.
#pragma once

#include <linux/bpf.h>

#include <cstdint>
#include <vector>

#include "core/base/file_descriptor.h"

namespace rtpsonde {

// The three below give a descriptor that is not valid, and errno, when the kernel refuses.

// Keys are numbers of 32 bits. `type` is BPF_MAP_TYPE_*, `flags` are BPF_F_*.
FileDescriptor make_bpf_map(uint32_t type, uint32_t value_bytes, uint32_t entries, uint32_t flags = 0);
FileDescriptor load_xdp_program(const std::vector<bpf_insn>& code);
// `mode` is XDP_FLAGS_DRV_MODE or XDP_FLAGS_SKB_MODE. The program runs until the descriptor is closed
// (Linux 5.9).
FileDescriptor attach_xdp_program(int program, uint32_t interface_index, uint32_t mode);

// Why the kernel refused the latest of these: errno, as nothing else has set it meanwhile.
int bpf_error();

// False, and errno, when the kernel refuses.
bool set_bpf_element(int map, uint32_t key, uint32_t value);

// One run of BPF_PROG_TEST_RUN with live frames (Linux 5.18): `packets` are received on the interface, as
// the program makes them of `frame`, `batch` at a time. False, and errno, when the kernel refuses.
struct LiveFrameRun {
  const uint8_t* frame;
  uint32_t frame_bytes;
  uint32_t interface_index;
  uint32_t packets;
  uint32_t batch;
};
bool run_live_frames(int program, const LiveFrameRun& wanted);

// The values of an array map, in memory that our program in the kernel writes to as well.
class SharedBpfArray {
 public:
  SharedBpfArray() = default;
  ~SharedBpfArray();
  SharedBpfArray(const SharedBpfArray&) = delete;
  SharedBpfArray& operator=(const SharedBpfArray&) = delete;

  // All bytes are 0; value_bytes is a multiple of 8. False, and errno, when the kernel refuses. To be called
  // once.
  bool make(uint32_t value_bytes, uint32_t entries);
  int map() const { return map_.number(); }
  // The first value; null when it was not made.
  void* get() const { return values_; }

 private:
  FileDescriptor map_;
  void* values_ = nullptr;
  size_t bytes_ = 0;
};

}  // namespace rtpsonde

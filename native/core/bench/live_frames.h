// The better sender: an XDP program that is run by BPF_PROG_TEST_RUN with live frames
// (Linux 5.18) writes each packet in the kernel, and XDP_PASS takes it into the receive
// path of the interface, as if a driver had received it. No system call per packet, no copy.
#pragma once

#include <string>

#include "core/bench/frame_sender.h"
#include "core/bench/rtp_traffic.h"
#include "core/capture/bpf.h"

namespace rtpsonde::bench {

class LiveFrames final : public FrameSender {
 public:
  // receiving: the interface whose receive path the packets take. sending: the other end of
  // the veth pair, where nothing arrives; the program is only kept there. through_cable: the packets are sent
  // there, so that XDP in the driver of `receiving` sees them; that has to be there already. Sends the first
  // packet, to find out whether it works. Throws Error ERR_BENCH_GENERATOR when the kernel has no live frames
  // or does not let us use them (CAP_BPF and CAP_NET_ADMIN are needed, outside of user namespaces).
  LiveFrames(const RtpTraffic& traffic, const std::string& receiving, const std::string& sending,
             bool through_cable);

  void send(uint32_t packets) override;
  uint64_t sent() const override;

 private:
  struct State;  // shared with the program

  const Frame frame_;
  uint32_t receiving_index_ = 0;
  SharedBpfArray state_;  // a State
  FileDescriptor program_;
  FileDescriptor link_;
};

}  // namespace rtpsonde::bench

// The sender that always works: sendmmsg() on a packet socket at the other end of a veth
// pair, past the queueing discipline. Several times slower than live frames.
#pragma once

#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <string>

#include "core/bench/frame_sender.h"
#include "core/bench/rtp_traffic.h"

namespace rtpsonde::bench {

class SocketSender : public FrameSender {
 public:
  // interface: the one that is sent on. Throws Error ERR_BENCH_GENERATOR.
  SocketSender(const RtpTraffic& traffic, const std::string& interface);
  ~SocketSender() override;
  SocketSender(const SocketSender&) = delete;
  SocketSender& operator=(const SocketSender&) = delete;

  void send(uint32_t packets) override;
  uint64_t sent() const override { return sent_; }

 private:
  static constexpr uint32_t kBatch = 64;
  uint32_t send_batch(uint32_t packets);

  const RtpTraffic traffic_;
  int socket_ = -1;
  uint64_t sent_ = 0;
  std::array<Frame, kBatch> frames_;
  std::array<iovec, kBatch> parts_{};
  std::array<mmsghdr, kBatch> messages_{};
};

}  // namespace rtpsonde::bench

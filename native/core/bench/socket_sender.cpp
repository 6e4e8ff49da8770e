// See socket_sender.h.
#include "core/bench/socket_sender.h"

#include <linux/if_packet.h>
#include <net/if.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "core/base/error.h"
#include "core/bench/thread_clock.h"

namespace rtpsonde::bench {
namespace {

[[noreturn]] void refused(const std::string& what) {
  throw Error("ERR_BENCH_GENERATOR", what + ": " + std::generic_category().message(errno));
}

}  // namespace

SocketSender::SocketSender(const RtpTraffic& traffic, const std::string& interface) : traffic_(traffic) {
  frames_.fill(traffic_.constant());
  for (uint32_t i = 0; i < kBatch; i++) {
    parts_[i] = {frames_[i].data(), kFrameBytes};
    messages_[i].msg_hdr.msg_iov = &parts_[i];
    messages_[i].msg_hdr.msg_iovlen = 1;
  }
  // Protocol 0: it sends and receives nothing.
  socket_ = ::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
  if (socket_ < 0) refused("no packet socket to send with");
  const int on = 1;
  ::setsockopt(socket_, SOL_PACKET, PACKET_QDISC_BYPASS, &on, sizeof on);  // faster; not needed
  sockaddr_ll to{};
  to.sll_family = AF_PACKET;
  to.sll_ifindex = static_cast<int>(::if_nametoindex(interface.c_str()));
  if (::bind(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
    const int error = errno;
    ::close(socket_);
    errno = error;
    refused("cannot send on " + interface);
  }
}

SocketSender::~SocketSender() { ::close(socket_); }

void SocketSender::send(uint32_t packets) {
  while (packets > 0) packets -= send_batch(std::min(packets, kBatch));
}

// Numbers are given to packets that went out, so that one that was refused leaves no gap.
uint32_t SocketSender::send_batch(uint32_t packets) {
  const uint64_t ticks = monotonic_ns() / kNsPerTick;
  for (uint32_t i = 0; i < packets; i++) traffic_.write(sent_ + i, ticks, frames_[i].data());
  const int done = ::sendmmsg(socket_, messages_.data(), packets, 0);
  if (done > 0) {
    sent_ += static_cast<uint32_t>(done);
    return static_cast<uint32_t>(done);
  }
  if (errno != ENOBUFS && errno != EAGAIN && errno != EINTR) refused("sending failed");
  ::sched_yield();
  return 0;
}

}  // namespace rtpsonde::bench

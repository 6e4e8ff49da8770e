// Ways to put the packets of RtpTraffic where a packet socket sees them. Both send
// inside the calling thread, the kernel's receive path of each packet included, so that the
// CPU time of the thread is that of the generator and the receiving kernel together.
#pragma once

#include <cstdint>

namespace rtpsonde::bench {

class FrameSender {
 public:
  virtual ~FrameSender() = default;

  // Sends so many more packets. Throws Error ERR_BENCH_GENERATOR.
  virtual void send(uint32_t packets) = 0;

  // Packets that have gone out so far.
  virtual uint64_t sent() const = 0;
};

}  // namespace rtpsonde::bench

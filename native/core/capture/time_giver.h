// Who gives the packets of an interface their time: the network card or the kernel. That a card
// or a socket accepts the wish proves nothing, so what came with each packet decides:
// the card gives the time as long as it gives that of every packet, and its clock goes
// like the system's, which moves the windows on when the link is silent.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace rtpsonde {

enum class TimestampMode : uint8_t {
  kAuto,      // of the card if it gives them, else of the kernel
  kHardware,  // the same, but that the card refuses is an error
  kKernel,
};

class TimeGiver {
 public:
  // Further than this from the system's clock, the card's is not believed.
  static constexpr int64_t kMostApart_ns = 500'000'000;

  explicit TimeGiver(std::string interface) : interface_(std::move(interface)) {}

  // The card was asked for its time stamps and has accepted.
  void asked() {
    waits_ = true;
    compared_ = false;
  }

  // A batch of packets: how many there are, how many carry the card's time, and the time of the
  // first one. True when the kernel's time is to be asked for from now on.
  bool note(size_t packets, size_t hardware, int64_t first_ns, int64_t now_ns) {
    hardware_ += hardware;
    kernel_ += packets - hardware;
    return waits_ && judge(packets, hardware, first_ns, now_ns);
  }

  // Whether note() wants the time of the system's clock for the card's next packets.
  bool compares() const { return waits_ && !compared_; }
  uint64_t hardware() const { return hardware_; }
  uint64_t kernel() const { return kernel_; }
  // Why the card's time is not used though it was accepted; empty when it is.
  const std::string& reason() const { return reason_; }

 private:
  bool judge(size_t packets, size_t hardware, int64_t first_ns, int64_t now_ns);

  std::string interface_;
  bool waits_ = false;     // the card is to give the time
  bool compared_ = false;  // its clock was held against the system's
  uint64_t hardware_ = 0;
  uint64_t kernel_ = 0;
  std::string reason_;
};

}  // namespace rtpsonde

// Asks a network card to stamp all packets it receives (Linux
// Documentation/networking/timestamping.rst), and takes the wish back at the end.
#pragma once

#include <string>

namespace rtpsonde {

// Number of the hardware clock that an interface stamps with (/dev/ptpN), -1 when it has none.
int hardware_clock_of(const std::string& interface);

class HardwareTime {
 public:
  HardwareTime() = default;
  ~HardwareTime() { release(); }
  HardwareTime(const HardwareTime&) = delete;
  HardwareTime& operator=(const HardwareTime&) = delete;

  // True when the card says that it stamps all packets now; another program may have
  // asked for it before. Else refusal() says why not.
  bool ask(const std::string& interface);
  // Why not, for people; `possible` when the card could, but we may not ask for it.
  const std::string& refusal() const { return refusal_; }
  bool possible() const { return possible_; }

 private:
  bool refuse(const std::string& why);
  void release();

  std::string interface_;
  int flags_before_ = 0, tx_before_ = 0, rx_before_ = 0;  // struct hwtstamp_config
  bool changed_ = false;
  bool possible_ = false;
  std::string refusal_;
};

}  // namespace rtpsonde

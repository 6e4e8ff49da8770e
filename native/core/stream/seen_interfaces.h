// Which network interfaces the packets of a stream came from: the last one, and another one before it. In one
// octet, as a stream has no more to spare.
#pragma once

#include "core/capture/packet_source.h"

namespace rtpsonde {

class SeenInterfaces {
 public:
  SeenInterfaces() = default;
  explicit SeenInterfaces(InterfaceId first) : both_(static_cast<uint8_t>(kNoInterface << 4 | first)) {}

  // kNoInterface when there is none.
  InterfaceId last() const { return both_ & 15; }
  InterfaceId other() const { return both_ >> 4; }

  void note(InterfaceId interface) {
    if (interface != last()) both_ = static_cast<uint8_t>(last() << 4 | interface);
  }

 private:
  static_assert(kMaxInterfaces <= 15 && kNoInterface == 15);
  uint8_t both_ = kNoInterface << 4 | kNoInterface;
};

}  // namespace rtpsonde

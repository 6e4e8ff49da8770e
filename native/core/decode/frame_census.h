// What kinds of frame arrive at an interface, whatever is in them: tells a mirror
// port from a plain one, and merged frames from those of the wire.
#pragma once

#include <bitset>
#include <cstdint>

#include "core/capture/packet_source.h"

namespace rtpsonde {

class FrameCensus {
 public:
  // Ethernet frames; any bytes.
  void take(const PacketView& packet);

  uint64_t frames() const { return frames_; }
  uint64_t bytes() const { return bytes_; }      // on the wire, without FCS
  uint64_t group() const { return group_; }      // to a multicast or broadcast address
  uint32_t largest() const { return largest_; }  // bytes on the wire, without FCS
  // VLAN ids seen: the outermost tag, also one that the network card took out.
  const std::bitset<4096>& vlans() const { return vlans_; }

 private:
  uint64_t frames_ = 0;
  uint64_t bytes_ = 0;
  uint64_t group_ = 0;
  uint32_t largest_ = 0;
  std::bitset<4096> vlans_;
};

}  // namespace rtpsonde

// A packet whose time lies far ahead waits for the next one. Were it believed at once, a
// single wild time would open a window years ahead, and all that follows would be late.
//
//   the next packet comes from 60 s before it or later:  time has moved on (the link was
//       silent, a file has a pause), and both are measured at their own time
//   the next packet comes from longer before:  the packet lay alone; it is measured at the
//       time of the packet before it and counted as a clock step
//   there is none:  nothing speaks against it
//
// The first packet of all waits likewise, as nothing tells yet whether it lies far ahead.
#pragma once

#include <cstdint>
#include <vector>

#include "core/capture/packet_source.h"

namespace rtpsonde {

class FarPacket {
 public:
  // How far ahead of the one before a packet is believed at once, and the next one may lie behind it.
  static constexpr int64_t kFar_ns = 60'000'000'000;

  FarPacket() { octets_.reserve(kRoomOctets); }

  bool waits() const { return waits_; }
  int64_t ts_ns() const { return ts_ns_; }

  // Copies the packet, whose octets last no longer than its batch. `ts_ns` is its time
  // within range.
  void hold(const PacketView& packet, int64_t ts_ns) {
    octets_.assign(packet.bytes.data, packet.bytes.data + packet.bytes.size);
    packet_ = packet;
    packet_.bytes.data = octets_.data();
    ts_ns_ = ts_ns;
    waits_ = true;
  }

  // The packet that waits, with the time it is to be measured at; its octets last until the
  // next one is held.
  const PacketView& take(int64_t ts_ns) {
    waits_ = false;
    packet_.ts_ns = ts_ns;
    return packet_;
  }

  // Whether a packet or a clock at `now_ns` bears its time out.
  bool borne_out_by(int64_t now_ns) const { return now_ns >= ts_ns_ - kFar_ns; }

 private:
  // Of any Ethernet frame; a larger one takes memory when it comes.
  static constexpr size_t kRoomOctets = 65'600;

  std::vector<uint8_t> octets_;
  PacketView packet_{};
  int64_t ts_ns_ = 0;
  bool waits_ = false;
};

}  // namespace rtpsonde

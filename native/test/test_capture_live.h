// What the live tests share: a sender on one end of the cable, and what arrives at the other.
#pragma once

#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

#include "core/capture/af_packet_source.h"
#include "test_capture_support.h"

namespace capture_test {

class Sender {
 public:
  Sender() : socket_(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0)) {
    to_.sll_family = AF_PACKET;
    to_.sll_ifindex = static_cast<int>(::if_nametoindex("far0"));
  }
  ~Sender() { ::close(socket_); }
  bool send(const std::string& frame) const {
    return ::sendto(socket_, frame.data(), frame.size(), 0, reinterpret_cast<const sockaddr*>(&to_),
                    sizeof to_) == static_cast<ssize_t>(frame.size());
  }

 private:
  int socket_;
  sockaddr_ll to_{};
};

inline rtpsonde::AfPacketOptions options() {
  rtpsonde::AfPacketOptions wanted;
  wanted.interface = "probe0";
  wanted.ring_bytes = 8 << 20;
  wanted.block_bytes = 1 << 20;
  wanted.promiscuous = true;
  return wanted;
}

// A loaded machine may deliver late: what must come is waited for long, what must
// not come only for a moment.
constexpr int kLong_ms = 20'000;
constexpr int kMoment_ms = 500;

// "vlanID CAPTURED/WIRE HEX" of each packet; at least `expected` of them.
inline std::string captured(rtpsonde::PacketSource& source, size_t expected) {
  std::string text;
  rtpsonde::PacketBatch batch;
  size_t count = 0;
  while (source.read(batch, count < expected ? kLong_ms : kMoment_ms) == rtpsonde::ReadStatus::kPackets) {
    count += batch.count;
    for (size_t i = 0; i < batch.count; i++) {
      const rtpsonde::PacketView& packet = batch.packets[i];
      if (packet.stripped_vlan != rtpsonde::kNoVlan)
        text += "vlan" + std::to_string(packet.stripped_vlan) + " ";
      text += std::to_string(packet.bytes.size) + "/" + std::to_string(packet.wire_len) + " " +
              to_hex(packet.bytes.data, packet.bytes.size) + "\n";
    }
  }
  return text;
}

}  // namespace capture_test

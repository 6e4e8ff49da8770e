// One AF_XDP socket: the packets of one receive queue of an interface, in memory that the kernel
// and we share (Linux Documentation/networking/af_xdp.rst). Frames of that memory go round: to the
// kernel by the fill ring, back with a packet by the receive ring.
#pragma once

#include <linux/if_xdp.h>

#include <cstddef>
#include <cstdint>

#include "core/base/file_descriptor.h"
#include "core/capture/packet_source.h"
#include "core/capture/xdp_program.h"

namespace rtpsonde {

// A piece of memory that is mapped, as long as it is in scope.
class Mapping {
 public:
  Mapping() = default;
  ~Mapping();
  Mapping(Mapping&& other) noexcept;
  Mapping& operator=(Mapping&& other) noexcept;

  // False, and errno, when the kernel refuses.
  bool map(size_t bytes, int flags, int descriptor, int64_t offset);
  uint8_t* at(size_t offset) const { return start_ + offset; }
  size_t bytes() const { return bytes_; }

 private:
  uint8_t* start_ = nullptr;
  size_t bytes_ = 0;
};

// What is refused for want of a right. Throws Error ERR_CAPTURE_PERMISSION.
[[noreturn]] void xdp_not_permitted();

struct XdpShape {
  uint32_t frames = 0;       // of one queue; a power of two
  uint32_t frame_bytes = 0;  // 2048 or 4096
  uint64_t bytes() const { return uint64_t{frames} * frame_bytes; }
  // Longer ones are dropped: XDP_PACKET_HEADROOM is left in front of each.
  uint32_t longest_packet() const { return frame_bytes - 256; }
};

class XdpSocket {
 public:
  // With its memory and rings, all frames with the kernel; not bound yet.
  // Throws Error ERR_CAPTURE_PERMISSION, ERR_CAPTURE_SOCKET, ERR_CAPTURE_RING.
  explicit XdpSocket(const XdpShape& shape);

  // `flags` are XDP_COPY, XDP_ZEROCOPY. Gives 0 or why the kernel refuses (errno).
  int bind(uint32_t interface_index, uint32_t queue, uint16_t flags);
  int number() const { return socket_.number(); }
  // The driver writes packets into our memory itself.
  bool zero_copy() const;
  xdp_statistics statistics() const;

  // Packets that take() can take.
  uint32_t in_hand() const { return seen_ - next_; }
  // Asks for more of them; whether there are any now.
  bool look() {
    seen_ = __atomic_load_n(received_.producer, __ATOMIC_ACQUIRE);
    return seen_ != next_;
  }
  // Share of the frames that are taken up by packets, 0..1.
  double fill() const {
    const uint32_t written = __atomic_load_n(received_.producer, __ATOMIC_ACQUIRE);
    return static_cast<double>(written - given_) / (static_cast<double>(received_.mask) + 1);
  }
  // When the next one came, CLOCK_MONOTONIC in ns; 0: the kernel did not say. There is one in hand.
  uint64_t next_stamp_ns() const {
    const XdpStamp& stamp = stamp_of(received_.entries[next_ & received_.mask].addr);
    return stamp.mark == kXdpStampMark ? stamp.monotonic_ns : 0;
  }
  // Sets what is known of it but its time. There is one in hand.
  void take(PacketView& packet);
  // Gives the frames of all packets that were taken back to the kernel: their octets may change from now on.
  void give_back();
  // Wakes a driver that waits for frames; to be called before waiting for packets.
  void wake();

 private:
  template <typename Entry>
  struct Ring {
    uint32_t* producer = nullptr;
    uint32_t* consumer = nullptr;
    uint32_t* flags = nullptr;
    Entry* entries = nullptr;
    uint32_t mask = 0;
    Mapping memory;
  };
  template <typename Entry>
  void map(Ring<Entry>& ring, const xdp_ring_offset& at, uint32_t entries, int64_t page_offset);
  XdpStamp& stamp_of(uint64_t address) const {
    return *reinterpret_cast<XdpStamp*>(frames_.at(address) - sizeof(XdpStamp));
  }

  Mapping frames_;  // outlives the socket
  FileDescriptor socket_;
  Ring<xdp_desc> received_;
  Ring<uint64_t> fill_;
  uint32_t seen_ = 0;   // the kernel has written up to here
  uint32_t next_ = 0;   // to be taken
  uint32_t given_ = 0;  // frames before this went back
  uint32_t filled_ = 0;
};

}  // namespace rtpsonde

// The memory that the kernel and we share for a live capture: a TPACKET_V3 ring
// of blocks (Linux Documentation/networking/packet_mmap.rst).
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/capture/packet_source.h"

namespace rtpsonde {

// How long the kernel may keep a block that is not full.
constexpr uint32_t kBlockRetireMs = 10;

struct RingShape {
  uint32_t block_bytes = 0;
  uint32_t blocks = 0;
  uint64_t bytes() const { return uint64_t{block_bytes} * blocks; }
};

// Throws Error: ERR_ENGINE_OPTIONS when the kernel could not take the numbers,
// ERR_CAPTURE_RING when available_bytes (memory that is free or can be freed)
// are not enough. Asking the kernel for more could end other processes.
RingShape ring_shape(uint32_t ring_bytes, uint32_t block_bytes, uint64_t available_bytes);

// MemAvailable of the machine; the largest number when it is not known.
uint64_t available_memory_bytes();

class PacketRing {
 public:
  PacketRing() = default;
  ~PacketRing();
  PacketRing(const PacketRing&) = delete;
  PacketRing& operator=(const PacketRing&) = delete;

  // Gives the packet socket its ring. The socket is at PACKET_VERSION
  // TPACKET_V3 already. Throws Error ERR_CAPTURE_RING.
  void map(int socket, const RingShape& shape);

  // Packets of the block in hand that take() did not hand out yet.
  size_t in_hand() const { return left_; }
  // The header (struct tpacket3_hdr) of the first of them.
  const uint8_t* next() const { return next_; }

  // The kernel has handed the next block over, while none is in hand.
  bool ready() const;

  // Gives the used block back, which ends all views, and takes the next one;
  // false when the kernel has not handed it over.
  bool next_block();

  // Fills the batch from the block in hand, as packets of this interface. Gives how many of them
  // carry the time of the network card.
  size_t take(PacketBatch& batch, InterfaceId interface);

  // Share of the blocks that the kernel has handed over, the one in hand not counted: 0..1.
  double fill() const;

  // How often a packet had its time from the network card and the one before from the
  // kernel, or the other way round.
  uint64_t time_switches() const { return time_switches_; }

 private:
  uint8_t* map_ = nullptr;
  RingShape shape_;
  uint32_t block_ = 0;  // the one in hand, or to be waited for
  bool holding_ = false;
  size_t left_ = 0;
  const uint8_t* next_ = nullptr;
  bool any_taken_ = false;
  uint32_t hardware_before_ = 0;  // 1 when the packet before has its time from the card
  uint64_t time_switches_ = 0;
};

}  // namespace rtpsonde

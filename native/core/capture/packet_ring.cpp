// See packet_ring.h.
#include "core/capture/packet_ring.h"

#include <linux/if_packet.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <limits>
#include <ranges>
#include <system_error>

#include "core/base/error.h"
#include "core/base/prefetch.h"

namespace rtpsonde {
namespace {

// TPACKET_V3 packs frames by their true length; the kernel wants a number all the same.
constexpr uint32_t kNominalFrameBytes = 2048;
// Some frames ahead; see docs/performance.md. By their lines, not by one of each: header, decoding
// and the search for copies touch three of them.
constexpr size_t kLookAhead = 1024;
constexpr size_t kPrefetched = 256;

std::string mib(uint64_t bytes) { return std::to_string(bytes >> 20) + " MiB"; }

// Where the blocks of a map begin.
uint8_t* block_at(uint8_t* map, const RingShape& shape, uint32_t index) {
  return map + uint64_t{index} * shape.block_bytes;
}

// 1 when the network card gave the time, 0 when the kernel did.
uint32_t by_hardware(const tpacket3_hdr& frame) { return frame.tp_status / TP_STATUS_TS_RAW_HARDWARE; }

tpacket_hdr_v1& header_at(uint8_t* map, const RingShape& shape, uint32_t index) {
  return reinterpret_cast<tpacket_block_desc*>(block_at(map, shape, index))->hdr.bh1;
}

bool is_handed_over(const tpacket_hdr_v1& header) {
  return (__atomic_load_n(&header.block_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER) != 0;
}

}  // namespace

RingShape ring_shape(uint32_t ring_bytes, uint32_t block_bytes, uint64_t available_bytes) {
  const auto page = static_cast<uint32_t>(::sysconf(_SC_PAGESIZE));
  if (block_bytes < 2 * kNominalFrameBytes || block_bytes % page != 0) {
    throw Error("ERR_ENGINE_OPTIONS", "a ring block of " + std::to_string(block_bytes) +
                                          " bytes is not a multiple of the page size, " +
                                          std::to_string(page));
  }
  if (ring_bytes < 2 * uint64_t{block_bytes}) {
    throw Error("ERR_ENGINE_OPTIONS", "a capture ring of " + std::to_string(ring_bytes) +
                                          " bytes has no room for two blocks of " +
                                          std::to_string(block_bytes));
  }
  const RingShape shape{block_bytes, ring_bytes / block_bytes};
  if (shape.bytes() > available_bytes) {
    throw Error("ERR_CAPTURE_RING", "a capture ring of " + mib(shape.bytes()) +
                                        " is larger than the memory that is free, " + mib(available_bytes));
  }
  return shape;
}

uint64_t available_memory_bytes() {
  std::ifstream about("/proc/meminfo");
  std::string name;
  uint64_t kib = 0;
  std::string unit;
  while (about >> name >> kib >> unit) {
    if (name == "MemAvailable:") return kib * 1024;
  }
  return std::numeric_limits<uint64_t>::max();
}

PacketRing::~PacketRing() {
  if (map_ != nullptr) ::munmap(map_, shape_.bytes());
}

void PacketRing::map(int socket, const RingShape& shape) {
  tpacket_req3 wanted{};
  wanted.tp_block_size = shape.block_bytes;
  wanted.tp_block_nr = shape.blocks;
  wanted.tp_frame_size = kNominalFrameBytes;
  wanted.tp_frame_nr = shape.block_bytes / kNominalFrameBytes * shape.blocks;
  wanted.tp_retire_blk_tov = kBlockRetireMs;
  if (::setsockopt(socket, SOL_PACKET, PACKET_RX_RING, &wanted, sizeof wanted) != 0) {
    throw Error("ERR_CAPTURE_RING", "the kernel gave no capture ring of " + mib(shape.bytes()) +
                                        " in blocks of " + std::to_string(shape.block_bytes) +
                                        " bytes: " + std::generic_category().message(errno));
  }
  // Locking wants a limit that not everybody has; the pages are the kernel's anyway.
  void* map = MAP_FAILED;
  for (const int extra : {MAP_LOCKED, 0}) {
    map = ::mmap(nullptr, shape.bytes(), PROT_READ | PROT_WRITE, MAP_SHARED | extra, socket, 0);
    if (map != MAP_FAILED) break;
  }
  if (map == MAP_FAILED) {
    throw Error("ERR_CAPTURE_RING", "a capture ring of " + mib(shape.bytes()) +
                                        " cannot be mapped: " + std::generic_category().message(errno));
  }
  map_ = static_cast<uint8_t*>(map);
  shape_ = shape;
}

bool PacketRing::ready() const {
  return !holding_ && (__atomic_load_n(&header_at(map_, shape_, block_).block_status, __ATOMIC_ACQUIRE) &
                       TP_STATUS_USER) != 0;
}

bool PacketRing::next_block() {
  if (holding_) {
    tpacket_hdr_v1& used = header_at(map_, shape_, block_);
    __atomic_store_n(&used.block_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
    block_ = block_ + 1 == shape_.blocks ? 0 : block_ + 1;
    holding_ = false;
    left_ = 0;
  }
  const tpacket_hdr_v1& header = header_at(map_, shape_, block_);
  if (!is_handed_over(header)) return false;
  holding_ = true;
  left_ = header.num_pkts;
  next_ = block_at(map_, shape_, block_) + header.offset_to_first_pkt;
  return true;
}

// The blocks that are not the kernel's lie one after the other, from the one in hand on.
double PacketRing::fill() const {
  const auto ahead = std::views::iota(0U, shape_.blocks);
  const auto kernels = std::ranges::partition_point(ahead, [this](uint32_t i) {
    return is_handed_over(header_at(map_, shape_, (block_ + i) % shape_.blocks));
  });
  const auto waiting = static_cast<double>(kernels - ahead.begin()) - (holding_ ? 1 : 0);
  return std::min(waiting / (shape_.blocks - 1), 1.0);
}

// struct tpacket3_hdr, then struct sockaddr_ll, then at tp_mac the frame.
size_t PacketRing::take(PacketBatch& batch, InterfaceId interface) {
  const size_t count = std::min(left_, PacketBatch::kCapacity);
  const uint8_t* at = next_;
  if (!any_taken_ && count > 0) {
    hardware_before_ = by_hardware(*reinterpret_cast<const tpacket3_hdr*>(at));
    any_taken_ = true;
  }
  size_t hardware = 0;
  for (size_t i = 0; i < count; i++) {
    prefetch<kPrefetched>(at + kLookAhead);
    const auto& frame = *reinterpret_cast<const tpacket3_hdr*>(at);
    PacketView& out = batch.packets[i];
    out.ts_ns = int64_t{frame.tp_sec} * 1'000'000'000 + frame.tp_nsec;
    out.bytes = {at + frame.tp_mac, frame.tp_snaplen};
    out.wire_len = frame.tp_len;
    out.link_type = static_cast<uint16_t>(LinkType::kEthernet);
    // The kernel takes the outer tag out of the frame; twelve bits are the id.
    out.stripped_vlan = (frame.tp_status & TP_STATUS_VLAN_VALID) != 0
                            ? static_cast<uint16_t>(frame.hv1.tp_vlan_tci & 0xfff)
                            : kNoVlan;
    out.interface = interface;
    const uint32_t stamped = by_hardware(frame);
    hardware += stamped;
    time_switches_ += stamped ^ hardware_before_;
    hardware_before_ = stamped;
    at += frame.tp_next_offset;
  }
  next_ = at;
  left_ -= count;
  batch.count = count;
  return hardware;
}

}  // namespace rtpsonde

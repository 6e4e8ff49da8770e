// See xdp_socket.h.
#include "core/capture/xdp_socket.h"

#include <sys/mman.h>
#include <sys/socket.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include "core/base/error.h"

namespace rtpsonde {
namespace {

// Packets ahead: their stamps and headers are asked for.
constexpr uint32_t kLookAhead = 8;

[[noreturn]] void refused(const char* code, const std::string& what) {
  throw Error(code, "the kernel refused " + what + ": " + std::generic_category().message(errno));
}

FileDescriptor xdp_socket() {
  FileDescriptor socket(::socket(AF_XDP, SOCK_RAW | SOCK_CLOEXEC, 0));
  if (socket.valid()) return socket;
  if (errno == EPERM || errno == EACCES) xdp_not_permitted();
  refused("ERR_CAPTURE_SOCKET", "an AF_XDP socket (Linux 5.9 with CONFIG_XDP_SOCKETS is needed)");
}

}  // namespace

void xdp_not_permitted() {
  throw Error("ERR_CAPTURE_PERMISSION",
              "capturing by AF_XDP needs the rights CAP_NET_RAW, CAP_NET_ADMIN and CAP_BPF, outside of user "
              "namespaces; start through the systemd unit with the drop-in rtpsonde-xdp.conf, or as root");
}

Mapping::~Mapping() {
  if (start_ != nullptr) ::munmap(start_, bytes_);
}

Mapping::Mapping(Mapping&& other) noexcept
    : start_(std::exchange(other.start_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}

Mapping& Mapping::operator=(Mapping&& other) noexcept {
  std::swap(start_, other.start_);
  std::swap(bytes_, other.bytes_);
  return *this;
}

bool Mapping::map(size_t bytes, int flags, int descriptor, int64_t offset) {
  void* const start = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, flags, descriptor, offset);
  if (start == MAP_FAILED) return false;
  start_ = static_cast<uint8_t*>(start);
  bytes_ = bytes;
  return true;
}

XdpSocket::XdpSocket(const XdpShape& shape) : socket_(xdp_socket()) {
  const std::string size = std::to_string(shape.bytes() >> 20) + " MiB for AF_XDP";
  if (!frames_.map(shape.bytes(), MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)) refused("ERR_CAPTURE_RING", size);
  ::madvise(frames_.at(0), shape.bytes(), MADV_HUGEPAGE);  // a wish; before the kernel takes the pages
  xdp_umem_reg memory{};
  memory.addr = reinterpret_cast<uint64_t>(frames_.at(0));
  memory.len = shape.bytes();
  memory.chunk_size = shape.frame_bytes;
  if (::setsockopt(number(), SOL_XDP, XDP_UMEM_REG, &memory, sizeof memory) != 0)
    refused(
        "ERR_CAPTURE_RING",
        size + (errno == ENOBUFS ? ", more than may be locked (LimitMEMLOCK= of the unit, ulimit -l)" : ""));
  // Each ring has room for all frames, so that only the lack of frames can make the kernel drop.
  const uint32_t entries = shape.frames, least = 1;
  xdp_mmap_offsets offsets{};
  socklen_t offsets_size = sizeof offsets;
  if (::setsockopt(number(), SOL_XDP, XDP_UMEM_FILL_RING, &entries, sizeof entries) != 0 ||
      ::setsockopt(number(), SOL_XDP, XDP_UMEM_COMPLETION_RING, &least, sizeof least) != 0 ||
      ::setsockopt(number(), SOL_XDP, XDP_RX_RING, &entries, sizeof entries) != 0 ||
      ::getsockopt(number(), SOL_XDP, XDP_MMAP_OFFSETS, &offsets, &offsets_size) != 0)
    refused("ERR_CAPTURE_RING", "a ring of AF_XDP");
  map(received_, offsets.rx, entries, XDP_PGOFF_RX_RING);
  map(fill_, offsets.fr, entries, static_cast<int64_t>(XDP_UMEM_PGOFF_FILL_RING));
  for (uint32_t i = 0; i < entries; i++) fill_.entries[i] = uint64_t{i} * shape.frame_bytes;
  filled_ = entries;
  __atomic_store_n(fill_.producer, filled_, __ATOMIC_RELEASE);
}

template <typename Entry>
void XdpSocket::map(Ring<Entry>& ring, const xdp_ring_offset& at, uint32_t entries, int64_t page_offset) {
  if (!ring.memory.map(at.desc + entries * sizeof(Entry), MAP_SHARED | MAP_POPULATE, number(), page_offset))
    refused("ERR_CAPTURE_RING", "to map a ring of AF_XDP");
  ring.producer = reinterpret_cast<uint32_t*>(ring.memory.at(at.producer));
  ring.consumer = reinterpret_cast<uint32_t*>(ring.memory.at(at.consumer));
  ring.flags = reinterpret_cast<uint32_t*>(ring.memory.at(at.flags));
  ring.entries = reinterpret_cast<Entry*>(ring.memory.at(at.desc));
  ring.mask = entries - 1;
}

int XdpSocket::bind(uint32_t interface_index, uint32_t queue, uint16_t flags) {
  sockaddr_xdp address{};
  address.sxdp_family = AF_XDP;
  address.sxdp_flags = static_cast<uint16_t>(flags | XDP_USE_NEED_WAKEUP);
  address.sxdp_ifindex = interface_index;
  address.sxdp_queue_id = queue;
  return ::bind(number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ? 0 : errno;
}

bool XdpSocket::zero_copy() const {
  xdp_options options{};
  socklen_t size = sizeof options;
  return ::getsockopt(number(), SOL_XDP, XDP_OPTIONS, &options, &size) == 0 &&
         (options.flags & XDP_OPTIONS_ZEROCOPY) != 0;
}

xdp_statistics XdpSocket::statistics() const {
  xdp_statistics all{};
  socklen_t size = sizeof all;
  ::getsockopt(number(), SOL_XDP, XDP_STATISTICS, &all, &size);
  return all;
}

void XdpSocket::take(PacketView& packet) {
  const uint8_t* const ahead = frames_.at(received_.entries[(next_ + kLookAhead) & received_.mask].addr);
  __builtin_prefetch(ahead - sizeof(XdpStamp));
  __builtin_prefetch(ahead);
  const xdp_desc& frame = received_.entries[next_++ & received_.mask];
  // Or it would seem to be that of a later packet in the same frame.
  stamp_of(frame.addr).mark = 0;
  packet.bytes = {frames_.at(frame.addr), frame.len};
  packet.wire_len = frame.len;
  packet.link_type = static_cast<uint16_t>(LinkType::kEthernet);
  packet.stripped_vlan = kNoVlan;
}

// The kernel finds the frame by any address in it.
void XdpSocket::give_back() {
  if (given_ == next_) return;
  for (; given_ != next_; given_++)
    fill_.entries[filled_++ & fill_.mask] = received_.entries[given_ & received_.mask].addr;
  __atomic_store_n(fill_.producer, filled_, __ATOMIC_RELEASE);
  __atomic_store_n(received_.consumer, given_, __ATOMIC_RELEASE);
}

void XdpSocket::wake() {
  if ((__atomic_load_n(fill_.flags, __ATOMIC_RELAXED) & XDP_RING_NEED_WAKEUP) == 0) return;
  ::recvfrom(number(), nullptr, 0, MSG_DONTWAIT, nullptr, nullptr);
}

}  // namespace rtpsonde

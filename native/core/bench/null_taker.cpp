// The yardstick: walks the blocks of the same kind of ring, reads the header of each packet
// (one cache line, asked for ahead as in PacketRing::take) and nothing else.
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "core/base/error.h"
#include "core/bench/plain_consumer.h"
#include "core/capture/af_packet_filter.h"
#include "core/capture/packet_ring.h"

namespace rtpsonde::bench {
namespace {

constexpr size_t kLookAhead = 1024;

class NullTaker : public PacketTaker {
 public:
  explicit NullTaker(const AfPacketOptions& capture) : capture_(capture) {}
  ~NullTaker() override {
    if (socket_ >= 0) ::close(socket_);
  }

  void open() override {
    socket_ = ::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
    if (socket_ < 0) refused("a packet socket");
    const int version = TPACKET_V3, on = 1;
    set(SOL_PACKET, PACKET_VERSION, version);
    set(SOL_PACKET, PACKET_IGNORE_OUTGOING, on);
    std::vector<sock_filter> filter = capture_filter(capture_.snap_length, capture_.udp_only);
    set(SOL_SOCKET, SO_ATTACH_FILTER, sock_fprog{static_cast<unsigned short>(filter.size()), filter.data()});
    ring_.map(socket_, ring_shape(capture_.ring_bytes, capture_.block_bytes, available_memory_bytes()));
    sockaddr_ll address{};
    address.sll_family = AF_PACKET;
    address.sll_protocol = htons(ETH_P_ALL);
    address.sll_ifindex = static_cast<int>(::if_nametoindex(capture_.interface.c_str()));
    if (::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) refused("to bind");
  }

  bool take(int timeout_ms, ConsumerStats& stats) override {
    if (!ring_.next_block()) {
      pollfd waiting{socket_, POLLIN, 0};
      ::poll(&waiting, 1, timeout_ms);
      if (!ring_.next_block()) return false;
    }
    const uint8_t* at = ring_.next();
    for (size_t i = ring_.in_hand(); i > 0; i--) {
      __builtin_prefetch(at + kLookAhead);
      const auto& frame = *reinterpret_cast<const tpacket3_hdr*>(at);
      seen_ += frame.tp_snaplen;
      at += frame.tp_next_offset;
    }
    stats.packets += ring_.in_hand();
    return true;
  }

  void look(ConsumerStats& stats) override {
    tpacket_stats_v3 since{};
    socklen_t size = sizeof since;
    if (::getsockopt(socket_, SOL_PACKET, PACKET_STATISTICS, &since, &size) != 0) return;
    stats.kernel_packets += since.tp_packets;
    stats.kernel_drops += since.tp_drops;
  }

 private:
  [[noreturn]] static void refused(const char* what) {
    throw Error("ERR_CAPTURE_SOCKET",
                std::string("the kernel refused ") + what + ": " + std::generic_category().message(errno));
  }
  template <typename Value>
  void set(int level, int option, const Value& value) {
    if (::setsockopt(socket_, level, option, &value, sizeof value) != 0)
      refused("an option of the packet socket");
  }

  const AfPacketOptions capture_;
  int socket_ = -1;
  PacketRing ring_;
  uint64_t seen_ = 0;  // octets: what is read is used
};

}  // namespace

std::unique_ptr<PacketTaker> make_null_taker(const AfPacketOptions& capture) {
  return std::make_unique<NullTaker>(capture);
}

}  // namespace rtpsonde::bench

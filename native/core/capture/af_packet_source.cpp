// See af_packet_source.h.
#include "core/capture/af_packet_source.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <system_error>

#include "core/base/error.h"
#include "core/capture/af_packet_filter.h"
#include "core/capture/network_interface.h"

namespace rtpsonde {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// How far behind the clock the packets surely are that an empty ring has not
// shown yet: a block that is not full is kept for the retire time, which the
// kernel's timer may double, and the soft interrupt takes its time as well.
constexpr int64_t kBehindNs = 50'000'000;
constexpr auto kBetweenSearches = milliseconds(1000);
constexpr auto kBetweenLooks = milliseconds(1000);  // at files of the kernel

int64_t wall_clock_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

std::string os_says(int error) { return std::generic_category().message(error); }

int packet_socket() {
  // Protocol 0: nothing is received until bind() names one.
  const int socket = ::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
  if (socket >= 0) return socket;
  if (errno == EPERM || errno == EACCES) {
    throw Error(
        "ERR_CAPTURE_PERMISSION",
        "capturing needs the right CAP_NET_RAW; start through the systemd unit, which gives it, or as "
        "root, or give it with: setcap cap_net_raw+ep $(readlink -f $(which node))");
  }
  throw Error("ERR_CAPTURE_SOCKET", "no packet socket: " + os_says(errno));
}

}  // namespace

AfPacketSource::AfPacketSource(AfPacketOptions options) : options_(std::move(options)) {}

AfPacketSource::~AfPacketSource() {
  if (socket_ >= 0) ::close(socket_);
}

void AfPacketSource::open() {
  const int index = ethernet_index(options_.interface);
  make_socket();
  if (options_.counts_before) softnet_.emplace(options_.interface);
  // Last, so that no packet comes in that the filter has not seen.
  attach(index);
}

// With its ring, and a filter; not bound yet.
void AfPacketSource::make_socket() {
  const RingShape shape = ring_shape(options_.ring_bytes, options_.block_bytes, available_memory_bytes());
  socket_ = packet_socket();
  set_option(PACKET_VERSION, TPACKET_V3, "PACKET_VERSION TPACKET_V3");
  set_option(PACKET_IGNORE_OUTGOING, 1, "PACKET_IGNORE_OUTGOING");
  // In a group nothing is let through until all have joined.
  if (!set_filter(socket_, options_.fanout ? closed_filter() : filter())) {
    throw Error("ERR_CAPTURE_SOCKET", "the kernel refused SO_ATTACH_FILTER: " + os_says(errno));
  }
  ring_.emplace().map(socket_, shape);
}

void AfPacketSource::set_option(int option, int value, const char* name) {
  if (::setsockopt(socket_, SOL_PACKET, option, &value, sizeof value) != 0) {
    throw Error("ERR_CAPTURE_SOCKET",
                std::string("the kernel refused ") + name + " (Linux 4.20 is needed): " + os_says(errno));
  }
}

// In a group PACKET_IGNORE_OUTGOING of the socket has no effect.
std::vector<sock_filter> AfPacketSource::filter() const {
  return capture_filter(options_.snap_length, options_.udp_only, options_.fanout != nullptr);
}

void AfPacketSource::attach(int index) {
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(ETH_P_ALL);
  address.sll_ifindex = index;
  if (::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw Error("ERR_CAPTURE_INTERFACE", "cannot capture on " + options_.interface + ": " + os_says(errno));
  }
  index_ = index;
  if (options_.fanout) options_.fanout->join(socket_, index, filter());
  if (!options_.promiscuous) return;
  packet_mreq membership{};
  membership.mr_ifindex = index;
  membership.mr_type = PACKET_MR_PROMISC;
  if (::setsockopt(socket_, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &membership, sizeof membership) != 0) {
    throw Error("ERR_CAPTURE_SOCKET",
                "the kernel refused promiscuous mode on " + options_.interface + ": " + os_says(errno));
  }
}

ReadStatus AfPacketSource::read(PacketBatch& batch, int timeout_ms) {
  batch.count = 0;
  Clock::time_point deadline{};
  for (bool waited = false;; waited = true) {
    if (ring_->in_hand() > 0) {
      ring_->take(batch);
      return ReadStatus::kPackets;
    }
    // First the clock, then the ring: what came in before is in the ring.
    const int64_t now_ns = wall_clock_ns();
    if (ring_->next_block()) continue;
    idle_now_ns_ = now_ns - kBehindNs;
    const auto now = Clock::now();
    if (!waited) deadline = now + milliseconds(std::max(timeout_ms, 0));
    const auto left = std::chrono::ceil<milliseconds>(deadline - now).count();
    if (left <= 0) return ReadStatus::kIdle;
    if (link_faults_ > 0) look_for_interface();
    wait(static_cast<int>(left));
  }
}

void AfPacketSource::wait(int timeout_ms) {
  pollfd waiting{socket_, POLLIN, 0};
  if (::poll(&waiting, 1, timeout_ms) > 0 && (waiting.revents & POLLERR) != 0) note_fault();
}

// The interface went down, perhaps for good. The kernel takes the socket up
// again when it comes back up, so there is nothing to do but wait.
void AfPacketSource::note_fault() {
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(socket_, SOL_SOCKET, SO_ERROR, &error, &size);
  link_faults_++;
  if (link_faults_ > 1) return;
  problems_.push_back(error == ENETDOWN || error == ENODEV
                          ? "network interface " + options_.interface + " is or was down; waiting for it"
                          : "the packet socket on " + options_.interface + " reported: " + os_says(error));
}

// An interface that was removed and made anew has another index, and the
// socket is not bound to it.
void AfPacketSource::look_for_interface() {
  const auto now = Clock::now();
  if (now < next_search_) return;
  next_search_ = now + kBetweenSearches;
  const auto index = static_cast<int>(::if_nametoindex(options_.interface.c_str()));
  if (index == 0 || index == index_) return;
  try {
    if (options_.fanout) {
      // A socket leaves its group only by being closed.
      note_kernel();
      ring_.reset();
      ::close(socket_);
      socket_ = -1;
      make_socket();
    }
    attach(index);
  } catch (const Error&) {
    index_ = 0;  // gone again meanwhile: the next search is in a second
    if (!ring_ || socket_ < 0) throw;
  }
}

std::vector<std::string> AfPacketSource::problems() {
  std::vector<std::string> all = problems_;
  if (options_.fanout) {
    if (const std::string problem = options_.fanout->problem(); !problem.empty()) all.push_back(problem);
  }
  return all;
}

void AfPacketSource::note_kernel() {
  // Reading sets the kernel's numbers to zero.
  tpacket_stats_v3 since{};
  socklen_t size = sizeof since;
  if (::getsockopt(socket_, SOL_PACKET, PACKET_STATISTICS, &since, &size) == 0) {
    stats_.kernel_packets += since.tp_packets;
    stats_.kernel_drops += since.tp_drops;
    stats_.kernel_freezes += since.tp_freeze_q_cnt;
  }
}

SourceStats AfPacketSource::stats() {
  note_kernel();
  if (const auto now = Clock::now(); softnet_ && now >= next_look_) {
    next_look_ = now + kBetweenLooks;
    stats_.before = softnet_->read();
  }
  return stats_;
}

}  // namespace rtpsonde

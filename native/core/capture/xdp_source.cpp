// See xdp_source.h.
#include "core/capture/xdp_source.h"

#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <thread>

#include "core/base/error.h"
#include "core/capture/fanout.h"
#include "core/capture/interface_use.h"
#include "core/capture/live_time.h"
#include "core/capture/network_interface.h"
#include "core/capture/packet_socket.h"

namespace rtpsonde {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// Being woken for each packet costs more than measuring it; so packets are given this long to gather.
constexpr auto kGathering = std::chrono::microseconds(500);
// To take over an interface that could not be taken over again.
constexpr auto kBetweenTries = milliseconds(250);

std::string os_says(int error) { return std::generic_category().message(error); }

XdpCounts operator+(XdpCounts a, const XdpCounts& b) {
  a.seen += b.seen;
  a.dropped += b.dropped;
  a.without_frame += b.without_frame;
  a.without_socket += b.without_socket;
  return a;
}

}  // namespace

XdpSource::XdpSource(XdpOptions options)
    : options_(std::move(options)), link_(options_.interface, true, true) {}

void XdpSource::open() {
  const int index = ethernet_index(options_.interface);
  if (const std::string use = use_of_interface(options_.interface); !use.empty() && !options_.take_over) {
    throw Error("ERR_CAPTURE_XDP",
                "network interface " + options_.interface + " " + use +
                    ", and AF_XDP would take all its packets away from this machine; capture with "
                    "`method: packet`, on an interface that is for the mirror port alone, or say "
                    "`takeOver: true`");
  }
  link_.open();
  begin(index);
  link_.look();
}

void XdpSource::begin(int index) {
  watch_interface(index);
  capture_ = std::make_unique<XdpCapture>(options_, static_cast<uint32_t>(index));
  stats_.method = capture_->method();
  for (const std::string& remark : capture_->remarks()) {
    if (std::ranges::find(link_.problems(), remark) == link_.problems().end()) link_.add_problem(remark);
  }
  index_ = index;
  link_.bound(index);
  stale_ = false;
  told_without_socket_ = 0;
}

// An AF_XDP socket is not told when the interface goes down; a packet socket is, when it is bound with a
// protocol. Its filter lets nothing through.
void XdpSource::watch_interface(int index) {
  guard_ = FileDescriptor(make_packet_socket());
  attach_filter(guard_.number(), closed_filter());
  if (!bind_packet_socket(guard_.number(), ETH_P_LOOPBACK, index)) {
    throw Error("ERR_CAPTURE_INTERFACE", "cannot watch " + options_.interface + ": " + os_says(errno));
  }
  if (options_.promiscuous && !ask_promiscuous(guard_.number(), PACKET_ADD_MEMBERSHIP, index)) {
    throw Error("ERR_CAPTURE_SOCKET",
                "the kernel refused promiscuous mode on " + options_.interface + ": " + os_says(errno));
  }
}

// What is in the rings still will not be taken.
void XdpSource::end() {
  if (!capture_) return;
  capture_->detach();
  XdpCounts counts = capture_->counts();
  for (XdpSocket& socket : capture_->sockets()) {
    socket.look();
    counts.dropped += socket.in_hand();
  }
  past_ = past_ + counts;
  capture_.reset();
}

ReadStatus XdpSource::read(PacketBatch& batch, int timeout_ms) {
  batch.count = 0;
  if (capture_) {
    for (XdpSocket& socket : capture_->sockets()) socket.give_back();
  }
  Clock::time_point deadline{};
  for (bool waited = false;; waited = true) {
    if (stale_ && Clock::now() >= next_try_) [[unlikely]]
      follow_name();
    if (look()) {
      take(batch);
      return ReadStatus::kPackets;
    }
    if (link_.successor_waits()) [[unlikely]]
      follow_name();
    // First the clock, then the rings: what came in before is in them.
    const int64_t now_ns = clock_.follow();
    if (look()) continue;
    idle_now_ns_ = now_ns - kBehind_ns;
    const auto now = Clock::now();
    if (!waited) deadline = now + milliseconds(std::max(timeout_ms, 0));
    const auto left = std::chrono::ceil<milliseconds>(deadline - now).count();
    if (left <= 0) return ReadStatus::kIdle;
    if (link_.look_due(now)) link_.look();
    if (link_.successor_waits()) continue;
    wait(static_cast<int>(left));
    waited_ns_ += (Clock::now() - now) / std::chrono::nanoseconds(1);
  }
}

// Whether there is a packet in any ring.
bool XdpSource::look() {
  if (!capture_) return false;
  bool any = false;
  for (XdpSocket& socket : capture_->sockets()) any |= socket.in_hand() > 0 || socket.look();
  return any;
}

// The socket whose next packet came first, so that those of all queues are in order of time.
XdpSocket* XdpSource::oldest() {
  XdpSocket* first = nullptr;
  uint64_t first_ns = 0;
  for (XdpSocket& socket : capture_->sockets()) {
    if (socket.in_hand() == 0 && !socket.look()) continue;
    const uint64_t stamp_ns = socket.next_stamp_ns();
    if (first != nullptr && stamp_ns >= first_ns) continue;
    first = &socket;
    first_ns = stamp_ns;
  }
  return first;
}

void XdpSource::take(PacketBatch& batch) {
  const int64_t now_ns = clock_.follow();
  size_t stamped = 0;
  while (batch.count < PacketBatch::kCapacity) {
    XdpSocket* const socket = oldest();
    if (socket == nullptr) break;
    const uint64_t stamp_ns = socket->next_stamp_ns();
    const bool has_stamp = stamp_ns != 0;
    PacketView& packet = batch.packets[batch.count++];
    socket->take(packet);
    packet.ts_ns = has_stamp ? clock_.wall_ns(stamp_ns) : now_ns;
    stamped += has_stamp;
    stats_.time_switches += has_stamp != stamped_before_;
    stamped_before_ = has_stamp;
  }
  stats_.kernel_times += stamped;
  stats_.reader_times += batch.count - stamped;
  batch.outage = link_.captured(batch.packets[0].ts_ns);
  just_took_ = true;
}

void XdpSource::wait(int timeout_ms) {
  constexpr size_t kMostPolled = 257;
  pollfd waiting[kMostPolled];
  waiting[0] = {guard_.number(), POLLIN, 0};
  size_t count = 1;
  if (capture_) {
    for (XdpSocket& socket : capture_->sockets()) {
      socket.wake();
      if (count < kMostPolled) waiting[count++] = {socket.number(), POLLIN, 0};
    }
  }
  if (just_took_) {
    just_took_ = false;
    std::this_thread::sleep_for(kGathering);
    return;
  }
  if (::poll(waiting, count, timeout_ms) > 0 && (waiting[0].revents & POLLERR) != 0) note_fault();
}

void XdpSource::note_fault() {
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(guard_.number(), SOL_SOCKET, SO_ERROR, &error, &size);
  link_.fell();
  link_.look();
}

// As with AF_PACKET, the name in the configuration is what counts; also when the interface has other queues
// now.
void XdpSource::follow_name() {
  link_.let_successor_wait();
  end();
  try {
    begin(ethernet_index(options_.interface));
    link_.look();
  } catch (const Error&) {
    // Gone again meanwhile, or still held by the kernel.
    stale_ = true;
    next_try_ = Clock::now() + kBetweenTries;
  }
  link_.tell_name();
}

void XdpSource::note_queues(uint64_t without_socket) {
  told_without_socket_ = without_socket;
  if (capture_->queues_changed()) {
    stale_ = true;
  } else if (!queues_told_) {
    queues_told_ = true;
    link_.add_problem(
        "network interface " + options_.interface +
        " receives packets on more queues than its driver tells; these are dropped and counted as "
        "kernelDrops");
  }
}

// Of the fullest queue.
Backlog XdpSource::backlog() {
  Backlog all{.waited_ns = waited_ns_};
  if (!capture_) return all;
  for (const XdpSocket& socket : capture_->sockets()) all.fill = std::max(all.fill, socket.fill());
  all.drops = (past_ + capture_->counts()).dropped;
  return all;
}

SourceStats XdpSource::stats() {
  if (index_ == 0) return stats_;
  if (link_.look_due(Clock::now())) link_.look();  // on a busy link read() never comes to it
  link_.fill(stats_);
  const XdpCounts now = capture_ ? capture_->counts() : XdpCounts{};
  if (now.without_socket > told_without_socket_) [[unlikely]]
    note_queues(now.without_socket);
  const XdpCounts all = past_ + now;
  stats_.kernel_packets = all.seen;
  stats_.kernel_drops = all.dropped;
  stats_.kernel_freezes = all.without_frame;
  return stats_;
}

}  // namespace rtpsonde

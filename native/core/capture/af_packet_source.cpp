// See af_packet_source.h.
#include "core/capture/af_packet_source.h"

#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/net_tstamp.h>
#include <net/if.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "core/base/error.h"
#include "core/capture/af_packet_filter.h"
#include "core/capture/live_filter.h"
#include "core/capture/live_time.h"
#include "core/capture/network_interface.h"
#include "core/capture/packet_socket.h"
#include "core/capture/waiting.h"

namespace rtpsonde {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

std::string os_says(int error) { return std::generic_category().message(error); }

}  // namespace

AfPacketSource::AfPacketSource(AfPacketOptions options)
    : options_(std::move(options)),
      link_(options_.interface, options_.tells_of_interface, options_.tells_of_machine),
      time_giver_(options_.interface) {}

AfPacketSource::~AfPacketSource() {
  if (options_.fanout) options_.fanout->leave(options_.member);
  if (socket_ >= 0) ::close(socket_);
}

void AfPacketSource::open() {
  const int index = ethernet_index(options_.interface);
  filter_ = make_filter();
  make_socket();
  link_.open();
  if (options_.timestamps != TimestampMode::kKernel) ask_for_hardware_time();
  // Last, so that no packet comes in that the filter has not seen.
  attach(index);
  look();
}

// With its ring, and a filter; not bound yet.
void AfPacketSource::make_socket() {
  const RingShape shape = ring_shape(options_.ring_bytes, options_.block_bytes, available_memory_bytes());
  socket_ = make_packet_socket();
  set_option(PACKET_VERSION, TPACKET_V3, "PACKET_VERSION TPACKET_V3");
  set_option(PACKET_IGNORE_OUTGOING, 1, "PACKET_IGNORE_OUTGOING");
  // In a group nothing is let through until all have joined.
  attach_filter(socket_, options_.fanout ? closed_filter() : filter_);
  ring_ = std::make_unique<PacketRing>();
  ring_->map(socket_, shape);
  if (options_.busy_poll_us > 0) ask_for_busy_polling();
}

// What a kernel refuses is said once; read() polls the ring by itself all the same.
void AfPacketSource::ask_for_busy_polling() {
  const std::string refused = rtpsonde::ask_for_busy_polling(socket_, options_.busy_poll_us);
  if (refused.empty() || busy_polling_told_) return;
  busy_polling_told_ = true;
  link_.add_problem("network interface " + options_.interface + ": " + refused +
                    "; the capture ring is polled without it");
}

void AfPacketSource::set_option(int option, int value, const char* name) {
  if (::setsockopt(socket_, SOL_PACKET, option, &value, sizeof value) != 0) {
    throw Error("ERR_CAPTURE_SOCKET",
                std::string("the kernel refused ") + name + " (Linux 4.20 is needed): " + os_says(errno));
  }
}

// In a group PACKET_IGNORE_OUTGOING of the socket has no effect.
FilterProgram AfPacketSource::make_filter() const {
  const FilterProgram own =
      capture_filter(options_.snap_length, options_.udp_only, options_.fanout != nullptr);
  return options_.filter.empty() ? own : live_filter(options_.filter, own);
}

void AfPacketSource::attach(int index) {
  if (index_ != 0) ask_promiscuous(socket_, PACKET_DROP_MEMBERSHIP, index_);
  if (!bind_packet_socket(socket_, ETH_P_ALL, index)) {
    throw Error("ERR_CAPTURE_INTERFACE", "cannot capture on " + options_.interface + ": " + os_says(errno));
  }
  index_ = index;
  if (options_.fanout) options_.fanout->join(options_.member, socket_, index, filter_);
  link_.bound(index);
  if (options_.promiscuous && !ask_promiscuous(socket_, PACKET_ADD_MEMBERSHIP, index)) {
    throw Error("ERR_CAPTURE_SOCKET",
                "the kernel refused promiscuous mode on " + options_.interface + ": " + os_says(errno));
  }
}

ReadStatus AfPacketSource::read(PacketBatch& batch, int timeout_ms) {
  batch.count = 0;
  Clock::time_point deadline{};
  for (bool waited = false;; waited = true) {
    if (ring_->in_hand() > 0) {
      take(batch);
      return ReadStatus::kPackets;
    }
    if (link_.successor_waits()) [[unlikely]]
      follow_name();
    // First the clock, then the ring: what came in before is in the ring.
    const int64_t now_ns = wall_clock_ns();
    if (ring_->next_block()) continue;
    idle_now_ns_ = now_ns - kBehind_ns;
    const auto now = Clock::now();
    if (!waited) deadline = now + milliseconds(std::max(timeout_ms, 0));
    if (link_.look_due(now)) look();
    if (link_.successor_waits()) continue;
    const auto left = std::chrono::ceil<milliseconds>(deadline - now).count();
    if (left <= 0) return ReadStatus::kIdle;
    LiveSource* const self = this;
    waited_ns_ += wait_for_packets({&self, 1}, static_cast<int>(left), options_.busy_poll_us);
  }
}

void AfPacketSource::take(PacketBatch& batch) {
  const size_t hardware = ring_->take(batch, options_.id);
  const int64_t first_ns = batch.packets[0].ts_ns;
  batch.outage = link_.captured(first_ns);
  batch.outage.interface = options_.id;
  // The clock is asked only where the card's time has to be held against it.
  const int64_t now_ns = hardware > 0 && time_giver_.compares() ? wall_clock_ns() : 0;
  if (!time_giver_.note(batch.count, hardware, first_ns, now_ns)) [[likely]]
    return;
  set_option(PACKET_TIMESTAMP, 0, "PACKET_TIMESTAMP");
  link_.add_problem(time_giver_.reason());
}

void AfPacketSource::ask_for_hardware_time() {
  if (hardware_time_.ask(options_.interface)) {
    set_option(PACKET_TIMESTAMP, SOF_TIMESTAMPING_RAW_HARDWARE, "PACKET_TIMESTAMP");
    return time_giver_.asked();
  }
  const std::string why =
      "no hardware time stamps on network interface " + options_.interface + ": " + hardware_time_.refusal();
  if (options_.timestamps == TimestampMode::kHardware) throw Error("ERR_CAPTURE_TIMESTAMPS", why);
  if (hardware_time_.possible()) link_.add_problem(why);
}

// The kernel takes the socket up again when the interface comes back up; one that was made anew
// has to be found.
void AfPacketSource::on_fault() {
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(socket_, SOL_SOCKET, SO_ERROR, &error, &size);
  link_.fell();
  look();
  if (error != ENETDOWN && error != ENODEV && !link_.has_problems())
    link_.add_problem("the packet socket on " + options_.interface + " reported: " + os_says(error));
}

void AfPacketSource::look() {
  if (options_.fanout) link_.hold(!options_.fanout->complete(index_));
  link_.look();
}

// The name in the configuration is what counts. A renamed interface is captured on only
// until another one has the name. Not while packets of the ring are in use.
void AfPacketSource::follow_name() {
  link_.let_successor_wait();
  try {
    const int index = ethernet_index(options_.interface);
    if (options_.fanout) {
      // A socket leaves its group only by being closed.
      note_kernel();
      ring_.reset();
      options_.fanout->leave(options_.member);
      ::close(socket_);
      socket_ = -1;
      index_ = 0;
      make_socket();
    }
    attach(index);
    look();
    if (options_.timestamps != TimestampMode::kKernel) ask_for_hardware_time();
  } catch (const Error&) {
    // Gone again meanwhile, or not Ethernet: looked at again soon.
    if (!ring_ || socket_ < 0) throw;
  }
  link_.tell_name();
}

std::vector<std::string> AfPacketSource::problems() {
  std::vector<std::string> all = link_.problems();
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

Backlog AfPacketSource::backlog() {
  note_kernel();
  return {ring_ ? ring_->fill() : 0, stats_.kernel_drops, waited_ns_};
}

SourceStats AfPacketSource::stats() {
  note_kernel();
  if (socket_ >= 0) {
    if (link_.look_due(Clock::now())) look();  // on a busy link read() never comes to it
    link_.fill(stats_);
  }
  stats_.method = CaptureMethod::kPacket;
  stats_.hardware_times = time_giver_.hardware();
  stats_.kernel_times = time_giver_.kernel();
  if (ring_) stats_.time_switches = ring_->time_switches();
  return stats_;
}

}  // namespace rtpsonde

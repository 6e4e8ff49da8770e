// See xdp_capture.h.
#include "core/capture/xdp_capture.h"

#include <linux/if_link.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <chrono>
#include <system_error>
#include <thread>

#include "core/base/error.h"
#include "core/capture/packet_ring.h"

namespace rtpsonde {
namespace {

// Ethernet header and two tags come on top of the MTU.
constexpr uint32_t kLinkHeader = 14 + 2 * 4;
constexpr uint32_t kSmallFrame = 2048, kLargeFrame = 4096;
// Of each queue, whatever the configuration says.
constexpr uint32_t kFewestFrames = 256;
constexpr uint32_t kMostQueues = 256;
// A queue that was given back is free a moment later.
constexpr auto kMostWait = std::chrono::milliseconds(1000);
constexpr auto kBetweenTries = std::chrono::milliseconds(20);

std::string os_says(int error) { return std::generic_category().message(error); }

void check(bool accepted, const char* what) {
  if (accepted) return;
  const int error = bpf_error();
  if (error == EPERM || error == EACCES) xdp_not_permitted();
  throw Error("ERR_CAPTURE_XDP", std::string("the kernel refused ") + what +
                                     " for AF_XDP (Linux 5.9 is needed): " + os_says(error));
}

uint32_t queues_of(const InterfaceReport& report) {
  return report.channels ? std::clamp(report.channels->rx + report.channels->combined, 1U, kMostQueues) : 1;
}

XdpShape shape_for(const XdpOptions& options, const InterfaceReport& report, uint32_t queues) {
  XdpShape shape{0, kSmallFrame};
  if (static_cast<uint32_t>(report.mtu) + kLinkHeader > shape.longest_packet())
    shape.frame_bytes = kLargeFrame;
  shape.frames = std::max(kFewestFrames, std::bit_floor(options.ring_bytes / queues / shape.frame_bytes));
  if (shape.bytes() * queues > available_memory_bytes()) {
    throw Error("ERR_CAPTURE_RING",
                "frames of AF_XDP for " + std::to_string(queues) + " receive queues take " +
                    std::to_string(shape.bytes() * queues >> 20) + " MiB, more than the memory that is free");
  }
  return shape;
}

}  // namespace

XdpCapture::XdpCapture(const XdpOptions& options, uint32_t interface_index)
    : options_(options), index_(interface_index) {
  const InterfaceReport report = read_interface(options.interface);
  queues_ = queues_of(report);
  shape_ = shape_for(options, report, queues_);
  load();
  take_over_interface();
  remark_on(report);
}

void XdpCapture::load() {
  check(counters_.make(sizeof(XdpCounters), queues_ + 1), "an eBPF map");
  socket_map_ = make_bpf_map(BPF_MAP_TYPE_XSKMAP, sizeof(uint32_t), queues_);
  check(socket_map_.valid(), "a map of sockets");
  program_ = load_xdp_program(xdp_program(socket_map_.number(), counters_.map(), queues_, options_.stamps));
  check(program_.valid(), "an XDP program");
}

void XdpCapture::make_sockets(uint16_t flags) {
  sockets_.clear();
  const auto deadline = std::chrono::steady_clock::now() + kMostWait;
  for (uint32_t queue = 0; queue < queues_; queue++) {
    XdpSocket& socket = sockets_.emplace_back(shape_);
    int error = socket.bind(index_, queue, flags);
    while (error == EBUSY && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(kBetweenTries);
      error = socket.bind(index_, queue, flags);
    }
    if (error != 0) {
      const bool zero_copy = (flags & XDP_ZEROCOPY) != 0;
      throw Error("ERR_CAPTURE_XDP",
                  "the kernel refused AF_XDP " + std::string(zero_copy ? "without copying " : "") +
                      "on receive queue " + std::to_string(queue) + " of " + options_.interface + ": " +
                      (error == EBUSY ? "another AF_XDP socket has it" : os_says(error)));
    }
    check(set_bpf_element(socket_map_.number(), queue, static_cast<uint32_t>(socket.number())),
          "a socket in its map");
  }
}

// The sockets come first, so that the first packet finds one.
void XdpCapture::take_over_interface() {
  std::string why;
  if (options_.mode != XdpMode::kGeneric) {
    make_sockets(options_.copy == XdpCopy::kZeroCopy ? XDP_ZEROCOPY
                 : options_.copy == XdpCopy::kCopy   ? XDP_COPY
                                                     : 0);
    native_ = attach(XDP_FLAGS_DRV_MODE);
    if (native_) return;
    why = "the driver of " + options_.interface + " refuses native XDP: " + os_says(bpf_error());
    if (options_.mode == XdpMode::kNative || options_.copy == XdpCopy::kZeroCopy)
      throw Error("ERR_CAPTURE_XDP", why);
    remarks_.push_back(why + "; generic XDP is used, which is slower");
  }
  // The memory of a driver is of no use behind it.
  const bool copies = std::ranges::none_of(sockets_, [](const XdpSocket& one) { return one.zero_copy(); });
  if (sockets_.empty() || !copies) make_sockets(XDP_COPY);
  if (attach(XDP_FLAGS_SKB_MODE)) return;
  throw Error("ERR_CAPTURE_XDP",
              "the kernel refuses generic XDP on " + options_.interface + ": " + os_says(bpf_error()));
}

// False, and bpf_error(), when this mode is refused.
bool XdpCapture::attach(uint32_t mode) {
  link_ = attach_xdp_program(program_.number(), index_, mode);
  if (link_.valid()) return true;
  const int error = bpf_error();
  if (error == EPERM || error == EACCES) xdp_not_permitted();
  if (error != EBUSY && error != EEXIST) return false;
  throw Error("ERR_CAPTURE_XDP", "network interface " + options_.interface +
                                     " has an XDP program already, perhaps of another capture; to see it: ip "
                                     "link show " +
                                     options_.interface +
                                     "; to remove it, where nobody needs it: ip link set " +
                                     options_.interface + " xdp off");
}

void XdpCapture::remark_on(const InterfaceReport& report) {
  const uint32_t longest = static_cast<uint32_t>(std::max(report.mtu, 0)) + kLinkHeader;
  if (longest > shape_.longest_packet()) {
    remarks_.push_back("network interface " + options_.interface + " may receive packets of " +
                       std::to_string(longest) + " octets; those of more than " +
                       std::to_string(shape_.longest_packet()) + " are dropped and counted as kernelDrops");
  }
  for (const InterfaceReport::Feature& feature : report.features) {
    if (feature.name != "rx-vlan-hw-parse" || !feature.active) continue;
    remarks_.push_back("network interface " + options_.interface +
                       " takes VLAN tags out of packets (rxvlan), and AF_XDP is not told of them; to keep "
                       "them: ethtool -K " +
                       options_.interface + " rxvlan off");
  }
}

bool XdpCapture::queues_changed() const { return queues_of(read_interface(options_.interface)) != queues_; }

CaptureMethod XdpCapture::method() const {
  if (!native_) return CaptureMethod::kXdpGeneric;
  const bool zero_copy = std::ranges::all_of(sockets_, [](const XdpSocket& one) { return one.zero_copy(); });
  return zero_copy ? CaptureMethod::kXdpZeroCopy : CaptureMethod::kXdpNative;
}

// The drops first: what is seen meanwhile is then not taken for lost.
XdpCounts XdpCapture::counts() const {
  XdpCounts all;
  for (const XdpSocket& socket : sockets_) {
    const xdp_statistics one = socket.statistics();
    all.dropped += one.rx_dropped + one.rx_ring_full;
    all.without_frame += one.rx_fill_ring_empty_descs;
  }
  const auto* const counters = static_cast<const XdpCounters*>(counters_.get());
  for (uint32_t i = 0; i <= queues_; i++) {
    all.without_socket += __atomic_load_n(&counters[i].without, __ATOMIC_RELAXED);
    all.seen += __atomic_load_n(&counters[i].packets, __ATOMIC_RELAXED);
  }
  all.dropped += all.without_socket;
  return all;
}

}  // namespace rtpsonde

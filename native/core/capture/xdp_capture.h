// AF_XDP on one interface: the program, and a socket for each receive queue. Ends with the
// object; an interface that was made anew wants a new one.
#pragma once

#include <string>
#include <vector>

#include "core/capture/bpf.h"
#include "core/capture/interface_report.h"
#include "core/capture/xdp_socket.h"

namespace rtpsonde {

enum class XdpMode : uint8_t {
  kAuto,     // native; generic where the driver refuses that
  kNative,   // in the driver
  kGeneric,  // behind it, before the network stack
};

enum class XdpCopy : uint8_t {
  kAuto,      // zero-copy where the driver has it
  kZeroCopy,  // or not at all
  kCopy,
};

// Complete as it comes from the configuration; see docs/configuration.md.
struct XdpOptions {
  std::string interface;
  uint32_t ring_bytes = 0;  // of all receive queues; rounded down to frames, a power of two for each
  bool promiscuous = false;
  XdpMode mode = XdpMode::kAuto;
  XdpCopy copy = XdpCopy::kAuto;
  // Also on an interface that has addresses or routes: this machine cannot be reached by it meanwhile.
  bool take_over = false;
  bool stamps = true;  // false in tests: as with a driver that has no room for metadata
};

// Packets, since the capture began.
struct XdpCounts {
  uint64_t seen = 0;            // by the program
  uint64_t dropped = 0;         // of these, by the kernel: see SourceStats::kernel_drops
  uint64_t without_frame = 0;   // times that there was no free frame
  uint64_t without_socket = 0;  // among the dropped: of a receive queue without a socket
};

class XdpCapture {
 public:
  // Takes over the interface. Throws Error: ERR_CAPTURE_PERMISSION, ERR_CAPTURE_RING, ERR_CAPTURE_SOCKET,
  // ERR_CAPTURE_XDP when neither of the wished modes is possible, or another program is attached.
  XdpCapture(const XdpOptions& options, uint32_t interface_index);

  CaptureMethod method() const;
  std::vector<XdpSocket>& sockets() { return sockets_; }
  XdpCounts counts() const;
  // The interface has another number of receive queues than when this began.
  bool queues_changed() const;
  // Sentences about what is not as well as it could be.
  const std::vector<std::string>& remarks() const { return remarks_; }
  // Gives the interface back. What came in before can still be taken.
  void detach() { link_.close(); }

 private:
  void load();
  void make_sockets(uint16_t flags);
  void take_over_interface();
  bool attach(uint32_t mode);
  void remark_on(const InterfaceReport& report);

  const XdpOptions options_;
  const uint32_t index_;
  uint32_t queues_ = 1;
  XdpShape shape_;
  SharedBpfArray counters_;  // XdpCounters
  FileDescriptor socket_map_;
  FileDescriptor program_;
  std::vector<XdpSocket> sockets_;
  FileDescriptor link_;  // last, so that the packets go back to the network stack first
  bool native_ = false;
  std::vector<std::string> remarks_;
};

}  // namespace rtpsonde

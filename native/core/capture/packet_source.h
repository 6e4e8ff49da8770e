// Where packets come from. A mirror port, a set of capture files and a list in
// memory all end in the same call, so the same packets give the same numbers.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/bytes.h"
#include "core/capture/softnet.h"

namespace rtpsonde {

// Link types as registered for pcap (LINKTYPE_*), the ones that are decoded.
enum class LinkType : uint16_t {
  kNull = 0,  // BSD loopback, address family in the byte order of the writer
  kEthernet = 1,
  kRawIp = 101,  // also 12 and 14 as written by some systems: sources map them to this
  kLoop = 108,   // OpenBSD loopback, address family in network order
  kLinuxSll = 113,
  kIpv4 = 228,
  kIpv6 = 229,
  kLinuxSll2 = 276,
};

constexpr uint16_t kNoVlan = 0xffff;

// A network interface, by its place in the configuration.
using InterfaceId = uint8_t;
constexpr InterfaceId kMaxInterfaces = 15;
constexpr InterfaceId kNoInterface = 15;  // of packets from files

// One captured packet. The bytes stay valid until the next read() of the source.
struct PacketView {
  int64_t ts_ns = 0;                 // capture time, nanoseconds since the Unix epoch
  Bytes bytes;                       // what was captured, link layer first
  uint32_t wire_len = 0;             // length on the wire; larger than bytes.size when cut
  uint16_t link_type = 1;            // a LinkType value, or one that nobody decodes
  uint16_t stripped_vlan = kNoVlan;  // VLAN id (12 bits) that the NIC took out of the frame
  InterfaceId interface = kNoInterface;
};

// A time at which nothing could be captured: the interface was down or away.
struct Outage {
  int64_t from_ns = 0;
  int64_t to_ns = 0;
  InterfaceId interface = 0;
  bool any() const { return from_ns != 0 || to_ns != 0; }
};

// Packets are handed on in batches so that the engine can look ahead.
struct PacketBatch {
  static constexpr size_t kCapacity = 64;
  PacketView packets[kCapacity];
  size_t count = 0;
  Outage outage;  // before the first of these packets, or of those of its interface
};

// How a live capture is; better before worse.
enum class CaptureState : uint8_t {
  kFile,       // it is none
  kCapturing,  // the interface is up
  kNoCarrier,  // up, but without a cable, or with nothing at its other end
  kDown,
  kGone,  // no interface has its name or its index any more
};

// By which way of the kernel packets come.
enum class CaptureMethod : uint8_t {
  kFile,         // by none
  kPacket,       // AF_PACKET
  kXdpGeneric,   // AF_XDP behind the driver, as AF_PACKET is
  kXdpNative,    // AF_XDP in the driver; packets are copied
  kXdpZeroCopy,  // AF_XDP in the driver, which writes packets into our memory itself
};

enum class ReadStatus {
  kPackets,  // batch.count >= 1
  kIdle,     // nothing within the timeout; a live link is silent
  kEnd,      // no packet will come any more
};

// What the source itself knows of the packets that never reached read().
// All counts since open().
struct SourceStats {
  // Packets the kernel offered, drops included: PACKET_STATISTICS tp_packets; what our XDP program saw.
  uint64_t kernel_packets = 0;
  // Of these, dropped, as the ring was full: tp_drops. AF_XDP: rx_dropped (no free frame, or a packet that is
  // too long for one), rx_ring_full, packets of a receive queue without a socket.
  uint64_t kernel_drops = 0;
  // Times the ring froze: tp_freeze_q_cnt. AF_XDP: times there was no free frame, rx_fill_ring_empty_descs.
  uint64_t kernel_freezes = 0;
  DropsBefore before;        // live: what was lost before the socket
  uint64_t clock_steps = 0;  // live: times the machine's clock was set forward or back
  CaptureState state = CaptureState::kFile;
  CaptureMethod method = CaptureMethod::kFile;
  uint64_t outages = 0;    // times that nothing could be captured
  uint64_t outage_ms = 0;  // how long these were together
  // Packets by who gave their time, and how often that changed from one to the next.
  uint64_t hardware_times = 0;
  uint64_t kernel_times = 0;
  uint64_t reader_times = 0;  // AF_XDP: read() itself, as nobody did before
  uint64_t time_switches = 0;
  uint64_t bytes_read = 0;   // file sources: bytes consumed so far, over all files
  uint64_t bytes_total = 0;  // file sources: size of all files known so far

  // Those of another interface or worker as well: sums, and the worse state.
  void merge(const SourceStats& other);
};

// How near a live source is to losing packets, as its reader does not keep up.
struct Backlog {
  double fill = 0;        // share of the ring that waits to be read, 0..1
  uint64_t drops = 0;     // packets that the kernel dropped since open()
  int64_t waited_ns = 0;  // time that read() has waited for packets since open()
};

class PacketSource {
 public:
  virtual ~PacketSource() = default;

  // Opens sockets or files. Throws rtpsonde::Error with a code when it cannot.
  virtual void open() = 0;

  // Fills the batch. Blocks at most timeout_ms when nothing is there yet; a
  // file never blocks unless it is followed while it grows.
  virtual ReadStatus read(PacketBatch& batch, int timeout_ms) = 0;

  // Cheap enough to be called a few times a second from the reading thread.
  virtual SourceStats stats() = 0;

  // The same for what is looked at more often. Nothing waits in a file.
  virtual Backlog backlog() { return {}; }
  // As they were at the last stats(), for each interface in its order; empty when there is none.
  virtual std::vector<SourceStats> by_interface() const { return {}; }

  // The time that has surely been reached when read() said kIdle, for moving
  // windows on while the link is silent; -1 when only packets tell time.
  virtual int64_t idle_now_ns() = 0;

  // True when the packets come from a live link that will not wait.
  virtual bool live() const = 0;

  // Sentences for people about what went wrong on the way, each once: a file
  // that broke off, with name and byte offset. Called after kEnd or from stats.
  virtual std::vector<std::string> problems() = 0;
};

// A source that can be waited for together with others.
class LiveSource : public PacketSource {
 public:
  bool live() const override { return true; }
  // Becomes readable when read() has something to give, and tells an error when on_fault() is due.
  virtual int descriptor() const = 0;
  virtual void on_fault() = 0;
  // read() would give packets at once. Reads memory alone.
  virtual bool ready() const = 0;
};

}  // namespace rtpsonde

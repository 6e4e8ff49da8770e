// Packets from a network interface, through a TPACKET_V3 ring that is shared
// with the kernel. Linux 4.20 or newer.
#pragma once

#include <memory>
#include <optional>

#include "core/capture/fanout.h"
#include "core/capture/hardware_time.h"
#include "core/capture/live_link.h"
#include "core/capture/packet_ring.h"
#include "core/capture/packet_source.h"
#include "core/capture/time_giver.h"

namespace rtpsonde {

// Complete as it comes from the configuration; see docs/configuration.md.
struct AfPacketOptions {
  std::string interface;
  uint32_t ring_bytes = 0;   // rounded down to whole blocks, at least two
  uint32_t block_bytes = 0;  // a multiple of the page size
  uint32_t snap_length = 0;  // bytes kept of each frame; 0: all
  bool promiscuous = false;  // also frames that are not for us, as on a mirror port
  bool udp_only = false;     // the kernel passes on UDP and IP fragments only
  std::string filter;        // in tcpdump's language; empty: none
  TimestampMode timestamps = TimestampMode::kKernel;
  // The sockets that this one shares the interface with; null when it is alone.
  std::shared_ptr<Fanout> fanout;
  // Whether SourceStats tell what is of the machine and the interface, not of this socket: one of them does.
  bool tells_of_machine = true;
};

class AfPacketSource : public PacketSource {
 public:
  explicit AfPacketSource(AfPacketOptions options);
  ~AfPacketSource() override;

  // Throws Error: ERR_CAPTURE_INTERFACE (missing, or without Ethernet frames),
  // ERR_CAPTURE_PERMISSION, ERR_CAPTURE_RING, ERR_CAPTURE_SOCKET, ERR_CAPTURE_FILTER,
  // ERR_CAPTURE_LIBPCAP, ERR_CAPTURE_TIMESTAMPS, ERR_ENGINE_OPTIONS. An interface that is down is waited for.
  void open() override;
  ReadStatus read(PacketBatch& batch, int timeout_ms) override;
  SourceStats stats() override;
  int64_t idle_now_ns() override { return idle_now_ns_; }
  bool live() const override { return true; }
  std::vector<std::string> problems() override;

 private:
  void set_option(int option, int value, const char* name);
  void make_socket();
  FilterProgram make_filter() const;
  void note_kernel();
  void attach(int index);
  void wait(int timeout_ms);
  void note_fault();
  void follow_name();
  void ask_for_hardware_time();
  void take(PacketBatch& batch);

  AfPacketOptions options_;
  int socket_ = -1;
  int index_ = 0;  // of the interface that the socket is bound to
  FilterProgram filter_;
  LiveLink link_;
  HardwareTime hardware_time_;
  TimeGiver time_giver_;
  std::optional<PacketRing> ring_;
  int64_t idle_now_ns_ = -1;
  SourceStats stats_;
};

}  // namespace rtpsonde

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
  uint32_t busy_poll_us = 0;  // looked for packets before going to sleep; 0: not at all
  InterfaceId id = 0;         // what its packets are marked with
  // The sockets that this one shares the interface with, and which of them it is; null when it is alone.
  std::shared_ptr<Fanout> fanout;
  size_t member = 0;
  // Whether SourceStats tell what is of the interface, and what is of the machine: of all sockets one does.
  bool tells_of_interface = true;
  bool tells_of_machine = true;
};

class AfPacketSource : public LiveSource {
 public:
  explicit AfPacketSource(AfPacketOptions options);
  ~AfPacketSource() override;

  // Throws Error: ERR_CAPTURE_INTERFACE (missing, or without Ethernet frames),
  // ERR_CAPTURE_PERMISSION, ERR_CAPTURE_RING, ERR_CAPTURE_SOCKET, ERR_CAPTURE_FILTER,
  // ERR_CAPTURE_LIBPCAP, ERR_CAPTURE_TIMESTAMPS, ERR_ENGINE_OPTIONS. An interface that is down is waited for.
  void open() override;
  ReadStatus read(PacketBatch& batch, int timeout_ms) override;
  SourceStats stats() override;
  Backlog backlog() override;
  std::vector<SourceStats> by_interface() const override { return {stats_}; }
  int64_t idle_now_ns() override { return idle_now_ns_; }
  int descriptor() const override { return socket_; }
  // The interface went down, perhaps for good, or the socket has another fault.
  void on_fault() override;
  bool ready() const override { return ring_ && (ring_->in_hand() > 0 || ring_->ready()); }
  std::vector<std::string> problems() override;

 private:
  void set_option(int option, int value, const char* name);
  void make_socket();
  FilterProgram make_filter() const;
  void note_kernel();
  void attach(int index);
  void ask_for_busy_polling();
  void look();
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
  std::unique_ptr<PacketRing> ring_;
  bool busy_polling_told_ = false;
  int64_t idle_now_ns_ = -1;
  int64_t waited_ns_ = 0;  // since open()
  SourceStats stats_;
};

}  // namespace rtpsonde

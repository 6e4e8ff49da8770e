// Packets from a network interface through AF_XDP: taken from the driver, or right behind it, before
// the network stack, which does not see them. One reader for all receive queues. Linux 5.9 or newer.
#pragma once

#include <memory>

#include "core/capture/live_link.h"
#include "core/capture/packet_source.h"
#include "core/capture/stamp_clock.h"
#include "core/capture/xdp_capture.h"

namespace rtpsonde {

class XdpSource : public PacketSource {
 public:
  explicit XdpSource(XdpOptions options);

  // Throws Error as XdpCapture does, and ERR_CAPTURE_INTERFACE; ERR_CAPTURE_XDP for an interface that is in
  // use by this machine. An interface that is down is waited for.
  void open() override;
  ReadStatus read(PacketBatch& batch, int timeout_ms) override;
  SourceStats stats() override;
  Backlog backlog() override;
  std::vector<SourceStats> by_interface() const override { return {stats_}; }
  int64_t idle_now_ns() override { return idle_now_ns_; }
  bool live() const override { return true; }
  std::vector<std::string> problems() override { return link_.problems(); }

 private:
  void begin(int index);
  void watch_interface(int index);
  void end();
  bool look();
  XdpSocket* oldest();
  void take(PacketBatch& batch);
  void wait(int timeout_ms);
  void note_fault();
  void note_queues(uint64_t without_socket);
  void follow_name();

  const XdpOptions options_;
  LiveLink link_;
  FileDescriptor
      guard_;  // a packet socket: asks for promiscuous mode, and is told when the interface goes down
  int index_ = 0;
  std::unique_ptr<XdpCapture> capture_;  // null while the interface is away
  StampClock clock_;
  bool just_took_ = false;                            // packets, since it was waited last
  bool stale_ = false;                                // the interface has to be taken over anew
  std::chrono::steady_clock::time_point next_try_{};  // of that
  uint64_t told_without_socket_ = 0;                  // packets of capture_ that were looked into
  bool queues_told_ = false;
  bool stamped_before_ = false;
  int64_t idle_now_ns_ = -1;
  int64_t waited_ns_ = 0;  // since open()
  XdpCounts past_;         // of captures that ended
  SourceStats stats_;
};

}  // namespace rtpsonde

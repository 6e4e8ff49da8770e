// What becomes of the network interface while its packets are captured: it goes down, loses
// its carrier, is renamed, vanishes and comes back. Asks the kernel now and then; told
// by the socket when the interface goes down.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "core/capture/interface_request.h"
#include "core/capture/packet_source.h"

namespace rtpsonde {

class InterfaceWatch {
 public:
  explicit InterfaceWatch(std::string name) : name_(std::move(name)) {}

  // The socket is bound to the interface with this index.
  void bound(int index) { index_ = index; }

  // Nothing comes yet, though the interface is there: others have to join first.
  void hold(bool waits) { held_ = waits; }

  // The socket says that the interface went down; it may be up again by the next look().
  // Times are those of the wall clock.
  void fell(int64_t now_ns);
  // Asks the kernel how the interface is.
  void look(int64_t now_ns);
  // A batch of packets was captured, the first one at this time. Gives the time without
  // capture that lies before it, if there was one.
  Outage captured(int64_t first_ns) {
    if (out_ || pending_.any()) [[unlikely]]
      return back(first_ns);
    last_packet_ns_ = first_ns;
    return {};
  }

  // Index of another interface that has the name now, to be bound to; 0 when there is none.
  int successor() const { return successor_; }
  // The name that the interface has now, when it is another one; else empty.
  const std::string& renamed_to() const { return renamed_to_; }
  CaptureState state() const { return state_; }
  // No packet can come; look() again soon.
  bool out() const { return out_; }
  // Times without capture since the beginning, the one that lasts included.
  uint64_t outages() const { return outages_; }
  uint64_t outage_ms() const { return static_cast<uint64_t>(outage_ns_ / 1'000'000); }

 private:
  CaptureState ask();
  bool has_carrier(const char* name);
  void begin(int64_t now_ns);
  void last_until(int64_t now_ns);
  Outage back(int64_t first_ns);

  std::string name_;
  InterfaceRequest request_;
  int index_ = 0;
  bool held_ = false;
  int successor_ = 0;
  std::string renamed_to_;
  CaptureState state_ = CaptureState::kCapturing;
  bool out_ = false;
  int64_t last_packet_ns_ = 0;
  int64_t last_well_ns_ = 0;  // when the kernel was asked last and all was well
  int64_t noticed_ns_ = 0;    // when the latest outage was
  int64_t counted_ns_ = 0;    // up to where it is in outage_ns_
  Outage pending_;            // for the next batch
  uint64_t outages_ = 0;
  int64_t outage_ns_ = 0;
};

}  // namespace rtpsonde

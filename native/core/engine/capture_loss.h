// What the capture itself has missed, or is suspected to have missed: asks outages.h and
// common_gaps.h and gives the answer to the streams.
#pragma once

#include "core/base/counters.h"
#include "core/engine/meter_item.h"
#include "core/stream/common_gaps.h"
#include "core/stream/outages.h"
#include "core/stream/table.h"

namespace rtpsonde {

class CaptureLoss {
 public:
  CaptureLoss(uint32_t max_streams, StreamTable& table, const HashSeed& seed, Counters& counters);

  // A packet of an accepted stream.
  void received(const MeterItem& item) {
    const Ends ends = ends_of(item);
    gaps_.received(item.datagram.ts_ns, ends.source, ends.destination);
  }
  // Before it so many are missing since `from_ns`.
  void gap(const MeterItem& item, uint32_t row, int64_t from_ns, uint32_t missing);
  // Nothing could be captured then; before any packet that came later.
  void outage(const Outage& time) { outages_.note(time.from_ns, time.to_ns); }

  // The window closes; the kernel's drops are in the counters. `last`: no packet follows.
  void close_window(bool last);

 private:
  // Digests of the addresses, the same for an address whichever side it is on.
  struct Ends {
    uint32_t source, destination;
  };
  static Ends ends_of(const MeterItem& item);
  // Of the stream in a row; another one when the same key comes back after its time-out.
  uint32_t identity(uint64_t hash, uint32_t row) const {
    return static_cast<uint32_t>(mix_multiply(hash, static_cast<uint64_t>(table_.cold(row).start_ns) | 1));
  }
  void assign(uint32_t row, uint32_t stream, uint32_t packets);

  CommonGaps gaps_;
  Outages outages_;
  StreamTable& table_;
  const HashSeed& seed_;
  Counters& counters_;
  uint64_t kernel_drops_told_ = 0;  // counters when the window before was sealed
  uint64_t packets_told_ = 0;
  uint64_t rtp_told_ = 0;
};

inline CaptureLoss::Ends CaptureLoss::ends_of(const MeterItem& item) {
  const Datagram& d = item.datagram;
  if (d.ip_version == 4) return {load_u32(&d.src[12]), load_u32(&d.dst[12])};
  return {static_cast<uint32_t>(address_digest(d.src)), static_cast<uint32_t>(address_digest(d.dst))};
}

}  // namespace rtpsonde

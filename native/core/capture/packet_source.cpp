#include "core/capture/packet_source.h"

#include <algorithm>

namespace rtpsonde {

void SourceStats::merge(const SourceStats& other) {
  kernel_packets += other.kernel_packets;
  kernel_drops += other.kernel_drops;
  kernel_freezes += other.kernel_freezes;
  before.merge(other.before);
  clock_steps += other.clock_steps;
  state = std::max(state, other.state);
  method = std::max(method, other.method);
  outages += other.outages;
  outage_ms += other.outage_ms;
  hardware_times += other.hardware_times;
  kernel_times += other.kernel_times;
  reader_times += other.reader_times;
  time_switches += other.time_switches;
  bytes_read += other.bytes_read;
  bytes_total += other.bytes_total;
}

}  // namespace rtpsonde

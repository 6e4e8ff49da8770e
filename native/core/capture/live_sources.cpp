// See live_sources.h.
#include "core/capture/live_sources.h"

#include <algorithm>
#include <utility>

#include "core/base/error.h"
#include "core/capture/hardware_time.h"
#include "core/capture/joined_source.h"

namespace rtpsonde {

namespace {

// Times of clocks that nobody has said to be the same cannot be put in order.
bool one_hardware_clock(const std::vector<std::string>& interfaces) {
  const int first = hardware_clock_of(interfaces.front());
  return first >= 0 &&
         std::ranges::all_of(interfaces, [&](const auto& one) { return hardware_clock_of(one) == first; });
}

}  // namespace

std::vector<std::unique_ptr<PacketSource>> live_sources(const AfPacketOptions& common,
                                                        const std::vector<std::string>& interfaces,
                                                        size_t workers) {
  if (interfaces.empty() || interfaces.size() > kMaxInterfaces) {
    throw Error("ERR_ENGINE_OPTIONS",
                "there must be 1 to " + std::to_string(kMaxInterfaces) + " network interfaces");
  }
  AfPacketOptions options = common;
  const size_t sockets = std::max<size_t>(workers, 1) * interfaces.size();
  options.ring_bytes = std::max(static_cast<uint32_t>(common.ring_bytes / sockets), 2 * common.block_bytes);
  const bool several = interfaces.size() > 1;
  if (several && options.timestamps == TimestampMode::kAuto && !one_hardware_clock(interfaces)) {
    options.timestamps = TimestampMode::kKernel;
  }
  std::vector<std::shared_ptr<Fanout>> groups(interfaces.size());
  if (workers > 1) {
    for (auto& group : groups) group = std::make_shared<Fanout>(workers);
  }
  std::vector<std::unique_ptr<PacketSource>> sources;
  for (size_t worker = 0; worker < workers; worker++) {
    std::vector<std::unique_ptr<LiveSource>> legs;
    for (size_t i = 0; i < interfaces.size(); i++) {
      options.interface = interfaces[i];
      options.id = static_cast<InterfaceId>(i);
      options.fanout = groups[i];
      options.member = worker;
      options.tells_of_interface = worker == 0;
      options.tells_of_machine = worker == 0 && i == 0;
      legs.push_back(std::make_unique<AfPacketSource>(options));
    }
    if (several) {
      sources.push_back(std::make_unique<JoinedSource>(std::move(legs), options.busy_poll_us));
    } else {
      sources.push_back(std::move(legs.front()));
    }
  }
  return sources;
}

}  // namespace rtpsonde

// One source for each worker, from one network interface or several.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/capture/af_packet_source.h"

namespace rtpsonde {

// `common` is what all sockets have in common; its ring is divided among them. Each worker has a socket on
// each interface, and is the same member of the group on all of them, so that both directions of a call reach
// one worker whichever interface they pass. Interfaces are numbered as they stand in the list.
// Throws Error ERR_ENGINE_OPTIONS.
std::vector<std::unique_ptr<PacketSource>> live_sources(const AfPacketOptions& common,
                                                        const std::vector<std::string>& interfaces,
                                                        size_t workers);

}  // namespace rtpsonde

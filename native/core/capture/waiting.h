// Waiting for the first of several live sources to have packets.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "core/capture/packet_source.h"

namespace rtpsonde {

// Returns when one of them (at most kMaxInterfaces) is ready, or has a fault, of which it is told; at the
// latest after timeout_ms. For busy_poll_us of that it looks at their memory without going to sleep.
// The time it took, in ns.
int64_t wait_for_packets(std::span<LiveSource* const> sources, int timeout_ms, uint32_t busy_poll_us);

// Asks the kernel to poll the network card in the name of a socket. Why it refuses, empty when it does not.
std::string ask_for_busy_polling(int socket, uint32_t microseconds);

}  // namespace rtpsonde

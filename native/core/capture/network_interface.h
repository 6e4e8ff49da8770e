// Looks a network interface up and says in words why it cannot be captured.
#pragma once

#include <string>

namespace rtpsonde {

// Index of an interface that carries Ethernet frames (loopback included).
// Throws Error ERR_CAPTURE_INTERFACE, which names the interfaces that exist.
int ethernet_index(const std::string& name);

}  // namespace rtpsonde

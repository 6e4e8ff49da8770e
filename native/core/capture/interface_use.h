// Whether a network interface is in use by this machine: AF_XDP takes all of its packets away from
// the network stack, so that nobody could be reached through it any more.
#pragma once

#include <string>

namespace rtpsonde {

// What speaks for it, for a person: "has the address 10.0.0.1", "a route leads out of it"; empty when
// nothing does. Link-local IPv6 addresses, which any interface has, are not counted.
std::string use_of_interface(const std::string& name);

}  // namespace rtpsonde

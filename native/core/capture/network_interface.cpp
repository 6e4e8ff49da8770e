// See network_interface.h.
#include "core/capture/network_interface.h"

#include <net/if_arp.h>

#include "core/base/error.h"
#include "core/capture/interface_request.h"

namespace rtpsonde {
namespace {

std::string existing_interfaces() {
  std::string all;
  struct if_nameindex* const list = ::if_nameindex();
  if (list == nullptr) return "unknown";
  for (const struct if_nameindex* one = list; one->if_index != 0; one++) {
    if (!all.empty()) all += ", ";
    all += one->if_name;
  }
  ::if_freenameindex(list);
  return all.empty() ? "none" : all;
}

// ARPHRD_ number of the link layer, -1 when the kernel does not say.
int hardware_type(const std::string& name) {
  InterfaceRequest request;
  const bool known = request.ask(name.c_str(), SIOCGIFHWADDR) == 0;
  return known ? request.answer().ifr_hwaddr.sa_family : -1;
}

}  // namespace

int ethernet_index(const std::string& name) {
  const bool possible = !name.empty() && name.size() < IFNAMSIZ;
  const unsigned index = possible ? ::if_nametoindex(name.c_str()) : 0;
  if (index == 0) {
    throw Error("ERR_CAPTURE_INTERFACE",
                "there is no network interface \"" + name + "\"; there are: " + existing_interfaces());
  }
  const int type = hardware_type(name);
  if (type != ARPHRD_ETHER && type != ARPHRD_LOOPBACK && type != -1) {
    throw Error("ERR_CAPTURE_INTERFACE", "network interface \"" + name +
                                             "\" carries no Ethernet frames (link type " +
                                             std::to_string(type) + "); there are: " + existing_interfaces());
  }
  return static_cast<int>(index);
}

}  // namespace rtpsonde

// See interface_use.h.
#include "core/capture/interface_use.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>

#include <fstream>
#include <sstream>

namespace rtpsonde {
namespace {

// The address as text; empty for those of no interest.
std::string address_text(const sockaddr* address) {
  char text[INET6_ADDRSTRLEN] = "";
  if (address == nullptr) return {};
  if (address->sa_family == AF_INET) {
    ::inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(address)->sin_addr, text, sizeof text);
  } else if (address->sa_family == AF_INET6) {
    const in6_addr& ip = reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr;
    if (!IN6_IS_ADDR_LINKLOCAL(&ip)) ::inet_ntop(AF_INET6, &ip, text, sizeof text);
  }
  return text;
}

// Of the interface, or of one of its VLANs when it is called as usual.
std::string address_of(const std::string& name) {
  ifaddrs* all = nullptr;
  if (::getifaddrs(&all) != 0) return {};
  std::string found;
  for (const ifaddrs* one = all; one != nullptr && found.empty(); one = one->ifa_next) {
    const std::string its(one->ifa_name);
    if (its == name || its.starts_with(name + ".")) found = address_text(one->ifa_addr);
  }
  ::freeifaddrs(all);
  return found;
}

// Each line of /proc/net/route begins with the name of an interface.
bool has_route(const std::string& name) {
  std::ifstream routes("/proc/net/route");
  for (std::string line, first; std::getline(routes, line);) {
    if (std::istringstream(line) >> first && first == name) return true;
  }
  return false;
}

}  // namespace

std::string use_of_interface(const std::string& name) {
  if (const std::string address = address_of(name); !address.empty()) return "has the address " + address;
  return has_route(name) ? "is the way of a route" : "";
}

}  // namespace rtpsonde

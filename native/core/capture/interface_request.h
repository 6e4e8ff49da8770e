// Questions to the kernel about a network interface by its name (netdevice(7), ethtool).
#pragma once

#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace rtpsonde {

class InterfaceRequest {
 public:
  InterfaceRequest() : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {}
  ~InterfaceRequest() {
    if (socket_ >= 0) ::close(socket_);
  }
  InterfaceRequest(const InterfaceRequest&) = delete;
  InterfaceRequest& operator=(const InterfaceRequest&) = delete;

  // One of the requests of netdevice(7), whose answer is in answer(); or one that reads and
  // writes `data`. 0, or the error of errno(3).
  int ask(const char* name, unsigned long command, void* data = nullptr) {
    answer_ = {};
    std::snprintf(answer_.ifr_name, sizeof answer_.ifr_name, "%s", name);
    if (data != nullptr) answer_.ifr_data = static_cast<char*>(data);
    return ::ioctl(socket_, command, &answer_) == 0 ? 0 : errno;
  }
  const ifreq& answer() const { return answer_; }

  // `command`: one of the structures of linux/ethtool.h, which begin with their number.
  int ethtool(const char* name, void* command) { return ask(name, SIOCETHTOOL, command); }

 private:
  int socket_;
  ifreq answer_{};
};

}  // namespace rtpsonde

// See packet_socket.h.
#include "core/capture/packet_socket.h"

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <sys/socket.h>

#include <cerrno>
#include <system_error>

#include "core/base/error.h"

namespace rtpsonde {

int make_packet_socket() {
  // Protocol 0: nothing is received until bind() names one.
  const int socket = ::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
  if (socket >= 0) return socket;
  if (errno == EPERM || errno == EACCES) {
    throw Error(
        "ERR_CAPTURE_PERMISSION",
        "capturing needs the right CAP_NET_RAW; start through the systemd unit, which gives it, or as "
        "root, or give it with: setcap cap_net_raw+ep $(readlink -f $(which node))");
  }
  throw Error("ERR_CAPTURE_SOCKET", "no packet socket: " + std::generic_category().message(errno));
}

bool bind_packet_socket(int socket, uint16_t protocol, int interface_index) {
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(protocol);
  address.sll_ifindex = interface_index;
  return ::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

bool ask_promiscuous(int socket, int option, int interface_index) {
  packet_mreq membership{};
  membership.mr_ifindex = interface_index;
  membership.mr_type = PACKET_MR_PROMISC;
  return ::setsockopt(socket, SOL_PACKET, option, &membership, sizeof membership) == 0;
}

}  // namespace rtpsonde

// Packet sockets (packet(7)), as far as the kinds of live capture have them in common.
#pragma once

#include <cstdint>

namespace rtpsonde {

// One that receives nothing until it is bound. Throws Error ERR_CAPTURE_PERMISSION, ERR_CAPTURE_SOCKET.
int make_packet_socket();

// False, and errno, when the kernel refuses. `protocol` is an EtherType or ETH_P_ALL, in the order of this
// machine.
bool bind_packet_socket(int socket, uint16_t protocol, int interface_index);
// `option`: PACKET_ADD_MEMBERSHIP or PACKET_DROP_MEMBERSHIP. Promiscuous mode ends with the socket.
bool ask_promiscuous(int socket, int option, int interface_index);

}  // namespace rtpsonde

#include "core/capture/fanout.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include "core/base/error.h"
#include "core/capture/flow_program.h"

namespace rtpsonde {
namespace {

int type_of(Dealing dealing) {
  switch (dealing) {
    case Dealing::kFlow:
      return PACKET_FANOUT_CBPF;
    case Dealing::kHash:
      return PACKET_FANOUT_HASH;
    case Dealing::kCpu:
      break;
  }
  return PACKET_FANOUT_CPU;
}

bool enter(int socket, int id, int type_and_flags) {
  const uint32_t value = static_cast<uint32_t>(id) | static_cast<uint32_t>(type_and_flags) << 16;
  return ::setsockopt(socket, SOL_PACKET, PACKET_FANOUT, &value, sizeof value) == 0;
}

bool set_program(int socket) {
  FilterProgram code = flow_program();
  const sock_fprog program{static_cast<unsigned short>(code.size()), code.data()};
  return ::setsockopt(socket, SOL_PACKET, PACKET_FANOUT_DATA, &program, sizeof program) == 0;
}

bool set_filter(int socket, const FilterProgram& filter) {
  const sock_fprog program{static_cast<unsigned short>(filter.size()),
                           const_cast<sock_filter*>(filter.data())};
  return ::setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) == 0;
}

// Whether the kernel takes a group of this kind, tried on a socket that is thrown away: one that
// has joined a group can only leave it by being closed.
bool works(Dealing dealing, int index) {
  const int socket = ::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
  if (socket < 0) return false;
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(ETH_P_ALL);
  address.sll_ifindex = index;
  const bool taken = set_filter(socket, closed_filter()) &&
                     ::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
                     enter(socket, 0, type_of(dealing) | PACKET_FANOUT_FLAG_UNIQUEID) &&
                     (dealing != Dealing::kFlow || set_program(socket));
  ::close(socket);
  return taken;
}

[[noreturn]] void refused(const char* what) {
  throw Error("ERR_CAPTURE_SOCKET",
              std::string("the kernel refused ") + what + ", which several workers need: " +
                  std::generic_category().message(errno) + "; set capture.workers to 1");
}

}  // namespace

void attach_filter(int socket, const FilterProgram& filter) {
  if (set_filter(socket, filter)) return;
  const int error = errno;
  const std::string room = error == ENOMEM ? " (its size is limited by sysctl net.core.optmem_max)" : "";
  throw Error("ERR_CAPTURE_SOCKET", "the kernel refused a filter of " + std::to_string(filter.size()) +
                                        " instructions: " + std::generic_category().message(error) + room);
}

FilterProgram closed_filter() { return {{BPF_RET | BPF_K, 0, 0, 0}}; }

void Fanout::join(size_t member, int socket, int index, FilterProgram filter) {
  const std::lock_guard lock(mutex_);
  waiting_[member] = {socket, index, std::move(filter)};
  const auto waits = [&](const Member& one) { return one.socket >= 0 && one.index == index; };
  if (!std::ranges::all_of(waiting_, waits)) return;
  const int id = begin(waiting_.front().socket, index);
  for (size_t i = 1; i < waiting_.size(); i++) {
    if (!enter(waiting_[i].socket, id, type_of(dealing_))) refused("PACKET_FANOUT");
  }
  for (Member& one : waiting_) {
    attach_filter(one.socket, one.filter);
    one = {};
  }
  index_ = index;
}

void Fanout::leave(size_t member) {
  const std::lock_guard lock(mutex_);
  waiting_[member] = {};
}

bool Fanout::complete(int index) {
  const std::lock_guard lock(mutex_);
  return index_ == 0 || index_ == index;
}

// The group, with its first socket; its number.
int Fanout::begin(int socket, int index) {
  dealing_ = Dealing::kFlow;
  if (!works(dealing_, index)) dealing_ = Dealing::kHash;
  if (dealing_ == Dealing::kHash && !works(dealing_, index)) dealing_ = Dealing::kCpu;
  if (!enter(socket, 0, type_of(dealing_) | PACKET_FANOUT_FLAG_UNIQUEID)) refused("PACKET_FANOUT");
  uint32_t value = 0;
  socklen_t size = sizeof value;
  if (::getsockopt(socket, SOL_PACKET, PACKET_FANOUT, &value, &size) != 0) refused("PACKET_FANOUT");
  if (dealing_ == Dealing::kFlow && !set_program(socket)) refused("PACKET_FANOUT_DATA");
  return static_cast<int>(value & 0xffff);
}

std::string Fanout::problem() {
  const std::lock_guard lock(mutex_);
  switch (dealing_) {
    case Dealing::kFlow:
      return "";
    case Dealing::kHash:
      return "the kernel does not deal out packets by our program but by its own hash: RTCP may reach "
             "another "
             "worker than its stream";
    case Dealing::kCpu:
      break;
  }
  return "the kernel deals out packets by the CPU that received them: the directions of a call may reach "
         "different workers, and a stream too unless the network card keeps flows together";
}

}  // namespace rtpsonde

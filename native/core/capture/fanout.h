// The packet sockets that share one interface: the kernel deals each packet to one of them,
// by flow (flow_program.h), so that both directions and RTCP reach the same one.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "core/capture/filter_program.h"

namespace rtpsonde {

// How packets are dealt out, best first.
enum class Dealing : uint8_t {
  kFlow,  // addresses and ports, of the innermost packet
  kHash,  // the kernel's own hash: RTCP on another port may reach another socket
  kCpu,   // whichever CPU received it: the directions of a call may come apart
};

class Fanout {
 public:
  // `sockets` that will join.
  explicit Fanout(size_t sockets) : sockets_(sockets) {}

  // Adds a socket that is bound to the interface `index` and lets nothing through yet. It is
  // given its filter when all have joined, so that no packet is seen by two; in a group that is
  // made anew, as the interface was, at once. From any thread.
  // Throws Error ERR_CAPTURE_SOCKET.
  void join(int socket, int index, FilterProgram filter);

  // What is said of a kernel that refuses the best way; empty when it does not.
  std::string problem();

 private:
  struct Member {
    int socket;
    FilterProgram filter;
  };
  void begin(int socket, int index);

  const size_t sockets_;
  std::mutex mutex_;
  Dealing dealing_ = Dealing::kFlow;
  int index_ = 0;  // of the interface that the group is for
  int id_ = 0;
  bool complete_ = false;  // all joined, once
  std::vector<Member> waiting_;
};

// Sets the filter of a socket. Throws Error ERR_CAPTURE_SOCKET.
void attach_filter(int socket, const FilterProgram& filter);
// The filter that lets nothing through.
FilterProgram closed_filter();

}  // namespace rtpsonde

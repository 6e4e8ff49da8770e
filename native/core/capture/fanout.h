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
  // `members` that will join.
  explicit Fanout(size_t members) : waiting_(members) {}

  // Adds the socket of a member, bound to the interface `index`, which lets nothing through yet. When
  // all have come they are made a group in the order of the members, which is the order that the kernel
  // deals by: so member 1 has the same flows on every interface. Each is given its filter then, so
  // that no packet is seen by two. From any thread. Throws Error ERR_CAPTURE_SOCKET.
  void join(size_t member, int socket, int index, FilterProgram filter);

  // To be called before the socket of a member is closed.
  void leave(size_t member);

  // Whether the sockets on the interface `index` let packets through; also before the first group, when
  // nothing can be missing yet.
  bool complete(int index);

  // What is said of a kernel that refuses the best way; empty when it does not.
  std::string problem();

 private:
  struct Member {
    int socket = -1;  // none waits
    int index = 0;
    FilterProgram filter;
  };
  int begin(int socket, int index);

  std::mutex mutex_;
  Dealing dealing_ = Dealing::kFlow;
  int index_ = 0;  // of the interface that the group is for
  std::vector<Member> waiting_;
};

// Sets the filter of a socket. Throws Error ERR_CAPTURE_SOCKET.
void attach_filter(int socket, const FilterProgram& filter);
// The filter that lets nothing through.
FilterProgram closed_filter();

}  // namespace rtpsonde

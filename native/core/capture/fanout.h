// The packet sockets that share one interface: the kernel deals each packet to one of them,
// by flow (flow_program.h), so that both directions and RTCP reach the same one.
#pragma once

#include <linux/filter.h>

#include <mutex>
#include <string>
#include <vector>

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
  void join(int socket, int index, std::vector<sock_filter> filter);

  // What is said of a kernel that refuses the best way; empty when it does not.
  std::string problem();

 private:
  struct Member {
    int socket;
    std::vector<sock_filter> filter;
  };
  void begin(int socket, int index);
  void let_through(Member& member) const;

  const size_t sockets_;
  std::mutex mutex_;
  Dealing dealing_ = Dealing::kFlow;
  int index_ = 0;  // of the interface that the group is for
  int id_ = 0;
  bool complete_ = false;  // all joined, once
  std::vector<Member> waiting_;
};

// Sets the filter of a socket; false when the kernel refuses it.
bool set_filter(int socket, const std::vector<sock_filter>& filter);
// The filter that lets nothing through.
std::vector<sock_filter> closed_filter();

}  // namespace rtpsonde

// A network namespace of its own for a test of live capture, with a pair of
// virtual Ethernet interfaces in it. No root is needed where the kernel lets
// users have namespaces.
#pragma once

#include <doctest/doctest.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <thread>

#include "core/base/error.h"

namespace capture_test {

// What in_namespace() gives when the system refused.
constexpr const char* kRefused = "refused";

inline bool put(const char* path, const std::string& text) {
  const int fd = ::open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool done = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  ::close(fd);
  return done;
}

inline bool shell(const std::string& command) { return std::system(command.c_str()) == 0; }

inline bool is_running(const std::string& interface) {
  const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  ifreq request{};
  interface.copy(request.ifr_name, IFNAMSIZ - 1);
  const bool running = ::ioctl(socket, SIOCGIFFLAGS, &request) == 0 && (request.ifr_flags & IFF_RUNNING) != 0;
  ::close(socket);
  return running;
}

// The kernel notices later, in a worker of its own, that the end that was set up first has a
// carrier now; until then it drops without a word what is sent there.
inline bool wait_for_carrier() {
  for (int i = 0; i < 1000; i++) {
    if (is_running("far0") && is_running("probe0")) return shell("ip link set lo up");  // after that worker
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

// A namespace of our own with the interfaces probe0 and far0, joined. With own_users we are
// root in it whoever we are, but without the rights that only the first user namespace gives (eBPF).
inline bool enter_namespace(bool own_users) {
  const uid_t user = ::geteuid();
  const gid_t group = ::getegid();
  if (own_users && ::unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0) {
    put("/proc/self/setgroups", "deny");
    put("/proc/self/uid_map", "0 " + std::to_string(user) + " 1");
    put("/proc/self/gid_map", "0 " + std::to_string(group) + " 1");
  } else if (::unshare(CLONE_NEWNET) != 0) {
    return false;
  }
  // Else the interfaces greet each other with packets of their own.
  put("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1");
  return shell("ip link add probe0 type veth peer name far0 2>/dev/null") && shell("ip link set far0 up") &&
         shell("ip link set probe0 up") && wait_for_carrier();
}

// Runs `body` in a child inside a namespace; what it returns is the result.
inline std::string in_namespace(const std::function<std::string()>& body, bool own_users = true) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  std::fflush(nullptr);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::close(ends[0]);
    std::string result = kRefused;
    try {
      if (enter_namespace(own_users)) result = body();
    } catch (const rtpsonde::Error& error) {
      result = error.code() + ": " + error.what();
    }
    const ssize_t written = ::write(ends[1], result.data(), result.size());
    ::_exit(written == static_cast<ssize_t>(result.size()) ? 0 : 1);
  }
  ::close(ends[1]);
  std::string result;
  char buffer[4096];
  for (ssize_t n; (n = ::read(ends[0], buffer, sizeof buffer)) > 0;)
    result.append(buffer, static_cast<size_t>(n));
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  CHECK(status == 0);
  return result;
}

// True when the namespace was refused: told loudly, and a failure in CI.
inline bool not_run(const std::string& result) {
  if (result != kRefused) return false;
  std::fprintf(
      stderr,
      "NOT RUN: live capture, because this system gives no network namespace (or has no ip command)\n");
  CHECK_MESSAGE(std::getenv("CI") == nullptr, "live capture has to be tested in CI");
  return true;
}

}  // namespace capture_test

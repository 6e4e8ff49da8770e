// What ioctls say of a pair of virtual interfaces, and that it follows what is
// changed there.
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cstring>

#include "core/capture/interface_report.h"
#include "core/capture/kernel_clock.h"
#include "test_capture_namespace.h"

using namespace capture_test;
using rtpsonde::InterfaceReport;
using rtpsonde::read_interface;

namespace {

std::string feature(const InterfaceReport& report, const std::string& name) {
  for (const InterfaceReport::Feature& one : report.features) {
    if (one.name == name) return std::string(one.active ? "on" : "off") + (one.changeable ? "" : " [fixed]");
  }
  return "not there";
}

// As `ethtool -K interface gro on|off` does.
bool set_gro(const char* interface, bool on) {
  ethtool_value value{ETHTOOL_SGRO, on ? 1U : 0U};
  struct ifreq request{};
  std::strncpy(request.ifr_name, interface, sizeof request.ifr_name - 1);
  request.ifr_data = reinterpret_cast<char*>(&value);
  const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const bool done = ::ioctl(fd, SIOCETHTOOL, &request) == 0;
  ::close(fd);
  return done;
}

}  // namespace

TEST_CASE("interface report: driver, queues and offloads of a virtual interface") {
  const std::string seen = in_namespace([] {
    const InterfaceReport report = read_interface("probe0");
    const uint32_t queues = report.channels ? report.channels->rx + report.channels->combined : 0;
    return report.driver + ", " + std::to_string(queues) + " queue, ring " +
           (report.ring ? "known" : "none") + ", UDP hash " + (report.udp4_hash ? "known" : "none") +
           ", large receive " + feature(report, "rx-lro") + ", no " + feature(report, "rx-nonsense");
  });
  if (seen == kRefused) return;
  CHECK(seen == "veth, 1 queue, ring none, UDP hash none, large receive off [fixed], no not there");
}

TEST_CASE("interface report: state, size and kind, as `ip link` sets them") {
  const std::string seen = in_namespace([] {
    const auto said = [](const char* name) {
      const InterfaceReport report = read_interface(name);
      return std::string((report.flags & IFF_UP) != 0 ? "up" : "down") +
             ((report.flags & IFF_PROMISC) != 0 ? " promiscuous" : "") +
             (report.carrier ? (*report.carrier ? " carrier" : " no carrier") : "") + " type " +
             std::to_string(report.type) + " mtu " + std::to_string(report.mtu) + "; ";
    };
    std::string states = said("probe0");
    shell("ip link set probe0 mtu 9000 promisc on");
    states += said("probe0");
    shell("ip link set far0 down");
    states += said("probe0") + said("far0") + said("lo");
    return states;
  });
  if (seen == kRefused) return;
  CHECK(seen ==
        "up carrier type 1 mtu 1500; up promiscuous carrier type 1 mtu 9000; "
        "up promiscuous no carrier type 1 mtu 9000; down no carrier type 1 mtu 1500; up carrier type 772 mtu "
        "65536; ");
}

TEST_CASE("interface report: a change is seen") {
  const std::string seen = in_namespace([] {
    std::string states;
    for (const bool on : {true, false, true}) {
      if (!set_gro("probe0", on)) return std::string("cannot be set");
      states += feature(read_interface("probe0"), "rx-gro") + " ";
    }
    return states;
  });
  if (seen == kRefused) return;
  CHECK(seen == "on off on ");
}

TEST_CASE("interface report: an interface that is not there, or has an impossible name, tells nothing") {
  for (const std::string name : {"", "nothing0", "a-name-that-is-longer-than-any"}) {
    const InterfaceReport report = read_interface(name);
    CHECK(report.index == 0);
    CHECK(report.driver.empty());
    CHECK(report.features.empty());
    CHECK(report.indirection.empty());
    CHECK(!report.ring);
    CHECK(!report.udp6_hash);
  }
}

TEST_CASE("the kernel's clock is told with its errors") {
  const auto clock = rtpsonde::read_kernel_clock();
  REQUIRE(clock);
  // Only a clock that a daemon keeps has a bound below that of one that nobody keeps, 16 s.
  CHECK(clock->max_error_ms > 0);
  CHECK(clock->max_error_ms <= 16'000);
  CHECK(clock->estimated_error_ms >= 0);
}

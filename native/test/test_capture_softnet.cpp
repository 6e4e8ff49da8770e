// Drops before the socket: the kernel's columns, growth since the start, and files
// that go away.
#include <doctest/doctest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "core/capture/softnet.h"

using rtpsonde::DropsBefore;
using rtpsonde::Softnet;
using rtpsonde::sum_softnet;

namespace {

namespace fs = std::filesystem;

std::string sums(const std::string& text) {
  uint64_t dropped = 0, squeezed = 0;
  const uint32_t lines = sum_softnet(text.data(), text.size(), dropped, squeezed);
  return std::to_string(lines) + " CPUs, " + std::to_string(dropped) + " dropped, " +
         std::to_string(squeezed) + " squeezed";
}

// A folder that looks like the root of a system with one interface.
class Root {
 public:
  Root() {
    std::string name = (fs::temp_directory_path() / "rtpsonde-softnet-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path_ = name;
    fs::create_directories(path_ / "proc/net");
    make_interface();
  }
  ~Root() { fs::remove_all(path_); }

  void make_interface() const { fs::create_directories(nic()); }
  void remove_interface() const { fs::remove_all(nic()); }
  void softnet(const std::string& text) const { std::ofstream(path_ / "proc/net/softnet_stat") << text; }
  void set(const char* counter, uint64_t value) const { std::ofstream(nic() / counter) << value << "\n"; }
  std::string name() const { return path_.string(); }

 private:
  fs::path nic() const { return path_ / "sys/class/net/eth9/statistics"; }
  fs::path path_;
};

std::string text(const DropsBefore& d) {
  return "softnet " + std::to_string(d.softnet_drops) + "/" + std::to_string(d.softnet_squeezes) + ", nic " +
         std::to_string(d.nic_missed) + "/" + std::to_string(d.nic_dropped) + "/" +
         std::to_string(d.nic_errors);
}

}  // namespace

TEST_CASE("The columns of all CPUs are read as hexadecimal and added") {
  // processed dropped time_squeeze, then others that do not matter
  CHECK(sums("0001a2b3 0000000a 00000004 00000000 00000001\n"
             "00000000 00000010 00000000 00000000 00000002\n") == "2 CPUs, 26 dropped, 4 squeezed");
  CHECK(sums("ffffffff ffffffff ffffffff") == "1 CPUs, 4294967295 dropped, 4294967295 squeezed");
}

TEST_CASE("Lines that are no softnet counters are passed over") {
  CHECK(sums("") == "0 CPUs, 0 dropped, 0 squeezed");
  CHECK(sums("\n\n00000001 00000002\nxyz 1 2\n1 2x 3\n123456789a 1 1\n") == "0 CPUs, 0 dropped, 0 squeezed");
  CHECK(sums("1 2 3\nrubbish\n1 2 3\n") == "2 CPUs, 4 dropped, 6 squeezed");
}

TEST_CASE("Drops are told as growth since the start, over many CPUs") {
  const Root root;
  const auto cpus = [](const char* line) {
    std::string all;
    for (int i = 0; i < 500; i++) all += line;
    return all;
  };
  const char* const tail =
      " 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000\n";
  root.softnet(cpus((std::string("00000100 00000005 00000001") + tail).c_str()));
  root.set("rx_missed_errors", 7);
  root.set("rx_fifo_errors", 1);
  root.set("rx_dropped", 100);
  root.set("rx_errors", 3);
  Softnet softnet("eth9", root.name());
  CHECK(text(softnet.read()) == "softnet 0/0, nic 0/0/0");
  root.softnet(cpus((std::string("00000200 00000007 00000002") + tail).c_str()));
  root.set("rx_missed_errors", 9);
  root.set("rx_fifo_errors", 2);
  root.set("rx_dropped", 150);
  root.set("rx_errors", 13);
  CHECK(text(softnet.read()) == "softnet 1000/500, nic 3/50/10");
}

TEST_CASE("An interface that is made anew begins at 0, and nothing is lost or made up") {
  const Root root;
  root.softnet("1 0 0\n");
  root.set("rx_dropped", 100);
  Softnet softnet("eth9", root.name());
  root.set("rx_dropped", 110);
  CHECK(text(softnet.read()) == "softnet 0/0, nic 0/10/0");
  root.set("rx_dropped", 4);
  CHECK(text(softnet.read()) == "softnet 0/0, nic 0/10/0");
  root.set("rx_dropped", 6);
  CHECK(text(softnet.read()) == "softnet 0/0, nic 0/12/0");
}

TEST_CASE("Files that are not there or hold no number count nothing") {
  const Root root;
  root.set("rx_dropped", 5);
  Softnet softnet("eth9", root.name());
  CHECK(text(softnet.read()) == "softnet 0/0, nic 0/0/0");
  root.softnet(std::string(40'000, 'f'));  // one endless line
  CHECK(text(softnet.read()) == "softnet 0/0, nic 0/0/0");
  Softnet nowhere("../../eth9", "/nonexistent");
  CHECK(text(nowhere.read()) == "softnet 0/0, nic 0/0/0");
}

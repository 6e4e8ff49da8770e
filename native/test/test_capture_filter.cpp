// The filter that the kernel runs on a live capture, run by the kernel: here on
// a pair of connected local sockets, which needs no rights.
#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/capture/af_packet_filter.h"
#include "core/capture/packet_ring.h"
#include "test_capture_support.h"

using namespace capture_test;
using rtpsonde::capture_filter;

namespace {

// How many octets of the frame the filter lets through; -1 when it drops it.
int kept(const std::string& frame, uint32_t snap_length, bool udp_only) {
  int ends[2];
  REQUIRE(::socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) == 0);
  std::vector<sock_filter> code = capture_filter(snap_length, udp_only);
  const sock_fprog program{static_cast<unsigned short>(code.size()), code.data()};
  REQUIRE(::setsockopt(ends[1], SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) == 0);
  char buffer[2048];
  const bool sent = ::send(ends[0], frame.data(), frame.size(), MSG_DONTWAIT) >= 0;
  const ssize_t got = sent ? ::recv(ends[1], buffer, sizeof buffer, MSG_DONTWAIT) : -1;
  ::close(ends[0]);
  ::close(ends[1]);
  return static_cast<int>(got);
}

const std::string kAddresses = hex("020000000001 020000000002");

std::string ipv4(const std::string& protocol, const std::string& fragment = "0000") {
  return hex("45000030 0000") + hex(fragment) + hex("40") + hex(protocol) + hex("0000 0a000001 0a000002") +
         std::string(28, 'p');
}
std::string ipv6(const std::string& next_header) {
  return hex("60000000 0008") + hex(next_header) + hex("40") + std::string(32, '\1') + std::string(28, 'p');
}

bool passes(const std::string& after_addresses) { return kept(kAddresses + after_addresses, 0, true) > 0; }

std::string refusal(uint32_t ring_bytes, uint32_t block_bytes, uint64_t available) {
  try {
    rtpsonde::ring_shape(ring_bytes, block_bytes, available);
  } catch (const rtpsonde::Error& error) {
    return error.code() + ": " + error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("filter: without wishes everything passes whole, with a snap length its beginning") {
  CHECK(kept(std::string(1500, 'x'), 0, false) == 1500);
  CHECK(kept(std::string(1500, 'x'), 96, false) == 96);
  CHECK(kept(std::string(60, 'x'), 96, false) == 60);
  CHECK(kept(kAddresses + hex("0800") + ipv4("11"), 42, true) == 42);
}

TEST_CASE("filter: of IPv4 only UDP passes, and its fragments") {
  CHECK(passes(hex("0800") + ipv4("11")));
  CHECK(passes(hex("0800") + ipv4("11", "2000")));
  CHECK(passes(hex("0800") + ipv4("11", "00b9")));
  CHECK_FALSE(passes(hex("0800") + ipv4("06")));
  CHECK_FALSE(passes(hex("0800") + ipv4("01")));
}

TEST_CASE("filter: of IPv6 UDP passes, fragments, and what has headers between") {
  CHECK(passes(hex("86dd") + ipv6("11")));
  CHECK(passes(hex("86dd") + ipv6("2c")));
  CHECK(passes(hex("86dd") + ipv6("00")));
  CHECK(passes(hex("86dd") + ipv6("3c")));
  CHECK(passes(hex("86dd") + ipv6("2b")));
  CHECK_FALSE(passes(hex("86dd") + ipv6("06")));
  CHECK_FALSE(passes(hex("86dd") + ipv6("3a")));
}

TEST_CASE("filter: no, one or two VLAN tags of each kind are looked through, three are not") {
  for (const char* tag : {"81000064", "88a80064", "91000064"}) {
    CAPTURE(tag);
    CHECK(passes(hex(tag) + hex("0800") + ipv4("11")));
    CHECK(passes(hex(tag) + hex("86dd") + ipv6("11")));
    CHECK_FALSE(passes(hex(tag) + hex("0800") + ipv4("06")));
    CHECK_FALSE(passes(hex(tag) + hex("86dd") + ipv6("06")));
    CHECK(passes(hex("88a80064") + hex(tag) + hex("0800") + ipv4("11")));
    CHECK(passes(hex("88a80064") + hex(tag) + hex("86dd") + ipv6("11")));
    CHECK_FALSE(passes(hex("88a80064") + hex(tag) + hex("0800") + ipv4("06")));
    CHECK_FALSE(passes(hex("88a80064 88a80064") + hex(tag) + hex("0800") + ipv4("11")));
  }
}

TEST_CASE("filter: what is not IP, or too short, does not pass") {
  CHECK_FALSE(passes(hex("0806") + std::string(46, '\0')));
  CHECK_FALSE(passes(hex("88cc") + std::string(46, '\0')));
  CHECK_FALSE(passes(hex("8100")));
  CHECK_FALSE(passes(hex("0800 45000030")));
  CHECK_FALSE(passes(""));
}

TEST_CASE("filter: tunnels pass, with room for their headers, and what is none does not") {
  const auto room = [](const std::string& after_addresses) {
    return kept(kAddresses + after_addresses + std::string(400, 'p'), 128, true);
  };
  for (const char* tags : {"", "81000064", "88a80064 81000065"}) {
    CAPTURE(tags);
    for (const char* type : {"8847", "8848", "8864", "88e7"}) CHECK(room(hex(tags) + hex(type)) == 192);
    for (const char* protocol : {"04", "29", "2f", "61", "89", "8f"}) {
      CHECK(room(hex(tags) + hex("0800") + ipv4(protocol)) == 192);
      CHECK(room(hex(tags) + hex("86dd") + ipv6(protocol)) == 192);
    }
    CHECK(room(hex(tags) + hex("88e5")) == -1);               // MACsec
    CHECK(room(hex(tags) + hex("0800") + ipv4("32")) == -1);  // ESP
    CHECK(room(hex(tags) + hex("86dd") + ipv6("32")) == -1);
  }
}

TEST_CASE("filter: of UDP, RTCP and HEP are kept whole, tunnels with room for their headers") {
  //                        source, destination, length, checksum
  const auto room = [](const std::string& ports, const std::string& begin, bool udp_only = true) {
    const std::string datagram = hex(ports) + hex("00640000") + hex(begin) + std::string(400, 'p');
    const std::string ip4 = hex("45000000 0000 0000 40 11 0000 0a000001 0a000002");
    const std::string options = hex("47000000 0000 0000 40 11 0000 0a000001 0a000002 0101010101010101");
    const std::string ip6 = hex("60000000 0008 11 40") + std::string(32, '\1');
    std::vector<int> sizes;
    for (const std::string& frame : {hex("0800") + ip4, hex("0800") + options, hex("86dd") + ip6,
                                     hex("88a80064 81000065 0800") + ip4, hex("81000065 86dd") + ip6}) {
      const std::string whole = kAddresses + frame + datagram;
      const int got = kept(whole, 128, udp_only);
      sizes.push_back(got == static_cast<int>(whole.size()) ? 2048 : got);
    }
    return sizes;
  };
  const auto all = [](int size) { return std::vector<int>(5, size); };
  for (const bool udp_only : {true, false}) {
    CHECK(room("1388 1770", "80 00 0001", udp_only) == all(128));  // RTP, payload types 0, 63 and 96
    CHECK(room("1388 1770", "80 bf 0001", udp_only) == all(128));
    CHECK(room("1388 1770", "80 e0 0001", udp_only) == all(128));
    CHECK(room("1388 1770", "80 c8 0006", udp_only) == all(2048));  // RTCP
    CHECK(room("1389 1771", "bf df 0006", udp_only) == all(2048));
    CHECK(room("1389 1771", "40 c8 0006", udp_only) == all(128));
    CHECK(room("1389 1771", "48455033", udp_only) == all(2048));  // HEP
    for (const char* port : {"0868", "12b5", "12b6", "17c1", "2364", "9090"}) {
      CHECK(room(std::string("1388") + port, "08000000", udp_only) == all(192));
      CHECK(room(std::string(port) + "1388", "08000000", udp_only) == all(192));
    }
  }
}

TEST_CASE("filter: short datagrams and later fragments pass as they are") {
  const std::string ip = hex("45000000 0000");
  const std::string rest = hex("40 11 0000 0a000001 0a000002");
  CHECK(kept(kAddresses + hex("0800") + ip + hex("0000") + rest + hex("1388 1770 0008 0000"), 128, true) ==
        42);
  CHECK(kept(kAddresses + hex("0800") + ip + hex("0000") + rest + hex("1388 1770 000b 0000 80c800"), 128,
             true) == 45);
  // Bytes of a fragment that look like ports and RTCP but lie in the middle.
  CHECK(kept(kAddresses + hex("0800") + ip + hex("00b9") + rest + hex("1388 12b5 0008 0000 80c80006") +
                 std::string(400, 'p'),
             128, true) == 128);
}

TEST_CASE("filter: when everything is wanted nothing is dropped, however short") {
  for (size_t size = 14; size <= 200; ++size) {
    for (const char* type : {"0800", "86dd", "8100", "0806"}) {
      std::string frame = kAddresses + hex(type) + std::string(size - 14, '\x4f');
      CHECK(kept(frame, 96, false) == static_cast<int>(std::min<size_t>(size, 96)));
    }
  }
}

TEST_CASE("ring: whole blocks, within the memory there is") {
  constexpr uint32_t kMiB = 1 << 20;
  CHECK(rtpsonde::ring_shape(256 * kMiB, kMiB, 257 * uint64_t{kMiB}).blocks == 256);
  CHECK(rtpsonde::ring_shape(10 * kMiB - 1, kMiB, 257 * uint64_t{kMiB}).blocks == 9);
  CHECK(refusal(256 * kMiB, kMiB, 255 * uint64_t{kMiB}) ==
        "ERR_CAPTURE_RING: a capture ring of 256 MiB is larger than the memory that is free, 255 MiB");
  CHECK(refusal(kMiB, kMiB, 1000 * uint64_t{kMiB}) ==
        "ERR_ENGINE_OPTIONS: a capture ring of 1048576 bytes has no room for two blocks of 1048576");
  CHECK(refusal(kMiB, 5000, 1000 * uint64_t{kMiB}) ==
        "ERR_ENGINE_OPTIONS: a ring block of 5000 bytes is not a multiple of the page size, 4096");
  CHECK(refusal(kMiB, 0, 1000 * uint64_t{kMiB}).substr(0, 18) == "ERR_ENGINE_OPTIONS");
  CHECK(rtpsonde::available_memory_bytes() > kMiB);
}

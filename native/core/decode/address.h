// IP addresses as the whole core keeps them: one form for both versions, so
// that keys, records and hashes never ask which one it is.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>

namespace rtpsonde {

// 16 bytes; IPv4 as IPv4-mapped IPv6 (RFC 4291 2.5.5.2).
using Address = std::array<uint8_t, 16>;

// The four bytes at `ipv4` as ::ffff:a.b.c.d.
inline Address map_ipv4(const uint8_t* ipv4) {
  Address mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  std::memcpy(mapped.data() + 12, ipv4, 4);
  return mapped;
}

inline Address load_ipv6(const uint8_t* ipv6) {
  Address address;
  std::memcpy(address.data(), ipv6, address.size());
  return address;
}

}  // namespace rtpsonde

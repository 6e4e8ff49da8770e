// Who a stream is: keys of IPv4 and IPv6, and their hash.
#include <doctest/doctest.h>

#include <set>

#include "core/stream/key.h"

using namespace rtpsonde;

namespace {

const HashSeed kSeed{{0x0123456789abcdef, 0xfedcba9876543210, 0x0f1e2d3c4b5a6978, 0x8796a5b4c3d2e1f0}};

Address mapped(uint8_t last) {
  const uint8_t octets[] = {192, 0, 2, last};
  return map_ipv4(octets);
}

Address ipv6(uint8_t last) { return {0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last}; }

using Set = std::set<std::pair<uint64_t, uint64_t>>;

void add(Set& keys, const StreamKey& key) { keys.insert({key.a, key.b}); }

}  // namespace

TEST_CASE("A key of IPv4 holds every bit of addresses, ports and SSRC") {
  const StreamKey key = make_key(mapped(1), mapped(2), 4, 5004, 6004, 42, kSeed);
  Set keys;
  add(keys, key);
  for (uint32_t bit = 0; bit < 32; bit++) {
    Address src = mapped(1), dst = mapped(2);
    src[12 + bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
    dst[12 + bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
    add(keys, make_key(src, mapped(2), 4, 5004, 6004, 42, kSeed));
    add(keys, make_key(mapped(1), dst, 4, 5004, 6004, 42, kSeed));
    add(keys, make_key(mapped(1), mapped(2), 4, 5004, 6004, 42 ^ 1U << bit, kSeed));
  }
  for (int bit = 0; bit < 16; bit++) {
    add(keys, make_key(mapped(1), mapped(2), 4, static_cast<uint16_t>(5004 ^ 1 << bit), 6004, 42, kSeed));
    add(keys, make_key(mapped(1), mapped(2), 4, 5004, static_cast<uint16_t>(6004 ^ 1 << bit), 42, kSeed));
  }
  CHECK(keys.size() == 1 + 3 * 32 + 2 * 16);
  CHECK(make_key(mapped(1), mapped(2), 4, 5004, 6004, 42, HashSeed{{1, 2, 3, 4}}) == key);  // exact: no seed
}

TEST_CASE("A key of IPv6 depends on every bit of both addresses, on their order and on the seed") {
  Set keys;
  add(keys, make_key(ipv6(1), ipv6(2), 6, 5004, 6004, 42, kSeed));
  for (uint32_t bit = 0; bit < 128; bit++) {
    Address src = ipv6(1), dst = ipv6(2);
    src[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
    dst[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
    add(keys, make_key(src, ipv6(2), 6, 5004, 6004, 42, kSeed));
    add(keys, make_key(ipv6(1), dst, 6, 5004, 6004, 42, kSeed));
  }
  add(keys, make_key(ipv6(2), ipv6(1), 6, 5004, 6004, 42, kSeed));
  add(keys, make_key(ipv6(1), ipv6(2), 6, 5004, 6004, 42, HashSeed{{1, 2, 3, 4}}));
  // Bit 0 of the last octet turns ::1 into ::, and so on: all differ from each other.
  CHECK(keys.size() == 1 + 2 * 128 + 2);
}

TEST_CASE("The digest of a thousand IPv6 pairs has no two alike") {
  Set keys;
  for (int i = 0; i < 1000; i++) {
    Address src = ipv6(static_cast<uint8_t>(i)), dst = ipv6(static_cast<uint8_t>(i / 256));
    src[14] = static_cast<uint8_t>(i / 7);
    dst[7] = static_cast<uint8_t>(i % 13);
    add(keys, make_key(src, dst, 6, 1, 2, 3, kSeed));
  }
  CHECK(keys.size() == 1000);
}

TEST_CASE("The hash spreads neighbouring keys over the low bits") {
  uint32_t buckets[64] = {};
  for (uint32_t ssrc = 0; ssrc < 6400; ssrc++) {
    buckets[hash_key(make_key(mapped(1), mapped(2), 4, 5004, 6004, ssrc, kSeed), kSeed) & 63]++;
  }
  for (const uint32_t n : buckets) {
    CHECK(n > 50);
    CHECK(n < 160);
  }
}

TEST_CASE("Every seed is drawn anew") { CHECK(HashSeed::random().s[0] != HashSeed::random().s[0]); }

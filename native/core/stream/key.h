// Who a stream is: addresses, ports and SSRC, in 16 bytes that fit a hot line.
#pragma once

#include <cstdint>
#include <cstring>

#include "core/decode/decode.h"

namespace rtpsonde {

// Two pairs of addresses meet in one digest with a probability of 2^-64,
// and only if ports and SSRC are the same too would streams be mixed up.
struct StreamKey {
  uint64_t a = 0;  // both IPv4 addresses, or a keyed digest of both addresses and the network they are of
  uint64_t b = 0;  // source port, destination port, SSRC
  bool operator==(const StreamKey&) const = default;
};

// Secrets drawn once a process, so that nobody can aim at one bucket.
struct HashSeed {
  uint64_t s[4];
  static HashSeed random();
};

inline uint64_t mix_multiply(uint64_t a, uint64_t b) {
  __extension__ using uint128 = unsigned __int128;
  const uint128 product = static_cast<uint128>(a) * b;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

inline uint64_t load_u64(const uint8_t* p) {
  uint64_t v;
  std::memcpy(&v, p, sizeof v);
  return v;
}

inline uint32_t load_u32(const uint8_t* p) {
  uint32_t v;
  std::memcpy(&v, p, sizeof v);
  return v;
}

// Of one address, without a secret: the same in every run and whichever side it is on.
inline uint64_t address_digest(const Address& a) {
  constexpr uint64_t kOdd = 0x9e3779b97f4a7c15;
  return mix_multiply(load_u64(&a[0]) ^ kOdd, load_u64(&a[8]) + kOdd);
}

// Traffic between two addresses belongs to one of four shards, the same for both
// directions, any ports, in every run: what workers may share out among them.
constexpr uint32_t kShards = 4;
constexpr uint64_t kShardMask = uint64_t{3} << 62;  // where a hash holds the shard
inline uint32_t shard_of(const Address& src, const Address& dst) {
  const uint64_t both = address_digest(src) + address_digest(dst);
  return static_cast<uint32_t>(mix_multiply(both, 0xa0761d6478bd642f) >> 62);
}

// `identity`: Tunnel::identity, 0 for streams that addresses tell apart.
inline StreamKey make_key(const Address& src, const Address& dst, uint8_t ip_version, uint16_t src_port,
                          uint16_t dst_port, uint32_t ssrc, const HashSeed& seed, uint64_t identity = 0) {
  const uint64_t flow = static_cast<uint64_t>(src_port) << 48 | static_cast<uint64_t>(dst_port) << 32 | ssrc;
  if (ip_version == 4 && identity == 0) [[likely]] {
    return {static_cast<uint64_t>(load_u32(&src[12])) << 32 | load_u32(&dst[12]), flow};
  }
  const uint64_t s0 = load_u64(&src[0]), s1 = load_u64(&src[8]);
  const uint64_t d0 = load_u64(&dst[0]), d1 = load_u64(&dst[8]);
  const uint64_t left = mix_multiply(s0 ^ seed.s[0], s1 ^ seed.s[1]);
  const uint64_t right = mix_multiply(d0 ^ seed.s[2], d1 ^ seed.s[3]);
  const uint64_t digest = mix_multiply(left ^ seed.s[3], right) + left;
  return {identity == 0 ? digest : mix_multiply(digest ^ seed.s[1], identity ^ seed.s[2]) + digest, flow};
}

inline uint64_t hash_key(const StreamKey& key, const HashSeed& seed) {
  return mix_multiply(key.a ^ seed.s[0], mix_multiply(key.b ^ seed.s[1], seed.s[2] | 1));
}

}  // namespace rtpsonde

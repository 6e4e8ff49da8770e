// The streams of one worker: a table with a ceiling. Buckets of one cache line
// (12 tags, 12 row numbers), rows in arenas that are reserved once; nothing is
// allocated per packet or per stream.
#pragma once

#include <bit>
#include <cstdint>
#include <memory>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "core/base/prefetch.h"
#include "core/stream/arena.h"
#include "core/stream/parts.h"
#include "core/stream/state.h"

namespace rtpsonde {

struct AddressPair {
  Address src;
  Address dst;
  uint8_t ip_version = 4;
};

// What is kept beside a stream that is IPv6 or came in a tunnel; the key of any
// other holds its addresses.
struct StreamEndpoints {
  AddressPair addresses;
  Tunnel tunnel;
  OuterTunnels outer;  // zero where there are none
};

class StreamTable {
 public:
  static constexpr uint32_t kNone = 0xffffffff;

  // max_streams: 1..16 million rows, those in probation included.
  explicit StreamTable(uint32_t max_streams);

  uint32_t find(const StreamKey& key, uint64_t hash) const;

  // The row that find() would most likely give, told without a look at it: for fetching it
  // ahead. kNone when there is none in the first bucket.
  uint32_t guess(uint64_t hash) const {
    const Bucket& bucket = buckets_[hash & mask_];
    const uint32_t bits = matches(bucket, tag_of(hash));
    return bits != 0 ? bucket.rows[std::countr_zero(bits)] : kNone;
  }

  // A row for a key that find() did not find; kNone when the table is full. The
  // caller fills the row. Addresses are kept apart for IPv6 and in tunnels only. Of
  // `outer` the first tunnel.depth - 1 are read.
  uint32_t insert(const StreamKey& key, uint64_t hash, const Address& src, const Address& dst,
                  uint8_t ip_version, const Tunnel& tunnel = {}, const OuterTunnels& outer = {});

  void erase(uint32_t row, uint64_t hash);

  // Among rows near a moving hand: the longest idle one in probation, else the
  // longest idle one; kNone when every one of them had a packet after `not_after_ns`.
  uint32_t pick_victim(int64_t not_after_ns);

  StreamHot& hot(uint32_t row) { return hot_[row]; }
  StreamCold& cold(uint32_t row) { return cold_[row]; }
  const StreamHot& hot(uint32_t row) const { return hot_[row]; }
  AddressPair addresses(uint32_t row) const;
  StreamParts& parts() { return parts_; }
  // What the first packet of the stream came in; kNone when it was plain.
  Tunnel tunnel(uint32_t row) const;
  StreamEndpoints endpoints(uint32_t row) const;

  [[gnu::always_inline]] void prefetch_bucket(uint64_t hash) const {
    prefetch<sizeof(Bucket)>(&buckets_[hash & mask_]);
  }
  [[gnu::always_inline]] void prefetch_row(uint32_t row) const {
    prefetch<sizeof(StreamHot)>(&hot_[row]);
    prefetch<sizeof cold_->pdv_histogram>(&cold_[row].pdv_histogram);
  }

  uint32_t size() const { return size_; }
  uint32_t capacity() const { return capacity_; }
  // Rows that were ever used lie below this one.
  uint32_t high_water() const { return high_water_; }
  // Bytes used by the index, the rows ever used and the parts ever taken (without endpoints never touched).
  size_t bytes_used() const;

 private:
  static constexpr size_t kWays = 12;
  struct alignas(64) Bucket {
    uint8_t tags[kWays];  // 0: empty
    uint8_t overflow;     // keys that wanted this bucket and live further on; 255 stays 255
    uint8_t pad[3];
    uint32_t rows[kWays];
  };
  static_assert(sizeof(Bucket) == 64);

  static uint8_t tag_of(uint64_t hash) {
    const auto tag = static_cast<uint8_t>(hash >> 56);
    return tag != 0 ? tag : 1;
  }
  // Bit i is set when tag i of the bucket is `tag`.
  static uint32_t matches(const Bucket& bucket, uint8_t tag) {
#ifdef __SSE2__
    const __m128i tags = _mm_load_si128(reinterpret_cast<const __m128i*>(&bucket));
    const __m128i equal = _mm_cmpeq_epi8(tags, _mm_set1_epi8(static_cast<char>(tag)));
    return static_cast<uint32_t>(_mm_movemask_epi8(equal)) & ((1U << kWays) - 1);
#else
    uint32_t bits = 0;
    for (size_t i = 0; i < kWays; i++) bits |= static_cast<uint32_t>(bucket.tags[i] == tag) << i;
    return bits;
#endif
  }
  uint32_t take_row();

  uint32_t capacity_;
  uint32_t size_ = 0;
  uint32_t high_water_ = 0;
  uint32_t endpoints_high_water_ = 0;
  uint32_t hand_ = 0;
  uint32_t free_head_ = kNone;  // free rows form a list through hot.max_seq
  uint64_t mask_;
  StreamParts parts_;
  Arena bucket_arena_, hot_arena_, cold_arena_, endpoints_arena_;
  Bucket* buckets_;
  StreamHot* hot_;
  StreamCold* cold_;
  StreamEndpoints* endpoints_;
};

}  // namespace rtpsonde

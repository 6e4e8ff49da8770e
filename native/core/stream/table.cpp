#include "core/stream/table.h"

#include <algorithm>
#include <bit>
#include <string>

#include "core/base/error.h"

namespace rtpsonde {

namespace {

constexpr uint32_t kUsualFill = 8;
// Of a stream that lives long and loses nothing, IPv4; the index has up to twice as many buckets.
static_assert(sizeof(StreamHot) + sizeof(StreamCold) + sizeof(StreamPast) + 2 * 64 / kUsualFill <= 512);

uint64_t bucket_count(uint32_t max_streams) {
  return std::bit_ceil(std::max<uint64_t>(2, max_streams / kUsualFill));
}

uint32_t checked(uint32_t max_streams) {
  if (max_streams < 1 || max_streams > 1U << 24) {
    throw Error("ERR_ENGINE_OPTIONS", "maxStreams must be 1 to 16777216, not " + std::to_string(max_streams));
  }
  return max_streams;
}

}  // namespace

StreamTable::StreamTable(uint32_t max_streams)
    : capacity_(checked(max_streams)),
      mask_(bucket_count(max_streams) - 1),
      parts_(max_streams),
      bucket_arena_(bucket_count(max_streams) * sizeof(Bucket)),
      hot_arena_(max_streams * sizeof(StreamHot)),
      cold_arena_(max_streams * sizeof(StreamCold)),
      endpoints_arena_(max_streams * sizeof(StreamEndpoints)),
      buckets_(static_cast<Bucket*>(bucket_arena_.data())),
      hot_(static_cast<StreamHot*>(hot_arena_.data())),
      cold_(static_cast<StreamCold*>(cold_arena_.data())),
      endpoints_(static_cast<StreamEndpoints*>(endpoints_arena_.data())) {}

uint32_t StreamTable::find(const StreamKey& key, uint64_t hash) const {
  const uint8_t tag = tag_of(hash);
  const uint64_t home = hash & mask_;
  for (uint64_t b = home;;) {
    const Bucket& bucket = buckets_[b];
    for (uint32_t bits = matches(bucket, tag); bits != 0; bits &= bits - 1) {
      const uint32_t row = bucket.rows[std::countr_zero(bits)];
      if (hot_[row].key == key) return row;
    }
    if (bucket.overflow == 0) return kNone;
    b = (b + 1) & mask_;
    if (b == home) return kNone;  // in a small table every bucket may have overflowed once
  }
}

uint32_t StreamTable::take_row() {
  if (free_head_ != kNone) {
    const uint32_t row = free_head_;
    free_head_ = hot_[row].max_seq;
    return row;
  }
  return high_water_ < capacity_ ? high_water_++ : kNone;
}

uint32_t StreamTable::insert(const StreamKey& key, uint64_t hash, const Address& src, const Address& dst,
                             uint8_t ip_version, const Tunnel& tunnel, const OuterTunnels& outer) {
  const uint32_t row = take_row();
  if (row == kNone) return kNone;
  for (uint64_t b = hash & mask_;; b = (b + 1) & mask_) {
    Bucket& bucket = buckets_[b];
    const uint32_t empty = matches(bucket, 0);
    if (empty == 0) {
      if (bucket.overflow < 255) bucket.overflow++;
      continue;
    }
    const int way = std::countr_zero(empty);
    bucket.tags[way] = tag_of(hash);
    bucket.rows[way] = row;
    break;
  }
  size_++;
  hot_[row].key = key;
  const bool apart = ip_version == 6 || tunnel.kind != TunnelKind::kNone;
  hot_[row].flags = apart ? kAddressesApart : 0;
  if (apart) {
    endpoints_[row] = {{src, dst, ip_version}, tunnel, {}};
    for (int i = 0; i + 1 < tunnel.depth; i++) {
      endpoints_[row].outer.ids[i] = outer.ids[i];
      endpoints_[row].outer.kinds[i] = outer.kinds[i];
    }
    endpoints_high_water_ = std::max(endpoints_high_water_, row + 1);
  }
  return row;
}

void StreamTable::erase(uint32_t row, uint64_t hash) {
  for (uint64_t b = hash & mask_;; b = (b + 1) & mask_) {
    Bucket& bucket = buckets_[b];
    bool done = false;
    for (size_t way = 0; way < kWays; way++) {
      if (bucket.tags[way] != 0 && bucket.rows[way] == row) {
        bucket.tags[way] = 0;
        done = true;
        break;
      }
    }
    if (done) break;
    if (bucket.overflow == 0) return;  // was not in the table
    if (bucket.overflow < 255) bucket.overflow--;
  }
  size_--;
  parts_.give(cold_[row]);
  hot_[row] = StreamHot{};
  hot_[row].max_seq = free_head_;
  free_head_ = row;
}

uint32_t StreamTable::pick_victim(int64_t not_after_ns) {
  constexpr uint32_t kLookAt = 32;
  uint32_t victim = kNone;
  for (uint32_t i = 0; i < kLookAt && i < high_water_; i++) {
    hand_ = hand_ + 1 < high_water_ ? hand_ + 1 : 0;
    const StreamHot& row = hot_[hand_];
    if (row.status == StreamStatus::kFree) continue;
    const bool probation = row.status == StreamStatus::kProbation;
    if (!probation && row.last_arrival_ns > not_after_ns) continue;
    if (victim != kNone) {
      const StreamHot& best = hot_[victim];
      const bool best_probation = best.status == StreamStatus::kProbation;
      if (best_probation != probation ? best_probation : best.last_arrival_ns <= row.last_arrival_ns)
        continue;
    }
    victim = hand_;
  }
  return victim;
}

AddressPair StreamTable::addresses(uint32_t row) const {
  const StreamHot& hot_row = hot_[row];
  if ((hot_row.flags & kAddressesApart) != 0) return endpoints_[row].addresses;
  AddressPair pair{};
  const uint32_t src = static_cast<uint32_t>(hot_row.key.a >> 32), dst = static_cast<uint32_t>(hot_row.key.a);
  for (Address* address : {&pair.src, &pair.dst}) (*address)[10] = (*address)[11] = 0xff;
  std::memcpy(&pair.src[12], &src, 4);
  std::memcpy(&pair.dst[12], &dst, 4);
  return pair;
}

Tunnel StreamTable::tunnel(uint32_t row) const {
  return (hot_[row].flags & kAddressesApart) != 0 ? endpoints_[row].tunnel : Tunnel{};
}

StreamEndpoints StreamTable::endpoints(uint32_t row) const {
  if ((hot_[row].flags & kAddressesApart) != 0) return endpoints_[row];
  return {addresses(row), Tunnel{}, {}};
}

size_t StreamTable::bytes_used() const {
  return bucket_arena_.bytes() + high_water_ * (sizeof(StreamHot) + sizeof(StreamCold)) +
         endpoints_high_water_ * sizeof(StreamEndpoints) + parts_.bytes_used();
}

}  // namespace rtpsonde

#include "core/stream/rtcp_join.h"

namespace rtpsonde {

RtcpJoin::RtcpJoin(const StreamTable& table, const HashSeed& seed)
    : table_(table), seed_(seed), slots_(std::make_unique<uint32_t[]>(kSlots)) {}

uint32_t RtcpJoin::slot_of(uint32_t ssrc, const Address& src, const Address& dst) {
  const uint64_t way = address_digest(src) + 3 * address_digest(dst);
  const uint64_t mixed = mix_multiply(way, ssrc ^ 0x9e3779b97f4a7c15);
  return static_cast<uint32_t>(mixed % (kSlots / kShards)) + shard_of(src, dst) * (kSlots / kShards);
}

void RtcpJoin::note_stream(uint32_t row) {
  const AddressPair pair = table_.addresses(row);
  slots_[slot_of(static_cast<uint32_t>(table_.hot(row).key.b), pair.src, pair.dst)] = row + 1;
}

uint32_t RtcpJoin::find(const Ends& ends, uint32_t ssrc) const {
  // How far the RTCP port lies above that of RTP, at each end.
  constexpr struct {
    uint16_t src, dst;
  } kDistances[] = {{1, 1}, {0, 0}, {1, 0}, {0, 1}};
  for (const auto& distance : kDistances) {
    const StreamKey key =
        make_key(ends.src, ends.dst, ends.ip_version, static_cast<uint16_t>(ends.src_port - distance.src),
                 static_cast<uint16_t>(ends.dst_port - distance.dst), ssrc, seed_, ends.identity);
    const uint32_t row = table_.find(key, hash_key(key, seed_));
    if (row != StreamTable::kNone) return row;
  }
  const uint32_t row = slots_[slot_of(ssrc, ends.src, ends.dst)] - 1;
  if (row >= table_.high_water()) return StreamTable::kNone;
  const StreamHot& hot = table_.hot(row);
  if (hot.status == StreamStatus::kFree || static_cast<uint32_t>(hot.key.b) != ssrc) {
    return StreamTable::kNone;
  }
  const AddressPair pair = table_.addresses(row);
  const bool same =
      pair.src == ends.src && pair.dst == ends.dst && table_.tunnel(row).identity == ends.identity;
  return same ? row : StreamTable::kNone;
}

uint32_t RtcpJoin::sent_along(const Datagram& d, uint32_t ssrc) const {
  return find({d.src, d.dst, d.ip_version, d.src_port, d.dst_port, d.tunnel.identity}, ssrc);
}

uint32_t RtcpJoin::sent_against(const Datagram& d, uint32_t ssrc) const {
  return find({d.dst, d.src, d.ip_version, d.dst_port, d.src_port, d.tunnel.identity}, ssrc);
}

}  // namespace rtpsonde

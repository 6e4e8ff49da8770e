// Which stream a report speaks of. RTCP runs on the port next to RTP (RFC 3550 11),
// on the same one (RFC 5761), or on any other that was negotiated (RFC 3605).
#pragma once

#include <cstdint>
#include <memory>

#include "core/decode/decode.h"
#include "core/stream/table.h"

namespace rtpsonde {

class RtcpJoin {
 public:
  RtcpJoin(const StreamTable& table, const HashSeed& seed);

  // An accepted stream: for the search by SSRC when the ports say nothing.
  void note_stream(uint32_t row);

  // The stream `ssrc` whose packets go where the datagram goes; StreamTable::kNone
  // when the tap knows none.
  uint32_t sent_along(const Datagram& datagram, uint32_t ssrc) const;
  // The stream `ssrc` whose packets come from where the datagram goes.
  uint32_t sent_against(const Datagram& datagram, uint32_t ssrc) const;

 private:
  static constexpr uint32_t kSlots = 1U << 16;
  struct Ends {
    const Address& src;
    const Address& dst;
    uint8_t ip_version;
    uint16_t src_port;  // of RTCP
    uint16_t dst_port;
    uint64_t identity;  // of the tunnel
  };
  uint32_t find(const Ends& ends, uint32_t ssrc) const;
  static uint32_t slot_of(uint32_t ssrc, const Address& src, const Address& dst);

  const StreamTable& table_;
  const HashSeed seed_;
  // By a digest of SSRC and addresses, in four parts by shard: a row that had them when it
  // was accepted, and one more, so that 0 is none. Of two streams of one slot the later one
  // is kept: the same one in every run, however many workers share the traffic.
  std::unique_ptr<uint32_t[]> slots_;
};

}  // namespace rtpsonde

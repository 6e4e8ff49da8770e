// What is measured inside the payload and the header extensions: redundant audio
// (RFC 2198), transmission offsets (RFC 5450), the level of G.711. Each only where
// configured.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/base/bytes.h"
#include "core/stream/accounting.h"
#include "core/stream/extra.h"

namespace rtpsonde {

enum class PayloadUse : uint8_t { kNone = 0, kRed = 1, kMuLaw = 2, kALaw = 3 };

struct PayloadOptions {
  struct Type {
    uint8_t payload_type;
    PayloadUse use;
  };
  std::vector<Type> types;
  uint8_t transmission_offset_id = 0;  // of the header extension (RFC 8285); 0: not looked for
};

class PayloadMeter {
 public:
  PayloadMeter(const PayloadOptions& options, const ClockTable& clocks, StreamParts& parts);

  // Whether before() and after() are to be called for this packet.
  bool wants(const StreamHot& hot, uint8_t payload_type) const {
    return (hot.flags & kFollowed) != 0 || offset_id_ != 0 || uses_[payload_type & 0x7f] != PayloadUse::kNone;
  }

  // What the stream was before the packet.
  struct Before {
    SeenWindow seen;
    uint32_t jitter_samples;
  };
  static Before before(const StreamHot& hot) { return {hot.seen, hot.jitter_samples}; }

  // `packet` is what was captured of the RTP packet, its header included.
  void after(const Before& before, StreamHot& hot, StreamCold& cold, const RtpPacket& rtp, Bytes packet,
             Placement placement, double ms_per_tick) const;

 private:
  void follow_red(const Before& before, StreamHot& hot, StreamCold& cold, const RtpPacket& rtp, Bytes packet,
                  Placement placement) const;
  void note_primary(RedRow& row, StreamCold& cold, const RedPayload& red) const;

  std::array<PayloadUse, 128> uses_{};
  uint8_t offset_id_;
  const ClockTable& clocks_;
  StreamParts& parts_;
};

}  // namespace rtpsonde

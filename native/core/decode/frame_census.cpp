// See frame_census.h.
#include "core/decode/frame_census.h"

#include <algorithm>

#include "core/decode/link.h"

namespace rtpsonde {

void FrameCensus::take(const PacketView& packet) {
  frames_++;
  bytes_ += packet.wire_len;
  largest_ = std::max(largest_, packet.wire_len);
  // The lowest bit of the first octet that is sent: group address (802-2014 8.2.2).
  if (packet.bytes.size > 0 && (packet.bytes.u8(0) & 1) != 0) group_++;
  Frame frame;
  open_link(packet, frame);  // where it ends does not matter here
  if (frame.vlan != kNoVlan) vlans_.set(frame.vlan & 0xfff);
}

}  // namespace rtpsonde

// Which packets of a capture file a worker measures when several read the same file. All
// traffic between two addresses is one worker's, so that RTCP on whatever port finds its
// stream, and everything of a call is measured as by a single worker.
#pragma once

#include "core/decode/decode.h"
#include "core/stream/key.h"

namespace rtpsonde {

struct FlowShare {
  uint32_t index = 0;
  uint32_t count =
      1;  // 1..kShards: workers that see the same packets; 1 also live, where the kernel deals them out

  bool owns(const Datagram& d) const { return count == 1 || shard_of(d.src, d.dst) % count == index; }
  // What belongs to no flow, and what concerns the time of all packets, is for one of them.
  bool owns_rest() const { return index == 0; }
};

}  // namespace rtpsonde

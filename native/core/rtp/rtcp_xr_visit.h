// Hands one XR block to the method of the visitor that is for it.
#pragma once

#include <cstdint>

#include "core/rtp/rtcp_visitor.h"

namespace rtpsonde {

enum class XrOutcome : uint8_t {
  kRead,
  kCut,      // valid as far as it was captured, but not enough of it
  kSkipped,  // known by name alone, or unknown: on_skipped_block
  kDropped,  // on_dropped_block
};

XrOutcome visit_xr_block(const XrBlock& block, RtcpVisitor& visitor);

}  // namespace rtpsonde

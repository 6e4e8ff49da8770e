// What one layer hands to the next, and how a packet ends on its way up.
#pragma once

#include <cstdint>
#include <optional>

#include "core/base/bytes.h"
#include "core/base/counters.h"

namespace rtpsonde {

// The counter under which a packet ends in the layer just read; nothing when it
// goes on to the next one.
using End = std::optional<Counter>;

// The content of one layer. Reading needs two bounds: what the layer below says
// there is, and what the capture kept of it (a snap length cuts the rest).
struct Layer {
  Bytes bytes;            // what was captured
  uint32_t wire_len = 0;  // what there was on the wire: bytes.size, or more when cut

  // What follows a header of `header_len` bytes that has been captured whole.
  Layer after(uint32_t header_len) const {
    return {bytes.from(header_len), wire_len > header_len ? wire_len - header_len : 0};
  }
  // The same after a header that states the length of its content: padding
  // behind it is left out, and a claim beyond the frame counts as cut.
  Layer after(uint32_t header_len, uint32_t content_len) const {
    return {bytes.from(header_len).first(content_len), content_len};
  }
};

}  // namespace rtpsonde

// Everything the engine needs to know, complete: defaults live in TypeScript.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/decode/fragments.h"
#include "core/stream/clock_rates.h"
#include "core/stream/span_copies.h"

namespace rtpsonde {

struct EngineOptions {
  int64_t window_ns = 0;
  int64_t idle_timeout_ns = 0;
  uint32_t max_streams = 0;
  uint32_t queue_blocks = 0;
  FragmentOptions fragments;
  SpanCopyOptions span_copies;
  std::vector<PayloadTypeOptions> payload_types;
};

}  // namespace rtpsonde

// Everything the engine needs to know, complete: defaults live in TypeScript.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/capture/packet_filter.h"
#include "core/decode/fragments.h"
#include "core/engine/flow_share.h"
#include "core/stream/accounting.h"
#include "core/stream/clock_rates.h"
#include "core/stream/payload_meter.h"
#include "core/stream/span_copies.h"

namespace rtpsonde {

struct EngineOptions {
  int64_t window_ns = 0;
  int64_t idle_timeout_ns = 0;
  uint32_t max_streams = 0;
  uint32_t queue_blocks = 0;
  FragmentOptions fragments;
  AccountingOptions accounting;
  PayloadOptions payload;
  bool burst_gap_a2 = false;  // RFC 3611 A.2 instead of 4.7.2
  SpanCopyOptions span_copies;
  bool shed = false;  // live: streams, when the worker cannot keep up; else the kernel drops packets
  FlowShare share;    // of one worker; set by the engine
  std::vector<PayloadTypeOptions> payload_types;
  std::shared_ptr<const PacketFilter> filter;  // for packets that the kernel has not filtered; null: none
};

}  // namespace rtpsonde

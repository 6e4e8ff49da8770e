// What RTCP said of one stream, and what followed from it: a row of a pool, taken at
// the first RTCP that speaks of the stream.
#pragma once

#include <cstdint>
#include <type_traits>

#include "core/stream/endpoint_report.h"
#include "core/stream/loss_sides.h"
#include "core/stream/reception_reports.h"
#include "core/stream/rtcp_counts.h"
#include "core/stream/rtt_legs.h"
#include "core/stream/seen_history.h"
#include "core/stream/sender_reports.h"

namespace rtpsonde {

constexpr uint32_t kByeReasonOctets = 32;

// All zero is a row of which nothing is known yet.
struct RtcpRow {
  RtcpCounts counts;
  // the receiver of the stream
  ReceptionReports reception;
  LossSides loss;
  RttLeg downstream;              // from the tap to the receiver and back
  PassedStamps<8> sender_stamps;  // SRs of the sender, which the receiver echoes
  // the sender of the stream
  SenderReports sender;
  RttLeg upstream;                  // from the tap to the sender and back, by DLRR
  PassedStamps<4> receiver_stamps;  // RRTRs of the receiver, which the sender echoes
  SeenHistory history;
  EndpointReport* endpoint;              // null until an XR block with metrics comes
  int64_t bye_ns;                        // 0: none
  uint64_t cname_digest;                 // FNV-1a of the CNAME, whose text is not kept; 0: none
  double remb_bps;                       // last REMB, 0: none
  uint8_t bye_reason[kByeReasonOctets];  // as sent, cut
  uint8_t bye_reason_octets;

  // Tells what happens from now on apart from what was.
  void begin_window();
};
static_assert(std::is_trivially_copyable_v<RtcpRow>);

}  // namespace rtpsonde

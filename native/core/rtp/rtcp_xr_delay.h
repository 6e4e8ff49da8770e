// XR blocks about time: measurement interval (RFC 6776), delay variation (RFC 6798),
// delay (RFC 6843), de-jitter buffer (RFC 7005), synchronization (RFC 7244, RFC 7272).
//
// In these blocks and those of rtcp_xr_loss.h and rtcp_xr_quality.h a figure that
// the sender marks as unavailable is NaN. One that it marks as over range holds
// the nearest value that can be written, and `over_range` of the block is set.
#pragma once

#include <cstdint>

#include "core/base/bytes.h"
#include "core/rtp/rtcp_xr.h"

namespace rtpsonde {

// BT 14: the interval and the whole time that the other metric blocks about the
// same SSRC in the compound speak of.
struct MeasurementInfo {
  uint32_t ssrc;
  uint16_t first_sequence;           // first packet ever received
  uint32_t interval_first_sequence;  // extended, first of the interval
  uint32_t last_sequence;            // extended, last of the interval and of the whole
  double interval_ms;                // duration of the interval
  double cumulative_ms;              // duration of the whole
};
bool read_measurement_info(const XrBlock& block, MeasurementInfo& out);

// BT 15. Positive: packets later than the reference; thresholds are magnitudes as
// the sender wrote them.
struct PdvMetrics {
  enum class Kind : uint8_t { kMapdv2 = 0, kTwoPoint = 1 };  // others are reserved
  uint32_t ssrc;
  Kind kind;                   // pdvtyp: G.1020 6.2.3.2 or Y.1540 6.2.4
  double positive_ms;          // threshold, or peak, of late packets
  double positive_percentile;  // packets below it, 0..100
  double negative_ms;          // the same of early packets
  double negative_percentile;
  double mean_ms;
  bool over_range;
};
bool read_pdv(const XrBlock& block, PdvMetrics& out);

// BT 16.
struct DelayMetrics {
  uint32_t ssrc;
  double round_trip_mean_ms;
  double round_trip_min_ms;
  double round_trip_max_ms;
  double end_system_ms;
};
bool read_delay(const XrBlock& block, DelayMetrics& out);

// BT 23.
struct DejitterBuffer {
  uint32_t ssrc;
  bool adaptive;
  double nominal_ms;     // delay of a packet that comes just in time
  double max_ms;         // of the earliest packet that is not discarded
  double high_water_ms;  // highest nominal delay of the interval
  double low_water_ms;
  bool over_range;
};
bool read_dejitter_buffer(const XrBlock& block, DejitterBuffer& out);

// BT 27: from the session's start to streams in synchrony.
struct InitialSyncDelay {
  uint32_t ssrc;
  double delay_ms;
};
bool read_initial_sync_delay(const XrBlock& block, InitialSyncDelay& out);

// BT 28: this stream against the reference stream; positive when it leads.
struct SyncOffset {
  uint32_t ssrc;
  double offset_ms;
};
bool read_sync_offset(const XrBlock& block, SyncOffset& out);

// BT 12 (RFC 7272 6): when a packet was received and presented.
struct IdmsReport {
  uint32_t source_ssrc;     // of the media
  uint8_t sender_type;      // SPST
  uint8_t payload_type;     // 0..127
  uint32_t correlation_id;  // media stream correlation identifier
  uint64_t received_ntp;    // 32.32 bit seconds since 1900
  uint32_t rtp_timestamp;   // of that packet
  bool has_presented;       // P flag
  uint32_t presented_ntp;   // middle 32 bits, 1/65536 s
};
bool read_idms(const XrBlock& block, IdmsReport& out);

}  // namespace rtpsonde

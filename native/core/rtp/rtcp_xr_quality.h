// XR blocks about what was heard and seen: MOS (RFC 7266), loss concealment (RFC 7294,
// RFC 7867), frames (RFC 7004), XNQ (RFC 5093), multicast acquisition (RFC 6332).
// Unavailable and over-range figures: see rtcp_xr_delay.h.
#pragma once

#include <cstdint>

#include "core/base/bytes.h"
#include "core/rtp/rtcp_xr.h"

namespace rtpsonde {

// BT 8 (RFC 5093): BT's network quality. Names as in the RFC; it has no SSRC.
struct XnqMetrics {
  uint16_t begin_sequence;
  uint16_t end_sequence;
  uint16_t vmaxdiff;  // largest delay variation of one cycle
  uint16_t vrange;    // largest delay variation so far
  uint32_t vsum;      // of the peaks of the cycles
  uint16_t cycles;
  uint16_t buffer_events;             // adaptations of the jitter buffer
  uint32_t degraded_network;          // time degraded by loss and late packets, 24 bit
  uint32_t degraded_buffer;           // time degraded by buffer adaptation, 24 bit
  uint32_t errored_seconds;           // 24 bit
  uint32_t severely_errored_seconds;  // 24 bit
};
bool read_xnq(const XrBlock& block, XnqMetrics& out);

// BT 11 (RFC 6332 4): its TLV elements are not interpreted.
struct MulticastAcquisition {
  uint32_t ssrc;    // of the primary multicast stream
  uint8_t method;   // 1 simple join, 2 rapid acquisition (RFC 6285)
  uint16_t status;  // RFC 6332 4.4
  Bytes elements;
};
bool read_multicast_acquisition(const XrBlock& block, MulticastAcquisition& out);

// BT 19 (RFC 7004 4.1).
struct FrameImpairment {
  uint32_t ssrc;
  bool derived;  // T: counts of derived frames; otherwise of key frames
  uint16_t begin_sequence;
  uint16_t end_sequence;  // one after the last
  uint32_t discarded_frames;
  uint32_t duplicate_frames;
  uint32_t lost_frames;  // wholly
  uint32_t partly_lost_frames;
};
bool read_frame_impairment(const XrBlock& block, FrameImpairment& out);

// BT 29 (RFC 7266): one segment of several.
struct MosSegment {
  uint32_t ssrc;
  uint8_t algorithm;     // CAID, as SDP maps it, 0..255
  uint8_t payload_type;  // 0..127
  uint8_t channel;       // CHID, 0..7, in a segment of several channels
  bool has_channel;
  double mos;       // on the scale of the algorithm
  bool over_range;  // `mos` is NaN
};
// Segments captured as a whole.
uint32_t mos_segments(const XrBlock& block);
MosSegment read_mos_segment(const XrBlock& block, uint32_t index);

// BT 30 (RFC 7294 3). Durations in ticks of the media clock.
struct LossConcealment {
  uint32_t ssrc;
  uint8_t plc;                        // 0 unspecified, 1 silence, 2 simple, 3 enhanced
  double on_time_ticks;               // playout as it should be
  double loss_concealed_ticks;        // made up for loss
  double adjustment_concealed_ticks;  // made up for buffer adaptation
  double interruptions;
  double interruption_mean_ticks;
  bool over_range;
};
bool read_loss_concealment(const XrBlock& block, LossConcealment& out);

// BT 31 (RFC 7294 4).
struct ConcealedSeconds {
  uint32_t ssrc;
  uint8_t plc;  // as in LossConcealment
  double unimpaired_s;
  double concealed_s;
  double severely_concealed_s;
  double threshold;  // loss ratio of a second that makes it severe, 0..1
  bool over_range;
};
bool read_concealed_seconds(const XrBlock& block, ConcealedSeconds& out);

// BT 34 (RFC 7867). Durations in ticks of the media clock.
struct VideoConcealment {
  uint32_t ssrc;
  bool freeze;  // V: frame freeze; otherwise another method
  double impaired_ticks;
  double concealed_ticks;
  double freeze_mean_ticks;     // NaN unless `freeze`
  double impaired_proportion;   // MIFP, 0..255/256 of a frame
  double concealed_proportion;  // MCFP
  double concealed_frames;      // FFSC, fraction of the frames
  bool over_range;
};
bool read_video_concealment(const XrBlock& block, VideoConcealment& out);

}  // namespace rtpsonde

// The seven block types of RFC 3611, and the two run-length blocks made after
// them (RFC 5725, RFC 7097).
#pragma once

#include <cstdint>

#include "core/base/bytes.h"
#include "core/rtp/rtcp_xr.h"

namespace rtpsonde {

// BT 1, 2, 10 and 25 (RFC 3611 4.1, RFC 5725 3, RFC 7097 3).
struct RleReport {
  uint32_t ssrc;
  uint8_t thinning;         // T: only sequence numbers that are multiples of 2^T are reported, 0..15
  bool early;               // BT 25: discarded because early (E=1), otherwise because late
  uint16_t begin_sequence;  // first of the range
  uint16_t end_sequence;    // one after the last
  Bytes chunks;             // 16 bits each, as far as captured
};

// What the chunks say of the packets of the range. In BT 1 and 10 a 0 is a lost
// packet, in BT 2 a 0 is a packet that came more than once, in BT 25 a 1 is one
// that was discarded.
struct RleSummary {
  uint32_t packets;  // reported on: of the range, with T
  uint32_t told;     // of these, with a bit in the chunks that were captured
  uint32_t marked;   // lost, duplicated or discarded
  uint32_t runs;     // of marked packets one after another (in steps of 2^T)
  uint32_t longest;  // packets in the longest of these runs
};

bool read_rle(const XrBlock& block, RleReport& out);

// The runs of equal bits of an RleReport; nothing is allocated.
class RleReader {
 public:
  explicit RleReader(const RleReport& report);
  // The next run: `packets` reported packets from `sequence` on have the bit `set`.
  // False at the end of the range or of the chunks.
  bool next(uint16_t& sequence, uint32_t& packets, bool& set);

 private:
  bool chunk(uint32_t& packets, bool& set);

  Bytes chunks_;
  uint32_t offset_ = 0;
  uint32_t left_;  // packets of the range not yet told
  uint32_t step_;
  uint16_t sequence_;
  uint16_t vector_ = 0;  // bits of a vector not yet told, leftmost first
  uint32_t vector_bits_ = 0;
};

// Packets a report speaks of: multiples of 2^T in [begin, end).
uint32_t rle_packets(const RleReport& report);
// Counts with the meaning that the block's type gives to its bits.
RleSummary summarize_rle(const XrBlock& block, const RleReport& report);

// BT 3 (RFC 3611 4.3).
struct ReceiptTimes {
  uint32_t ssrc;
  uint8_t thinning;
  uint16_t begin_sequence;
  uint16_t end_sequence;
  uint32_t count;  // times captured
  Bytes times;     // count * 4 octets

  // In ticks of the media clock, on the timeline of the RTP timestamps.
  uint32_t time_ticks(uint32_t index) const { return times.be32(4UL * index); }
};
bool read_receipt_times(const XrBlock& block, ReceiptTimes& out);

// BT 4 (RFC 3611 4.4): the clock of a receiver, for who answers with a DlrrItem.
struct ReceiverReferenceTime {
  uint64_t ntp;  // 32.32 bit seconds since 1900
  uint32_t ntp_middle() const { return static_cast<uint32_t>(ntp >> 16); }
};
bool read_receiver_reference_time(const XrBlock& block, ReceiverReferenceTime& out);

// BT 5 (RFC 3611 4.5): one of several.
struct DlrrItem {
  uint32_t ssrc;  // the receiver whose reference time is answered
  uint32_t lrr;   // middle 32 bits of that time; 0: none received
  uint32_t dlrr;  // since it came, in 1/65536 s

  double dlrr_ms() const { return dlrr * (1000.0 / 65536.0); }
};
// Items captured as a whole; 0 when the length is no multiple of three words.
uint32_t dlrr_items(const XrBlock& block);
DlrrItem read_dlrr(const XrBlock& block, uint32_t index);

// BT 6 (RFC 3611 4.6). A figure whose flag is not set is NaN.
struct StatisticsSummary {
  enum class Ttl : uint8_t { kNone, kIpv4, kIpv6, kReserved };
  uint32_t ssrc;
  uint16_t begin_sequence;
  uint16_t end_sequence;  // one after the last
  double lost_packets;
  double duplicate_packets;
  double jitter_min_ticks;  // of the relative transit times, ticks of the media clock
  double jitter_max_ticks;
  double jitter_mean_ticks;
  double jitter_deviation_ticks;
  Ttl ttl_kind;
  double ttl_min;  // time to live or hop limit
  double ttl_max;
  double ttl_mean;
  double ttl_deviation;
};
bool read_statistics_summary(const XrBlock& block, StatisticsSummary& out);

// BT 7 (RFC 3611 4.7). What the sender does not know, or gives a value that its
// RFC calls invalid, is NaN.
struct VoipMetrics {
  enum class Plc : uint8_t { kUnspecified, kDisabled, kEnhanced, kStandard };
  enum class BufferKind : uint8_t { kUnknown, kReserved, kFixed, kAdaptive };
  uint32_t ssrc;
  double loss_rate;            // 0..255/256, of the packets expected
  double discard_rate;         // 0..255/256
  double burst_density;        // 0..255/256, lost or discarded within bursts
  double gap_density;          // 0..255/256
  double burst_duration_ms;    // mean
  double gap_duration_ms;      // mean
  double round_trip_delay_ms;  // 0: not yet known is permitted, so 0 is NaN
  double end_system_delay_ms;  // 0: not known, NaN
  double signal_level_dbm0;    // -127..0 and above, NaN at 127
  double noise_level_dbm0;
  double rerl_db;       // residual echo return loss
  uint8_t gmin;         // received packets that end a burst
  double r_factor;      // 0..100
  double ext_r_factor;  // 0..100
  double mos_lq;        // 1.0..5.0
  double mos_cq;        // 1.0..5.0
  Plc plc;
  BufferKind buffer;
  uint8_t buffer_rate;  // JB rate, 0..15
  double buffer_nominal_ms;
  double buffer_max_ms;
  double buffer_abs_max_ms;  // 65535: at least that
};
bool read_voip_metrics(const XrBlock& block, VoipMetrics& out);

}  // namespace rtpsonde

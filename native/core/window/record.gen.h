// Generated from native/definitions by `npm run generate`. Do not edit.
#pragma once

#include <cstdint>

#include "core/stream/endpoint_figures.gen.h"

namespace rtpsonde {

constexpr uint32_t kBlockMagic = 0x52545053;
constexpr uint16_t kLayoutVersion = 2;
constexpr uint32_t kLayoutHash = 0x90bbe70a;

struct BlockHeader {
  uint32_t magic;  // 0x52545053, 'RTPS'
  uint16_t version;  // Layout version
  uint16_t header_bytes;  // Bytes before the first record
  uint32_t layout_hash;  // Hash of this definition
  uint32_t record_bytes;  // Bytes of one record
  uint32_t rows;  // Number of records
  uint32_t counter_count;  // Number of counters between header and records
  uint16_t shard;  // Worker that sealed the block
  uint16_t shard_count;  // Number of workers
  uint32_t flags;  // Bit 0: the window was closed before its end. Bit 1: blocks before this one were discarded. Bit 2: last block of the worker
  int64_t window_start_ns;  // Start of the window (packet time) [ns since the Unix epoch]
  int64_t window_end_ns;  // End of the window (packet time) [ns since the Unix epoch]
  uint32_t reports;  // Number of RTCP reports after the records
  uint32_t report_bytes;  // Bytes of one report
  double sequence;  // Number of the block within its worker, from 0
};
static_assert(sizeof(BlockHeader) == 64);

struct StreamRecord {
  uint64_t stream_id;  // Stable id: hash of addresses, ports, SSRC and the time of the first packet
  uint64_t pair_id;  // The same for both directions between two addresses and ports, whatever the SSRC
  int64_t stream_start_ns;  // Capture time of the first packet of the stream [ns since the Unix epoch]
  int64_t first_ns;  // Capture time of the first packet in this record [ns since the Unix epoch]
  int64_t last_ns;  // Capture time of the last packet in this record [ns since the Unix epoch]
  uint8_t src[16];  // Source address; IPv4 as IPv4-mapped IPv6 (RFC 4291 2.5.5.2)
  uint8_t dst[16];  // Destination address
  uint32_t ssrc;  // Synchronisation source (RFC 3550 5.1)
  uint16_t src_port;  // Source UDP port
  uint16_t dst_port;  // Destination UDP port
  double packets;  // RTP packets seen at the tap, duplicates included (RFC 3550 A.3)
  double octets;  // RTP payload octets without header and padding [octets] (RFC 3550 6.4.1)
  double expected;  // Highest minus lowest extended sequence number plus 1, summed over segments that a restart separates (RFC 3550 A.3)
  double lost;  // Expected minus distinct packets; in a window: newly missing in it
  double recovered;  // In a window: losses of earlier windows taken back because the packets came after all
  double duplicates;  // Packets whose extended sequence number was seen before
  double reordered;  // Packets below the highest sequence number seen, and not seen before (RFC 4737)
  double late;  // Packets that came after their slot had left the reordering window of 128; their loss is taken back
  double loss_runs;  // Runs of consecutive lost sequence numbers, decided when they leave the reordering window
  double loss_run_packets;  // Packets lost in these runs
  uint32_t loss_run_longest;  // Longest of these runs
  uint32_t reorder_extent_max;  // Largest distance of a reordered packet from the highest sequence number seen
  uint32_t restarts;  // Sequence restarts (jumps confirmed by the next packet) (RFC 3550 A.1)
  uint32_t sequence_errors;  // Packets with a wild sequence number that the next packet did not confirm (RFC 3550 A.1)
  uint32_t timestamp_jumps;  // Steps of more than 1 s between RTP timestamp and arrival; the jitter sample is left out
  uint32_t dtx_resumptions;  // Talk spurts resumed after silence; the jitter sample is left out (RFC 3551 4.1)
  uint32_t comfort_noise_packets;  // Comfort noise packets (RFC 3389)
  uint32_t telephone_event_packets;  // Telephone-event (DTMF) packets (RFC 4733)
  uint32_t markers;  // Packets with the marker bit (RFC 3550 5.1)
  uint32_t payload_type_changes;  // Changes of the media payload type, inside redundant audio of that of the primary block; comfort noise and telephone events are not counted
  uint32_t rtcp_packets;  // RTCP datagrams of this SSRC on the same or the next port
  uint32_t clock_rate;  // RTP clock rate, 0 when unknown [Hz]
  uint32_t timestamp_step;  // Usual RTP timestamp step between packets, 0 when unknown [RTP clock ticks]
  uint32_t last_timestamp;  // RTP timestamp of the last packet that was not behind others [RTP clock ticks]
  uint16_t first_sequence;  // Sequence number of the first packet
  uint16_t last_sequence;  // Sequence number of the last packet
  uint16_t vlan;  // VLAN id last seen (outer tag), 0xffff when untagged
  uint16_t vlan_other;  // Another VLAN id seen before, 0xffff when none
  double jitter_last_ms;  // Interarrival jitter at the end, NaN when there is none [ms] (RFC 3550 A.8)
  double jitter_mean_ms;  // Arithmetic mean of the running estimate after each sample [ms] (RFC 3550 A.8)
  double jitter_max_ms;  // Largest running estimate [ms] (RFC 3550 A.8)
  double jitter_samples;  // Number of jitter samples
  double delta_mean_ms;  // Mean time between consecutive packets, NaN with fewer than two [ms]
  double delta_max_ms;  // Longest time between consecutive packets [ms]
  double burst_squares;  // Sum of the squared lengths of bursts in packets (RFC 6958 3.2)
  double red_primary_octets;  // Of the packets with redundant audio: octets of the primary block, without headers and redundant blocks [octets] (RFC 2198 3)
  uint32_t capture_lost;  // Of the lost: packets that the capture itself is suspected to have missed (estimate)
  uint32_t red_repaired;  // Lost packets whose media came in a redundant block of another packet (RFC 2198)
  uint32_t decided;  // Sequence numbers that have left the reordering window of 128, whether lost or not
  uint32_t bad;  // Of the decided: lost, or discarded by the playout profile that quality uses (RFC 3611 4.7.1)
  uint32_t bad_runs;  // Runs of consecutive bad packets
  uint32_t bursts;  // Bursts: from bad packet to bad packet without Gmin good ones between (RFC 3611 4.7.2)
  uint32_t burst_packets;  // Sequence numbers inside bursts (RFC 3611 4.7.2)
  uint32_t burst_bad;  // Bad packets inside bursts (RFC 3611 4.7.2)
  float burst_density;  // Share of bad packets inside bursts, 0..1; NaN without bursts. By RFC 3611 A.2 when so configured, then since the start of the stream (RFC 3611 4.7.2)
  float gap_density;  // Share of bad packets outside bursts, 0..1; NaN when nothing lies outside (RFC 3611 4.7.2)
  float burst_mean_packets;  // Mean length of a burst; NaN without bursts [packets] (RFC 3611 4.7.2)
  float gap_mean_packets;  // Mean length of a gap; NaN when there is none [packets] (RFC 3611 4.7.2)
  uint32_t playout_packets;  // Packets played through the emulated jitter buffers
  float adaptive_delay_mean_ms;  // Mean playout delay of the adaptive profile, NaN without one [ms]
  float buffer_mean_ms;  // Mean wait of played packets in the jitter buffer of the profile that quality uses; NaN when nothing was played [ms]
  float pdv_mean_ms;  // Mean packet delay variation: transit above the least of the last 5 to 10 s, clock skew removed; NaN without samples [ms] (RFC 5481 4.2)
  float pdv_max_ms;  // Largest packet delay variation [ms] (RFC 5481 4.2)
  float ipdv_mean_ms;  // Mean absolute delay variation between consecutive packets [ms] (RFC 5481 4.1)
  float ipdv_max_ms;  // Largest absolute delay variation between consecutive packets [ms] (RFC 5481 4.1)
  float mapdv2_ms;  // Mean absolute packet delay variation 2 at the end [ms] (ITU-T G.1020 6.2.3.2)
  float skew_ppm;  // Clock skew: growth of the least transit, positive when the sender's clock runs slow against the capture clock; NaN until 20 s were seen [ppm]
  float jitter_transmission_ms;  // Jitter at the end with the sender's transmission offsets taken out, NaN without such offsets [ms] (RFC 5450 3)
  float signal_level_dbm0;  // Level of speech, NaN when the payload was not captured or is not G.711 [dBm0] (RFC 3611 4.7.4)
  float noise_level_dbm0;  // Level of the pauses, NaN when unknown [dBm0] (RFC 3611 4.7.4)
  float silence_share;  // Share of frames without speech, 0..1, NaN when unknown
  float clipping_share;  // Share of samples at the largest amplitude in runs, 0..1, NaN when unknown
  float span_copy_delay_mean_ms;  // Mean delay of SPAN copies, NaN without copies [ms]
  float span_copy_delay_max_ms;  // Largest delay of a SPAN copy, NaN without copies [ms]
  uint32_t late_discards[3];  // Packets that came too late to be played, by playout profile (RFC 3611 4.7.1)
  uint32_t early_discards[3];  // Packets that came too early for the buffer to hold, by playout profile (RFC 3611 4.7.1)
  uint32_t pdv_histogram[16];  // Packets by delay variation; the bins end at pdvBinEndsMs, the last is open (RFC 5481 4.2)
  uint32_t span_copies;  // Copies of packets that the mirror port delivered twice; in no other number
  uint32_t stalls;  // Pauses longer than the configured time that are not silence of the sender
  uint32_t red_packets;  // Packets with redundant audio (RFC 2198)
  uint32_t tunnel_id;  // Identifier of the innermost tunnel: VNI, TEID, session id, key, label
  uint32_t outer_tunnel_ids[3];  // Identifiers of the tunnels around the innermost one, outermost first; tunnelDepth - 1 of them, else 0
  uint32_t report_row;  // Row of the RTCP report of this stream in this block, 0xffffffff when there is none
  uint16_t inner_vlan;  // VLAN id inside the tunnel, 0xffff when untagged
  uint8_t tunnel_kind;  // Kind of the innermost tunnel, 0 when none
  uint8_t tunnel_depth;  // Number of tunnels around the packets
  uint8_t outer_tunnel_kinds[3];  // Kinds of the tunnels around the innermost one, outermost first; 0 when there is none
  uint8_t reserved;  // 0
  uint64_t payload_types_low;  // Payload types seen, bit n is type n (0..63)
  uint64_t payload_types_high;  // Payload types seen, bit n is type 64+n
  uint64_t dscp_seen;  // DSCP values seen, bit n is value n (RFC 2474)
  uint8_t payload_type;  // Media payload type last seen (RFC 3550 5.1)
  uint8_t dscp;  // DSCP last seen (RFC 2474)
  uint8_t kind;  // 1: a window of a stream. 2: the whole stream, at its end
  uint8_t end_reason;  // 0: not ended. 1: idle. 2: end of the capture. 3: evicted. 4: the engine stopped. 5: shed
  uint8_t clock_source;  // 0: unknown. 1: static payload type (RFC 3551). 2: configuration. 3: inferred from the traffic
  uint8_t ip_version;  // 4 or 6
  uint8_t media_kind;  // 0: unknown. 1: audio. 2: video
  uint8_t red_primary_payload_type;  // Payload type of the primary block of redundant audio, last seen; comfort noise and telephone events left out. 255 when none was seen (RFC 2198 3)
  uint8_t interface;  // Network interface of the last packet, by its place in the configuration from 0; 15 of files
  uint8_t interface_other;  // Another interface that packets of the stream came from before, 15 when none
  uint8_t spare[6];  // 0
};
static_assert(sizeof(StreamRecord) == 568);

struct ReportRecord {
  uint64_t stream_id;  // Stable id of the stream, as in its record
  uint32_t stream_row;  // Row of the record of the stream in this block
  uint16_t kind;  // 1: a window of a stream. 2: the whole stream, at its end
  uint16_t bye_reason_octets;  // Octets of byeReason (RFC 3550 6.6)
  int64_t bye_ns;  // Capture time of the BYE of the sender, 0 when there was none [ns since the Unix epoch] (RFC 3550 6.6)
  uint64_t cname_digest;  // FNV-1a of the CNAME of the sender, whose text is not kept; 0 when not known (RFC 3550 6.5.1)
  int64_t endpoint_ns;  // Capture time of the last extended report with metrics, 0 when there was none; all endpoint fields are the last values reported, and NaN (255 in octets) when not reported [ns since the Unix epoch]
  int64_t endpoint_voip_ns;  // Capture time of the last VoIP metrics block, 0 when there was none [ns since the Unix epoch] (RFC 3611 4.7)
  uint8_t bye_reason[32];  // Reason given with the BYE, as sent, cut (RFC 3550 6.6)
  int64_t last_report_ns;  // Capture time of the last report block about the stream, 0 when there was none [ns since the Unix epoch]
  uint32_t reporter_ssrc;  // Who reports on the stream, of meaning when there are reports (RFC 3550 6.4.1)
  uint32_t reported_highest_sequence;  // Extended highest sequence number received, by the last report (RFC 3550 6.4.1)
  uint32_t reports;  // Report blocks whose figures are used: those of the reporter (RFC 3550 6.4.1)
  uint32_t reported_jitter_max_ticks;  // Largest interarrival jitter reported [RTP clock ticks] (RFC 3550 6.4.1)
  double reported_cumulative_lost;  // Cumulative number of packets lost by the last report, may be negative; NaN without reports [packets] (RFC 3550 6.4.1)
  double reported_fraction_lost;  // Fraction lost by the last report, 0..1; NaN without reports (RFC 3550 6.4.1)
  double reported_fraction_lost_max;  // Largest fraction lost reported, 0..1; NaN without reports (RFC 3550 6.4.1)
  double reported_jitter_ticks;  // Interarrival jitter by the last report; NaN without reports [RTP clock ticks] (RFC 3550 6.4.1)
  double reported_jitter_mean_ticks;  // Mean of the interarrival jitter reported; NaN without reports [RTP clock ticks] (RFC 3550 6.4.1)
  double reported_offset_jitter_ticks;  // Interarrival jitter with the transmission offsets taken out, by the last extended jitter report; NaN without one [RTP clock ticks] (RFC 5450 4)
  double reported_offset_jitter_mean_ticks;  // Mean of these; NaN without one [RTP clock ticks] (RFC 5450 4)
  double reported_offset_jitter_max_ticks;  // Largest of these; NaN without one [RTP clock ticks] (RFC 5450 4)
  double downstream_rtt_mean_ms;  // Mean round-trip time between the tap and the receiver: an SR passes the tap, and its echo in a report block comes back; NaN without one [ms] (RFC 3550 6.4.1)
  double downstream_rtt_min_ms;  // Least of them; NaN without one [ms] (RFC 3550 6.4.1)
  double downstream_rtt_max_ms;  // Largest of them; NaN without one [ms] (RFC 3550 6.4.1)
  double downstream_rtt_last_ms;  // Last one of the stream; NaN without one [ms] (RFC 3550 6.4.1)
  uint32_t downstream_rtt_count;  // Round-trip times
  uint32_t downstream_rtt_rejected;  // Echoes that gave no time that can be: negative, above 60 s, or the delay in a wrong unit
  double upstream_rtt_mean_ms;  // Mean round-trip time between the tap and the sender: an RRTR passes the tap, and its echo in a DLRR comes back; NaN without one [ms] (RFC 3611 4.5)
  double upstream_rtt_min_ms;  // Least of them; NaN without one [ms] (RFC 3611 4.5)
  double upstream_rtt_max_ms;  // Largest of them; NaN without one [ms] (RFC 3611 4.5)
  double upstream_rtt_last_ms;  // Last one of the stream; NaN without one [ms] (RFC 3611 4.5)
  uint32_t upstream_rtt_count;  // Round-trip times
  uint32_t upstream_rtt_rejected;  // Echoes that gave no time that can be: negative, above 60 s, or the delay in a wrong unit
  double side_expected;  // Sequence numbers that the following losses speak of: between the first and the last report block that could be aligned [packets] (RFC 3550 6.4.4)
  double side_seen;  // Of these, distinct packets seen at the tap [packets]
  double side_reported_lost;  // Change of the cumulative number lost meanwhile, may be negative [packets] (RFC 3550 6.4.1)
  double side_tap_duplicates;  // Duplicates seen at the tap meanwhile [packets]
  double upstream_lost;  // Not seen at the tap: lost between sender and tap, or missed by the capture. Negative in a window when packets came late [packets]
  double downstream_lost;  // Seen at the tap and lost between tap and receiver: reported lost minus upstream lost. Negative when the receiver got more than passed the tap [packets]
  double capture_missed;  // Of upstreamLost: packets that the receiver must have got and the capture missed, at least (estimate) [packets]
  uint32_t side_intervals;  // Pairs of report blocks that were used
  uint32_t side_unaligned;  // Report blocks left out since the start of the stream, as the tap no longer knew their number, or another one had overtaken them
  uint32_t side_rebased;  // Times since the start of the stream that stream, receiver or reporter began anew; what lies between is on neither side
  uint32_t sender_reports;  // Sender reports of the stream (RFC 3550 6.4.1)
  int64_t last_sender_report_ns;  // Capture time of the last sender report, 0 when there was none [ns since the Unix epoch]
  uint64_t sender_ntp;  // NTP time stamp of the last sender report, 0 when there was none [s/2^32 since 1900] (RFC 3550 6.4.1)
  double sender_packets;  // Packets that the sender says to have sent between sender reports [packets] (RFC 3550 6.4.1)
  double sender_octets;  // Payload octets that it says to have sent meanwhile [octets] (RFC 3550 6.4.1)
  double tap_packets;  // Distinct packets seen at the tap meanwhile; senderPackets less these were lost before the tap or missed by the capture [packets]
  double tap_octets;  // Payload octets seen at the tap meanwhile, copies included [octets]
  double sender_clock_hz;  // Ticks of the RTP clock in a second of the wallclock of the sender, over the whole stream; NaN with less than 1 s between two sender reports [Hz] (RFC 3550 6.4.1)
  double remb_bps;  // Bit rate of the last REMB, NaN when there was none [bit/s] (draft-alvestrand-rmcat-remb-03)
  uint32_t sender_rtp_timestamp;  // RTP timestamp of the last sender report [RTP clock ticks] (RFC 3550 6.4.1)
  uint32_t report_blocks;  // Report blocks about the stream, of any reporter (RFC 3550 6.4.1)
  uint32_t unknown_lsrs;  // Report blocks that echo an SR which the tap did not see, or too long ago (RFC 3550 6.4.1)
  uint32_t unknown_lrrs;  // DLRR of the sender that echo a reference time which the tap did not see, or too long ago (RFC 3611 4.5)
  uint32_t nacks;  // Generic NACK packets (RFC 4585 6.2.1)
  uint32_t nacked_packets;  // Sequence numbers asked for by NACK (RFC 4585 6.2.1)
  uint32_t plis;  // Picture loss indications (RFC 4585 6.3.1)
  uint32_t slis;  // Slice loss indications (RFC 4585 6.3.2)
  uint32_t rpsis;  // Reference picture selection indications (RFC 4585 6.3.3)
  uint32_t firs;  // Full intra requests (RFC 5104 4.3.1)
  uint32_t tmmbrs;  // Temporary maximum media stream bit rate requests (RFC 5104 4.2.1)
  uint32_t tmmbns;  // Notifications of the sender, in answer to TMMBR (RFC 5104 4.2.2)
  uint32_t tstrs;  // Temporal-spatial trade-off requests (RFC 5104 4.3.2)
  uint32_t tstns;  // Notifications of the sender, in answer to TSTR (RFC 5104 4.3.3)
  uint32_t vbcms;  // H.271 video back channel messages (RFC 5104 4.3.4)
  uint32_t rembs;  // Receiver estimated maximum bit rates (draft-alvestrand-rmcat-remb-03)
  uint32_t transport_ccs;  // Transport-wide congestion control feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01)
  uint32_t ccfbs;  // Congestion control feedback (RFC 8888 3.1)
  uint32_t ecn_feedbacks;  // ECN feedback (RFC 6679 5.1)
  uint32_t other_feedbacks;  // Other feedback packets (RFC 4585 6.1)
  uint32_t xr_blocks;  // Metrics about the stream in extended reports, of any reporter (RFC 3611 3)
  uint32_t xr_without_interval;  // Of these, interval metrics without the measurement information that tells their interval; kept all the same (RFC 6776 4)
  uint32_t xr_skipped;  // Blocks of extended reports stepped over: of types not read (9, 22, 32) or not known (RFC 3611 3)
  uint32_t xr_dropped;  // Blocks of extended reports dropped: a reserved I flag, or a length that cannot be (RFC 6792)
  uint32_t reduced_size;  // Compounds of the sender without a report at their head (RFC 5506)
  uint32_t srtcp_packets;  // Encrypted compounds of the sender (RFC 3711 3.4)
  uint32_t malformed_rtcp;  // Compounds of the sender whose lengths do not add up (RFC 3550 A.2)
  uint32_t app_packets;  // Application-defined packets of the sender (RFC 3550 6.7)
  uint32_t other_rtcp_packets;  // RTCP packets of the sender that are known by their length alone: types 194, 208..211 and unassigned ones (RFC 3550 12.1)
  uint32_t endpoint_reporter_ssrc;  // Whose extended reports the endpoint fields are of, when there are any (RFC 3611 2)
  uint32_t endpoint_interval_bits[5];  // Bit i % 32 of word i / 32: endpoint figure i, in the order of this table, is of the last interval alone (I flag 10) (RFC 6792)
  uint32_t endpoint_sampled_bits[5];  // The same of figures that are of one instant (I flag 01) (RFC 6792)
  EndpointFigures endpoint;
  uint8_t endpoint_gmin;  // By the endpoint: Received packets that end a burst, 0 when not reported (RFC 3611 4.7.2)
  uint8_t endpoint_plc;  // By the endpoint: Loss concealment: 0 unspecified, 1 disabled, 2 enhanced, 3 standard (RFC 3611 4.7.6)
  uint8_t endpoint_buffer_kind;  // By the endpoint: Jitter buffer: 0 unknown, 1 reserved, 2 fixed, 3 adaptive (RFC 3611 4.7.6)
  uint8_t endpoint_buffer_rate;  // By the endpoint: Jitter buffer adaptation rate, 0..15 (RFC 3611 4.7.6)
  uint8_t endpoint_pdv_kind;  // By the endpoint: Kind of delay variation: 0 MAPDV2, 1 two-point (RFC 6798 3)
  uint8_t endpoint_mos_algorithm;  // By the endpoint: Algorithm of endpointMos, as SDP maps it (RFC 7266 3)
  uint8_t endpoint_mos_payload_type;  // By the endpoint: Payload type of endpointMos (RFC 7266 3)
  uint8_t endpoint_dejitter_kind;  // By the endpoint: De-jitter buffer: 0 fixed, 1 adaptive (RFC 7005 4)
  uint8_t endpoint_concealment_plc;  // By the endpoint: Loss concealment: 0 unspecified, 1 silence, 2 simple, 3 enhanced (RFC 7294 3)
  uint8_t endpoint_burst_combined;  // By the endpoint: 1 when the bursts of loss are those of loss and discard together, 0 when of loss alone (RFC 6958 3)
  uint8_t reserved[2];  // 0
};
static_assert(sizeof(ReportRecord) == 1048);

}  // namespace rtpsonde

// Generated from native/definitions by `npm run generate`. Do not edit.
#pragma once

#include <cstdint>

namespace rtpsonde {

constexpr uint32_t kBlockMagic = 0x52545053;
constexpr uint16_t kLayoutVersion = 1;
constexpr uint32_t kLayoutHash = 0x1fdcedaa;

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
  double sequence;  // Number of the block within its worker, from 0
};
static_assert(sizeof(BlockHeader) == 56);

struct StreamRecord {
  uint64_t stream_id;  // Stable id: hash of addresses, ports, SSRC and the time of the first packet
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
  uint32_t payload_type_changes;  // Changes of the media payload type; comfort noise and telephone events are not counted
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
  uint64_t payload_types_low;  // Payload types seen, bit n is type n (0..63)
  uint64_t payload_types_high;  // Payload types seen, bit n is type 64+n
  uint64_t dscp_seen;  // DSCP values seen, bit n is value n (RFC 2474)
  uint8_t payload_type;  // Media payload type last seen (RFC 3550 5.1)
  uint8_t dscp;  // DSCP last seen (RFC 2474)
  uint8_t kind;  // 1: a window of a stream. 2: the whole stream, at its end
  uint8_t end_reason;  // 0: not ended. 1: idle. 2: end of the capture. 3: evicted. 4: the engine stopped
  uint8_t clock_source;  // 0: unknown. 1: static payload type (RFC 3551). 2: configuration. 3: inferred from the traffic
  uint8_t ip_version;  // 4 or 6
  uint8_t media_kind;  // 0: unknown. 1: audio. 2: video
  uint8_t reserved;  // 0
};
static_assert(sizeof(StreamRecord) == 296);

}  // namespace rtpsonde

-- Tables of rtpsonde for PostgreSQL 12 or newer, with or without Timescale.
-- Generated from src/export/columns.ts by `npm run generate`.
--   psql -v ON_ERROR_STOP=1 -d DATABASE -f schema.sql
-- May be applied again: after an update it adds the columns that are new.
-- The role of the probes needs no more than this:
--   GRANT TEMPORARY ON DATABASE ... TO probe;
--   GRANT USAGE ON SCHEMA rtpsonde TO probe;
--   GRANT INSERT ON ALL TABLES IN SCHEMA rtpsonde TO probe;

BEGIN;
-- Several probes may start at once.
SELECT pg_advisory_xact_lock(hashtext('rtpsonde schema'));
CREATE SCHEMA IF NOT EXISTS "rtpsonde";
SET LOCAL search_path TO "rtpsonde", public;

CREATE TABLE IF NOT EXISTS windows (
  "id" text NOT NULL,
  "window_start" timestamptz NOT NULL,
  PRIMARY KEY (id, window_start)
);
ALTER TABLE windows
  -- Version of this schema
  ADD COLUMN IF NOT EXISTS "schema_version" bigint,
  -- Name of the probe
  ADD COLUMN IF NOT EXISTS "probe" text,
  -- End of the window: RFC 3339, UTC, nanoseconds (packet time of the capture clock)
  ADD COLUMN IF NOT EXISTS "window_end" timestamptz,
  -- Id of the stream: hash of addresses, ports, SSRC and first packet time, 16 hex digits
  ADD COLUMN IF NOT EXISTS "stream_id" text,
  -- The same for both directions between two addresses and ports, whatever the SSRC, 16 hex digits
  ADD COLUMN IF NOT EXISTS "pair_id" text,
  -- Synchronisation source (RFC 3550 5.1), hex with 0x
  ADD COLUMN IF NOT EXISTS "ssrc" text,
  -- Source address
  ADD COLUMN IF NOT EXISTS "src_address" text,
  -- Source UDP port
  ADD COLUMN IF NOT EXISTS "src_port" bigint,
  -- Destination address
  ADD COLUMN IF NOT EXISTS "dst_address" text,
  -- Destination UDP port
  ADD COLUMN IF NOT EXISTS "dst_port" bigint,
  -- RTP encoding name, from RFC 3551 or configuration; null when unknown
  ADD COLUMN IF NOT EXISTS "codec" text,
  -- Kind of media; null when unknown
  ADD COLUMN IF NOT EXISTS "media" text,
  -- Media payload type seen last
  ADD COLUMN IF NOT EXISTS "payload_type" bigint,
  -- Payload types seen since the start of the stream, ascending
  ADD COLUMN IF NOT EXISTS "payload_types" jsonb,
  -- RTP clock rate, Hz; null when unknown
  ADD COLUMN IF NOT EXISTS "clock_rate_hz" bigint,
  -- static: RFC 3551. config: configuration. inferred: estimated from timestamps and arrival, then snapped to a known rate
  ADD COLUMN IF NOT EXISTS "clock_rate_source" text,
  -- First packet of the stream: RFC 3339, UTC, nanoseconds (packet time of the capture clock)
  ADD COLUMN IF NOT EXISTS "start_time" timestamptz,
  -- Last packet: RFC 3339, UTC, nanoseconds (packet time of the capture clock)
  ADD COLUMN IF NOT EXISTS "end_time" timestamptz,
  -- From the first to the last packet of this summary, ms
  ADD COLUMN IF NOT EXISTS "duration_ms" double precision,
  -- Network interface that the last packet came from; null for files
  ADD COLUMN IF NOT EXISTS "interface" text,
  -- Another interface that packets of the stream came from before; null when none
  ADD COLUMN IF NOT EXISTS "interface_other" text,
  -- VLAN id seen last (outer tag); null when untagged
  ADD COLUMN IF NOT EXISTS "vlan" bigint,
  -- Another VLAN id seen before; null when none
  ADD COLUMN IF NOT EXISTS "vlan_other" bigint,
  -- DSCP seen last (RFC 2474)
  ADD COLUMN IF NOT EXISTS "dscp" bigint,
  -- All DSCP values seen since the start of the stream
  ADD COLUMN IF NOT EXISTS "dscp_seen" jsonb,
  -- Kind of the innermost tunnel
  ADD COLUMN IF NOT EXISTS "tunnel_kind" text,
  -- Its identifier: VNI, TEID, session id, key or label; 0 when it has none
  ADD COLUMN IF NOT EXISTS "tunnel_id" bigint,
  -- Number of tunnels around the packets
  ADD COLUMN IF NOT EXISTS "tunnel_depth" bigint,
  -- VLAN id inside the tunnel; null when untagged
  ADD COLUMN IF NOT EXISTS "tunnel_inner_vlan" bigint,
  -- The tunnels around the innermost one, outermost first; empty when there is one alone
  ADD COLUMN IF NOT EXISTS "tunnel_outer" jsonb,
  -- RTP packets seen at the tap, duplicates included
  ADD COLUMN IF NOT EXISTS "packets" bigint,
  -- RTP payload octets, without header and padding (RFC 3550 6.4.1)
  ADD COLUMN IF NOT EXISTS "octets" bigint,
  -- Payload bit rate while sending: octets per packet over the packet time, kbit/s; redundant audio with all its blocks; null when the packet time is unknown
  ADD COLUMN IF NOT EXISTS "bitrate_kbps" double precision,
  -- Usual media time per packet (for video per frame), from timestamps, ms; null when unknown
  ADD COLUMN IF NOT EXISTS "packet_time_ms" double precision,
  -- What redundant audio carries (RFC 2198 3), which is what the MOS rates; null when the last media came outside of it
  ADD COLUMN IF NOT EXISTS "red_primary" jsonb,
  -- Highest minus lowest extended sequence number plus 1, over segments that a restart separates
  ADD COLUMN IF NOT EXISTS "expected" bigint,
  -- Expected minus distinct packets; in a window: newly missing in it
  ADD COLUMN IF NOT EXISTS "lost" bigint,
  -- lost / expected, 0..1; null when nothing was expected
  ADD COLUMN IF NOT EXISTS "loss_ratio" double precision,
  -- Expected minus all packets (RFC 3550 A.3): duplicates make it negative; to hold against receiver reports
  ADD COLUMN IF NOT EXISTS "cumulative_lost" bigint,
  -- Of the lost: packets that the capture itself is suspected to have missed, by gaps of all paths at once or because a receiver reports to have got them (estimate); no loss of the network
  ADD COLUMN IF NOT EXISTS "capture_lost" bigint,
  -- lost less captureLost, 0 or more
  ADD COLUMN IF NOT EXISTS "network_lost" bigint,
  -- That / (expected less captureLost), 0..1; null when nothing was expected
  ADD COLUMN IF NOT EXISTS "network_loss_ratio" double precision,
  -- Packets with redundant audio (RFC 2198)
  ADD COLUMN IF NOT EXISTS "red_packets" bigint,
  -- Lost packets whose media came in a redundant block of another packet (RFC 2198 3)
  ADD COLUMN IF NOT EXISTS "red_repaired" bigint,
  -- lost less repaired, 0 or more
  ADD COLUMN IF NOT EXISTS "red_unrepaired" bigint,
  -- That / expected, 0..1; null when nothing was expected
  ADD COLUMN IF NOT EXISTS "red_unrepaired_ratio" double precision,
  -- Packets whose extended sequence number was seen before
  ADD COLUMN IF NOT EXISTS "duplicates" bigint,
  -- Packets below the highest sequence number seen, and not seen before
  ADD COLUMN IF NOT EXISTS "reordered" bigint,
  -- Largest distance of a reordered packet from the highest sequence number seen
  ADD COLUMN IF NOT EXISTS "reorder_extent_max" bigint,
  -- Packets that came after the reordering window of 128; their loss is taken back
  ADD COLUMN IF NOT EXISTS "late" bigint,
  -- Sequence restarts (RFC 3550 A.1)
  ADD COLUMN IF NOT EXISTS "restarts" bigint,
  -- Packets with a wild sequence number that nothing confirmed
  ADD COLUMN IF NOT EXISTS "sequence_errors" bigint,
  -- Sequence number of the first packet
  ADD COLUMN IF NOT EXISTS "first_sequence" bigint,
  -- Sequence number of the last packet
  ADD COLUMN IF NOT EXISTS "last_sequence" bigint,
  -- Runs of consecutive lost packets
  ADD COLUMN IF NOT EXISTS "loss_runs" bigint,
  -- Their mean length, packets; null when there are none
  ADD COLUMN IF NOT EXISTS "loss_run_mean_packets" double precision,
  -- The longest, packets
  ADD COLUMN IF NOT EXISTS "loss_run_longest_packets" bigint,
  -- Definition of RFC 3611 4.7.2, or the approximation of A.2: then densities and durations are since the start of the stream
  ADD COLUMN IF NOT EXISTS "burst_gap_method" text,
  -- Good packets in a row that end a burst (RFC 3611 4.7.2)
  ADD COLUMN IF NOT EXISTS "gmin" bigint,
  -- Sequence numbers that have left the reordering window of 128, whether lost or not
  ADD COLUMN IF NOT EXISTS "burst_decided" bigint,
  -- Of these: lost, or discarded by the playout profile that quality uses
  ADD COLUMN IF NOT EXISTS "bad_packets" bigint,
  -- Runs of consecutive bad packets
  ADD COLUMN IF NOT EXISTS "bad_runs" bigint,
  -- Bursts: from bad packet to bad packet without Gmin good ones between
  ADD COLUMN IF NOT EXISTS "bursts" bigint,
  -- Sequence numbers inside bursts
  ADD COLUMN IF NOT EXISTS "burst_packets" bigint,
  -- Bad packets inside bursts
  ADD COLUMN IF NOT EXISTS "burst_bad_packets" bigint,
  -- Sum of the squared lengths of bursts, in packets (RFC 6958 3.2)
  ADD COLUMN IF NOT EXISTS "burst_squares" bigint,
  -- Share of bad packets inside bursts, 0..1; null without bursts
  ADD COLUMN IF NOT EXISTS "burst_density" double precision,
  -- Mean duration of a burst: mean packets times packet time, ms; null when there is none
  ADD COLUMN IF NOT EXISTS "burst_duration_ms" double precision,
  -- Share of bad packets outside bursts, 0..1; null when nothing lies outside
  ADD COLUMN IF NOT EXISTS "gap_density" double precision,
  -- Mean duration of a gap: mean packets times packet time, ms; null when there is none
  ADD COLUMN IF NOT EXISTS "gap_duration_ms" double precision,
  -- Where packets were lost. upstream: between sender and tap. downstream: between tap and receiver. capture: by the capture itself. upstream-only-known: none before the tap, and without RTCP what comes after it is unseen. A side counts from 2 packets and 0.1 % on
  ADD COLUMN IF NOT EXISTS "damage_side" text,
  -- rtcp: receiver reports held against the tap (RFC 3550 6.4.4). tap: what the tap saw, alone
  ADD COLUMN IF NOT EXISTS "damage_basis" text,
  -- Sequence numbers that the losses are out of
  ADD COLUMN IF NOT EXISTS "damage_expected" bigint,
  -- Lost between sender and tap, packets
  ADD COLUMN IF NOT EXISTS "upstream_lost" bigint,
  -- Lost between tap and receiver, packets; null without RTCP; negative when the receiver got more than passed the tap
  ADD COLUMN IF NOT EXISTS "downstream_lost" bigint,
  -- Packets that the capture is suspected to have missed (estimate)
  ADD COLUMN IF NOT EXISTS "capture_suspected" bigint,
  -- Mean interarrival jitter at the receiver, by its reports (RFC 3550 6.4.1), ms; null when there is none
  ADD COLUMN IF NOT EXISTS "far_jitter_ms" double precision,
  -- Mean interarrival jitter at the tap (RFC 3550 A.8), ms; null when there is none
  ADD COLUMN IF NOT EXISTS "near_jitter_ms" double precision,
  -- The verdict in a sentence
  ADD COLUMN IF NOT EXISTS "damage_text" text,
  -- Copies of packets that the mirror port delivered twice; in no other number
  ADD COLUMN IF NOT EXISTS "span_copies" bigint,
  -- Mean delay of a copy, ms; null when there is none
  ADD COLUMN IF NOT EXISTS "span_copy_delay_mean_ms" double precision,
  -- Largest delay of a copy, ms; null when there is none
  ADD COLUMN IF NOT EXISTS "span_copy_delay_max_ms" double precision,
  -- Arithmetic mean of the running estimate, ms; null when there is none
  ADD COLUMN IF NOT EXISTS "jitter_mean_ms" double precision,
  -- Largest running estimate, ms; null when there is none
  ADD COLUMN IF NOT EXISTS "jitter_max_ms" double precision,
  -- Running estimate at the end, ms; null when there is none
  ADD COLUMN IF NOT EXISTS "jitter_last_ms" double precision,
  -- Jitter at the end with the sender's transmission offsets taken out (RFC 5450 3), ms; null when there is none
  ADD COLUMN IF NOT EXISTS "jitter_transmission_ms" double precision,
  -- The same in RTP clock ticks, as receiver reports carry it
  ADD COLUMN IF NOT EXISTS "jitter_ticks" jsonb,
  -- Mean, ms; null when there is none
  ADD COLUMN IF NOT EXISTS "delta_mean_ms" double precision,
  -- Longest, ms; null when there is none
  ADD COLUMN IF NOT EXISTS "delta_max_ms" double precision,
  -- Mean packet delay variation: transit above the least of the last 5 to 10 s, clock skew removed (RFC 5481 4.2), ms; null when there is none
  ADD COLUMN IF NOT EXISTS "pdv_mean_ms" double precision,
  -- Largest (RFC 5481 4.2), ms; null when there is none
  ADD COLUMN IF NOT EXISTS "pdv_max_ms" double precision,
  -- Median of pdvHistogram, interpolated inside its bin: right within the bin's width, ms; null when there is none
  ADD COLUMN IF NOT EXISTS "pdv_p50_ms" double precision,
  -- 95 % of the packets stay within, interpolated inside its bin: right within the bin's width, ms; null when there is none
  ADD COLUMN IF NOT EXISTS "pdv_p95_ms" double precision,
  -- 99 % of the packets stay within, interpolated inside its bin: right within the bin's width, ms; null when there is none
  ADD COLUMN IF NOT EXISTS "pdv_p99_ms" double precision,
  -- 99.9 % of the packets stay within, interpolated inside its bin: right within the bin's width, ms; null when there is none
  ADD COLUMN IF NOT EXISTS "pdv_p999_ms" double precision,
  -- Mean absolute delay variation between consecutive packets (RFC 5481 4.1), ms; null when there is none
  ADD COLUMN IF NOT EXISTS "ipdv_mean_ms" double precision,
  -- Largest of these (RFC 5481 4.1), ms; null when there is none
  ADD COLUMN IF NOT EXISTS "ipdv_max_ms" double precision,
  -- Mean absolute packet delay variation 2, at the end (ITU-T G.1020 6.2.3.2), ms; null when there is none
  ADD COLUMN IF NOT EXISTS "mapdv2_ms" double precision,
  -- Packets by delay variation; the bins end at 0.5, 1, 2, 3, 5, 7.5, 10, 15, 20, 30, 40, 60, 100, 200, 500 ms, the last is open. Histograms of several windows add up
  ADD COLUMN IF NOT EXISTS "pdv_histogram" jsonb,
  -- Clock skew, ppm: positive when the sender's clock runs slow against the capture clock; null until 20 s were seen
  ADD COLUMN IF NOT EXISTS "skew_ppm" double precision,
  -- Pauses longer than measure.stallSeconds that are not silence of the sender
  ADD COLUMN IF NOT EXISTS "stalls" bigint,
  -- Steps of more than 1 s between RTP timestamp and arrival
  ADD COLUMN IF NOT EXISTS "timestamp_jumps" bigint,
  -- Talk spurts resumed after silence
  ADD COLUMN IF NOT EXISTS "dtx_resumptions" bigint,
  -- Comfort noise packets (RFC 3389)
  ADD COLUMN IF NOT EXISTS "comfort_noise_packets" bigint,
  -- Telephone-event packets (RFC 4733)
  ADD COLUMN IF NOT EXISTS "telephone_event_packets" bigint,
  -- Changes of the media payload type, inside redundant audio of that of the primary block
  ADD COLUMN IF NOT EXISTS "payload_type_changes" bigint,
  -- Packets with the marker bit
  ADD COLUMN IF NOT EXISTS "markers" bigint,
  -- Packets played through the emulated jitter buffers
  ADD COLUMN IF NOT EXISTS "playout_packets" bigint,
  -- Mean wait of played packets in the buffer that quality uses, ms; null when there is none
  ADD COLUMN IF NOT EXISTS "playout_buffer_mean_ms" double precision,
  -- The configured profiles, side by side
  ADD COLUMN IF NOT EXISTS "playout_profiles" jsonb,
  -- Level of speech, dBm0 (RFC 3611 4.7.4)
  ADD COLUMN IF NOT EXISTS "signal_level_dbm0" double precision,
  -- Level of the pauses, dBm0 (RFC 3611 4.7.4)
  ADD COLUMN IF NOT EXISTS "noise_level_dbm0" double precision,
  -- Share of frames without speech, 0..1
  ADD COLUMN IF NOT EXISTS "silence_share" double precision,
  -- Share of samples at the largest amplitude in runs, 0..1
  ADD COLUMN IF NOT EXISTS "clipping_share" double precision,
  -- Whose RTCP it comes from: reports on this stream, or on the reverse one
  ADD COLUMN IF NOT EXISTS "rtt_downstream_from" text,
  -- Least, ms
  ADD COLUMN IF NOT EXISTS "rtt_downstream_min_ms" double precision,
  -- Mean, ms
  ADD COLUMN IF NOT EXISTS "rtt_downstream_mean_ms" double precision,
  -- Largest, ms
  ADD COLUMN IF NOT EXISTS "rtt_downstream_max_ms" double precision,
  -- How many
  ADD COLUMN IF NOT EXISTS "rtt_downstream_count" bigint,
  -- Echoes that gave no time that can be: negative, above 60 s, delay in a wrong unit
  ADD COLUMN IF NOT EXISTS "rtt_downstream_rejected" bigint,
  -- Whose RTCP it comes from: reports on this stream, or on the reverse one
  ADD COLUMN IF NOT EXISTS "rtt_upstream_from" text,
  -- Least, ms
  ADD COLUMN IF NOT EXISTS "rtt_upstream_min_ms" double precision,
  -- Mean, ms
  ADD COLUMN IF NOT EXISTS "rtt_upstream_mean_ms" double precision,
  -- Largest, ms
  ADD COLUMN IF NOT EXISTS "rtt_upstream_max_ms" double precision,
  -- How many
  ADD COLUMN IF NOT EXISTS "rtt_upstream_count" bigint,
  -- Echoes that gave no time that can be: negative, above 60 s, delay in a wrong unit
  ADD COLUMN IF NOT EXISTS "rtt_upstream_rejected" bigint,
  -- Estimate of the one-way delay from sender to receiver: half the sum of both legs, as if each were symmetric, ms; null when there is none
  ADD COLUMN IF NOT EXISTS "one_way_delay_ms" double precision,
  -- RTCP datagrams of this SSRC on the same or the next port
  ADD COLUMN IF NOT EXISTS "rtcp_packets" bigint,
  -- Report blocks of the reporter (RFC 3550 6.4.1)
  ADD COLUMN IF NOT EXISTS "rtcp_reports" bigint,
  -- The last one: RFC 3339, UTC, nanoseconds (packet time of the capture clock)
  ADD COLUMN IF NOT EXISTS "rtcp_report_time" timestamptz,
  -- SSRC of the reporter, hex with 0x
  ADD COLUMN IF NOT EXISTS "rtcp_reporter_ssrc" text,
  -- By the last report, 0..1
  ADD COLUMN IF NOT EXISTS "rtcp_fraction_lost_last" double precision,
  -- Largest reported, 0..1
  ADD COLUMN IF NOT EXISTS "rtcp_fraction_lost_max" double precision,
  -- Cumulative number of packets lost by the last report, may be negative
  ADD COLUMN IF NOT EXISTS "rtcp_cumulative_lost" bigint,
  -- Extended highest sequence number received, by the last report
  ADD COLUMN IF NOT EXISTS "rtcp_highest_sequence" bigint,
  -- By the last report, ms; null when the clock is unknown
  ADD COLUMN IF NOT EXISTS "rtcp_jitter_last_ms" double precision,
  -- Mean of the reports, ms; null when the clock is unknown
  ADD COLUMN IF NOT EXISTS "rtcp_jitter_mean_ms" double precision,
  -- Largest reported, ms; null when the clock is unknown
  ADD COLUMN IF NOT EXISTS "rtcp_jitter_max_ms" double precision,
  -- The same in ticks of the clock that the stream runs on now: as reported, unless the clock changed (RFC 7160)
  ADD COLUMN IF NOT EXISTS "rtcp_jitter_ticks" jsonb,
  -- Interarrival jitter at the receiver with the transmission offsets taken out (RFC 5450 4)
  ADD COLUMN IF NOT EXISTS "rtcp_offset_jitter_ms" jsonb,
  -- The same in ticks
  ADD COLUMN IF NOT EXISTS "rtcp_offset_jitter_ticks" jsonb,
  -- Sender reports (RFC 3550 6.4.1)
  ADD COLUMN IF NOT EXISTS "sender_reports" bigint,
  -- The last one: RFC 3339, UTC, nanoseconds (packet time of the capture clock)
  ADD COLUMN IF NOT EXISTS "sender_report_time" timestamptz,
  -- Packets that the sender says to have sent between its reports
  ADD COLUMN IF NOT EXISTS "sender_packets" bigint,
  -- Payload octets that it says to have sent meanwhile
  ADD COLUMN IF NOT EXISTS "sender_octets" bigint,
  -- Distinct packets seen at the tap meanwhile; the difference was lost before it
  ADD COLUMN IF NOT EXISTS "sender_tap_packets" bigint,
  -- Payload octets seen at the tap meanwhile, copies included
  ADD COLUMN IF NOT EXISTS "sender_tap_octets" bigint,
  -- RTP clock against the wallclock of the sender, Hz; null with less than 1 s of reports
  ADD COLUMN IF NOT EXISTS "sender_clock_hz" double precision,
  -- FNV-1a of the CNAME of the sender (RFC 3550 6.5.1), 16 hex digits; the text is not kept
  ADD COLUMN IF NOT EXISTS "cname_digest" text,
  -- BYE of the sender (RFC 3550 6.6): RFC 3339, UTC, nanoseconds (packet time of the capture clock)
  ADD COLUMN IF NOT EXISTS "bye_time" timestamptz,
  -- The reason given, cut at 32 octets; empty when none was
  ADD COLUMN IF NOT EXISTS "bye_reason" text,
  -- Feedback of the receiver
  ADD COLUMN IF NOT EXISTS "rtcp_feedback" jsonb,
  -- Metrics about the stream in extended reports, of any reporter (RFC 3611 3)
  ADD COLUMN IF NOT EXISTS "xr_blocks" bigint,
  -- Of these, interval metrics without the measurement information that tells their interval; kept all the same (RFC 6776 4)
  ADD COLUMN IF NOT EXISTS "xr_without_interval" bigint,
  -- Blocks stepped over: of types not read (9, 22, 32) or not known (RFC 3611 3)
  ADD COLUMN IF NOT EXISTS "xr_skipped" bigint,
  -- Blocks dropped: a reserved I flag, or a length that cannot be
  ADD COLUMN IF NOT EXISTS "xr_dropped" bigint,
  -- Report blocks that echo a sender report which the tap did not see, or too long ago
  ADD COLUMN IF NOT EXISTS "unknown_echoes" bigint,
  -- DLRR of the sender that echo a reference time which the tap did not see, or too long ago (RFC 3611 4.5)
  ADD COLUMN IF NOT EXISTS "unknown_reference_echoes" bigint,
  -- Application-defined packets of the sender (RFC 3550 6.7)
  ADD COLUMN IF NOT EXISTS "rtcp_app_packets" bigint,
  -- RTCP packets of the sender known by their length alone: types 194, 208..211 and unassigned ones
  ADD COLUMN IF NOT EXISTS "rtcp_other_packets" bigint,
  -- Compounds of the sender without a report at their head (RFC 5506)
  ADD COLUMN IF NOT EXISTS "rtcp_reduced_size" bigint,
  -- Encrypted compounds of the sender, which tell nothing (RFC 3711 3.4)
  ADD COLUMN IF NOT EXISTS "srtcp_packets" bigint,
  -- Compounds of the sender whose lengths do not add up (RFC 3550 A.2)
  ADD COLUMN IF NOT EXISTS "rtcp_malformed_packets" bigint,
  -- Reported by the endpoint that receives the stream, not measured here: only what it reported, the last values (RFC 3611 and its later blocks); null when nothing
  ADD COLUMN IF NOT EXISTS "endpoint" jsonb,
  -- Id of the stream, 16 hex digits
  ADD COLUMN IF NOT EXISTS "reverse_stream_id" text,
  -- Its packets in the window; for a whole stream all of them so far
  ADD COLUMN IF NOT EXISTS "reverse_packets" bigint,
  -- Audio that is heard while the opposite direction has been silent or absent for measure.oneWayAudioSeconds; for a whole stream: in any window. Packets that hold nothing but silence are known as such by measure.speechLevel alone. Hold, mute with silence suppression, and a tap that sees one direction look the same. null for what is not known to be audio, or too early to tell
  ADD COLUMN IF NOT EXISTS "one_way_audio" boolean,
  -- How long the opposite direction had been silent or absent at the last packet; for a whole stream the longest of its windows, ms; null when there is none
  ADD COLUMN IF NOT EXISTS "silent_ms" double precision,
  -- Stream of the same source and destination with another SSRC that stopped before this one began; null when none
  ADD COLUMN IF NOT EXISTS "previous_stream_id" text,
  -- How often the SSRC of this source and destination had changed so before this stream
  ADD COLUMN IF NOT EXISTS "ssrc_changes" bigint,
  -- The same SSRC came at the same time from the opposite direction, or to the same destination from another source: a collision or a loop (RFC 3550 8.2); for a whole stream: in any window
  ADD COLUMN IF NOT EXISTS "ssrc_collision" boolean,
  -- Narrowband G.107, wideband G.107.1, fullband G.107.2; values of different scales are not comparable
  ADD COLUMN IF NOT EXISTS "mos_scale" text,
  -- MOS-CQ in a word
  ADD COLUMN IF NOT EXISTS "mos_rating" text,
  -- MOS-LQ: listening quality, without delay, 1..4.5 (G.107 Annex B, ITU-T P.800.1) Only where mos.scale is NB.
  ADD COLUMN IF NOT EXISTS "mos_lq_nb" double precision,
  -- MOS-CQ: conversational quality, with delay, 1..4.5 (G.107 Annex B, ITU-T P.800.1) Only where mos.scale is NB.
  ADD COLUMN IF NOT EXISTS "mos_cq_nb" double precision,
  -- Transmission rating R behind MOS-CQ (G.107), on the scale named: 0..93.2 NB, 0..129 WB, 0..148 FB Only where mos.scale is NB.
  ADD COLUMN IF NOT EXISTS "r_nb" double precision,
  -- MOS-LQ: listening quality, without delay, 1..4.5 (G.107 Annex B, ITU-T P.800.1) Only where mos.scale is WB.
  ADD COLUMN IF NOT EXISTS "mos_lq_wb" double precision,
  -- MOS-CQ: conversational quality, with delay, 1..4.5 (G.107 Annex B, ITU-T P.800.1) Only where mos.scale is WB.
  ADD COLUMN IF NOT EXISTS "mos_cq_wb" double precision,
  -- Transmission rating R behind MOS-CQ (G.107), on the scale named: 0..93.2 NB, 0..129 WB, 0..148 FB Only where mos.scale is WB.
  ADD COLUMN IF NOT EXISTS "r_wb" double precision,
  -- MOS-LQ: listening quality, without delay, 1..4.5 (G.107 Annex B, ITU-T P.800.1) Only where mos.scale is FB.
  ADD COLUMN IF NOT EXISTS "mos_lq_fb" double precision,
  -- MOS-CQ: conversational quality, with delay, 1..4.5 (G.107 Annex B, ITU-T P.800.1) Only where mos.scale is FB.
  ADD COLUMN IF NOT EXISTS "mos_cq_fb" double precision,
  -- Transmission rating R behind MOS-CQ (G.107), on the scale named: 0..93.2 NB, 0..129 WB, 0..148 FB Only where mos.scale is FB.
  ADD COLUMN IF NOT EXISTS "r_fb" double precision,
  -- The E-model of the scale (ITU-T), or the simplified one; null without a MOS
  ADD COLUMN IF NOT EXISTS "mos_model" text,
  -- As the codec table names it; the given name when it does not know it
  ADD COLUMN IF NOT EXISTS "mos_codec" text,
  -- Mode of a codec with several, kbit/s; null when it has one
  ADD COLUMN IF NOT EXISTS "mos_codec_bitrate_kbps" double precision,
  -- Equipment impairment factor (G.113); null without a MOS
  ADD COLUMN IF NOT EXISTS "mos_ie" double precision,
  -- Packet-loss robustness factor (G.113); null without a MOS
  ADD COLUMN IF NOT EXISTS "mos_bpl" double precision,
  -- Where Ie and Bpl are from
  ADD COLUMN IF NOT EXISTS "mos_ie_source" text,
  -- How far Ie and Bpl can be trusted; null where the model uses none
  ADD COLUMN IF NOT EXISTS "mos_confidence" text,
  -- Ppl, what the model took for loss: lossRatio plus discardRatio, percent (G.107 3.5)
  ADD COLUMN IF NOT EXISTS "mos_loss_percent" double precision,
  -- Lost in the network and not repaired, of those expected, 0..1; null when unknown
  ADD COLUMN IF NOT EXISTS "mos_loss_ratio" double precision,
  -- Discarded by the jitter buffer, of those expected (RFC 3611 4.7.1), 0..1; null when unknown
  ADD COLUMN IF NOT EXISTS "mos_discard_ratio" double precision,
  -- The emulated jitter buffer; null when none was played
  ADD COLUMN IF NOT EXISTS "mos_playout_profile" text,
  -- Packets left out of the loss as lost by the capture itself: an estimate
  ADD COLUMN IF NOT EXISTS "mos_capture_lost" bigint,
  -- Packets left out of the loss as repaired by redundant audio (RFC 2198)
  ADD COLUMN IF NOT EXISTS "mos_repaired" bigint,
  -- BurstR (G.107 3.5), 1 for random loss; null where the model has none
  ADD COLUMN IF NOT EXISTS "mos_burst_ratio" double precision,
  -- Mouth-to-ear delay Ta (G.107), to a tenth; the effective latency of the simplified model, ms; null when there is none
  ADD COLUMN IF NOT EXISTS "mos_delay_ms" double precision,
  -- The parts of the delay; null when it was given as a whole
  ADD COLUMN IF NOT EXISTS "mos_delay_parts" jsonb,
  -- What was assumed of the echo path; none where the model has none
  ADD COLUMN IF NOT EXISTS "mos_echo" text,
  -- Whether the decoder was taken to conceal losses (G.113)
  ADD COLUMN IF NOT EXISTS "mos_packet_loss_concealment" boolean,
  -- Advantage factor A (G.107), 0..20
  ADD COLUMN IF NOT EXISTS "mos_advantage_factor" double precision,
  -- What part of the stream or window the MOS speaks of
  ADD COLUMN IF NOT EXISTS "mos_covers" jsonb,
  -- What a reader should know before trusting the number
  ADD COLUMN IF NOT EXISTS "mos_notes" jsonb,
  -- Losses told by earlier windows that are taken back
  ADD COLUMN IF NOT EXISTS "recovered" bigint;
CREATE INDEX IF NOT EXISTS windows_time ON windows (window_start);
CREATE INDEX IF NOT EXISTS windows_stream ON windows (stream_id, window_start);

CREATE TABLE IF NOT EXISTS streams (
  "id" text NOT NULL,
  "end_time" timestamptz NOT NULL,
  PRIMARY KEY (id, end_time)
);
ALTER TABLE streams
  -- Version of this schema
  ADD COLUMN IF NOT EXISTS "schema_version" bigint,
  -- Name of the probe
  ADD COLUMN IF NOT EXISTS "probe" text,
  -- Why the stream was closed; shed: the probe could not keep up, and measures it no longer
  ADD COLUMN IF NOT EXISTS "end_reason" text,
  -- How the clock skew changed over the life of the stream; null for one that told none for five minutes
  ADD COLUMN IF NOT EXISTS "skew_drift" jsonb,
  -- Id of the stream: hash of addresses, ports, SSRC and first packet time, 16 hex digits
  ADD COLUMN IF NOT EXISTS "stream_id" text,
  -- The same for both directions between two addresses and ports, whatever the SSRC, 16 hex digits
  ADD COLUMN IF NOT EXISTS "pair_id" text,
  -- Synchronisation source (RFC 3550 5.1), hex with 0x
  ADD COLUMN IF NOT EXISTS "ssrc" text,
  -- Source address
  ADD COLUMN IF NOT EXISTS "src_address" text,
  -- Source UDP port
  ADD COLUMN IF NOT EXISTS "src_port" bigint,
  -- Destination address
  ADD COLUMN IF NOT EXISTS "dst_address" text,
  -- Destination UDP port
  ADD COLUMN IF NOT EXISTS "dst_port" bigint,
  -- RTP encoding name, from RFC 3551 or configuration; null when unknown
  ADD COLUMN IF NOT EXISTS "codec" text,
  -- Kind of media; null when unknown
  ADD COLUMN IF NOT EXISTS "media" text,
  -- Media payload type seen last
  ADD COLUMN IF NOT EXISTS "payload_type" bigint,
  -- Payload types seen since the start of the stream, ascending
  ADD COLUMN IF NOT EXISTS "payload_types" jsonb,
  -- RTP clock rate, Hz; null when unknown
  ADD COLUMN IF NOT EXISTS "clock_rate_hz" bigint,
  -- static: RFC 3551. config: configuration. inferred: estimated from timestamps and arrival, then snapped to a known rate
  ADD COLUMN IF NOT EXISTS "clock_rate_source" text,
  -- First packet of the stream: RFC 3339, UTC, nanoseconds (packet time of the capture clock)
  ADD COLUMN IF NOT EXISTS "start_time" timestamptz,
  -- From the first to the last packet of this summary, ms
  ADD COLUMN IF NOT EXISTS "duration_ms" double precision,
  -- Network interface that the last packet came from; null for files
  ADD COLUMN IF NOT EXISTS "interface" text,
  -- Another interface that packets of the stream came from before; null when none
  ADD COLUMN IF NOT EXISTS "interface_other" text,
  -- VLAN id seen last (outer tag); null when untagged
  ADD COLUMN IF NOT EXISTS "vlan" bigint,
  -- Another VLAN id seen before; null when none
  ADD COLUMN IF NOT EXISTS "vlan_other" bigint,
  -- DSCP seen last (RFC 2474)
  ADD COLUMN IF NOT EXISTS "dscp" bigint,
  -- All DSCP values seen since the start of the stream
  ADD COLUMN IF NOT EXISTS "dscp_seen" jsonb,
  -- Kind of the innermost tunnel
  ADD COLUMN IF NOT EXISTS "tunnel_kind" text,
  -- Its identifier: VNI, TEID, session id, key or label; 0 when it has none
  ADD COLUMN IF NOT EXISTS "tunnel_id" bigint,
  -- Number of tunnels around the packets
  ADD COLUMN IF NOT EXISTS "tunnel_depth" bigint,
  -- VLAN id inside the tunnel; null when untagged
  ADD COLUMN IF NOT EXISTS "tunnel_inner_vlan" bigint,
  -- The tunnels around the innermost one, outermost first; empty when there is one alone
  ADD COLUMN IF NOT EXISTS "tunnel_outer" jsonb,
  -- RTP packets seen at the tap, duplicates included
  ADD COLUMN IF NOT EXISTS "packets" bigint,
  -- RTP payload octets, without header and padding (RFC 3550 6.4.1)
  ADD COLUMN IF NOT EXISTS "octets" bigint,
  -- Payload bit rate while sending: octets per packet over the packet time, kbit/s; redundant audio with all its blocks; null when the packet time is unknown
  ADD COLUMN IF NOT EXISTS "bitrate_kbps" double precision,
  -- Usual media time per packet (for video per frame), from timestamps, ms; null when unknown
  ADD COLUMN IF NOT EXISTS "packet_time_ms" double precision,
  -- What redundant audio carries (RFC 2198 3), which is what the MOS rates; null when the last media came outside of it
  ADD COLUMN IF NOT EXISTS "red_primary" jsonb,
  -- Highest minus lowest extended sequence number plus 1, over segments that a restart separates
  ADD COLUMN IF NOT EXISTS "expected" bigint,
  -- Expected minus distinct packets; in a window: newly missing in it
  ADD COLUMN IF NOT EXISTS "lost" bigint,
  -- lost / expected, 0..1; null when nothing was expected
  ADD COLUMN IF NOT EXISTS "loss_ratio" double precision,
  -- Expected minus all packets (RFC 3550 A.3): duplicates make it negative; to hold against receiver reports
  ADD COLUMN IF NOT EXISTS "cumulative_lost" bigint,
  -- Of the lost: packets that the capture itself is suspected to have missed, by gaps of all paths at once or because a receiver reports to have got them (estimate); no loss of the network
  ADD COLUMN IF NOT EXISTS "capture_lost" bigint,
  -- lost less captureLost, 0 or more
  ADD COLUMN IF NOT EXISTS "network_lost" bigint,
  -- That / (expected less captureLost), 0..1; null when nothing was expected
  ADD COLUMN IF NOT EXISTS "network_loss_ratio" double precision,
  -- Packets with redundant audio (RFC 2198)
  ADD COLUMN IF NOT EXISTS "red_packets" bigint,
  -- Lost packets whose media came in a redundant block of another packet (RFC 2198 3)
  ADD COLUMN IF NOT EXISTS "red_repaired" bigint,
  -- lost less repaired, 0 or more
  ADD COLUMN IF NOT EXISTS "red_unrepaired" bigint,
  -- That / expected, 0..1; null when nothing was expected
  ADD COLUMN IF NOT EXISTS "red_unrepaired_ratio" double precision,
  -- Packets whose extended sequence number was seen before
  ADD COLUMN IF NOT EXISTS "duplicates" bigint,
  -- Packets below the highest sequence number seen, and not seen before
  ADD COLUMN IF NOT EXISTS "reordered" bigint,
  -- Largest distance of a reordered packet from the highest sequence number seen
  ADD COLUMN IF NOT EXISTS "reorder_extent_max" bigint,
  -- Packets that came after the reordering window of 128; their loss is taken back
  ADD COLUMN IF NOT EXISTS "late" bigint,
  -- Sequence restarts (RFC 3550 A.1)
  ADD COLUMN IF NOT EXISTS "restarts" bigint,
  -- Packets with a wild sequence number that nothing confirmed
  ADD COLUMN IF NOT EXISTS "sequence_errors" bigint,
  -- Sequence number of the first packet
  ADD COLUMN IF NOT EXISTS "first_sequence" bigint,
  -- Sequence number of the last packet
  ADD COLUMN IF NOT EXISTS "last_sequence" bigint,
  -- Runs of consecutive lost packets
  ADD COLUMN IF NOT EXISTS "loss_runs" bigint,
  -- Their mean length, packets; null when there are none
  ADD COLUMN IF NOT EXISTS "loss_run_mean_packets" double precision,
  -- The longest, packets
  ADD COLUMN IF NOT EXISTS "loss_run_longest_packets" bigint,
  -- Definition of RFC 3611 4.7.2, or the approximation of A.2: then densities and durations are since the start of the stream
  ADD COLUMN IF NOT EXISTS "burst_gap_method" text,
  -- Good packets in a row that end a burst (RFC 3611 4.7.2)
  ADD COLUMN IF NOT EXISTS "gmin" bigint,
  -- Sequence numbers that have left the reordering window of 128, whether lost or not
  ADD COLUMN IF NOT EXISTS "burst_decided" bigint,
  -- Of these: lost, or discarded by the playout profile that quality uses
  ADD COLUMN IF NOT EXISTS "bad_packets" bigint,
  -- Runs of consecutive bad packets
  ADD COLUMN IF NOT EXISTS "bad_runs" bigint,
  -- Bursts: from bad packet to bad packet without Gmin good ones between
  ADD COLUMN IF NOT EXISTS "bursts" bigint,
  -- Sequence numbers inside bursts
  ADD COLUMN IF NOT EXISTS "burst_packets" bigint,
  -- Bad packets inside bursts
  ADD COLUMN IF NOT EXISTS "burst_bad_packets" bigint,
  -- Sum of the squared lengths of bursts, in packets (RFC 6958 3.2)
  ADD COLUMN IF NOT EXISTS "burst_squares" bigint,
  -- Share of bad packets inside bursts, 0..1; null without bursts
  ADD COLUMN IF NOT EXISTS "burst_density" double precision,
  -- Mean duration of a burst: mean packets times packet time, ms; null when there is none
  ADD COLUMN IF NOT EXISTS "burst_duration_ms" double precision,
  -- Share of bad packets outside bursts, 0..1; null when nothing lies outside
  ADD COLUMN IF NOT EXISTS "gap_density" double precision,
  -- Mean duration of a gap: mean packets times packet time, ms; null when there is none
  ADD COLUMN IF NOT EXISTS "gap_duration_ms" double precision,
  -- Where packets were lost. upstream: between sender and tap. downstream: between tap and receiver. capture: by the capture itself. upstream-only-known: none before the tap, and without RTCP what comes after it is unseen. A side counts from 2 packets and 0.1 % on
  ADD COLUMN IF NOT EXISTS "damage_side" text,
  -- rtcp: receiver reports held against the tap (RFC 3550 6.4.4). tap: what the tap saw, alone
  ADD COLUMN IF NOT EXISTS "damage_basis" text,
  -- Sequence numbers that the losses are out of
  ADD COLUMN IF NOT EXISTS "damage_expected" bigint,
  -- Lost between sender and tap, packets
  ADD COLUMN IF NOT EXISTS "upstream_lost" bigint,
  -- Lost between tap and receiver, packets; null without RTCP; negative when the receiver got more than passed the tap
  ADD COLUMN IF NOT EXISTS "downstream_lost" bigint,
  -- Packets that the capture is suspected to have missed (estimate)
  ADD COLUMN IF NOT EXISTS "capture_suspected" bigint,
  -- Mean interarrival jitter at the receiver, by its reports (RFC 3550 6.4.1), ms; null when there is none
  ADD COLUMN IF NOT EXISTS "far_jitter_ms" double precision,
  -- Mean interarrival jitter at the tap (RFC 3550 A.8), ms; null when there is none
  ADD COLUMN IF NOT EXISTS "near_jitter_ms" double precision,
  -- The verdict in a sentence
  ADD COLUMN IF NOT EXISTS "damage_text" text,
  -- Copies of packets that the mirror port delivered twice; in no other number
  ADD COLUMN IF NOT EXISTS "span_copies" bigint,
  -- Mean delay of a copy, ms; null when there is none
  ADD COLUMN IF NOT EXISTS "span_copy_delay_mean_ms" double precision,
  -- Largest delay of a copy, ms; null when there is none
  ADD COLUMN IF NOT EXISTS "span_copy_delay_max_ms" double precision,
  -- Arithmetic mean of the running estimate, ms; null when there is none
  ADD COLUMN IF NOT EXISTS "jitter_mean_ms" double precision,
  -- Largest running estimate, ms; null when there is none
  ADD COLUMN IF NOT EXISTS "jitter_max_ms" double precision,
  -- Running estimate at the end, ms; null when there is none
  ADD COLUMN IF NOT EXISTS "jitter_last_ms" double precision,
  -- Jitter at the end with the sender's transmission offsets taken out (RFC 5450 3), ms; null when there is none
  ADD COLUMN IF NOT EXISTS "jitter_transmission_ms" double precision,
  -- The same in RTP clock ticks, as receiver reports carry it
  ADD COLUMN IF NOT EXISTS "jitter_ticks" jsonb,
  -- Mean, ms; null when there is none
  ADD COLUMN IF NOT EXISTS "delta_mean_ms" double precision,
  -- Longest, ms; null when there is none
  ADD COLUMN IF NOT EXISTS "delta_max_ms" double precision,
  -- Mean packet delay variation: transit above the least of the last 5 to 10 s, clock skew removed (RFC 5481 4.2), ms; null when there is none
  ADD COLUMN IF NOT EXISTS "pdv_mean_ms" double precision,
  -- Largest (RFC 5481 4.2), ms; null when there is none
  ADD COLUMN IF NOT EXISTS "pdv_max_ms" double precision,
  -- Median of pdvHistogram, interpolated inside its bin: right within the bin's width, ms; null when there is none
  ADD COLUMN IF NOT EXISTS "pdv_p50_ms" double precision,
  -- 95 % of the packets stay within, interpolated inside its bin: right within the bin's width, ms; null when there is none
  ADD COLUMN IF NOT EXISTS "pdv_p95_ms" double precision,
  -- 99 % of the packets stay within, interpolated inside its bin: right within the bin's width, ms; null when there is none
  ADD COLUMN IF NOT EXISTS "pdv_p99_ms" double precision,
  -- 99.9 % of the packets stay within, interpolated inside its bin: right within the bin's width, ms; null when there is none
  ADD COLUMN IF NOT EXISTS "pdv_p999_ms" double precision,
  -- Mean absolute delay variation between consecutive packets (RFC 5481 4.1), ms; null when there is none
  ADD COLUMN IF NOT EXISTS "ipdv_mean_ms" double precision,
  -- Largest of these (RFC 5481 4.1), ms; null when there is none
  ADD COLUMN IF NOT EXISTS "ipdv_max_ms" double precision,
  -- Mean absolute packet delay variation 2, at the end (ITU-T G.1020 6.2.3.2), ms; null when there is none
  ADD COLUMN IF NOT EXISTS "mapdv2_ms" double precision,
  -- Packets by delay variation; the bins end at 0.5, 1, 2, 3, 5, 7.5, 10, 15, 20, 30, 40, 60, 100, 200, 500 ms, the last is open. Histograms of several windows add up
  ADD COLUMN IF NOT EXISTS "pdv_histogram" jsonb,
  -- Clock skew, ppm: positive when the sender's clock runs slow against the capture clock; null until 20 s were seen
  ADD COLUMN IF NOT EXISTS "skew_ppm" double precision,
  -- Pauses longer than measure.stallSeconds that are not silence of the sender
  ADD COLUMN IF NOT EXISTS "stalls" bigint,
  -- Steps of more than 1 s between RTP timestamp and arrival
  ADD COLUMN IF NOT EXISTS "timestamp_jumps" bigint,
  -- Talk spurts resumed after silence
  ADD COLUMN IF NOT EXISTS "dtx_resumptions" bigint,
  -- Comfort noise packets (RFC 3389)
  ADD COLUMN IF NOT EXISTS "comfort_noise_packets" bigint,
  -- Telephone-event packets (RFC 4733)
  ADD COLUMN IF NOT EXISTS "telephone_event_packets" bigint,
  -- Changes of the media payload type, inside redundant audio of that of the primary block
  ADD COLUMN IF NOT EXISTS "payload_type_changes" bigint,
  -- Packets with the marker bit
  ADD COLUMN IF NOT EXISTS "markers" bigint,
  -- Packets played through the emulated jitter buffers
  ADD COLUMN IF NOT EXISTS "playout_packets" bigint,
  -- Mean wait of played packets in the buffer that quality uses, ms; null when there is none
  ADD COLUMN IF NOT EXISTS "playout_buffer_mean_ms" double precision,
  -- The configured profiles, side by side
  ADD COLUMN IF NOT EXISTS "playout_profiles" jsonb,
  -- Level of speech, dBm0 (RFC 3611 4.7.4)
  ADD COLUMN IF NOT EXISTS "signal_level_dbm0" double precision,
  -- Level of the pauses, dBm0 (RFC 3611 4.7.4)
  ADD COLUMN IF NOT EXISTS "noise_level_dbm0" double precision,
  -- Share of frames without speech, 0..1
  ADD COLUMN IF NOT EXISTS "silence_share" double precision,
  -- Share of samples at the largest amplitude in runs, 0..1
  ADD COLUMN IF NOT EXISTS "clipping_share" double precision,
  -- Whose RTCP it comes from: reports on this stream, or on the reverse one
  ADD COLUMN IF NOT EXISTS "rtt_downstream_from" text,
  -- Least, ms
  ADD COLUMN IF NOT EXISTS "rtt_downstream_min_ms" double precision,
  -- Mean, ms
  ADD COLUMN IF NOT EXISTS "rtt_downstream_mean_ms" double precision,
  -- Largest, ms
  ADD COLUMN IF NOT EXISTS "rtt_downstream_max_ms" double precision,
  -- How many
  ADD COLUMN IF NOT EXISTS "rtt_downstream_count" bigint,
  -- Echoes that gave no time that can be: negative, above 60 s, delay in a wrong unit
  ADD COLUMN IF NOT EXISTS "rtt_downstream_rejected" bigint,
  -- Whose RTCP it comes from: reports on this stream, or on the reverse one
  ADD COLUMN IF NOT EXISTS "rtt_upstream_from" text,
  -- Least, ms
  ADD COLUMN IF NOT EXISTS "rtt_upstream_min_ms" double precision,
  -- Mean, ms
  ADD COLUMN IF NOT EXISTS "rtt_upstream_mean_ms" double precision,
  -- Largest, ms
  ADD COLUMN IF NOT EXISTS "rtt_upstream_max_ms" double precision,
  -- How many
  ADD COLUMN IF NOT EXISTS "rtt_upstream_count" bigint,
  -- Echoes that gave no time that can be: negative, above 60 s, delay in a wrong unit
  ADD COLUMN IF NOT EXISTS "rtt_upstream_rejected" bigint,
  -- Estimate of the one-way delay from sender to receiver: half the sum of both legs, as if each were symmetric, ms; null when there is none
  ADD COLUMN IF NOT EXISTS "one_way_delay_ms" double precision,
  -- RTCP datagrams of this SSRC on the same or the next port
  ADD COLUMN IF NOT EXISTS "rtcp_packets" bigint,
  -- Report blocks of the reporter (RFC 3550 6.4.1)
  ADD COLUMN IF NOT EXISTS "rtcp_reports" bigint,
  -- The last one: RFC 3339, UTC, nanoseconds (packet time of the capture clock)
  ADD COLUMN IF NOT EXISTS "rtcp_report_time" timestamptz,
  -- SSRC of the reporter, hex with 0x
  ADD COLUMN IF NOT EXISTS "rtcp_reporter_ssrc" text,
  -- By the last report, 0..1
  ADD COLUMN IF NOT EXISTS "rtcp_fraction_lost_last" double precision,
  -- Largest reported, 0..1
  ADD COLUMN IF NOT EXISTS "rtcp_fraction_lost_max" double precision,
  -- Cumulative number of packets lost by the last report, may be negative
  ADD COLUMN IF NOT EXISTS "rtcp_cumulative_lost" bigint,
  -- Extended highest sequence number received, by the last report
  ADD COLUMN IF NOT EXISTS "rtcp_highest_sequence" bigint,
  -- By the last report, ms; null when the clock is unknown
  ADD COLUMN IF NOT EXISTS "rtcp_jitter_last_ms" double precision,
  -- Mean of the reports, ms; null when the clock is unknown
  ADD COLUMN IF NOT EXISTS "rtcp_jitter_mean_ms" double precision,
  -- Largest reported, ms; null when the clock is unknown
  ADD COLUMN IF NOT EXISTS "rtcp_jitter_max_ms" double precision,
  -- The same in ticks of the clock that the stream runs on now: as reported, unless the clock changed (RFC 7160)
  ADD COLUMN IF NOT EXISTS "rtcp_jitter_ticks" jsonb,
  -- Interarrival jitter at the receiver with the transmission offsets taken out (RFC 5450 4)
  ADD COLUMN IF NOT EXISTS "rtcp_offset_jitter_ms" jsonb,
  -- The same in ticks
  ADD COLUMN IF NOT EXISTS "rtcp_offset_jitter_ticks" jsonb,
  -- Sender reports (RFC 3550 6.4.1)
  ADD COLUMN IF NOT EXISTS "sender_reports" bigint,
  -- The last one: RFC 3339, UTC, nanoseconds (packet time of the capture clock)
  ADD COLUMN IF NOT EXISTS "sender_report_time" timestamptz,
  -- Packets that the sender says to have sent between its reports
  ADD COLUMN IF NOT EXISTS "sender_packets" bigint,
  -- Payload octets that it says to have sent meanwhile
  ADD COLUMN IF NOT EXISTS "sender_octets" bigint,
  -- Distinct packets seen at the tap meanwhile; the difference was lost before it
  ADD COLUMN IF NOT EXISTS "sender_tap_packets" bigint,
  -- Payload octets seen at the tap meanwhile, copies included
  ADD COLUMN IF NOT EXISTS "sender_tap_octets" bigint,
  -- RTP clock against the wallclock of the sender, Hz; null with less than 1 s of reports
  ADD COLUMN IF NOT EXISTS "sender_clock_hz" double precision,
  -- FNV-1a of the CNAME of the sender (RFC 3550 6.5.1), 16 hex digits; the text is not kept
  ADD COLUMN IF NOT EXISTS "cname_digest" text,
  -- BYE of the sender (RFC 3550 6.6): RFC 3339, UTC, nanoseconds (packet time of the capture clock)
  ADD COLUMN IF NOT EXISTS "bye_time" timestamptz,
  -- The reason given, cut at 32 octets; empty when none was
  ADD COLUMN IF NOT EXISTS "bye_reason" text,
  -- Feedback of the receiver
  ADD COLUMN IF NOT EXISTS "rtcp_feedback" jsonb,
  -- Metrics about the stream in extended reports, of any reporter (RFC 3611 3)
  ADD COLUMN IF NOT EXISTS "xr_blocks" bigint,
  -- Of these, interval metrics without the measurement information that tells their interval; kept all the same (RFC 6776 4)
  ADD COLUMN IF NOT EXISTS "xr_without_interval" bigint,
  -- Blocks stepped over: of types not read (9, 22, 32) or not known (RFC 3611 3)
  ADD COLUMN IF NOT EXISTS "xr_skipped" bigint,
  -- Blocks dropped: a reserved I flag, or a length that cannot be
  ADD COLUMN IF NOT EXISTS "xr_dropped" bigint,
  -- Report blocks that echo a sender report which the tap did not see, or too long ago
  ADD COLUMN IF NOT EXISTS "unknown_echoes" bigint,
  -- DLRR of the sender that echo a reference time which the tap did not see, or too long ago (RFC 3611 4.5)
  ADD COLUMN IF NOT EXISTS "unknown_reference_echoes" bigint,
  -- Application-defined packets of the sender (RFC 3550 6.7)
  ADD COLUMN IF NOT EXISTS "rtcp_app_packets" bigint,
  -- RTCP packets of the sender known by their length alone: types 194, 208..211 and unassigned ones
  ADD COLUMN IF NOT EXISTS "rtcp_other_packets" bigint,
  -- Compounds of the sender without a report at their head (RFC 5506)
  ADD COLUMN IF NOT EXISTS "rtcp_reduced_size" bigint,
  -- Encrypted compounds of the sender, which tell nothing (RFC 3711 3.4)
  ADD COLUMN IF NOT EXISTS "srtcp_packets" bigint,
  -- Compounds of the sender whose lengths do not add up (RFC 3550 A.2)
  ADD COLUMN IF NOT EXISTS "rtcp_malformed_packets" bigint,
  -- Reported by the endpoint that receives the stream, not measured here: only what it reported, the last values (RFC 3611 and its later blocks); null when nothing
  ADD COLUMN IF NOT EXISTS "endpoint" jsonb,
  -- Id of the stream, 16 hex digits
  ADD COLUMN IF NOT EXISTS "reverse_stream_id" text,
  -- Its packets in the window; for a whole stream all of them so far
  ADD COLUMN IF NOT EXISTS "reverse_packets" bigint,
  -- Audio that is heard while the opposite direction has been silent or absent for measure.oneWayAudioSeconds; for a whole stream: in any window. Packets that hold nothing but silence are known as such by measure.speechLevel alone. Hold, mute with silence suppression, and a tap that sees one direction look the same. null for what is not known to be audio, or too early to tell
  ADD COLUMN IF NOT EXISTS "one_way_audio" boolean,
  -- How long the opposite direction had been silent or absent at the last packet; for a whole stream the longest of its windows, ms; null when there is none
  ADD COLUMN IF NOT EXISTS "silent_ms" double precision,
  -- Stream of the same source and destination with another SSRC that stopped before this one began; null when none
  ADD COLUMN IF NOT EXISTS "previous_stream_id" text,
  -- How often the SSRC of this source and destination had changed so before this stream
  ADD COLUMN IF NOT EXISTS "ssrc_changes" bigint,
  -- The same SSRC came at the same time from the opposite direction, or to the same destination from another source: a collision or a loop (RFC 3550 8.2); for a whole stream: in any window
  ADD COLUMN IF NOT EXISTS "ssrc_collision" boolean,
  -- Narrowband G.107, wideband G.107.1, fullband G.107.2; values of different scales are not comparable
  ADD COLUMN IF NOT EXISTS "mos_scale" text,
  -- MOS-CQ in a word
  ADD COLUMN IF NOT EXISTS "mos_rating" text,
  -- MOS-LQ: listening quality, without delay, 1..4.5 (G.107 Annex B, ITU-T P.800.1) Only where mos.scale is NB.
  ADD COLUMN IF NOT EXISTS "mos_lq_nb" double precision,
  -- MOS-CQ: conversational quality, with delay, 1..4.5 (G.107 Annex B, ITU-T P.800.1) Only where mos.scale is NB.
  ADD COLUMN IF NOT EXISTS "mos_cq_nb" double precision,
  -- Transmission rating R behind MOS-CQ (G.107), on the scale named: 0..93.2 NB, 0..129 WB, 0..148 FB Only where mos.scale is NB.
  ADD COLUMN IF NOT EXISTS "r_nb" double precision,
  -- MOS-LQ: listening quality, without delay, 1..4.5 (G.107 Annex B, ITU-T P.800.1) Only where mos.scale is WB.
  ADD COLUMN IF NOT EXISTS "mos_lq_wb" double precision,
  -- MOS-CQ: conversational quality, with delay, 1..4.5 (G.107 Annex B, ITU-T P.800.1) Only where mos.scale is WB.
  ADD COLUMN IF NOT EXISTS "mos_cq_wb" double precision,
  -- Transmission rating R behind MOS-CQ (G.107), on the scale named: 0..93.2 NB, 0..129 WB, 0..148 FB Only where mos.scale is WB.
  ADD COLUMN IF NOT EXISTS "r_wb" double precision,
  -- MOS-LQ: listening quality, without delay, 1..4.5 (G.107 Annex B, ITU-T P.800.1) Only where mos.scale is FB.
  ADD COLUMN IF NOT EXISTS "mos_lq_fb" double precision,
  -- MOS-CQ: conversational quality, with delay, 1..4.5 (G.107 Annex B, ITU-T P.800.1) Only where mos.scale is FB.
  ADD COLUMN IF NOT EXISTS "mos_cq_fb" double precision,
  -- Transmission rating R behind MOS-CQ (G.107), on the scale named: 0..93.2 NB, 0..129 WB, 0..148 FB Only where mos.scale is FB.
  ADD COLUMN IF NOT EXISTS "r_fb" double precision,
  -- The E-model of the scale (ITU-T), or the simplified one; null without a MOS
  ADD COLUMN IF NOT EXISTS "mos_model" text,
  -- As the codec table names it; the given name when it does not know it
  ADD COLUMN IF NOT EXISTS "mos_codec" text,
  -- Mode of a codec with several, kbit/s; null when it has one
  ADD COLUMN IF NOT EXISTS "mos_codec_bitrate_kbps" double precision,
  -- Equipment impairment factor (G.113); null without a MOS
  ADD COLUMN IF NOT EXISTS "mos_ie" double precision,
  -- Packet-loss robustness factor (G.113); null without a MOS
  ADD COLUMN IF NOT EXISTS "mos_bpl" double precision,
  -- Where Ie and Bpl are from
  ADD COLUMN IF NOT EXISTS "mos_ie_source" text,
  -- How far Ie and Bpl can be trusted; null where the model uses none
  ADD COLUMN IF NOT EXISTS "mos_confidence" text,
  -- Ppl, what the model took for loss: lossRatio plus discardRatio, percent (G.107 3.5)
  ADD COLUMN IF NOT EXISTS "mos_loss_percent" double precision,
  -- Lost in the network and not repaired, of those expected, 0..1; null when unknown
  ADD COLUMN IF NOT EXISTS "mos_loss_ratio" double precision,
  -- Discarded by the jitter buffer, of those expected (RFC 3611 4.7.1), 0..1; null when unknown
  ADD COLUMN IF NOT EXISTS "mos_discard_ratio" double precision,
  -- The emulated jitter buffer; null when none was played
  ADD COLUMN IF NOT EXISTS "mos_playout_profile" text,
  -- Packets left out of the loss as lost by the capture itself: an estimate
  ADD COLUMN IF NOT EXISTS "mos_capture_lost" bigint,
  -- Packets left out of the loss as repaired by redundant audio (RFC 2198)
  ADD COLUMN IF NOT EXISTS "mos_repaired" bigint,
  -- BurstR (G.107 3.5), 1 for random loss; null where the model has none
  ADD COLUMN IF NOT EXISTS "mos_burst_ratio" double precision,
  -- Mouth-to-ear delay Ta (G.107), to a tenth; the effective latency of the simplified model, ms; null when there is none
  ADD COLUMN IF NOT EXISTS "mos_delay_ms" double precision,
  -- The parts of the delay; null when it was given as a whole
  ADD COLUMN IF NOT EXISTS "mos_delay_parts" jsonb,
  -- What was assumed of the echo path; none where the model has none
  ADD COLUMN IF NOT EXISTS "mos_echo" text,
  -- Whether the decoder was taken to conceal losses (G.113)
  ADD COLUMN IF NOT EXISTS "mos_packet_loss_concealment" boolean,
  -- Advantage factor A (G.107), 0..20
  ADD COLUMN IF NOT EXISTS "mos_advantage_factor" double precision,
  -- What part of the stream or window the MOS speaks of
  ADD COLUMN IF NOT EXISTS "mos_covers" jsonb,
  -- What a reader should know before trusting the number
  ADD COLUMN IF NOT EXISTS "mos_notes" jsonb;
CREATE INDEX IF NOT EXISTS streams_time ON streams (end_time);
CREATE INDEX IF NOT EXISTS streams_stream ON streams (stream_id, end_time);

CREATE TABLE IF NOT EXISTS captures (
  "id" text NOT NULL,
  "window_start" timestamptz NOT NULL,
  PRIMARY KEY (id, window_start)
);
ALTER TABLE captures
  -- Version of this schema
  ADD COLUMN IF NOT EXISTS "schema_version" bigint,
  -- Name of the probe
  ADD COLUMN IF NOT EXISTS "probe" text,
  -- End of the window: RFC 3339, UTC, nanoseconds (packet time of the capture clock)
  ADD COLUMN IF NOT EXISTS "window_end" timestamptz,
  -- The window was closed before its end
  ADD COLUMN IF NOT EXISTS "partial" boolean,
  -- Windows before this one were discarded for want of room
  ADD COLUMN IF NOT EXISTS "blocks_missing" boolean,
  -- Packets delivered by the source in the window
  ADD COLUMN IF NOT EXISTS "packets" bigint,
  -- Packets that were measured, by counter
  ADD COLUMN IF NOT EXISTS "used" jsonb,
  -- Packets not decided at the end of the window
  ADD COLUMN IF NOT EXISTS "pending" jsonb,
  -- Packets not used, by reason; reasons that did not occur are left out
  ADD COLUMN IF NOT EXISTS "reasons" jsonb,
  -- What the kernel never delivered
  ADD COLUMN IF NOT EXISTS "kernel" jsonb,
  -- What happened in the window, by counter
  ADD COLUMN IF NOT EXISTS "events" jsonb,
  -- full: nothing points to packets that the capture missed. reduced: something does. poor: 0.1 % or more of the packets are missing
  ADD COLUMN IF NOT EXISTS "confidence" text,
  -- Packets that the kernel dropped as the ring was full
  ADD COLUMN IF NOT EXISTS "kernel_drops" bigint,
  -- Times the ring froze
  ADD COLUMN IF NOT EXISTS "freezes" bigint,
  -- Packets that the kernel dropped before any socket
  ADD COLUMN IF NOT EXISTS "softnet_drops" bigint,
  -- Packets that the network interface had no room for
  ADD COLUMN IF NOT EXISTS "nic_missed" bigint,
  -- Packets found missing that, it is suspected, the capture lost
  ADD COLUMN IF NOT EXISTS "suspected_capture_loss" bigint,
  -- Times at which nearly all paths were silent at once
  ADD COLUMN IF NOT EXISTS "common_gaps" bigint,
  -- How long these were together, ms
  ADD COLUMN IF NOT EXISTS "common_gap_ms" bigint,
  -- Times the capture clock stepped back, or a packet lay alone far ahead
  ADD COLUMN IF NOT EXISTS "clock_steps" bigint,
  -- Live: times the clock of this machine was set forward or back by more than 50 ms
  ADD COLUMN IF NOT EXISTS "host_clock_steps" bigint,
  -- Times that nothing could be captured, as the interface was down or away
  ADD COLUMN IF NOT EXISTS "capture_outages" bigint,
  -- How long nothing could be captured, ms
  ADD COLUMN IF NOT EXISTS "capture_outage_ms" bigint,
  -- Times that the giver of time stamps changed
  ADD COLUMN IF NOT EXISTS "time_switches" bigint,
  -- Share of the packets that are missing by the worst of these counts, 0..1
  ADD COLUMN IF NOT EXISTS "missing_share" double precision,
  -- The same in a sentence
  ADD COLUMN IF NOT EXISTS "confidence_text" text,
  -- How the interface is when the window is told: capturing; noCarrier, down or gone, when nothing can be captured; of several the worst; null for files
  ADD COLUMN IF NOT EXISTS "state" text,
  -- How packets are taken: packet (AF_PACKET), or by AF_XDP behind the driver (xdp-generic), in it (xdp-native) or in it without copying (xdp-zero-copy); null for files
  ADD COLUMN IF NOT EXISTS "method" text,
  -- Who gave the packets of the window their time: the network card (hardware), the kernel, the probe when it read them (reader), several of these (mixed) or the file; null without packets
  ADD COLUMN IF NOT EXISTS "timestamps" text,
  -- Highest level of shedding in the window, of the worker that shed most; 1..10
  ADD COLUMN IF NOT EXISTS "overload_level" bigint,
  -- Share of the flows of which new streams were measured at that level, 0..1
  ADD COLUMN IF NOT EXISTS "admitted_share" double precision,
  -- Share of the flows of which running streams were kept at that level, 0..1
  ADD COLUMN IF NOT EXISTS "kept_share" double precision,
  -- When shedding began: RFC 3339, UTC, nanoseconds (packet time of the capture clock); null when unknown
  ADD COLUMN IF NOT EXISTS "overload_since" timestamptz,
  -- RTP and RTCP packets of streams that were not measured
  ADD COLUMN IF NOT EXISTS "packets_shed" bigint,
  -- Running streams that were let go; those that were not admitted are not among them
  ADD COLUMN IF NOT EXISTS "streams_shed" bigint,
  -- Each network interface, in the order of the configuration: growth from when the window before was told to when this one is, so that all summaries together give the whole. Empty for files
  ADD COLUMN IF NOT EXISTS "interfaces" jsonb,
  -- Accepted streams at the end of the window
  ADD COLUMN IF NOT EXISTS "streams_active" bigint,
  -- Share of one core used by the busiest worker, 0..1; null for files
  ADD COLUMN IF NOT EXISTS "worker_load" double precision;
CREATE INDEX IF NOT EXISTS captures_time ON captures (window_start);

-- With Timescale each table is cut into chunks by its time.
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb') THEN
    PERFORM create_hypertable('windows', 'window_start',
      chunk_time_interval => INTERVAL '1 day', create_default_indexes => FALSE, if_not_exists => TRUE, migrate_data => TRUE);
    PERFORM create_hypertable('streams', 'end_time',
      chunk_time_interval => INTERVAL '1 day', create_default_indexes => FALSE, if_not_exists => TRUE, migrate_data => TRUE);
    PERFORM create_hypertable('captures', 'window_start',
      chunk_time_interval => INTERVAL '1 day', create_default_indexes => FALSE, if_not_exists => TRUE, migrate_data => TRUE);
  END IF;
END
$$;
COMMIT;

// Columns of what RTCP said of a stream, of its other direction and of its MOS.
import type { ColumnRow } from './columns.js';

export const rtcpColumns: readonly ColumnRow[] = [
  ['rtcp_packets', 'integer', 'rtcpPackets'],
  ['rtcp_reports', 'integer', 'rtcp.reports.count'],
  ['rtcp_report_time', 'time', 'rtcp.reports.last'],
  ['rtcp_reporter_ssrc', 'text', 'rtcp.reports.reporter'],
  ['rtcp_fraction_lost_last', 'real', 'rtcp.reports.fractionLost.last'],
  ['rtcp_fraction_lost_max', 'real', 'rtcp.reports.fractionLost.max'],
  ['rtcp_cumulative_lost', 'integer', 'rtcp.reports.cumulativeLost'],
  ['rtcp_highest_sequence', 'integer', 'rtcp.reports.highestSequence'],
  ['rtcp_jitter_last_ms', 'real', 'rtcp.reports.jitterMs.last'],
  ['rtcp_jitter_mean_ms', 'real', 'rtcp.reports.jitterMs.mean'],
  ['rtcp_jitter_max_ms', 'real', 'rtcp.reports.jitterMs.max'],
  ['rtcp_jitter_ticks', 'json', 'rtcp.reports.jitterTicks'],
  ['rtcp_offset_jitter_ms', 'json', 'rtcp.reports.offsetJitterMs'],
  ['rtcp_offset_jitter_ticks', 'json', 'rtcp.reports.offsetJitterTicks'],
  ['sender_reports', 'integer', 'rtcp.sender.reports'],
  ['sender_report_time', 'time', 'rtcp.sender.last'],
  ['sender_packets', 'integer', 'rtcp.sender.packets'],
  ['sender_octets', 'integer', 'rtcp.sender.octets'],
  ['sender_tap_packets', 'integer', 'rtcp.sender.tapPackets'],
  ['sender_tap_octets', 'integer', 'rtcp.sender.tapOctets'],
  ['sender_clock_hz', 'real', 'rtcp.sender.clockHz'],
  ['cname_digest', 'text', 'rtcp.cnameDigest'],
  ['bye_time', 'time', 'rtcp.bye.time'],
  ['bye_reason', 'text', 'rtcp.bye.reason'],
  ['rtcp_feedback', 'json', 'rtcp.feedback'],
  ['xr_blocks', 'integer', 'rtcp.xrBlocks'],
  ['xr_without_interval', 'integer', 'rtcp.xrWithoutInterval'],
  ['xr_skipped', 'integer', 'rtcp.xrSkipped'],
  ['xr_dropped', 'integer', 'rtcp.xrDropped'],
  ['unknown_echoes', 'integer', 'rtcp.unknownEchoes'],
  ['unknown_reference_echoes', 'integer', 'rtcp.unknownReferenceEchoes'],
  ['rtcp_app_packets', 'integer', 'rtcp.appPackets'],
  ['rtcp_other_packets', 'integer', 'rtcp.otherPackets'],
  ['rtcp_reduced_size', 'integer', 'rtcp.reducedSize'],
  ['srtcp_packets', 'integer', 'rtcp.srtcpPackets'],
  ['rtcp_malformed_packets', 'integer', 'rtcp.malformedPackets'],
  ['endpoint', 'json', 'endpoint'],
];

export const directionColumns: readonly ColumnRow[] = [
  ['reverse_stream_id', 'text', 'reverse.streamId'],
  ['reverse_packets', 'integer', 'reverse.packets'],
  ['one_way_audio', 'boolean', 'oneWayAudio'],
  ['silent_ms', 'real', 'silentMs'],
  ['previous_stream_id', 'text', 'previousStreamId'],
  ['ssrc_changes', 'integer', 'ssrcChanges'],
  ['ssrc_collision', 'boolean', 'ssrcCollision'],
];

/** MOS of different scales never share a column: 4.3 narrowband is not 4.3 wideband. */
const scales = ['NB', 'WB', 'FB'].flatMap((scale): ColumnRow[] => {
  const only = { path: 'mos.scale', is: scale };
  const suffix = scale.toLowerCase();
  return [
    [`mos_lq_${suffix}`, 'real', 'mos.lq', only],
    [`mos_cq_${suffix}`, 'real', 'mos.cq', only],
    [`r_${suffix}`, 'real', 'mos.r', only],
  ];
});

export const mosColumns: readonly ColumnRow[] = [
  ['mos_scale', 'name', 'mos.scale'],
  ['mos_rating', 'name', 'mos.rating'],
  ...scales,
  ['mos_model', 'name', 'mos.assumptions.model'],
  ['mos_codec', 'name', 'mos.assumptions.codec'],
  ['mos_codec_bitrate_kbps', 'real', 'mos.assumptions.codecBitrateKbps'],
  ['mos_ie', 'real', 'mos.assumptions.ie'],
  ['mos_bpl', 'real', 'mos.assumptions.bpl'],
  ['mos_ie_source', 'name', 'mos.assumptions.ieSource'],
  ['mos_confidence', 'name', 'mos.assumptions.confidence'],
  ['mos_loss_percent', 'real', 'mos.assumptions.lossPercent'],
  ['mos_loss_ratio', 'real', 'mos.assumptions.lossRatio'],
  ['mos_discard_ratio', 'real', 'mos.assumptions.discardRatio'],
  ['mos_playout_profile', 'name', 'mos.assumptions.playoutProfile'],
  ['mos_capture_lost', 'integer', 'mos.assumptions.captureLost'],
  ['mos_repaired', 'integer', 'mos.assumptions.repaired'],
  ['mos_burst_ratio', 'real', 'mos.assumptions.burstRatio'],
  ['mos_delay_ms', 'real', 'mos.assumptions.delayMs'],
  ['mos_delay_parts', 'json', 'mos.assumptions.delay'],
  ['mos_echo', 'name', 'mos.assumptions.echo'],
  ['mos_packet_loss_concealment', 'boolean', 'mos.assumptions.packetLossConcealment'],
  ['mos_advantage_factor', 'real', 'mos.assumptions.advantageFactor'],
  ['mos_covers', 'json', 'mos.assumptions.covers'],
  ['mos_notes', 'json', 'mos.assumptions.notes'],
];

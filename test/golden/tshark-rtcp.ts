// tshark as an independent witness: the RTCP of a capture, field by field.
import { spawnSync } from 'node:child_process';

/** The fields of tshark's RTCP dissector that are compared. */
const NAMES = `
  pt senderssrc mediassrc timestamp.ntp.msw timestamp.ntp.lsw timestamp.rtp sender.packetcount
  sender.octetcount ssrc.identifier ssrc.fraction ssrc.cum_nr ssrc.ext_high ssrc.jitter ssrc.lsr ssrc.dlsr
  ssrc.discarded sdes.type sdes.text app.subtype app.name rtpfb.fmt psfb.fmt rtpfb.nack_pid rtpfb.nack_blp
  rtpfb.tmmbr.fci.ssrc rtpfb.tmmbr.fci.measuredoverhead rtpfb.transportcc.baseseq
  rtpfb.transportcc.statuscount rtpfb.transportcc.pktcount psfb.fir.fci.ssrc psfb.fir.fci.csn
  psfb.fir.sli.first psfb.fir.sli.number psfb.fir.sli.picture_id psfb.remb.fci.ssrc
  xr.bt xr.beginseq xr.endseq xr.receipt_time_seq xr.lrr xr.dlrr xr.chunk.length xr.chunk.bit_vector
  xr.stats.lost xr.stats.dups xr.stats.minjitter xr.stats.maxjitter xr.stats.meanjitter xr.stats.devjitter
  xr.stats.minttl xr.stats.maxttl xr.stats.meanttl xr.stats.devttl
  xr.voipmetrics.burstdensity xr.voipmetrics.gapdensity xr.voipmetrics.burstduration
  xr.voipmetrics.gapduration xr.voipmetrics.rtdelay xr.voipmetrics.esdelay xr.voipmetrics.signallevel
  xr.voipmetrics.noiselevel xr.voipmetrics.rerl xr.voipmetrics.gmin xr.voipmetrics.rfactor
  xr.voipmetrics.extrfactor xr.voipmetrics.moslq xr.voipmetrics.moscq xr.voipmetrics.plc xr.voipmetrics.jba
  xr.voipmetrics.jbrate xr.voipmetrics.jbnominal xr.voipmetrics.jbmax xr.voipmetrics.jbabsmax
  xr.btxnq.begseq xr.btxnq.endseq xr.btxnq.vmaxdiff xr.btxnq.vrange xr.btxnq.vsum xr.btxnq.cycles
  xr.btxnq.jbevents xr.btxnq.tdegnet xr.btxnq.tdegjit xr.btxnq.es xr.btxnq.ses`
  .trim()
  .split(/\s+/)
  .map((name) => `rtcp.${name}`);

/** One byte that no field has in it. */
const BETWEEN = '\u0001';

/** The values of one frame, by field; fields without a value are left out. */
export type TsharkFields = Readonly<Record<string, readonly string[]>>;

/**
 * The RTCP frames of a capture, by number. Without ports only what tshark's
 * heuristic finds; with ports all datagrams from or to these are read as RTCP.
 */
export function tsharkRtcp(file: string, ports: readonly number[] = []): Map<number, TsharkFields> {
  const args = [
    '-n',
    '-r',
    file,
    '-Y',
    'rtcp',
    '-T',
    'fields',
    '-E',
    'occurrence=a',
    '-E',
    `aggregator=${BETWEEN}`,
  ];
  const how =
    ports.length === 0
      ? ['--enable-heuristic', 'rtp_udp']
      : ports.flatMap((port) => ['-d', `udp.port==${port},rtcp`]);
  const fields = ['frame.number', ...NAMES].flatMap((name) => ['-e', name]);
  const { status, stdout, stderr } = spawnSync('tshark', [...args, ...how, ...fields], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(stderr);
  const frames = new Map<number, TsharkFields>();
  for (const row of stdout.split('\n').filter((line) => line !== '')) {
    const [number, ...cells] = row.split('\t');
    const values = NAMES.map((name, index) => [name, (cells[index] ?? '').split(BETWEEN)] as const);
    frames.set(Number(number), Object.fromEntries(values.filter(([, list]) => list.join('') !== '')));
  }
  return frames;
}

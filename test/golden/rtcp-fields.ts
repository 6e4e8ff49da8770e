// What the core reads of the RTCP in a capture, under the names and in the notation
// of tshark: for each frame the values of each field, in wire order.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../native/build/dev/rtpsonde_rtcp_dump', import.meta.url));

/** Whether the native developer build with the dump is there; says so when not. */
export function hasDump(): boolean {
  if (existsSync(program)) return true;
  console.log('NOT RUN: RTCP against tshark: native/build/dev has no rtpsonde_rtcp_dump');
  return false;
}

export type Fields = Readonly<Record<string, readonly (string | number | null)[]>>;

/** One datagram that looks like RTCP. */
export interface RtcpFrame {
  verdict: 'clear' | 'authenticated' | 'encrypted' | 'damaged' | 'malformed';
  ports: readonly number[];
  fields: Fields;
}

// biome-ignore lint/suspicious/noExplicitAny: lines have the fields of their kind, see native/tools
type Line = any;

const text = (hex: string) => Buffer.from(hex, 'hex').toString('utf8');
const bits = (value: number | null, scale: number) => (value === null ? null : Math.round(value * scale));

const reportBlock = (line: Line) => ({
  'rtcp.ssrc.identifier': line.ssrc,
  'rtcp.ssrc.fraction': line.fractionLost,
  'rtcp.ssrc.cum_nr': line.cumulativeLost,
  'rtcp.ssrc.ext_high': line.highestSequence,
  'rtcp.ssrc.jitter': line.jitter,
  'rtcp.ssrc.lsr': line.lsr,
  'rtcp.ssrc.dlsr': line.dlsr,
});

const voipMetrics = (line: Line) => ({
  'rtcp.ssrc.fraction': bits(line.lossRate, 256),
  'rtcp.ssrc.discarded': bits(line.discardRate, 256),
  'rtcp.xr.voipmetrics.burstdensity': bits(line.burstDensity, 256),
  'rtcp.xr.voipmetrics.gapdensity': bits(line.gapDensity, 256),
  'rtcp.xr.voipmetrics.burstduration': line.burstMs,
  'rtcp.xr.voipmetrics.gapduration': line.gapMs,
  'rtcp.xr.voipmetrics.rtdelay': line.roundTripMs,
  'rtcp.xr.voipmetrics.esdelay': line.endSystemMs,
  'rtcp.xr.voipmetrics.signallevel': line.signalDbm0,
  'rtcp.xr.voipmetrics.noiselevel': line.noiseDbm0,
  'rtcp.xr.voipmetrics.rerl': line.rerlDb,
  'rtcp.xr.voipmetrics.gmin': line.gmin,
  'rtcp.xr.voipmetrics.rfactor': line.rFactor,
  'rtcp.xr.voipmetrics.extrfactor': line.extRFactor,
  'rtcp.xr.voipmetrics.moslq': line.mosLq,
  'rtcp.xr.voipmetrics.moscq': line.mosCq,
  'rtcp.xr.voipmetrics.plc': line.plc,
  'rtcp.xr.voipmetrics.jba': line.buffer,
  'rtcp.xr.voipmetrics.jbrate': line.bufferRate,
  'rtcp.xr.voipmetrics.jbnominal': line.bufferNominalMs,
  'rtcp.xr.voipmetrics.jbmax': line.bufferMaxMs,
  'rtcp.xr.voipmetrics.jbabsmax': line.bufferAbsMaxMs,
});

const statisticsSummary = (line: Line) => ({
  'rtcp.xr.beginseq': line.beginSequence,
  'rtcp.xr.endseq': line.endSequence,
  'rtcp.xr.stats.lost': line.lost,
  'rtcp.xr.stats.dups': line.duplicates,
  'rtcp.xr.stats.minjitter': line.jitterMin,
  'rtcp.xr.stats.maxjitter': line.jitterMax,
  'rtcp.xr.stats.meanjitter': line.jitterMean,
  'rtcp.xr.stats.devjitter': line.jitterDeviation,
  'rtcp.xr.stats.minttl': line.ttlMin,
  'rtcp.xr.stats.maxttl': line.ttlMax,
  'rtcp.xr.stats.meanttl': line.ttlMean,
  'rtcp.xr.stats.devttl': line.ttlDeviation,
});

const xnq = (line: Line) => ({
  'rtcp.xr.btxnq.begseq': line.beginSequence,
  'rtcp.xr.btxnq.endseq': line.endSequence,
  'rtcp.xr.btxnq.vmaxdiff': line.vmaxdiff,
  'rtcp.xr.btxnq.vrange': line.vrange,
  'rtcp.xr.btxnq.vsum': line.vsum,
  'rtcp.xr.btxnq.cycles': line.cycles,
  'rtcp.xr.btxnq.jbevents': line.bufferEvents,
  'rtcp.xr.btxnq.tdegnet': line.degradedNetwork,
  'rtcp.xr.btxnq.tdegjit': line.degradedBuffer,
  'rtcp.xr.btxnq.es': line.es,
  'rtcp.xr.btxnq.ses': line.ses,
});

/** Run-length chunks apart by their kind, as tshark tells them. */
function chunks(raw: string) {
  const words = (raw.match(/.{4}/g) ?? []).map((word) => Number.parseInt(word, 16));
  const last = words.indexOf(0);
  const told = last < 0 ? words : words.slice(0, last);
  return {
    'rtcp.xr.chunk.length': told.filter((word) => word < 0x8000).map((word) => word & 0x3fff),
    'rtcp.xr.chunk.bit_vector': told.filter((word) => word >= 0x8000).map((word) => word & 0x7fff),
  };
}

function xrBlock(line: Line): Record<string, unknown> {
  switch (line.blockType) {
    case 1:
    case 2:
      return {
        'rtcp.xr.beginseq': line.beginSequence,
        'rtcp.xr.endseq': line.endSequence,
        ...chunks(line.raw),
      };
    case 3:
      return {
        'rtcp.xr.beginseq': line.beginSequence,
        'rtcp.xr.endseq': line.endSequence,
        'rtcp.xr.receipt_time_seq': line.times,
      };
    case 5:
      return { 'rtcp.xr.lrr': line.lrr, 'rtcp.xr.dlrr': line.dlrr };
    case 6:
      return statisticsSummary(line);
    case 7:
      return voipMetrics(line);
    case 8:
      return xnq(line);
    default:
      return {};
  }
}

function feedback(line: Line): Record<string, unknown> {
  const all = (name: string) => (line.entries ?? []).map((entry: Line) => entry[name]);
  const head = {
    'rtcp.senderssrc': line.sender,
    'rtcp.mediassrc': line.media,
    [line.type === 205 ? 'rtcp.rtpfb.fmt' : 'rtcp.psfb.fmt']: line.format,
  };
  switch (line.kind) {
    case 'nack':
      return { ...head, 'rtcp.rtpfb.nack_pid': all('pid'), 'rtcp.rtpfb.nack_blp': all('blp') };
    case 'tmmbr':
    case 'tmmbn':
      return {
        ...head,
        'rtcp.rtpfb.tmmbr.fci.ssrc': all('ssrc'),
        'rtcp.rtpfb.tmmbr.fci.measuredoverhead': all('overhead'),
      };
    case 'fir':
      return { ...head, 'rtcp.psfb.fir.fci.ssrc': all('ssrc'), 'rtcp.psfb.fir.fci.csn': all('sequence') };
    case 'sli':
      return {
        ...head,
        'rtcp.psfb.fir.sli.first': all('first'),
        'rtcp.psfb.fir.sli.number': all('number'),
        'rtcp.psfb.fir.sli.picture_id': all('pictureId'),
      };
    case 'transport-cc':
      return {
        ...head,
        'rtcp.rtpfb.transportcc.baseseq': line.baseSequence,
        'rtcp.rtpfb.transportcc.statuscount': line.packets,
        'rtcp.rtpfb.transportcc.pktcount': line.feedbackCount,
      };
    case 'remb':
      return { ...head, 'rtcp.psfb.remb.fci.ssrc': all('ssrc') };
    default:
      return head;
  }
}

function fieldsOf(line: Line, before: Line): Record<string, unknown> {
  switch (line.what) {
    case 'packet':
      return {
        'rtcp.pt': line.type,
        ...([200, 201, 207].includes(line.type) ? { 'rtcp.senderssrc': line.ssrc } : {}),
      };
    case 'sender-info':
      return {
        'rtcp.timestamp.ntp.msw': Number.parseInt(line.ntp.slice(0, 8), 16),
        'rtcp.timestamp.ntp.lsw': Number.parseInt(line.ntp.slice(8), 16),
        'rtcp.timestamp.rtp': line.rtpTimestamp,
        'rtcp.sender.packetcount': line.packets,
        'rtcp.sender.octetcount': line.octets,
      };
    case 'report-block':
      return reportBlock(line);
    case 'sdes-item':
      return {
        ...(line.ssrc === before.ssrc && before.what === 'sdes-item'
          ? {}
          : { 'rtcp.ssrc.identifier': line.ssrc }),
        'rtcp.sdes.type': line.type,
        'rtcp.sdes.text': text(line.text),
      };
    case 'bye':
      return {
        'rtcp.ssrc.identifier': line.ssrc,
        // Told for each source, but written once.
        ...(line.reason === '' || before.what === 'bye' ? {} : { 'rtcp.sdes.text': text(line.reason) }),
      };
    case 'app':
      return {
        'rtcp.ssrc.identifier': line.ssrc,
        'rtcp.app.subtype': line.subtype,
        'rtcp.app.name': text(line.name),
      };
    case 'feedback':
      return feedback(line);
    case 'xr':
      return {
        // A line for each item of a DLRR block, which has one type.
        ...(line.blockType === before.blockType ? {} : { 'rtcp.xr.bt': line.blockType }),
        ...(line.ssrc === undefined ? {} : { 'rtcp.ssrc.identifier': line.ssrc }),
        ...xrBlock(line),
      };
    default:
      return {};
  }
}

/** Blocks of extended reports that tshark 4.0 knows; of the others it tells the type alone. */
const KNOWN_BLOCKS = [1, 2, 3, 4, 5, 6, 7, 8];
/** Inter-destination synchronization (RFC 7272), which tshark 4.0 steps too far over: it tells nothing behind it. */
const STEPPED_TOO_FAR = 12;

/** What of the lines of a datagram tshark 4.0 can tell when they hold blocks that it does not know. */
function asDissected(lines: readonly Line[]): Line[] {
  const last = lines.findIndex(({ what, blockType }) => what === 'xr' && blockType === STEPPED_TOO_FAR);
  const told = last < 0 ? lines : [...lines.slice(0, last + 1), lines.at(-1)];
  return told.map((line) => {
    if (line.what !== 'xr' || KNOWN_BLOCKS.includes(line.blockType)) return line;
    return { ...line, ssrc: undefined };
  });
}

/**
 * All datagrams of a capture that look like RTCP, by frame number.
 * @param isAsDissected whether only what tshark 4.0 knows of extended reports is wanted
 */
export function rtcpFrames(file: string, isAsDissected = false): Map<number, RtcpFrame> {
  const { status, stdout, stderr } = spawnSync(program, [file], { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(stderr);
  const frames = new Map<number, RtcpFrame>();
  let lines: Line[] = [];
  for (const row of stdout.split('\n').filter((each) => each !== '')) {
    const line: Line = JSON.parse(row);
    lines.push(line);
    if (line.what !== 'datagram') continue;
    const fields: Record<string, (string | number | null)[]> = {};
    let before: Line = {};
    for (const each of isAsDissected ? asDissected(lines) : lines) {
      for (const [name, value] of Object.entries(fieldsOf(each, before))) {
        fields[name] = [...(fields[name] ?? []), ...[value].flat()] as (string | number | null)[];
      }
      before = each;
    }
    frames.set(line.frame, { verdict: line.verdict, ports: [line.srcPort, line.dstPort], fields });
    lines = [];
  }
  return frames;
}

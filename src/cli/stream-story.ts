// The story of one stream, as a person reads it: who, when, what happened, how
// good it was and why, and on which side of the tap it suffered.
import type { StreamSummary, WindowSummary } from '../summary/schema.js';
import { qualityLines } from './story-quality.js';
import { timeline } from './story-timeline.js';
import { duration, fixed, percent, type Section } from './story-words.js';
import { endpoint, type StreamHead } from './stream-choice.js';
import { counted } from './worst-rows.js';

/** Lines of sections, names in a column. */
function sections(all: readonly Section[]): string[] {
  const shown = all.filter(([, lines]) => lines.length > 0);
  const width = Math.max(...shown.map(([name]) => name.length)) + 2;
  return shown.flatMap(([name, lines]) =>
    lines.map((line, i) => `${(i === 0 ? name : '').padEnd(width)}${line}`),
  );
}

const clockTime = (time: string) => `${time.slice(0, 10)} ${time.slice(11, 23)}`;

function head(stream: StreamSummary): Section[] {
  const { tunnel, clockRate } = stream;
  const clock = clockRate === null ? 'clock unknown' : `${clockRate} Hz (${stream.clockRateSource})`;
  const codec = stream.codec ?? `payload type ${stream.payloadType} (name unknown; see --payload-type)`;
  const { redPrimary } = stream;
  const inside = redPrimary && (redPrimary.codec ?? `payload type ${redPrimary.payloadType}`);
  const media = [
    ...(inside === null ? [codec] : [`${inside} inside ${codec}`]),
    clock,
    ...(stream.packetTimeMs === null ? [] : [`${stream.packetTimeMs} ms a packet`]),
    ...(stream.bitrateKbps === null ? [] : [`${stream.bitrateKbps.toFixed(1)} kbit/s`]),
    ...(stream.payloadTypes.length > 1 ? [`payload types ${stream.payloadTypes.join(', ')}`] : []),
  ];
  const vlans = [stream.vlan, stream.vlanOther].filter((vlan) => vlan !== null);
  const network = [
    vlans.length === 0 ? 'no VLAN tag' : `VLAN ${vlans.join(', before ')}`,
    `DSCP ${stream.dscpSeen.join(', ')}`,
    ...(tunnel === null
      ? []
      : [
          `in ${[...tunnel.outer, tunnel].map(({ kind, id }) => `${kind} ${id}`).join(' > ')}${tunnel.innerVlan === null ? '' : `, VLAN ${tunnel.innerVlan} inside`}`,
        ]),
    ...(stream.spanCopies.count > 0
      ? [`${stream.spanCopies.count} SPAN copies, ${fixed(stream.spanCopies.delayMeanMs, 3)} ms later`]
      : []),
  ];
  const span = `${clockTime(stream.start)} to ${stream.end.slice(11, 23)} UTC, ${duration(stream.durationMs)}`;
  return [
    [
      'Stream',
      [
        `${stream.streamId}, SSRC ${stream.ssrc}`,
        `${endpoint(stream.src, stream.srcPort)} > ${endpoint(stream.dst, stream.dstPort)}`,
      ],
    ],
    ['Media', [media.join(', ')]],
    ['Time', [`${span}, ended: ${stream.endReason}`]],
    ['Network', [network.join('; ')]],
  ];
}

function lossLines(stream: StreamSummary): string[] {
  const { lost, expected, lossRuns, lossAfterRepair, captureLost, burstGap } = stream;
  const lines = [
    lost === 0
      ? `none of ${counted(expected, 'packet')}`
      : `${lost} of ${expected} packets (${percent(stream.lossRatio)}) in ${counted(lossRuns.count, 'run')}, longest ${lossRuns.longest}`,
  ];
  if (captureLost > 0) lines.push(`${captureLost} of them perhaps lost by the capture (estimate)`);
  if (lossAfterRepair !== null)
    lines.push(`${lossAfterRepair.lost} (${percent(lossAfterRepair.ratio)}) after repair by redundant audio`);
  if (burstGap.bursts > 0) {
    lines.push(
      `${counted(burstGap.bursts, 'burst')} of ${duration(burstGap.burstDurationMs)} with ${percent(burstGap.burstDensity)} bad, ` +
        `gaps of ${duration(burstGap.gapDurationMs)} with ${percent(burstGap.gapDensity)} bad (Gmin ${burstGap.gmin})`,
    );
  }
  const order = [
    ...(stream.reordered > 0
      ? [`${stream.reordered} reordered, by up to ${counted(stream.reorderExtentMax, 'packet')}`]
      : []),
    ...(stream.duplicates > 0 ? [counted(stream.duplicates, 'duplicate')] : []),
    ...(stream.restarts > 0 ? [counted(stream.restarts, 'restart')] : []),
    ...(stream.sequenceErrors > 0 ? [counted(stream.sequenceErrors, 'stray packet')] : []),
  ];
  return order.length === 0 ? lines : [...lines, order.join(', ')];
}

function clockLine({ skewPpm, skewDrift: d }: StreamSummary): string {
  const isInStep = Math.abs(skewPpm!) < 0.05;
  const rate = isInStep
    ? 'in step with'
    : `${fixed(Math.abs(skewPpm!), 1)} ppm ${skewPpm! > 0 ? 'slow' : 'fast'} against`;
  const line = `sender's clock ${rate} the capture`;
  if (d === null) return line;
  const slope = d.ppmPerHour === null ? '' : `, ${fixed(d.ppmPerHour, 1)} ppm an hour`;
  return `${line}; slow by ${fixed(d.firstPpm, 1)} ppm at first, by ${fixed(d.minPpm, 1)} to ${fixed(d.maxPpm, 1)} in all${slope}`;
}

function delayLines(stream: StreamSummary): string[] {
  const { jitterMs, delayVariationMs: v, skewPpm } = stream;
  if (jitterMs.mean === null) return ['jitter unknown (no clock rate)'];
  const lines = [`mean ${fixed(jitterMs.mean, 2)} ms, max ${fixed(jitterMs.max, 2)} ms (RFC 3550)`];
  if (v.pdvP50 !== null)
    lines.push(
      `delay variation: half within ${fixed(v.pdvP50, 1)}, 95 % ${fixed(v.pdvP95, 1)}, 99 % ${fixed(v.pdvP99, 1)}, all ${fixed(v.pdvMax, 1)} ms`,
    );
  if (stream.jitterTransmissionMs !== null)
    lines.push(`without the delays of the sender: ${fixed(stream.jitterTransmissionMs, 2)} ms (RFC 5450)`);
  lines.push(
    `longest time between packets ${duration(stream.deltaMs.max)}, ${counted(stream.stalls, 'stall')}`,
  );
  if (skewPpm !== null) lines.push(clockLine(stream));
  return lines;
}

function playoutLines({ playout }: StreamSummary): string[] {
  if (playout === null) return [];
  const width = Math.max(...playout.profiles.map(({ profile }) => profile.length));
  return playout.profiles.map(
    (p) =>
      `${p.profile.padEnd(width)}  ${percent(p.discardRatio)} discarded (${p.lateDiscards} late, ${p.earlyDiscards} early), delay ${fixed(p.delayMs, 1)} ms${p.usedByQuality ? ', used for the MOS' : ''}`,
  );
}

function speechLines({ speech }: StreamSummary): string[] {
  if (speech === null) return [];
  return [
    `signal ${fixed(speech.signalLevelDbm0, 1)} dBm0, noise ${fixed(speech.noiseLevelDbm0, 1)} dBm0, silence ${percent(speech.silenceShare)}, clipping ${percent(speech.clippingShare)}`,
  ];
}

function reverseLines(stream: StreamSummary, reverse: StreamHead | null): string[] {
  const oneWay =
    stream.oneWayAudio === true ? `; silent for ${duration(stream.silentMs)}: one-way audio` : '';
  if (stream.reverse === null) return [`not seen${oneWay}`];
  const { streamId, packets } = stream.reverse;
  if (reverse === null) return [`${streamId}, ${counted(packets, 'packet')}${oneWay}`];
  return [
    `${streamId}, SSRC ${reverse.ssrc}, ${reverse.codec ?? 'codec unknown'}, ${counted(reverse.packets, 'packet')}, ` +
      `loss ${percent(reverse.lossRatio)}, jitter ${fixed(reverse.jitterMs.mean, 2)} ms, MOS ${fixed(reverse.mosCq, 2)} ${reverse.scale ?? ''}`.trimEnd() +
      oneWay,
  ];
}

/** All of it, as lines. */
export function streamStory(
  stream: StreamSummary,
  windows: readonly WindowSummary[],
  reverse: StreamHead | null,
): string[] {
  return [
    ...sections(head(stream)),
    '',
    ...timeline(windows),
    '',
    ...sections([
      ['Loss', lossLines(stream)],
      ['Where', [stream.damage.text]],
      ['Jitter', delayLines(stream)],
      ['Playout', playoutLines(stream)],
      ['Speech', speechLines(stream)],
      ...qualityLines(stream),
      ['Reverse', reverseLines(stream, reverse)],
    ]),
  ];
}

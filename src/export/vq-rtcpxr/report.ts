// A summary as a voice quality report, application/vq-rtcpxr, by the syntax of
// RFC 6035 4.6.1. There, all parameters of a line but the last named one are
// followed by a space, also when nothing comes behind. What is unknown is left out.
import type { StreamSummary, WindowSummary } from '../../summary/schema.js';

export type Measured = WindowSummary | StreamSummary;

export interface ReportOptions {
  /** For LocalGroup and RemoteGroup; null: the name of the probe. */
  group: string | null;
}

/** RFC 6035 gives R up to 120 for wideband, as before G.107.1: only narrowband R is sent. */
const NARROWBAND = 'NB';

/** Mandatory, but not known without signalling; as RFC 3323 4.1 writes an unknown address. */
const UNKNOWN_URI = '<sip:anonymous@anonymous.invalid>';

/**
 * A VQSessionReport for a whole stream, a VQIntervalReport for a window.
 * Local is the receiver of the stream, remote its sender, as for a phone that
 * measures what it receives.
 */
export function vqReport(summary: Measured, { group }: ReportOptions): string {
  const { src, srcPort, dst, dstPort, ssrc } = summary;
  const groupName = wordPlus(group ?? summary.probe);
  return lines([
    summary.kind === 'stream' ? 'VQSessionReport: CallTerm' : 'VQIntervalReport',
    `CallID: ${callIdOf(summary)}`,
    `LocalID: ${uriOf(dst)}`,
    `RemoteID: ${uriOf(src)}`,
    `OrigID: ${UNKNOWN_URI}`,
    `LocalAddr: IP=${dst} PORT=${dstPort} SSRC=${shortHex(receiverSsrc(summary))}`,
    `RemoteAddr: IP=${src} PORT=${srcPort} SSRC=${shortHex(ssrc)}`,
    `LocalGroup: ${groupName}`,
    `RemoteGroup: ${groupName}`,
    'LocalMetrics:',
    ...metricsOf(summary),
  ]);
}

/** The same for both directions; the Call-ID belongs here as soon as signalling is read. */
const callIdOf = ({ pairId }: Measured) => `rtp-${pairId}`;

function metricsOf(summary: Measured): (string | null)[] {
  const [start, stop] =
    summary.kind === 'stream' ? [summary.start, summary.end] : [summary.windowStart, summary.windowEnd];
  return [
    `Timestamps: START=${milliseconds(start)} STOP=${milliseconds(stop)}`,
    sessionDescription(summary),
    jitterBuffer(summary),
    packetLoss(summary),
    burstGapLoss(summary),
    delay(summary),
    signal(summary),
    qualityEstimates(summary),
    // An extension of ours: a report that came twice has the same.
    `SummaryID:${wordPlus(summary.id)}`,
  ];
}

function sessionDescription({ payloadType, codec, clockRate, packetTimeMs, ...summary }: Measured) {
  const isSilenceSuppressed = summary.comfortNoisePackets > 0 || summary.dtxResumptions > 0;
  return line('SessionDesc', 'SSUP', {
    PT: payloadType,
    PD: codec === null ? null : word(codec),
    SR: clockRate,
    PPS: packetTimeMs === null || packetTimeMs <= 0 ? null : integer(1000 / packetTimeMs, 99_999),
    SSUP: isSilenceSuppressed ? 'on' : null,
  });
}

/** The emulated buffer that the MOS rests on, to which JDR belongs as well. */
function jitterBuffer({ playout }: Measured) {
  const used = playout?.profiles.find(({ usedByQuality }) => usedByQuality);
  return line('JitterBuffer', 'JBX', {
    JBA: used === undefined ? null : used.kind === 'adaptive' ? 3 : 2,
    JBN: integer(playout?.bufferMeanMs, 65_535),
  });
}

function packetLoss({ networkLoss, lossAfterRepair, playout }: Measured) {
  const used = playout?.profiles.find(({ usedByQuality }) => usedByQuality);
  return line('PacketLoss', 'JDR', {
    NLR: percent((lossAfterRepair ?? networkLoss).ratio),
    JDR: percent(used?.discardRatio),
  });
}

function burstGapLoss({ burstGap }: Measured) {
  return line('BurstGapLoss', 'GMIN', {
    BLD: percent(burstGap.burstDensity),
    BD: integer(burstGap.burstDurationMs, 3_600_000),
    GLD: percent(burstGap.gapDensity),
    GD: integer(burstGap.gapDurationMs, 3_600_000),
    GMIN: integer(burstGap.gmin, 255),
  });
}

/** RTD is the sum of the round trips on both sides of the tap; ESD is what the receiver reported. */
function delay({ legs, endpoint, jitterMs, delayVariationMs }: Measured) {
  const [down, up] = [legs.downstream?.rttMs?.mean, legs.upstream?.rttMs?.mean];
  return line('Delay', 'MAJ', {
    RTD: down === undefined || up === undefined ? null : integer(down + up, 65_535),
    ESD: integer(endpoint?.endSystemDelayMs, 65_535),
    IAJ: integer(jitterMs.mean, 65_535),
    MAJ: integer(delayVariationMs.mapdv2, 65_535),
  });
}

function signal({ speech }: Measured) {
  return line('Signal', 'RERL', { SL: level(speech?.signalLevelDbm0), NL: level(speech?.noiseLevelDbm0) });
}

function qualityEstimates({ mos }: Measured) {
  const { model } = mos.assumptions;
  return line('QualityEst', 'QoEEstAlg', {
    RCQ: mos.scale === NARROWBAND ? integer(mos.r, 120) : null,
    MOSLQ: mosText(mos.lq),
    MOSCQ: mosText(mos.cq),
    QoEEstAlg: mos.cq === null || model === null ? null : word(model),
  });
}

type Value = string | number | null;

/** @param last the parameter that the syntax names last; any other has a space behind it */
function line(name: string, last: string, values: Readonly<Record<string, Value>>): string | null {
  const known = Object.entries(values).filter(([, value]) => value !== null);
  if (known.length === 0) return null;
  return `${name}: ${known.map(([key, value]) => `${key}=${value}${key === last ? '' : ' '}`).join('')}`;
}

const lines = (all: readonly (string | null)[]) =>
  all
    .filter((text) => text !== null)
    .map((text) => `${text}\r\n`)
    .join('');

/** To whole numbers, as the syntax wants it. */
function integer(value: number | null | undefined, max: number): number | null {
  return value === null || value === undefined ? null : Math.min(Math.max(Math.round(value), 0), max);
}

/** Up to two decimals, 0..100. */
function percent(ratio: number | null | undefined): string | null {
  return ratio === null || ratio === undefined ? null : `${Math.round(Math.min(ratio, 1) * 10_000) / 100}`;
}

/** Of at most two digits. */
function level(dbm0: number | null | undefined): number | null {
  return dbm0 === null || dbm0 === undefined ? null : Math.max(-99, Math.min(99, Math.round(dbm0)));
}

const mosText = (mos: number | null) => (mos === null ? null : mos.toFixed(2));

/** RFC 3339 with milliseconds, from nanoseconds. */
const milliseconds = (time: string) => time.replace(/(\.\d{3})\d*Z$/, '$1Z');

const uriOf = (address: string) => `<sip:${address.includes(':') ? `[${address}]` : address}>`;

/** SSRC of the receiver, from its reports; the syntax demands one, and 0 stands for unknown. */
const receiverSsrc = ({ rtcp, endpoint }: Measured) =>
  rtcp?.reports?.reporter ?? endpoint?.reporterSsrc ?? '0x0';

/** An SSRC without leading zeros. */
const shortHex = (ssrc: string) => `0x${Number(ssrc).toString(16)}`;

/** Null when it holds what a `word` (RFC 3261 25.1) cannot. */
const word = (text: string) => (/^[\w\-.!%*+`'~()<>:\\"/[\]?]+$/.test(text) ? text : null);

/** What a `word-plus` cannot hold becomes `_`. */
const wordPlus = (text: string) => text.replaceAll(/[^\w\-.!%*+`'~()<>:\\/[\]?{}= ]/g, '_');

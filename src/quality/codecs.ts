// The codec table: finds a codec by any of its usual names, picks the mode that fits the measured
// bit rate, and lets the configuration overrule what is known.

import { knownCodecs } from './codec-data.js';

/** The MOS scale: narrowband G.107, wideband G.107.1, fullband G.107.2. Never mix them. */
export type Scale = 'NB' | 'WB' | 'FB';

/**
 * How far a value can be trusted. high: printed in G.113 and confirmed by several sources; medium: a part
 * assumed, or one source; low: recalled or in conflict; proxy: the values of a similar codec; provisional:
 * a study, not the ITU; configured: from the configuration; none: no value, so no MOS.
 */
export type Confidence = 'high' | 'medium' | 'low' | 'proxy' | 'provisional' | 'configured' | 'none';

/** One operating point of a codec. */
export interface CodecMode {
  /** Codec bit rate, kbit/s, without payload header; null when there is only one or it says nothing. */
  bitrateKbps: number | null;
  /** Equipment impairment on the codec's scale, null when none is known. */
  ie: number | null;
  /** Packet-loss robustness, null when none is known. */
  bpl: number | null;
  /** Bpl where the receiver does not conceal loss; null when concealment is part of the codec. */
  bplUnconcealed: number | null;
  confidence: Confidence;
  /** Where the values come from, in words. */
  source: string;
}

export interface Codec {
  /** Key in the table and in the configuration. */
  name: string;
  /** RTP encoding name, null for an entry that is never told apart on the wire. */
  encodingName: string | null;
  /** Other names, compared like `name`: without case and without `.`, `-`, `_` and space. */
  aliases: readonly string[];
  /** RTP clock rate, Hz. */
  clockRate: number;
  /** null when the codec has no values. */
  scale: Scale | null;
  /** Codec frame, ms; null for codecs that work sample by sample. */
  frameMs: number | null;
  /** Usual packetization time, ms, taken when it is not measured. */
  packetMs: number;
  /** Algorithmic delay beyond the frame, ms. */
  lookAheadMs: number;
  /** Bit rate of the RTP payload header to take off a measured bit rate, kbit/s (RFC 4867 4.3, 4.4). */
  payloadHeaderKbps: number;
  /** At least one. */
  modes: readonly CodecMode[];
  /** Index of the mode that is assumed when the bit rate is not known. */
  defaultMode: number;
}

/** What the configuration may say about a codec; what is not said stays. */
export interface CodecOverride {
  encodingName?: string;
  aliases?: readonly string[];
  clockRate?: number;
  scale?: Scale;
  /** Replaces the Ie of every mode: 0..95 narrowband and wideband, 0..132 fullband. */
  ie?: number;
  /** Replaces the Bpl of every mode, with and without concealment; above 0. */
  bpl?: number;
  packetMs?: number;
  lookAheadMs?: number;
}

/** The values that a MOS is computed with: one mode of one codec. Shared, never changed. */
export interface CodecValues {
  codec: Codec;
  scale: Scale | null;
  ie: number | null;
  bpl: number | null;
  /** Whether concealment is in the Bpl: the setting, or true where it is part of the codec. */
  lossConcealed: boolean;
  /** Bit rate of the mode, kbit/s. */
  bitrateKbps: number | null;
  /** How the mode was found: the only one, by the measured bit rate, or assumed. */
  modeBy: 'only' | 'bitrate' | 'default';
  confidence: Confidence;
  source: string;
}

/** Highest Ie of a scale: what total loss approaches; above it loss would improve the rating. */
const IE_MAX: Record<Scale, number> = { NB: 95, WB: 95, FB: 132 };

export class CodecTable {
  /** In the order of the table. */
  readonly codecs: readonly Codec[];
  private readonly byName = new Map<string, Codec>();
  private readonly values = new Map<Codec, CodecValues[]>();

  constructor(codecs: readonly Codec[]) {
    this.codecs = codecs;
    for (const codec of codecs) {
      for (const alias of codec.aliases) this.byName.set(normalize(alias), codec);
    }
    for (const codec of codecs) {
      this.byName.set(normalize(codec.name), codec);
      this.byName.set(codec.name, codec);
      this.values.set(codec, allValues(codec));
    }
  }

  /** A codec by name, RTP encoding name or alias (`G.729A`, `g729`, `opus/48000/2`); null when unknown. */
  find(name: string): Codec | null {
    return this.byName.get(name) ?? this.byName.get(normalize(name)) ?? null;
  }

  /**
   * The values to compute with. `bitrateKbps` is that of the RTP payload while it is sent
   * (8 · octets / (packets · ptime)), null when not known; the nearest mode is taken.
   */
  resolve(codec: Codec, bitrateKbps: number | null, packetLossConcealment: boolean): CodecValues {
    const all = this.values.get(codec);
    if (all === undefined) throw new RangeError(`${codec.name} is not a codec of this table`);
    const plc = packetLossConcealment ? 1 : 0;
    if (codec.modes.length === 1) return all[plc]!;
    if (bitrateKbps === null || !(bitrateKbps > 0)) return all[4 * codec.defaultMode + 2 + plc]!;
    return all[4 * nearestMode(codec, bitrateKbps) + plc]!;
  }

  /** Names near to an unknown one, nearest first; at most three. */
  suggest(name: string): string[] {
    const wanted = normalize(name);
    const ranked = new Map<string, number>();
    for (const codec of this.codecs) {
      const names = [codec.name, ...codec.aliases].map(normalize);
      const distance = Math.min(...names.map((n) => (n.startsWith(wanted) ? 0.5 : editDistance(n, wanted))));
      if (distance <= Math.max(1, Math.floor(wanted.length / 3))) ranked.set(codec.name, distance);
    }
    return [...ranked]
      .sort((a, b) => a[1] - b[1])
      .map(([n]) => n)
      .slice(0, 3);
  }
}

/**
 * The table with what the configuration says about codecs, by name or alias. A codec that is not in the
 * table is added and needs `clockRate`, `scale`, `ie` and `bpl`. Throws a RangeError that names codec and
 * field for a value out of range.
 */
export function buildCodecTable(overrides: Readonly<Record<string, CodecOverride>> = {}): CodecTable {
  const known = new CodecTable(knownCodecs);
  const codecs = [...knownCodecs];
  for (const [name, override] of Object.entries(overrides)) {
    const found = known.find(name);
    const index = found === null ? -1 : knownCodecs.indexOf(found);
    const codec = overridden(name, index < 0 ? null : codecs[index]!, override);
    if (index < 0) codecs.push(codec);
    else codecs[index] = codec;
  }
  return new CodecTable(codecs);
}

function overridden(name: string, known: Codec | null, override: CodecOverride): Codec {
  const { ie, bpl, ...rest } = override;
  const scale = override.scale ?? known?.scale ?? null;
  const clockRate = override.clockRate ?? known?.clockRate;
  const base = known?.modes[known.defaultMode];
  const values = { ie: ie ?? base?.ie ?? null, bpl: bpl ?? base?.bpl ?? null };
  if (known === null) {
    for (const field of ['clockRate', 'scale', 'ie', 'bpl'] as const) {
      if (override[field] === undefined)
        throw new RangeError(`codec ${name}: ${field} is needed for a codec that is not in the table`);
    }
  }
  if (ie !== undefined && !(ie >= 0 && ie <= IE_MAX[scale ?? 'FB'])) {
    throw new RangeError(`codec ${name}: ie ${ie} is outside 0..${IE_MAX[scale ?? 'FB']}`);
  }
  if (bpl !== undefined && !(bpl > 0 && bpl <= 1000))
    throw new RangeError(`codec ${name}: bpl ${bpl} is outside 0..1000 (0 excluded)`);
  if (values.ie !== null && (scale === null || values.bpl === null)) {
    throw new RangeError(`codec ${name}: ie, bpl and scale are needed together`);
  }

  const configured = ie !== undefined || bpl !== undefined || override.scale !== undefined;
  return {
    name: known?.name ?? name,
    encodingName: known?.encodingName ?? name,
    aliases: [],
    frameMs: null,
    packetMs: 20,
    lookAheadMs: 0,
    payloadHeaderKbps: 0,
    modes: [],
    defaultMode: 0,
    ...known,
    ...rest,
    clockRate: clockRate!,
    scale,
    ...(configured && { modes: [configuredMode(values)], defaultMode: 0 }),
  };
}

function configuredMode(values: { ie: number | null; bpl: number | null }): CodecMode {
  return {
    ...values,
    bitrateKbps: null,
    bplUnconcealed: null,
    confidence: 'configured',
    source: 'configuration',
  };
}

/** By mode, then mode found by bit rate or default, then without or with concealment. */
function allValues(codec: Codec): CodecValues[] {
  const all: CodecValues[] = [];
  for (const mode of codec.modes) {
    for (const modeBy of [codec.modes.length === 1 ? 'only' : 'bitrate', 'default'] as const) {
      for (const plc of [false, true]) {
        all.push({
          codec,
          scale: codec.scale,
          ie: mode.ie,
          bpl: plc ? mode.bpl : (mode.bplUnconcealed ?? mode.bpl),
          lossConcealed: plc || mode.bplUnconcealed === null,
          bitrateKbps: mode.bitrateKbps,
          modeBy,
          confidence: mode.confidence,
          source: mode.source,
        });
      }
    }
  }
  return all;
}

function nearestMode(codec: Codec, payloadKbps: number): number {
  const kbps = payloadKbps - codec.payloadHeaderKbps;
  let best = codec.defaultMode;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (let i = 0; i < codec.modes.length; i++) {
    const distance = Math.abs((codec.modes[i]!.bitrateKbps ?? Number.NaN) - kbps);
    if (distance < bestDistance) {
      best = i;
      bestDistance = distance;
    }
  }
  return best;
}

/** `G.729A`, `g729a` and `G729A/8000` are one name. The plus sign stays: AMR-WB+ is not AMR-WB. */
function normalize(name: string): string {
  return name
    .replace(/\/.*$/, '')
    .replace(/[.\-_\s]/g, '')
    .toUpperCase();
}

/** Edits (insert, delete, replace, swap of neighbours) from one word to the other. */
function editDistance(a: string, b: string): number {
  let previous: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = swapped ? previous[j - 2]! + 1 : replace;
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, replace, swap));
    }
    previous = row;
    row = next;
  }
  return row[b.length]!;
}

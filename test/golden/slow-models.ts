// The new figures of a stream, literally by their definitions and with all of its
// packets in memory: docs/accuracy.md and the heads of native/core/stream/*.h say what
// each is. Nothing here is shared with the program.

/** One packet of a stream, in the order of capture. */
export interface SlowPacket {
  ns: bigint;
  sequence: number;
  timestamp: number;
  payloadType: number;
  marker: boolean;
}

export interface SlowOptions {
  clockRate: number;
  isVideo: boolean;
  /** Payload types of comfort noise and of telephone events. */
  noiseTypes: ReadonlySet<number>;
  eventTypes: ReadonlySet<number>;
}

export interface SlowFigures {
  samples: number;
  pdvMean: number;
  pdvMax: number;
  histogram: number[];
  ipdvMean: number;
  ipdvMax: number;
  mapdv2: number;
  /** Packets discarded by fixed50, fixed200 and adaptive, late and early. */
  discards: { late: number; early: number }[];
  adaptiveMeanMs: number;
  bufferMeanMs: number;
  stalls: number;
  bursts: number;
  burstPackets: number;
  burstBadPackets: number;
  badPackets: number;
  badRuns: number;
  burstSquares: number;
  burstDensity: number | null;
  gapDensity: number | null;
  burstMeanPackets: number | null;
  gapMeanPackets: number | null;
}

const binEndsMs = [0.5, 1, 2, 3, 5, 7.5, 10, 15, 20, 30, 40, 60, 100, 200, 500];
const stretchNs = 5_000_000_000n;
const profiles = [
  { adaptive: false, delayMs: 50, maxMs: 100 },
  { adaptive: false, delayMs: 200, maxMs: 400 },
  { adaptive: true, delayMs: 20, maxMs: 500 },
];
const gmin = 16;
const stallMs = 500;

/** The signed distance of 32 bits, and of 16. */
const ticksBetween = (from: number, to: number) => (to - from) | 0;
const numbersBetween = (from: number, to: number) => ((to - from) << 16) >> 16;

/** A packet with its number without wraps, and what it is. */
interface Placed extends SlowPacket {
  number: number;
  isCopy: boolean;
  /** The highest number before it. */
  highest: number;
}

function place(packets: readonly SlowPacket[]): Placed[] {
  let highest = packets[0]!.sequence - 1;
  const seen = new Set<number>();
  return packets.map((packet) => {
    const number = highest + numbersBetween(highest, packet.sequence);
    const placed = { ...packet, number, isCopy: seen.has(number), highest };
    seen.add(number);
    highest = Math.max(highest, number);
    return placed;
  });
}

/** The usual step of the timestamps: the commonest between neighbours, silences left out. */
function usualStep(placed: readonly Placed[], clockRate: number): number {
  const counts = new Map<number, number>();
  placed.forEach(({ number, highest, timestamp }, i) => {
    const step = i === 0 ? 0 : ticksBetween(placed[i - 1]!.timestamp, timestamp);
    if (number === highest + 1 && step > 0 && step / clockRate <= 0.125)
      counts.set(step, (counts.get(step) ?? 0) + 1);
  });
  return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
}

/** Transit of one talk spurt or of more whose clock went on; the slope is taken out by the caller. */
interface Sample {
  ns: bigint;
  number: number;
  stepMs: number;
  elapsedMs: number;
  /** A new beginning: no sample, only the reference of the next. */
  isAnchor: boolean;
  /** Held up on its way, or on time again, by more than a second: no sample, but the delay goes on from it. */
  isHeldUp?: boolean;
}

/** The packets that count for delay, in the order of arrival. */
function samplesOf(placed: readonly Placed[], options: SlowOptions): Sample[] {
  const { clockRate, isVideo, noiseTypes, eventTypes } = options;
  const step = usualStep(placed, clockRate);
  const samples: Sample[] = [];
  let last: { ns: bigint; timestamp: number } | null = null;
  let afterNoise = false;
  let newest = 0;
  placed.forEach((packet, i) => {
    const { ns, timestamp, number, highest, payloadType } = packet;
    if (packet.isCopy || eventTypes.has(payloadType)) return;
    if (noiseTypes.has(payloadType)) {
      afterNoise = true;
      return;
    }
    const anchor = (isFresh: boolean) => {
      const elapsedMs = last === null ? 0 : Number(ns - last.ns) / 1e6;
      const stepMs = isFresh
        ? Number.NaN
        : elapsedMs - (ticksBetween(last!.timestamp, timestamp) * 1000) / clockRate;
      samples.push({ ns, number, stepMs, elapsedMs, isAnchor: true });
      last = { ns, timestamp };
      newest = timestamp;
    };
    if (last === null || afterNoise) {
      anchor(last === null);
      afterNoise = false;
      return;
    }
    if (timestamp === last.timestamp) return;
    const pauseMs = i === 0 ? 0 : Number(ns - placed[i - 1]!.ns) / 1e6;
    const usualMs = (step * 1000) / clockRate;
    if (number > highest && packet.marker && !isVideo && pauseMs > 2 * usualMs) {
      anchor(false);
      return;
    }
    if (isVideo && ticksBetween(newest, timestamp) < 0) return;
    const elapsedMs = Number(ns - last.ns) / 1e6;
    const stepMs = elapsedMs - (ticksBetween(last.timestamp, timestamp) * 1000) / clockRate;
    if (Math.abs(stepMs) > 1000) {
      const isEven = ticksBetween(last.timestamp, timestamp) === step * (number - placed[i - 1]!.number);
      anchor(false);
      if (isEven && !isVideo && !packet.marker && Math.abs(stepMs) <= 10_000)
        Object.assign(samples.at(-1)!, { isAnchor: false, isHeldUp: true });
      return;
    }
    samples.push({ ns, number, stepMs, elapsedMs, isAnchor: false });
    last = { ns, timestamp };
    newest = timestamp;
  });
  return samples;
}

/**
 * @param skewOf what is taken out of the transit in a stretch of 5 s, ppm: the lower convex hull of the stretches before
 */
function delays(samples: readonly Sample[], isVideo: boolean) {
  const binned = Array<number>(binEndsMs.length + 1).fill(0);
  const figures = { samples: 0, pdvSum: 0, pdvMax: 0, ipdvSum: 0, ipdvMax: 0, adaptiveSum: 0 };
  const discards = profiles.map(() => ({ late: 0, early: 0 }));
  const discarded = new Set<number>();
  let transit = 0;
  let mean = 0;
  let [above, below] = [0, 0];
  let adaptiveMs = 20;
  /** The least transit of each stretch, with the time at which it was. */
  const skew = new Skew();
  let stretch = -1n;
  let [least, leastBefore] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  let leastNs = 0n;

  const waitsMs: number[] = [];
  /** Whether the adaptive buffer plays it. */
  const judge = (number: number, aboveMs: number) => {
    profiles.forEach(({ adaptive, delayMs, maxMs }, i) => {
      const playedMs = adaptive ? adaptiveMs : delayMs;
      const isLate = aboveMs > playedMs;
      const isEarly = aboveMs < playedMs - maxMs;
      if (isLate) discards[i]!.late += 1;
      if (isEarly) discards[i]!.early += 1;
      if (adaptive && (isLate || isEarly)) discarded.add(number);
    });
    return !discarded.has(number);
  };
  for (const { ns, number, stepMs, elapsedMs, isAnchor, isHeldUp } of samples) {
    const goesOn = !isAnchor || Math.abs(stepMs) < 5;
    transit = goesOn ? transit + stepMs - 1e-6 * skew.ppm * elapsedMs : 0;
    if (!goesOn) {
      skew.clear();
      stretch = ns / stretchNs;
    } else if (ns / stretchNs !== stretch) {
      if (Number.isFinite(least)) skew.tell(leastNs, least, ns);
      [leastBefore, least] = [least, Number.POSITIVE_INFINITY];
      stretch = ns / stretchNs;
    }
    if (isAnchor) {
      [least, leastBefore, leastNs, mean] = [transit, transit, ns, transit];
      continue;
    }
    const aboveMs = transit - Math.min(least, leastBefore);
    if (isHeldUp === true) {
      judge(number, aboveMs);
      continue;
    }
    if (transit < least) [least, leastNs] = [transit, ns];
    const pdv = Math.max(0, aboveMs);
    figures.samples += 1;
    figures.pdvSum += pdv;
    figures.pdvMax = Math.max(figures.pdvMax, pdv);
    binned[binEndsMs.filter((end) => pdv >= end).length]! += 1;
    figures.ipdvSum += Math.abs(stepMs);
    figures.ipdvMax = Math.max(figures.ipdvMax, Math.abs(stepMs));
    const deviation = transit - mean;
    if (deviation > 0) above += (deviation - above) / 16;
    else below += (-deviation - below) / 16;
    mean += deviation / 16;
    if (isVideo) continue;

    if (judge(number, aboveMs)) waitsMs.push(adaptiveMs - pdv);
    figures.adaptiveSum += adaptiveMs;
    const wanted = Math.min(500, Math.max(20, aboveMs + 10));
    const share = Math.min(1, Math.max(0, elapsedMs / 20_000));
    adaptiveMs = wanted > adaptiveMs ? wanted : adaptiveMs + (wanted - adaptiveMs) * share;
  }
  const bufferMeanMs = waitsMs.reduce((sum, wait) => sum + wait, 0) / waitsMs.length;
  return { ...figures, binned, discards, discarded, bufferMeanMs, mapdv2: above + below };
}

/** The slope of the lower convex hull under the least transits, over the last ten minutes. */
class Skew {
  ppm = 0;
  private points: [seconds: number, ms: number][] = [];
  private removedMs = 0;
  private changedNs = 0n;

  clear(): void {
    this.points = [];
    this.removedMs = 0;
    this.changedNs = 0n;
  }

  tell(atNs: bigint, leastMs: number, nowNs: bigint): void {
    if (this.changedNs === 0n) this.changedNs = nowNs;
    const drift = (ns: bigint) => (this.ppm * 1e-3 * Number(ns - this.changedNs)) / 1e9;
    this.points.push([Number(atNs) / 1e9, leastMs + this.removedMs + drift(atNs)]);
    this.removedMs += drift(nowNs);
    this.changedNs = nowNs;
    const ppm = this.slope();
    if (Math.abs(ppm) <= 1000) this.ppm = ppm;
  }

  /** Of the edge under the middle of the time; NaN for less than 20 s. Every pair of points is tried. */
  private slope(): number {
    const to = this.points.at(-1)![0];
    const points = this.points.filter(([at]) => to - at <= 600);
    const from = points[0]![0];
    if (to - from < 20) return Number.NaN;
    const middle = (from + to) / 2;
    let best = Number.NEGATIVE_INFINITY;
    let slope = Number.NaN;
    for (const [a, low] of points.filter(([at]) => at < middle)) {
      for (const [b, high] of points.filter(([at]) => at >= middle)) {
        const line = (at: number) => low + ((high - low) * (at - a)) / (b - a);
        if (points.some(([at, ms]) => ms < line(at) - 1e-9)) continue;
        if (line(middle) > best) [best, slope] = [line(middle), ((high - low) / (b - a)) * 1000];
      }
    }
    return slope;
  }
}

/** Bursts by RFC 3611 4.7.2: the longest runs from bad to bad without Gmin good ones in a row. */
function burstsOf(isBad: readonly boolean[]) {
  const clusters: number[][] = [];
  isBad.forEach((bad, at) => {
    if (!bad) return;
    const open = clusters.at(-1);
    if (open !== undefined && at - open.at(-1)! - 1 < gmin) open.push(at);
    else clusters.push([at]);
  });
  // One bad packet with Gmin good ones on either side belongs to the gap.
  const bursts = clusters.filter(({ length }) => length > 1);
  const lengths = bursts.map((burst) => burst.at(-1)! - burst[0]! + 1);
  const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
  const [burstPackets, burstBadPackets] = [total(lengths), total(bursts.map(({ length }) => length))];
  const badPackets = isBad.filter(Boolean).length;
  const edges = [0, ...bursts.flatMap((burst) => [burst[0]!, burst.at(-1)! + 1]), isBad.length];
  const gaps = edges.filter((edge, i) => i % 2 === 0 && edges[i + 1]! > edge).length;
  const outside = isBad.length - burstPackets;
  const ratio = (part: number, whole: number) => (whole > 0 ? part / whole : null);
  return {
    ...{ bursts: bursts.length, burstPackets, burstBadPackets, badPackets },
    badRuns: isBad.filter((bad, i) => bad && !isBad[i - 1]).length,
    burstSquares: total(lengths.map((length) => length * length)),
    burstDensity: ratio(burstBadPackets, burstPackets),
    gapDensity: ratio(badPackets - burstBadPackets, outside),
    burstMeanPackets: ratio(burstPackets, bursts.length),
    gapMeanPackets: outside > 0 ? ratio(outside, gaps) : null,
  };
}

/** Pauses that are no silence of the sender. */
function stallsOf(placed: readonly Placed[], { clockRate, isVideo, noiseTypes }: SlowOptions): number {
  let lastTimestamp = placed[0]!.timestamp;
  let stalls = 0;
  placed.forEach((packet, i) => {
    const { ns, number, highest, marker, timestamp } = packet;
    const before = placed[i - 1];
    if (before !== undefined) {
      const pauseMs = Number(ns - before.ns) / 1e6;
      const mediaMs = (ticksBetween(lastTimestamp, timestamp) * 1000) / clockRate;
      const isSilence =
        noiseTypes.has(before.payloadType) ||
        (number === highest + 1 && (mediaMs > pauseMs / 2 || (marker && !isVideo)));
      if (pauseMs > stallMs && !isSilence) stalls += 1;
    }
    if (number > highest) lastTimestamp = timestamp;
  });
  return stalls;
}

/** Everything, of a stream without restarts whose packets all come within 128 numbers. */
export function slowFigures(packets: readonly SlowPacket[], options: SlowOptions): SlowFigures {
  const placed = place(packets);
  const d = delays(samplesOf(placed, options), options.isVideo);
  const numbers = new Set(placed.map(({ number }) => number));
  const first = Math.min(...numbers);
  const expected = Math.max(...numbers) - first + 1;
  const isBad = Array.from(
    { length: expected },
    (_, i) => !numbers.has(first + i) || d.discarded.has(first + i),
  );
  const adaptiveMeanMs = d.adaptiveSum / d.samples;
  return {
    ...{ samples: d.samples, pdvMean: d.pdvSum / d.samples, pdvMax: d.pdvMax, histogram: d.binned },
    ...{ ipdvMean: d.ipdvSum / d.samples, ipdvMax: d.ipdvMax, mapdv2: d.mapdv2, discards: d.discards },
    ...{ adaptiveMeanMs, bufferMeanMs: d.bufferMeanMs },
    stalls: stallsOf(placed, options),
    ...burstsOf(isBad),
  };
}

// Windows as metrics with cumulative temporality: each request carries the sums
// since the start of the groups that have changed, so that one that comes twice, or
// not at all, falsifies nothing.
import { TimeSlice } from '../../ops/time-slice.js';
import type { CaptureSummary } from '../../summary/schema.js';
import type { SummaryLine } from '../exporter.js';
import { type Group, Groups } from '../groups/groups.js';
import type { Histogram } from '../groups/histogram.js';
import { distributions, RATINGS, ratedWindows, totals } from '../groups/measures.js';
import type { HttpBody } from '../http-exporter.js';
import { summaryOf } from '../summary-of.js';
import { type KeyValue, keyValues, nanoseconds, resourceOf } from './values.js';

/** AGGREGATION_TEMPORALITY_CUMULATIVE */
const CUMULATIVE = 2;

export interface MetricsOptions {
  version: string;
  resource: Readonly<Record<string, string>>;
  maxGroups: number;
}

/** Sums of what the summaries of the capture tell, by attribute. */
const captureSums: readonly {
  name: string;
  unit: string;
  help: string;
  /** Attribute that tells the points apart; null for one point. */
  attribute: string | null;
  of(capture: CaptureSummary): Readonly<Record<string, number>>;
}[] = [
  {
    name: 'rtpsonde.capture.packets',
    unit: '{packet}',
    help: 'Packets delivered by the source (packets)',
    attribute: null,
    of: ({ packets }) => ({ '': packets }),
  },
  {
    name: 'rtpsonde.capture.packets.unused',
    unit: '{packet}',
    help: 'Packets not used, by reason (reasons)',
    attribute: 'rtpsonde.reason',
    of: ({ reasons }) => reasons,
  },
  {
    name: 'rtpsonde.capture.kernel',
    unit: '1',
    help: 'What the kernel never delivered, by counter (kernel)',
    attribute: 'rtpsonde.counter',
    of: ({ kernel }) => kernel,
  },
  {
    name: 'rtpsonde.capture.events',
    unit: '{event}',
    help: 'What happened in the windows, by counter (events)',
    attribute: 'rtpsonde.counter',
    of: ({ events }) => events,
  },
];

const captureGauges: readonly {
  name: string;
  unit: string;
  help: string;
  of(capture: CaptureSummary): number | null;
}[] = [
  {
    name: 'rtpsonde.capture.streams',
    unit: '{stream}',
    help: 'Accepted streams at the end of the window (streamsActive)',
    of: ({ streamsActive }) => streamsActive,
  },
  {
    name: 'rtpsonde.capture.worker.load',
    unit: '1',
    help: 'Share of one core used by the busiest worker (workerLoad)',
    of: ({ workerLoad }) => workerLoad,
  },
];

/** Told once there are any. */
const inOther = {
  name: 'rtpsonde.windows.other_group',
  unit: '{window}',
  help: 'Stream windows told as group `other`, since there were more groups than maxGroups',
};

/** Every metric for the documentation: name, kind, unit, meaning. */
export const metricRows: readonly (readonly [string, string, string, string])[] = [
  ...distributions.map(({ otel, ucum, help }) => [otel, 'histogram', ucum, help] as const),
  ...[ratedWindows, ...totals].map(({ otel, ucum, help }) => [otel, 'sum', ucum, help] as const),
  ...captureSums.map(({ name, unit, help }) => [name, 'sum', unit, help] as const),
  [inOther.name, 'sum', inOther.unit, inOther.help],
  ...captureGauges.map(({ name, unit, help }) => [name, 'gauge', unit, help] as const),
];

export class OtlpMetrics {
  readonly #options: MetricsOptions;
  readonly #groups: Groups;
  readonly #captureTotals = captureSums.map(() => new Map<string, number>());
  readonly #startUnixNano: bigint;
  #lastUnixNano = 0n;
  /** Groups that have changed since they were acknowledged. */
  readonly #changed = new Set<Group>();
  /** What is counted already, but not acknowledged: a batch may come again in parts. */
  readonly #counted = new Set<string>();
  #capture: CaptureSummary | null = null;
  #probe = '';

  /** @param onFull called once, when there are more groups than `maxGroups` */
  constructor(options: MetricsOptions, nowMs: number, onFull: () => void) {
    this.#options = options;
    this.#groups = new Groups(options.maxGroups, onFull);
    this.#startUnixNano = BigInt(Math.round(nowMs)) * 1_000_000n;
  }

  /** Counts the lines and gives the body of a request to /v1/metrics, and how many points are in it. */
  async encode(batch: readonly SummaryLine[], nowMs: number): Promise<HttpBody & { items: number }> {
    const slice = new TimeSlice();
    for (const line of batch) {
      this.#count(line);
      if (slice.isOver()) await slice.next();
    }
    const points = new Points(this.#startUnixNano, this.#now(nowMs));
    for (const group of this.#changed) {
      points.addGroup(group);
      if (slice.isOver()) await slice.next();
    }
    points.addInOther(this.#groups.windowsInOther);
    if (this.#capture !== null) points.addCapture(this.#capture, this.#captureTotals);
    const { version, resource } = this.#options;
    const head = JSON.stringify({ resource: resourceOf(this.#probe, version, resource) }).slice(0, -1);
    const scope = JSON.stringify({ name: 'rtpsonde', version });
    const metrics = points.metrics().join(',');
    const text = `{"resourceMetrics":[${head},"scopeMetrics":[{"scope":${scope},"metrics":[${metrics}]}]}]}`;
    return { body: Buffer.from(text), headers: { 'Content-Type': 'application/json' }, items: points.count };
  }

  /** The collector has what was encoded last, of these lines. */
  acknowledged(batch: readonly SummaryLine[]): void {
    for (const { histograms } of this.#changed) for (const { exemplars } of histograms) exemplars.fill(null);
    this.#changed.clear();
    this.#capture = null;
    this.#forget(batch);
  }

  /** The lines do not come again; the sums keep them, and tell them with the next request. */
  dropped(batch: readonly SummaryLine[]): void {
    this.#forget(batch);
  }

  #forget(batch: readonly SummaryLine[]): void {
    for (const { id } of batch) this.#counted.delete(id);
  }

  #count(line: SummaryLine): void {
    if (this.#counted.has(line.id)) return;
    this.#counted.add(line.id);
    const summary = summaryOf(line);
    this.#probe = summary.probe;
    if (summary.kind === 'window') this.#changed.add(this.#groups.add(summary));
    if (summary.kind !== 'capture') return;
    this.#capture = summary;
    captureSums.forEach(({ of }, i) => {
      const sums = this.#captureTotals[i];
      for (const [key, value] of Object.entries(of(summary))) sums?.set(key, (sums.get(key) ?? 0) + value);
    });
  }

  /** Later than any time before, also when the clock is set back. */
  #now(nowMs: number): bigint {
    const now = BigInt(Math.round(nowMs)) * 1_000_000n;
    this.#lastUnixNano = now > this.#lastUnixNano ? now : this.#lastUnixNano + 1_000_000n;
    return this.#lastUnixNano;
  }
}

/** The points of one request, by metric. */
class Points {
  readonly #times: { startTimeUnixNano: string; timeUnixNano: string };
  readonly #distributions = distributions.map(() => [] as string[]);
  readonly #totals = totals.map(() => [] as string[]);
  readonly #rated: string[] = [];
  /** Whole metrics of the probe itself. */
  readonly #probe: string[] = [];
  count = 0;

  constructor(start: bigint, now: bigint) {
    this.#times = { startTimeUnixNano: String(start), timeUnixNano: String(now) };
  }

  addGroup({ key, histograms, totals: sums, ratings }: Group): void {
    const attributes = keyValues({
      'rtp.codec': key.codec,
      'rtp.dscp': key.dscp,
      'rtp.vlan': key.vlan,
      'network.interface.name': key.interface,
      'rtp.mos.scale': key.scale,
    });
    histograms.forEach((histogram, i) => {
      if (histogram.count > 0) this.#push(this.#distributions[i], { attributes, ...pointOf(histogram) });
    });
    sums.forEach((sum, i) => {
      this.#push(this.#totals[i], { attributes, asInt: String(sum) });
    });
    RATINGS.forEach((rating, i) => {
      const rated = [...attributes, ...keyValues({ 'rtp.mos.rating': rating })];
      if (ratings[i] !== 0) this.#push(this.#rated, { attributes: rated, asInt: String(ratings[i]) });
    });
  }

  addCapture(capture: CaptureSummary, sums: readonly ReadonlyMap<string, number>[]): void {
    captureSums.forEach(({ name, unit, help, attribute }, i) => {
      const points: string[] = [];
      for (const [key, value] of sums[i] ?? []) {
        const attributes: KeyValue[] = attribute === null ? [] : keyValues({ [attribute]: key });
        this.#push(points, { attributes, asInt: String(value) });
      }
      if (points.length > 0) this.#probe.push(sumOf(name, unit, help, points));
    });
    const timeUnixNano = nanoseconds(capture.windowEnd);
    for (const { name, unit, help, of } of captureGauges) {
      const asDouble = of(capture);
      if (asDouble === null) continue;
      this.count++;
      const metric = { name, unit, description: help, gauge: { dataPoints: [{ timeUnixNano, asDouble }] } };
      this.#probe.push(JSON.stringify(metric));
    }
  }

  addInOther(windows: number): void {
    if (windows === 0) return;
    const points: string[] = [];
    this.#push(points, { attributes: [], asInt: String(windows) });
    this.#probe.push(sumOf(inOther.name, inOther.unit, inOther.help, points));
  }

  /** Each metric that has points, as JSON. */
  metrics(): string[] {
    const histograms = distributions.flatMap(({ otel, ucum, help }, i) => {
      const points = this.#distributions[i] ?? [];
      return points.length === 0 ? [] : [metricOf(otel, ucum, help, 'histogram', CUMULATIVE_PART, points)];
    });
    const sums = [...totals.map((total, i) => ({ total, points: this.#totals[i] ?? [] }))]
      .concat({ total: { ...ratedWindows, of: () => 0 }, points: this.#rated })
      .flatMap(({ total: { otel, ucum, help }, points }) =>
        points.length === 0 ? [] : [sumOf(otel, ucum, help, points)],
      );
    return [...histograms, ...sums, ...this.#probe];
  }

  #push(points: string[] | undefined, point: object): void {
    points?.push(JSON.stringify({ ...this.#times, ...point }));
    this.count++;
  }
}

function pointOf({ bounds, counts, exemplars, sum, count }: Histogram): object {
  return {
    count: String(count),
    sum,
    bucketCounts: counts.map(String),
    explicitBounds: bounds,
    exemplars: exemplars.flatMap((exemplar) =>
      exemplar === null
        ? []
        : [
            {
              timeUnixNano: `${BigInt(exemplar.atMs) * 1_000_000n}`,
              asDouble: exemplar.value,
              filteredAttributes: keyValues({ 'rtp.stream.id': exemplar.streamId }),
            },
          ],
    ),
  };
}

const CUMULATIVE_PART = `"aggregationTemporality":${CUMULATIVE}`;

const sumOf = (name: string, unit: string, help: string, points: readonly string[]) =>
  metricOf(name, unit, help, 'sum', `"isMonotonic":true,${CUMULATIVE_PART}`, points);

function metricOf(
  name: string,
  unit: string,
  description: string,
  kind: 'sum' | 'histogram',
  about: string,
  points: readonly string[],
): string {
  const head = JSON.stringify({ name, unit, description }).slice(0, -1);
  return `${head},"${kind}":{${about},"dataPoints":[${points.join(',')}]}}`;
}

// What the probe counts about itself: counters and gauges with name, unit and
// help, read as one plain object. Names follow Prometheus (snake_case, unit in
// the name, `_total` for counters), so that its text form is only another writer.

export type MetricKind = 'counter' | 'gauge';
/** Tells series of one metric apart, for example `{ exporter: 'http' }`. */
export type Labels = Readonly<Record<string, string>>;

export interface MetricInfo {
  /** One sentence: what is counted. */
  help: string;
  /** `seconds`, `bytes`, `ratio`, or empty for a plain number; the name ends with it. */
  unit?: string;
}

/** Only ever grows. */
export interface Counter {
  /** Adds; 0 or more. */
  add(amount?: number): void;
  /** The series with these labels; it appears in snapshots from now on. */
  with(labels: Labels): Counter;
}

/** Goes up and down; null while unknown. */
export interface Gauge {
  set(value: number | null): void;
  with(labels: Labels): Gauge;
}

export interface MetricSnapshot {
  kind: MetricKind;
  unit: string;
  help: string;
  series: { labels: Labels; value: number | null }[];
}

/** Every metric by name, in the order of registration. */
export type MetricsSnapshot = Record<string, MetricSnapshot>;

interface Series {
  labels: Labels;
  value: number | null;
  /** Asked at each snapshot instead of stored. */
  read?: () => number | null;
}

interface Metric extends Required<MetricInfo> {
  kind: MetricKind;
  series: Map<string, Series>;
}

const namePattern = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;

/** A registry of its own per app: nothing is global, so tests do not meet. */
export class Metrics {
  readonly #metrics = new Map<string, Metric>();

  /** A counter; `name` ends in `_total`. Without labels it starts at 0 when first used. */
  counter(name: string, info: MetricInfo): Counter {
    return counterOf(this.#register(name, 'counter', info), {});
  }

  /** A gauge that is set from outside. */
  gauge(name: string, info: MetricInfo): Gauge {
    return gaugeOf(this.#register(name, 'gauge', info), {});
  }

  /** A gauge or counter that is asked for its value at each snapshot. */
  observe(
    kind: MetricKind,
    name: string,
    info: MetricInfo,
    read: () => number | null,
    labels: Labels = {},
  ): void {
    const metric = this.#metrics.get(name) ?? this.#register(name, kind, info);
    if (metric.kind !== kind) throw new Error(`metric ${name} is a ${metric.kind}`);
    seriesOf(metric, labels).read = read;
  }

  /** All values now, as plain data. */
  snapshot(): MetricsSnapshot {
    return Object.fromEntries(
      [...this.#metrics].map(([name, { kind, unit, help, series }]) => [
        name,
        {
          kind,
          unit,
          help,
          series: [...series.values()].map(({ labels, value, read }) => ({
            labels,
            value: read === undefined ? value : read(),
          })),
        },
      ]),
    );
  }

  #register(name: string, kind: MetricKind, { help, unit = '' }: MetricInfo): Metric {
    if (!namePattern.test(name)) throw new Error(`metric ${name}: the name must be snake_case`);
    if (name.endsWith('_total') !== (kind === 'counter'))
      throw new Error(`metric ${name}: a counter ends in _total, a gauge does not`);
    if (this.#metrics.has(name)) throw new Error(`metric ${name} is registered twice`);
    const base = kind === 'counter' ? name.slice(0, -'_total'.length) : name;
    if (unit !== '' && !base.endsWith(`_${unit}`))
      throw new Error(`metric ${name}: the name must end with ${unit}`);
    const metric: Metric = { kind, unit, help, series: new Map() };
    this.#metrics.set(name, metric);
    return metric;
  }
}

function seriesOf(metric: Metric, labels: Labels): Series {
  const key = JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
  let series = metric.series.get(key);
  if (series === undefined) {
    series = { labels: { ...labels }, value: metric.kind === 'counter' ? 0 : null };
    metric.series.set(key, series);
  }
  return series;
}

function counterOf(metric: Metric, labels: Labels): Counter {
  let own: Series | undefined;
  return {
    add(amount = 1) {
      if (!(amount >= 0)) throw new RangeError(`a counter cannot grow by ${amount}`);
      own ??= seriesOf(metric, labels);
      own.value = (own.value ?? 0) + amount;
    },
    with(more) {
      const all = { ...labels, ...more };
      seriesOf(metric, all);
      return counterOf(metric, all);
    },
  };
}

function gaugeOf(metric: Metric, labels: Labels): Gauge {
  let own: Series | undefined;
  return {
    set(value) {
      own ??= seriesOf(metric, labels);
      own.value = value;
    },
    with(more) {
      const all = { ...labels, ...more };
      seriesOf(metric, all);
      return gaugeOf(metric, all);
    },
  };
}

/** One flat object for a log line: `name` or `name{label=value}` to number; unknown values are left out. */
export function flattenSnapshot(snapshot: MetricsSnapshot): Record<string, number> {
  const flat: Record<string, number> = {};
  for (const [name, { series }] of Object.entries(snapshot)) {
    for (const { labels, value } of series) {
      if (value === null || Number.isNaN(value)) continue;
      const suffix = Object.entries(labels).map(([key, text]) => `${key}=${text}`);
      flat[suffix.length === 0 ? name : `${name}{${suffix.join(',')}}`] = value;
    }
  }
  return flat;
}

// What the daemon says about itself, as named metrics.
import { droppedOf, type LaneStats } from './export/lane-stats.js';
import { type CounterValues, nameCounters } from './native/block.js';
import { counters } from './native/counters.gen.js';
import type { EngineStats } from './native/engine.js';
import type { Metrics } from './ops/metrics.js';

export interface MetricSources {
  /** Names of the network interfaces, in the order of the engine; none for files. */
  interfaces: readonly string[];
  counters(): CounterValues;
  stats(): EngineStats;
  /** Load of the busiest worker, 0..1; null when not known yet. */
  load(): number | null;
}

export function registerMetrics(metrics: Metrics, from: MetricSources): void {
  metrics.observe(
    'counter',
    'packets_total',
    { help: 'Packets delivered by the source' },
    () => from.counters().packets,
  );
  for (const { name, fate } of counters) {
    if (fate === 'total' || fate === 'gauge' || fate === 'pending') continue;
    metrics.observe(
      'counter',
      'capture_total',
      { help: 'Packets by fate, and events' },
      () => from.counters()[name],
      {
        counter: name,
      },
    );
  }
  metrics.observe('gauge', 'streams', { help: 'Accepted streams' }, () => from.counters().streamsActive);
  metrics.observe(
    'gauge',
    'sealed_blocks',
    { help: 'Sealed windows waiting' },
    () => from.stats().queueDepth,
  );
  metrics.observe(
    'gauge',
    'capture_up',
    { help: '1 while packets can be captured, 0 while an interface is down or away; nothing for files' },
    () => {
      const { captureState } = from.stats();
      return captureState === 'file' ? null : Number(captureState === 'capturing');
    },
  );
  metrics.observe(
    'gauge',
    'shed_level',
    { help: 'Level of shedding, the highest of the open window and of all workers; 0: all is measured' },
    () => from.counters().shedLevel,
  );
  metrics.observe('gauge', 'capture_load', { help: 'Share of a core used by the busiest worker' }, from.load);
  metrics.observe(
    'gauge',
    'stream_table_bytes',
    { help: 'Memory of the stream table', unit: 'bytes' },
    () => from.stats().tableBytes,
  );
  from.stats().workers.forEach((_, index) => {
    const worker = () => from.stats().workers[index];
    const labels = { worker: String(index) };
    const count = (name: keyof CounterValues) => () => {
      const stats = worker();
      return stats === undefined ? null : nameCounters(stats.counters)[name];
    };
    const observe = (name: string, help: string, value: () => number | null) =>
      metrics.observe('counter', name, { help }, value, labels);
    observe('worker_shed_total', 'Packets that were shed, by worker', count('shed'));
    metrics.observe(
      'gauge',
      'worker_shed_level',
      { help: 'Level of shedding, by worker' },
      count('shedLevel'),
      labels,
    );
    observe('worker_packets_total', 'Packets by worker', count('packets'));
    observe('worker_kernel_drops_total', 'Packets that the kernel dropped, by worker', count('kernelDrops'));
    observe('worker_cpu_seconds_total', 'CPU time by worker', () => worker()?.cpuSeconds ?? null);
  });
  registerInterfaceMetrics(metrics, from);
  metrics.observe('gauge', 'process_rss_bytes', { help: 'Resident memory', unit: 'bytes' }, () =>
    process.memoryUsage.rss(),
  );
}

const INTERFACE_TOTALS = {
  interface_packets_total: ['kernelPackets', 'Packets offered to the capture, by interface'],
  interface_kernel_drops_total: ['kernelDrops', 'Packets that the kernel dropped, by interface'],
  interface_freezes_total: ['kernelFreezes', 'Times the ring froze, by interface'],
  interface_missed_total: ['nicMissed', 'Packets that the interface had no room for'],
  interface_outages_total: ['captureOutages', 'Times that nothing could be captured, by interface'],
  interface_outage_ms_total: ['captureOutageMs', 'How long nothing could be captured, by interface, ms'],
} as const;

/** One series an interface; a single one is told by the totals alone. */
function registerInterfaceMetrics(metrics: Metrics, { interfaces, stats }: MetricSources): void {
  if (interfaces.length < 2) return;
  interfaces.forEach((name, i) => {
    const labels = { interface: name };
    const help = '1 while packets can be captured on the interface, else 0';
    const up = () => {
      const state = stats().interfaces[i]?.state;
      return state === undefined ? null : Number(state === 'capturing');
    };
    metrics.observe('gauge', 'interface_up', { help }, up, labels);
    for (const [metric, [field, text]] of Object.entries(INTERFACE_TOTALS))
      metrics.observe(
        'counter',
        metric,
        { help: text },
        () => stats().interfaces[i]?.[field] ?? null,
        labels,
      );
  });
}

interface LaneMetric {
  kind: 'counter' | 'gauge';
  help: string;
  unit?: 'bytes' | 'seconds';
  value(lane: LaneStats): number | null;
}

const inSeconds = (ms: number | null) => (ms === null ? null : ms / 1000);

const LANE_METRICS: Readonly<Record<string, LaneMetric>> = {
  export_delivered_total: { kind: 'counter', help: 'Records delivered', value: (lane) => lane.delivered },
  export_dropped_total: {
    kind: 'counter',
    help: 'Records dropped, discarded from the spool or refused by the collector',
    value: droppedOf,
  },
  export_dead_letters_total: {
    kind: 'counter',
    help: 'Records that the collector refused, kept in the spool',
    value: (lane) => lane.setAside,
  },
  export_retries_total: { kind: 'counter', help: 'Deliveries tried again', value: (lane) => lane.retries },
  export_queued: {
    kind: 'gauge',
    help: 'Records waiting, without those in flight',
    value: (lane) => lane.queued,
  },
  export_queued_bytes: {
    kind: 'gauge',
    help: 'Bytes waiting',
    unit: 'bytes',
    value: (lane) => lane.queuedBytes,
  },
  export_in_flight: {
    kind: 'gauge',
    help: 'Records of the batch that is being delivered or waits for its retry',
    value: (lane) => lane.inFlight,
  },
  export_oldest_timestamp_seconds: {
    kind: 'gauge',
    help: 'When the oldest record that waits came; nothing when none waits',
    unit: 'seconds',
    value: (lane) => inSeconds(lane.oldestMs),
  },
  export_last_success_timestamp_seconds: {
    kind: 'gauge',
    help: 'When the collector took a batch last',
    unit: 'seconds',
    value: (lane) => inSeconds(lane.lastSuccessAt),
  },
  export_up: {
    kind: 'gauge',
    help: '1 while deliveries succeed, 0 while the last one failed and is tried again; nothing before the first',
    value: ({ state, lastErrorAt, lastSuccessAt }) =>
      lastErrorAt === null && lastSuccessAt === null ? null : Number(state === 'delivering'),
  },
  export_spool_up: {
    kind: 'gauge',
    help: '1 while the spool can be written, 0 while its disk fails; absent without a spool',
    value: ({ store }) => (store === 'memory' ? null : Number(store === 'disk')),
  },
};

/** One series an exporter; called again when the exporters have changed. */
export function registerLaneMetrics(metrics: Metrics, exporters: { stats(): LaneStats[] }): void {
  for (const { name } of exporters.stats()) {
    for (const [metric, { kind, help, unit, value }] of Object.entries(LANE_METRICS)) {
      const now = () => {
        const lane = exporters.stats().find((candidate) => candidate.name === name);
        return lane === undefined ? null : value(lane);
      };
      metrics.observe(kind, metric, unit === undefined ? { help } : { help, unit }, now, { exporter: name });
    }
  }
}

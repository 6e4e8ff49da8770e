// What the daemon says about itself, as named metrics.
import type { LaneStats } from './export/lane-stats.js';
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

/** One series an exporter; called again when the exporters have changed. */
export function registerLaneMetrics(metrics: Metrics, exporters: { stats(): LaneStats[] }): void {
  for (const { name } of exporters.stats()) {
    const lane = () => exporters.stats().find((candidate) => candidate.name === name);
    const labels = { exporter: name };
    metrics.observe(
      'counter',
      'export_delivered_total',
      { help: 'Records delivered' },
      () => lane()?.delivered ?? null,
      labels,
    );
    metrics.observe(
      'counter',
      'export_dropped_total',
      { help: 'Records dropped' },
      () => dropped(lane()),
      labels,
    );
    metrics.observe(
      'counter',
      'export_retries_total',
      { help: 'Deliveries tried again' },
      () => lane()?.retries ?? null,
      labels,
    );
    metrics.observe(
      'gauge',
      'export_queued',
      { help: 'Records waiting, without those in flight' },
      () => lane()?.queued ?? null,
      labels,
    );
    metrics.observe(
      'gauge',
      'export_in_flight',
      { help: 'Records of the batch that is being delivered or waits for its retry' },
      () => lane()?.inFlight ?? null,
      labels,
    );
    metrics.observe(
      'gauge',
      'export_oldest_timestamp_seconds',
      { help: 'When the oldest record that waits came; nothing when none waits', unit: 'seconds' },
      () => inSeconds(lane()?.oldestMs),
      labels,
    );
    metrics.observe(
      'gauge',
      'export_last_success_timestamp_seconds',
      { help: 'When the collector took a batch last', unit: 'seconds' },
      () => inSeconds(lane()?.lastSuccessAt),
      labels,
    );
    metrics.observe(
      'gauge',
      'export_up',
      { help: '1 when the last delivery came off, 0 when it failed; nothing before the first' },
      () => laneIsUp(lane()),
      labels,
    );
  }
}

const inSeconds = (ms: number | null | undefined) => (ms === null || ms === undefined ? null : ms / 1000);

function laneIsUp(lane: LaneStats | undefined): number | null {
  const { lastErrorAt = null, lastSuccessAt = null } = lane ?? {};
  if (lastErrorAt === null && lastSuccessAt === null) return null;
  return Number((lastSuccessAt ?? 0) > (lastErrorAt ?? 0));
}

function dropped(lane: LaneStats | undefined): number | null {
  return lane === undefined ? null : lane.droppedQueueFull + lane.droppedRejected + lane.droppedAtClose;
}

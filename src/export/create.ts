// From the options of the configuration to exporters in their lanes.
import type { ExporterConfig, SpoolConfig } from '../config/schema.js';
import { RtpsondeError } from '../ops/errors.js';
import type { CreateDependencies } from './collector.js';
import { createExporter } from './collectors.js';
import type { Exporter } from './exporter.js';
import { Lane } from './lane.js';
import type { LaneOptions } from './lane-options.js';
import type { BatchLimit } from './pending-store.js';
import { Exporters } from './router.js';
import { laneFolder, spoolOptions } from './spool/settings.js';
import { SpoolStore } from './spool/spool-store.js';

export interface LaneDependencies extends CreateDependencies {
  /** Where summaries for collectors in the network wait on disk; in memory without a path. */
  spool: SpoolConfig;
}

const KIB = 1024;
const MIB = 1024 * 1024;

/** Memory that a queue may take, whatever the number of records. */
const QUEUE_MAX_BYTES = 256 * MIB;

/** For a refused token or certificate: somebody has to act, and a SIGHUP then retries at once. */
const SLOW_RETRY_MS = 60_000;

const LOG_PERIOD_MS = 30_000;

/** File and standard output: local, so small batches soon, and a queue for a full disk or a slow reader. */
const LOCAL_LANE = {
  queue: { maxRecords: 200_000, maxBytes: QUEUE_MAX_BYTES },
  batch: { maxRecords: 2000, maxBytes: MIB, maxAgeMs: 1000 },
  retry: { initialMs: 500, maxMs: 10_000 },
};

/** What one batch of an exporter may hold. */
export function batchLimit(options: ExporterConfig): BatchLimit {
  return laneOptions(options).batch;
}

function laneOptions(options: ExporterConfig): LaneOptions {
  const common = { include: options.include, slowRetryMs: SLOW_RETRY_MS, logPeriodMs: LOG_PERIOD_MS };
  if (!('batchMaxRecords' in options)) return { ...common, ...LOCAL_LANE };
  const { batchMaxRecords, batchMaxKiB, batchMaxSeconds, retry, queueMaxRecords } = options;
  return {
    ...common,
    queue: { maxRecords: queueMaxRecords, maxBytes: QUEUE_MAX_BYTES },
    batch: { maxRecords: batchMaxRecords, maxBytes: batchMaxKiB * KIB, maxAgeMs: batchMaxSeconds * 1000 },
    retry,
  };
}

/** All exporters of a configuration, each in its lane. Throws ERR_CONFIG_INVALID when two get in each other's way. */
export function createExporters(all: readonly ExporterConfig[], deps: LaneDependencies): Exporters {
  refuseConflicts(all);
  return new Exporters(all.map((options) => createLane(options, createExporter(options, deps), deps)));
}

/**
 * Brings running exporters to a new configuration: lanes are matched by name
 * and keep what waits in them; those without a match are flushed and closed.
 * Throws ERR_CONFIG_INVALID, before anything is changed, as `createExporters`.
 * @param deadlineMs for the lanes that end
 * @returns resolves when they have ended
 */
export function updateExporters(
  exporters: Exporters,
  all: readonly ExporterConfig[],
  deps: LaneDependencies,
  deadlineMs: number,
): Promise<void> {
  refuseConflicts(all);
  // Made first: when one is refused, all goes on as it was.
  const fresh = all.map((options) => ({ options, exporter: createExporter(options, deps) }));
  const before = exporters.lanes;
  const names = new Set(all.map(({ name }) => name));
  const ended = Promise.all(
    before.filter(({ name }) => !names.has(name)).map((lane) => lane.close(deadlineMs)),
  );
  const lanes = fresh.map(({ options, exporter }) => {
    const lane = before.find(({ name }) => name === exporter.name);
    lane?.replace(exporter, laneOptions(options));
    if (lane !== undefined) return lane;
    const added = createLane(options, exporter, deps);
    // Its file may be that of an exporter that has just lost its name.
    if (options.type === 'file') added.holdUntil(ended);
    return added;
  });
  exporters.setLanes(lanes);
  return ended.then(() => {});
}

function createLane(options: ExporterConfig, exporter: Exporter, deps: LaneDependencies): Lane {
  const { spool } = deps;
  // Files are on disk anyway, and nobody waits for standard output.
  const path = 'batchMaxRecords' in options ? spool.path : undefined;
  if (path === undefined) return new Lane(exporter, laneOptions(options), deps);
  const store = new SpoolStore(exporter.name, laneFolder(path, exporter.name), spoolOptions(spool), deps);
  return new Lane(exporter, laneOptions(options), deps, store);
}

function refuseConflicts(all: readonly ExporterConfig[]): void {
  refuseTwice(all.map(({ name }) => `name ${name}`));
  refuseTwice(all.filter((options) => options.type === 'file').map(({ path }) => `path ${path}`));
  refuseTwice(
    all.filter((options) => options.type === 'prometheus').map(({ listen }) => `address ${listen}`),
  );
  refuseTwice(all.filter((options) => options.type === 'stdout').map(() => 'type stdout'));
}

function refuseTwice(what: readonly string[]): void {
  const twice = what.find((item, index) => what.indexOf(item) !== index);
  if (twice !== undefined) throw new RtpsondeError('ERR_CONFIG_INVALID', `two exporters have the ${twice}`);
}

// From the options of the configuration to exporters in their lanes.
import type { Writable } from 'node:stream';
import { RtpsondeError } from '../ops/errors.js';
import type { ExportDependencies } from './dependencies.js';
import type { Exporter } from './exporter.js';
import { FileExporter } from './file-exporter.js';
import { HttpExporter } from './http-exporter.js';
import { Lane } from './lane.js';
import type { LaneOptions } from './lane-options.js';
import { type ExporterOptions, nameOf } from './options.js';
import { Exporters } from './router.js';
import { StdoutExporter } from './stdout-exporter.js';

export interface CreateDependencies extends ExportDependencies {
  /** Of rtpsonde, for User-Agent. */
  version: string;
  /** process.stdout, but for tests. */
  stdout: Writable;
  /** See StdoutExporterOptions.onClosed. */
  onStdoutClosed: (error: RtpsondeError) => void;
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

/** Opens nothing yet. Throws ERR_CONFIG_INVALID when the options contradict themselves. */
export function createExporter(options: ExporterOptions, deps: CreateDependencies): Exporter {
  const name = nameOf(options);
  switch (options.type) {
    case 'file': {
      const { maxMiB, maxFiles, everySeconds } = options.rotate;
      const rotate = { maxBytes: maxMiB * MIB, maxFiles, everySeconds };
      return new FileExporter({ name, path: options.path, rotate }, deps);
    }
    case 'stdout':
      return new StdoutExporter({ name, stream: deps.stdout, onClosed: deps.onStdoutClosed });
    case 'http': {
      const { url, token, tls, gzip, timeoutSeconds } = options;
      const timeoutMs = timeoutSeconds * 1000;
      return new HttpExporter({ name, url, token, tls, gzip, timeoutMs, version: deps.version }, deps);
    }
  }
}

function laneOptions(options: ExporterOptions): LaneOptions {
  const common = { include: options.include, slowRetryMs: SLOW_RETRY_MS, logPeriodMs: LOG_PERIOD_MS };
  if (options.type !== 'http') return { ...common, ...LOCAL_LANE };
  const { batchMaxRecords, batchMaxKiB, batchMaxSeconds, retry, queueMaxRecords } = options;
  return {
    ...common,
    queue: { maxRecords: queueMaxRecords, maxBytes: QUEUE_MAX_BYTES },
    batch: { maxRecords: batchMaxRecords, maxBytes: batchMaxKiB * KIB, maxAgeMs: batchMaxSeconds * 1000 },
    retry,
  };
}

/** All exporters of a configuration, each in its lane. Throws ERR_CONFIG_INVALID when two get in each other's way. */
export function createExporters(all: readonly ExporterOptions[], deps: CreateDependencies): Exporters {
  refuseConflicts(all);
  return new Exporters(all.map((options) => createLane(options, deps)));
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
  all: readonly ExporterOptions[],
  deps: CreateDependencies,
  deadlineMs: number,
): Promise<void> {
  refuseConflicts(all);
  // Made first: when one is refused, all goes on as it was.
  const fresh = all.map((options) => ({ options, exporter: createExporter(options, deps) }));
  const before = exporters.lanes;
  const names = new Set(all.map(nameOf));
  const ended = Promise.all(
    before.filter(({ name }) => !names.has(name)).map((lane) => lane.close(deadlineMs)),
  );
  const lanes = fresh.map(({ options, exporter }) => {
    const lane = before.find(({ name }) => name === exporter.name);
    lane?.replace(exporter, laneOptions(options));
    if (lane !== undefined) return lane;
    const added = new Lane(exporter, laneOptions(options), deps);
    // Its file may be that of an exporter that has just lost its name.
    if (options.type === 'file') added.holdUntil(ended);
    return added;
  });
  exporters.setLanes(lanes);
  return ended.then(() => {});
}

function createLane(options: ExporterOptions, deps: CreateDependencies): Lane {
  return new Lane(createExporter(options, deps), laneOptions(options), deps);
}

function refuseConflicts(all: readonly ExporterOptions[]): void {
  refuseTwice(all.map((options) => `name ${nameOf(options)}`));
  refuseTwice(all.filter((options) => options.type === 'file').map(({ path }) => `path ${path}`));
  refuseTwice(all.filter((options) => options.type === 'stdout').map(() => 'type stdout'));
}

function refuseTwice(what: readonly string[]): void {
  const twice = what.find((item, index) => what.indexOf(item) !== index);
  if (twice !== undefined) throw new RtpsondeError('ERR_CONFIG_INVALID', `two exporters have the ${twice}`);
}

// From the configuration to the complete options that the engine takes.
import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { EngineOptions, PayloadTypeOptions, SourceOptions } from '../native/engine.js';
import { expandCaptureFiles, isGlob } from './capture-files.js';
import { interfacesOf } from './interfaces.js';
import type { CaptureConfig, Config, MeasureConfig } from './schema.js';

const BYTES_PER_KIB = 1024;
const BYTES_PER_MIB = 1024 * 1024;

/**
 * Options for the engine. Looks into the file system where `capture.files` holds globs.
 * @param staticPayloadTypes those of RFC 3551; the configuration goes before them
 * @throws ConfigError with ERR_CAPTURE_FILE_NOT_FOUND when a glob matches nothing
 */
export function toEngineOptions(
  { capture, measure }: Pick<Config, 'capture' | 'measure'>,
  staticPayloadTypes: readonly PayloadTypeOptions[],
): EngineOptions {
  const source = toSource(capture);
  return {
    source,
    workers:
      source.kind === 'files' ? fileWorkers({ ...capture, files: source.paths }) : liveWorkers(capture),
    cpus: [...(capture.cpus ?? [])],
    overload: capture.overload,
    windowMs: toMs(measure.windowSeconds),
    idleTimeoutMs: toMs(measure.idleTimeoutSeconds),
    maxStreams: measure.maxStreams,
    fragmentDatagrams: measure.fragmentDatagrams,
    fragmentTimeoutMs: toMs(measure.fragmentTimeoutSeconds),
    queueBlocks: measure.queueBlocks,
    playoutProfiles: measure.playout.profiles.map(({ kind, delayMs, maxMs }) => ({
      adaptive: kind === 'adaptive',
      delayMs,
      maxMs,
    })),
    playoutUsedByQuality: measure.playout.profiles.findIndex(({ name }) => name === measure.playout.quality),
    gmin: measure.burstGap.gmin,
    burstGapA2: measure.burstGap.method === 'rfc3611-A.2',
    speechLevel: measure.speechLevel,
    transmissionOffsetId: measure.transmissionOffsetExtension,
    stallMs: toMs(measure.stallSeconds),
    spanCopies: { mode: measure.spanCopies.mode, windowMs: measure.spanCopies.windowMs },
    payloadTypes: toPayloadTypes(measure, staticPayloadTypes),
  };
}

// The schema has made sure of whole milliseconds; rounding takes away what binary fractions add.
const toMs = (seconds: number) => Math.round(seconds * 1000);

/** Files are shared out among at most so many (kShards in native/core/stream/key.h). */
const FILE_WORKERS = 4;

const wantedWorkers = (workers: CaptureConfig['workers']) =>
  workers === 'auto' ? Math.max(1, Math.floor(availableParallelism() / 2)) : workers;

/** How many workers an interface has. */
export const liveWorkers = ({ method, workers }: Pick<CaptureConfig, 'method' | 'workers'>) =>
  method === 'xdp' ? 1 : wantedWorkers(workers);

/** How many workers read these files: each reads all of them, so what can be read once has one. */
export function fileWorkers(capture: Pick<CaptureConfig, 'workers' | 'files' | 'follow'>): number {
  const { files = [], follow } = capture;
  const once = follow || files.some((file) => statSync(file, { throwIfNoEntry: false })?.isFile() === false);
  return once || files.includes('-') ? 1 : Math.min(wantedWorkers(capture.workers), FILE_WORKERS);
}

function toSource(capture: CaptureConfig): SourceOptions {
  if (capture.interface !== undefined && capture.method === 'xdp')
    return {
      kind: 'xdp',
      name: capture.interface,
      ringBytes: capture.ringMiB * BYTES_PER_MIB,
      promiscuous: capture.promiscuous,
      ...capture.xdp,
      filter: capture.filter ?? '',
    };
  const names = interfacesOf(capture);
  if (names.length > 0)
    return {
      kind: 'interface',
      names: [...names],
      ringBytes: capture.ringMiB * BYTES_PER_MIB,
      blockBytes: capture.blockKiB * BYTES_PER_KIB,
      snapLength: capture.snapLength,
      promiscuous: capture.promiscuous,
      udpOnly: capture.udpOnly,
      timestamps: capture.timestamps,
      busyPollUs: capture.busyPollUs,
      filter: capture.filter ?? '',
    };
  const files = capture.files ?? [];
  const globs = files.filter(isGlob);
  const onlyGlob = globs.length === 1 ? globs[0]! : '';
  return {
    kind: 'files',
    paths: expandCaptureFiles(files, capture.follow),
    follow: capture.follow,
    followPattern: capture.follow ? (capture.followPattern ?? onlyGlob) : '',
    replaySpeed: capture.replaySpeed,
    filter: capture.filter ?? '',
  };
}

function toPayloadTypes(
  { payloadTypes }: MeasureConfig,
  staticPayloadTypes: readonly PayloadTypeOptions[],
): PayloadTypeOptions[] {
  const byNumber = new Map(staticPayloadTypes.map((options) => [options.payloadType, options]));
  for (const { payloadType, name, clockRate, kind } of payloadTypes)
    byNumber.set(payloadType, { payloadType, name, clockRate, kind, source: 'config' });
  return [...byNumber.values()].sort((a, b) => a.payloadType - b.payloadType);
}

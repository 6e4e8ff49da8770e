// The configuration: whether it loads, what it asks for, where summaries go.
import { basename, dirname } from 'node:path';
import { ConfigError, formatProblem } from '../../config/config-error.js';
import { defaults } from '../../config/defaults.gen.js';
import { liveWorkers } from '../../config/engine-options.js';
import { type LoadedConfig, loadConfig } from '../../config/load.js';
import type { Config, FileExporterConfig } from '../../config/schema.js';
import type { ConfigFacts, OutputFacts, SettingsFacts } from '../facts.js';
import type { FolderStatus, Machine } from '../machine.js';

/** The user of the unit; see systemd/rtpsonde.sysusers.conf. */
const SERVICE_USER = 'rtpsonde';
const MIB = 1024 * 1024;

/** The part of a configuration that says what the capture does. */
export type CaptureSettings = Pick<Config, 'capture' | 'measure'>;

export interface GatheredConfig {
  facts: ConfigFacts | null;
  /** The defaults where there is no configuration, or none that loads. */
  settings: CaptureSettings;
}

/** Reads the configuration; secrets are left alone, as this may be another user than the daemon's. */
export async function gatherConfig(machine: Machine, file: string | undefined): Promise<GatheredConfig> {
  if (file === undefined) return { facts: null, settings: defaults };
  let loaded: LoadedConfig;
  try {
    loaded = loadConfig(file, { lookUpSecrets: false });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const faults = error.message.split('\n');
    return { facts: { file, faults, warnings: [], outputs: [], collectors: [] }, settings: defaults };
  }
  const { config, warnings } = loaded;
  return {
    facts: await factsOf(
      machine,
      file,
      config,
      warnings.map((problem) => formatProblem(file, problem)),
    ),
    settings: config,
  };
}

async function factsOf(
  machine: Machine,
  file: string,
  config: Config,
  warnings: string[],
): Promise<ConfigFacts> {
  const collectors = config.export.flatMap((exporter) =>
    exporter.type === 'http'
      ? [{ exporter: exporter.name, host: new URL(exporter.url).hostname.replace(/^\[(.*)\]$/, '$1') }]
      : [],
  );
  return {
    file,
    faults: [],
    warnings,
    outputs: config.export.flatMap((exporter) =>
      exporter.type === 'file' ? [outputOf(machine, exporter)] : [],
    ),
    collectors: await Promise.all(
      collectors.map(async (collector) => ({
        ...collector,
        resolves: await machine.resolves(collector.host),
      })),
    ),
  };
}

function outputOf(machine: Machine, exporter: FileExporterConfig): OutputFacts {
  const folder = dirname(exporter.path);
  const status = machine.folder(folder);
  const service = serviceUser(machine);
  // Root may write anywhere, but the daemon is not root.
  const asService = machine.user().uid === 0 && service !== null;
  return {
    exporter: exporter.name,
    folder,
    user: asService ? SERVICE_USER : machine.user().name,
    exists: status !== null,
    writable: status !== null && (asService ? mayWrite(status, service) : status.writable),
    freeBytes: status?.freeBytes ?? null,
    wantedBytes: Math.max(
      0,
      exporter.rotate.maxFiles * exporter.rotate.maxMiB * MIB - sizeSoFar(machine, exporter),
    ),
  };
}

interface Account {
  uid: number;
  gid: number;
}

function serviceUser(machine: Machine): Account | null {
  const line = (machine.read('/etc/passwd') ?? '')
    .split('\n')
    .find((text) => text.startsWith(`${SERVICE_USER}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid === undefined || gid === undefined ? null : { uid: Number(uid), gid: Number(gid) };
}

/** By the permission bits; access lists are not looked at. */
function mayWrite({ uid, gid, mode }: FolderStatus, account: Account): boolean {
  const shift = uid === account.uid ? 6 : gid === account.gid ? 3 : 0;
  return ((mode >> shift) & 0b011) === 0b011;
}

/** Bytes of the file and of those that were rotated away, which begin with the same name. */
function sizeSoFar(machine: Machine, { path }: FileExporterConfig): number {
  const folder = dirname(path);
  const stem = basename(path).replace(/\.[^.]*$/, '');
  const names = machine.list(folder).filter((name) => name.startsWith(stem));
  return names.reduce((sum, name) => sum + machine.size(`${folder}/${name}`), 0);
}

/** What the daemon would do, as the checks look at it. */
export function settingsOf({ capture, measure }: CaptureSettings): SettingsFacts {
  return {
    method: capture.method,
    promiscuous: capture.promiscuous,
    ringBytes: capture.ringMiB * MIB,
    snapLength: capture.snapLength,
    maxStreams: measure.maxStreams,
    spanCopies: measure.spanCopies.mode,
    workers: liveWorkers(capture),
  };
}

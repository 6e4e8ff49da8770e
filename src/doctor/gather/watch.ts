// A few seconds of watching: the kernel's counters before and after, a census of
// frames, and the engine of the daemon on the interface. Nothing is sent.
import { defaults } from '../../config/defaults.gen.js';
import { toEngineOptions } from '../../config/engine-options.js';
import { KIND_STREAM, nameCounters } from '../../native/block.js';
import type { Engine, EngineOptions } from '../../native/engine.js';
import type { RecordView } from '../../native/record.gen.js';
import { toRtpsondeError } from '../../ops/errors.js';
import { staticPayloadTypeOptions, summaryContext } from '../../summary/context.js';
import type { Joined } from '../../summary/joined.js';
import { JoinedRows, type RowVisitor } from '../../summary/joined-rows.js';
import { BlockPump } from '../../windows/block-pump.js';
import type { CaptureFacts, WatchFacts } from '../facts.js';
import type { Machine } from '../machine.js';
import type { CaptureSettings } from './config.js';
import { receiveCounters } from './link.js';

/** Frames after which the census has seen enough; its socket is closed then. */
const CENSUS_FRAMES = 100_000;

export interface WatchOptions {
  name: string;
  /** Number of the interface. */
  index: number;
  seconds: number;
  settings: CaptureSettings;
  /** False: only the kernel's counters are watched. */
  mayCapture: boolean;
  createEngine: (options: EngineOptions) => Engine;
}

export async function watch(machine: Machine, options: WatchOptions): Promise<WatchFacts> {
  const { seconds, mayCapture } = options;
  const before = readCounters(machine, options);
  const [capture, census] = await Promise.all([
    mayCapture ? testCapture(machine, options) : machine.sleep(seconds).then(() => null),
    mayCapture ? takeCensus(machine, options) : null,
  ]);
  const after = readCounters(machine, options);
  return {
    seconds,
    softnetDrops: grown(before.softnetDrops, after.softnetDrops),
    softnetSqueezes: grown(before.softnetSqueezes, after.softnetSqueezes),
    stolen: stolenShare(before.cpuTimes, after.cpuTimes),
    nic: Object.fromEntries(
      Object.entries(after.nic).map(([counter, value]) => [
        counter,
        Math.max(0, value - (before.nic[counter] ?? value)),
      ]),
    ),
    census,
    capture: typeof capture === 'string' ? null : capture,
    captureProblem: typeof capture === 'string' ? capture : null,
  };
}

const grown = (before: number | null, after: number | null) =>
  before === null || after === null ? null : Math.max(0, after - before);

interface KernelCounters {
  softnetDrops: number | null;
  softnetSqueezes: number | null;
  /** Of all CPUs together: user, nice, system, idle, iowait, irq, softirq, steal (proc(5)). */
  cpuTimes: number[];
  nic: Record<string, number>;
}

/** Guest time, which comes behind, is in user time already. */
const CPU_TIMES = 8;
const STEAL = 7;

function stolenShare(before: readonly number[], after: readonly number[]): number | null {
  if (before.length < CPU_TIMES || after.length < CPU_TIMES) return null;
  const grown = after.map((ticks, i) => Math.max(0, ticks - before[i]!));
  const all = grown.reduce((sum, ticks) => sum + ticks, 0);
  return all === 0 ? null : grown[STEAL]! / all;
}

// /proc/net/softnet_stat: a line for each CPU, hexadecimal: processed, dropped, time_squeeze, ...
function readCounters(machine: Machine, { name, index }: WatchOptions): KernelCounters {
  const lines = (machine.read('/proc/net/softnet_stat') ?? '')
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  const cpus = lines.filter((columns) => columns.length >= 3);
  const sum = (column: number) =>
    cpus.length === 0
      ? null
      : cpus.reduce((total, columns) => total + Number.parseInt(columns[column]!, 16), 0);
  const cpuTimes =
    /^cpu +(.*)$/m
      .exec(machine.read('/proc/stat') ?? '')?.[1]
      ?.split(' ')
      .map(Number) ?? [];
  return {
    softnetDrops: sum(1),
    softnetSqueezes: sum(2),
    cpuTimes: cpuTimes.slice(0, CPU_TIMES),
    nic: receiveCounters(machine, name, index),
  };
}

/** Null when it cannot be taken: the test capture says why. */
async function takeCensus(machine: Machine, { name, seconds, settings }: WatchOptions) {
  try {
    return await machine.takeCensus(name, settings.capture.promiscuous, seconds, CENSUS_FRAMES);
  } catch {
    return null;
  }
}

/** What the engine of the daemon sees; or why it cannot capture, with the code. */
async function testCapture(machine: Machine, options: WatchOptions): Promise<CaptureFacts | string> {
  const { name, seconds, settings, createEngine } = options;
  const { files: _files, followPattern: _pattern, interfaces: _legs, ...capture } = settings.capture;
  const config = {
    probe: { name: 'doctor' },
    // What does not keep up is to show as drops; and by AF_XDP packets would be taken away from everybody else.
    capture: {
      ...capture,
      ...{ method: 'packet' as const, follow: false, interface: name, overload: 'drop' as const },
    },
    // Copies are to be seen also where the daemon would not tell them.
    measure: {
      ...settings.measure,
      windowSeconds: Math.ceil(seconds),
      spanCopies: { ...settings.measure.spanCopies, mode: modeOfCopies(settings) },
    },
    quality: defaults.quality,
  };
  const audio = new AudioStreams();
  try {
    const engine = createEngine(toEngineOptions(config, staticPayloadTypeOptions));
    const context = summaryContext(config, null);
    const rows = new JoinedRows(context);
    const pump = new BlockPump(engine, (block) => rows.visit(block, context, audio));
    engine.start();
    const running = pump.run();
    await Promise.race([machine.sleep(seconds), running]);
    const { workers } = engine.stats();
    pump.stop();
    const { counters } = await running;
    const busiest = Math.max(...workers.map(({ cpuSeconds }) => cpuSeconds));
    const load = Math.min(1, busiest / seconds);
    return { counters: nameCounters(counters), load, ...audio.facts };
  } catch (error) {
    const { message, code } = toRtpsondeError(error);
    return `${message} (${code})`;
  }
}

const modeOfCopies = ({ measure: { spanCopies } }: CaptureSettings) =>
  spanCopies.mode === 'off' ? 'auto' : spanCopies.mode;

const AUDIO = 1;

/** Counts streams that ended, and those audio streams whose opposite direction is missing. */
class AudioStreams implements RowVisitor {
  readonly facts = { streams: 0, audioStreams: 0, oneSidedAudioStreams: 0 };

  row(record: RecordView, { direction }: Joined): void {
    if (record.kind !== KIND_STREAM) return;
    this.facts.streams++;
    if (record.mediaKind !== AUDIO) return;
    this.facts.audioStreams++;
    if (!direction.hasReverse) this.facts.oneSidedAudioStreams++;
  }
}

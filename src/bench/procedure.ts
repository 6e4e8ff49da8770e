// The whole benchmark: for each number of streams the rates that are borne, then rounds
// with every consumer in turn at a rate that all of them bear.
import type { SenderKind } from '../native/bench.js';
import type { EngineOptions } from '../native/engine.js';
import { benchAddon } from '../native/load.js';
import { toRtpsondeError } from '../ops/errors.js';
import { figuresOf, type StreamFigures } from './figures.js';
import { choosePlaces, type Machine, machine } from './machine.js';
import { receiving, sending } from './namespace.js';
import type { Consumer } from './receiver.js';
import { type Places, type RunResult, run } from './run.js';
import { findSustained } from './search.js';

export interface BenchOptions {
  streams: readonly number[];
  /** Length of a run after its warm-up. */
  seconds: number;
  /** Packets a second; null: search, then as fast as the generator goes, or below what is borne. */
  rate: number | null;
  rounds: number;
  consumers: readonly Consumer[];
  sender: SenderKind | 'auto';
  /** Options of the engine for so many streams. */
  engine: (streams: number) => EngineOptions;
  /** Told before each run, for people who wait. */
  progress: (text: string) => void;
}

export interface BenchResult {
  kind: 'bench-capture';
  date: string;
  machine: Machine;
  sender: SenderKind;
  /** Why it is not the better one; null when it is, or was asked for. */
  senderReason: string | null;
  places: Places;
  seconds: number;
  rounds: number;
  /** Of the capture, as configured by default. */
  capture: { ringBytes: number; blockBytes: number; snapLength: number };
  streams: StreamFigures[];
  /** Every packet of every run has a known fate. */
  exact: boolean;
  /** What makes the figures doubtful, for people. */
  warnings: string[];
  /** Every run, in order. */
  runs: RunResult[];
}

/** Halvings of the search: the rate is then known to 2 % of the generator's. */
const SEARCH_STEPS = 6;
/** Share of what is borne that the rounds take when the generator is faster. */
const BELOW_SUSTAINED = 0.8;
/** A load of this share of the CPUs before the start disturbs. */
const BUSY_SHARE = 0.3;

export async function bench(options: BenchOptions): Promise<BenchResult> {
  const about = machine();
  const places = choosePlaces(benchAddon().threadCpus());
  const { sender, reason } = chooseSender(options.sender);
  const runs: RunResult[] = [];
  const once = async (consumer: Consumer, streams: number, rate: number | null) => {
    options.progress(`${streams} streams, ${consumer}, ${rate === null ? 'flat out' : `${rate} packets/s`}`);
    const engine = options.engine(streams);
    const result = await run({ ...options, consumer, streams, rate, sender, places, engine });
    runs.push(result);
    return result;
  };
  const missing = whyNoLibpcap(options);
  const consumers = options.consumers.filter((name) => name !== 'libpcap' || missing === null);
  const figures: StreamFigures[] = [];
  for (const streams of options.streams)
    figures.push(await benchStreams({ ...options, consumers }, streams, once));
  const { source } = options.engine(1);
  if (source.kind !== 'interface') throw new Error('the benchmark captures on an interface');
  const { ringBytes, blockBytes, snapLength } = source;
  return {
    kind: 'bench-capture',
    date: new Date().toISOString(),
    machine: about,
    sender,
    senderReason: reason,
    places,
    seconds: options.seconds,
    rounds: options.rounds,
    capture: { ringBytes, blockBytes, snapLength },
    streams: figures,
    exact: runs.every(({ exact }) => exact),
    warnings: [
      ...warningsOf(about, places, runs),
      ...(reason === null
        ? []
        : [`the slower generator was used (${reason}); the other one needs root and Linux 5.18`]),
      ...(missing === null ? [] : [`not compared with libpcap: ${missing}`]),
    ],
    runs,
  };
}

async function benchStreams(
  { rate: asked, rounds, consumers }: BenchOptions,
  streams: number,
  once: (consumer: Consumer, streams: number, rate: number | null) => Promise<RunResult>,
): Promise<StreamFigures> {
  const search = (consumer: Consumer) => findSustained((rate) => once(consumer, streams, rate), SEARCH_STEPS);
  const isSearched = asked === null && consumers.includes('null') && consumers.includes('full');
  const sustained = isSearched ? { null: await search('null'), full: await search('full') } : null;
  let rate = asked;
  if (sustained !== null && (sustained.null.firstDrop ?? sustained.full.firstDrop) !== null)
    rate = Math.round(BELOW_SUSTAINED * Math.min(sustained.null.rate, sustained.full.rate)) || null;
  const results: RunResult[] = [];
  for (let round = 0; round < rounds; round++)
    for (const consumer of consumers) results.push(await once(consumer, streams, rate));
  return figuresOf(streams, results, sustained);
}

/** @throws RtpsondeError ERR_BENCH_GENERATOR when the one that was asked for does not work */
function chooseSender(asked: SenderKind | 'auto'): { sender: SenderKind; reason: string | null } {
  if (asked === 'sendmmsg') return { sender: asked, reason: null };
  try {
    const options = {
      ...{ receiving, sending, throughCable: false, streams: 1, firstStream: 0 },
      ...{ packetsPerSecond: 1, cpu: -1 },
    };
    new (benchAddon().BenchGenerator)({ sender: 'live-frames', ...options }).stop();
    return { sender: 'live-frames', reason: null };
  } catch (error) {
    if (asked !== 'auto') throw error;
    return { sender: 'sendmmsg', reason: toRtpsondeError(error).message };
  }
}

/** Null when it is installed or not asked for. */
function whyNoLibpcap({ consumers, engine }: BenchOptions): string | null {
  if (!consumers.includes('libpcap')) return null;
  try {
    new (benchAddon().BenchConsumer)({ kind: 'libpcap', cpu: -1, engine: engine(1) }).stop();
    return null;
  } catch (error) {
    return toRtpsondeError(error).message;
  }
}

function warningsOf(about: Machine, places: Places, runs: readonly RunResult[]): string[] {
  const warnings: string[] = [];
  if (about.load > BUSY_SHARE * about.cpus)
    warnings.push(
      `the machine was busy before the start: load ${about.load} on ${about.cpus} CPUs; rates and drops are worse than it could do, ratios are less sure`,
    );
  if (places.generator < 0) warnings.push('one CPU: generator and consumer took turns on it');
  const inexact = runs.filter(({ exact }) => !exact).length;
  if (inexact > 0)
    warnings.push(
      `${inexact} of ${runs.length} runs are not exact: packets are missing without a word, or told twice`,
    );
  return warnings;
}

// One run: a consumer, a generator, and what both did and cost meanwhile.
import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchGenerator, GeneratorStats, SenderKind } from '../native/bench.js';
import type { EngineOptions } from '../native/engine.js';
import { benchAddon } from '../native/load.js';
import { RtpsondeError } from '../ops/errors.js';
import { receiving, sending } from './namespace.js';
import {
  type Consumer,
  createReceiver,
  type Final,
  isEngine,
  type Receiver,
  type Sample,
} from './receiver.js';

/** Where generator and consumer run; -1: wherever the kernel puts them. */
export interface Places {
  consumer: number;
  generator: number;
}

export interface RunOptions {
  consumer: Consumer;
  streams: number;
  /** Packets a second; null: as fast as the generator goes. */
  rate: number | null;
  /** How long is measured, after every stream has sent twice. */
  seconds: number;
  sender: SenderKind;
  places: Places;
  engine: EngineOptions;
}

export interface RunResult {
  consumer: Consumer;
  streams: number;
  /** As asked for; null: as fast as the generator goes. */
  rateAsked: number | null;
  /** Packets a second that were really sent while it was measured. */
  rate: number;
  /** CPU time a packet of the generator's thread, the kernel's receive path included, ns. */
  generatorNs: number;
  /** CPU time a packet of the consumer's thread, ns; null without a consumer or when too few came. */
  consumerNs: number | null;
  /** Share of one CPU that the consumer used; null as before. */
  consumerLoad: number | null;
  /** Over the whole run, warm-up included. */
  sent: number;
  /** Packets that the consumer took. */
  delivered: number;
  kernelDrops: number;
  /** What the engine made of them, by name. */
  fates: Partial<Record<string, number>>;
  /** Packets that the engine found missing in streams; null when nobody looked. */
  streamsLost: number | null;
  /** Packets on their way when the generator had stopped. */
  backlog: number;
  /** Of the sent packets, those that neither consumer nor kernel speaks of; 0 in an exact run. */
  unaccounted: number;
  /** sent = delivered + kernel drops, and for the engine delivered = the sum of the fates. */
  exact: boolean;
}

const POLL_MS = 50;
const WARM_UP_MS = 300;
/** A run whose streams are not all there by then is measured as it is. */
const WARM_UP_AT_MOST_MS = 20_000;
const LATE_AT_MOST_MS = 10_000;
const DRAIN_AT_MOST_MS = 5_000;

/** @throws RtpsondeError when the generator or the consumer failed */
export async function run(options: RunOptions): Promise<RunResult> {
  const receiver = createReceiver(options.consumer, options.engine, options.places.consumer);
  receiver.start();
  let final: Final | undefined;
  try {
    // Last, as it sends its first packet when it is made.
    const generator = createGenerator(options);
    const measured = await measure(options, generator, receiver);
    final = receiver.stop();
    return resultOf(options, measured, final);
  } finally {
    if (final === undefined) receiver.stop();
    await giveBack();
  }
}

// An engine keeps its ring of kernel memory until it is collected as garbage, and the next run
// wants one too. The finalizer of a native object runs in a later turn of the event loop.
async function giveBack(): Promise<void> {
  await sleep(0);
  globalThis.gc?.();
  await sleep(1);
}

function createGenerator({ consumer, sender, streams, rate, places }: RunOptions): BenchGenerator {
  return new (benchAddon().BenchGenerator)({
    ...{ sender, receiving, sending, streams, firstStream: 0, throughCable: consumer === 'xdp-native' },
    packetsPerSecond: rate ?? 0,
    cpu: places.generator,
  });
}

interface Moment {
  generator: GeneratorStats;
  consumer: Sample;
}

interface Measured {
  from: Moment;
  to: Moment;
  sent: number;
  backlog: number;
}

async function measure(
  options: RunOptions,
  generator: BenchGenerator,
  receiver: Receiver,
): Promise<Measured> {
  const moment = (): Moment => {
    const stats = generator.stats();
    if (stats.error !== null) throw new RtpsondeError('ERR_BENCH_GENERATOR', stats.error);
    return { generator: stats, consumer: receiver.sample() };
  };
  const until = async (atMostMs: number, done: (now: Moment, ms: number) => boolean) => {
    const start = performance.now();
    for (;;) {
      await sleep(POLL_MS);
      receiver.attend();
      const ms = performance.now() - start;
      if (ms >= atMostMs || done(moment(), ms)) return;
    }
  };
  generator.start();
  try {
    const steady = options.consumer === 'none' ? 0 : 2 * options.streams;
    await until(
      WARM_UP_AT_MOST_MS,
      ({ generator: g, consumer: c }, ms) =>
        ms >= WARM_UP_MS && g.sent >= 2 * options.streams && c.packets + c.kernelDrops >= steady,
    );
    const from = moment();
    // A machine that is busy may let neither run for a while; and what they did is told now and then.
    await until(
      options.seconds * 1000 + LATE_AT_MOST_MS,
      ({ generator: g, consumer: c }, ms) =>
        ms >= options.seconds * 1000 &&
        g.sent > from.generator.sent &&
        (options.consumer === 'none' || c.packets > from.consumer.packets),
    );
    const to = moment();
    generator.stop();
    const { sent } = moment().generator;
    const { packets, kernelDrops } = receiver.sample();
    const backlog = options.consumer === 'none' ? 0 : sent - packets - kernelDrops;
    if (options.consumer !== 'none')
      await until(DRAIN_AT_MOST_MS, ({ consumer: c }) => c.packets + c.kernelDrops >= sent);
    return { from, to, sent, backlog };
  } finally {
    generator.stop();
  }
}

function resultOf(options: RunOptions, { from, to, sent, backlog }: Measured, final: Final): RunResult {
  const { consumer, streams, rate: rateAsked } = options;
  const sentBetween = to.generator.sent - from.generator.sent;
  if (sentBetween === 0)
    throw new RtpsondeError(
      'ERR_BENCH_GENERATOR',
      'the generator got no time to run: the machine is too busy',
    );
  const secondsBetween = to.generator.seconds - from.generator.seconds;
  const taken = to.consumer.packets - from.consumer.packets;
  const consumerCpu = to.consumer.cpuSeconds - from.consumer.cpuSeconds;
  const isMeasured = consumer !== 'none' && taken > 0;
  const { packets: delivered, kernelDrops, fates, streamsLost } = final;
  const unaccounted = consumer === 'none' ? 0 : sent - delivered - kernelDrops;
  const fated = Object.values(fates).reduce<number>((sum, n) => sum + (n ?? 0), 0);
  return {
    ...{ consumer, streams, rateAsked },
    rate: sentBetween / secondsBetween,
    generatorNs: ((to.generator.cpuSeconds - from.generator.cpuSeconds) / sentBetween) * 1e9,
    consumerNs: isMeasured ? (consumerCpu / taken) * 1e9 : null,
    consumerLoad: isMeasured ? consumerCpu / secondsBetween : null,
    ...{ sent, delivered, kernelDrops, fates, streamsLost, backlog, unaccounted },
    exact: unaccounted === 0 && (!isEngine(consumer) || fated === delivered),
  };
}

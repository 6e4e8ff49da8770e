// The consumers of a run behind one interface: nobody, the product's engine, and those
// that it is compared with.
import type { BenchConsumerKind } from '../native/bench.js';
import { Block, type CounterValues, KIND_STREAM, nameCounters } from '../native/block.js';
import { type CounterName, counters } from '../native/counters.gen.js';
import type { Engine, EngineOptions } from '../native/engine.js';
import { benchAddon, createEngine } from '../native/load.js';
import { RtpsondeError } from '../ops/errors.js';

/**
 * `none`: no socket at all, for what the generator alone costs; `full`: the engine as `rtpsonde run` uses it; `xdp-generic`,
 * `xdp-native`: the same by AF_XDP. Native XDP is in the driver, so that the packets of its runs take the way through the cable.
 */
export type Consumer = 'none' | 'full' | XdpConsumer | BenchConsumerKind;
type XdpConsumer = 'xdp-generic' | 'xdp-native';
export const defaultConsumers: readonly Consumer[] = ['none', 'null', 'parse', 'full', 'libpcap'];
export const consumers: readonly Consumer[] = [...defaultConsumers, 'xdp-generic', 'xdp-native'];

/** Whether it is the product's engine, which tells what became of every packet. */
export const isEngine = (consumer: Consumer) => consumer === 'full' || consumer.startsWith('xdp-');

/** Taken at one moment. */
export interface Sample {
  /** Packets taken from the ring. */
  packets: number;
  kernelDrops: number;
  cpuSeconds: number;
}

export interface Final extends Sample {
  /** What became of the packets, by name; only `full` tells all. */
  fates: Partial<Record<string, number>>;
  /** Packets that the engine found missing in the streams; null when nobody looked. */
  streamsLost: number | null;
}

export interface Receiver {
  start(): void;
  sample(): Sample;
  /** To be called a few times a second: takes what the engine has sealed. */
  attend(): void;
  /** Takes what the ring still holds. */
  stop(): Final;
}

/** @param cpu to run on; -1: any */
export function createReceiver(consumer: Consumer, engine: EngineOptions, cpu: number): Receiver {
  if (consumer === 'none') return new Nobody();
  if (consumer === 'full') return new FullReceiver(engine, cpu);
  if (consumer === 'xdp-generic') return new FullReceiver(byXdp(engine, 'generic'), cpu);
  if (consumer === 'xdp-native') return new FullReceiver(byXdp(engine, 'native'), cpu, ['nicDropped']);
  return new PlainReceiver(consumer, engine, cpu);
}

function byXdp(engine: EngineOptions, mode: 'generic' | 'native'): EngineOptions {
  const { source } = engine;
  if (source.kind !== 'interface') throw new Error('the benchmark captures on an interface');
  const { names, ringBytes, promiscuous, filter } = source;
  const xdp = { kind: 'xdp', copy: 'auto', takeOver: false } as const;
  return { ...engine, source: { ...xdp, mode, name: names[0] ?? '', ringBytes, promiscuous, filter } };
}

class Nobody implements Receiver {
  start(): void {}
  attend(): void {}
  sample(): Sample {
    return { packets: 0, kernelDrops: 0, cpuSeconds: 0 };
  }
  stop(): Final {
    return { ...this.sample(), fates: {}, streamsLost: null };
  }
}

class PlainReceiver implements Receiver {
  readonly #consumer;

  constructor(
    private readonly kind: BenchConsumerKind,
    engine: EngineOptions,
    cpu: number,
  ) {
    this.#consumer = new (benchAddon().BenchConsumer)({ kind, cpu, engine });
  }

  start(): void {
    this.#consumer.start();
  }

  attend(): void {}

  sample(): Sample {
    const { packets, kernelDrops, cpuSeconds, error } = this.#consumer.stats();
    if (error !== null) throw new RtpsondeError('ERR_ENGINE_FAULT', `the ${this.kind} consumer: ${error}`);
    return { packets, kernelDrops, cpuSeconds };
  }

  stop(): Final {
    this.#consumer.stop();
    const { rtp } = this.#consumer.stats();
    return { ...this.sample(), fates: this.kind === 'null' ? {} : { rtp }, streamsLost: null };
  }
}

class FullReceiver implements Receiver {
  // Let go when it has stopped, so that it can be collected and gives the interface back.
  #engine: Engine | null;
  #streamsLost = 0;

  constructor(
    options: EngineOptions,
    private readonly cpu: number,
    /** What is dropped before the capture, where the packets go through a driver. */
    private readonly alsoDropped: readonly CounterName[] = [],
  ) {
    this.#engine = createEngine(options);
  }

  get #running(): Engine {
    if (this.#engine === null) throw new Error('the engine was stopped');
    return this.#engine;
  }

  // The engine's thread inherits the CPUs of the thread that starts it.
  start(): void {
    const { threadCpus, setThreadCpus } = benchAddon();
    const all = threadCpus();
    if (this.cpu >= 0) setThreadCpus([this.cpu]);
    try {
      this.#running.start();
    } finally {
      setThreadCpus(all);
    }
  }

  attend(): void {
    const engine = this.#running;
    for (let buffer = engine.take(); buffer !== null; buffer = engine.take()) {
      const block = new Block(buffer);
      for (let row = 0; row < block.rows; row++) {
        const record = block.record(row);
        if (record.kind === KIND_STREAM) this.#streamsLost += record.lost;
      }
      engine.release(buffer);
    }
  }

  #counters(): { values: CounterValues; cpuSeconds: number } {
    const { counters: values, cpuSeconds, error } = this.#running.stats();
    if (error !== null) throw new RtpsondeError('ERR_ENGINE_FAULT', `the engine: ${error.message}`);
    return { values: nameCounters(values), cpuSeconds };
  }

  sample(): Sample {
    const { values, cpuSeconds } = this.#counters();
    const kernelDrops = this.alsoDropped.reduce((sum, name) => sum + values[name], values.kernelDrops);
    return { packets: values.packets, kernelDrops, cpuSeconds };
  }

  stop(): Final {
    this.#running.stop();
    this.attend();
    const { values } = this.#counters();
    const fates = counters
      .filter(({ name, fate }) => ['used', 'pending', 'reason'].includes(fate) && values[name] !== 0)
      .map(({ name }) => [name, values[name]]);
    const final = { ...this.sample(), fates: Object.fromEntries(fates), streamsLost: this.#streamsLost };
    this.#engine = null;
    return final;
  }
}

// The addon's part of `rtpsonde bench-capture`: a generator of traffic and the
// consumers that the engine is compared with, each on a thread of its own.
import type { EngineOptions } from './engine.js';

/** `live-frames`: packets are written in the kernel by eBPF; `sendmmsg`: through a packet socket, slower. */
export type SenderKind = 'live-frames' | 'sendmmsg';

export interface GeneratorOptions {
  sender: SenderKind;
  /** The end of the veth pair that is captured on, and the other one. */
  receiving: string;
  sending: string;
  /** `live-frames`: through the driver of the cable, where XDP is, not past it; XDP has to be there already. */
  throughCable: boolean;
  /** 1..1000000 */
  streams: number;
  /** Number of the first of them, 0..2^30: other numbers are other streams. */
  firstStream: number;
  /** 0: as fast as it goes. */
  packetsPerSecond: number;
  /** To run on; -1: any. */
  cpu: number;
}

/** Taken at one moment by the generator's thread. */
export interface GeneratorStats {
  sent: number;
  /** CPU time of the generator's thread, in which the kernel's receive path runs too, s. */
  cpuSeconds: number;
  /** Since the start, s. */
  seconds: number;
  /** What ended it, null while it runs well. */
  error: string | null;
}

export interface BenchGenerator {
  start(): void;
  /** Waits for the thread and gives back what it holds in the kernel; the figures are then final. */
  stop(): void;
  stats(): GeneratorStats;
}

/** `null` touches one cache line of each packet; `parse` decodes to the RTP header; `libpcap` feeds the engine's measuring. */
export type BenchConsumerKind = 'null' | 'parse' | 'libpcap';

export interface BenchConsumerOptions {
  kind: BenchConsumerKind;
  /** To run on; -1: any. */
  cpu: number;
  /** Interface, ring and snap length; what `libpcap` measures with. */
  engine: EngineOptions;
}

/** Taken at one moment by the consumer's thread. */
export interface BenchConsumerStats {
  /** Packets taken from the ring. */
  packets: number;
  /** Packets that the kernel offered to the socket, drops included. */
  kernelPackets: number;
  kernelDrops: number;
  /** Packets that were RTP; 0 for `null`, which does not look. */
  rtp: number;
  cpuSeconds: number;
  /** What ended it, null while it runs well. */
  error: string | null;
}

export interface BenchConsumer {
  /** Opens the capture; throws an error with a `code`. */
  start(): void;
  /** Takes what is left in the ring and waits for the thread. */
  stop(): void;
  stats(): BenchConsumerStats;
}

export interface BenchAddon {
  BenchGenerator: new (options: GeneratorOptions) => BenchGenerator;
  BenchConsumer: new (options: BenchConsumerOptions) => BenchConsumer;
  /** CPUs that the calling thread may run on. */
  threadCpus(): number[];
  /** Keeps the calling thread, and threads started by it from now on, on these CPUs; false when refused. */
  setThreadCpus(cpus: number[]): boolean;
}

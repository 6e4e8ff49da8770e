// The engine as TypeScript sees it: few calls, plain data. The only place that
// knows the addon's surface; `load.ts` fetches the addon itself.

/** Where packets come from. */
export type SourceOptions =
  | {
      kind: 'interface';
      /** Network interfaces, for example `eth1`; at most 15. Records name them by their place here. */
      names: string[];
      /** Bytes of the kernel ring, divided among workers and interfaces; a multiple of `blockBytes`. */
      ringBytes: number;
      /** Bytes of one ring block; a power of two and a multiple of the page size. */
      blockBytes: number;
      /** Bytes kept of each packet (kernel filter); 0 keeps all. */
      snapLength: number;
      /** Ask the interface for packets that are not addressed to it. */
      promiscuous: boolean;
      /** Let the kernel drop everything but UDP and IP fragments; such packets are then in no counter. */
      udpOnly: boolean;
      /** Who gives packets their time: the network card if it can (`auto`), or must (`hardware`), or the kernel. */
      timestamps: 'auto' | 'hardware' | 'kernel';
      /** For how long a worker looks for packets before it sleeps, in microseconds. */
      busyPollUs: number;
      /** Expression in tcpdump's language, run by the kernel: what it refuses is in no counter; empty: none. */
      filter: string;
    }
  | {
      /** An interface by AF_XDP. */
      kind: 'xdp';
      name: string;
      /** Bytes for packets, of all receive queues together. */
      ringBytes: number;
      promiscuous: boolean;
      /** In the driver or behind it; `auto`: in it where that is possible. */
      mode: 'auto' | 'native' | 'generic';
      /** Whether the driver writes into our memory itself; `auto`: where it can. */
      copy: 'auto' | 'zero-copy' | 'copy';
      /** Also an interface that has addresses or routes. */
      takeOver: boolean;
      /** Expression in tcpdump's language: what it refuses is counted as `filteredOut`; empty: none. */
      filter: string;
    }
  | {
      kind: 'files';
      /** pcap or pcapng files; merged in time order. */
      paths: string[];
      /** Keep reading as the last file grows, and take up new files that match `followPattern`. */
      follow: boolean;
      /** Glob of file names for `follow`; empty when only the given paths are followed. */
      followPattern: string;
      /** 1: as recorded; 10: ten times faster; 0: as fast as it goes. */
      replaySpeed: number;
      /** Expression in tcpdump's language: what it refuses is counted as `filteredOut`; empty: none. */
      filter: string;
    };

/** What a payload type means: from RFC 3551, or from configuration. */
export interface PayloadTypeOptions {
  /** 0..127 */
  payloadType: number;
  /** Encoding name as in SDP; `red`, `PCMU` and `PCMA` tell how the payload is read. */
  name: string;
  /** RTP clock rate in Hz. */
  clockRate: number;
  kind: 'audio' | 'video' | 'comfort-noise' | 'telephone-event';
  source: 'static' | 'config';
}

/** Which packets are copies of the mirror port, to be measured once. */
export interface SpanCopyOptions {
  mode: 'off' | 'auto' | 'strict' | 'all';
  /** Most time between a packet and its copy, in ms. */
  windowMs: number;
}

/** Complete: the engine has no defaults of its own. */
export interface EngineOptions {
  source: SourceOptions;
  /** Threads that measure, 1..256, for files 1..4, which all read. */
  workers: number;
  /** CPUs that the workers run on, in turn; empty for any. */
  cpus: number[];
  /** What a live worker does that cannot keep up: measure a part of the streams, or let the kernel drop packets. */
  overload: 'shed' | 'drop';
  /** Window width in ms of packet time, aligned to the Unix epoch; 100..86400000. */
  windowMs: number;
  /** A stream ends after this much packet time without a packet, in ms. */
  idleTimeoutMs: number;
  /** Most streams that each worker holds at once; above it the least active are ended early. */
  maxStreams: number;
  /** Datagrams under reassembly at once. */
  fragmentDatagrams: number;
  /** Packet time after which an incomplete datagram is given up, in ms. */
  fragmentTimeoutMs: number;
  /** Sealed blocks that may wait to be taken. */
  queueBlocks: number;
  /** Emulated jitter buffers, 1 to 3, at most one of them adaptive. */
  playoutProfiles: { adaptive: boolean; delayMs: number; maxMs: number }[];
  /** Whose discards are bad packets: index into `playoutProfiles`. */
  playoutUsedByQuality: number;
  /** Good packets that end a burst, 1..255 (RFC 3611 4.7.2). */
  gmin: number;
  /** Burst and gap metrics by RFC 3611 A.2 instead of 4.7.2. */
  burstGapA2: boolean;
  /** Measure the level of G.711 payloads. */
  speechLevel: boolean;
  /** Id of the header extension with transmission offsets (RFC 5450); 0: none. */
  transmissionOffsetId: number;
  /** A longer pause is a stall, in ms. */
  stallMs: number;
  spanCopies: SpanCopyOptions;
  payloadTypes: PayloadTypeOptions[];
}

/** Of one worker; totals since start. */
export interface WorkerStats {
  /** Totals in the order of `counters` (counters.gen.ts). */
  counters: Float64Array;
  /** CPU time that its thread has used, s. */
  cpuSeconds: number;
}

/**
 * `capturing`: the interface is up; `noCarrier`: without a cable, or with nothing at its other end; `down`;
 * `gone`: no interface has the name. In the last three nothing can be captured until it is back.
 */
export type CaptureState = 'file' | 'capturing' | 'noCarrier' | 'down' | 'gone';

/** By which way of the kernel packets come: AF_PACKET, or AF_XDP behind the driver, in it, or in it without copying. */
export type CaptureMethod = 'file' | 'packet' | 'xdp-generic' | 'xdp-native' | 'xdp-zero-copy';

/** Of one network interface, all workers together; totals since start, named as the counters (counters.gen.ts). */
export interface InterfaceStats {
  state: CaptureState;
  method: CaptureMethod;
  kernelPackets: number;
  kernelDrops: number;
  kernelFreezes: number;
  nicMissed: number;
  nicDropped: number;
  nicErrors: number;
  hardwareTimes: number;
  kernelTimes: number;
  readerTimes: number;
  timeSwitches: number;
  captureOutages: number;
  captureOutageMs: number;
}

/** What `stats()` tells; totals since start. */
export interface EngineStats {
  /** Totals of all workers in the order of `counters` (counters.gen.ts). */
  counters: Float64Array;
  /** Sealed blocks waiting to be taken. */
  queueDepth: number;
  /** CPU time that all threads of the engine have used since the start, s. */
  cpuSeconds: number;
  /** Of each worker. */
  workers: WorkerStats[];
  /** Bytes read and known so far; 0 for an interface. */
  bytesRead: number;
  bytesTotal: number;
  /** Native memory of the stream table, bytes. */
  tableBytes: number;
  /** How a live capture is, that of the worst interface; `file` when it is none. */
  captureState: CaptureState;
  /** Of each interface, in the order of the options; empty for files, and before the first packets or second. */
  interfaces: InterfaceStats[];
  captureMethod: CaptureMethod;
  /** True when the source has ended and every block has been queued. */
  ended: boolean;
  /** What stopped a worker, and with it the engine; null while it runs well. */
  error: { code: string; message: string } | null;
  /** Sentences about what was wrong with the input, for people. */
  problems: string[];
}

export interface Engine {
  /** Opens the source and starts the workers; throws an error with a `code` at once. */
  start(): void;
  /** The oldest sealed block, or null; never waits. */
  take(): ArrayBuffer | null;
  /** Gives the block's memory back; the buffer is detached. */
  release(block: ArrayBuffer): void;
  stats(): EngineStats;
  /** Seals what is open, joins the workers; may be called twice. Blocks sealed by it can still be taken. */
  stop(): void;
}

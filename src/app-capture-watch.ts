// Tells in the log how packets are captured, when a network interface goes, when it is back, and whose time
// the packets carry.
import type { CaptureMethod, CaptureState, InterfaceStats } from './native/engine.js';
import type { Log } from './ops/logger.js';
import { TIME_GIVERS } from './summary/build-interfaces.js';

const WORDS = {
  noCarrier: 'has no carrier',
  down: 'is down',
  gone: 'is gone',
} as const;

const METHODS: Record<Exclude<CaptureMethod, 'file'>, string> = {
  packet: 'a packet socket',
  'xdp-generic': 'AF_XDP in generic mode',
  'xdp-native': 'AF_XDP in native mode; packets are copied',
  'xdp-zero-copy': 'AF_XDP in native mode, zero-copy',
};

type Giver = keyof typeof TIME_GIVERS;

const GIVERS: Record<Giver, string> = {
  readerTimes: 'the probe, given when it read them',
  kernelTimes: 'the kernel',
  hardwareTimes: 'the network card',
};

type Trouble = keyof typeof WORDS;

const isTrouble = (state: CaptureState): state is Trouble => state in WORDS;

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

export class CaptureWatch {
  #state: CaptureState = 'capturing';
  #outages = 0;
  #outageMs = 0;
  #times: Record<Giver, number> = { readerTimes: 0, kernelTimes: 0, hardwareTimes: 0 };
  #giver: Giver | null = null;
  #method: CaptureMethod = 'file';

  constructor(
    private readonly name: string,
    private readonly logger: Pick<Log['logger'], 'info' | 'warn'>,
  ) {}

  /** Logs what is new; gives words for the front of a status line, empty while all is well. */
  look(stats: InterfaceStats): string {
    const { state } = stats;
    if (state === 'file') return '';
    this.#tellMethod(stats.method);
    this.#tellState(state, stats);
    this.#tellTimestamps(stats);
    return isTrouble(state) ? `${this.name} ${WORDS[state]}; ` : '';
  }

  #tellMethod(method: CaptureMethod): void {
    if (method === this.#method || method === 'file') return;
    this.#method = method;
    this.logger.info({ method }, `network interface ${this.name} is captured by ${METHODS[method]}`);
  }

  #tellState(state: CaptureState, { captureOutages, captureOutageMs }: InterfaceStats): void {
    const what = `network interface ${this.name}`;
    if (isTrouble(state)) {
      if (state !== this.#state)
        this.logger.warn({ state }, `${what} ${WORDS[state]}; nothing is captured until it is back`);
    } else if (captureOutages > this.#outages || isTrouble(this.#state)) {
      const ms = captureOutageMs - this.#outageMs;
      this.logger.warn({ state, ms }, `${what} is back; nothing was captured for ${seconds(ms)}`);
    }
    this.#state = state;
    if (isTrouble(state)) return;
    this.#outages = captureOutages;
    this.#outageMs = captureOutageMs;
  }

  #tellTimestamps(stats: InterfaceStats): void {
    // Of several, the one that is worst.
    const now = (Object.keys(GIVERS) as Giver[]).find((name) => stats[name] > this.#times[name]);
    const { readerTimes, kernelTimes, hardwareTimes } = stats;
    this.#times = { readerTimes, kernelTimes, hardwareTimes };
    if (now === undefined || now === this.#giver) return;
    this.#giver = now;
    this.logger.info(
      { timestamps: TIME_GIVERS[now], interface: this.name },
      `packets of network interface ${this.name} carry the time stamps of ${GIVERS[now]}`,
    );
  }
}

// Tells in the log when a network interface goes, when it is back, and whose time the packets carry.
import type { CaptureState, InterfaceStats } from './native/engine.js';
import type { Log } from './ops/logger.js';

const WORDS = {
  noCarrier: 'has no carrier',
  down: 'is down',
  gone: 'is gone',
} as const;

type Trouble = keyof typeof WORDS;

const isTrouble = (state: CaptureState): state is Trouble => state in WORDS;

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

export class CaptureWatch {
  #state: CaptureState = 'capturing';
  #outages = 0;
  #outageMs = 0;
  #hardware = 0;
  #kernel = 0;
  #timestamps: 'hardware' | 'kernel' | null = null;

  constructor(
    private readonly name: string,
    private readonly logger: Pick<Log['logger'], 'info' | 'warn'>,
  ) {}

  /** Logs what is new; gives words for the front of a status line, empty while all is well. */
  look(stats: InterfaceStats): string {
    const { state } = stats;
    if (state === 'file') return '';
    this.#tellState(state, stats);
    this.#tellTimestamps(stats);
    return isTrouble(state) ? `${this.name} ${WORDS[state]}; ` : '';
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

  #tellTimestamps({ hardwareTimes, kernelTimes }: InterfaceStats): void {
    const hardware = hardwareTimes - this.#hardware;
    const kernel = kernelTimes - this.#kernel;
    this.#hardware = hardwareTimes;
    this.#kernel = kernelTimes;
    if (hardware + kernel === 0) return;
    const now = kernel > 0 ? 'kernel' : 'hardware';
    if (now === this.#timestamps) return;
    this.#timestamps = now;
    const giver = now === 'kernel' ? 'the kernel' : 'the network card';
    this.logger.info(
      { timestamps: now, interface: this.name },
      `packets of network interface ${this.name} carry the time stamps of ${giver}`,
    );
  }
}

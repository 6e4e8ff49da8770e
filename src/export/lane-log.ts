// The log lines of a lane, thinned out: a collector that is down for an hour
// is worth a line now and then, not one per attempt.
import type { Clock } from '../ops/clock.js';
import type { RtpsondeError } from '../ops/errors.js';
import type { ExportLogger } from './dependencies.js';
import type { DiscardReason } from './pending-store.js';

const DISCARDED: Readonly<Record<DiscardReason, string>> = {
  full: 'the spool is full, the oldest gave way',
  old: 'they had waited in the spool longer than spool.maxAgeHours',
  damaged: 'the spool could not read them back',
};

/** Lets one line through per period and adds up what it held back. */
class Throttle {
  readonly #clock: Clock;
  readonly #periodMs: number;
  #lastMs: number | null = null;
  #held = 0;

  constructor(clock: Clock, periodMs: number) {
    this.#clock = clock;
    this.#periodMs = periodMs;
  }

  /** The sum since the last line when a line is due now, else null. */
  add(amount: number): number | null {
    this.#held += amount;
    const nowMs = Number(this.#clock.monotonicNs() / 1_000_000n);
    if (this.#lastMs !== null && nowMs - this.#lastMs < this.#periodMs) return null;
    this.#lastMs = nowMs;
    return this.takeRest();
  }

  /** What was held back since the last line. */
  takeRest(): number {
    const sum = this.#held;
    this.#held = 0;
    return sum;
  }
}

export class LaneLog {
  readonly #name: string;
  readonly #clock: Clock;
  readonly #logger: ExportLogger;
  readonly #queueFull: Throttle;
  readonly #failures: Throttle;
  readonly #rejected: Throttle;
  readonly #discards: Record<DiscardReason, Throttle>;
  #failingSinceMs: number | null = null;

  /** @param periodMs at most one line of a kind in this time */
  constructor(name: string, clock: Clock, logger: ExportLogger, periodMs: number) {
    this.#name = name;
    this.#clock = clock;
    this.#logger = logger;
    this.#queueFull = new Throttle(clock, periodMs);
    this.#failures = new Throttle(clock, periodMs);
    this.#rejected = new Throttle(clock, periodMs);
    this.#discards = {
      full: new Throttle(clock, periodMs),
      old: new Throttle(clock, periodMs),
      damaged: new Throttle(clock, periodMs),
    };
  }

  queueFull(dropped: number): void {
    const sum = this.#queueFull.add(dropped);
    if (sum !== null) this.#warnQueueFull(sum);
  }

  failed(error: RtpsondeError, retryInMs: number, queued: number): void {
    this.#failingSinceMs ??= this.#clock.now();
    const attempts = this.#failures.add(1);
    if (attempts === null) return;
    const fields = {
      exporter: this.#name,
      code: error.code,
      attempts,
      queued,
      retryInMs: Math.round(retryInMs),
    };
    this.#logger.warn(fields, `export ${this.#name}: ${error.message}; trying again`);
  }

  /** Records gave way in the spool. */
  discarded(records: number, why: DiscardReason): void {
    const sum = this.#discards[why].add(records);
    if (sum !== null) this.#warnDiscarded(sum, why);
  }

  /** @param isKept as dead letters */
  rejected(error: RtpsondeError, records: number, isKept: boolean): void {
    const sum = this.#rejected.add(records);
    if (sum === null) return;
    const fields = { exporter: this.#name, code: error.code, dropped: sum };
    this.#logger.error(
      fields,
      `export ${this.#name}: records ${isKept ? 'set aside as dead letters' : 'dropped'}: ${error.message}`,
    );
  }

  delivered(): void {
    if (this.#failingSinceMs === null) return;
    const failedForMs = this.#clock.now() - this.#failingSinceMs;
    this.#failingSinceMs = null;
    this.#failures.takeRest();
    this.#logger.info({ exporter: this.#name, failedForMs }, `export ${this.#name}: delivering again`);
  }

  /** @param kept records that wait in the spool for the next start */
  closed(lost: number, kept: number): void {
    for (const why of ['full', 'old', 'damaged'] as const) {
      const rest = this.#discards[why].takeRest();
      if (rest > 0) this.#warnDiscarded(rest, why);
    }
    if (kept > 0)
      this.#logger.info(
        { exporter: this.#name, records: kept },
        `export ${this.#name}: ${kept} records stay in the spool and are delivered after the next start`,
      );
    const full = this.#queueFull.takeRest();
    if (full > 0) this.#warnQueueFull(full);
    const rejected = this.#rejected.takeRest();
    if (rejected > 0) {
      this.#logger.error(
        { exporter: this.#name, dropped: rejected },
        `export ${this.#name}: more records dropped, refused by the collector`,
      );
    }
    if (lost > 0) {
      this.#logger.error(
        { exporter: this.#name, dropped: lost },
        `export ${this.#name}: records dropped, not delivered in the time to stop`,
      );
    }
  }

  closeFailed(error: RtpsondeError): void {
    const fields = { exporter: this.#name, code: error.code };
    this.#logger.error(fields, `export ${this.#name}: at the end: ${error.message}`);
  }

  #warnDiscarded(dropped: number, why: DiscardReason): void {
    const fields = { exporter: this.#name, code: 'ERR_SPOOL', dropped };
    this.#logger.warn(fields, `export ${this.#name}: ${dropped} records discarded: ${DISCARDED[why]}`);
  }

  #warnQueueFull(dropped: number): void {
    this.#logger.warn(
      { exporter: this.#name, code: 'ERR_EXPORT_QUEUE_FULL', dropped },
      `export ${this.#name}: queue full, oldest records dropped`,
    );
  }
}

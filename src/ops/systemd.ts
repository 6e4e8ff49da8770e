// Talks to systemd: readiness, status, reload and watchdog, by sd_notify(3).
// The datagram itself goes out through a function from outside, because Node
// has no AF_UNIX datagram socket; without NOTIFY_SOCKET all of it does nothing.
import { type Clock, systemClock, type Timer } from './clock.js';

/** Socket that systemd listens on: a path, or `@name` for an abstract one; null outside of systemd. */
export function notifySocket(environment: NodeJS.ProcessEnv = process.env): string | null {
  const path = environment.NOTIFY_SOCKET ?? '';
  return path.startsWith('/') || path.startsWith('@') ? path : null;
}

/**
 * Period in ms that the watchdog wants to be fed in: half of WATCHDOG_USEC, as
 * sd_watchdog_enabled(3) advises. Null when there is none, or when it is meant
 * for another process (WATCHDOG_PID).
 */
export function watchdogPeriodMs(
  environment: NodeJS.ProcessEnv = process.env,
  pid: number = process.pid,
): number | null {
  const usec = Number(environment.WATCHDOG_USEC ?? '');
  if (!Number.isSafeInteger(usec) || usec <= 0) return null;
  const meant = environment.WATCHDOG_PID ?? '';
  if (meant !== '' && Number(meant) !== pid) return null;
  return Math.max(1, Math.floor(usec / 2000));
}

export interface SystemdOptions {
  /** Sends one state string to `notifySocket()`; may throw. */
  sendNotify: (state: string) => void;
  environment?: NodeJS.ProcessEnv;
  pid?: number;
  clock?: Clock;
  /** Told of the first message that could not be sent; later ones are silent. */
  onError?: (error: unknown) => void;
}

export class Systemd {
  readonly #send: (state: string) => void;
  readonly #active: boolean;
  readonly #periodMs: number | null;
  readonly #clock: Clock;
  readonly #onError: (error: unknown) => void;
  #failed = false;
  #watchdog: Timer | undefined;

  constructor({ sendNotify, environment, pid, clock = systemClock, onError = () => {} }: SystemdOptions) {
    this.#send = sendNotify;
    this.#active = notifySocket(environment) !== null;
    this.#periodMs = watchdogPeriodMs(environment, pid);
    this.#clock = clock;
    this.#onError = onError;
  }

  /** Start-up or a reload is complete. */
  ready(status?: string): void {
    this.#notify('READY=1', status);
  }

  /** One line for `systemctl status`. */
  status(text: string): void {
    this.#notify(undefined, text);
  }

  /** A reload begins; `ready()` ends it. */
  reloading(): void {
    this.#notify(`RELOADING=1\nMONOTONIC_USEC=${this.#clock.monotonicNs() / 1000n}`);
  }

  /** The daemon begins to stop. The watchdog is fed until `close()`, since flushing may take a while. */
  stopping(status?: string): void {
    this.#notify('STOPPING=1', status);
  }

  /**
   * Feeds the watchdog at half its period, only while `healthy()` says that the
   * engine is well; when it stops saying so, systemd restarts the service.
   * `onChange` hears each change, for the log.
   */
  startWatchdog(healthy: () => boolean, onChange: (well: boolean) => void = () => {}): void {
    if (!this.#active || this.#periodMs === null || this.#watchdog !== undefined) return;
    let before = true;
    const feed = () => {
      const well = isWell(healthy);
      if (well) this.#notify('WATCHDOG=1');
      if (well !== before) onChange(well);
      before = well;
    };
    feed();
    this.#watchdog = this.#clock.setInterval(feed, this.#periodMs).unref();
  }

  /** Stops feeding the watchdog; may be called twice. */
  close(): void {
    this.#watchdog?.cancel();
    this.#watchdog = undefined;
  }

  #notify(state: string | undefined, status?: string): void {
    if (!this.#active) return;
    // Each line is an assignment, so a line feed inside the status would be a state of its own.
    const line = status === undefined ? undefined : `STATUS=${status.replaceAll(/\p{Cc}+/gu, ' ')}`;
    try {
      this.#send([state, line].filter((part) => part !== undefined).join('\n'));
    } catch (error) {
      if (!this.#failed) this.#onError(error);
      this.#failed = true;
    }
  }
}

function isWell(healthy: () => boolean): boolean {
  try {
    return healthy();
  } catch {
    return false;
  }
}

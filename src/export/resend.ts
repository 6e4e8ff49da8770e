// What was written to a TCP connection lately. HEP and syslog acknowledge nothing: when
// the connection breaks, nobody knows how much of this the collector had read, so it
// is written again on the next one.

interface Written {
  bytes: Buffer;
  atMs: number;
}

/** More than this is not kept, however young: send and receive buffers of the kernels hold no more. */
const MAX_BYTES = 4 * 1024 * 1024;

export class RecentWrites {
  readonly #keepMs: number;
  #written: Written[] = [];
  #bytes = 0;
  /** Whether the connection that they went over has broken. */
  #isLost = false;

  /** @param keepMs how long a collector may take to read what was written; 0 keeps nothing */
  constructor(keepMs: number) {
    this.#keepMs = keepMs;
  }

  add(bytes: Buffer, nowMs: number): void {
    if (this.#keepMs === 0) return;
    this.#written.push({ bytes, atMs: nowMs });
    this.#bytes += bytes.length;
    this.#forgetBefore(nowMs - this.#keepMs);
  }

  /** The connection broke at `nowMs`. */
  lost(nowMs: number): void {
    if (!this.#isLost) this.#forgetBefore(nowMs - this.#keepMs);
    this.#isLost = true;
  }

  /** What is to be written again, oldest first; empty while the connection stands. */
  toRepeat(): Buffer[] {
    return this.#isLost ? this.#written.map(({ bytes }) => bytes) : [];
  }

  /** All of that was written, at `nowMs`, to a connection that stands. */
  repeated(nowMs: number): void {
    this.#isLost = false;
    for (const written of this.#written) written.atMs = nowMs;
  }

  #forgetBefore(ms: number): void {
    let count = 0;
    for (const { bytes, atMs } of this.#written) {
      if (atMs >= ms && this.#bytes <= MAX_BYTES) break;
      this.#bytes -= bytes.length;
      count++;
    }
    this.#written.splice(0, count);
  }
}

// Packet by packet, what a receiver of one stream saw since it began: what
// extended reports tell in more detail than report blocks do. Its de-jitter
// buffer is a fixed one of 40 ms.

/** Nominal delay of the de-jitter buffer, ms; what comes later than that, or earlier by as much, is discarded. */
export const bufferMs = 40;

/** State of a packet, as a character of a pattern. */
export const packetState = { lost: 0, received: 1, late: 2, early: 3 } as const;

export interface Receipt {
  /** Local time of the first arrival, ns. */
  localNs: number;
  timestamp: number;
  octets: number;
}

export class ReceptionTrace {
  /** Sequence number (with cycles) of the first packet. */
  base = 0;
  /** Local time at which the source became valid, ns. */
  beginNs = 0;
  payloadType = 0;
  /** Relative delay of every packet in ms against the first one, in order of arrival, since the last report. */
  delaysMs: number[] = [];
  /** Steps of the relative transit time in ticks, without sign, since the last report. */
  steps: number[] = [];
  readonly receipts = new Map<number, Receipt>();

  private states = new Uint8Array(1024);
  private copies = new Uint8Array(1024);
  private transit: number | null = null;
  private reference = 0;

  constructor(
    readonly clockRate: number,
    readonly ptimeMs: number,
  ) {}

  /** The source begins, or begins anew, with sequence number `base`. */
  begin(base: number, localNs: number): void {
    this.base = base;
    this.beginNs = localNs;
    this.states.fill(0);
    this.copies.fill(0);
    this.receipts.clear();
    this.delaysMs = [];
    this.steps = [];
    this.transit = null;
  }

  arrive(extended: number, timestamp: number, localNs: number, payloadType: number, octets: number): void {
    const at = extended - this.base;
    if (at < 0) return;
    if (at >= this.states.length) this.grow(at);
    const transit = (localNs * this.clockRate) / 1e9 - (timestamp >>> 0);
    if (this.transit === null) this.reference = transit;
    else this.steps.push(Math.abs(signed32(transit - this.transit)));
    this.transit = transit;
    if (this.states[at] !== packetState.lost) {
      this.copies[at] = this.copies[at]! + 1;
      return;
    }
    this.payloadType = payloadType;
    this.receipts.set(extended, { localNs, timestamp, octets });
    const delayMs = (signed32(transit - this.reference) * 1000) / this.clockRate;
    this.delaysMs.push(delayMs);
    const isKept = Math.abs(delayMs) <= bufferMs;
    const discarded = delayMs > 0 ? packetState.late : packetState.early;
    this.states[at] = isKept ? packetState.received : discarded;
  }

  /** States of the packets from `begin` up to but not including `end`. */
  pattern(begin: number, end: number): Uint8Array {
    const pattern = new Uint8Array(Math.max(0, end - begin));
    pattern.set(this.states.subarray(begin - this.base, end - this.base));
    return pattern;
  }

  /** Copies of each of those packets beyond the first. */
  copiesOf(begin: number, end: number): Uint8Array {
    const counts = new Uint8Array(Math.max(0, end - begin));
    counts.set(this.copies.subarray(begin - this.base, end - this.base));
    return counts;
  }

  /** A report is made: what counts from one report to the next begins anew. */
  endInterval(): void {
    this.receipts.clear();
    this.delaysMs = [];
    this.steps = [];
  }

  private grow(at: number): void {
    const size = Math.max(2 * this.states.length, at + 1);
    for (const column of ['states', 'copies'] as const) {
      const wider = new Uint8Array(size);
      wider.set(this[column]);
      this[column] = wider;
    }
  }
}

function signed32(value: number): number {
  return value - 2 ** 32 * Math.round(value / 2 ** 32);
}

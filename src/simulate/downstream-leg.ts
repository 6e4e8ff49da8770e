// The way of one stream from the tap to its receiver: delay, jitter, losses and
// copies of their own, and what waits to arrive.
import { DelayProcess } from './delay.js';
import { LossProcess, lossModel } from './loss.js';
import type { StreamPlan } from './plan.js';
import { Prng } from './prng.js';

/** Told of each packet that arrives. */
export type OnArrival = (
  arrivalNs: number,
  ordinal: number,
  sequence: number,
  timestamp: number,
  payloadType: number,
  octets: number,
) => void;

/** A copy comes this long after its original. */
const copyNs = 10_000;

// Columns of a packet that waits, behind each other in one row.
const ARRIVAL_NS = 0;
/** Number in the order of sending. */
const ORDINAL = 1;
const SEQUENCE = 2;
const TIMESTAMP = 3;
const PAYLOAD_TYPE = 4;
const OCTETS = 5;
const rowLength = 6;

export class DownstreamLeg {
  private readonly prng: Prng;
  private readonly loss: LossProcess;
  private readonly delay: DelayProcess;
  /** Rows in order of arrival, from `first` up to `end`; those before have been taken. */
  private rows = new Float64Array(64 * rowLength);
  private first = 0;
  private end = 0;
  private lastArrivalNs = 0;

  constructor(
    private readonly plan: StreamPlan,
    seed: number,
  ) {
    const { media } = plan;
    this.prng = new Prng(seed);
    this.loss = new LossProcess(lossModel(media.downstreamLossRatio, media.downstreamMeanLossRun), this.prng);
    const way = { jitterMs: media.downstreamJitterMs, jitterShape: media.jitterShape, delaySteps: [] };
    this.delay = new DelayProcess(plan.legAfterMs, way, plan.startNs, this.prng);
  }

  /**
   * A packet leaves the tap at `tapNs`.
   * @param ordinal its number in the order of sending
   */
  send(
    tapNs: number,
    ordinal: number,
    sequence: number,
    timestamp: number,
    payloadType: number,
    octets: number,
  ): void {
    const { media } = this.plan;
    const isLost = this.loss.next();
    let arrivalNs = tapNs + this.delay.next(tapNs);
    if (!media.jitterReorders && arrivalNs < this.lastArrivalNs) arrivalNs = this.lastArrivalNs;
    this.lastArrivalNs = arrivalNs;
    if (isLost) return;
    this.insert(arrivalNs, ordinal, sequence, timestamp, payloadType, octets);
    if (media.downstreamDuplicateRatio > 0 && this.prng.uniform() < media.downstreamDuplicateRatio) {
      this.insert(arrivalNs + copyNs, ordinal, sequence, timestamp, payloadType, octets);
    }
  }

  /** Calls `visit` for all that arrive up to and including `untilNs`, in order. */
  take(untilNs: number, visit: OnArrival): void {
    const { rows } = this;
    for (; this.first < this.end; this.first += rowLength) {
      const at = this.first;
      if (rows[at + ARRIVAL_NS]! > untilNs) break;
      visit(
        rows[at + ARRIVAL_NS]!,
        rows[at + ORDINAL]!,
        rows[at + SEQUENCE]!,
        rows[at + TIMESTAMP]!,
        rows[at + PAYLOAD_TYPE]!,
        rows[at + OCTETS]!,
      );
    }
  }

  private insert(
    arrivalNs: number,
    ordinal: number,
    sequence: number,
    timestamp: number,
    payloadType: number,
    octets: number,
  ): void {
    if (this.end === this.rows.length) this.makeRoom();
    const { rows } = this;
    let at = this.end;
    while (at > this.first && rows[at - rowLength + ARRIVAL_NS]! > arrivalNs) at -= rowLength;
    if (at < this.end) rows.copyWithin(at + rowLength, at, this.end);
    this.end += rowLength;
    rows[at + ARRIVAL_NS] = arrivalNs;
    rows[at + ORDINAL] = ordinal;
    rows[at + SEQUENCE] = sequence;
    rows[at + TIMESTAMP] = timestamp;
    rows[at + PAYLOAD_TYPE] = payloadType;
    rows[at + OCTETS] = octets;
  }

  /** Moves what waits to the front, into wider rows when it fills more than half. */
  private makeRoom(): void {
    const waiting = this.rows.subarray(this.first, this.end);
    if (2 * waiting.length > this.rows.length) {
      const wider = new Float64Array(2 * this.rows.length);
      wider.set(waiting);
      this.rows = wider;
    } else {
      this.rows.copyWithin(0, this.first, this.end);
    }
    this.end = waiting.length;
    this.first = 0;
  }
}

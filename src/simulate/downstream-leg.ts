// The way of one stream from the tap to its receiver: delay, jitter, losses and
// copies of their own, and what waits to arrive.
import { DelayProcess } from './delay.js';
import { LossProcess, lossModel } from './loss.js';
import type { StreamPlan } from './plan.js';
import { Prng } from './prng.js';

export interface Arrival {
  /** When it comes to the receiver, ns since the start of the capture. */
  arrivalNs: number;
  /** Number in the order of sending. */
  ordinal: number;
  sequence: number;
  timestamp: number;
  payloadType: number;
  octets: number;
}

/** A copy comes this long after its original. */
const copyNs = 10_000;

export class DownstreamLeg {
  private readonly prng: Prng;
  private readonly loss: LossProcess;
  private readonly delay: DelayProcess;
  /** In order of arrival; those before `next` have been taken. */
  private waiting: Arrival[] = [];
  private next = 0;
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

  /** A packet leaves the tap at `tapNs`. */
  send(tapNs: number, packet: Omit<Arrival, 'arrivalNs'>): void {
    const { media } = this.plan;
    const isLost = this.loss.next();
    let arrivalNs = tapNs + this.delay.next(tapNs);
    if (!media.jitterReorders && arrivalNs < this.lastArrivalNs) arrivalNs = this.lastArrivalNs;
    this.lastArrivalNs = arrivalNs;
    if (isLost) return;
    this.insert({ ...packet, arrivalNs });
    if (media.downstreamDuplicateRatio > 0 && this.prng.uniform() < media.downstreamDuplicateRatio) {
      this.insert({ ...packet, arrivalNs: arrivalNs + copyNs });
    }
  }

  /** Calls `visit` for all that arrive up to and including `untilNs`, in order. */
  take(untilNs: number, visit: (arrival: Arrival) => void): void {
    const { waiting } = this;
    while (this.next < waiting.length && waiting[this.next]!.arrivalNs <= untilNs) {
      visit(waiting[this.next]!);
      this.next += 1;
    }
    if (this.next > 64 && 2 * this.next > waiting.length) {
      this.waiting = waiting.slice(this.next);
      this.next = 0;
    }
  }

  private insert(arrival: Arrival): void {
    const { waiting } = this;
    let at = waiting.length;
    while (at > this.next && waiting[at - 1]!.arrivalNs > arrival.arrivalNs) at -= 1;
    waiting.splice(at, 0, arrival);
  }
}

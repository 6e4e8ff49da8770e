// The way of RTCP datagrams in one direction: upstream to the tap, then
// downstream to the other end.
import { DelayProcess } from './delay.js';
import type { Path } from './endpoints.js';
import type { EventHeap } from './event-heap.js';
import { udpFrame } from './frames.js';
import { LossProcess, lossModel } from './loss.js';
import type { StreamPlan } from './plan.js';
import type { Prng } from './prng.js';

/** Puts a frame that passes the tap into the capture; false when the tap misses it. */
export type EmitFrame = (atNs: number, frame: Uint8Array, path: Path) => boolean;

/** When a datagram was where, ns. */
export interface Passage {
  sendNs: number;
  tapNs: number;
  arrivalNs: number;
  /** Whether it is in the capture. */
  isCaptured: boolean;
}

export class RtcpLink {
  private readonly before: DelayProcess;
  private readonly after: DelayProcess;
  private readonly lossBefore: LossProcess;
  private readonly lossAfter: LossProcess;
  private datagrams = 0;

  /**
   * @param plan of a stream that goes the same way
   * @param path with the RTCP ports
   */
  constructor(
    plan: Pick<StreamPlan, 'media' | 'loss' | 'startNs'>,
    beforeMs: number,
    afterMs: number,
    private readonly path: Path,
    private readonly events: EventHeap,
    private readonly emit: EmitFrame,
    prng: Prng,
  ) {
    const { media, loss, startNs } = plan;
    const { jitterShape } = media;
    const still = { jitterShape, jitterMs: 0, delaySteps: [] };
    const { rtcpImpaired } = media;
    const behind = { ...still, jitterMs: media.downstreamJitterMs };
    this.before = new DelayProcess(beforeMs, rtcpImpaired ? media : still, startNs, prng);
    this.after = new DelayProcess(afterMs, rtcpImpaired ? behind : still, startNs, prng);
    // Reports are too far apart to share a burst.
    const ratio = loss.p === 0 ? 0 : loss.p / (loss.p + loss.q);
    this.lossBefore = new LossProcess(lossModel(rtcpImpaired ? ratio : 0, null), prng);
    const ratioBehind = rtcpImpaired ? media.downstreamLossRatio : 0;
    this.lossAfter = new LossProcess(lossModel(ratioBehind, null), prng);
  }

  /** Sends a datagram at `sendNs`; tells when it passes the tap and when it arrives, if it does. */
  send(
    sendNs: number,
    datagram: Uint8Array,
    onTap: (passage: Passage) => void,
    onArrival: (passage: Passage) => void,
  ): void {
    const identification = this.datagrams;
    this.datagrams += 1;
    const tapNs = sendNs + this.before.next(sendNs);
    const arrivalNs = tapNs + this.after.next(tapNs);
    const isLostBefore = this.lossBefore.next();
    const isLostAfter = this.lossAfter.next();
    if (isLostBefore) return;
    this.events.add(tapNs, () => {
      const isCaptured = this.emit(tapNs, udpFrame(this.path, datagram, identification), this.path);
      const passage = { sendNs, tapNs, arrivalNs, isCaptured };
      onTap(passage);
      if (!isLostAfter) this.events.add(arrivalNs, () => onArrival(passage));
    });
  }
}

// Packets of one stream that wait until others have passed: reordered ones and
// copies. They keep their slot in the queue but are not filed yet.
import type { PacketQueue } from './packet-queue.js';

/** Packets released together arrive this far apart, and far less than two sent ones. */
const spacingNs = 2000;

export class HeldPackets {
  private readonly slots: number[] = [];
  private readonly remaining: number[] = [];
  private readonly notBeforeNs: number[] = [];

  /**
   * Holds the packet of `slot` until `packets` (1 or more) others have passed, be they lost or held up themselves.
   * @param notBeforeNs it arrives after this time in any case
   */
  hold(slot: number, packets: number, notBeforeNs: number): void {
    this.slots.push(slot);
    this.remaining.push(packets);
    this.notBeforeNs.push(notBeforeNs);
  }

  /** Tells that a packet arrived, or would have, at `arrivalNs`; files what has waited long enough. */
  passed(arrivalNs: number, queue: PacketQueue): void {
    let kept = 0;
    let released = 0;
    for (let i = 0; i < this.slots.length; i += 1) {
      const left = this.remaining[i]! - 1;
      if (left <= 0) {
        released += 1;
        queue.file(this.slots[i]!, Math.max(arrivalNs, this.notBeforeNs[i]!) + released * spacingNs);
      } else {
        this.slots[kept] = this.slots[i]!;
        this.remaining[kept] = left;
        this.notBeforeNs[kept] = this.notBeforeNs[i]!;
        kept += 1;
      }
    }
    this.truncate(kept);
  }

  /** Files all, at the end of the stream. */
  flush(atNs: number, queue: PacketQueue): void {
    this.remaining.fill(1);
    this.passed(atNs, queue);
  }

  private truncate(length: number): void {
    this.slots.length = length;
    this.remaining.length = length;
    this.notBeforeNs.length = length;
  }
}

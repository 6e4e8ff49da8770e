// What the mirror port delivers: frames in their tunnels, with the link layer of
// the capture, and second copies of them a moment later.
import type { Delivery } from './delivery.js';
import { type LinkKind, linkFrame } from './encapsulation/link.js';
import { wrapFrame } from './encapsulation/tunnel.js';
import type { EventHeap } from './event-heap.js';
import type { PcapWriter } from './pcap-writer.js';
import { copyFrame } from './span-copies.js';

/** Told of every second copy that is in the capture, and how long after the first it came. */
export type OnCopy = (delayNs: number) => void;

export class Tap {
  /** Second copies written. */
  spanCopies = 0;

  /** @param epochNs capture time of time 0, ns since the Unix epoch */
  constructor(
    private readonly writer: PcapWriter,
    private readonly events: EventHeap,
    private readonly link: LinkKind,
    private readonly epochNs: bigint,
  ) {}

  /** A frame passes; false when the link layer of the capture cannot show it. */
  pass(atNs: number, frame: Uint8Array, delivery?: Delivery, onCopy?: OnCopy): boolean {
    if (delivery === undefined) return this.write(atNs, frame);
    const tunnel = delivery.tunnels[delivery.packets % delivery.tunnels.length]!;
    delivery.packets += 1;
    const seen = wrapFrame(tunnel, frame, this.epochNs + BigInt(atNs));
    const isShown = this.write(atNs, seen);
    if (delivery.copies !== null) this.copy(atNs, seen, delivery, onCopy);
    return isShown;
  }

  private copy(atNs: number, frame: Uint8Array, delivery: Delivery, onCopy?: OnCopy): void {
    const copies = delivery.copies!;
    const copyNs = atNs + Math.floor(copies.prng.between(...copies.delayNs));
    this.events.add(copyNs, () => {
      this.spanCopies += 1;
      onCopy?.(this.writer.resolve(copyNs) - this.writer.resolve(atNs));
      this.write(copyNs, copyFrame(copies, frame, delivery.isReverse, this.epochNs + BigInt(copyNs)));
    });
  }

  private write(atNs: number, frame: Uint8Array): boolean {
    const shown = linkFrame(this.link, frame);
    if (shown !== null) this.writer.writeFrame(atNs, shown);
    return shown !== null;
  }
}

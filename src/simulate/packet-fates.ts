// What became of every packet that one sender sent: one octet each, so that
// losses before the tap, at the tap and behind it can be told apart for any
// stretch of the stream.

export const fate = {
  /** It passed the tap, be it seen there or not. */
  passed: 1,
  /** It is in the capture. */
  captured: 2,
  /** It came to the receiver. */
  arrived: 4,
} as const;

/** Losses of a stretch of packets, by place. */
export interface LossPlaces {
  /** Lost between the sender and the tap. */
  upstream: number;
  /** Passed the tap and are not in the capture. */
  capture: number;
  /** Lost between the tap and the receiver. */
  downstream: number;
}

export class PacketFates {
  private fates = new Uint8Array(1024);
  /** Number (in the order of sending) of the first packet of each segment. */
  private readonly starts = [0];

  /** Another segment begins with the packet of number `sent`. */
  begin(sent: number): void {
    this.starts.push(sent);
  }

  /** The number of a packet in the order of sending, from its number in its segment. */
  ordinal(segment: number, index: number): number {
    return this.starts[segment]! + index;
  }

  has(ordinal: number, bit: number): boolean {
    return ordinal < this.fates.length && (this.fates[ordinal]! & bit) !== 0;
  }

  mark(ordinal: number, bit: number): void {
    if (ordinal >= this.fates.length) {
      const wider = new Uint8Array(Math.max(2 * this.fates.length, ordinal + 1));
      wider.set(this.fates);
      this.fates = wider;
    }
    this.fates[ordinal] = this.fates[ordinal]! | bit;
  }

  /** Losses among the packets from number `from` up to but not including `to`. */
  losses(from: number, to: number): LossPlaces {
    const places: LossPlaces = { upstream: 0, capture: 0, downstream: 0 };
    for (let i = from; i < to; i += 1) {
      const bits = this.fates[i] ?? 0;
      if ((bits & fate.passed) === 0) {
        places.upstream += 1;
        continue;
      }
      if ((bits & fate.captured) === 0) places.capture += 1;
      if ((bits & fate.arrived) === 0) places.downstream += 1;
    }
    return places;
  }

  /** Lengths of the runs missing in the capture, each between two packets of one segment that are there. */
  missingRuns(sent: number): number[] {
    const runs: number[] = [];
    this.starts.forEach((start, segment) => {
      const end = this.starts[segment + 1] ?? sent;
      let last = -1;
      for (let i = start; i < end; i += 1) {
        if (!this.has(i, fate.captured)) continue;
        if (last >= 0 && i - last > 1) runs.push(i - last - 1);
        last = i;
      }
    });
    return runs;
  }
}

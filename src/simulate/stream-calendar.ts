// Which streams send in which time slice: lists of stream numbers in a ring.

const slices = 1024;
const none = -1;

export class StreamCalendar {
  private readonly heads = new Int32Array(slices).fill(none);
  private readonly next: Int32Array;
  private current = 0;

  constructor(
    streams: number,
    private readonly sliceNs: number,
  ) {
    this.next = new Int32Array(streams).fill(none);
  }

  /** Notes that the stream sends next at `sendNs`; a time beyond the ring is met early and noted again. */
  add(stream: number, sendNs: number): void {
    const wanted = Math.floor(sendNs / this.sliceNs);
    const slice = Math.min(Math.max(wanted, this.current), this.current + slices - 1) % slices;
    this.next[stream] = this.heads[slice]!;
    this.heads[slice] = stream;
  }

  /** Calls `visit` for all streams of the next slice; `visit` may add them again. */
  take(visit: (stream: number) => void): void {
    const slice = this.current % slices;
    this.current += 1;
    let stream = this.heads[slice]!;
    this.heads[slice] = none;
    while (stream !== none) {
      const next = this.next[stream]!;
      visit(stream);
      stream = next;
    }
  }
}

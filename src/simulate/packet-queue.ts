// The packets under way, by time of arrival: a calendar of time slices over one
// pool of packets in columns, so that a packet costs no allocation.

import type { HostIdentification } from './identification.js';

/** Layout of the `meta` column. */
export const metaBits = {
  /** The second octet of the RTP header: marker and payload type. */
  markerAndType: 0xff,
  marker: 0x80,
  payloadType: 0x7f,
  /** The copy of a packet that came before. */
  duplicate: 1 << 8,
  /** `packetKind`, two bits. */
  kindShift: 9,
  kindMask: 3,
  resumes: 1 << 11,
  /** The payload is the `inline` column and not arbitrary media octets. */
  inline: 1 << 12,
  segmentShift: 13,
} as const;

const slices = 1024;
const none = -1;

export class PacketQueue {
  arrivalNs = new Float64Array(0);
  /** Number of the stream in the simulation. */
  stream = new Int32Array(0);
  /** Number of the packet in its segment. */
  index = new Int32Array(0);
  timestamp = new Uint32Array(0);
  sequence = new Uint16Array(0);
  ipId = new Uint16Array(0);
  meta = new Uint32Array(0);
  octets = new Uint16Array(0);
  inline = new Uint32Array(0);
  /** Slots of the slice last taken, in order of arrival. */
  order = new Int32Array(0);
  /** Packets filed and not taken yet. */
  waiting = 0;
  /** How IPv4 identifications are given to what is filed. */
  identification: HostIdentification | 'stream' | 'zero' = 'stream';

  private next = new Int32Array(0);
  private free = none;
  private current = 0;
  private readonly heads = new Int32Array(slices).fill(none);
  private taken = new Int32Array(0);
  private counts = new Int32Array(0);

  /** @param sliceNs width of a slice */
  constructor(private readonly sliceNs: number) {}

  /** A slot for a packet, to be filled in, then filed. */
  allocate(): number {
    if (this.free === none) this.grow();
    const slot = this.free;
    this.free = this.next[slot]!;
    return slot;
  }

  /** A slot with the same packet. */
  copy(from: number): number {
    const slot = this.allocate();
    this.stream[slot] = this.stream[from]!;
    this.index[slot] = this.index[from]!;
    this.timestamp[slot] = this.timestamp[from]!;
    this.sequence[slot] = this.sequence[from]!;
    this.ipId[slot] = this.ipId[from]!;
    this.meta[slot] = this.meta[from]!;
    this.octets[slot] = this.octets[from]!;
    this.inline[slot] = this.inline[from]!;
    return slot;
  }

  /** Lets the packet arrive at `arrivalNs`, which must not be before the slice taken last. */
  file(slot: number, arrivalNs: number): void {
    this.arrivalNs[slot] = arrivalNs;
    this.link(slot);
    this.waiting += 1;
  }

  /** Puts the packets of the next slice into `order`, by arrival; returns how many. */
  take(): number {
    const slice = this.current;
    const endNs = (slice + 1) * this.sliceNs;
    let slot = this.heads[slice % slices]!;
    this.heads[slice % slices] = none;
    this.current += 1;
    let count = 0;
    while (slot !== none) {
      const next = this.next[slot]!;
      if (this.arrivalNs[slot]! >= endNs) {
        this.link(slot);
      } else {
        if (count === this.taken.length) this.taken = widen(this.taken, Math.max(1024, 2 * count));
        this.taken[count] = slot;
        count += 1;
      }
      slot = next;
    }
    this.waiting -= count;
    this.sort(count, slice * this.sliceNs);
    return count;
  }

  /** Gives the slots of the slice last taken back. */
  release(count: number): void {
    for (let i = 0; i < count; i += 1) {
      const slot = this.order[i]!;
      this.next[slot] = this.free;
      this.free = slot;
    }
  }

  private link(slot: number): void {
    // What lies beyond the calendar waits in its last slice and is looked at again there.
    const wanted = Math.floor(this.arrivalNs[slot]! / this.sliceNs);
    const slice = Math.min(wanted, this.current + slices - 1) % slices;
    this.next[slot] = this.heads[slice]!;
    this.heads[slice] = slot;
  }

  /** One counting pass over as many bins as packets, then insertion within the bins. */
  private sort(count: number, startNs: number): void {
    if (this.order.length < count) this.order = new Int32Array(this.taken.length);
    if (this.counts.length < count + 1) this.counts = new Int32Array(this.taken.length + 1);
    const { order, counts, taken, arrivalNs } = this;
    counts.fill(0, 0, count + 1);
    const scale = count / this.sliceNs;
    for (let i = 0; i < count; i += 1) {
      const bin = Math.min(count - 1, ((arrivalNs[taken[i]!]! - startNs) * scale) | 0);
      counts[bin + 1] = counts[bin + 1]! + 1;
    }
    for (let bin = 1; bin <= count; bin += 1) counts[bin] = counts[bin]! + counts[bin - 1]!;
    // From the back, as a slice lists its newest packet first.
    for (let i = count - 1; i >= 0; i -= 1) {
      const slot = taken[i]!;
      const bin = Math.min(count - 1, ((arrivalNs[slot]! - startNs) * scale) | 0);
      const at = counts[bin]!;
      counts[bin] = at + 1;
      order[at] = slot;
    }
    for (let i = 1; i < count; i += 1) {
      const slot = order[i]!;
      const time = arrivalNs[slot]!;
      let at = i;
      while (at > 0 && arrivalNs[order[at - 1]!]! > time) {
        order[at] = order[at - 1]!;
        at -= 1;
      }
      order[at] = slot;
    }
  }

  private grow(): void {
    const before = this.next.length;
    const size = Math.max(4096, 2 * before);
    this.arrivalNs = widen(this.arrivalNs, size);
    this.stream = widen(this.stream, size);
    this.index = widen(this.index, size);
    this.timestamp = widen(this.timestamp, size);
    this.sequence = widen(this.sequence, size);
    this.ipId = widen(this.ipId, size);
    this.meta = widen(this.meta, size);
    this.octets = widen(this.octets, size);
    this.inline = widen(this.inline, size);
    this.next = widen(this.next, size);
    for (let slot = size - 1; slot >= before; slot -= 1) {
      this.next[slot] = this.free;
      this.free = slot;
    }
  }
}

type Column =
  | Float64Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>;

function widen<T extends Column>(column: T, size: number): T {
  const wider = new (column.constructor as new (length: number) => T)(size);
  wider.set(column);
  return wider;
}

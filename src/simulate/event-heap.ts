// What happens now and then beside the media (RTCP, other protocols), in time
// order; events of the same time keep the order in which they were added.

interface Entry {
  timeNs: number;
  order: number;
  run: () => void;
}

export class EventHeap {
  private readonly entries: Entry[] = [];
  private added = 0;

  /** Time of the next event, Infinity when there is none. */
  nextNs = Number.POSITIVE_INFINITY;

  add(timeNs: number, run: () => void): void {
    const { entries } = this;
    const entry: Entry = { timeNs, order: this.added, run };
    this.added += 1;
    let at = entries.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(entry, entries[parent]!)) break;
      entries[at] = entries[parent]!;
      at = parent;
    }
    entries[at] = entry;
    this.nextNs = entries[0]!.timeNs;
  }

  /** Runs all events up to and including `timeNs`, those they add among them. */
  runUntil(timeNs: number): void {
    while (this.nextNs <= timeNs) this.pop().run();
  }

  clear(): void {
    this.entries.length = 0;
    this.nextNs = Number.POSITIVE_INFINITY;
  }

  private pop(): Entry {
    const { entries } = this;
    const first = entries[0]!;
    const last = entries.pop()!;
    const size = entries.length;
    if (size > 0) {
      let at = 0;
      for (;;) {
        let child = 2 * at + 1;
        if (child >= size) break;
        if (child + 1 < size && before(entries[child + 1]!, entries[child]!)) child += 1;
        if (!before(entries[child]!, last)) break;
        entries[at] = entries[child]!;
        at = child;
      }
      entries[at] = last;
    }
    this.nextNs = entries[0]?.timeNs ?? Number.POSITIVE_INFINITY;
    return first;
  }
}

function before(a: Entry, b: Entry): boolean {
  return a.timeNs < b.timeNs || (a.timeNs === b.timeNs && a.order < b.order);
}

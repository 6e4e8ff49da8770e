// Windows of streams folded into groups: streams alike in codec, DSCP, VLAN,
// interface and MOS scale. However many streams there are, groups stay few.
import type { WindowSummary } from '../../summary/schema.js';
import { Histogram } from './histogram.js';
import { distributions, RATINGS, ratingIndex, totals } from './measures.js';

/** What tells groups apart, in the order of labels. Unknown values are words, for a label cannot be absent. */
export type GroupKey = Readonly<{
  /** RTP encoding name; `unknown`. */
  codec: string;
  /** DSCP seen last, 0..63. */
  dscp: string;
  /** Outer VLAN id; `untagged`. */
  vlan: string;
  /** `none` for capture files. */
  interface: string;
  /** Scale of the MOS: NB, WB, FB; `none` without a MOS. */
  scale: string;
}>;

/** All groups beyond the bound, as one. */
const OTHER: GroupKey = {
  codec: 'other',
  dscp: 'other',
  vlan: 'other',
  interface: 'other',
  scale: 'other',
};

export class Group {
  /** In the order of `distributions`. */
  readonly histograms = distributions.map(({ bounds }) => new Histogram(bounds));
  /** In the order of `totals`. */
  readonly totals = totals.map(() => 0);
  /** Windows, in the order of `RATINGS`. */
  readonly ratings = RATINGS.map(() => 0);

  constructor(readonly key: GroupKey) {}

  add(window: WindowSummary): void {
    const { streamId } = window;
    const atMs = Date.parse(window.windowEnd);
    distributions.forEach(({ of }, i) => {
      const value = of(window);
      if (value !== null) this.histograms[i]?.add({ value, streamId, atMs });
    });
    totals.forEach(({ of }, i) => {
      this.totals[i] = (this.totals[i] ?? 0) + of(window);
    });
    const rating = ratingIndex(window);
    this.ratings[rating] = (this.ratings[rating] ?? 0) + 1;
  }
}

export class Groups {
  readonly #groups = new Map<string, Group>();
  readonly #maxGroups: number;
  readonly #onFull: () => void;
  #other: Group | null = null;
  /** Windows that were counted as `other`, since there were too many groups. */
  windowsInOther = 0;

  /**
   * @param maxGroups bound of the groups; what is beyond it is told as one group `other`
   * @param onFull called once, when it is reached for the first time
   */
  constructor(maxGroups: number, onFull: () => void) {
    this.#maxGroups = maxGroups;
    this.#onFull = onFull;
  }

  /** Counts a window, in the group that is returned. */
  add(window: WindowSummary): Group {
    const group = this.#groupOf(window);
    group.add(window);
    return group;
  }

  all(): Group[] {
    const known = [...this.#groups.values()];
    return this.#other === null ? known : [...known, this.#other];
  }

  #groupOf(window: WindowSummary): Group {
    const key = keyOf(window);
    const text = `${key.codec}\n${key.dscp}\n${key.vlan}\n${key.interface}\n${key.scale}`;
    const known = this.#groups.get(text);
    if (known !== undefined) return known;
    if (this.#groups.size >= this.#maxGroups) return this.#otherGroup();
    const group = new Group(key);
    this.#groups.set(text, group);
    return group;
  }

  #otherGroup(): Group {
    this.windowsInOther++;
    if (this.#other === null) this.#onFull();
    this.#other ??= new Group(OTHER);
    return this.#other;
  }
}

function keyOf({ codec, dscp, vlan, interface: name, mos }: WindowSummary): GroupKey {
  return {
    codec: codec ?? 'unknown',
    dscp: String(dscp),
    vlan: vlan === null ? 'untagged' : String(vlan),
    interface: name ?? 'none',
    scale: mos.scale ?? 'none',
  };
}

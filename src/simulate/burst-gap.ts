// Bursts and gaps of a pattern of packets by the definition of RFC 3611 4.7.2:
// a burst is a longest run that starts and ends with a lost or discarded packet
// and holds no Gmin received ones in a row; a lone bad packet with Gmin received
// ones on both sides belongs to the gap around it. The pattern is taken to have
// good neighbours on both ends.

export interface Stretch {
  /** Packets expected in it. */
  packets: number;
  /** Of those, lost or discarded. */
  bad: number;
}

export interface BurstsAndGaps {
  bursts: Stretch[];
  gaps: Stretch[];
}

/** @param isBad for every packet expected, whether it was lost or discarded */
export function burstsAndGaps(isBad: readonly boolean[], gmin: number): BurstsAndGaps {
  const bursts: Stretch[] = [];
  const gaps: Stretch[] = [];
  let gapStart = 0;
  let gapBad = 0;
  const endGap = (end: number): void => {
    if (end > gapStart) gaps.push({ packets: end - gapStart, bad: gapBad });
    gapBad = 0;
  };
  for (let first = isBad.indexOf(true); first >= 0; ) {
    let last = first;
    let bad = 1;
    let next = isBad.indexOf(true, first + 1);
    while (next >= 0 && next - last - 1 < gmin) {
      last = next;
      bad += 1;
      next = isBad.indexOf(true, next + 1);
    }
    if (bad === 1) {
      gapBad += 1;
    } else {
      endGap(first);
      bursts.push({ packets: last - first + 1, bad });
      gapStart = last + 1;
    }
    first = next;
  }
  endGap(isBad.length);
  return { bursts, gaps };
}

/** Sums over stretches. */
export function total(stretches: readonly Stretch[]): Stretch {
  return stretches.reduce(
    (sum, { packets, bad }) => ({ packets: sum.packets + packets, bad: sum.bad + bad }),
    { packets: 0, bad: 0 },
  );
}

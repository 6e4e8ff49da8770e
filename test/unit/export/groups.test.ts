// Windows folded into groups: by whom, into which buckets, with which bound.
import { describe, expect, it } from 'vitest';
import { Groups } from '../../../src/export/groups/groups.js';
import { distributions, RATINGS, totals } from '../../../src/export/groups/measures.js';
import type { WindowSummary } from '../../../src/summary/schema.js';
import { window } from '../cli/summaries.js';

/** A window with these fields; the rest is that of a plain stream. */
const windowWith = (fields: Partial<WindowSummary>): WindowSummary => ({ ...window(), ...fields });
const withMos = (cq: number | null, rating: WindowSummary['mos']['rating'], streamId = 'a') => {
  const base = window();
  return { ...base, streamId, mos: { ...base.mos, cq, rating, scale: 'NB' as const } };
};
const groupsOf = (max = 100, onFull = () => {}) => new Groups(max, onFull);

describe('groups', () => {
  it('hold apart codec, DSCP, VLAN, interface and scale, with words for what is unknown', () => {
    const groups = groupsOf();
    groups.add(windowWith({ codec: 'PCMA', dscp: 46, vlan: 7, interface: 'eth1' }));
    groups.add(windowWith({ codec: 'PCMA', dscp: 46, vlan: 7, interface: 'eth1' }));
    groups.add(windowWith({ codec: null, dscp: 0, vlan: null, interface: null }));
    const told = groups
      .all()
      .map(({ key, ratings }) => [
        key.codec,
        key.dscp,
        key.vlan,
        key.interface,
        ratings.reduce((sum, n) => sum + n),
      ]);
    expect(told).toEqual([
      ['PCMA', '46', '7', 'eth1', 2],
      ['unknown', '0', 'untagged', 'none', 1],
    ]);
  });

  it('count each MOS in the first bucket whose bound it does not exceed, and leave out what is unknown', () => {
    const groups = groupsOf();
    for (const cq of [1.5, 1.51, 4.34, 4.4, null]) groups.add(withMos(cq, cq === null ? null : 'bad'));
    const [group] = groups.all();
    const mos = group?.histograms[distributions.findIndex(({ otel }) => otel === 'rtp.mos.cq')];
    // Bounds 1.5, 2, 2.58, 3.1, 3.6, 4.03, 4.34 and above.
    expect(mos?.counts).toEqual([1, 1, 0, 0, 0, 0, 1, 1]);
    expect([mos?.count, mos?.sum]).toEqual([4, 1.5 + 1.51 + 4.34 + 4.4]);
    expect(group?.ratings).toEqual(RATINGS.map((rating) => ({ bad: 4, none: 1 })[rating as string] ?? 0));
  });

  it('keep the last stream of a bucket as its exemplar', () => {
    const groups = groupsOf();
    groups.add(withMos(4.1, 'good', 'first'));
    groups.add(withMos(4.2, 'good', 'second'));
    const [group] = groups.all();
    expect(group?.histograms[0]?.exemplars.filter((one) => one !== null)).toEqual([
      { value: 4.2, streamId: 'second', atMs: Date.parse(window().windowEnd) },
    ]);
  });

  it('add up packets and losses', () => {
    const groups = groupsOf();
    groups.add(windowWith({ packets: 100, expected: 110, lost: 10, recovered: 1 }));
    groups.add(windowWith({ packets: 50, expected: 51, lost: 1, recovered: 3 }));
    const [group] = groups.all();
    const told = Object.fromEntries(totals.map(({ otel }, i) => [otel, group?.totals[i]]));
    expect(told).toMatchObject({
      'rtp.packets': 150,
      'rtp.packets.expected': 161,
      'rtp.packets.lost': 11,
      'rtp.packets.recovered': 4,
    });
  });

  it('tell those beyond the bound as one, count their windows and say so once', () => {
    let told = 0;
    const groups = groupsOf(2, () => told++);
    for (const dscp of [1, 2, 3, 4, 4, 1]) groups.add(windowWith({ dscp }));
    expect(groups.all().map(({ key, ratings }) => [key.dscp, ratings.reduce((a, b) => a + b)])).toEqual([
      ['1', 2],
      ['2', 1],
      ['other', 3],
    ]);
    expect({ told, inOther: groups.windowsInOther }).toEqual({ told: 1, inOther: 3 });
  });
});

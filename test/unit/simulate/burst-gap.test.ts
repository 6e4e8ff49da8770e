import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { burstsAndGaps, total } from '../../../src/simulate/burst-gap.js';
import { density } from '../../../src/simulate/xr-facts.js';
import { chunksOf, limited, s11_4 } from '../../../src/simulate/xr-values.js';

interface Vector {
  name: string;
  pattern: string;
  gmin: number;
  normative_4_7_2: {
    bursts: { packets: number; bad: number }[];
    gaps: { packets: number }[];
    burst_density: number;
    gap_density: number;
    gap_bad: number;
  };
}

const path = new URL('../../../../shared/standards/burst_gap_vectors.json', import.meta.url);
if (!existsSync(path)) console.warn('skipped: the vectors of RFC 3611 4.7.2 are not at hand');

describe('bursts and gaps', () => {
  it.skipIf(!existsSync(path))('are those of the vectors of RFC 3611 4.7.2', () => {
    const { vectors } = JSON.parse(readFileSync(path, 'utf8')) as { vectors: Vector[] };
    expect(vectors.length).toBe(22);
    for (const { name, pattern, gmin, normative_4_7_2: wanted } of vectors) {
      const { bursts, gaps } = burstsAndGaps(
        [...pattern].map((letter) => letter !== '1'),
        gmin,
      );
      expect(
        {
          bursts,
          gaps: gaps.map(({ packets }) => ({ packets })),
          burst_density: density(bursts),
          gap_density: density(gaps),
          gap_bad: total(gaps).bad,
        },
        name,
      ).toEqual({
        bursts: wanted.bursts.map(({ packets, bad }) => ({ packets, bad })),
        gaps: wanted.gaps.map(({ packets }) => ({ packets })),
        burst_density: wanted.burst_density,
        gap_density: wanted.gap_density,
        gap_bad: wanted.gap_bad,
      });
    }
  });
});

describe('chunks of a trace', () => {
  it('are runs of 16 and more, vectors of 15 for the rest, and a null for evenness', () => {
    const bits = [...'1'.repeat(20), ...'010110000000011', ...'0'.repeat(16), '1'].map((bit) => bit === '1');
    expect(chunksOf(bits).map((chunk) => chunk.toString(2).padStart(16, '0'))).toEqual([
      '0100000000010100', // 20 ones
      '1010110000000011', // a vector
      '0000000000010000', // 16 zeros
      '1100000000000000', // a one at the end
    ]);
    expect(chunksOf([true])).toEqual([0xc000, 0]);
    expect(chunksOf(Array.from({ length: 20_000 }, () => false))).toEqual([0x3fff, 3617]);
  });
});

describe('numbers of extended reports', () => {
  it('have codes for out of range and for unavailable', () => {
    expect([limited(3.6, 16), limited(65_533, 16), limited(65_534, 16), limited(null, 16)]).toEqual([
      4, 65_533, 65_534, 65_535,
    ]);
    expect([s11_4(1.5), s11_4(-0.0625), s11_4(5000), s11_4(-5000), s11_4(null)]).toEqual([
      24, 0xffff, 0x7ffe, 0x8000, 0x7fff,
    ]);
  });
});

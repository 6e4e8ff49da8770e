import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SortKey, WorstRows, worstFirst } from '../../../src/cli/worst-rows.js';
import { stream } from './summaries.js';

const bad = stream({ streamId: 1n, lost: 10, jitterMaxMs: 3 });
const shaky = stream({ streamId: 2n, lost: 1, jitterMaxMs: 50 });
const good = stream({ streamId: 3n });
const same = stream({ streamId: 4n });
const unknown = stream({ streamId: 5n, payloadType: 120, expected: 0, jitterMaxMs: Number.NaN });

const order = (key: SortKey) =>
  [unknown, good, same, shaky, bad].sort(worstFirst(key)).map(({ id }) => Number(id.slice(-1)));

describe('the worst first', () => {
  it('by MOS, by loss and by jitter; what is unknown last, equals by id', () => {
    expect({ mos: order('mos'), loss: order('loss'), jitter: order('jitter') }).toEqual({
      mos: [1, 2, 3, 4, 5],
      loss: [1, 2, 3, 4, 5],
      jitter: [2, 1, 3, 4, 5],
    });
  });

  it('of any number are those that sorting all of them gives', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 49 }), { maxLength: 400 }),
        fc.integer({ min: 1, max: 20 }),
        (losses, limit) => {
          const all = losses.map((lost, i) => stream({ streamId: BigInt(i), lost }));
          const worst = new WorstRows(limit, worstFirst('loss'));
          for (const row of all) worst.add(row);
          const expected = [...all].sort(worstFirst('loss')).slice(0, limit);
          expect(worst.rows().map(({ streamId }) => streamId)).toEqual(
            expected.map(({ streamId }) => streamId),
          );
          expect(worst.seen).toBe(all.length);
        },
      ),
      { numRuns: 20 },
    );
  });
});

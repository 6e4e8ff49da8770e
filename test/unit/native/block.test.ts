import { describe, expect, it } from 'vitest';
import { Block } from '../../../src/native/block.js';
import { headerOffsets } from '../../../src/native/record.gen.js';
import { RtpsondeError } from '../../../src/ops/errors.js';
import { blockOf } from './blocks.js';

describe('a sealed block', () => {
  it('tells its window, its flags and its counters by name', () => {
    const block = new Block(
      blockOf({
        flags: 1 | 4,
        windowStartNs: 5n,
        windowEndNs: 7n,
        counters: { packets: 12, rtp: 9, streamsActive: 2 },
        records: [{}, {}],
      }),
    );
    const { rows, windowStartNs, windowEndNs, partial, gapBefore, last } = block;
    expect({ rows, windowStartNs, windowEndNs, partial, gapBefore, last }).toEqual({
      rows: 2,
      windowStartNs: 5n,
      windowEndNs: 7n,
      partial: true,
      gapBefore: false,
      last: true,
    });
    expect(Object.entries(block.counters).filter(([, value]) => value !== 0)).toEqual([
      ['packets', 12],
      ['rtp', 9],
      ['streamsActive', 2],
    ]);
  });

  it('reads rows in place: the view of one row moves on to the next', () => {
    const block = new Block(
      blockOf({ records: [{ ssrc: 1, srcPort: 10 }, { ssrc: 2 }, { ssrc: 0xffffffff }] }),
    );
    const first = block.record(0);
    expect([first.ssrc, first.srcPort]).toEqual([1, 10]);
    expect(block.record(2).ssrc).toBe(0xffffffff);
    expect(block.record(1)).toBe(first);
    expect(first.ssrc).toBe(2);
  });

  for (const [what, spoil] of [
    ['too short', (buffer: ArrayBuffer) => buffer.slice(0, 20)],
    ['no block', (buffer: ArrayBuffer) => overwrite(buffer, headerOffsets.magic)],
    ['of another layout', (buffer: ArrayBuffer) => overwrite(buffer, headerOffsets.layoutHash)],
    ['of other records', (buffer: ArrayBuffer) => overwrite(buffer, headerOffsets.recordBytes)],
  ] as const) {
    it(`is refused when it is ${what}`, () => {
      expect(() => new Block(spoil(blockOf()))).toThrow(
        new RtpsondeError('ERR_ADDON_LAYOUT', 'a sealed block has another layout than this program'),
      );
    });
  }
});

function overwrite(buffer: ArrayBuffer, offset: number): ArrayBuffer {
  new DataView(buffer).setUint32(offset, 77, true);
  return buffer;
}

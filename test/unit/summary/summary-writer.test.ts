import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAddress, formatTime } from '../../../src/summary/format.js';
import { jsonKeys } from '../../../src/summary/json-text.js';
import { SummaryWriter } from '../../../src/summary/summary-writer.js';
import { ipv4 } from '../native/blocks.js';

const { a } = jsonKeys('a');
const out = new SummaryWriter();

/** The value that is written for 16 bytes of a record. */
function written(fill: (view: DataView) => void, write: (view: DataView) => void): unknown {
  const view = new DataView(new ArrayBuffer(20), 4);
  fill(view);
  out.begin();
  write(view);
  out.end();
  return JSON.parse(out.chunk.bytes.toString('utf8', out.lineStart, out.lineEnd)).a;
}

const time = (ns: bigint) =>
  written(
    (view) => view.setBigInt64(8, ns, true),
    (view) => out.time(a, view, 8),
  );

describe('values of records', () => {
  it('times are those of formatTime, whatever the day and the second', () => {
    const ns = fc.oneof(
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => BigInt(seconds) * 1_000_000_000n),
      fc.constantFrom(0n, 999_999_999n, 86_399_999_999_999n, 86_400_000_000_000n, 2n ** 63n - 1n),
    );
    fc.assert(
      fc.property(ns, (value) => {
        expect(time(value)).toBe(formatTime(value));
      }),
    );
  });

  it('ids have 16 digits, SSRCs eight', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (id) => {
        const fill = (view: DataView) => view.setBigUint64(0, id, true);
        expect(written(fill, (view) => out.hex64At(a, view, 0))).toBe(id.toString(16).padStart(16, '0'));
        const ssrc = Number(id & 0xffffffffn);
        expect(written(fill, () => out.ssrc(a, ssrc))).toBe(`0x${ssrc.toString(16).padStart(8, '0')}`);
      }),
    );
  });

  it('bits of a set come in ascending order', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 127 })), (bits) => {
        const fill = (view: DataView) => {
          for (const bit of bits) view.setUint8(bit >> 3, view.getUint8(bit >> 3) | (1 << (bit & 7)));
        };
        const expected = [...bits].sort((x, y) => x - y);
        expect(written(fill, (view) => out.bits(a, view, 0, 16))).toEqual(expected);
      }),
    );
  });

  it('addresses are those of formatAddress', () => {
    const octets = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(octets, fc.constantFrom(4, 6), (all, version) => {
        const bytes = Uint8Array.from(version === 4 ? ipv4(...all.slice(12)) : all);
        const fill = (view: DataView) => {
          for (const [i, octet] of bytes.entries()) view.setUint8(i, octet);
        };
        expect(written(fill, (view) => out.address(a, view, 0, version))).toBe(formatAddress(bytes, version));
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rounded } from '../../../src/summary/format.js';
import { jsonKeys } from '../../../src/summary/json-text.js';
import { JsonWriter } from '../../../src/summary/json-writer.js';

const k = jsonKeys('a', 'b', 'name of a field', 'x"y');

function written(write: (out: JsonWriter) => void, out = new JsonWriter()): string {
  out.begin();
  write(out);
  out.end();
  return out.chunk.bytes.toString('utf8', out.lineStart, out.lineEnd);
}

const line = (object: object) => `${JSON.stringify(object)}\n`;

const numbers = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double({ min: -1000, max: 1000 }),
  fc.double({ min: -1e-5, max: 1e-5 }),
  fc.integer({ min: -100_000_000, max: 100_000_000 }).map((n) => n / 1e6),
  fc.constantFrom(0, -0, 1e15, 1e21, 1e-6, 1e-7, 999_999_999, 1e9, 2 ** 31, -(2 ** 31), 2 ** 53),
);

describe('the writer of JSON', () => {
  it('writes objects, arrays and all kinds of values as JSON.stringify does', () => {
    const text = written((out) => {
      out.open(k.a);
      out.nothing(k.a);
      out.boolean(k.b, true);
      out.close();
      out.openArray(k.b);
      out.closeArray();
      out.openArray(k['name of a field']);
      out.numberElement(1.5);
      out.stringElement('s');
      out.openElement();
      out.boolean(k.a, false);
      out.boolean(k.b, null);
      out.close();
      out.closeArray();
      out.string(k['x"y'], null);
    });
    expect(text).toBe(
      line({
        a: { a: null, b: true },
        b: [],
        'name of a field': [1.5, 's', { a: false, b: null }],
        'x"y': null,
      }),
    );
  });

  it('writes numbers as they are', () => {
    fc.assert(
      fc.property(fc.oneof(numbers, fc.constant(null)), (a) => {
        expect(written((out) => out.number(k.a, a))).toBe(line({ a }));
      }),
    );
  });

  it('writes rounded numbers', () => {
    fc.assert(
      fc.property(numbers, fc.integer({ min: 0, max: 8 }), (value, decimals) => {
        const a = rounded(value, decimals);
        expect(written((out) => out.fixed(k.a, value, decimals))).toBe(line({ a }));
      }),
    );
  });

  it('writes strings, new and known ones', () => {
    const out = new JsonWriter();
    const strings = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('', 'PCMA', '"\\\n', '€'),
    );
    fc.assert(
      fc.property(strings, (a) => {
        for (let i = 0; i < 2; i++) expect(written((w) => w.string(k.a, a), out)).toBe(line({ a }));
      }),
    );
  });

  it('goes on in another chunk before it is full, also within a line', () => {
    const out = new JsonWriter();
    const long = 'x'.repeat(100_000);
    const lines = Array.from({ length: 60 }, (_, i) => {
      const text = written((w) => {
        w.number(k.a, i);
        w.string(k.b, long);
      }, out);
      return { text, chunk: out.chunk, from: out.lineStart, to: out.lineEnd };
    });
    expect(new Set(lines.map(({ chunk }) => chunk)).size).toBeGreaterThan(2);
    for (const [i, { text, chunk, from, to }] of lines.entries()) {
      expect(text).toBe(line({ a: i, b: long }));
      expect(chunk.bytes.toString('utf8', from, to)).toBe(text);
    }
    expect(written((w) => w.string(k.a, 'y'.repeat(3_000_000)), out)).toHaveLength(3_000_009);
  });
});

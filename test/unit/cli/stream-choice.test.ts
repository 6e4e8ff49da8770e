import { describe, expect, it } from 'vitest';
import { headOf, StreamChoice } from '../../../src/cli/stream-choice.js';
import { stream } from './summaries.js';

const heads = [
  headOf(stream({ streamId: 0xaaaa_0000_0000_0001n, ssrc: 0x1111_0001 })),
  headOf(stream({ streamId: 0xaaaa_0000_0000_0002n, ssrc: 0x1111_0002 })),
  headOf(stream({ streamId: 0xbbbb_0000_0000_0003n, ssrc: 0x2222_0003, srcPort: 6000 })),
];

const pick = (text: string) => {
  const choice = new StreamChoice(text);
  return choice.pick(
    heads.filter((head) => choice.matches(head)),
    heads,
  ).streamId;
};

describe('a stream is chosen', () => {
  it.each([['bbbb000000000003'], ['b'], ['BBBB'], ['0x22220003'], ['0x2']])('by %s', (text) => {
    expect(pick(text)).toBe('bbbb000000000003');
  });

  it('not when several begin so, and all are named', () => {
    expect(() => pick('aaaa')).toThrow(
      '--stream aaaa: 2 streams begin so; give the id of one\n' +
        '  aaaa000000000001  0x11110001  192.0.2.1:4000 > 198.51.100.2:5000\n' +
        '  aaaa000000000002  0x11110002  192.0.2.1:4000 > 198.51.100.2:5000',
    );
  });

  it('not when none does, and the nearest come first', () => {
    expect(() => pick('bbbb000000000004')).toThrow(
      /no such stream; nearest are\n {2}bbbb000000000003 {2}0x22220003 {2}192\.0\.2\.1:6000 > /,
    );
    expect(() => pick('0x1111ffff')).toThrow(/nearest are\n {2}aaaa000000000001/);
    expect(() => new StreamChoice('a').pick([], [])).toThrow('--stream a: there are no streams');
  });

  it.each(['', '0x', 'xyz', '0x123456789', '11112222333344445'])('not by %o at all', (text) => {
    expect(() => new StreamChoice(text)).toThrow(/expected the id of a stream, an SSRC such as/);
  });
});

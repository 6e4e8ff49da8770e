import { describe, expect, it } from 'vitest';
import {
  parsePayloadTypes,
  parseProbe,
  parseSeconds,
  parseSort,
  parseTop,
} from '../../../src/cli/analyze-options.js';
import { RtpsondeError } from '../../../src/ops/errors.js';

const usage = (message: string) => new RtpsondeError('ERR_USAGE', message);

describe('the options of analyze', () => {
  it('read times with and without a unit', () => {
    const read = (text: string) => parseSeconds('--window', text, 0.1, 900);
    expect(['10s', '500ms', '2m', '7', '0.5', '900'].map(read)).toEqual([10, 0.5, 120, 7, 0.5, 900]);
    for (const text of ['', '10h', '-1s', '1e3', '99ms', '901', 's', '1 s', 'NaN'])
      expect(() => read(text)).toThrow(
        usage(`--window ${text}: expected a time such as 10s or 500ms, 0.1 to 900 seconds`),
      );
  });

  it('read how many rows to show, 0 being all', () => {
    expect([parseTop('1'), parseTop('50')]).toEqual([1, 50]);
    expect(parseTop('0')).toBeGreaterThan(1e12);
    for (const text of ['', '-1', '1.5', 'all', '99999999'])
      expect(() => parseTop(text)).toThrow(usage(`--top ${text}: expected a whole number, 0 or more`));
  });

  it('read what to sort by', () => {
    expect(['mos', 'loss', 'jitter'].map(parseSort)).toEqual(['mos', 'loss', 'jitter']);
    expect(() => parseSort('MOS')).toThrow(usage('--sort MOS: expected one of mos, loss, jitter'));
  });

  it('read payload types in the notation of the configuration; the last of a number counts', async () => {
    expect(await parsePayloadTypes([])).toEqual([]);
    expect(await parsePayloadTypes(['111=opus/48000/2', '97=H264/90000', '111=iLBC/8000'])).toEqual([
      { payloadType: 97, name: 'H264', clockRate: 90000, kind: 'video' },
      { payloadType: 111, name: 'iLBC', clockRate: 8000, kind: 'audio' },
    ]);
  });

  for (const item of ['96', '96=', '=opus/48000', '128=opus/48000', '96=opus', '96=opus/7', 'x=y/8000']) {
    it(`refuse the payload type ${item}`, async () => {
      await expect(parsePayloadTypes(['8=PCMA/8000', item])).rejects.toEqual(
        usage(
          `--payload-type ${item}: expected N=NAME/CLOCK, N 0..127 and the clock in Hz, for example 96=opus/48000`,
        ),
      );
    });
  }

  it('read the name of a probe by the rules of the configuration', async () => {
    expect(await parseProbe('probe-1.example')).toBe('probe-1.example');
    await expect(parseProbe('a b')).rejects.toMatchObject({ code: 'ERR_USAGE' });
    await expect(parseProbe('')).rejects.toMatchObject({ code: 'ERR_USAGE' });
  });
});

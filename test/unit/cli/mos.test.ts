import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { registerMos } from '../../../src/cli/mos.js';
import { RtpsondeError } from '../../../src/ops/errors.js';

/** What the command writes to standard output. */
function mos(...args: string[]): string {
  let text = '';
  const program = new Command('rtpsonde')
    .exitOverride()
    .configureOutput({ writeOut: (part) => (text += part), writeErr: () => {} });
  registerMos(program);
  program.parse(['mos', ...args], { from: 'user' });
  return text;
}

/** The error that the command ends with. */
function failure(...args: string[]): unknown {
  try {
    mos(...args);
  } catch (error) {
    return error;
  }
  return null;
}

describe('rtpsonde mos', () => {
  it('prints a readable account', () => {
    const text = mos(
      '--codec',
      'G.729A',
      '--loss',
      '2',
      '--burst-ratio',
      '1',
      '--delay',
      '150',
      '--mode',
      'full',
    );
    expect(text).toBe(`G729A, narrowband, ITU-T G.107

  MOS-CQ      3.62  fair; with delay
  MOS-LQ      3.79  listening only, without delay
  R           70.5  of 93.2 at best
  GoB           74  % of users find it good or better
  PoW            6  % of users find it poor or worse

R is made of
  Ro         94.77  signal to noise
  - Is        1.41  loudness, sidetone, quantization
  - Id        3.82  pure delay 0.16, talker echo 2.81, listener echo 0.84
  - Ie-eff   19.00  codec and packet loss

Assumed
  codec    G729A, 8 kbit/s: Ie 11, Bpl 19 (high)
  source   ITU-T G.113 Table I.4: G.729A with VAD
  loss     2 %, burst ratio 1, concealed by the receiver
  delay    150 ms mouth to ear
  echo     path of G.107 Table 3 (TELR 65 dB, WEPL 110 dB)
`);
  });

  it('prints caveats below', () => {
    const text = mos('--codec', 'opus', '--loss', '3', '--delay', '120');
    expect(text).toContain('opus, fullband, ITU-T G.107.2\n');
    expect(text).toContain('\n  R          105.5  of 148 at best\n');
    expect(text).toContain('\nNote: bit rate not known: 31 kbit/s assumed\nNote: provisional codec values: ');
  });

  it('prints one JSON object', () => {
    const result = JSON.parse(
      mos('--codec', 'g711', '--loss', '2', '--burst-ratio', '2', '--no-plc', '--json'),
    );
    expect(result).toMatchObject({
      r: expect.closeTo(93.206208 - 35.849057, 5),
      scale: 'NB',
      rating: 'bad',
      terms: { ieEff: expect.closeTo(35.849057, 6), a: 0 },
      assumptions: {
        codec: 'PCMU',
        bpl: 4.3,
        burstRatio: 2,
        packetLossConcealment: false,
        delayMs: 0,
        delay: null,
        echo: 'probe',
      },
    });
  });

  it('takes bit rate, concealment and advantage factor', () => {
    const amr = JSON.parse(mos('--codec', 'AMR-WB', '--bitrate', '23.05', '--json'));
    expect(amr).toMatchObject({ r: 128, assumptions: { codecBitrateKbps: 23.05, ie: 1 } });
    const mobile = JSON.parse(mos('--codec', 'GSM-EFR', '--advantage', '5', '--plc', '--json'));
    expect(mobile).toMatchObject({ r: expect.closeTo(93.206208, 6), terms: { a: 5 } });
  });

  it('lists the codecs with source and confidence', () => {
    const text = mos('--list-codecs');
    expect(text).toBe(mos('--codec', 'list'));
    const rows = text.split('\n').map((line) => line.split(/ {2,}/));
    expect(rows[0]).toEqual([
      'codec',
      'RTP name',
      'clock',
      'band',
      'kbit/s',
      'Ie',
      'Bpl',
      'confidence',
      'source',
    ]);
    expect(rows.find(([codec]) => codec === 'G729A')).toEqual([
      'G729A',
      'G729',
      '8000',
      'NB',
      '8',
      '11',
      '19',
      'high',
      'ITU-T G.113 Table I.4: G.729A with VAD',
    ]);
  });

  it('lists the codecs as JSON', () => {
    const codecs = JSON.parse(mos('--list-codecs', '--json'));
    expect(codecs.map((codec: { name: string }) => codec.name)).toEqual(
      expect.arrayContaining(['PCMU', 'PCMA', 'G729', 'G722', 'AMR-WB', 'EVS', 'opus']),
    );
  });

  it('says so where a codec has no values', () => {
    expect(mos('--codec', 'speex')).toBe(
      'speex\n\nNote: no value published, and none near enough to take: no MOS\n',
    );
  });

  it.each([
    [['--codec', 'G.792'], '--codec G.792: no such codec; did you mean G729, G722?'],
    [['--codec', 'nonsense'], '--codec nonsense: no such codec; --list-codecs prints the names'],
    [['--codec', 'VP8'], '--codec VP8: video has no MOS'],
    [[], 'mos needs --codec NAME; --list-codecs prints the names'],
    [['--codec', 'PCMA', '--loss', '101'], '--loss 101: must be a number from 0 to 100 percent'],
    [['--codec', 'PCMA', '--loss', 'some'], '--loss some: must be a number from 0 to 100 percent'],
    [['--codec', 'PCMA', '--burst-ratio', '0.5'], '--burst-ratio 0.5: must be a number from 1 to 8'],
    [['--codec', 'PCMA', '--delay', '-1'], '--delay -1: must be a number from 0 to 10000 ms'],
    [['--codec', 'PCMA', '--delay', ''], '--delay : must be a number from 0 to 10000 ms'],
    [['--codec', 'opus', '--bitrate', '0'], '--bitrate 0: must be a number from 1 to 10000 kbit/s'],
    [['--codec', 'PCMA', '--advantage', '21'], '--advantage 21: must be a number from 0 to 20'],
  ])('%o ends in a usage error', (args, message) => {
    const error = failure(...args);
    expect(error).toBeInstanceOf(RtpsondeError);
    expect(error).toMatchObject({ code: 'ERR_USAGE', exitCode: 64, message });
  });
});

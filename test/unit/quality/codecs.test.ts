import { describe, expect, it } from 'vitest';
import { buildCodecTable } from '../../../src/quality/codecs.js';
import { vectors } from './vectors.js';

const table = buildCodecTable();

/** The part of the resolved values that a MOS depends on. */
function values(name: string, bitrateKbps: number | null = null, plc = true) {
  const {
    codec,
    scale,
    ie,
    bpl,
    bitrateKbps: mode,
    modeBy,
    confidence,
  } = table.resolve(table.find(name)!, bitrateKbps, plc);
  return { codec: codec.name, scale, ie, bpl, mode, modeBy, confidence };
}

describe('finding a codec', () => {
  it.each([
    ['PCMU', 'PCMU'],
    ['G.711', 'PCMU'],
    ['pcma/8000', 'PCMA'],
    ['G.729A', 'G729A'],
    ['g729', 'G729'],
    ['g729a+vad', 'G729A'],
    ['G.723.1', 'G723'],
    ['G.722', 'G722'],
    ['G.722.1', 'G7221'],
    ['G.722.2', 'AMR-WB'],
    ['AAL2-G726-32', 'G726-32'],
    ['amr_wb', 'AMR-WB'],
    ['AMR-NB', 'AMR'],
    ['GSM-FR', 'GSM'],
    ['opus/48000/2', 'opus'],
    ['ILBC', 'iLBC'],
  ])('%s is %s', (name, key) => {
    expect(table.find(name)?.name).toBe(key);
  });

  it('does not take a codec for a similar one', () => {
    expect(['AMR-WB+', 'G722.3', 'H264', 'telephone-event', ''].map((name) => table.find(name))).toEqual([
      null,
      null,
      null,
      null,
      null,
    ]);
  });

  it('suggests names for a slip of the pen', () => {
    expect(table.suggest('G.792')).toEqual(['G729', 'G722']);
    expect(table.suggest('oppus')).toEqual(['opus']);
    expect(table.suggest('PCM')).toEqual(['PCMU', 'PCMA']);
    expect(table.suggest('nonsense')).toEqual([]);
  });

  it('has no name twice', () => {
    const names = table.codecs.flatMap((codec) => [codec.name, ...codec.aliases]);
    const plain = names.map((name) => name.replace(/[.\-_]/g, '').toUpperCase());
    expect(plain.filter((name, i) => plain.indexOf(name) !== i)).toEqual([]);
  });
});

describe('the values of a codec', () => {
  it('are those of G.113 for the codecs that it tabulates', () => {
    const tabulated = ['PCMU', 'G729A', 'G723', 'GSM-EFR'].map((name) => values(name));
    expect(tabulated).toEqual([
      { codec: 'PCMU', scale: 'NB', ie: 0, bpl: 25.1, mode: 64, modeBy: 'only', confidence: 'high' },
      { codec: 'G729A', scale: 'NB', ie: 11, bpl: 19, mode: 8, modeBy: 'only', confidence: 'high' },
      { codec: 'G723', scale: 'NB', ie: 15, bpl: 16.1, mode: 6.3, modeBy: 'default', confidence: 'high' },
      { codec: 'GSM-EFR', scale: 'NB', ie: 5, bpl: 10, mode: 12.2, modeBy: 'only', confidence: 'high' },
    ]);
  });

  it('follow the concealment setting where concealment is not part of the codec', () => {
    const { codec } = table.resolve(table.find('PCMA')!, null, false);
    expect(codec.name).toBe('PCMA');
    expect(['PCMA', 'G726-32', 'G729'].map((name) => values(name, null, false).bpl)).toEqual([4.3, 4.3, 19]);
    expect(
      ['PCMA', 'G729'].map((name) => table.resolve(table.find(name)!, null, false).lossConcealed),
    ).toEqual([false, true]);
  });

  it('follow the measured bit rate', () => {
    expect(values('opus', 24)).toMatchObject({ mode: 25, ie: 20.21, bpl: 11.28, modeBy: 'bitrate' });
    expect(values('opus', 64)).toMatchObject({ mode: 40, ie: 10.67 });
    expect(values('opus')).toMatchObject({ mode: 31, modeBy: 'default', confidence: 'provisional' });
    expect(values('opus', Number.NaN)).toMatchObject({ mode: 31, modeBy: 'default' });
    expect(values('EVS', 13.6)).toMatchObject({ mode: 13.2, ie: 17.1, bpl: 11.7 });
    // 24 and 20 octets in 30 ms
    expect([6.4, 5.33].map((kbps) => values('G723', kbps).mode)).toEqual([6.3, 5.3]);
  });

  it.each([
    ['AMR', [4.75, 5.15, 5.9, 6.7, 7.4, 7.95, 10.2, 12.2], [95, 103, 118, 134, 148, 159, 204, 244]],
    [
      'AMR-WB',
      [6.6, 8.85, 12.65, 14.25, 15.85, 18.25, 19.85, 23.05, 23.85],
      [132, 177, 253, 285, 317, 365, 397, 461, 477],
    ],
  ])('of %s are found from the packet size in both payload formats', (name, modes, frameBits) => {
    // RFC 4867: a bandwidth-efficient packet has 10 header bits, an octet-aligned one 2 octets.
    const bandwidthEfficient = frameBits.map((bits) => (Math.ceil((bits + 10) / 8) * 8) / 20);
    const octetAligned = frameBits.map((bits) => ((Math.ceil(bits / 8) + 2) * 8) / 20);
    expect(bandwidthEfficient.map((kbps) => values(name, kbps).mode)).toEqual(modes);
    expect(octetAligned.map((kbps) => values(name, kbps).mode)).toEqual(modes);
  });

  it('are unknown rather than invented', () => {
    expect(['speex', 'SILK', 'L16'].map((name) => values(name))).toEqual([
      { codec: 'speex', scale: null, ie: null, bpl: null, mode: null, modeBy: 'only', confidence: 'none' },
      { codec: 'SILK', scale: null, ie: null, bpl: null, mode: null, modeBy: 'only', confidence: 'none' },
      { codec: 'L16', scale: null, ie: null, bpl: null, mode: null, modeBy: 'only', confidence: 'none' },
    ]);
  });

  it('all have a source, and a scale, Ie and Bpl together or not at all', () => {
    for (const codec of table.codecs) {
      expect(codec.modes.length, codec.name).toBeGreaterThan(0);
      expect(codec.modes[codec.defaultMode], codec.name).toBeDefined();
      for (const mode of codec.modes) {
        expect(mode.source, codec.name).not.toBe('');
        const known = [codec.scale, mode.ie, mode.bpl].map((value) => value !== null);
        expect(new Set(known).size, codec.name).toBe(1);
        expect(mode.confidence === 'none', codec.name).toBe(mode.ie === null);
      }
    }
  });
});

describe.skipIf(vectors === null)('the values of a codec against the reference vectors', () => {
  it('are the Ie and Bpl of G.113 Table I.4', () => {
    const { rows } = vectors!.published.find(({ what }) => what.includes('Table I.4'))!;
    const names: Record<string, [string, boolean]> = {
      'G.723.1+VAD': ['G723', true],
      'G.729A+VAD': ['G729A', true],
      'GSM-EFR': ['GSM-EFR', true],
      'G.711 none': ['PCMU', false],
      'G.711 PLC': ['PCMU', true],
    };
    expect(rows).toHaveLength(5);
    for (const [name, ie, , bpl] of rows!) {
      const [codec, plc] = names[name as string]!;
      expect(values(codec, null, plc), name as string).toMatchObject({ ie, bpl });
    }
  });

  it('are the Ie and Bpl that the wideband and fullband rows use', () => {
    const wanted = new Set(
      [
        ...vectors!.wb
          .filter(({ codec }) => codec.startsWith('AMR-WB'))
          .map(({ codec, Ie_wb, Bpl_wb }) => [codec, Ie_wb, Bpl_wb ?? null]),
        ...vectors!.fb.map(({ codec, Ie_fb, Bpl_fb }) => [codec, Ie_fb, Bpl_fb]),
      ].map((row) => JSON.stringify(row)),
    );
    expect(wanted.size).toBe(18);
    for (const [label, ie, bpl] of [...wanted].map(
      (row) => JSON.parse(row) as [string, number, number | null],
    )) {
      const [, family, kbps, listening] = /^(AMR-WB|EVS)\S* (\S+) ?(\w*)$/.exec(label)!;
      const codec = table.find(listening === 'diotic' ? 'AMR-WB-diotic' : family!)!;
      const mode = codec.modes.find((m) => m.bitrateKbps === Number(kbps));
      expect(mode, label).toMatchObject(bpl === null ? { ie } : { ie, bpl });
    }
  });
});

describe('the configuration', () => {
  it('overrules one value and says so', () => {
    const changed = buildCodecTable({ 'G.729A': { ie: 12 } });
    expect(changed.find('G729A')!.modes).toEqual([
      {
        bitrateKbps: null,
        ie: 12,
        bpl: 19,
        bplUnconcealed: null,
        confidence: 'configured',
        source: 'configuration',
      },
    ]);
    expect(changed.find('G729')).toBe(table.find('G729'));
    expect(table.find('G729A')!.modes[0]!.ie).toBe(11);
  });

  it('leaves the values and their source alone when it only changes the clock', () => {
    const changed = buildCodecTable({ PCMU: { clockRate: 16000 } }).find('PCMU')!;
    expect(changed).toEqual({ ...table.find('PCMU')!, clockRate: 16000 });
  });

  it('puts one value in the place of all modes', () => {
    const changed = buildCodecTable({ opus: { ie: 5, bpl: 15, scale: 'WB' } });
    const opus = changed.find('opus')!;
    expect([10, 24, 40, null].map((kbps) => changed.resolve(opus, kbps, true))).toEqual(
      Array(4).fill(
        expect.objectContaining({ scale: 'WB', ie: 5, bpl: 15, modeBy: 'only', confidence: 'configured' }),
      ),
    );
  });

  it('gives values to a codec that has none', () => {
    const changed = buildCodecTable({ speex: { ie: 11, bpl: 10, scale: 'NB' } });
    expect(changed.find('speex')).toMatchObject({ scale: 'NB', modes: [{ ie: 11, bpl: 10 }] });
  });

  it('adds a codec', () => {
    const changed = buildCodecTable({
      BV32: { ie: 17, bpl: 8, scale: 'WB', clockRate: 16000, aliases: ['BroadVoice 32'] },
    });
    expect(changed.find('broadvoice-32')).toEqual({
      name: 'BV32',
      encodingName: 'BV32',
      aliases: ['BroadVoice 32'],
      clockRate: 16000,
      scale: 'WB',
      frameMs: null,
      packetMs: 20,
      lookAheadMs: 0,
      payloadHeaderKbps: 0,
      defaultMode: 0,
      modes: [
        {
          bitrateKbps: null,
          ie: 17,
          bpl: 8,
          bplUnconcealed: null,
          confidence: 'configured',
          source: 'configuration',
        },
      ],
    });
  });

  it.each([
    [
      { BV32: { ie: 17, bpl: 8, scale: 'WB' } },
      'codec BV32: clockRate is needed for a codec that is not in the table',
    ],
    [{ PCMU: { ie: 96 } }, 'codec PCMU: ie 96 is outside 0..95'],
    [{ opus: { ie: 133 } }, 'codec opus: ie 133 is outside 0..132'],
    [{ PCMU: { bpl: 0 } }, 'codec PCMU: bpl 0 is outside 0..1000 (0 excluded)'],
    [{ speex: { ie: 11 } }, 'codec speex: ie, bpl and scale are needed together'],
  ] as const)('%o is refused', (overrides, message) => {
    expect(() => buildCodecTable(overrides)).toThrow(new RangeError(message));
  });

  it('does not mix codecs of two tables', () => {
    expect(() => buildCodecTable({ PCMU: { ie: 1 } }).resolve(table.find('PCMU')!, null, true)).toThrow(
      'PCMU is not a codec of this table',
    );
  });
});

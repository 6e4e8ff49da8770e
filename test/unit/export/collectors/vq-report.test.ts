import { describe, expect, it } from 'vitest';
import { readVqReport } from '../../../../src/export/vq-rtcpxr/read.js';
import { type Measured, vqReport } from '../../../../src/export/vq-rtcpxr/report.js';
import { vqReportSyntax } from '../../../support/vq-grammar.js';
import { richMeasured } from './measured.js';

const rich = richMeasured;

const poor = (changes: object = {}) =>
  rich({
    codec: null,
    clockRate: null,
    packetTimeMs: null,
    networkLoss: { lost: 0, ratio: null },
    playout: null,
    burstGap: { gmin: 16, burstDensity: null, burstDurationMs: null, gapDensity: null, gapDurationMs: null },
    legs: { downstream: null, upstream: null },
    jitterMs: { last: null, max: null, mean: null },
    delayVariationMs: { mapdv2: null },
    speech: null,
    comfortNoisePackets: 0,
    rtcp: null,
    mos: { lq: null, cq: null, r: null, scale: null, assumptions: { model: null } },
    ...changes,
  });

const options = { group: null };
const rows = (summary: Measured) => vqReport(summary, options).split('\r\n');

describe('a voice quality report', () => {
  it('is a session report that ends the call, line by line', () => {
    expect(rows(rich({ kind: 'stream' }))).toEqual([
      'VQSessionReport: CallTerm',
      'CallID: rtp-0123456789abcdef',
      'LocalID: <sip:198.51.100.20>',
      'RemoteID: <sip:192.0.2.10>',
      'OrigID: <sip:anonymous@anonymous.invalid>',
      'LocalAddr: IP=198.51.100.20 PORT=50000 SSRC=0xbbb',
      'RemoteAddr: IP=192.0.2.10 PORT=40000 SSRC=0x1f2e3d4c',
      'LocalGroup: probe-1',
      'RemoteGroup: probe-1',
      'LocalMetrics:',
      'Timestamps: START=2023-11-14T22:13:19.123Z STOP=2023-11-14T22:13:29.987Z',
      'SessionDesc: PT=0 PD=PCMU SR=8000 PPS=50 SSUP=on',
      'JitterBuffer: JBA=3 JBN=41 ',
      'PacketLoss: NLR=0.6 JDR=1.23',
      'BurstGapLoss: BLD=33.33 BD=120 GLD=0.1 GD=4000 GMIN=16',
      'Delay: RTD=51 IAJ=1 MAJ=3',
      'Signal: SL=-21 NL=-60 ',
      'QualityEst: RCQ=87 MOSLQ=4.30 MOSCQ=4.21 QoEEstAlg=G.107',
      'SummaryID:probe-1/aa/1700000010',
      '',
    ]);
  });

  it('leaves out what is unknown, and whole lines of it', () => {
    const [, ...unknown] = rows(poor()).slice(9);
    expect(unknown).toEqual([
      'Timestamps: START=2023-11-14T22:13:20.000Z STOP=2023-11-14T22:13:30.000Z',
      'SessionDesc: PT=0 ',
      'BurstGapLoss: GMIN=16',
      'SummaryID:probe-1/aa/1700000010',
      '',
    ]);
  });

  it.each([
    ['a session report', rich({ kind: 'stream' })],
    ['an interval report', rich()],
    ['one of unknown values', poor()],
    ['one over IPv6', rich({ src: '2001:db8::1', dst: '::1' })],
    ['one of an odd codec', rich({ codec: 'x;y z' })],
    ['one of odd names', rich({ probe: 'pröbe@1', id: 'a,b@c/0' })],
    [
      'one of extreme values',
      rich({
        networkLoss: { lost: 3, ratio: 1 },
        burstGap: {
          gmin: 300,
          burstDensity: 1,
          burstDurationMs: 9e9,
          gapDensity: 0.99999,
          gapDurationMs: 1e-9,
        },
        jitterMs: { mean: 1e9 },
        packetTimeMs: 0.001,
        speech: { signalLevelDbm0: 3.2, noiseLevelDbm0: -127 },
        mos: { lq: 1, cq: 4.5, r: 93.2, scale: 'NB', assumptions: { model: 'G.107' } },
      }),
    ],
  ])('%s keeps to the syntax of RFC 6035 4.6.1, and our reader finds no fault in it', (_what, summary) => {
    const text = vqReport(summary, options);
    expect({ text, fits: vqReportSyntax.test(text) }).toEqual({ text, fits: true });
    expect(readVqReport(text)?.faults).toEqual([]);
  });

  it('gives R of narrowband alone, and names the E-model that the scale comes with', () => {
    const wide = { lq: 4.3, cq: 4.2, r: 125, scale: 'WB', assumptions: { model: 'G.107.1' } };
    expect(rows(rich({ mos: wide })).find((row) => row.startsWith('QualityEst'))).toBe(
      'QualityEst: MOSLQ=4.30 MOSCQ=4.20 QoEEstAlg=G.107.1',
    );
  });

  it('gives loss after repair where redundant audio repaired some', () => {
    const text = vqReport(rich({ lossAfterRepair: { ratio: 0.001 } }), options);
    expect(text).toContain('NLR=0.1 ');
  });
});

describe('the syntax that reports are held against', () => {
  const text = vqReport(rich(), options);
  it.each([
    ['a missing line', text.replace(/OrigID.*\r\n/, '')],
    ['another order', text.replace('NLR=0.6 JDR=1.23', 'JDR=1.23 NLR=0.6')],
    ['an SSRC without 0x', text.replace('SSRC=0xbbb', 'SSRC=bbb')],
    ['too many digits', text.replace('IAJ=1', 'IAJ=123456')],
    ['no space where one belongs', text.replace('JBN=41 ', 'JBN=41')],
    ['a lone line feed', text.replace('\r\nDelay', '\nDelay')],
  ])('refuses %s', (_what, wrong) => {
    expect(wrong).not.toBe(text);
    expect(vqReportSyntax.test(wrong)).toBe(false);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readVqReport } from '../../../../src/export/vq-rtcpxr/read.js';

/** RFC 6035 4.7.3, F13: groups before addresses, MACs in between, an SSRC without 0x, folded lines, STOP before START. */
const sessionExample = `VQSessionReport: CallTerm
CallID: 6dg37f1890463
LocalID: Alice <sip:alice@example.org>
RemoteID: Bill <sip:bill@example.net>
OrigID: Alice <sip:alice@example.org>
LocalGroup: example-phone-55671
RemoteGroup: example-gateway-09871
LocalAddr: IP=10.10.1.100 PORT=5000 SSRC=1a3b5c7d
LocalMAC: 00:1f:5b:cc:21:0f
RemoteAddr:IP=11.1.1.150 PORT=5002 SSRC=0x2468abcd
RemoteMAC: 00:26:08:8e:95:02
LocalMetrics:
Timestamps:START=2004-10-10T18:23:43Z STOP=2004-10-01T18:26:02Z
SessionDesc:PT=18 PD=G729 SR=8000 FD=20 FO=20 FPP=2 PPS=50
                FMTP="annexb=no" PLC=3 SSUP=on
JitterBuffer:JBA=3 JBR=2 JBN=40 JBM=80 JBX=120
PacketLoss:NLR=5.0 JDR=2.0
BurstGapLoss:BLD=0 BD=0 GLD=2.0 GD=500 GMIN=16
Delay:RTD=200 ESD=140 SOWD=200 IAJ=2 MAJ=10
Signal:SL=-21 NL=-50 RERL=55
QualityEst:RLQ=90 RCQ=85 EXTRI=90 MOSLQ=4.2 MOSCQ=4.3
  QoEEstAlg=P.564
RemoteMetrics:
Timestamps:START=2004-10-10T18:23:43Z STOP=2004-10-11T18:26:02Z
PacketLoss:NLR=6.0 JDR=3.0
DialogID:1890463548@alice.example.org;to-tag=8472761;
   from-tag=9123dh311
`;

describe('the reader of application/vq-rtcpxr', () => {
  it('reads the example of the RFC with all its faults', () => {
    expect(readVqReport(sessionExample.replaceAll('\n', '\r\n'))).toEqual({
      kind: 'session',
      isFinal: true,
      alert: null,
      callId: '6dg37f1890463',
      localId: 'Alice <sip:alice@example.org>',
      remoteId: 'Bill <sip:bill@example.net>',
      origId: 'Alice <sip:alice@example.org>',
      local: { ip: '10.10.1.100', port: 5000, ssrc: 0x1a3b5c7d },
      remote: { ip: '11.1.1.150', port: 5002, ssrc: 0x2468abcd },
      lines: {
        LocalGroup: 'example-phone-55671',
        RemoteGroup: 'example-gateway-09871',
        LocalMAC: '00:1f:5b:cc:21:0f',
        RemoteMAC: '00:26:08:8e:95:02',
        DialogID: '1890463548@alice.example.org;to-tag=8472761; from-tag=9123dh311',
      },
      localMetrics: {
        start: '2004-10-10T18:23:43Z',
        stop: '2004-10-01T18:26:02Z',
        numbers: {
          ...{ PT: 18, SR: 8000, FD: 20, FO: 20, FPP: 2, PPS: 50, PLC: 3 },
          ...{ JBA: 3, JBR: 2, JBN: 40, JBM: 80, JBX: 120, NLR: 5, JDR: 2 },
          ...{ BLD: 0, BD: 0, GLD: 2, GD: 500, GMIN: 16, RTD: 200, ESD: 140, SOWD: 200, IAJ: 2, MAJ: 10 },
          ...{ SL: -21, NL: -50, RERL: 55, RLQ: 90, RCQ: 85, EXTRI: 90, MOSLQ: 4.2, MOSCQ: 4.3 },
        },
        texts: { PD: 'G729', FMTP: 'annexb=no', SSUP: 'on', QoEEstAlg: 'P.564' },
      },
      remoteMetrics: {
        start: '2004-10-10T18:23:43Z',
        stop: '2004-10-11T18:26:02Z',
        numbers: { NLR: 6, JDR: 3 },
        texts: {},
      },
      faults: ['STOP=2004-10-01T18:26:02Z is before START=2004-10-10T18:23:43Z'],
    });
  });

  it('reads an alert, and `Metrics:` as its local metrics (RFC 6035 4.7.4)', () => {
    const report = readVqReport(
      'VQAlertReport: Type=RLQ Severity=Warning Dir=local\nMetrics:\nQualityEst:RLQ=60 EXTR=90\n',
    );
    expect(report).toMatchObject({
      kind: 'alert',
      isFinal: false,
      alert: { type: 'RLQ', severity: 'Warning', direction: 'local' },
      localMetrics: { numbers: { RLQ: 60, EXTR: 90 } },
      remoteMetrics: null,
    });
  });

  it('leaves out what cannot be, and names it', () => {
    const report = readVqReport(
      'VQIntervalReport\nLocalAddr: IP=::1 PORT=70000 SSRC=0x123456789\nPacketLoss: NLR=120 JDR=x\nSignal: SL=-21\nTimestamps: START=yesterday\n',
    );
    expect(report).toMatchObject({
      local: { ip: '::1', port: null, ssrc: null },
      localMetrics: { start: null, numbers: { SL: -21 } },
      faults: ['NLR=120', 'JDR=x', 'START=yesterday', 'LocalAddr: PORT=70000', 'LocalAddr: SSRC=0x123456789'],
    });
    expect(report?.localMetrics?.numbers).toEqual({ SL: -21 });
  });

  it('keeps parameters and lines that it does not know, whatever their names', () => {
    const report = readVqReport('VQIntervalReport\nconstructor: x\n__proto__: y\nDelay: MAJ=3 toString=z\n');
    expect({ ...report?.lines }).toEqual({ constructor: 'x', ['__proto__']: 'y' });
    expect(report?.localMetrics?.texts.toString).toBe('z');
  });

  it('takes the first of several sample rates', () => {
    const report = readVqReport('VQIntervalReport\nSessionDesc: PT=9 SR=8000;16000 PD="AMR WB"\n');
    expect(report?.localMetrics).toMatchObject({ numbers: { SR: 8000 }, texts: { PD: 'AMR WB' } });
  });

  it('takes nothing else for a report', () => {
    for (const text of ['', 'INVITE sip:a SIP/2.0\r\n', `VQSessionReport\n${'x'.repeat(70_000)}`])
      expect(readVqReport(text)).toBeNull();
  });

  it('survives any text, and takes no time over it', () => {
    const part = fc.constantFrom(
      'VQSessionReport',
      'Delay',
      ':',
      '=',
      ' ',
      '\r\n',
      '\n ',
      '"',
      'IAJ',
      '1',
      '-',
      '\0',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(part, fc.string()), { maxLength: 60 }), (parts) => {
        readVqReport(`VQSessionReport\n${parts.join('')}`);
      }),
    );
    for (const filler of ['a', ' ', 'a ', 'a=', '"', '=', 'Delay:\n '])
      readVqReport(`VQSessionReport\nDelay:${filler.repeat(65_000 / filler.length)}`);
  });
});

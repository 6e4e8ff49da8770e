// The RTCP packets of the simulation, octet by octet.
import { describe, expect, it } from 'vitest';
import { Prng } from '../../../src/simulate/prng.js';
import {
  writeFir,
  writeNack,
  writePli,
  writeRemb,
  writeTransportCc,
} from '../../../src/simulate/rtcp-feedback.js';
import {
  sdesItem,
  writeApplication,
  writeGoodbye,
  writeReport,
  writeSourceDescription,
} from '../../../src/simulate/rtcp-packets.js';
import { RtcpWire } from '../../../src/simulate/rtcp-wire.js';
import { cover } from '../../../src/simulate/srtcp.js';

/** The datagram that `write` writes, in hexadecimal words. */
function words(write: (wire: RtcpWire) => void, padding = 0): string[] {
  const wire = new RtcpWire();
  write(wire);
  return Buffer.from(wire.finish(padding)).toString('hex').match(/.{8}/g) ?? [];
}

const block = {
  ssrc: 0x11111111,
  fractionLost: 64,
  cumulativeLost: -2,
  extendedHighestSequence: 0x0001_0005,
  jitter: 7,
  lastSr: 0xb7052000,
  delaySinceLastSr: 0x00054000,
};

describe('RTCP packets', () => {
  it('are a sender report with two blocks', () => {
    const sender = {
      ntp: { seconds: 0x83aa7e80, fraction: 0x80000000 },
      rtpTimestamp: 160,
      packets: 3,
      octets: 480,
    };
    expect(words((wire) => writeReport(wire, 0xaabbccdd, sender, [block, { ...block, ssrc: 2 }]))).toEqual([
      '82c80012', // V=2, 2 blocks, SR, 19 words
      'aabbccdd',
      '83aa7e80', // NTP seconds and fraction
      '80000000',
      '000000a0', // RTP timestamp
      '00000003', // packets and octets
      '000001e0',
      '11111111',
      '40fffffe', // fraction lost 64, 2 too many received
      '00010005',
      '00000007',
      'b7052000', // LSR and DLSR
      '00054000',
      '00000002',
      ...['40fffffe', '00010005', '00000007', 'b7052000', '00054000'],
    ]);
  });

  it('are an empty receiver report, and one with padding', () => {
    expect(words((wire) => writeReport(wire, 1, null, []))).toEqual(['80c90001', '00000001']);
    expect(words((wire) => writeReport(wire, 1, null, []), 8)).toEqual([
      'a0c90003', // padding bit, length with the padding
      '00000001',
      '00000000',
      '00000008',
    ]);
  });

  it('pad the last packet of a compound alone', () => {
    const written = words((wire) => {
      writeReport(wire, 1, null, []);
      writeGoodbye(wire, [1], null);
    }, 4);
    expect(written).toEqual(['80c90001', '00000001', 'a1cb0002', '00000001', '00000004']);
  });

  it('are a description of two sources, each ended by a zero and aligned', () => {
    const sources = [
      {
        ssrc: 1,
        items: [
          [sdesItem.cname, 'abc'],
          [sdesItem.tool, 'x'],
        ] as const,
      },
      { ssrc: 2, items: [[sdesItem.cname, 'ab']] as const },
    ];
    expect(words((wire) => writeSourceDescription(wire, sources))).toEqual([
      '82ca0007',
      '00000001',
      '01036162', // CNAME abc
      '63060178', // TOOL x
      '00000000',
      '00000002',
      '01026162', // CNAME ab fills its word: another one for the end
      '00000000',
    ]);
  });

  it('are a goodbye of two sources with a reason, and a packet of an application', () => {
    expect(words((wire) => writeGoodbye(wire, [1, 2], 'end'))).toEqual([
      '82cb0003',
      '00000001',
      '00000002',
      '03656e64', // 3 octets: end
    ]);
    expect(words((wire) => writeApplication(wire, 9, 'SOND', 'abcde'))).toEqual([
      '80cc0004',
      '00000009',
      '534f4e44',
      '61626364',
      '65000000',
    ]);
  });
});

describe('feedback', () => {
  it('is a NACK of packets far apart and close together', () => {
    expect(words((wire) => writeNack(wire, 1, 2, [65_535, 0, 15, 16]))).toEqual([
      '81cd0004', // FMT 1, transport layer
      '00000001',
      '00000002',
      'ffff8001', // 65535, then 0 (bit 0) and 15 (bit 15)
      '00100000', // 16 is too far
    ]);
  });

  it('is a picture loss indication, a full intra request and an estimated bit rate', () => {
    expect(words((wire) => writePli(wire, 1, 2))).toEqual(['81ce0002', '00000001', '00000002']);
    expect(words((wire) => writeFir(wire, 1, 2, 5))).toEqual([
      ...['84ce0004', '00000001', '00000000'],
      '00000002',
      '05000000',
    ]);
    expect(words((wire) => writeRemb(wire, 1, [2], 1_500_000))).toEqual([
      ...['8fce0005', '00000001', '00000000'],
      '52454d42', // REMB
      '010edc6c', // 1 source; 2^3 * 187500 = 1500000
      '00000002',
    ]);
  });

  it('is the arrival times of packets with a lost one among them', () => {
    // 64 ms are reference 1; then 1 ms behind it, lost, 65 ms later, 0.5 ms earlier.
    const arrivals = [65e6, null, 130e6, 129.5e6];
    expect(words((wire) => writeTransportCc(wire, 1, 2, 1000, arrivals, 3))).toEqual([
      '8fcd0006',
      '00000001',
      '00000002',
      '03e80004', // base and number of packets
      '00000103', // reference 1, feedback 3
      'd2800401', // two-bit symbols 1 0 2 2; deltas of 4,
      '04fffe00', // 260 in two octets, and -2
    ]);
  });
});

describe('SRTCP', () => {
  it('leaves header and SSRC, and ends with flag, index and tag', () => {
    const plain = new Uint8Array(32).map((_, i) => i);
    const covered = Buffer.from(cover(plain, 5, new Prng(1)));
    expect(covered.length).toBe(32 + 4 + 10);
    expect(covered.subarray(0, 8)).toEqual(Buffer.from([0, 1, 2, 3, 4, 5, 6, 7]));
    expect(covered.subarray(8, 32)).not.toEqual(Buffer.from(plain.subarray(8)));
    expect(covered.readUInt32BE(32)).toBe(0x8000_0005);
  });
});

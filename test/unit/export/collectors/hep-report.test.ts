import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { framesOf } from '../../../../src/export/hep/frames.js';
import { rtcpReports } from '../../../../src/export/hep/rtcp-report.js';
import { type Measured, rtpReport } from '../../../../src/export/hep/rtp-report.js';
import { unixTime } from '../../../../src/export/hep/unix-time.js';
import { lineOf } from '../../../../src/summary/line.js';
import { readFrame } from '../../../support/hep-reader.js';
import { measured, reversed } from './measured.js';

const golden = (() => {
  const text = readFileSync(fileURLToPath(new URL('hep34-golden.hex', import.meta.url)), 'utf8');
  return JSON.parse(readFrame(Buffer.from(text.trim(), 'hex')).payload) as Record<string, unknown>;
})();

const report = (summary: Measured) => JSON.parse(rtpReport(summary, 'rtpsonde-1')) as Record<string, unknown>;

const options = {
  captureId: 2001,
  nodeName: null,
  password: null,
  rtpReport: 34,
  rtcp: true,
  software: 'rtpsonde-1',
} as const;

async function frames(summaries: Measured[], changes: object = {}) {
  const made = await framesOf(
    summaries.map((summary) => lineOf(summary)),
    { ...options, ...changes },
  );
  return made.frames.map(readFrame);
}

const reports = {
  count: 2,
  last: '2023-11-14T22:13:28.500000123Z',
  reporter: '0x00000bbb',
  fractionLost: { last: 0.0625, max: 0.5 },
  cumulativeLost: -2,
  highestSequence: 70_000,
  jitterTicks: { last: 36.4, mean: 30, max: 50 },
};
const sender = { reports: 2, last: '2023-11-14T22:13:27.250000000Z', packets: 250, octets: 40_000 };

describe('an RTP report', () => {
  it('has the values of the golden report under its keys', () => {
    const ours = report(measured());
    const absent = [
      'RTP_SIP_CALL_ID',
      'DIR',
      'SKEW',
      'MAX_SKEW',
      'MEAN_MOS',
      'MIN_MOS',
      'MEAN_RFACTOR',
      'MIN_RFACTOR',
    ];
    const expected = Object.fromEntries(Object.entries(golden).filter(([key]) => !absent.includes(key)));
    expect({ ...ours, CORRELATION_ID: golden.CORRELATION_ID }).toMatchObject(expected);
    expect(absent.filter((key) => key in ours)).toEqual([]);
  });

  it('has every key that the QoS page of Homer needs, and the id of the summary', () => {
    const needed = [
      'TYPE',
      'TOTAL_PK',
      'EXPECTED_PK',
      'JITTER',
      'MOS',
      'DELTA',
      'PACKET_LOSS',
      'CORRELATION_ID',
    ];
    expect(needed.filter((key) => report(measured())[key] === undefined)).toEqual([]);
    expect(report(measured())).toMatchObject({
      ID: 'probe-1/aa/1700000010',
      MOS_SCALE: 'NB',
      ONE_WAY_RTP: 0,
    });
  });

  it('leaves out what is unknown', () => {
    const unknown = report(
      measured({
        codec: null,
        clockRate: null,
        oneWayAudio: null,
        jitterMs: { last: null, max: null, mean: null },
        mos: { cq: null, r: null, scale: null },
      }),
    );
    expect(Object.values(unknown)).not.toContain(null);
    const keys = ['CODEC_NAME', 'CLOCK', 'ONE_WAY_RTP', 'JITTER', 'MOS', 'RFACTOR', 'MOS_SCALE'];
    expect(keys.filter((key) => key in unknown)).toEqual([]);
  });

  it('is FINAL for a whole stream, with its own times', () => {
    expect(report(measured({ kind: 'stream' }))).toMatchObject({
      TYPE: 'FINAL',
      TOTAL_PACKETS: 497,
      TOTAL_PACKET_LOSS: 3,
      REPORT_START: 1_699_999_999.123456,
      REPORT_END: 1_700_000_009.987654,
    });
  });

  it('goes as type 34, 35 or both, with the same correlation id for both directions', async () => {
    const made = await frames([measured(), reversed()], { rtpReport: 'both' });
    expect(made.map(({ protocol }) => protocol)).toEqual([34, 35, 34, 35]);
    expect(new Set(made.map(({ correlationId }) => correlationId))).toEqual(
      new Set(['rtp-0123456789abcdef']),
    );
    expect(made[0]).toMatchObject({
      src: '192.0.2.10',
      dstPort: 50000,
      seconds: 1_700_000_010,
      microseconds: 0,
      nodeName: 'probe-1',
      mosHundredths: 421,
    });
  });

  it('has no chunk for an unknown MOS, and none at all for a summary of the capture', async () => {
    const [frame, ...others] = await frames([
      measured({ mos: { cq: null, r: null, scale: null } }),
      { kind: 'capture', id: 'c' } as unknown as Measured,
    ]);
    expect({ mos: frame?.mosHundredths, others }).toEqual({ mos: undefined, others: [] });
  });
});

describe('RTCP as JSON', () => {
  const told = (summary: Measured, reverse: Measured | null = null) =>
    rtcpReports(summary, reverse).map(({ json, ...rest }) => ({
      ...rest,
      json: JSON.parse(json) as unknown,
    }));

  it('says nothing where RTCP said nothing', () => {
    expect(told(measured())).toEqual([]);
  });

  it('is a receiver report against the stream, in the units of the wire', () => {
    expect(told(measured({ rtcp: { reports, sender: null } }))).toEqual([
      {
        way: 'against-stream',
        at: { seconds: 1_700_000_008, microseconds: 500_000 },
        json: {
          id: 'probe-1/aa/1700000010',
          type: 201,
          ssrc: 0xbbb,
          report_count: 1,
          report_blocks: [
            {
              source_ssrc: 0x1f2e3d4c,
              fraction_lost: 16,
              packets_lost: -2,
              highest_seq_no: 70_000,
              ia_jitter: 36,
            },
          ],
        },
      },
    ]);
  });

  it('is a sender report along the stream, without a block when it reports on nothing', () => {
    expect(told(measured({ rtcp: { reports: null, sender } }))).toEqual([
      {
        way: 'with-stream',
        at: { seconds: 1_700_000_007, microseconds: 250_000 },
        json: {
          id: 'probe-1/aa/1700000010',
          type: 200,
          ssrc: 0x1f2e3d4c,
          sender_information: { packets: 250, octets: 40_000 },
          report_count: 0,
          report_blocks: [],
        },
      },
    ]);
  });

  it('has each block exactly once when both directions are at hand: in the sender report of who reports', async () => {
    const one = measured({ rtcp: { reports, sender } });
    const other = reversed({ rtcp: { reports: { ...reports, reporter: '0x1f2e3d4c' }, sender } });
    const made = (await frames([one, other])).filter(({ protocol }) => protocol === 5);
    const told = made.map(({ src, payload }) => ({ src, json: JSON.parse(payload) }));
    expect(told).toMatchObject([
      { src: '192.0.2.10', json: { type: 200, ssrc: 0x1f2e3d4c, report_blocks: [{ source_ssrc: 0xbbb }] } },
      {
        src: '198.51.100.20',
        json: { type: 200, ssrc: 0xbbb, report_blocks: [{ source_ssrc: 0x1f2e3d4c }] },
      },
    ]);
  });

  it('keeps the block of a third who reports, and of a direction that pairs with another', async () => {
    const third = measured({ rtcp: { reports: { ...reports, reporter: '0x00000ccc' }, sender: null } });
    const pairedOtherwise = reversed({
      rtcp: { reports: null, sender },
      reverse: { streamId: 'ff', packets: 1 },
    });
    for (const other of [reversed({ rtcp: { reports: null, sender } }), pairedOtherwise]) {
      const made = (await frames([third, other])).filter(({ protocol }) => protocol === 5);
      expect(made.map(({ payload }) => (JSON.parse(payload) as { type: number }).type).sort()).toEqual([
        200, 201,
      ]);
    }
  });

  it('tells VoIP metrics in the units of RFC 3611, alone as an extended report', () => {
    const endpoint = {
      reporterSsrc: '0x00000bbb',
      reportedAt: '2023-11-14T22:13:26.000000000Z',
      voipReportedAt: '2023-11-14T22:13:26.000000000Z',
      lossRate: 5 / 256,
      discardRate: 1,
      burstDurationMs: 120,
      roundTripDelayMs: 41.6,
    };
    const [only] = told(measured({ endpoint }));
    expect(only?.json).toEqual({
      id: 'probe-1/aa/1700000010',
      type: 207,
      ssrc: 0xbbb,
      report_count: 0,
      report_blocks: [],
      report_blocks_xr: {
        type: 7,
        id: 0x1f2e3d4c,
        fraction_lost: 5,
        fraction_discard: 255,
        burst_duration: 120,
        round_trip_delay: 42,
      },
    });
  });
});

describe('times', () => {
  it('keep their microseconds', () => {
    expect(unixTime('2023-11-14T22:13:29.000007999Z')).toEqual({ seconds: 1_700_000_009, microseconds: 7 });
  });
});

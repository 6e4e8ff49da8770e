// Patterns of lost and discarded packets with their bursts and gaps by RFC 3611
// 4.7.2, each made into a capture: what is discarded comes too late to be played.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { analyzeCapture } from './analyze-capture.js';
import { captureOf } from './capture-writer.js';
import { streamsOf } from './streams.js';

const vectorsPath = fileURLToPath(
  new URL('../../../shared/standards/burst_gap_vectors.json', import.meta.url),
);
const present = existsSync(vectorsPath);
if (!present) console.log('NOT RUN: ../shared/standards/burst_gap_vectors.json is not there');

interface Vector {
  name: string;
  /** 1 received, 0 lost, X discarded. */
  pattern: string;
  gmin: number;
  packet_ms: number;
  normative_4_7_2: {
    lost: number;
    discarded: number;
    bursts: { packets: number }[];
    gap_packets: number;
    gap_bad: number;
    burst_packets: number;
    burst_bad: number;
    burst_duration_ms_mean: number;
    gap_duration_ms_mean: number;
    bad_runs: number[];
  };
}
const vectors: Vector[] = present ? JSON.parse(readFileSync(vectorsPath, 'utf8')).vectors : [];

const folder = mkdtempSync(join(tmpdir(), 'rtpsonde-bursts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Later than any buffer holds, and within the 128 numbers in which a packet still counts. */
const LATE_MS = 600;

function capture({ pattern, packet_ms }: Vector): Buffer {
  const packets = [...pattern].flatMap((kind, i) =>
    kind === '0'
      ? []
      : [
          {
            seconds: (packet_ms * i + (kind === 'X' ? LATE_MS : 0)) / 1000,
            ...{
              sequence: 1000 + i,
              timestamp: 8 * packet_ms * i,
              payloadType: 8,
              marker: false,
              octets: 8 * packet_ms,
            },
          },
        ],
  );
  return captureOf(packets.toSorted((a, b) => a.seconds - b.seconds));
}

const ratio = (part: number, whole: number) => (whole > 0 ? part / whole : null);
const rounded = (value: number | null) => (value === null ? null : Math.round(value * 1e6) / 1e6);

// A stream begins and ends with a packet that came: what is lost around it nobody knows of.
const visible = vectors.filter(({ pattern }) => /^[1X].*[1X]$/.test(pattern));

describe.skipIf(!present)('bursts and gaps of the vectors', () => {
  it('15 of 22 can be seen in a capture', () => {
    expect([vectors.length, visible.length]).toEqual([22, 15]);
  });

  for (const vector of visible) {
    it(vector.name, async () => {
      const file = join(folder, `${vector.name}.pcap`);
      writeFileSync(file, capture(vector));
      const { burstGap: found, lost } = streamsOf(await analyzeCapture(file, { gmin: vector.gmin }))[0]!;
      const wanted = vector.normative_4_7_2;
      const { bursts, burst_packets, burst_bad, gap_packets, gap_bad } = wanted;
      expect({ ...found, lost }).toEqual({
        ...{ method: 'rfc3611-4.7.2', gmin: vector.gmin, lost: wanted.lost, decided: vector.pattern.length },
        ...{ badPackets: wanted.lost + wanted.discarded, badRuns: wanted.bad_runs.length },
        ...{ bursts: bursts.length, burstPackets: burst_packets, burstBadPackets: burst_bad },
        burstSquares: bursts.reduce((sum, { packets }) => sum + packets * packets, 0),
        burstDensity: rounded(ratio(burst_bad, burst_packets)),
        burstDurationMs: bursts.length === 0 ? null : expect.closeTo(wanted.burst_duration_ms_mean, 2),
        gapDensity: rounded(ratio(gap_bad, gap_packets)),
        gapDurationMs: gap_packets === 0 ? null : expect.closeTo(wanted.gap_duration_ms_mean, 2),
      });
    });
  }
});

// Published-rule vectors of jitter (RFC 3550 A.8) and sequence (A.1), each sent
// through the engine as a capture of its own.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type JitterVector, present, vectors } from '../support/rtp-vectors.js';
import { analyzeCapture } from './analyze-capture.js';
import { captureOf, type VectorPacket } from './capture-writer.js';
import { streamsOf } from './streams.js';

const folder = mkdtempSync(join(tmpdir(), 'rtpsonde-vectors-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function measure(name: string, packets: readonly VectorPacket[], payloadTypes = {}) {
  const file = join(folder, `${name.replaceAll(/\W/g, '-')}.pcap`);
  writeFileSync(file, captureOf(packets));
  const streams = streamsOf(await analyzeCapture(file, { payloadTypes }));
  expect(streams.length).toBe(1);
  return streams[0]!;
}

const PCMA = 8;
const OPUS = 111;
const EVENT = 101;

/** The packets of a vector as a sender would make them that follows the notes in it. */
function asSent({ name, clock, packets }: JitterVector): VectorPacket[] {
  return packets.map(([seconds, timestamp], i) => {
    const sharesTimestamp = [i - 1, i + 1].some((other) => packets[other]?.[1] === timestamp);
    const isEvent = name.startsWith('dtmf_') && sharesTimestamp;
    const afterSilence = i > 0 && seconds - packets[i - 1]![0] > 1;
    return {
      seconds,
      timestamp,
      sequence: 1000 + i,
      payloadType: isEvent ? EVENT : clock === 48_000 ? OPUS : PCMA,
      marker: afterSilence,
      octets: isEvent ? 4 : 160,
    };
  });
}

describe.skipIf(!present)('jitter as the vectors have it, in ticks of the RTP clock:', () => {
  it('there are vectors', () => {
    expect(vectors.jitter.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['alternating_+5ms_8k', 'dtmf_rfc4733_same_ts_naive']),
    );
  });

  for (const vector of vectors.jitter) {
    // The naive vectors show what goes wrong; their notes say that 0 is right.
    const naive = vector.name.endsWith('_naive');
    const wanted = naive ? 0 : vector.result.float;
    it(`${vector.name}: ${wanted}`, async () => {
      const payloadTypes = { 101: 'telephone-event/8000', 111: 'opus/48000' };
      const stream = await measure(vector.name, asSent(vector), payloadTypes);
      expect(stream.clockRate).toBe(vector.clock);
      expect(Math.abs(stream.jitterTicks.last! - wanted)).toBeLessThanOrEqual(2e-6);
      if (naive) expect(stream.jitterTicks.max).toBe(0);
    });
  }

  it('events are no samples either when nobody told their payload type', async () => {
    const vector = vectors.jitter.find(({ name }) => name.startsWith('dtmf_'))!;
    const stream = await measure('dtmf-unconfigured', asSent(vector));
    expect({ events: stream.telephoneEventPackets, jitter: stream.jitterTicks }).toEqual({
      events: 10,
      jitter: { mean: 0, max: 0, last: 0 },
    });
  });
});

/** What we tell of a sequence; by hand from docs/accuracy.md, A.1's literal figures beside it. */
const counted = ({ packets, expected, lost, ...rest }: Awaited<ReturnType<typeof measure>>) => ({
  ...{ packets, expected, lost },
  duplicates: rest.duplicates,
  reordered: rest.reordered,
  restarts: rest.restarts,
  sequenceErrors: rest.sequenceErrors,
  first: rest.firstSequence,
  last: rest.lastSequence,
});

const plain = { lost: 0, duplicates: 0, reordered: 0, restarts: 0, sequenceErrors: 0 };

// A.1 begins to count at the second packet, when the source is confirmed; we count
// the first one too, so packets and expected are one more unless said otherwise.
const sequences: Record<string, ReturnType<typeof counted>> = {
  in_order: { ...plain, packets: 10, expected: 10, first: 100, last: 109 },
  wrap: { ...plain, packets: 6, expected: 6, first: 65533, last: 2 },
  gap: { ...plain, packets: 5, expected: 7, lost: 2, first: 10, last: 16 },
  reorder: { ...plain, packets: 5, expected: 5, reordered: 1, first: 10, last: 14 },
  // A.3: lost -1, as its figure takes copies for packets; ours are distinct packets.
  dup: { ...plain, packets: 5, expected: 4, duplicates: 1, first: 10, last: 13 },
  // A.1 forgets what was before; we sum the segments 10..12 and 30000..30002. The
  // packet that A.1 calls bad begins the segment once the next one confirms it.
  restart: { ...plain, packets: 6, expected: 6, restarts: 1, first: 10, last: 30002 },
  // The wild packet was seen, so it is among the packets, but never expected: it
  // is told as an error and covers no loss (10..14 are all there).
  single_wild: { ...plain, packets: 6, expected: 5, sequenceErrors: 1, first: 10, last: 14 },
  // 400 lies 102 back, more than A.1's 100: wild again.
  late_101: { ...plain, packets: 5, expected: 4, sequenceErrors: 1, first: 500, last: 503 },
  // 403 lies 99 back and before the first packet: the range grows down to it, so
  // that 404..499 are missing. A.1 has expected 3 and lost -1.
  late_99: { ...plain, packets: 5, expected: 101, lost: 96, reordered: 1, first: 500, last: 503 },
  // A.1 throws 5 away and begins at 10; we accept the stream as a whole.
  probation_reset: { ...plain, packets: 4, expected: 7, lost: 3, first: 5, last: 11 },
};

describe.skipIf(!present)('sequences of the vectors, by our definitions:', () => {
  it('none is without an expectation', () => {
    expect(Object.keys(sequences)).toEqual(Object.keys(vectors.sequence));
  });

  for (const [name, { seqs, result }] of Object.entries(vectors.sequence)) {
    it(`${name}: ${seqs.join(' ')}`, async () => {
      // The timestamp goes on with the packets, so that it tells nothing about jumps.
      const packets = seqs.map((sequence, i) => ({
        ...{ seconds: 0.02 * i, timestamp: 160 * i, sequence },
        ...{ payloadType: PCMA, marker: false, octets: 160 },
      }));
      const stream = await measure(`sequence-${name}`, packets);
      expect(counted(stream)).toEqual(sequences[name]);
      // The end of the range is where A.1 has it too.
      expect(stream.lastSequence).toBe(result.max);
    });
  }
});

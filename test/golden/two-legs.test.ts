// Recordings of real clients whose packets were lost on both sides of the tap, on
// one, on none, or by the tap itself (test/captures, recorded by
// test/e2e/two-legs.test.ts): the verdict, held against what the networks on either
// side say that they lost.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { StreamSummary } from '../../src/summary/schema.js';
import { hostA, losses, roundTripFaults, type Truth } from '../e2e/support/leg-truth.js';
import { analyzeCapture } from './analyze-capture.js';

const pathOf = (name: string) => fileURLToPath(new URL(`../captures/${name}`, import.meta.url));
const truthOf = (name: string) => JSON.parse(readFileSync(pathOf(`${name}.json`), 'utf8')) as Truth;

const recordings = [
  {
    name: 'gst-two-legs',
    client: 'GStreamer',
    verdicts: [
      ['both', '24 packets of 514 (4.67 %) lost before the tap, and 30 packets after it.'],
      ['both', '25 packets of 506 (4.94 %) lost before the tap, and 8 packets after it.'],
    ],
  },
  {
    name: 'gst-one-bad-leg',
    client: 'GStreamer',
    verdicts: [
      ['upstream', '18 packets of 559 (3.22 %) lost before the tap, none to speak of after it.'],
      ['downstream', '13 packets of 541 (2.40 %) lost after the tap, none to speak of before it.'],
    ],
  },
  {
    name: 'gst-missed-by-tap',
    client: 'GStreamer',
    verdicts: [
      [
        'capture',
        'No loss to speak of on either side of the tap. The capture itself is suspected to have missed 21 packets.',
      ],
      [
        'capture',
        'No loss to speak of on either side of the tap. The capture itself is suspected to have missed 17 packets.',
      ],
    ],
  },
  {
    name: 'baresip-two-legs',
    client: 'baresip',
    verdicts: [
      ['both', '19 packets of 750 (2.53 %) lost before the tap, and 35 packets after it.'],
      ['both', '36 packets of 750 (4.80 %) lost before the tap, and 11 packets after it.'],
    ],
  },
  {
    name: 'linphone-two-legs',
    client: 'linphone',
    verdicts: [
      ['both', '26 packets of 871 (2.99 %) lost before the tap, and 41 packets after it.'],
      ['both', '39 packets of 712 (5.48 %) lost before the tap, and 12 packets after it.'],
    ],
  },
] as const;

/** The stream from host A and that from host B. */
async function streamsOf(name: string): Promise<StreamSummary[]> {
  const summaries = await analyzeCapture(pathOf(`${name}.pcap`));
  const streams = summaries.filter((summary): summary is StreamSummary => summary.kind === 'stream');
  return streams.sort((one) => (one.src === hostA ? -1 : 1));
}

describe('from a capture between two networks we tell', () => {
  for (const { name, client, verdicts } of recordings) {
    it(`on which side packets were lost: ${name}`, async () => {
      expect((await streamsOf(name)).map(({ damage }) => [damage.side, damage.text])).toEqual(verdicts);
    });

    it(`how many, as both networks do: ${name}`, async () => {
      const compared = (await streamsOf(name)).map((stream) => losses(stream, truthOf(name)));
      expect(compared.map(({ told }) => told)).toEqual(compared.map(({ truth }) => truth));
    });

    it(`how long the way is on either side: ${name}`, async () => {
      const faults = (await streamsOf(name)).map((stream) => roundTripFaults(stream, truthOf(name), client));
      expect(faults).toEqual([[], []]);
    });
  }
});

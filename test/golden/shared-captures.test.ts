// Real captures that nobody here wrote: every figure equals that of tshark, or of
// the independent recount where tshark is known to count otherwise, or the
// difference is explained by name and pinned. The folder is not part of this repository.
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CaptureSummary, Summary } from '../../src/summary/schema.js';
import { analyzeCapture } from './analyze-capture.js';
import { type Explanation, explanations, reasons } from './explanations.js';
import { streamsByKey, streamsOf } from './streams.js';
import {
  announcedClockRates,
  captureNames,
  capturePath,
  differencesOf,
  oracleStreams,
  packetsInManifest,
} from './support.js';

const present = captureNames.length > 0;
if (!present) console.log('NOT RUN: ../shared/captures is not there');

/** What only looks like RTP, and single hostile datagrams: no stream is right, though tshark finds some. */
const hasNoStream = (name: string) => /^(neg|fuzz)-/.test(name);

/** The explanations of a capture in the form of its differences. */
function explained(name: string): Record<string, Explanation['ours']> {
  const byStream: Record<string, Explanation['ours']> = {};
  for (const { capture, stream, ours } of explanations) {
    if (capture === name) byStream[stream] = { ...byStream[stream], ...ours };
  }
  return byStream;
}

const sum = (group: Readonly<Record<string, number>>) =>
  Object.values(group).reduce((total, value) => total + value, 0);

/** All capture summaries of a run as one: what is pending is what the last one says. */
function wholeOf(summaries: readonly Summary[]) {
  const captures = summaries.filter((summary): summary is CaptureSummary => summary.kind === 'capture');
  const total = (value: (capture: CaptureSummary) => number) =>
    captures.reduce((all, capture) => all + value(capture), 0);
  return {
    packets: total(({ packets }) => packets),
    used: total(({ used }) => sum(used)),
    rtp: total(({ used }) => used.rtp ?? 0),
    reasons: total(({ reasons: unused }) => sum(unused)),
    pending: sum(captures.at(-1)?.pending ?? {}),
  };
}

describe.skipIf(!present)('shared captures', () => {
  const measured = new Map<string, Summary[]>();
  let manifest = new Map<string, number>();
  beforeAll(async () => {
    manifest = packetsInManifest();
    for (const name of captureNames) measured.set(name, await analyzeCapture(capturePath(name)));
  });

  it('are all in the manifest, and the manifest is all here', () => {
    expect([...captureNames].sort()).toEqual([...manifest.keys()].sort());
  });

  describe('every packet is used or has a reason:', () => {
    for (const name of captureNames) {
      it(name, () => {
        const summaries = measured.get(name)!;
        const { packets, used, rtp, reasons: unused, pending } = wholeOf(summaries);
        expect({ packets, accounted: used + unused, pending }).toEqual({
          packets: manifest.get(name),
          accounted: packets,
          pending: 0,
        });
        // No packet is in two streams, and none in a stream without being counted.
        expect(streamsOf(summaries).reduce((all, stream) => all + stream.packets, 0)).toBe(rtp);
      });
    }
  });

  describe('the figures are those of the oracle, but for what is explained:', () => {
    const compared = captureNames.filter((name) => !hasNoStream(name));
    for (const name of compared) {
      it(name, () => {
        const differences = differencesOf(streamsByKey(measured.get(name)!), oracleStreams(name));
        const wanted = explained(name);
        // Shown with the values of the oracle.
        const unexplained = differences.filter(
          ({ stream, ours }) => !isDeepStrictEqual(ours, wanted[stream]),
        );
        const nothingToExplain = Object.keys(wanted).filter((explainedStream) =>
          differences.every(({ stream }) => stream !== explainedStream),
        );
        expect({ unexplained, nothingToExplain }).toEqual({ unexplained: [], nothingToExplain: [] });
      });
    }
    it('explanations speak of captures that are compared, each field once', () => {
      const places = explanations.flatMap(({ capture, stream, ours }) =>
        Object.keys(ours).map((field) => `${capture} ${stream} ${field}`),
      );
      expect(places.length).toBe(new Set(places).size);
      expect(explanations.filter(({ capture }) => !compared.includes(capture))).toEqual([]);
    });
  });

  it('no clock rate contradicts what SDP announced', () => {
    const contradictions = captureNames.flatMap((name) => {
      const announced = announcedClockRates(name);
      return streamsOf(measured.get(name)!)
        .map(({ payloadType, clockRate }) => ({ name, payloadType, clockRate }))
        .filter(({ payloadType, clockRate }) => {
          const wanted = announced.get(payloadType);
          return wanted !== undefined && clockRate !== null && clockRate !== wanted;
        });
    });
    expect(contradictions).toEqual([]);
  });

  describe('what only looks like RTP gives no stream, and hostile bytes do no harm:', () => {
    for (const name of captureNames.filter(hasNoStream)) {
      it(name, () => expect(streamsOf(measured.get(name)!)).toEqual([]));
    }
  });
});

describe('docs/accuracy.md', () => {
  const text = readFileSync(new URL('../../docs/accuracy.md', import.meta.url), 'utf8');

  it('has a section for every reason, and each reason is used', () => {
    const sections = [...text.matchAll(/^### (\S+)$/gm)].map((match) => match[1]!);
    expect(sections.sort()).toEqual([...reasons].sort());
    expect([...new Set(explanations.map(({ reason }) => reason))].sort()).toEqual([...reasons].sort());
  });
});

// Simulated captures for the golden tests, each beside what was found in it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { type SimulateRequest, type StreamFacts, simulate, type Truth } from '../../src/simulate/index.js';
import type { CaptureSummary, StreamSummary } from '../../src/summary/schema.js';
import { type AnalyzeCaptureOptions, analyzeCapture } from './analyze-capture.js';
import { keyOf, streamsOf } from './streams.js';

/** The dynamic payload types of the simulated codecs. */
export const payloadTypes = {
  96: 'AMR/8000',
  97: 'H264/90000',
  98: 'iLBC/8000',
  101: 'telephone-event/8000',
  104: 'AMR-WB/16000',
  111: 'opus/48000',
  112: 'EVS/16000',
  121: 'red/8000',
};

const folder = mkdtempSync(join(tmpdir(), 'rtpsonde-golden-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;

/** A capture with its truth, removed after the tests of the file. */
export function make(request: SimulateRequest): { file: string; truth: Truth } {
  files += 1;
  const file = join(folder, `${files}.pcap`);
  return { file, truth: simulate(request, file) };
}

/** A stream of the truth, and what was found in its place. */
export interface Pair {
  facts: StreamFacts;
  found: StreamSummary;
}

export interface Measured {
  file: string;
  truth: Truth;
  /** In the order of the truth. */
  pairs: Pair[];
  /** All streams that were found, those without a counterpart too. */
  streams: StreamSummary[];
  windows: CaptureSummary[];
}

/**
 * Simulates and measures. Of streams that only their tunnel tells apart, the one in the tunnel of that id.
 * @throws when a stream was not found, or more than one in its place
 */
export async function measured(
  request: SimulateRequest,
  options: AnalyzeCaptureOptions = {},
): Promise<Measured> {
  const { file, truth } = make(request);
  const summaries = await analyzeCapture(file, { payloadTypes, ...options });
  const streams = streamsOf(summaries);
  const pairs = truth.streams.map((facts) => {
    const there = streams.filter((stream) => keyOf(stream) === keyOf(facts));
    const own = there.filter(({ tunnel }) => there.length === 1 || tunnel?.id === facts.tunnel?.id);
    if (own.length !== 1) throw new Error(`${own.length} streams in place of ${keyOf(facts)}`);
    return { facts, found: own[0]! };
  });
  return {
    file,
    truth,
    pairs,
    streams,
    windows: summaries.filter(({ kind }) => kind === 'capture') as CaptureSummary[],
  };
}

/** What a comparison says of a stream before its figures. */
export const head = ({ facts }: Pair) => `${facts.group} ${facts.direction} ${facts.codec} ${facts.ssrc}`;

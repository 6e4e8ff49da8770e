// The shared captures beside their oracle files: what is read of them, and where
// our figures differ from them by the rule of ../shared/captures/README.md.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { StreamSummary } from '../../src/summary/schema.js';
import { keyOf } from './streams.js';

const folder = fileURLToPath(new URL('../../../shared/captures/', import.meta.url));

/** File names of all shared captures; none when the folder is absent. */
export const captureNames: readonly string[] = existsSync(folder)
  ? readdirSync(folder).filter((name) => /\.(pcap|pcapng|cap)$/.test(name))
  : [];

export const capturePath = (name: string) => `${folder}${name}`;

/** One stream of tshark, with the independent count from its packet fields. */
export interface OracleStream {
  src: string;
  sport: number;
  dst: string;
  dport: number;
  ssrc: string;
  packets: number;
  lost: number;
  max_delta_ms: number;
  mean_jitter_ms: number;
  max_jitter_ms: number;
  recount: {
    missing_unique: number;
    duplicates: number;
    reordered: number;
    /** Only for static payload types. */
    rfc3550_jitter_ms?: { max: number; mean: number; final: number };
  };
  expect: { lost_exact: boolean; jitter_exact: boolean };
}

interface OracleRtcp {
  frames: number;
  packets_by_type: Record<string, number>;
}

interface Oracle {
  heuristic: { streams: OracleStream[] };
  rtcp: OracleRtcp;
  /** Payload type to "NAME/CLOCK". */
  sdp_rtpmap: Record<string, string>;
}

const oracleOf = (name: string): Oracle => JSON.parse(readFileSync(`${folder}oracle/${name}.json`, 'utf8'));

/** The streams that tshark finds with its heuristic; none for a capture without RTP. */
export const oracleStreams = (name: string): readonly OracleStream[] => oracleOf(name).heuristic.streams;

/** The RTCP that tshark finds with its heuristic. */
export const oracleRtcp = (name: string): OracleRtcp => oracleOf(name).rtcp;

/** Clock rates by payload type, as SDP in the capture has them. */
export function announcedClockRates(name: string): Map<number, number> {
  const maps = Object.entries(oracleOf(name).sdp_rtpmap);
  return new Map(maps.map(([type, codec]) => [Number(type), Number(codec.split('/')[1])]));
}

/** Number of packets in each capture, by file name. */
export function packetsInManifest(): Map<string, number> {
  const [head, ...rows] = readFileSync(`${folder}MANIFEST.tsv`, 'utf8').trimEnd().split('\n');
  const column = head!.split('\t').indexOf('packets');
  return new Map(
    rows.map((row) => {
      const cells = row.split('\t');
      return [cells[0]!, Number(cells[column])];
    }),
  );
}

/** Both round in the third digit. */
const TOLERANCE_MS = 0.002;

type Figures = Record<string, number | null>;

/** What the oracle says of a stream, under the names of our fields. */
function figuresOf(stream: OracleStream): { counts: Figures; timesMs: Figures } {
  const { recount, expect } = stream;
  const counts = {
    packets: stream.packets,
    lost: expect.lost_exact ? stream.lost : recount.missing_unique,
    duplicates: recount.duplicates,
    reordered: recount.reordered,
  };
  const deltaMax = stream.max_delta_ms;
  if (expect.jitter_exact) {
    const { max_jitter_ms: jitterMax, mean_jitter_ms: jitterMean } = stream;
    return { counts, timesMs: { deltaMax, jitterMax, jitterMean } };
  }
  const jitter = recount.rfc3550_jitter_ms;
  if (jitter === undefined) return { counts, timesMs: { deltaMax } };
  return {
    counts,
    timesMs: { deltaMax, jitterMax: jitter.max, jitterMean: jitter.mean, jitterLast: jitter.final },
  };
}

function oursOf(stream: StreamSummary): Figures {
  const { packets, lost, duplicates, reordered, jitterMs, deltaMs } = stream;
  return {
    ...{ packets, lost, duplicates, reordered },
    ...{
      deltaMax: deltaMs.max,
      jitterMax: jitterMs.max,
      jitterMean: jitterMs.mean,
      jitterLast: jitterMs.last,
    },
  };
}

/** Where one stream differs: only the fields that do. A stream that only one side has differs in `packets`. */
export interface Difference {
  stream: string;
  ours: Figures;
  theirs: Figures;
}

const near = (ours: number | null, theirs: number | null) =>
  ours !== null && theirs !== null && Math.abs(ours - theirs) <= TOLERANCE_MS + 1e-9;

function differenceOf(ours: StreamSummary, theirs: OracleStream, stream: string): Difference[] {
  const figures = oursOf(ours);
  const { counts, timesMs } = figuresOf(theirs);
  const differing = [
    ...Object.entries(counts).filter(([field, value]) => figures[field] !== value),
    ...Object.entries(timesMs).filter(([field, value]) => !near(figures[field] ?? null, value)),
  ];
  if (differing.length === 0) return [];
  return [
    {
      stream,
      ours: Object.fromEntries(differing.map(([field]) => [field, figures[field] ?? null])),
      theirs: Object.fromEntries(differing),
    },
  ];
}

/** All differences of a capture, ordered by stream. */
export function differencesOf(
  ours: ReadonlyMap<string, StreamSummary>,
  oracle: readonly OracleStream[],
): Difference[] {
  const theirs = new Map(
    oracle.map((stream) => [keyOf({ ...stream, srcPort: stream.sport, dstPort: stream.dport }), stream]),
  );
  const names = [...new Set([...ours.keys(), ...theirs.keys()])].sort();
  return names.flatMap((name) => {
    const our = ours.get(name);
    const their = theirs.get(name);
    if (our !== undefined && their !== undefined) return differenceOf(our, their, name);
    return [
      {
        stream: name,
        ours: { packets: our?.packets ?? null },
        theirs: { packets: their?.packets ?? null },
      },
    ];
  });
}

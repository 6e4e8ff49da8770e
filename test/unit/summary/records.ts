// Summaries of single records, with the report that stands beside them.
import { defaults } from '../../../src/config/defaults.gen.js';
import { Block } from '../../../src/native/block.js';
import { RecordLines } from '../../../src/summary/build.js';
import { type SummaryContext, summaryContext } from '../../../src/summary/context.js';
import type { Joined } from '../../../src/summary/joined.js';
import { type StreamSummary, summarySchema, type WindowSummary } from '../../../src/summary/schema.js';
import type { DirectionFacts } from '../../../src/windows/direction-facts.js';
import { type BlockFields, blockOf, type Fields, type ReportFields } from '../native/blocks.js';
import { noFacts } from '../windows/facts.js';

const payloadTypes = [
  { payloadType: 111, name: 'opus', clockRate: 48000, kind: 'audio' as const },
  { payloadType: 97, name: 'H264', clockRate: 90000, kind: 'video' as const },
  { payloadType: 121, name: 'red', clockRate: 8000, kind: 'audio' as const },
];

/** The default configuration with two dynamic payload types. */
export const context: SummaryContext = summaryContext(
  { ...defaults, probe: { name: 'p1' }, measure: { ...defaults.measure, payloadTypes } },
  null,
);

function summaryOf(
  fields: Fields,
  report: ReportFields | null,
  direction: Partial<DirectionFacts>,
  at: BlockFields = {},
) {
  const reports = report === null ? [] : [report];
  const block = new Block(blockOf({ ...at, records: [fields], reports }));
  const record = block.record(0);
  const joined: Joined = { report: block.reportOf(record), direction: { ...noFacts, ...direction } };
  const lines = new RecordLines();
  lines.begin(block, context);
  return summarySchema.parse(lines.of(record, joined).parse());
}

/** The summary of a whole stream; it keeps to the published schema. */
export function streamOf(
  fields: Fields = {},
  report: ReportFields | null = null,
  direction: Partial<DirectionFacts> = {},
): StreamSummary {
  return summaryOf({ kind: 2, ...fields }, report, direction) as StreamSummary;
}

/** The summary of a window, of 10 s unless `at` says otherwise; it keeps to the published schema. */
export function windowOf(
  fields: Fields = {},
  report: ReportFields | null = null,
  direction: Partial<DirectionFacts> = {},
  at: BlockFields = {},
): WindowSummary {
  return summaryOf(fields, report, direction, at) as WindowSummary;
}

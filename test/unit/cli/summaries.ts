// Summaries for tests of tables: a plain stream, changed where a test cares.
import { defaults } from '../../../src/config/defaults.gen.js';
import { Block } from '../../../src/native/block.js';
import { streamSummary, windowSummary } from '../../../src/summary/build.js';
import { captureSummary, OF_FILES } from '../../../src/summary/build-capture.js';
import { summaryContext } from '../../../src/summary/context.js';
import type { CaptureSummary, StreamSummary, WindowSummary } from '../../../src/summary/schema.js';
import { type BlockFields, blockOf, type Fields } from '../native/blocks.js';

const payloadTypes = [{ payloadType: 111, name: 'opus', clockRate: 48000, kind: 'audio' as const }];
const context = summaryContext(
  { ...defaults, measure: { ...defaults.measure, payloadTypes }, probe: { name: 'p1' } },
  null,
);

export function stream(fields: Fields = {}): StreamSummary {
  return streamSummary(new Block(blockOf({ records: [fields] })).record(0), context);
}

export function window(fields: Fields = {}, at: BlockFields = {}): WindowSummary {
  const block = new Block(blockOf({ ...at, records: [fields] }));
  return windowSummary(block.record(0), block, context);
}

export function captureOf(fields: BlockFields = {}): CaptureSummary {
  const block = new Block(blockOf(fields));
  return captureSummary(block.counters, null, block, OF_FILES, context);
}

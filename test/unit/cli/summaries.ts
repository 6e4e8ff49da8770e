// Summaries for tests of tables: a plain stream, changed where a test cares.
import { Block } from '../../../src/native/block.js';
import { captureSummary, OF_FILES } from '../../../src/summary/build-capture.js';
import type { CaptureSummary, StreamSummary, WindowSummary } from '../../../src/summary/schema.js';
import { type BlockFields, blockOf, type Fields } from '../native/blocks.js';
import { context, streamOf, windowOf } from '../summary/records.js';

export const stream = (fields: Fields = {}): StreamSummary => streamOf(fields);

export const window = (fields: Fields = {}, at: BlockFields = {}): WindowSummary =>
  windowOf(fields, null, {}, at);

export function captureOf(fields: BlockFields = {}): CaptureSummary {
  const block = new Block(blockOf(fields));
  return captureSummary(block.counters, null, block, OF_FILES, context);
}

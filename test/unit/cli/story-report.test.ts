import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Output } from '../../../src/cli/output.js';
import { StoryReport } from '../../../src/cli/story-report.js';
import { StreamChoice } from '../../../src/cli/stream-choice.js';
import type { Summary } from '../../../src/summary/schema.js';
import { context, streamOf, windowOf } from '../summary/records.js';

async function report(choice: string, form: { json: boolean; windows: boolean }, summaries: Summary[]) {
  const sink = new PassThrough();
  const output = new Output(sink as unknown as NodeJS.WriteStream);
  const story = new StoryReport(output, context, new StreamChoice(choice), form);
  for (const summary of summaries) story.add(summary);
  await story.end();
  return String(sink.read() ?? '');
}

const other = { streamId: 0xefn, ssrc: 7 };
const reverse = { hasReverse: true, reverseIdHigh: 0, reverseIdLow: 0xef };
const summaries = [
  windowOf(other),
  windowOf({}, null, reverse),
  streamOf({}, null, reverse),
  streamOf(other),
];

describe('the report on one stream', () => {
  it('is its story, with the reverse stream in a line', async () => {
    const lines = (await report('0x00c0ffee', { json: false, windows: false }, summaries)).split('\n');
    expect(lines[0]).toBe('Stream   0123456789abcdef, SSRC 0x00c0ffee');
    expect(lines.filter((line) => line.startsWith('00:00:'))).toHaveLength(1);
    expect(lines.at(-2)).toMatch(/^Reverse {2}00000000000000ef, SSRC 0x00000007, PCMA, 50 packets, /);
  });

  it('as JSON is its own summaries alone', async () => {
    const parsed = async (windows: boolean) =>
      (await report('0123', { json: true, windows }, summaries))
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
    expect(await parsed(false)).toEqual([summaries[2]]);
    expect(await parsed(true)).toEqual([summaries[1], summaries[2]]);
  });

  it('is an error when no stream is meant', async () => {
    await expect(report('0x9', { json: false, windows: false }, summaries)).rejects.toThrow('no such stream');
  });
});

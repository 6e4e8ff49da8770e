// A summary to try an exporter with: valid, and marked.
import { describe, expect, it } from 'vitest';
import { testSummary } from '../../../src/export/test-summary.js';
import { summarySchema } from '../../../src/summary/schema.js';
import { START_MS } from './support.js';

describe.each(['window', 'stream', 'capture'] as const)('a test summary of kind %s', (kind) => {
  const summary = testSummary(kind, 'probe-1', START_MS);

  it('is valid', () => {
    expect(summarySchema.safeParse(summary).error?.issues ?? []).toEqual([]);
    expect(summary.kind).toBe(kind);
  });

  it('says that it is a test, of which probe and when', () => {
    expect(summary).toMatchObject({ probe: 'probe-1', id: expect.stringMatching(/^test-[0-9a-f-]{36}$/) });
    expect(JSON.stringify(summary)).toContain('test of an exporter: nothing was measured');
    expect(JSON.stringify(summary)).toContain('"2026-11-21T10:15:00.000Z"');
  });

  it('has an id of its own', () => {
    expect(testSummary(kind, 'probe-1', START_MS).id).not.toBe(summary.id);
  });
});

it('of a stream has no rating, and addresses for documentation', () => {
  expect(testSummary('stream', 'p', START_MS)).toMatchObject({
    src: '192.0.2.1',
    dst: '192.0.2.2',
    packets: 0,
    mos: { cq: null, rating: null },
  });
});

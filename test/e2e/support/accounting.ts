// What became of every packet that was sent to a daemon, by its summaries.
import { expect } from 'vitest';
import type { CaptureSummary, StreamSummary, Summary, WindowSummary } from '../../../src/summary/schema.js';

export const streamsOf = (summaries: readonly Summary[]) =>
  summaries.filter((summary): summary is StreamSummary => summary.kind === 'stream');
export const windowsOf = (summaries: readonly Summary[]) =>
  summaries.filter((summary): summary is WindowSummary => summary.kind === 'window');
export const capturesOf = (summaries: readonly Summary[]) =>
  summaries.filter((summary): summary is CaptureSummary => summary.kind === 'capture');

export const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const sumOf = (records: readonly Record<string, number>[]) => sum(records.flatMap(Object.values));

/** What the probe says that it saw, or that the kernel says that it dropped. */
export const accountedFor = (summaries: readonly Summary[]) =>
  sum(capturesOf(summaries).map(({ packets, kernel }) => packets + (kernel.kernelDrops ?? 0)));

/** Sent = measured + dropped by the kernel + reasons, to the packet, in each window and in all. */
export function expectExact(summaries: readonly Summary[], sent: number): void {
  let pendingBefore = 0;
  for (const { packets, used, pending, reasons } of capturesOf(summaries)) {
    expect(packets + pendingBefore).toBe(sumOf([used, reasons]) + sumOf([pending]));
    pendingBefore = sumOf([pending]);
  }
  expect(pendingBefore).toBe(0);
  expect(accountedFor(summaries)).toBe(sent);
  expect(sum(capturesOf(summaries).map(({ kernel }) => kernel.kernelPackets ?? 0))).toBe(sent);
}

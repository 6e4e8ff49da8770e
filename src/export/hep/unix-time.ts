// Times of summaries as HEP carries them.
import { nanoseconds } from '../nanoseconds.js';

export interface UnixTime {
  /** Since the epoch, 32 bits. */
  seconds: number;
  microseconds: number;
}

/** @param text RFC 3339 in UTC with nanoseconds, as summaries write it */
export function unixTime(text: string): UnixTime {
  const ns = nanoseconds(text);
  return { seconds: Number(ns / 1_000_000_000n), microseconds: Number((ns % 1_000_000_000n) / 1000n) };
}

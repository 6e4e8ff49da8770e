// The rate that a consumer bears: the highest one found without a drop.
import type { RunResult } from './run.js';

export interface Sustained {
  /** Packets a second of the fastest run without a drop; 0 when every one had drops. */
  rate: number;
  /** Packets a second of the slowest run with drops above that; null when the generator goes no faster. */
  firstDrop: number | null;
}

/** Longer than this behind when the generator ends, a consumer would have dropped in a longer run. */
const BEHIND_SECONDS = 0.1;
/** Packets that a consumer may not have told of yet, as it tells of them now and then. */
const UNTOLD = 2 * 65_536;

export function isSustained({ kernelDrops, backlog, rate }: RunResult): boolean {
  return kernelDrops === 0 && backlog <= UNTOLD + rate * BEHIND_SECONDS;
}

/**
 * Begins as fast as the generator goes and halves the interval `steps` times. A rate
 * counts as too high only when a second try fails as well: other work on the machine also makes drops.
 */
export async function findSustained(
  attempt: (rate: number | null) => Promise<RunResult>,
  steps: number,
): Promise<Sustained> {
  const bears = async (rate: number | null) => {
    const first = await attempt(rate);
    if (isSustained(first)) return { ok: true, rate: first.rate };
    const second = await attempt(rate);
    return { ok: isSustained(second), rate: second.rate };
  };
  const fastest = await bears(null);
  if (fastest.ok) return { rate: fastest.rate, firstDrop: null };
  let low = 0;
  let high = fastest.rate;
  for (let step = 0; step < steps; step++) {
    const { ok, rate } = await bears(Math.round((low + high) / 2));
    if (ok) low = Math.max(low, rate);
    else high = Math.min(high, rate);
    if (low >= high) break;
  }
  return { rate: low, firstDrop: high };
}

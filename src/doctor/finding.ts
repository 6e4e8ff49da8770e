// What a check says, and what is printed of it.
import type { Facts } from './facts.js';

/** How bad it is when a check finds something. */
export type Severity = 'error' | 'warning' | 'note';

/** How the check of one finding came out. */
export interface Verdict {
  /** found: the finding applies. unknown: it could not be found out. */
  state: 'found' | 'ok' | 'unknown';
  /** What was seen, in a few words. */
  observed: string;
  /** What the placeholders of the remedy stand for. */
  values: Readonly<Record<string, string | number>>;
}

/** Judges facts; null when the question does not come up on this machine. Pure. */
export type Check = (facts: Facts) => Verdict | readonly Verdict[] | null;

/** One possible finding. The document is made from these. */
export interface FindingInfo {
  severity: Severity;
  title: string;
  /** What it means for the measurement, in one sentence. */
  meaning: string;
  /** Command that mends it, with what to do else behind `#`; empty when nothing has to be done. `{name}` stands for a value of the verdict or the interface. */
  mend: string;
  check: Check;
}

/** One check with its result, ready to be printed. */
export interface Finding {
  id: string;
  /** `ok` and `unknown`: nothing was found, or nothing could be. */
  level: Severity | 'ok' | 'unknown';
  title: string;
  observed: string;
  meaning: string;
  mend: string;
}

export const ok = (observed: string): Verdict => ({ state: 'ok', observed, values: {} });
export const unknown = (observed: string): Verdict => ({ state: 'unknown', observed, values: {} });
export const found = (observed: string, values: Verdict['values'] = {}): Verdict => ({
  state: 'found',
  observed,
  values,
});

/** `found` when `wrong`, else `ok`, with the same words. */
export const foundIf = (wrong: boolean, observed: string, values: Verdict['values'] = {}): Verdict =>
  wrong ? found(observed, values) : ok(observed);

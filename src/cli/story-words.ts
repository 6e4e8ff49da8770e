// How a story writes numbers.

/** A dash stands for what is not known. */
export const fixed = (value: number | null | undefined, decimals: number) =>
  value === null || value === undefined ? '-' : value.toFixed(decimals);
export const percent = (share: number | null | undefined) =>
  share === null || share === undefined ? '-' : `${(share * 100).toFixed(2)} %`;
/** Milliseconds, from 10 s on as seconds. */
export const duration = (ms: number | null) =>
  ms === null ? '-' : ms >= 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${ms.toFixed(ms < 100 ? 1 : 0)} ms`;

/** A section: its name once, then its lines below each other. */
export type Section = readonly [name: string, lines: readonly string[]];

// How much a figure grows, told so that single outliers do not matter.
import { spread } from './figures.js';

/** Pieces that samples are put together to, so that what garbage collection saws is levelled. */
const PIECES = 60;

/** A moment and what was seen then. */
export type Point = readonly [x: number, y: number];

export interface Growth {
  median: number;
  /** Over the whole range of x, by the median of the slopes between all pairs of points (Theil and Sen). */
  growth: number;
}

const median = (values: readonly number[]) => spread(values)?.median ?? Number.NaN;

/** @param points in order of x */
export function growthOf(points: readonly Point[]): Growth {
  const size = Math.max(1, Math.floor(points.length / PIECES));
  const level: Point[] = [];
  for (let at = 0; at + size <= points.length; at += size) {
    const piece = points.slice(at, at + size);
    level.push([median(piece.map(([x]) => x)), median(piece.map(([, y]) => y))]);
  }
  const slopes = level.flatMap(([x, y], i) =>
    level.slice(i + 1).map(([laterX, laterY]) => (laterY - y) / (laterX - x)),
  );
  const range = (points.at(-1)?.[0] ?? Number.NaN) - (points[0]?.[0] ?? Number.NaN);
  return { median: median(points.map(([, y]) => y)), growth: median(slopes) * range };
}

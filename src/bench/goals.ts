// What the project wants of itself, held against figures. Where the numbers come from:
// docs/performance.md.
import type { StreamFigures } from './figures.js';

export interface Goal {
  name: string;
  value: number;
  sign: '<=' | '>=';
  limit: number;
  met: boolean;
}

/** The consumer alone, up to so many streams; beyond the last there is no goal. */
const ALONE = [
  { upToStreams: 1000, limit: 3 },
  { upToStreams: 100_000, limit: 6 },
];
const WHOLE_PATH = { upToStreams: 100_000, limit: 1.35 };
const RATE = 0.9;
const LIBPCAP = 0.9;

/** Those that the figures can be held against. */
export function goalsOf(figures: Omit<StreamFigures, 'goals'>): Goal[] {
  const { streams, consumers, fullOverNullRate, fullOverLibpcap } = figures;
  const full = consumers.find(({ consumer }) => consumer === 'full');
  const alone = ALONE.find(({ upToStreams }) => streams <= upToStreams);
  const goals: Goal[] = [];
  const add = (
    name: string,
    value: number | null | undefined,
    sign: '<=' | '>=',
    limit: number | undefined,
  ) => {
    if (value === null || value === undefined || limit === undefined) return;
    goals.push({ name, value, sign, limit, met: sign === '<=' ? value <= limit : value >= limit });
  };
  add('full / null, consumer alone', full?.consumerOverNull?.median, '<=', alone?.limit);
  if (streams <= WHOLE_PATH.upToStreams)
    add('full / null, whole path', full?.wholePathOverNull?.median, '<=', WHOLE_PATH.limit);
  add('full / null, rate without drops', fullOverNullRate, '>=', RATE);
  add('full / libpcap with the same engine', fullOverLibpcap?.median, '<=', LIBPCAP);
  return goals;
}

// The reference vectors of ../shared, where that folder is beside the repository.

import { existsSync, readFileSync } from 'node:fs';

interface Row {
  codec: string;
  Ppl: number;
  Ta: number;
  R: number;
  MOS: number;
}

export interface Vectors {
  published: {
    what: string;
    inputs?: Record<string, number>;
    R?: number | number[];
    MOS?: number | number[];
    GoB?: number[];
    rows?: (string | number)[][];
    Ro?: number;
    Is?: number;
    Id?: number;
  }[];
  crosscheck: { name: string; ours: Record<string, number> }[];
  nb: (Row & {
    Ie: number;
    Bpl: number;
    BurstR: number;
    mode: 'full' | 'probe';
    Id: number;
    Ie_eff: number;
  })[];
  wb: (Row & {
    Ie_wb: number;
    Bpl_wb?: number;
    mode: string;
    Idd?: number;
    Idte?: number;
    Idle?: number;
    Ie_eff?: number;
    Rx?: number;
  })[];
  fb: (Row & { Ie_fb: number; Bpl_fb: number; Idd: number; Ie_eff: number; Rx: number })[];
  r_to_mos: { R: number; MOS: number; GoB: number; PoW: number }[];
  mos_to_r: { MOS: number; R: number; roundtrip: number }[];
  idd: Record<
    'Ta' | 'default' | 'low_sT055_mT120' | 'verylow_sT04_mT150' | 'wb' | 'fb' | 'id_full_defaults',
    number
  >[];
  ie_eff: { Ie: number; Bpl: number; Ppl: number; BurstR: number; Ie_eff: number }[];
}

const file = new URL('../../../../shared/standards/emodel_vectors.json', import.meta.url);

/** null, with a word on the console, where the vectors are not there. */
export const vectors: Vectors | null = existsSync(file)
  ? (JSON.parse(readFileSync(file, 'utf8')) as Vectors)
  : null;

if (vectors === null) console.warn('skipped: ../shared/standards/emodel_vectors.json is not there');

/** How near two implementations of the E-model have to be. */
export const TOLERANCE = 1e-6;

/** The largest difference between two rows of numbers. */
export function largestDifference(pairs: readonly (readonly [number, number])[]): number {
  return Math.max(
    ...pairs.map(([a, b]) => (Number.isFinite(a - b) ? Math.abs(a - b) : Number.POSITIVE_INFINITY)),
  );
}

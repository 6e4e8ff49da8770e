// The vectors of RFC 3550 and of the tap's position, in place beside the repository.
import { existsSync, readFileSync } from 'node:fs';

export interface JitterVector {
  name: string;
  clock: number;
  packets: [seconds: number, timestamp: number][];
  /** In ticks; `int_rr` as a receiver report has it. */
  result: { float: number; int_rr: number };
}

interface SequenceResult {
  valid: number[];
  base: number;
  max: number;
  cycles: number;
  received: number;
  expected: number;
  lost: number;
}

interface RtpVectors {
  jitter: JitterVector[];
  sequence: Record<string, { seqs: number[]; result: SequenceResult }>;
  rtt: { name: string; A: string; LSR: string; DLSR: string; rtt_s: number }[];
  rtt_split: {
    name: string;
    DLSR_units: number;
    o_SR_from_A: number;
    o_RR_from_B: number;
    rtt_O_B: number;
  }[];
  loss_attribution: {
    name: string;
    H1: number;
    H2: number;
    cum1: number;
    cum2: number;
    unique_seen_at_O: number;
    upstream: number;
    downstream: number;
  }[];
  skew: { true_ppm: number; n: number; interval_ms: number; lcg_seed: number; hull_ppm: number }[];
}

const path = new URL('../../../shared/standards/rtp_vectors.json', import.meta.url);

/** False where the folder is absent, as on a user's machine; then there are no vectors. */
export const present = existsSync(path);
if (!present) console.log('NOT RUN: ../shared/standards/rtp_vectors.json is not there');

export const vectors: RtpVectors = present
  ? JSON.parse(readFileSync(path, 'utf8'))
  : { jitter: [], sequence: {}, rtt: [], rtt_split: [], loss_attribution: [], skew: [] };

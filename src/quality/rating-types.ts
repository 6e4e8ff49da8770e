// What goes into a rating, and what comes out of it with everything that it assumed.

import type { Confidence, Scale } from './codecs.js';
import type { DelayInput, DelayParts } from './mouth-to-ear.js';
import type { Rating } from './ratings.js';

/** What was measured of a stream. A number that is NaN or negative counts as not known. */
export interface RatingInput extends DelayInput {
  /** Codec or RTP encoding name, null when not known. */
  codec: string | null;
  /** The codec is that of the primary blocks of redundant audio (RFC 2198). */
  isInsideRed: boolean;
  /** Packets lost in the network and not repaired / expected, 0..1, what the capture lost left out; null when not known. */
  lossRatio: number | null;
  /** Packets that the jitter buffer discards / expected, 0..1; null when none was played. */
  discardRatio: number | null;
  /** The emulated jitter buffer that discards and delay come from; null when none was played. */
  playoutProfile: string | null;
  /** Lost packets that are left out, as the capture itself is suspected to have missed them (estimate). */
  captureLost: number;
  /** Lost packets that redundant audio repaired. */
  repaired: number;
  /** Lost or discarded / decided packets, 0..1; null when none are decided. */
  badRatio: number | null;
  /** Mean length of the runs of lost or discarded packets; null when there are none. */
  badRunMeanLength: number | null;
  covers: Coverage;
  /** Expected packets; 0 gives no MOS. */
  expected: number;
  /** RTP payload bit rate while sending, 8 · octets / (packets · ptime), kbit/s; null when not known. */
  bitrateKbps: number | null;
}

/** What part of a stream or window a MOS speaks of. */
export interface Coverage {
  /** Share of the time in which media came, 0..1: packets times packet time; null when not known. */
  mediaShare: number | null;
  /** Changes of the media payload type: the MOS is that of the last codec, for all of them. */
  codecChanges: number;
  /** Comfort noise packets: silence is rated as if it were speech. */
  comfortNoisePackets: number;
}

export type MosModel = 'G.107' | 'G.107.1' | 'G.107.2' | 'simplified';

/** What a MOS rests on. */
export interface MosAssumptions {
  /** null when no MOS was computed. */
  model: MosModel | null;
  /** Codec as the codec table names it; the given name when the table does not know it. */
  codec: string | null;
  /** Mode of a codec with several, kbit/s. */
  codecBitrateKbps: number | null;
  ie: number | null;
  bpl: number | null;
  ieSource: string | null;
  /** null where the model uses no codec values. */
  confidence: Confidence | null;
  /** What the model took for loss: lossRatio plus discardRatio, percent. */
  lossPercent: number | null;
  /** Lost in the network and not repaired / expected, 0..1. */
  lossRatio: number | null;
  /** Discarded by the jitter buffer / expected, 0..1; null when none was played. */
  discardRatio: number | null;
  /** The emulated jitter buffer. */
  playoutProfile: string | null;
  /** Left out of the loss as lost by the capture itself: an estimate. */
  captureLost: number;
  /** Left out of the loss as repaired. */
  repaired: number;
  /** null where the model has none. */
  burstRatio: number | null;
  /** Mouth-to-ear delay Ta, to a tenth of a ms; the effective latency of the simplified model. */
  delayMs: number | null;
  /** null when the delay was given as a whole. */
  delay: DelayParts | null;
  /** Echo; "none" where the model has none. */
  echo: 'probe' | 'full' | 'none';
  packetLossConcealment: boolean;
  advantageFactor: number;
  /** null for the calculator. */
  covers: Coverage | null;
  /** What a reader should know before trusting the number. */
  notes: string[];
}

export interface Mos {
  /** MOS-LQ: listening quality, delay left out, 1..4.5. */
  lq: number | null;
  /** MOS-CQ: conversational quality, 1..4.5. */
  cq: number | null;
  /** The rating R that MOS-CQ comes from: 0..93.2 narrowband (with A = 0), 0..129 wideband, 0..148 fullband. */
  r: number | null;
  scale: Scale | null;
  /** MOS-CQ in a word, by the bands of its scale. */
  rating: Rating | null;
  assumptions: MosAssumptions;
}

/** What a rating says of its own input. */
export type RatedInput = Pick<
  MosAssumptions,
  'lossRatio' | 'discardRatio' | 'playoutProfile' | 'captureLost' | 'repaired' | 'covers'
>;

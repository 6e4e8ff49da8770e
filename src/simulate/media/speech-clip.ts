// Some seconds of G.711 audio in the manner of speech, of known level: bursts of
// tone and of noise with silence between them, noise below it all, and a few
// samples that clip. It is sent over and over.
import { Prng } from '../prng.js';
import { decode, encode, isClipped, type Law, rmsOf } from './g711.js';

const rate = 8000;
const seconds = 10;
const length = rate * seconds;

/** Sums over the samples before a position. */
interface Sums {
  /** Samples of the bursts. */
  active: Float64Array;
  activeSquares: Float64Array;
  silentSquares: Float64Array;
  clipped: Float64Array;
}

/** What is known of some samples of the clip. */
export interface ClipPart {
  samples: number;
  active: number;
  activeSquares: number;
  silentSquares: number;
  clipped: number;
}

export class SpeechClip {
  readonly octets = new Uint8Array(length);
  private readonly prng: Prng;
  private readonly sums: Sums;

  constructor(
    readonly law: Law,
    seed: number,
  ) {
    this.prng = new Prng(seed);
    const samples = new Float64Array(length);
    const isActive = new Uint8Array(length);
    this.fillNoise(samples, rmsOf(law, this.prng.between(-62, -50)));
    this.fillBursts(samples, isActive, rmsOf(law, this.prng.between(-26, -14)));
    this.clip(samples, isActive);
    this.sums = this.encodeAll(samples, isActive);
  }

  /** Copies `octets` samples from a position in the endless repetition. */
  copy(target: Uint8Array, at: number, position: number, octets: number): void {
    for (let i = 0; i < octets; i += 1) target[at + i] = this.octets[(position + i) % length]!;
  }

  /** What `octets` samples from there hold. */
  part(position: number, octets: number): ClipPart {
    const from = position % length;
    const to = Math.min(length, from + octets);
    const between = (sums: Float64Array): number =>
      sums[to]! - sums[from]! + (from + octets > length ? sums[from + octets - length]! : 0);
    const { active, activeSquares, silentSquares, clipped } = this.sums;
    return {
      samples: octets,
      active: between(active),
      activeSquares: between(activeSquares),
      silentSquares: between(silentSquares),
      clipped: between(clipped),
    };
  }

  private fillNoise(samples: Float64Array, rms: number): void {
    for (let i = 0; i < length; i += 1) samples[i] = rms * this.prng.normal();
  }

  private fillBursts(samples: Float64Array, isActive: Uint8Array, rms: number): void {
    const { prng } = this;
    for (let at = 0; at < length; ) {
      const burst = Math.min(length - at, Math.floor(prng.between(0.4, 1.5) * rate));
      const isVoiced = prng.uniform() < 0.8;
      const pitch = prng.between(100, 220);
      const harmonics = Array.from({ length: 6 }, (_, i) => prng.between(0.5, 1) / (i + 1));
      const power = harmonics.reduce((sum, part) => sum + part * part, 0) / 2;
      for (let i = 0; i < burst; i += 1) {
        const phase = (2 * Math.PI * pitch * i) / rate;
        // Syllables: between half and one and a half times the level, so that none sinks into silence.
        const syllable = 1 + 0.5 * Math.sin((2 * Math.PI * 4 * i) / rate);
        const voice = isVoiced
          ? harmonics.reduce((sum, part, k) => sum + part * Math.sin((k + 1) * phase), 0) / Math.sqrt(power)
          : prng.normal();
        samples[at + i] = samples[at + i]! + rms * syllable * voice;
        isActive[at + i] = 1;
      }
      at += burst + Math.floor(prng.between(0.3, 1.2) * rate);
    }
  }

  /** Overdriven for a moment, a dozen times: runs of samples at the end of the scale. */
  private clip(samples: Float64Array, isActive: Uint8Array): void {
    for (let runs = 0; runs < 12; ) {
      const at = this.prng.below(length - 8);
      const run = 3 + this.prng.below(5);
      if (isActive[at] === 0 || isActive[at + run] === 0) continue;
      const peak = runs % 2 === 0 ? 32_767 : -32_767;
      samples.fill(peak, at, at + run);
      runs += 1;
    }
  }

  private encodeAll(samples: Float64Array, isActive: Uint8Array): Sums {
    const column = () => new Float64Array(length + 1);
    const sums = { active: column(), activeSquares: column(), silentSquares: column(), clipped: column() };
    for (let i = 0; i < length; i += 1) {
      const octet = encode(this.law, Math.max(-32_767, Math.min(32_767, Math.round(samples[i]!))));
      this.octets[i] = octet;
      const square = decode(this.law, octet) ** 2;
      const active = isActive[i]!;
      sums.active[i + 1] = sums.active[i]! + active;
      sums.activeSquares[i + 1] = sums.activeSquares[i]! + active * square;
      sums.silentSquares[i + 1] = sums.silentSquares[i]! + (1 - active) * square;
      sums.clipped[i + 1] = sums.clipped[i]! + (isClipped(this.law, octet) ? 1 : 0);
    }
    return sums;
  }
}

// Seeded random numbers (xoshiro128**, seeded by splitmix32): the same seed
// gives the same capture on every machine.

/** Bijective mix of 32 bits (the finaliser of MurmurHash3): neighbours become unrelated, none collide. */
export function mix32(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

/** A seed for part `index` of something that has the seed `seed`. */
export function deriveSeed(seed: number, index: number): number {
  return mix32(mix32(seed ^ 0x9e3779b9) + Math.imul(index, 0x9e3779b1));
}

/** One independent sequence of random numbers. */
export class Prng {
  private s0: number;
  private s1: number;
  private s2: number;
  private s3: number;
  private spareNormal = Number.NaN;

  constructor(seed: number) {
    this.s0 = mix32(seed + 0x9e3779b9) | 0;
    this.s1 = mix32(this.s0 + 0x9e3779b9) | 0;
    this.s2 = mix32(this.s1 + 0x9e3779b9) | 0;
    this.s3 = mix32(this.s2 + 0x9e3779b9) | 1;
  }

  /** Uniform, 0..2^32-1. */
  uint32(): number {
    const five = Math.imul(this.s1, 5);
    const result = Math.imul((five << 7) | (five >>> 25), 9);
    const shifted = this.s1 << 9;
    this.s2 ^= this.s0;
    this.s3 ^= this.s1;
    this.s1 ^= this.s2;
    this.s0 ^= this.s3;
    this.s2 ^= shifted;
    this.s3 = (this.s3 << 11) | (this.s3 >>> 21);
    return result >>> 0;
  }

  /** Uniform, 0 <= x < 1. */
  uniform(): number {
    return this.uint32() * 2.3283064365386963e-10;
  }

  /** Uniform whole number, 0 <= x < limit. */
  below(limit: number): number {
    return Math.floor(this.uniform() * limit);
  }

  /** Uniform, low <= x < high. */
  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  /** Exponentially distributed with mean 1. */
  exponential(): number {
    return -Math.log(1 - this.uniform());
  }

  /** Normally distributed, mean 0, standard deviation 1 (Box-Muller). */
  normal(): number {
    if (!Number.isNaN(this.spareNormal)) {
      const spare = this.spareNormal;
      this.spareNormal = Number.NaN;
      return spare;
    }
    const radius = Math.sqrt(2 * this.exponential());
    const angle = 2 * Math.PI * this.uniform();
    this.spareNormal = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }
}

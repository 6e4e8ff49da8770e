import { describe, expect, it } from 'vitest';
import { decode, encode, isClipped, type Law, levelDbm0, rmsOf } from '../../../src/simulate/media/g711.js';

/** A 1 kHz sine of 0 dBm0, eight samples for ever (G.711 tables 5 and 6). */
const reference: Record<Law, number[]> = {
  PCMA: [0x34, 0x21, 0x21, 0x34, 0xb4, 0xa1, 0xa1, 0xb4],
  PCMU: [0x1e, 0x0b, 0x0b, 0x1e, 0x9e, 0x8b, 0x8b, 0x9e],
};

const laws = ['PCMA', 'PCMU'] as const;
const meanSquare = (samples: number[]) => samples.reduce((sum, x) => sum + x * x, 0) / samples.length;

describe('G.711', () => {
  it('has 0 dBm0 where the recommendation has it', () => {
    for (const law of laws) {
      const samples = reference[law].map((octet) => decode(law, octet));
      expect(levelDbm0(law, meanSquare(samples)), law).toBeCloseTo(0, 1);
    }
  });

  it('gives the sequence of the recommendation for a 1 kHz sine of 0 dBm0', () => {
    for (const law of laws) {
      const peak = rmsOf(law, 0) * Math.SQRT2;
      const octets = Array.from({ length: 8 }, (_, i) =>
        encode(law, Math.round(-peak * Math.sin((Math.PI / 4) * (i + 0.5)))),
      );
      expect(octets, law).toEqual(reference[law]);
    }
  });

  it('knows silence, the steps next to it and full scale', () => {
    const known: Record<Law, [sample: number, octet: number, decoded: number][]> = {
      PCMA: [
        [0, 0xd5, 8],
        [-1, 0x55, -8],
        [16, 0xd4, 24],
        [32_767, 0xaa, 32_256],
        [-32_768, 0x2a, -32_256],
      ],
      PCMU: [
        [0, 0xff, 0],
        [4, 0xfe, 8],
        [-8, 0x7e, -8],
        [32_767, 0x80, 32_124],
        [-32_768, 0x00, -32_124],
      ],
    };
    for (const law of laws) {
      const seen = known[law].map(([sample]) => [
        sample,
        encode(law, sample),
        decode(law, encode(law, sample)),
      ]);
      expect(seen, law).toEqual(known[law]);
    }
  });

  it('gives every octet back, but for the second zero of mu-law', () => {
    for (const law of laws) {
      const changed = Array.from({ length: 256 }, (_, octet) => octet).filter(
        (octet) => encode(law, decode(law, octet)) !== octet,
      );
      expect(changed, law).toEqual(law === 'PCMU' ? [0x7f] : []);
    }
  });

  it('calls the ends of the scale clipped', () => {
    for (const law of laws) {
      const clipped = Array.from({ length: 256 }, (_, octet) => octet).filter((octet) =>
        isClipped(law, octet),
      );
      expect(clipped.map((octet) => Math.abs(decode(law, octet)))).toEqual(
        law === 'PCMA' ? [32_256, 32_256] : [32_124, 32_124],
      );
    }
  });
});

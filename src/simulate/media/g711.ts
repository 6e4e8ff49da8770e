// ITU-T G.711: companding of 16-bit linear samples to 8 bits and back, A-law
// (13 bits are kept) and mu-law (14 bits), with the bit inversions of the wire.

export type Law = 'PCMA' | 'PCMU';

/** A sample of -32768..32767 as an octet of A-law. */
export function encodeALaw(sample: number): number {
  const isNegative = sample < 0;
  // The 12 bits of the magnitude; ones' complement makes both halves alike.
  const magnitude = Math.min(4095, (isNegative ? ~sample : sample) >> 3);
  let segment = 0;
  while (segment < 7 && magnitude > (0x20 << segment) - 1) segment += 1;
  const step = (segment < 2 ? magnitude >> 1 : magnitude >> segment) & 15;
  return ((segment << 4) | step) ^ (isNegative ? 0x55 : 0xd5);
}

/** A sample of -32768..32767 as an octet of mu-law. */
export function encodeMuLaw(sample: number): number {
  const isNegative = sample < 0;
  const magnitude = Math.min(8158, Math.abs(sample) >> 2) + 33;
  let segment = 0;
  while (segment < 7 && magnitude > (0x40 << segment) - 1) segment += 1;
  const step = (magnitude >> (segment + 1)) & 15;
  return ((segment << 4) | step) ^ (isNegative ? 0x7f : 0xff);
}

export function decodeALaw(octet: number): number {
  const code = octet ^ 0x55;
  const segment = (code & 0x70) >> 4;
  const base = ((code & 15) << 4) + (segment === 0 ? 8 : 0x108);
  const magnitude = segment > 1 ? base << (segment - 1) : base;
  return (code & 0x80) !== 0 ? magnitude : -magnitude;
}

export function decodeMuLaw(octet: number): number {
  const code = ~octet & 0xff;
  const magnitude = ((((code & 15) << 3) + 0x84) << ((code & 0x70) >> 4)) - 0x84;
  // Without the -0 that one of the two zeros would give.
  return (code & 0x80) !== 0 ? 0 - magnitude : magnitude;
}

export function encode(law: Law, sample: number): number {
  return law === 'PCMA' ? encodeALaw(sample) : encodeMuLaw(sample);
}

export function decode(law: Law, octet: number): number {
  return law === 'PCMA' ? decodeALaw(octet) : decodeMuLaw(octet);
}

/** Whether the octet stands for the largest magnitude of either sign. */
export function isClipped(law: Law, octet: number): boolean {
  return (octet & 0x7f) === (law === 'PCMA' ? 0x2a : 0x00);
}

/**
 * Level of a full-scale sine, dBm0 (G.711 tables 5 and 6), and what full scale is in the 16-bit
 * numbers of `decode`: the upper decision value.
 */
const fullScale: Readonly<Record<Law, { dbm0: number; sample: number }>> = {
  PCMA: { dbm0: 3.14, sample: 4096 * 8 },
  PCMU: { dbm0: 3.17, sample: 8159 * 4 },
};

/** Level of samples with that mean square, dBm0; -Infinity for digital silence. */
export function levelDbm0(law: Law, meanSquare: number): number {
  const { dbm0, sample } = fullScale[law];
  return 10 * Math.log10(meanSquare / (sample * sample * 0.5)) + dbm0;
}

/** Root mean square of samples at a level in dBm0. */
export function rmsOf(law: Law, dbm0: number): number {
  const full = fullScale[law];
  return (full.sample / Math.SQRT2) * 10 ** ((dbm0 - full.dbm0) / 20);
}

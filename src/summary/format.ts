// How values of records are written in summaries: addresses, times, ids.
import type { RecordView } from '../native/record.gen.js';

/** An address of 16 bytes; IPv4-mapped ones in dotted form, IPv6 by RFC 5952. */
export function formatAddress(bytes: Uint8Array, ipVersion: number): string {
  if (ipVersion === 4) return `${bytes[12]}.${bytes[13]}.${bytes[14]}.${bytes[15]}`;
  const groups: number[] = [];
  for (let i = 0; i < 16; i += 2) groups.push((bytes[i]! << 8) | bytes[i + 1]!);
  const { at, length } = longestZeros(groups);
  const hex = (part: number[]) => part.map((group) => group.toString(16)).join(':');
  if (length < 2) return hex(groups);
  return `${hex(groups.slice(0, at))}::${hex(groups.slice(at + length))}`;
}

function longestZeros(groups: readonly number[]): { at: number; length: number } {
  let best = { at: 0, length: 0 };
  for (let i = 0; i < groups.length; i++) {
    let length = 0;
    while (groups[i + length] === 0) length++;
    if (length > best.length) best = { at: i, length };
    i += length;
  }
  return best;
}

let lastSecond = -1n;
let lastSecondText = '';

/** Nanoseconds since the epoch as RFC 3339 with nine decimals. */
export function formatTime(ns: bigint): string {
  const second = ns / 1_000_000_000n;
  if (second !== lastSecond) {
    // Many rows share a second, and Date is the dear part.
    lastSecondText = new Date(Number(second) * 1000).toISOString().slice(0, 19);
    lastSecond = second;
  }
  return `${lastSecondText}.${(ns % 1_000_000_000n).toString().padStart(9, '0')}Z`;
}

const POWERS = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8] as const;

/** Rounded to `decimals` places, 0..8; NaN and infinities become null. */
export function rounded(value: number, decimals: number): number | null {
  if (!Number.isFinite(value)) return null;
  const factor = POWERS[decimals]!;
  return Math.round(value * factor) / factor;
}

/** value / of; NaN when there is nothing to divide by. */
export const ratioOf = (value: number, of: number) => (of > 0 ? value / of : Number.NaN);

const NO_VLAN = 0xffff;

/** A VLAN id as records carry it; null when untagged. */
export const vlanOf = (id: number) => (id === NO_VLAN ? null : id);

/** An SSRC as summaries write it. */
export const hexSsrc = (ssrc: number) => `0x${ssrc.toString(16).padStart(8, '0')}`;

/** The id of a stream as summaries write it. */
export const hexStreamId = ({ streamId }: RecordView) => streamId.toString(16).padStart(16, '0');

/** The bounds of a window. */
export interface WindowBounds {
  windowStartNs: bigint;
  windowEndNs: bigint;
}

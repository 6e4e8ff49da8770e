// RTCP as SRTCP looks on the wire (RFC 3711 3.4): all behind the first 8 octets
// is encrypted, and an index and an authentication tag follow.
//
//   | header and SSRC, in the clear | encrypted ... |E| SRTCP index (31) | tag (10 octets) |
import type { Prng } from './prng.js';

const clearBytes = 8;
const tagBytes = 10;
const encryptedFlag = 0x8000_0000;

/**
 * A datagram as it would look encrypted; its content is lost, as no key is ever needed.
 * @param index SRTCP index of its sender, 31 bits
 */
export function cover(datagram: Uint8Array, index: number, prng: Prng): Uint8Array {
  const covered = new Uint8Array(datagram.length + 4 + tagBytes);
  covered.set(datagram.subarray(0, clearBytes));
  for (let at = clearBytes; at < covered.length; at += 1) covered[at] = prng.below(256);
  new DataView(covered.buffer).setUint32(datagram.length, (encryptedFlag | (index & 0x7fff_ffff)) >>> 0);
  return covered;
}

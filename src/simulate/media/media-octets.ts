// Arbitrary media octets; the same packet has the same ones each time it comes.
import { Prng } from '../prng.js';

const spread = 65_536;
/** The largest payload. */
const most = 2048;

export class MediaOctets {
  private readonly pool = new Uint8Array(spread + most);

  constructor(seed: number) {
    const prng = new Prng(seed);
    const view = new DataView(this.pool.buffer);
    for (let at = 0; at < this.pool.length; at += 4) view.setUint32(at, prng.uint32());
  }

  /** The octets of packet `sequence` of the stream with that SSRC. */
  copy(target: Uint8Array, at: number, ssrc: number, sequence: number, octets: number): void {
    const offset = Math.imul(Math.imul(ssrc, 31) + sequence, 0x9e3779b1) >>> 16;
    target.set(this.pool.subarray(offset, offset + octets), at);
  }
}

// A capture that grows in steps, as a capture tool writes it: the daemon follows
// it without end, and the test decides when it sees more.
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';

const FILE_HEADER_BYTES = 24;
const RECORD_HEADER_BYTES = 16;

export class GrowingCapture {
  #rest: Buffer;

  /** @param source a little-endian pcap file, as `simulate` writes it */
  constructor(
    source: string,
    readonly path: string,
  ) {
    const data = readFileSync(source);
    writeFileSync(path, data.subarray(0, FILE_HEADER_BYTES));
    this.#rest = data.subarray(FILE_HEADER_BYTES);
  }

  /** Appends the packets of the next so many seconds. */
  grow(seconds: number): void {
    const data = this.#rest;
    const secondAt = (at: number) => data.readUInt32LE(at) + data.readUInt32LE(at + 4) / 1e9;
    let at = 0;
    const until = data.length === 0 ? 0 : secondAt(0) + seconds;
    while (at < data.length && secondAt(at) < until) at += RECORD_HEADER_BYTES + data.readUInt32LE(at + 8);
    appendFileSync(this.path, data.subarray(0, at));
    this.#rest = data.subarray(at);
  }
}

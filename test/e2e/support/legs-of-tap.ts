// The two legs of a TAP out of one capture: what goes one way, and what goes the other.
import { readFileSync, writeFileSync } from 'node:fs';

const FILE_HEADER = 24;
const RECORD_HEADER = 16;
/** Ethernet without tags, then the source address of IPv4. */
const SOURCE = 14 + 12;

/** Writes the packets from the lower IPv4 address of each pair to `up`, the others to `down`; how many there are. */
export function splitByDirection(capture: string, up: string, down: string): { up: number; down: number } {
  const data = readFileSync(capture);
  const parts = { up: [data.subarray(0, FILE_HEADER)], down: [data.subarray(0, FILE_HEADER)] };
  for (let at = FILE_HEADER; at < data.length; ) {
    const next = at + RECORD_HEADER + data.readUInt32LE(at + 8);
    const addresses = at + RECORD_HEADER + SOURCE;
    const isUp = data.readUInt32BE(addresses) < data.readUInt32BE(addresses + 4);
    parts[isUp ? 'up' : 'down'].push(data.subarray(at, next));
    at = next;
  }
  writeFileSync(up, Buffer.concat(parts.up));
  writeFileSync(down, Buffer.concat(parts.down));
  return { up: parts.up.length - 1, down: parts.down.length - 1 };
}

// Runs doctor in a namespace, with traffic that begins when it listens.
import { readFileSync, writeFileSync } from 'node:fs';
import type { Finding } from '../../../src/doctor/finding.js';
import { eventually } from './eventually.js';
import { type Namespace, near } from './namespace.js';
import { type Result, rtpsonde } from './program.js';
import { send } from './sender.js';

export interface Diagnosis {
  code: number;
  interface: string | null;
  exitCode: number;
  findings: Finding[];
  /** The level of one finding; undefined when the question did not come up. */
  level(id: string): Finding['level'] | undefined;
  /** The only finding of that id. */
  one(id: string): Finding;
}

export function diagnosisOf({ code, stdout, stderr }: Result): Diagnosis {
  if (stdout === '') throw new Error(`doctor said nothing: ${stderr}`);
  const said = JSON.parse(stdout) as Pick<Diagnosis, 'interface' | 'exitCode' | 'findings'>;
  const of = (id: string) => said.findings.filter((finding) => finding.id === id);
  return {
    ...said,
    code,
    level: (id) => of(id)[0]?.level,
    one: (id) => {
      const [finding, ...more] = of(id);
      if (finding === undefined || more.length > 0) throw new Error(`${id} stands ${of(id).length} times`);
      return finding;
    },
  };
}

/** Packet sockets that are bound in the namespace: the engine and the census have one each. */
function socketsIn(namespace: Namespace): number {
  return namespace.run(['cat', '/proc/net/packet']).stdout.trim().split('\n').length - 1;
}

/** Watches `near` for so many seconds; `capture` is sent as soon as doctor listens. */
export async function doctor(
  namespace: Namespace,
  { capture, seconds = 1, args = [] }: { capture?: string; seconds?: number; args?: string[] } = {},
): Promise<Diagnosis> {
  const words = ['doctor', '-i', near, '--json', '--seconds', String(seconds), ...args];
  const running = rtpsonde(words, { wrapper: namespace.wrapper });
  if (capture !== undefined) {
    await eventually('doctor to listen', () => socketsIn(namespace) >= 2);
    await send(capture, namespace);
  }
  return diagnosisOf(await running);
}

const FILE_HEADER = 24;
const RECORD_HEADER = 16;
const SOURCE_ADDRESS = 26;

/** Rewrites a pcap file of untagged Ethernet frames: `change` alters a frame in place, or drops it by false. */
export function rewrite(capture: string, change: (frame: Buffer) => boolean): string {
  const all = readFileSync(capture);
  const parts = [all.subarray(0, FILE_HEADER)];
  for (let at = FILE_HEADER; at < all.length; ) {
    const end = at + RECORD_HEADER + all.readUInt32LE(at + 8);
    const frame = all.subarray(at + RECORD_HEADER, end);
    if (change(frame)) parts.push(all.subarray(at, end));
    at = end;
  }
  const path = capture.replace(/\.pcap$/, '-rewritten.pcap');
  writeFileSync(path, Buffer.concat(parts));
  return path;
}

/** Source address of an untagged IPv4 frame, as a number. */
export const sourceOf = (frame: Buffer): number => frame.readUInt32BE(SOURCE_ADDRESS);

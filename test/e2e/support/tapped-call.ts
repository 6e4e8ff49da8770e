// One call of real clients over two bad legs, with the daemon at the SPAN port in
// the middle: what the daemon said, and what the legs did.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CaptureSummary, StreamSummary } from '../../../src/summary/schema.js';
import type { Legs, Truth } from './leg-truth.js';
import { near } from './namespace.js';
import { missing, type Peers } from './peers/process.js';
import { RunningDaemon } from './program.js';
import { readSummaries, type Scratch } from './scratch.js';
import { cannotImpair, TwoLegs } from './two-legs.js';

export interface Call {
  /** Also the name of the capture when it is recorded. */
  name: string;
  peers: Peers;
  legs: Legs;
  seconds: number;
}
export interface Tapped {
  streams: StreamSummary[];
  captures: CaptureSummary[];
  truth: Truth;
}

/** Makes the call; or tells why it cannot be made here. */
export async function tappedCall(call: Call, scratch: Scratch, record?: string): Promise<Tapped | string> {
  const why = missing(call.peers) ?? cannotImpair();
  if (why !== null) return why;
  const folder = scratch.path(call.name);
  mkdirSync(folder);
  const path = await TwoLegs.open(folder, call.legs);
  if (typeof path === 'string') return path;
  const out = join(folder, 'summaries.ndjson');
  const truth = await throughTap(call, path, scratch, out, record).finally(() => path.close());
  if (record !== undefined) writeFileSync(join(record, `${call.name}.json`), `${JSON.stringify(truth)}\n`);
  const summaries = readSummaries(out);
  return {
    streams: summaries.filter((summary): summary is StreamSummary => summary.kind === 'stream'),
    captures: summaries.filter((summary): summary is CaptureSummary => summary.kind === 'capture'),
    truth,
  };
}

/** Everything between the two hosts coming up and going away; what the legs did. */
async function throughTap(
  { name, peers, seconds }: Call,
  path: TwoLegs,
  scratch: Scratch,
  out: string,
  record?: string,
): Promise<Truth> {
  const daemon = await startDaemon(path, scratch, out);
  try {
    const recorder = record === undefined ? null : await startRecorder(path, join(record, `${name}.pcap`));
    await peers.call(path, scratch.path(name), seconds);
    // What was on its way when they hung up.
    await sleep(500);
    const truth = await path.endLegs();
    await recorder?.();
    const code = await daemon.stop();
    if (code !== 0) throw new Error(`the daemon has ended with ${code}: ${daemon.stderr}`);
    return truth;
  } finally {
    await daemon.kill();
  }
}

async function startDaemon(path: TwoLegs, scratch: Scratch, out: string): Promise<RunningDaemon> {
  const config = scratch.config({
    // A block is closed after 10 ms: many small ones bridge a longer pause of a loaded machine.
    capture: { interface: near, ringMiB: 8, blockKiB: 64 },
    measure: { windowSeconds: 5 },
    export: [{ type: 'file', path: out }],
  });
  const daemon = new RunningDaemon(config, { wrapper: path.middle.wrapper });
  await daemon.isMeasuring();
  return daemon;
}

/** Writes RTP and RTCP at the SPAN port to a file, in nanoseconds; gives what ends it. */
async function startRecorder(path: TwoLegs, file: string): Promise<() => Promise<void>> {
  const words = [...path.middle.wrapper, 'dumpcap', '-i', near, '-q', '-P', '-w', file, '-f', 'udp'];
  const dump = spawn(words[0]!, words.slice(1), { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  dump.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  while (!said.includes('File: ')) await Promise.race([once(dump.stderr, 'data'), once(dump, 'close')]);
  return async () => {
    dump.kill('SIGINT');
    await once(dump, 'close');
    chmodSync(file, 0o644);
  };
}

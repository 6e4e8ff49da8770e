// `rtpsonde demo`: the daemon proper on a capture that it makes itself, with a
// live table; what `npm start` runs.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { stringify } from 'yaml';
import { Daemon } from '../app.js';
import { parseConfig } from '../config/load.js';
import { outputError, RtpsondeError } from '../ops/errors.js';
import { createLog } from '../ops/logger.js';
import {
  codecNames,
  findCodec,
  type SimulateRequest,
  simulate,
  telephoneEventPayloadType,
  truthPath,
} from '../simulate/index.js';
import { parseCount, parseNumber } from '../simulate/units.js';
import { LiveView } from './live-view.js';

interface DemoOptions {
  dir: string;
  speed: string;
  calls?: string;
}

/** Adds the hidden `demo` command. */
export function registerDemo(program: Command): void {
  program
    .command('demo', { hidden: true })
    .description('simulate calls of different quality and measure them')
    .option('--dir <folder>', 'where capture and summaries go', '.demo')
    .option('--speed <factor>', 'replay speed; 1 is real time, 0 as fast as it goes', '3')
    .option('--calls <n>', 'number of calls; default: a few hundred')
    .action(demo);
}

async function demo({ dir, speed, calls }: DemoOptions): Promise<void> {
  const replaySpeed = parseNumber('--speed', speed);
  if (!(replaySpeed >= 0 && replaySpeed <= 10_000))
    throw new RtpsondeError('ERR_USAGE', `--speed ${speed}: a number from 0 to 10000 is wanted`);
  const request: SimulateRequest = {
    profile: 'demo',
    ...(calls !== undefined && { calls: parseCount('--calls', calls, 1) }),
  };
  const capture = join(dir, 'calls.pcap');
  const summaries = join(dir, 'summaries.ndjson');
  const { config } = parseConfig(demoConfig(capture, summaries, replaySpeed), join(dir, 'demo.yaml'));
  makeFolder(dir);
  // Those of an earlier run would be counted with the new ones.
  rmSync(summaries, { force: true });
  const { stdout } = process;
  stdout.write(`Simulating calls of different quality into ${capture} ...\n`);
  const { totals } = simulate(request, capture);
  const pace = replaySpeed === 0 ? 'as fast as it goes' : `at ${replaySpeed} times real speed`;
  stdout.write(
    `${totals.packets} packets, ${totals.streams} streams; through the daemon ${pace}, Ctrl-C ends:\n\n`,
  );

  const view = new LiveView(stdout);
  const daemon = new Daemon(config, createLog(config.log), {
    onLines: (lines) => view.add(lines.map((line) => line.parse())),
  });
  const stop = () => daemon.stop();
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  stdout.on('error', stop);
  try {
    await daemon.run();
  } finally {
    view.close();
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
  const lines = readFileSync(summaries, 'utf8').split('\n').length - 1;
  stdout.write(
    [
      '',
      `Done. ${lines} summaries went to ${summaries}, one JSON object a line.`,
      `  whole streams:       grep '"kind":"stream"' ${summaries} | head -1`,
      `  the same by hand:    node dist/main.js analyze ${capture}`,
      `  what was put in:     ${truthPath(capture)}`,
      '  on a mirror port:    see config/rtpsonde.example.yaml',
      '',
    ].join('\n'),
  );
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw outputError(folder, error);
  }
}

/** What the dynamic payload types of simulated calls mean; on a real network the operator knows. */
function dynamicPayloadTypes(): Record<string, string> {
  const types: Record<string, string> = { [telephoneEventPayloadType]: 'telephone-event/8000' };
  for (const name of codecNames) {
    const codec = findCodec(name);
    if (codec !== undefined && codec.payloadType >= 96)
      types[codec.payloadType] = `${name}/${codec.clockRate}`;
  }
  return types;
}

/** A configuration as an operator would write it, but for the source and the short windows. */
function demoConfig(capture: string, summaries: string, speed: number): string {
  return stringify({
    probe: { name: 'demo' },
    capture: { files: [resolve(capture)], replaySpeed: speed },
    measure: { windowSeconds: 2, payloadTypes: dynamicPayloadTypes() },
    export: [{ type: 'file', path: resolve(summaries) }],
    log: { level: 'warn' },
    metrics: { intervalSeconds: 0 },
  });
}

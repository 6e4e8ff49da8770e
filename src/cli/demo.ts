// `rtpsonde demo`: the daemon proper on a capture that it makes itself, with a
// live table; what `npm start` runs.
import { mkdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { stringify } from 'yaml';
import { Daemon } from '../app.js';
import { parseConfig } from '../config/load.js';
import { createLog } from '../ops/logger.js';
import { codecNames, findCodec, simulate, telephoneEventPayloadType } from '../simulate/index.js';
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
  mkdirSync(dir, { recursive: true });
  const capture = join(dir, 'calls.pcap');
  const summaries = join(dir, 'summaries.ndjson');
  process.stdout.write(`Simulating calls of different quality into ${capture} ...\n`);
  simulate({ profile: 'demo', ...(calls !== undefined && { calls: Number(calls) }) }, capture);

  const file = join(dir, 'rtpsonde.yaml');
  const { config } = parseConfig(demoConfig(capture, summaries, Number(speed)), file);
  const view = new LiveView(process.stdout);
  const daemon = new Daemon(config, createLog(config.log), { onSummaries: (all) => view.add(all) });
  const stop = () => daemon.stop();
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  try {
    await daemon.run();
  } finally {
    view.close();
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
  const lines = readFileSync(summaries, 'utf8').split('\n').length - 1;
  const here = (path: string) => relative(process.cwd(), path);
  process.stdout.write(
    [
      `\n${lines} summaries went to ${here(summaries)}, for example:`,
      `  grep '"kind":"stream"' ${here(summaries)} | head -1`,
      `The same capture by hand:  node dist/main.js analyze ${here(capture)}`,
      `What was put into it:      ${here(capture)}.truth.json`,
      '',
    ].join('\n'),
  );
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

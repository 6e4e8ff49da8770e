// An exporter as the configuration makes it, with real summaries to send.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { parseConfig } from '../../../src/config/load.js';
import { createExporter } from '../../../src/export/collectors.js';
import type { Exporter, SummaryLine } from '../../../src/export/exporter.js';
import { systemClock } from '../../../src/ops/clock.js';
import { lineOf } from '../../../src/summary/line.js';
import type { Summary } from '../../../src/summary/schema.js';
import { program, root } from '../../e2e/support/program.js';

const logger = { info: () => {}, warn: () => {}, error: () => {} };

/** @param yaml one entry of `export`, in flow or block style, without the dash */
export function exporterOf(yaml: string, environment: NodeJS.ProcessEnv = {}): Exporter {
  const entry = yaml.trim().replaceAll('\n', '\n    ');
  const text = `capture: {interface: eth1}\nexport:\n  - ${entry}\n`;
  const [options] = parseConfig(text, '/nowhere/rtpsonde.yaml', { environment }).config.export;
  if (options === undefined) throw new Error('no exporter');
  return createExporter(options, {
    clock: systemClock,
    logger,
    random: Math.random,
    version: '0.0.0',
    stdout: new PassThrough(),
    onStdoutClosed: () => {},
  });
}

/** Summaries of all kinds of a recorded call: windows, streams with reports of both sides, the capture. */
export function realSummaries(capture = 'linphone-two-legs.pcap'): {
  lines: SummaryLine[];
  summaries: Summary[];
} {
  const file = join(root, 'test/captures', capture);
  const text = execFileSync(process.execPath, [program, 'analyze', file, '--json', '--windows'], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const summaries = text
    .trim()
    .split('\n')
    .map((json) => JSON.parse(json) as Summary);
  return { summaries, lines: summaries.map((summary) => lineOf(summary)) };
}

/** As many summaries of windows as wanted, each with an id of its own. */
export function manyWindows(count: number): SummaryLine[] {
  const { summaries } = realSummaries();
  const windows = summaries.filter(({ kind }) => kind === 'window');
  return Array.from({ length: count }, (_, i) => {
    const summary = windows[i % windows.length] as Summary;
    return lineOf({ ...summary, id: `${summary.id}-${i}` });
  });
}

/** The text of a file of this repository. */
export const repositoryFile = (path: string) => readFileSync(join(root, path), 'utf8');

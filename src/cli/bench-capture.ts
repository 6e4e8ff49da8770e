// `rtpsonde bench-capture`: what this machine can capture and what it costs, on traffic of
// its own in a network namespace of its own.
import { type Command, Option } from 'commander';
import { isInside, makeCable, receiving, runInside } from '../bench/namespace.js';
import { bench } from '../bench/procedure.js';
import { type Consumer, consumers, defaultConsumers } from '../bench/receiver.js';
import { reportText } from '../bench/report.js';
import { defaults } from '../config/defaults.gen.js';
import { toEngineOptions } from '../config/engine-options.js';
import type { CaptureConfig } from '../config/schema.js';
import type { SenderKind } from '../native/bench.js';
import type { EngineOptions } from '../native/engine.js';
import { RtpsondeError } from '../ops/errors.js';
import { staticPayloadTypeOptions } from '../summary/context.js';
import { Output } from './output.js';

interface BenchCaptureOptions {
  streams: string;
  seconds: string;
  rate: string;
  rounds: string;
  consumers: string;
  ring: string;
  snapLength: string;
  generator: SenderKind | 'auto';
  json?: boolean;
}

/** A run that is not exact has this exit code. */
const EXIT_NOT_EXACT = 1;
const MOST_STREAMS = 1_000_000;

/** Adds the `bench-capture` command. */
export function registerBenchCapture(program: Command): void {
  program
    .command('bench-capture')
    .description('measure what this machine captures without drops and what a packet costs')
    .option('--streams <list>', `numbers of streams with commas, 1..${MOST_STREAMS}`, '1000,100000')
    .option('--seconds <s>', 'length of a run after its warm-up, 0.2..600', '3')
    .option('--rate <pps>', 'packets a second; max: search for the rate without drops, then flat out', 'max')
    .option('--rounds <n>', 'rounds with every consumer in turn, 1..100', '3')
    .option('--consumers <list>', `of ${consumers.join(', ')}`, defaultConsumers.join(','))
    .option('--ring <MiB>', 'capture.ringMiB of the configuration, 2..2048', `${defaults.capture.ringMiB}`)
    .option(
      '--snap-length <bytes>',
      'capture.snapLength of the configuration: 0 (whole packets) or 96..65535',
      `${defaults.capture.snapLength}`,
    )
    .addOption(
      new Option('--generator <kind>', 'live-frames: eBPF in the kernel; sendmmsg: slower')
        .choices(['auto', 'live-frames', 'sendmmsg'])
        .default('auto'),
    )
    .option('--json', 'print JSON, with every run')
    .addHelpText(
      'after',
      '\nAll traffic stays inside a network namespace that the command makes and that ends with it.\nRuns as root, or where users may have namespaces of their own (then with the slower generator).\n\nExample:\n  sudo rtpsonde bench-capture --streams 1000 --seconds 10',
    )
    .action(benchCapture);
}

async function benchCapture(options: BenchCaptureOptions): Promise<void> {
  const request = {
    streams: listOf(options.streams).map((text) => number('--streams', text, 1, MOST_STREAMS, true)),
    seconds: number('--seconds', options.seconds, 0.2, 600),
    rate: options.rate === 'max' ? null : number('--rate', options.rate, 1, 1e9, true),
    rounds: number('--rounds', options.rounds, 1, 100, true),
    consumers: listOf(options.consumers).map(consumerOf),
    sender: options.generator,
  };
  const capture = {
    ...defaults.capture,
    interface: receiving,
    ringMiB: number('--ring', options.ring, 2, 2048, true),
    snapLength:
      options.snapLength === '0' ? 0 : number('--snap-length', options.snapLength, 96, 65_535, true),
  };
  if (!isInside()) {
    process.exitCode = await runInside();
    return;
  }
  await makeCable();
  const output = new Output();
  const result = await bench({
    ...request,
    engine: (streams) => engineOptions(capture, streams),
    progress: (text) => process.stderr.write(`${text}\n`),
  });
  await output.write(options.json === true ? `${JSON.stringify(result, null, 2)}\n` : reportText(result));
  if (!result.exact) process.exitCode = EXIT_NOT_EXACT;
}

/** As the daemon measures when nothing else is configured; but it measures all, or drops. */
function engineOptions(capture: CaptureConfig, streams: number): EngineOptions {
  const measure = { ...defaults.measure, maxStreams: Math.max(defaults.measure.maxStreams, streams) };
  return toEngineOptions({ capture: { ...capture, overload: 'drop' }, measure }, staticPayloadTypeOptions);
}

const listOf = (text: string) => text.split(',').map((part) => part.trim());

function number(option: string, text: string, min: number, max: number, whole = false): number {
  const value = text === '' ? Number.NaN : Number(text);
  if (value >= min && value <= max && (!whole || Number.isInteger(value))) return value;
  throw new RtpsondeError(
    'ERR_USAGE',
    `${option} ${text}: expected a ${whole ? 'whole ' : ''}number from ${min} to ${max}`,
  );
}

function consumerOf(text: string): Consumer {
  const found = consumers.find((name) => name === text);
  if (found !== undefined) return found;
  throw new RtpsondeError('ERR_USAGE', `--consumers ${text}: expected some of ${consumers.join(', ')}`);
}

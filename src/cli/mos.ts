// `rtpsonde mos`: the E-model as a calculator, and the codec table.

import Table from 'cli-table3';
import { type Command, Option } from 'commander';
import { RtpsondeError } from '../ops/errors.js';
import { type Calculation, calculateMos } from '../quality/calculator.js';
import type { Codec, CodecTable } from '../quality/codecs.js';
import { defaultRatingSettings } from '../quality/mos-values.js';
import { BURST_RATIO_MAX } from '../quality/rate.js';
import type { MosAssumptions } from '../quality/rating-types.js';
import { mediaKind } from '../quality/static-payload-types.js';

interface MosOptions {
  codec?: string;
  loss: string;
  burstRatio: string;
  delay: string;
  mode: 'probe' | 'full';
  plc?: boolean;
  bitrate?: string;
  advantage: string;
  listCodecs?: boolean;
  json?: boolean;
}

const SCALE_NAMES = { NB: 'narrowband', WB: 'wideband', FB: 'fullband' } as const;

/** Adds the `mos` command. Its action throws an RtpsondeError (ERR_USAGE) for what it cannot compute. */
export function registerMos(program: Command): void {
  const command = program.command('mos');
  command
    .description('compute MOS and R by the E-model (ITU-T G.107, G.107.1, G.107.2)')
    .option('--codec <name>', 'codec, for example G.711, PCMA, G.729A, opus; "list" prints all')
    .option('--loss <percent>', 'packet loss, 0..100', '0')
    .option('--burst-ratio <ratio>', `burst ratio, 1 (random) .. ${BURST_RATIO_MAX}; narrowband only`, '1')
    .option('--delay <ms>', 'one-way mouth-to-ear delay, 0..10000', '0')
    .addOption(
      new Option('--mode <mode>', 'echo: none assumed, or the full path of Table 3; narrowband only')
        .choices(['probe', 'full'])
        .default('probe'),
    )
    .option('--plc', 'the receiver conceals loss (default)')
    .option('--no-plc', 'the receiver does not conceal loss')
    .option('--bitrate <kbit/s>', 'bit rate of a codec with several, for example AMR-WB or opus')
    .option('--advantage <a>', 'advantage factor A, 0..20; narrowband only', '0')
    .option('--list-codecs', 'print the codec table and where its values come from')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample:\n  rtpsonde mos --codec G.729A --loss 2 --delay 150 --mode full    R 70.5, MOS-CQ 3.62',
    )
    .action((options: MosOptions) => {
      const write = command.configureOutput().writeOut ?? ((text: string) => process.stdout.write(text));
      write(`${run(options)}\n`);
    });
}

function run(options: MosOptions): string {
  const settings = defaultRatingSettings();
  if (options.listCodecs === true || options.codec === 'list') {
    return options.json === true ? codecsJson(settings.codecs) : codecsText(settings.codecs);
  }
  const codec = findCodec(options.codec, settings.codecs);
  const result = calculateMos(
    {
      codec,
      lossPercent: number('--loss', options.loss, 0, 100, 'percent'),
      burstRatio: number('--burst-ratio', options.burstRatio, 1, BURST_RATIO_MAX),
      delayMs: number('--delay', options.delay, 0, 10000, 'ms'),
      bitrateKbps:
        options.bitrate === undefined ? null : number('--bitrate', options.bitrate, 1, 10000, 'kbit/s'),
    },
    {
      ...settings,
      echo: options.mode,
      packetLossConcealment: options.plc !== false,
      advantageFactor: number('--advantage', options.advantage, 0, 20),
    },
  );
  return options.json === true ? JSON.stringify(result, null, 2) : resultText(codec, result);
}

function findCodec(name: string | undefined, table: CodecTable): Codec {
  if (name === undefined || name.trim() === '') {
    throw new RtpsondeError('ERR_USAGE', 'mos needs --codec NAME; --list-codecs prints the names');
  }
  const codec = table.find(name);
  if (codec !== null) return codec;
  const kind = mediaKind(name);
  if (kind !== 'audio') throw new RtpsondeError('ERR_USAGE', `--codec ${name}: ${kind} has no MOS`);
  const near = table.suggest(name);
  const hint = near.length > 0 ? `did you mean ${near.join(', ')}?` : '--list-codecs prints the names';
  throw new RtpsondeError('ERR_USAGE', `--codec ${name}: no such codec; ${hint}`);
}

function number(option: string, text: string, min: number, max: number, unit = ''): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value >= min && value <= max) return value;
  throw new RtpsondeError(
    'ERR_USAGE',
    `${option} ${text}: must be a number from ${min} to ${max}${unit && ` ${unit}`}`,
  );
}

function resultText(codec: Codec, result: Calculation): string {
  const { assumptions, terms, scale } = result;
  if (scale === null || terms === null) return `${codec.name}\n\n${notesText(assumptions.notes)}`;
  const lines = [
    `${codec.name}, ${SCALE_NAMES[scale]}, ITU-T ${assumptions.model}`,
    '',
    row('MOS-CQ', result.cq, 2, `${result.rating}; with delay`),
    row('MOS-LQ', result.lq, 2, 'listening only, without delay'),
    row('R', result.r, 1, scale === 'NB' ? 'of 93.2 at best' : `of ${terms.ro} at best`),
  ];
  if (result.goodOrBetterPercent !== null && result.poorOrWorsePercent !== null) {
    lines.push(row('GoB', result.goodOrBetterPercent, 0, '% of users find it good or better'));
    lines.push(row('PoW', result.poorOrWorsePercent, 0, '% of users find it poor or worse'));
  }
  lines.push('', 'R is made of', row('Ro', terms.ro, 2, 'signal to noise'));
  if (terms.is !== null) lines.push(row('- Is', terms.is, 2, 'loudness, sidetone, quantization'));
  const echo =
    terms.idte === null || terms.idle === null
      ? 'pure delay'
      : `pure delay ${terms.idd.toFixed(2)}, talker echo ${terms.idte.toFixed(2)}, listener echo ${terms.idle.toFixed(2)}`;
  lines.push(row('- Id', terms.id, 2, echo), row('- Ie-eff', terms.ieEff, 2, 'codec and packet loss'));
  if (terms.a !== 0) lines.push(row('+ A', terms.a, 2, 'advantage of access'));
  return [...lines, '', 'Assumed', ...assumedText(assumptions), ...noteLines(assumptions.notes)].join('\n');
}

function assumedText(a: MosAssumptions): string[] {
  const kbps = a.codecBitrateKbps === null ? '' : `, ${a.codecBitrateKbps} kbit/s`;
  return [
    `  codec    ${a.codec}${kbps}: Ie ${a.ie}, Bpl ${a.bpl} (${a.confidence})`,
    `  source   ${a.ieSource}`,
    `  loss     ${a.lossPercent} %, ${a.burstRatio === null ? 'random' : `burst ratio ${a.burstRatio}`}, ${a.packetLossConcealment ? 'concealed' : 'not concealed'} by the receiver`,
    `  delay    ${a.delayMs} ms mouth to ear`,
    `  echo     ${a.echo === 'full' ? 'path of G.107 Table 3 (TELR 65 dB, WEPL 110 dB)' : 'none'}`,
  ];
}

function noteLines(notes: readonly string[]): string[] {
  return notes.length === 0 ? [] : ['', notesText(notes)];
}

function notesText(notes: readonly string[]): string {
  return notes.map((note) => `Note: ${note}`).join('\n');
}

function row(name: string, value: number | null, digits: number, comment: string): string {
  return `  ${name.padEnd(9)}${(value === null ? '-' : value.toFixed(digits)).padStart(7)}  ${comment}`;
}

const BORDERLESS = Object.fromEntries(
  [
    'top',
    'top-mid',
    'top-left',
    'top-right',
    'bottom',
    'bottom-mid',
    'bottom-left',
    'bottom-right',
    'left',
    'left-mid',
    'mid',
    'mid-mid',
    'right',
    'right-mid',
  ].map((part) => [part, '']),
);

function codecsText(codecs: CodecTable): string {
  const table = new Table({
    head: ['codec', 'RTP name', 'clock', 'band', 'kbit/s', 'Ie', 'Bpl', 'confidence', 'source'],
    colAligns: ['left', 'left', 'right', 'left', 'right', 'right', 'right', 'left', 'left'],
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 1 },
    chars: { ...BORDERLESS, middle: ' ' },
  });
  for (const codec of codecs.codecs) {
    for (const mode of codec.modes) {
      const bpl = mode.bplUnconcealed === null ? mode.bpl : `${mode.bpl} / ${mode.bplUnconcealed}`;
      table.push([
        codec.name,
        codec.encodingName ?? '-',
        codec.clockRate,
        codec.scale ?? '-',
        mode.bitrateKbps ?? '-',
        mode.ie ?? '-',
        bpl ?? '-',
        mode.confidence,
        mode.source,
      ]);
    }
  }
  const rows = table.toString().replace(/ +$/gm, '');
  return `${rows}\n\nIe: impairment without loss. Bpl: robustness against loss (with / without concealment).`;
}

function codecsJson(codecs: CodecTable): string {
  return JSON.stringify(codecs.codecs, null, 2);
}

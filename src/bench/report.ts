// The figures as a text that a person reads and publishes.
import type { Spread, StreamFigures } from './figures.js';
import type { BenchResult } from './procedure.js';
import type { Sustained } from './search.js';

const thousands = (value: number) => Math.round(value).toLocaleString('en-US');
const spreadText = ({ median, min, max }: Spread, digits: number) =>
  `${median.toFixed(digits)} [${min.toFixed(digits)}-${max.toFixed(digits)}]`;
const orDash = (value: Spread | null, digits: number) => (value === null ? '-' : spreadText(value, digits));

export function reportText(result: BenchResult): string {
  const { machine: m, capture, places } = result;
  const mib = capture.ringBytes / 2 ** 20;
  const lines = [
    `rtpsonde bench-capture, ${result.date}`,
    `  machine    ${m.cpu}, ${m.cpus} CPUs${m.virtual === true ? ' (virtual)' : ''}, ${m.memoryGiB} GiB, load ${m.load}`,
    `  system     Linux ${m.kernel} ${m.architecture}, Node ${m.node}`,
    `  generator  ${result.sender}; frames of 214 octets into a veth pair`,
    `  capture    TPACKET_V3, ring ${mib} MiB, snap length ${capture.snapLength}`,
    `  CPUs       ${places.generator < 0 ? 'not pinned' : `consumer ${places.consumer}, generator ${places.generator}`}`,
    `  method     ${result.rounds} rounds of ${result.seconds} s, consumers in turn; median [least-most]`,
  ];
  for (const figures of result.streams) lines.push('', ...streamLines(figures));
  const packets = result.runs.reduce((sum, { sent }) => sum + sent, 0);
  lines.push(
    '',
    result.exact
      ? `Exact: in each of ${result.runs.length} runs, ${thousands(packets)} packets in all, sent = taken + kernel drops, and taken = the sum of the fates.`
      : 'NOT EXACT: see the warnings.',
    ...result.warnings.map((warning) => `Warning: ${warning}`),
  );
  return `${lines.join('\n')}\n`;
}

function streamLines(figures: StreamFigures): string[] {
  const rows = figures.consumers.map((row) => [
    row.consumer,
    orDash(row.consumerNs, 1),
    orDash(row.consumerOverNull, 2),
    orDash(row.consumerLoad === null ? null : percent(row.consumerLoad), 0),
    spreadText(row.generatorNs, 0),
    row.socketNs === null ? '-' : row.socketNs.toFixed(0),
    orDash(row.wholePathNs, 0),
    orDash(row.wholePathOverNull, 2),
  ]);
  const head = ['consumer', 'ns/packet', 'x null', 'CPU %', 'kernel ns', 'socket ns', 'whole path', 'x null'];
  return [
    `${thousands(figures.streams)} streams at ${thousands(figures.rate)} packets/s`,
    ...table([head, ...rows]),
    ...(figures.sustained === null
      ? []
      : [
          `  without drops: null ${sustainedText(figures.sustained.null)}; full ${sustainedText(figures.sustained.full)}`,
        ]),
    ...goalLines(figures),
  ];
}

const percent = ({ median, min, max }: Spread): Spread => ({
  median: median * 100,
  min: min * 100,
  max: max * 100,
});

function sustainedText({ rate, firstDrop }: Sustained): string {
  return firstDrop === null
    ? `${thousands(rate)} packets/s, all that the generator sends`
    : `${thousands(rate)} packets/s (drops at ${thousands(firstDrop)})`;
}

function goalLines({ consumers, goals }: StreamFigures): string[] {
  const full = consumers.find(({ consumer }) => consumer === 'full');
  const lines = goals.map(
    ({ name, value, sign, limit, met }) =>
      `  ${name}: ${value.toFixed(2)} (goal: ${sign === '<=' ? 'at most' : 'at least'} ${limit}) ${met ? 'met' : 'MISSED'}`,
  );
  const socketPath = full?.socketPathOverNull ?? null;
  if (socketPath !== null)
    lines.push(`  full / null, socket and consumer without the rest of the path: ${socketPath.toFixed(2)}`);
  const alone = full?.consumerNs ?? null;
  if (alone !== null)
    lines.push(
      `  a CPU for full alone would be used up at ${thousands(1e9 / alone.median)} packets/s (derived)`,
    );
  return lines;
}

/** The first column to the left, the others to the right. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map(
    (row) =>
      `  ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  ')}`,
  );
}

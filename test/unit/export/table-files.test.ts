import { appendFileSync, existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fileSchema } from '../../../src/config/collectors/file.js';
import { file } from '../../../src/export/collectors/file.js';
import { csvForm } from '../../../src/export/csv.js';
import type { SummaryLine } from '../../../src/export/exporter.js';
import { makeParquet } from '../../../src/export/parquet-file.js';
import { lineOf } from '../../../src/summary/line.js';
import type { Summary } from '../../../src/summary/schema.js';
import { dependencies, temporaryFolder } from './support.js';

const never = new AbortController().signal;

function window(id: string, more: object = {}): SummaryLine {
  return lineOf({
    kind: 'window',
    id,
    windowStart: '2026-11-21T10:15:00.000000001Z',
    ...more,
  } as unknown as Summary);
}

function setUp(format: string, rotate: object = {}) {
  const folder = temporaryFolder();
  const deps = { ...dependencies(), version: '1', stdout: process.stdout, onStdoutClosed: () => {} };
  const path = join(folder, `summaries.${format}`);
  const options = fileSchema.parse({ type: 'file', path, format, rotate });
  const make = () => {
    const made = file.create({ ...options, name: 'file' }, deps);
    onTestFinished(() => made.close());
    return made;
  };
  const text = (name: string) => readFileSync(join(folder, name), 'utf8');
  const files = (end: string) =>
    readdirSync(folder)
      .filter((name) => name.endsWith(end))
      .sort();
  return { folder, make, exporter: make(), text, files, ...deps };
}

const header = csvForm('window').header?.toString() ?? '';
/** Only the first column: ids. */
const idsOf = (csv: string) =>
  csv
    .trimEnd()
    .split('\n')
    .map((record) => record.split(',')[0]);

async function rowsOf(path: string): Promise<Record<string, unknown>[]> {
  return parquetReadObjects({ file: await asyncBufferFromFile(path) });
}

describe('CSV', () => {
  it('has a header in every file, and a file for each kind', async () => {
    const { exporter, text, files, clock } = setUp('csv', { everySeconds: 10 });
    const stream = lineOf({ kind: 'stream', id: 's' } as Summary);
    await exporter.deliver([window('a'), stream, window('b')], never);
    await clock.advance(10_000);
    await exporter.deliver([window('c')], never);
    expect(files('.csv')).toEqual([
      'summaries-streams.csv',
      'summaries-windows-20261121T101510Z.csv',
      'summaries-windows.csv',
    ]);
    expect(idsOf(text('summaries-windows-20261121T101510Z.csv'))).toEqual(['id', 'a', 'b']);
    expect(idsOf(text('summaries-windows.csv'))).toEqual(['id', 'c']);
    expect(text('summaries-streams.csv').startsWith('id,schema_version,probe,end_reason,')).toBe(true);
  });

  it('goes on in a file of an earlier run, without half a record that a crash left', async () => {
    const { exporter, make, folder, text } = setUp('csv');
    await exporter.deliver([window('a')], never);
    await exporter.close();
    appendFileSync(join(folder, 'summaries-windows.csv'), 'half,2,"');
    await make().deliver([window('b')], never);
    expect(text('summaries-windows.csv').startsWith(header)).toBe(true);
    expect(idsOf(text('summaries-windows.csv'))).toEqual(['id', 'a', 'b']);
  });

  it('begins a new file when the old one has other columns', async () => {
    const { exporter, folder, files, text } = setUp('csv');
    writeFileSync(join(folder, 'summaries-windows.csv'), 'id,probe\nold,tap\n');
    await exporter.deliver([window('a')], never);
    expect(files('.csv')).toHaveLength(2);
    expect(text(files('.csv')[0] ?? '')).toBe('id,probe\nold,tap\n');
    expect(idsOf(text('summaries-windows.csv'))).toEqual(['id', 'a']);
  });

  it('quotes what needs it, and tells nothing from an empty text', async () => {
    const more = {
      probe: '',
      codec: 'a,"b"\r\nc',
      lost: 0,
      payloadTypes: [8, 101],
      mos: { assumptions: {} },
    };
    const [names = [], values = []] = [
      header,
      (await csvForm('window').encode([window('a', more)])).toString(),
    ].map((record) => record.trimEnd().match(/"(?:[^"]|"")*"|[^,]+|(?<=,|^)(?=,|$)/g) ?? []);
    const row = Object.fromEntries(names.map((name, i) => [name, values[i]]));
    expect(values).toHaveLength(names.length);
    expect(row).toMatchObject({
      probe: '""',
      codec: '"a,""b"" c"',
      lost: '0',
      loss_ratio: '',
      payload_types: '"[8,101]"',
      window_start: '2026-11-21T10:15:00.000000001Z',
    });
  });
});

describe('Parquet', () => {
  it('is made of the NDJSON when that is rotated, and again when the probe ends', async () => {
    const { exporter, folder, files, text, clock } = setUp('parquet', { everySeconds: 10 });
    await exporter.deliver(
      [window('a', { lost: 3, lossRatio: 0.5, oneWayAudio: true, payloadTypes: [8] })],
      never,
    );
    expect(text('summaries-windows.ndjson')).toContain('"id":"a"');
    await clock.advance(10_000);
    await exporter.deliver([window('b')], never);
    await expect.poll(() => files('.parquet')).toEqual(['summaries-windows-20261121T101510Z.parquet']);
    const [row] = await rowsOf(join(folder, 'summaries-windows-20261121T101510Z.parquet'));
    expect(row).toMatchObject({
      id: 'a',
      lost: 3n,
      loss_ratio: 0.5,
      one_way_audio: true,
      payload_types: [8],
      codec: null,
    });
    await exporter.close();
    expect(files('.parquet')).toHaveLength(2);
    expect(files('Z.ndjson')).toEqual([]);
  });

  it('is made of what an earlier run left, also when that was cut off in the midst of making it', async () => {
    const { exporter, make, folder, files } = setUp('parquet');
    const left = 'summaries-windows-20261121T090000Z';
    writeFileSync(join(folder, `${left}.ndjson`), `${window('left').json}\n`);
    writeFileSync(join(folder, `${left}.parquet`), 'PAR1 half');
    writeFileSync(join(folder, `${left}.parquet.part`), 'PAR1');
    await exporter.deliver([window('a')], never);
    await expect.poll(() => files('Z.ndjson')).toEqual([]);
    expect((await rowsOf(join(folder, `${left}.parquet`))).map(({ id }) => id)).toEqual(['left']);
    await exporter.close();
    // Killed with half a line in the journal.
    await make().deliver([window('b'), window('c')], never);
    const journal = join(folder, 'summaries-windows.ndjson');
    truncateSync(journal, readFileSync(journal).length - 5);
    const again = make();
    await again.deliver([window('c')], never);
    await again.close();
    const all = await Promise.all(files('.parquet').map((name) => rowsOf(join(folder, name))));
    expect(
      all
        .flat()
        .map(({ id }) => id)
        .sort(),
    ).toEqual(['a', 'b', 'c', 'left']);
  });

  it('is made once of a file that two exporters find, as in a reload', async () => {
    const { make, exporter, folder, files, logger } = setUp('parquet');
    const rows = Array.from({ length: 3000 }, (_, i) => `${window(`${i}`).json}\n`).join('');
    writeFileSync(join(folder, 'summaries-windows-20261121T090000Z.ndjson'), rows);
    await Promise.all([exporter.reopen?.(), make().reopen?.()]);
    await expect.poll(() => files('Z.ndjson'), { timeout: 20_000 }).toEqual([]);
    const made = await rowsOf(join(folder, 'summaries-windows-20261121T090000Z.parquet'));
    expect({ rows: made.length, said: logger.messages }).toEqual({ rows: 3000, said: [] });
  });

  it('keeps the NDJSON, and says so, when it cannot be made', async () => {
    const { exporter, folder, files, logger } = setUp('parquet');
    writeFileSync(join(folder, 'summaries-windows-20261121T090000Z.ndjson'), 'not JSON\n');
    await exporter.deliver([window('a')], never);
    await expect.poll(() => logger.messages.length).toBeGreaterThan(0);
    expect(logger.messages[0]).toContain('NDJSON is not made into Parquet and stays');
    expect(files('Z.ndjson')).toHaveLength(1);
  });

  it('deletes the oldest files beyond those to keep', async () => {
    const { exporter, folder, files, clock } = setUp('parquet', { everySeconds: 10, maxFiles: 2 });
    for (const id of ['a', 'b', 'c', 'd']) {
      await exporter.deliver([window(id)], never);
      await clock.advance(10_000);
    }
    await exporter.close();
    const rows = await Promise.all(files('.parquet').map((name) => rowsOf(join(folder, name))));
    expect(rows.flat().map(({ id }) => id)).toEqual(['c', 'd']);
  });

  it('has one row group for 5000 rows, of all columns', async () => {
    const folder = temporaryFolder();
    const [source, target] = [join(folder, 'a.ndjson'), join(folder, 'a.parquet')];
    const lines = Array.from({ length: 5001 }, (_, i) => `${window(`id-${i}`, { lost: i }).json}\n`);
    writeFileSync(source, lines.join(''));
    await makeParquet(source, target, 'window');
    const { row_groups } = await parquetMetadataAsync(await asyncBufferFromFile(target));
    expect(row_groups.map(({ num_rows }) => num_rows)).toEqual([5000n, 1n]);
    const rows = await rowsOf(target);
    expect(rows.map(({ id, lost }) => [id, lost])).toEqual(lines.map((_, i) => [`id-${i}`, BigInt(i)]));
    expect(existsSync(`${target}.part`)).toBe(false);
  });
});

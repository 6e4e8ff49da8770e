import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { DeliveryError, SummaryLine } from '../../../src/export/exporter.js';
import { FileExporter, type FileExporterOptions } from '../../../src/export/file-exporter.js';
import { dependencies, line, lines, START_MS, temporaryFolder } from './support.js';

const text = (batch: readonly SummaryLine[]) => batch.map(({ json }) => `${json}\n`).join('');

function setUp(rotate: Partial<FileExporterOptions['rotate']> = {}, path?: string) {
  const folder = temporaryFolder();
  const file = path ?? join(folder, 'rtpsonde.ndjson');
  const deps = dependencies();
  const make = () => {
    const options = { name: 'file', path: file, rotate: { maxBytes: 1_000_000, maxFiles: 3, ...rotate } };
    const made = new FileExporter(options, deps);
    onTestFinished(() => made.close());
    return made;
  };
  return { folder, file, make, exporter: make(), ...deps };
}

/** What a delivery threw. */
async function faultOf(delivery: Promise<void>): Promise<Pick<DeliveryError, 'code' | 'message' | 'remedy'>> {
  try {
    await delivery;
  } catch (error) {
    const { code, message, remedy } = error as DeliveryError;
    return { code, message, remedy };
  }
  throw new Error('delivered');
}

/** The next writes to any file take so many bytes each, then fail as on a full disk. */
async function fullDiskAfter(file: string, ...takes: number[]) {
  const handle = await open(file, 'a');
  const prototype = Object.getPrototypeOf(handle) as FileHandle;
  await handle.close();
  const write = prototype.write as (
    data: Buffer,
    offset: number,
    length?: number,
  ) => Promise<{ bytesWritten: number }>;
  const spy = vi.spyOn(prototype, 'write') as unknown as {
    mockImplementation(f: (this: FileHandle, data: Buffer, offset: number) => Promise<unknown>): void;
    mockRestore(): void;
  };
  spy.mockImplementation(function (this: FileHandle, data: Buffer, offset: number) {
    const take = takes.shift();
    if (take === undefined) {
      return Promise.reject(
        Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }),
      );
    }
    return write.call(this, data, offset, take);
  });
  onTestFinished(() => spy.mockRestore());
  return spy;
}

describe('the file exporter writes', () => {
  it('appends whole lines and makes the folder', async () => {
    const folder = temporaryFolder();
    const { exporter, file } = setUp({}, join(folder, 'a', 'b', 'rtpsonde.ndjson'));
    await exporter.deliver(lines(0, 2));
    await exporter.deliver(lines(2, 1));
    await exporter.close();
    expect(readFileSync(file, 'utf8')).toBe(text(lines(0, 3)));
  });

  it('goes on after the lines of an earlier run', async () => {
    const { make, file } = setUp();
    for (const first of [0, 3]) {
      const exporter = make();
      await exporter.deliver(lines(first, 3));
      await exporter.close();
    }
    expect(readFileSync(file, 'utf8')).toBe(text(lines(0, 6)));
  });

  it('cuts off half a line that a crash left', async () => {
    const { exporter, file } = setUp();
    writeFileSync(file, `${text(lines(0, 2))}{"kind":"window","id":"2"`);
    await exporter.deliver(lines(2, 1));
    expect(readFileSync(file, 'utf8')).toBe(text(lines(0, 3)));
  });

  it('ends a foreign last line and deletes nothing of it', async () => {
    const { exporter, file } = setUp();
    writeFileSync(file, 'first\nnot ours');
    await exporter.deliver(lines(0, 1));
    expect(readFileSync(file, 'utf8')).toBe(`first\nnot ours\n${text(lines(0, 1))}`);
  });

  it('writes a batch that is longer than one piece of encoding', async () => {
    const { exporter, file } = setUp({ maxBytes: 100_000_000 });
    const batch = Array.from({ length: 1000 }, (_, i) => line(i, 'stream', '\u20ac'.repeat(400)));
    await exporter.deliver(batch);
    expect(readFileSync(file, 'utf8')).toBe(text(batch));
  });

  it('opens the path again on reopen, as after logrotate', async () => {
    const { exporter, file, folder } = setUp();
    await exporter.deliver(lines(0, 1));
    renameSync(file, join(folder, 'moved'));
    await exporter.deliver(lines(1, 1));
    await exporter.reopen();
    await exporter.deliver(lines(2, 1));
    expect(readFileSync(join(folder, 'moved'), 'utf8')).toBe(text(lines(0, 2)));
    expect(readFileSync(file, 'utf8')).toBe(text(lines(2, 1)));
  });
});

describe('the file exporter on a full disk', () => {
  it('says so in one clear line that asks for a retry', async () => {
    const { exporter } = setUp({}, '/dev/full');
    expect(await faultOf(exporter.deliver(lines(0, 2)))).toEqual({
      code: 'ERR_OUTPUT_FULL',
      message: '/dev/full: no space left on device',
      remedy: 'retry',
    });
  });

  it('takes back what was written of the batch, and writes it whole when there is room', async () => {
    const { exporter, file } = setUp();
    await exporter.deliver(lines(0, 2));
    const disk = await fullDiskAfter(file, 30, 40);
    expect(await faultOf(exporter.deliver(lines(2, 2)))).toMatchObject({
      code: 'ERR_OUTPUT_FULL',
      remedy: 'retry',
    });
    expect(readFileSync(file, 'utf8')).toBe(text(lines(0, 2)));
    disk.mockRestore();
    await exporter.deliver(lines(2, 2));
    expect(readFileSync(file, 'utf8')).toBe(text(lines(0, 4)));
  });

  it('goes on after writes that took only a part', async () => {
    const { exporter, file } = setUp();
    await exporter.deliver(lines(0, 1));
    const size = text(lines(1, 1)).length;
    await fullDiskAfter(file, 5, 10, size - 15);
    await exporter.deliver(lines(1, 1));
    expect(readFileSync(file, 'utf8')).toBe(text(lines(0, 2)));
  });

  it('takes back only its own bytes when somebody emptied the file before', async () => {
    const { exporter, file } = setUp();
    await exporter.deliver(lines(0, 5));
    truncateSync(file);
    appendFileSync(file, 'new\n');
    await fullDiskAfter(file, 7);
    await faultOf(exporter.deliver(lines(5, 1)));
    expect(readFileSync(file, 'utf8')).toBe('new\n');
  });
});

describe('the file exporter names what is wrong', () => {
  it('with a folder in place of the file', async () => {
    const { exporter, file } = setUp();
    mkdirSync(file);
    expect(await faultOf(exporter.reopen())).toEqual({
      code: 'ERR_OUTPUT',
      message: `${file}: is a directory`,
      remedy: 'retry',
    });
  });

  it('with a file in place of the folder', async () => {
    const { file, folder } = setUp();
    writeFileSync(file, '');
    const { exporter } = setUp({}, join(folder, 'rtpsonde.ndjson', 'x.ndjson'));
    expect(await faultOf(exporter.deliver(lines(0, 1)))).toMatchObject({
      code: 'ERR_OUTPUT',
      remedy: 'retry',
    });
  });
});

describe('the file exporter rotates', () => {
  const names = (folder: string) => readdirSync(folder).sort();

  it('before a batch that would make the file too large, and keeps the newest files', async () => {
    const { exporter, folder, clock } = setUp({ maxBytes: 100, maxFiles: 3 });
    for (let i = 0; i < 5; i++) {
      await exporter.deliver(lines(2 * i, 2));
      await clock.advance(60_000);
    }
    expect(names(folder)).toEqual([
      'rtpsonde-20261121T101800Z.ndjson',
      'rtpsonde-20261121T101900Z.ndjson',
      'rtpsonde.ndjson',
    ]);
    expect(readFileSync(join(folder, 'rtpsonde-20261121T101800Z.ndjson'), 'utf8')).toBe(text(lines(4, 2)));
    expect(readFileSync(join(folder, 'rtpsonde-20261121T101900Z.ndjson'), 'utf8')).toBe(text(lines(6, 2)));
    expect(readFileSync(join(folder, 'rtpsonde.ndjson'), 'utf8')).toBe(text(lines(8, 2)));
  });

  it('several times in a second, and in order when the clock was set back, also after a restart', async () => {
    const { make, folder, clock } = setUp({ maxBytes: 1, maxFiles: 10 });
    const write = async (first: number) => {
      const exporter = make();
      await exporter.deliver(lines(first, 1));
      await exporter.close();
    };
    for (let i = 0; i < 13; i++) await write(i);
    clock.wallOffsetMs = -3_600_000;
    await write(13);
    clock.wallOffsetMs = 3_600_000;
    await write(14);
    expect(names(folder)).toEqual([
      'rtpsonde-20261121T101500Z-10.ndjson',
      'rtpsonde-20261121T101500Z-11.ndjson',
      'rtpsonde-20261121T101500Z-12.ndjson',
      'rtpsonde-20261121T101500Z-5.ndjson',
      'rtpsonde-20261121T101500Z-6.ndjson',
      'rtpsonde-20261121T101500Z-7.ndjson',
      'rtpsonde-20261121T101500Z-8.ndjson',
      'rtpsonde-20261121T101500Z-9.ndjson',
      'rtpsonde-20261121T111500Z.ndjson',
      'rtpsonde.ndjson',
    ]);
    expect(readFileSync(join(folder, 'rtpsonde-20261121T101500Z-12.ndjson'), 'utf8')).toBe(
      text(lines(12, 1)),
    );
    expect(readFileSync(join(folder, 'rtpsonde-20261121T111500Z.ndjson'), 'utf8')).toBe(text(lines(13, 1)));
  });

  it('on the hour when told to, also when the file is from an earlier run', async () => {
    const { make, folder, clock, file } = setUp({ everySeconds: 3600 });
    const first = make();
    await first.deliver(lines(0, 1));
    await clock.advance(44 * 60_000);
    await first.deliver(lines(1, 1));
    await first.close();
    // The file system knows no fake clock: 10:59 was the last write.
    utimesSync(file, (START_MS + 44 * 60_000) / 1000, (START_MS + 44 * 60_000) / 1000);
    await clock.advance(60_000);
    await make().deliver(lines(2, 1));
    expect(names(folder)).toEqual(['rtpsonde-20261121T110000Z.ndjson', 'rtpsonde.ndjson']);
    expect(readFileSync(join(folder, 'rtpsonde-20261121T110000Z.ndjson'), 'utf8')).toBe(text(lines(0, 2)));
  });

  it('and touches no file with another name', async () => {
    const { exporter, folder, clock } = setUp({ maxBytes: 1, maxFiles: 2 });
    const others = [
      'rtpsonde-old.ndjson',
      'rtpsonde-20200101T000000Z.json',
      'xrtpsonde-20200101T000000Z.ndjson',
    ];
    for (const name of others) writeFileSync(join(folder, name), '');
    for (let i = 0; i < 3; i++) {
      await exporter.deliver(lines(i, 1));
      await clock.advance(1000);
    }
    expect(names(folder)).toEqual([...others, 'rtpsonde-20261121T101502Z.ndjson', 'rtpsonde.ndjson'].sort());
  });

  it('and goes on when somebody moved the file away before', async () => {
    const { exporter, file, folder } = setUp({ maxBytes: 1 });
    await exporter.deliver(lines(0, 1));
    renameSync(file, join(folder, 'moved'));
    await exporter.deliver(lines(1, 1));
    expect(readFileSync(file, 'utf8')).toBe(text(lines(1, 1)));
  });

  it('never a device', async () => {
    const { exporter } = setUp({ maxBytes: 1, everySeconds: 1 }, '/dev/null');
    await exporter.deliver(lines(0, 1));
    await exporter.deliver(lines(1, 1));
    expect(existsSync('/dev/null') && statSync('/dev/null').isCharacterDevice()).toBe(true);
  });
});

it('the file exporter writes one batch after the other, and none after it was closed', async () => {
  const { exporter, file } = setUp();
  await Promise.all([exporter.deliver(lines(0, 50)), exporter.reopen(), exporter.deliver(lines(50, 50))]);
  const orders = [text(lines(0, 100)), text([...lines(50, 50), ...lines(0, 50)])];
  const written = readFileSync(file, 'utf8');
  expect(orders).toContain(written);
  await exporter.close();
  expect(await faultOf(exporter.deliver(lines(100, 1)))).toMatchObject({ remedy: 'retry' });
  expect(readFileSync(file, 'utf8')).toBe(written);
});

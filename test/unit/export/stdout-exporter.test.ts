import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { PassThrough, Writable } from 'node:stream';
import { expect, it, onTestFinished } from 'vitest';
import { StdoutExporter } from '../../../src/export/stdout-exporter.js';
import type { RtpsondeError } from '../../../src/ops/errors.js';
import { lines, settle } from './support.js';

function setUp(stream: Writable) {
  const closedBy: RtpsondeError[] = [];
  const exporter = new StdoutExporter({ name: 'stdout', stream, onClosed: (error) => closedBy.push(error) });
  return { exporter, closedBy };
}

const never = new AbortController().signal;
const text = lines(0, 2)
  .map(({ json }) => `${json}\n`)
  .join('');

it('writes whole lines to standard output', async () => {
  const stream = new PassThrough();
  await setUp(stream).exporter.deliver(lines(0, 2), never);
  expect(String(stream.read())).toBe(text);
});

it('waits for a slow reader, and gives up when told to stop', async () => {
  let taken = () => {};
  const slow = new Writable({
    write(_chunk, _encoding, done) {
      taken = done;
    },
  });
  const { exporter } = setUp(slow);
  let isDelivered = false;
  const delivered = exporter.deliver(lines(0, 2), never).then(() => {
    isDelivered = true;
  });
  await settle();
  expect(isDelivered).toBe(false);
  taken();
  await delivered;

  const stop = new AbortController();
  const second = exporter.deliver(lines(0, 2), stop.signal);
  await settle();
  stop.abort();
  await expect(second).rejects.toMatchObject({ code: 'ERR_OUTPUT' });
});

it('tells the app once when the reader goes away, and drops what comes later', async () => {
  // A real pipe whose other end is closed.
  const reader = spawn('sh', ['-c', 'exec <&-; echo closed; exec sleep 10'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  onTestFinished(() => void reader.kill());
  await once(reader.stdout, 'data');
  const { exporter, closedBy } = setUp(reader.stdin);
  const dropped = { code: 'ERR_OUTPUT_PIPE', remedy: 'drop', retryable: false };
  await expect(exporter.deliver(lines(0, 2), never)).rejects.toMatchObject({
    ...dropped,
    message: 'standard output: the reader went away',
  });
  await expect(exporter.deliver(lines(2, 2), never)).rejects.toMatchObject(dropped);
  expect(closedBy.map(({ code }) => code)).toEqual(['ERR_OUTPUT_PIPE']);
});

it('tells the app when standard output goes to a full disk', async () => {
  const { exporter, closedBy } = setUp(createWriteStream('/dev/full'));
  await expect(exporter.deliver(lines(0, 2), never)).rejects.toMatchObject({
    code: 'ERR_OUTPUT_FULL',
    message: 'standard output: no space left on device',
    remedy: 'drop',
  });
  expect(closedBy.map(({ code }) => code)).toEqual(['ERR_OUTPUT_FULL']);
});

it('leaves no listener behind that calls back, and none missing', async () => {
  const stream = new PassThrough();
  const { exporter, closedBy } = setUp(stream);
  for (let i = 0; i < 20; i++) await setUp(stream).exporter.close();
  await exporter.close();
  expect(stream.listenerCount('error')).toBe(1);
  stream.destroy(new Error('late'));
  await settle();
  expect(closedBy).toEqual([]);
});

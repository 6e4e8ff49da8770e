import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Output } from '../../../src/cli/output.js';
import { RtpsondeError } from '../../../src/ops/errors.js';

type Done = (error?: Error | null) => void;

function streamOf(write: (text: string, done: Done) => void, highWaterMark = 4): NodeJS.WriteStream {
  return new Writable({
    highWaterMark,
    decodeStrings: false,
    write: (chunk, _encoding, done) => write(String(chunk), done),
  }) as unknown as NodeJS.WriteStream;
}

const fault = (code: string) => Object.assign(new Error(`${code}: no`), { code });

describe('standard output of commands', () => {
  it('waits for a slow reader', async () => {
    const pending: Done[] = [];
    const output = new Output(streamOf((_, done) => pending.push(done)));
    let written = false;
    const writing = output.write('more than four bytes').then(() => {
      written = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(written).toBe(false);
    pending.shift()!();
    await writing;
    expect(written).toBe(true);
  });

  it('is flushed when the system has everything', async () => {
    let text = '';
    const output = new Output(
      streamOf((part, done) => {
        text += part;
        setTimeout(done, 1);
      }, 1000),
    );
    await output.write('one ');
    await output.write('two');
    await output.flush();
    expect(text).toBe('one two');
  });

  for (const [code, error] of [
    ['EPIPE', new RtpsondeError('ERR_OUTPUT_PIPE', 'standard output: the reader went away')],
    ['ENOSPC', new RtpsondeError('ERR_OUTPUT_FULL', 'standard output: no space left on device')],
  ] as const) {
    it(`fails with ${error.code} on ${code}, also those who wait, and from then on`, async () => {
      const output = new Output(streamOf((_, done) => setTimeout(() => done(fault(code)), 1)));
      await expect(output.write('more than four bytes')).rejects.toEqual(error);
      await expect(output.write('x')).rejects.toEqual(error);
      await expect(output.flush()).rejects.toEqual(error);
    });
  }
});

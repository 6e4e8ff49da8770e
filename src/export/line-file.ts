// An append-only file of whole lines: a write that fails half-way is taken
// back, and half a line left by a crash is cut off when the file is opened.
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Owner writes, group reads, as for logs. */
const FILE_MODE = 0o640;

/** Looked at from the end for the last newline; longer than any line of ours. */
const TAIL_BYTES = 1024 * 1024;

const NEWLINE = 0x0a;
const BRACE = 0x7b;

export class LineFile {
  readonly #handle: FileHandle;
  /** False for /dev/stderr and the like: no size, no rotation. */
  readonly isRegular: boolean;
  /** When the last line of an earlier run was written, wall clock in ms; null for an empty file. */
  readonly lastWriteMs: number | null;
  /** False when it holds something else than what its header tells. */
  readonly hasHeader: boolean;
  #bytes: number;

  private constructor(
    handle: FileHandle,
    isRegular: boolean,
    bytes: number,
    lastWriteMs: number | null,
    hasHeader: boolean,
  ) {
    this.hasHeader = hasHeader;
    this.#handle = handle;
    this.isRegular = isRegular;
    this.#bytes = bytes;
    this.lastWriteMs = lastWriteMs;
  }

  /**
   * Opens for appending; makes the file and its folder. Throws the errors of node:fs.
   * @param header what a file of ours begins with; half a line is then known to be ours too. Null for none
   */
  static async open(path: string, header: Buffer | null = null): Promise<LineFile> {
    await mkdir(dirname(path), { recursive: true });
    const { O_APPEND, O_CREAT, O_RDWR, O_NONBLOCK } = constants;
    // Reading is for the end of what an earlier run left; O_NONBLOCK so that a named pipe does not hang here.
    const handle = await open(path, O_RDWR | O_APPEND | O_CREAT | O_NONBLOCK, FILE_MODE);
    try {
      const stat = await handle.stat();
      if (stat.isFIFO()) throw new Error('is a named pipe, where half a line cannot be taken back');
      const { mtimeMs, size } = stat;
      const isRegular = stat.isFile();
      const isOurs = header !== null && isRegular && (await beginsWith(handle, header));
      const bytes = isRegular ? await endOnNewline(handle, size, isOurs) : 0;
      return new LineFile(
        handle,
        isRegular,
        bytes,
        bytes === 0 ? null : mtimeMs,
        header === null || isOurs || bytes === 0,
      );
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** Bytes in the file, as far as this process knows. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Appends all of it or nothing. Throws the errors of node:fs. */
  async append(data: Buffer): Promise<void> {
    let written = 0;
    try {
      while (written < data.length) {
        const { bytesWritten } = await this.#handle.write(data, written);
        written += bytesWritten;
      }
    } catch (error) {
      if (written > 0 && this.isRegular) await this.#takeBack(written);
      throw error;
    }
    this.#bytes += written;
  }

  async sync(): Promise<void> {
    if (this.isRegular) await this.#handle.datasync();
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  /** Cuts off the last `count` bytes. */
  async #takeBack(count: number): Promise<void> {
    // The size of now: somebody may have emptied the file since it was opened (logrotate's copytruncate).
    const { size } = await this.#handle.stat();
    await this.#handle.truncate(Math.max(0, size - count));
  }
}

async function beginsWith(handle: FileHandle, header: Buffer): Promise<boolean> {
  const start = Buffer.alloc(header.length);
  const { bytesRead } = await handle.read(start, 0, start.length, 0);
  return bytesRead === header.length && start.equals(header);
}

/**
 * Makes the file end on a newline. Returns its size then.
 * @param isOurs whether half a line is known to be one of ours
 */
async function endOnNewline(handle: FileHandle, size: number, isOurs: boolean): Promise<number> {
  if (size === 0) return 0;
  const start = Math.max(0, size - TAIL_BYTES);
  const tail = Buffer.alloc(size - start);
  await handle.read(tail, 0, tail.length, start);
  if (tail.at(-1) === NEWLINE) return size;
  const lineStart = tail.lastIndexOf(NEWLINE) + 1;
  // Half a summary can go: it was never counted as delivered. Anything else in
  // the file is not ours to delete, and is only ended.
  if ((isOurs || tail[lineStart] === BRACE) && (lineStart > 0 || start === 0)) {
    await handle.truncate(start + lineStart);
    return start + lineStart;
  }
  await handle.write('\n');
  return size + 1;
}

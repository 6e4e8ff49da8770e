// How far a collector has acknowledged, on disk: two slots written in turn, so
// that a crash while one is written leaves the other.
//
//   slot   0  4  "cur1"
//          4  4  CRC-32 of what follows
//          8  8  generation: the higher one counts
//         16  8  sequence number of the first record that is not acknowledged
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

interface Slot {
  generation: bigint;
  sequence: number;
}

const SLOT_BYTES = 24;
const MARK = 0x31727563;

export class CursorFile {
  #generation = 0n;

  private constructor(
    private readonly file: FileHandle,
    /** As it was found; 0 when nothing was ever acknowledged. */
    readonly found: number,
  ) {}

  /** Opens or makes it. Rejects with a system error. */
  static async open(path: string): Promise<CursorFile> {
    const file = await open(path, 'r+').catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      return open(path, 'wx+', 0o640);
    });
    const slot = await lastSlot(file);
    const cursor = new CursorFile(file, slot?.sequence ?? 0);
    cursor.#generation = slot?.generation ?? 0n;
    return cursor;
  }

  /** What a cursor file says now, whoever may be writing it; 0 when there is none. Rejects with a system error. */
  static async read(path: string): Promise<number> {
    const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (file === null) return 0;
    const slot = await lastSlot(file).finally(() => file.close());
    return slot?.sequence ?? 0;
  }

  /** Sets it. Rejects with a system error; it then stays as it was. */
  async write(sequence: number): Promise<void> {
    const generation = this.#generation + 1n;
    const slot = Buffer.alloc(SLOT_BYTES);
    slot.writeUInt32LE(MARK, 0);
    slot.writeBigUInt64LE(generation, 8);
    slot.writeBigUInt64LE(BigInt(sequence), 16);
    slot.writeUInt32LE(crc32(slot.subarray(8)), 4);
    await this.file.write(slot, 0, SLOT_BYTES, Number(generation % 2n) * SLOT_BYTES);
    this.#generation = generation;
  }

  async sync(): Promise<void> {
    await this.file.datasync();
  }

  async close(): Promise<void> {
    await this.file.close();
  }
}

async function lastSlot(file: FileHandle): Promise<Slot | null> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(2 * SLOT_BYTES), 0, 2 * SLOT_BYTES, 0);
  const slots = [0, SLOT_BYTES]
    .filter((at) => at + SLOT_BYTES <= bytesRead)
    .map((at) => slotAt(buffer, at))
    .filter((slot) => slot !== null)
    .sort((a, b) => (a.generation < b.generation ? 1 : -1));
  return slots[0] ?? null;
}

function slotAt(bytes: Buffer, at: number): Slot | null {
  const slot = bytes.subarray(at, at + SLOT_BYTES);
  if (slot.readUInt32LE(0) !== MARK || slot.readUInt32LE(4) !== crc32(slot.subarray(8))) return null;
  return { generation: slot.readBigUInt64LE(8), sequence: Number(slot.readBigUInt64LE(16)) };
}

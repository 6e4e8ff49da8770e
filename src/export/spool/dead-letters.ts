// Summaries that a collector refused for good, with its reason: one JSON object a
// line, {"at", "code", "reason", "summary"}, to be looked at and sent again by hand.
import { mkdir, open, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { SummaryLine } from '../exporter.js';
import type { Rejection } from '../pending-store.js';

const MOST_BYTES = 16 * 1024 * 1024;
export const DEAD_LETTERS = 'dead-letters.ndjson';

export class DeadLetters {
  readonly #path: string;

  constructor(private readonly folder: string) {
    this.#path = join(folder, DEAD_LETTERS);
  }

  /** Sets lines aside; of the file that is full one generation is kept, as `.1`. Rejects with a system error. */
  async add(lines: readonly SummaryLine[], { code, message }: Rejection, nowMs: number): Promise<void> {
    const head = JSON.stringify({ at: new Date(nowMs).toISOString(), code, reason: message }).slice(0, -1);
    const text = lines.map((line) => `${head},"summary":${line.json}}\n`).join('');
    await mkdir(this.folder, { recursive: true, mode: 0o750 });
    const size = await stat(this.#path).then(
      (found) => found.size,
      () => 0,
    );
    if (size > 0 && size + text.length > MOST_BYTES) await rename(this.#path, `${this.#path}.1`);
    const file = await open(this.#path, 'a', 0o640);
    try {
      await file.appendFile(text);
      await file.datasync();
    } finally {
      await file.close();
    }
  }
}

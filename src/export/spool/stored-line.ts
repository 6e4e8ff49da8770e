// A summary that came back from the spool.
import type { SummaryKind, SummaryLine } from '../exporter.js';

export class StoredLine implements SummaryLine {
  /** @param bytes the summary as JSON in UTF-8, with its newline; not changed while the line is used */
  constructor(
    readonly kind: SummaryKind,
    readonly id: string,
    private readonly bytes: Buffer,
  ) {}

  get length(): number {
    return this.bytes.length;
  }

  copyTo(target: Buffer, at: number): void {
    this.bytes.copy(target, at);
  }

  /** Its memory is its own. */
  retain(): void {}

  release(): void {}

  get json(): string {
    return this.bytes.toString('utf8', 0, this.bytes.length - 1);
  }
}

// One summary on its way out, as the bytes that are sent.
import { Chunk } from './chunk.js';
import type { Summary } from './schema.js';

/** Its bytes lie beside those of other lines: who keeps a line retains it, or they are overwritten. */
export class SummaryLine {
  /**
   * @param chunk holds the whole summary as JSON in UTF-8, with a newline at its end
   * @param from where it begins in the chunk
   * @param to where it ends
   * @param idAt where its id lies from there on, quotes included
   */
  constructor(
    readonly kind: Summary['kind'],
    private readonly chunk: Chunk,
    private readonly from: number,
    private readonly to: number,
    private readonly idAt: number,
    private readonly idBytes: number,
  ) {}

  /** Stable: the same summary delivered again has the same id. */
  get id(): string {
    const at = this.from + this.idAt;
    return JSON.parse(this.chunk.bytes.toString('utf8', at, at + this.idBytes)) as string;
  }

  /** Bytes, with the newline. */
  get length(): number {
    return this.to - this.from;
  }

  /** Copies them to `target` from `at` on. */
  copyTo(target: Buffer, at: number): void {
    this.chunk.bytes.copy(target, at, this.from, this.to);
  }

  /** To be called by whoever keeps the line. */
  retain(): void {
    this.chunk.retain();
  }

  /** To be called once by whoever has retained it, and does not read it any more. */
  release(): void {
    this.chunk.release();
  }

  /** The text without the newline. */
  get json(): string {
    return this.chunk.bytes.toString('utf8', this.from, this.to - 1);
  }

  /** The summary as an object; dear, for those who look at few. */
  parse(): Summary {
    return JSON.parse(this.json) as Summary;
  }
}

/** Lines as one piece of text. */
export function joinLines(lines: readonly SummaryLine[]): Buffer {
  const text = Buffer.allocUnsafe(lines.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const line of lines) {
    line.copyTo(text, at);
    at += line.length;
  }
  return text;
}

/** A line of an object that is at hand. */
export function lineOf(summary: Pick<Summary, 'kind' | 'id'>): SummaryLine {
  const id = Buffer.from(JSON.stringify(summary.id));
  const bytes = Buffer.from(`${JSON.stringify(summary)}\n`);
  return new SummaryLine(summary.kind, new Chunk(bytes, null), 0, bytes.length, bytes.indexOf(id), id.length);
}

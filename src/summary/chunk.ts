// The memory that lines lie in. Chunks that nobody uses any more are written again: 350 MB of new ones
// for every window of 100,000 streams would keep the collector of garbage busy.

const CHUNK_BYTES = 1024 * 1024;
/** Chunks that wait to be used again; a window of 10,000 streams takes half as many. */
const MOST_SPARE = 64;

export class Chunk {
  readonly view: DataView;
  #users = 1;

  /** @param pool takes it back when it is not used any more; null for none */
  constructor(
    readonly bytes: Buffer,
    private readonly pool: ChunkPool | null,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** Whoever keeps a line beyond the call that brought it uses its chunk. */
  retain(): void {
    this.#users++;
  }

  /** Who has retained it says once that it is done. Without that the collector of garbage takes it. */
  release(): void {
    if (--this.#users === 0) this.pool?.give(this);
  }
}

export class ChunkPool {
  readonly #spare: Chunk[] = [];

  /** A chunk of at least so many bytes, used once: by the caller. */
  take(bytes: number): Chunk {
    const spare = bytes <= CHUNK_BYTES ? this.#spare.pop() : undefined;
    if (spare === undefined) return new Chunk(Buffer.allocUnsafeSlow(Math.max(bytes, CHUNK_BYTES)), this);
    spare.retain();
    return spare;
  }

  give(chunk: Chunk): void {
    if (this.#spare.length < MOST_SPARE && chunk.bytes.length === CHUNK_BYTES) this.#spare.push(chunk);
  }
}

// Takes sealed blocks from the engine as they come and hands them on one at a
// time; a block's memory is given back when its consumer is done.
import { Block } from '../native/block.js';
import type { Engine, EngineStats } from '../native/engine.js';
import { RtpsondeError } from '../ops/errors.js';

/** How long an idle pump waits before it looks again, ms. */
const POLL_MS = 20;

export class BlockPump {
  #stopped = false;
  #wake: (() => void) | undefined;

  constructor(
    readonly engine: Engine,
    private readonly consume: (block: Block) => Promise<void>,
  ) {}

  /**
   * Runs until the source has ended, or `stop()` was called, and every block is consumed.
   * @throws RtpsondeError when the engine failed
   */
  async run(): Promise<EngineStats> {
    for (;;) {
      // The order matters: what ended before the last take has left nothing behind.
      const stats = this.engine.stats();
      const buffer = this.engine.take();
      if (buffer !== null) {
        try {
          await this.consume(new Block(buffer));
        } finally {
          this.engine.release(buffer);
        }
        continue;
      }
      if (stats.ended) {
        if (stats.error !== null) throw new RtpsondeError('ERR_ENGINE_FAULT', stats.error.message);
        return stats;
      }
      if (!this.#stopped) await this.#pause();
    }
  }

  /** Lets the engine seal what is open; `run()` returns when that is consumed. */
  stop(): void {
    this.#stopped = true;
    this.engine.stop();
    this.#wake?.();
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, POLL_MS);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

// Takes sealed blocks from the engine as they come and hands them on one at a
// time; a block's memory is given back when its consumer is done.
import { Block } from '../native/block.js';
import type { Engine, EngineStats } from '../native/engine.js';
import { RtpsondeError } from '../ops/errors.js';

/**
 * How long an idle pump waits before it looks again, ms: ever longer, so that a
 * file is not held up by its short windows and a quiet interface costs nothing.
 */
const POLL_MS = { first: 1, last: 20 };

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

export class BlockPump {
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
    let pauseMs = POLL_MS.first;
    for (;;) {
      // The order matters: what ended before the last take has left nothing behind.
      const stats = this.engine.stats();
      const buffer = this.engine.take();
      if (buffer !== null) {
        pauseMs = POLL_MS.first;
        try {
          await this.consume(new Block(buffer));
        } finally {
          this.engine.release(buffer);
        }
        // Signals, timers and sockets get their turn also while blocks never run out.
        await nextTurn();
        continue;
      }
      if (stats.ended) {
        if (stats.error !== null) throw new RtpsondeError('ERR_ENGINE_FAULT', stats.error.message);
        return stats;
      }
      await this.#pause(pauseMs);
      pauseMs = Math.min(2 * pauseMs, POLL_MS.last);
    }
  }

  /** Lets the engine seal what is open; `run()` returns when that is consumed. */
  stop(): void {
    this.engine.stop();
    this.#wake?.();
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

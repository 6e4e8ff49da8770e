// What `analyze` writes: the daemon's summaries, a table of the worst streams, or the story of one.
// Each form has its own file, and only the one that is asked for is loaded.
import type { Block, CounterValues } from '../native/block.js';
import { captureSummary, OF_FILES } from '../summary/build-capture.js';
import type { SummaryContext } from '../summary/context.js';
import type { Output } from './output.js';

/** What all reports remember: the last totals and the span of all windows. */
export abstract class Report {
  protected totals: CounterValues | null = null;
  protected startNs = 0n;
  protected endNs = 0n;

  constructor(
    protected readonly output: Output,
    protected readonly context: SummaryContext,
  ) {}

  noteBlock(block: Block): void {
    if (this.totals === null) this.startNs = block.windowStartNs;
    this.endNs = block.windowEndNs;
    this.totals = block.counters;
  }

  /** One capture summary over everything. */
  protected whole() {
    const window = { windowStartNs: this.startNs, windowEndNs: this.endNs, partial: true, gapBefore: false };
    if (this.totals === null) return null;
    const summary = captureSummary(this.totals, null, window, OF_FILES, this.context);
    // Not that of the first window, which begins at the same time.
    return { ...summary, id: `${summary.id}-whole` };
  }

  /** Takes what it shows of a block. */
  abstract consume(block: Block): Promise<void>;
  abstract end(): Promise<void>;
}

// `analyze --json`: the daemon's summaries.
import { type Block, KIND_STREAM } from '../native/block.js';
import type { SummaryContext } from '../summary/context.js';
import { joinLines, lineOf, type SummaryLine } from '../summary/line.js';
import { SummaryPipeline } from '../summary/pipeline.js';
import type { Output } from './output.js';
import { Report } from './report.js';

export class JsonReport extends Report {
  readonly #pipeline: SummaryPipeline;

  constructor(
    output: Output,
    private readonly windows: boolean,
    context: SummaryContext,
  ) {
    super(output, context);
    this.#pipeline = new SummaryPipeline(context, {
      wants: ({ kind }) => windows || kind === KIND_STREAM,
      // Those of the capture are of windows too.
      sink: (lines) => this.#write(windows ? lines : lines.filter(({ kind }) => kind === 'stream')),
    });
  }

  consume(block: Block): Promise<void> {
    return this.#pipeline.consume(block);
  }

  async end(): Promise<void> {
    const whole = this.whole();
    if (!this.windows && whole !== null) await this.#write([lineOf(whole)]);
  }

  async #write(lines: readonly SummaryLine[]): Promise<void> {
    if (lines.length > 0) await this.output.write(joinLines(lines));
  }
}

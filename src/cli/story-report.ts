// `analyze --stream`: keeps what belongs to the stream that is meant, and tells its
// story at the end.
import { type Block, KIND_STREAM } from '../native/block.js';
import type { SummaryContext } from '../summary/context.js';
import { hexSsrc, hexStreamId } from '../summary/format.js';
import { SummaryPipeline } from '../summary/pipeline.js';
import type { StreamSummary, Summary, WindowSummary } from '../summary/schema.js';
import type { Output } from './output.js';
import { Report } from './report.js';
import { headOf, type StreamChoice, type StreamHead } from './stream-choice.js';
import { streamStory } from './stream-story.js';

/** Streams whose windows are kept; where more match, the choice is not clear anyway. */
const MOST_KEPT = 64;

export class StoryReport extends Report {
  readonly #pipeline: SummaryPipeline;
  readonly #heads = new Map<string, StreamHead>();
  readonly #matching = new Map<string, { windows: WindowSummary[]; stream: StreamSummary | null }>();

  constructor(
    output: Output,
    context: SummaryContext,
    private readonly choice: StreamChoice,
    private readonly form: { json: boolean; windows: boolean },
  ) {
    super(output, context);
    this.#pipeline = new SummaryPipeline(context, {
      wants: (record) =>
        record.kind === KIND_STREAM ||
        choice.matches({ streamId: hexStreamId(record), ssrc: hexSsrc(record.ssrc) }),
      sink: (lines) => {
        for (const line of lines) if (line.kind !== 'capture') this.add(line.parse());
      },
    });
  }

  consume(block: Block): Promise<void> {
    return this.#pipeline.consume(block);
  }

  /** Keeps what may belong to the story. */
  add(summary: Summary): void {
    if (summary.kind === 'capture') return;
    if (summary.kind === 'stream') this.#heads.set(summary.streamId, headOf(summary));
    if (!this.choice.matches(summary)) return;
    const kept = this.#kept(summary.streamId);
    if (kept === null) return;
    if (summary.kind === 'stream') kept.stream = summary;
    else kept.windows.push(summary);
  }

  async end(): Promise<void> {
    const heads = [...this.#heads.values()];
    const { streamId } = this.choice.pick(
      heads.filter((head) => this.choice.matches(head)),
      heads,
    );
    const { stream, windows } = this.#matching.get(streamId)!;
    if (stream === null) return;
    if (this.form.json) {
      const all = [...(this.form.windows ? windows : []), stream];
      await this.output.write(all.map((summary) => `${JSON.stringify(summary)}\n`).join(''));
      return;
    }
    const reverse = stream.reverse === null ? null : (this.#heads.get(stream.reverse.streamId) ?? null);
    const lines = streamStory(stream, windows, reverse);
    const confidence = this.whole()?.confidence;
    if (confidence !== undefined && confidence.level !== 'full')
      lines.push('', `Capture: ${confidence.text}`);
    await this.output.write(`${lines.join('\n')}\n`);
  }

  #kept(streamId: string) {
    const known = this.#matching.get(streamId);
    if (known !== undefined) return known;
    if (this.#matching.size === MOST_KEPT) return null;
    const kept = { windows: [], stream: null };
    this.#matching.set(streamId, kept);
    return kept;
  }
}

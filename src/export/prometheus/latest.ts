// The latest window that is known as a whole, for gauges: how many streams there
// are by group and rating, and single streams where they are asked for.
import type { CaptureSummary, WindowSummary } from '../../summary/schema.js';
import type { Group } from '../groups/groups.js';
import { RATINGS, ratingIndex } from '../groups/measures.js';

/** What is told of a single stream. Null is unknown. */
export interface StreamFigures {
  labels: Readonly<Record<string, string>>;
  mosCq: number | null;
  lossRatio: number | null;
  jitterSeconds: number | null;
  packets: number;
}

export class WindowFigures {
  /** Streams by rating, in the order of `RATINGS`. */
  readonly ratings = new Map<Group, number[]>();
  readonly streams: StreamFigures[] = [];
  /** Streams that found no room in `streams`. */
  streamsLeftOut = 0;

  constructor(readonly windowEnd: string) {}
}

export class LatestWindow {
  readonly #maxStreams: number;
  #filling: WindowFigures | null = null;
  /** The last window that is complete; null before the first. */
  complete: WindowFigures | null = null;

  /** @param maxStreams single streams to tell of; 0 for none */
  constructor(maxStreams: number) {
    this.#maxStreams = maxStreams;
  }

  add(window: WindowSummary, group: Group): void {
    const figures = this.#at(window.windowEnd);
    if (figures === null) return;
    const ratings = figures.ratings.get(group) ?? RATINGS.map(() => 0);
    figures.ratings.set(group, ratings);
    const rating = ratingIndex(window);
    ratings[rating] = (ratings[rating] ?? 0) + 1;
    if (this.#maxStreams === 0) return;
    if (figures.streams.length < this.#maxStreams) figures.streams.push(figuresOf(window));
    else figures.streamsLeftOut++;
  }

  /** The summary of the capture comes when all streams of its window have come. */
  end({ windowEnd }: CaptureSummary): void {
    const figures = this.#at(windowEnd);
    if (figures === null) return;
    this.complete = figures;
    this.#filling = null;
  }

  /** Those of the window; null for one that is over, as after a repetition. */
  #at(windowEnd: string): WindowFigures | null {
    if (this.#filling?.windowEnd === windowEnd) return this.#filling;
    const before = this.#filling ?? this.complete;
    // RFC 3339 in UTC: the order of texts is that of times.
    if (before !== null && windowEnd <= before.windowEnd) return null;
    // Where captures are left out, a window is complete when the next one begins.
    this.complete = before;
    this.#filling = new WindowFigures(windowEnd);
    return this.#filling;
  }
}

function figuresOf(window: WindowSummary): StreamFigures {
  const { streamId, ssrc, src, srcPort, dst, dstPort, codec, mos } = window;
  return {
    labels: {
      stream_id: streamId,
      ssrc,
      src,
      src_port: String(srcPort),
      dst,
      dst_port: String(dstPort),
      codec: codec ?? 'unknown',
      scale: mos.scale ?? 'none',
    },
    mosCq: mos.cq,
    lossRatio: window.networkLoss.ratio,
    jitterSeconds: window.jitterMs.mean === null ? null : window.jitterMs.mean / 1000,
    packets: window.packets,
  };
}

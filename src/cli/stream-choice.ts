// Which stream `analyze --stream` means: an id, an SSRC, or the beginning of either.
import { editDistance } from '../config/suggest.js';
import { RtpsondeError } from '../ops/errors.js';
import type { StreamSummary } from '../summary/schema.js';

/** As much of a stream as a choice and a line about it need. */
export type StreamHead = Pick<
  StreamSummary,
  'streamId' | 'ssrc' | 'src' | 'srcPort' | 'dst' | 'dstPort' | 'codec' | 'packets' | 'lossRatio' | 'jitterMs'
> & { mosCq: number | null; scale: StreamSummary['mos']['scale'] };

export const headOf = (stream: StreamSummary): StreamHead => ({
  streamId: stream.streamId,
  ssrc: stream.ssrc,
  src: stream.src,
  srcPort: stream.srcPort,
  dst: stream.dst,
  dstPort: stream.dstPort,
  codec: stream.codec,
  packets: stream.packets,
  lossRatio: stream.lossRatio,
  jitterMs: stream.jitterMs,
  mosCq: stream.mos.cq,
  scale: stream.mos.scale,
});

export const endpoint = (address: string, port: number) =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

/** `id  ssrc  source > destination`. */
export function headLine(stream: StreamHead): string {
  const { streamId, ssrc, src, srcPort, dst, dstPort } = stream;
  return `${streamId}  ${ssrc}  ${endpoint(src, srcPort)} > ${endpoint(dst, dstPort)}`;
}

/** Streams that are named where the choice is not clear. */
const MOST_NAMED = 10;

export class StreamChoice {
  readonly #wanted: string;
  readonly #isSsrc: boolean;

  /** @throws RtpsondeError ERR_USAGE when the text can be neither id nor SSRC */
  constructor(private readonly text: string) {
    this.#wanted = text.toLowerCase();
    this.#isSsrc = this.#wanted.startsWith('0x');
    if (!/^(?:0x[0-9a-f]{1,8}|[0-9a-f]{1,16})$/.test(this.#wanted)) {
      throw this.#usage(
        'expected the id of a stream, an SSRC such as 0x1a2b3c4d, or the beginning of either',
      );
    }
  }

  matches({ streamId, ssrc }: Pick<StreamHead, 'streamId' | 'ssrc'>): boolean {
    return (this.#isSsrc ? ssrc : streamId).startsWith(this.#wanted);
  }

  /**
   * The one stream that is meant.
   * @throws RtpsondeError ERR_USAGE that names streams, when none or several match
   */
  pick(matching: readonly StreamHead[], all: readonly StreamHead[]): StreamHead {
    // The whole id or SSRC goes before others that only begin so.
    const [only, ...others] = matching;
    if (only !== undefined && others.length === 0) return only;
    if (only !== undefined)
      throw this.#usage(`${matching.length} streams begin so; give the id of one`, matching);
    if (all.length === 0) throw this.#usage('there are no streams');
    throw this.#usage(all.length === 1 ? 'there is only' : 'no such stream; nearest are', this.#nearest(all));
  }

  #nearest(all: readonly StreamHead[]): StreamHead[] {
    const distance = (head: StreamHead) => {
      const name = this.#isSsrc ? head.ssrc : head.streamId;
      return editDistance(this.#wanted, name.slice(0, this.#wanted.length));
    };
    const ranked = all.map((head) => ({ head, distance: distance(head) }));
    return ranked
      .sort((a, b) => a.distance - b.distance)
      .slice(0, 5)
      .map(({ head }) => head);
  }

  #usage(message: string, streams: readonly StreamHead[] = []): RtpsondeError {
    const named = streams.slice(0, MOST_NAMED).map((stream) => `\n  ${headLine(stream)}`);
    const more = streams.length > MOST_NAMED ? '\n  ...' : '';
    return new RtpsondeError('ERR_USAGE', `--stream ${this.text}: ${message}${named.join('')}${more}`);
  }
}

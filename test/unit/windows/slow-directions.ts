// The join of directions once more, word by word: objects, arrays and Maps, every stream looked at
// for every row. To hold Directions against.
import type { DirectionFacts, RoundTrips } from '../../../src/windows/direction-facts.js';
import { noFacts } from './facts.js';

/** A row of a block, as far as the join looks at it. */
export interface SlowRow {
  id: number;
  pair: number;
  /** Source and destination in order. */
  forward: boolean;
  ssrc: number;
  /** What is the same for streams to one address and port. */
  destination: string;
  whole: boolean;
  /** 0 unknown, 1 audio, 2 video. */
  mediaKind: number;
  startMs: number;
  firstMs: number;
  lastMs: number;
  packets: number;
  comfortNoise: number;
  /** Those of the window, and the last of them. */
  trips: RoundTrips | null;
  lastTripMs: number;
}

interface Stream extends SlowRow {
  totalPackets: number;
  block: number;
  facts: ReturnType<typeof emptyFacts>;
  totalTrips: RoundTrips | null;
  /** Whose trips are lent. */
  lender: Stream | null;
  rival: Stream | null;
  placed: boolean;
}

const MOST = 16;
const emptyFacts = (): { -readonly [Name in keyof DirectionFacts]: DirectionFacts[Name] } => ({ ...noFacts });

export class SlowDirections {
  /** Newest first. */
  #streams: Stream[] = [];
  /** Pushed out of their direction, and ended: gone before the next block. */
  #pushedOut: Stream[] = [];
  #ended: Stream[] = [];
  #first = new Map<string, Stream>();
  #heard = new Map<string, number>();
  #block = 0;

  constructor(readonly oneWayAudioMs: number) {}

  /** The facts of each row. */
  take(rows: readonly SlowRow[]) {
    const gone = [...this.#pushedOut, ...this.#ended];
    this.#streams = this.#streams.filter((stream) => !gone.includes(stream));
    for (const [key, stream] of this.#first) if (gone.includes(stream)) this.#first.delete(key);
    for (const { pair } of gone) {
      if (this.#streams.some((stream) => stream.pair === pair)) continue;
      this.#heard.delete(`${pair} true`);
      this.#heard.delete(`${pair} false`);
    }
    this.#pushedOut = [];
    this.#ended = [];
    this.#block++;
    const streams = rows.map((row) => this.#note(row));
    for (const stream of streams) this.#join(stream);
    return streams.map((stream) => ({
      ...stream.facts,
      roundTrips: this.#tripsOf(stream),
      reverseRoundTrips: stream.lender === null ? null : this.#tripsOf(stream.lender),
    }));
  }

  #note(row: SlowRow): Stream {
    const siblings = this.#in(row.pair, row.forward);
    let stream = siblings.find(({ id }) => id === row.id);
    if (stream === undefined) {
      stream = {
        ...{ ...row, packets: 0, totalPackets: 0, block: 0, facts: emptyFacts(), trips: null },
        ...{ totalTrips: null, lastTripMs: Number.NaN, lender: null, rival: null, placed: false },
      };
      if (siblings.length === MOST) this.#pushedOut.push(siblings.at(-1)!);
      this.#streams.unshift(stream);
      const key = `${row.destination} ${row.ssrc}`;
      const other = this.#first.get(key);
      if (other === undefined) {
        this.#first.set(key, stream);
      } else if (other.pair !== row.pair) {
        stream.rival = other;
        other.rival = stream;
      }
    }
    if (stream.block !== this.#block) {
      stream.block = this.#block;
      stream.packets = 0;
      stream.trips = null;
      stream.facts.ssrcCollision = false;
    }
    stream.mediaKind = row.mediaKind;
    stream.lastMs = row.lastMs;
    if (row.whole) {
      stream.totalPackets = row.packets;
      this.#ended.push(stream);
    } else {
      stream.firstMs = row.firstMs;
      stream.packets = row.packets;
      stream.totalPackets += row.packets;
      stream.trips = row.trips;
      if (row.trips !== null) {
        stream.totalTrips = sumOf(stream.totalTrips, row.trips);
        stream.lastTripMs = row.lastTripMs;
      }
    }
    const way = `${row.pair} ${row.forward}`;
    if (!row.whole && row.mediaKind !== 2 && row.packets > row.comfortNoise)
      this.#heard.set(way, Math.max(this.#heard.get(way) ?? Number.NEGATIVE_INFINITY, row.lastMs));
    return stream;
  }

  #join(stream: Stream): void {
    const { facts } = stream;
    this.#place(stream);
    const opposite = this.#in(stream.pair, !stream.forward);
    const sameKind = opposite.filter(({ mediaKind }) => mediaKind === stream.mediaKind);
    const choice = sameKind.length > 0 ? sameKind : opposite;
    const reverse = choice.reduce<Stream | null>(
      (best, s) => (best === null || s.lastMs > best.lastMs ? s : best),
      null,
    );
    facts.reverseWindowPackets = 0;
    if (reverse !== null) {
      facts.hasReverse = true;
      facts.reverseIdLow = reverse.id;
      facts.reverseWindowPackets = reverse.block === this.#block ? reverse.packets : 0;
      facts.reverseTotalPackets = reverse.totalPackets;
      stream.lender = reverse.totalTrips === null ? null : reverse;
    }
    const rivals = opposite.filter(({ ssrc }) => ssrc === stream.ssrc);
    if (stream.rival !== null) rivals.push(stream.rival);
    facts.ssrcCollision ||= rivals.some((rival) => this.#overlap(stream, rival));
    facts.ssrcCollisionEver ||= facts.ssrcCollision;
    if (stream.mediaKind === 1 && stream.packets > 0) this.#listen(stream);
  }

  #listen(stream: Stream): void {
    const { facts, pair, forward, lastMs } = stream;
    const heardMs = this.#heard.get(`${pair} ${!forward}`);
    const ownMs = this.#heard.get(`${pair} ${forward}`) ?? Number.NaN;
    facts.silentMs = Math.max(0, lastMs - Math.max(stream.startMs, heardMs ?? stream.startMs));
    facts.silentMaxMs = Number.isNaN(facts.silentMaxMs)
      ? facts.silentMs
      : Math.max(facts.silentMaxMs, facts.silentMs);
    const long = facts.silentMs >= this.oneWayAudioMs && ownMs >= lastMs;
    facts.oneWayAudio = long ? true : heardMs === undefined ? null : false;
    if (facts.oneWayAudio !== null) facts.oneWayAudioEver = facts.oneWayAudioEver === true || long;
  }

  #place(stream: Stream): void {
    if (stream.placed) return;
    stream.placed = true;
    const before = this.#in(stream.pair, stream.forward).filter(
      (s) => s !== stream && s.ssrc !== stream.ssrc && s.lastMs <= stream.startMs,
    );
    if (before.length === 0) return;
    const previous = before.reduce((best, s) => (s.lastMs > best.lastMs ? s : best));
    this.#place(previous);
    stream.facts.hasPrevious = true;
    stream.facts.previousIdLow = previous.id;
    stream.facts.ssrcChanges = previous.facts.ssrcChanges + 1;
  }

  #in(pair: number, forward: boolean): Stream[] {
    return this.#streams.filter(
      (s) => s.pair === pair && s.forward === forward && !this.#pushedOut.includes(s),
    );
  }

  #overlap(a: Stream, b: Stream): boolean {
    if (a.block !== this.#block || b.block !== this.#block || a.packets === 0 || b.packets === 0)
      return false;
    return a.firstMs <= b.lastMs && b.firstMs <= a.lastMs;
  }

  #tripsOf({ block, trips, totalTrips, lastTripMs }: Stream) {
    if (totalTrips === null) return null;
    const window = block === this.#block && trips !== null ? trips : noTrips;
    return { window, total: totalTrips, lastMs: lastTripMs };
  }
}

const noTrips: RoundTrips = { count: 0, meanMs: Number.NaN, minMs: Number.NaN, maxMs: Number.NaN };

function sumOf(total: RoundTrips | null, trips: RoundTrips): RoundTrips {
  if (total === null) return trips;
  const count = total.count + trips.count;
  return {
    count,
    meanMs: (total.meanMs * total.count + trips.meanMs * trips.count) / count,
    minMs: Math.min(total.minMs, trips.minMs),
    maxMs: Math.max(total.maxMs, trips.maxMs),
  };
}

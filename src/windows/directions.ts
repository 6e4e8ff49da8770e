// Joins what belongs together: the two directions of a call, the stream that one
// took over from when its SSRC changed, and streams that use one SSRC at once.
// Works on sealed blocks alone, so on packet time; it forgets streams that ended.
import { type Block, KIND_STREAM } from '../native/block.js';
import { type RecordView, recordOffsets } from '../native/record.gen.js';
import { TimeSlice } from '../ops/time-slice.js';
import type { DirectionFacts, DirectionLimits, StreamRoundTrips } from './direction-facts.js';
import { KnownStreams } from './known-streams.js';
import type { RoundTripRows } from './round-trip-rows.js';
import type { SkewDrift, SkewRows } from './skew-rows.js';
import { msAt } from './stream-keys.js';
import { StreamCursor } from './stream-rows.js';

const AUDIO = 1;
const VIDEO = 2;

/** The facts of one row. */
class FactsCursor extends StreamCursor implements DirectionFacts {
  /** Number of the block that was taken last. */
  now = 0;

  readonly #trips: RoundTripRows;
  readonly #skews: SkewRows;

  constructor({ streams, trips, skews }: KnownStreams) {
    super(streams);
    this.#trips = trips;
    this.#skews = skews;
  }

  get roundTrips(): StreamRoundTrips | null {
    return this.#trips.read(this.roundTripRow, this.now);
  }
  get reverseRoundTrips(): StreamRoundTrips | null {
    return this.#trips.read(this.reverseRoundTripRow, this.now);
  }
  get skewDrift(): SkewDrift | null {
    return this.#skews.read(this.skewRow);
  }
}

export class Directions {
  readonly #known = new KnownStreams();
  /** The stream of each row of the block. */
  #rows = new Uint32Array(0);
  #block = 0;
  #windowEndMs = Number.NaN;

  // A cursor stays on its row while others are moved.
  readonly #own = new StreamCursor(this.#known.streams);
  readonly #other = new StreamCursor(this.#known.streams);
  readonly #found = new StreamCursor(this.#known.streams);
  readonly #facts = new FactsCursor(this.#known);
  readonly #direction = this.#known.directions.cursor();
  readonly #opposite = this.#known.directions.cursor();

  /** @param limits may be replaced between blocks */
  constructor(public limits: DirectionLimits) {}

  /** Streams that are remembered. */
  get size(): number {
    return this.#known.streams.used;
  }

  /** Takes the rows of the next block, and lets the event loop run between them. */
  async take(block: Block): Promise<void> {
    const slice = new TimeSlice();
    await this.#known.forgetLeaving(slice);
    this.#facts.now = ++this.#block;
    this.#windowEndMs = Number(block.windowEndNs) / 1e6;
    if (this.#rows.length < block.rows) this.#rows = new Uint32Array(block.rows);
    for (let row = 0; row < block.rows; row++) {
      this.#rows[row] = this.#note(block, block.record(row));
      if (slice.isOver()) await slice.next();
    }
    for (let row = 0; row < block.rows; row++) {
      this.#join(this.#rows[row]!);
      if (slice.isOver()) await slice.next();
    }
    await this.#known.searchLost(Number(block.windowStartNs) / 1e6, this.limits.idleMs, slice);
  }

  /** What was found for a row of the block that was taken last. One view that the next call moves on. */
  of(row: number): DirectionFacts {
    this.#facts.moveTo(this.#rows[row]!);
    return this.#facts;
  }

  #note(block: Block, record: RecordView): number {
    const { view, base, packets } = record;
    const own = this.#own;
    const direction = this.#direction;
    this.#known.moveTo(record, own, direction);
    if (own.block !== this.#block) own.begin(this.#block, this.#windowEndMs);
    own.mediaKind = record.mediaKind;
    const lastMs = msAt(view, base + recordOffsets.lastNs);
    own.lastMs = lastMs;
    if (record.kind === KIND_STREAM) {
      own.totalPackets = packets;
      this.#known.leave(own);
    } else {
      own.firstMs = msAt(view, base + recordOffsets.firstNs);
      own.windowPackets = packets;
      own.totalPackets += packets;
      if (block.reports > 0) this.#noteRoundTrips(block, record);
      this.#noteSkew(record.skewPpm);
    }
    const heard = record.mediaKind !== VIDEO && holdsSound(record);
    if (heard && !(direction.heardMs >= lastMs)) direction.heardMs = lastMs;
    return own.row;
  }

  #noteSkew(ppm: number): void {
    const own = this.#own;
    if (Number.isNaN(ppm)) {
      own.skewSinceMs = Number.NaN;
      return;
    }
    const { lastMs } = own;
    // A clock that stepped back begins anew as well.
    if (!(own.skewSinceMs <= lastMs)) own.skewSinceMs = lastMs;
    own.skewRow = this.#known.skews.note(own.skewRow, own.skewSinceMs, lastMs, ppm);
  }

  #noteRoundTrips(block: Block, record: RecordView): void {
    const report = block.reportOf(record);
    if (report === null || report.downstreamRttCount === 0) return;
    const { downstreamRttCount: count, downstreamRttMeanMs: meanMs } = report;
    const { downstreamRttMinMs: minMs, downstreamRttMaxMs: maxMs, downstreamRttLastMs } = report;
    const trips = { count, meanMs, minMs, maxMs };
    const own = this.#own;
    own.roundTripRow = this.#known.trips.note(own.roundTripRow, this.#block, trips, downstreamRttLastMs);
  }

  #join(row: number): void {
    const own = this.#own;
    own.moveTo(row);
    if (!own.isPlaced) {
      this.#place(row);
      own.moveTo(row);
    }
    this.#direction.moveTo(own.direction);
    this.#opposite.moveTo(this.#direction.opposite);
    const other = this.#other;
    const reverse = this.#found;
    let hasReverse = false;
    for (let at = this.#opposite.newest; at !== 0; at = other.older) {
      other.moveTo(at);
      if (!hasReverse || isBetterReverse(other, reverse, own)) reverse.moveTo(at);
      hasReverse = true;
      if (other.ssrc === own.ssrc && own.overlaps(other)) own.ssrcCollision = true;
    }
    own.reverseWindowPackets = 0;
    if (hasReverse) this.#noteReverse();
    if (own.rival !== 0) {
      other.moveTo(own.rival);
      if (other.serial === own.rivalSerial && own.overlaps(other)) own.ssrcCollision = true;
    }
    if (own.ssrcCollision) own.ssrcCollisionEver = true;
    if (own.mediaKind === AUDIO && own.windowPackets > 0) this.#listen();
  }

  #noteReverse(): void {
    const own = this.#own;
    const reverse = this.#found;
    own.hasReverse = true;
    own.reverseIdHigh = reverse.idHigh;
    own.reverseIdLow = reverse.idLow;
    own.reverseWindowPackets = reverse.block === this.#block ? reverse.windowPackets : 0;
    own.reverseTotalPackets = reverse.totalPackets;
    const trips = reverse.roundTripRow;
    if (trips === own.reverseRoundTripRow) return;
    this.#known.trips.use(trips);
    this.#known.trips.leave(own.reverseRoundTripRow);
    own.reverseRoundTripRow = trips;
  }

  /** Decides on one-way audio. */
  #listen(): void {
    const own = this.#own;
    const { heardMs } = this.#opposite;
    const { startMs, lastMs } = own;
    const silentMs = Math.max(0, lastMs - (heardMs > startMs ? heardMs : startMs));
    own.silentMs = silentMs;
    if (!(own.silentMaxMs >= silentMs)) own.silentMaxMs = silentMs;
    // When both are silent it is not one way.
    const long = silentMs >= this.limits.oneWayAudioMs && this.#direction.heardMs >= lastMs;
    own.oneWayAudio = long ? true : Number.isNaN(heardMs) ? null : false;
    if (own.oneWayAudio !== null) own.oneWayAudioEver = own.oneWayAudioEver === true || long;
  }

  /** Finds the stream that this one took over from: another SSRC, and nothing of it after this one began. */
  #place(row: number): void {
    const own = this.#own;
    own.moveTo(row);
    own.isPlaced = true;
    this.#direction.moveTo(own.direction);
    const other = this.#other;
    const previous = this.#found;
    let hasPrevious = false;
    for (let at = this.#direction.newest; at !== 0; at = other.older) {
      other.moveTo(at);
      const stopped = other.ssrc !== own.ssrc && other.lastMs <= own.startMs && at !== row;
      if (!stopped || (hasPrevious && !(other.lastMs > previous.lastMs))) continue;
      previous.moveTo(at);
      hasPrevious = true;
    }
    if (!hasPrevious) return;
    const before = previous.row;
    // One that is new in the same block comes first; that moves the cursors.
    if (!previous.isPlaced) this.#place(before);
    own.moveTo(row);
    previous.moveTo(before);
    own.hasPrevious = true;
    own.previousIdHigh = previous.idHigh;
    own.previousIdLow = previous.idLow;
    own.ssrcChanges = previous.ssrcChanges + 1;
  }
}

/**
 * Whether sound came in a window: not when nothing but comfort noise came, nor when the levels tell of nothing but
 * silence. They are NaN where they are not measured; then every packet counts as sound. The record of a whole stream
 * does not say when it was heard; its windows did.
 */
function holdsSound(record: RecordView): boolean {
  const { kind, packets, comfortNoisePackets, telephoneEventPackets, silenceShare } = record;
  if (kind === KIND_STREAM || packets <= comfortNoisePackets) return false;
  return silenceShare !== 1 || telephoneEventPackets > 0;
}

/** The reverse is of the same kind of media if there is one, then the one that was heard last. */
function isBetterReverse(stream: StreamCursor, than: StreamCursor, of: StreamCursor): boolean {
  const sameKind = stream.mediaKind === of.mediaKind;
  if (sameKind !== (than.mediaKind === of.mediaKind)) return sameKind;
  return stream.lastMs > than.lastMs;
}

// Joins what belongs together: the two directions of a call, the stream that one
// took over from when its SSRC changed, and streams that use one SSRC at once.
// Works on sealed blocks alone, so on packet time; it forgets streams that ended.
import { type Block, KIND_STREAM } from '../native/block.js';
import { type RecordView, recordOffsets } from '../native/record.gen.js';
import { TimeSlice } from '../ops/time-slice.js';
import type { DirectionFacts, DirectionLimits, StreamRoundTrips } from './direction-facts.js';
import { DirectionRows } from './direction-rows.js';
import { IdTable } from './id-table.js';
import type { NumberRows } from './number-rows.js';
import { RoundTripRows } from './round-trip-rows.js';
import { destinationKey, isForward, type Key, msAt } from './stream-keys.js';
import { StreamCursor, streamRows } from './stream-rows.js';

const AUDIO = 1;
const VIDEO = 2;

/** Streams that are kept of one direction between two addresses and ports. */
const STREAMS_A_DIRECTION = 16;

/** The facts of one row. */
class FactsCursor extends StreamCursor implements DirectionFacts {
  /** Number of the block that was taken last. */
  now = 0;

  constructor(
    rows: NumberRows,
    private readonly trips: RoundTripRows,
  ) {
    super(rows);
  }

  get roundTrips(): StreamRoundTrips | null {
    return this.trips.read(this.roundTripRow, this.now);
  }
  get reverseRoundTrips(): StreamRoundTrips | null {
    return this.trips.read(this.reverseRoundTripRow, this.now);
  }
}

export class Directions {
  readonly #streams = streamRows();
  readonly #directions = new DirectionRows();
  readonly #trips = new RoundTripRows();
  /** The first stream of each destination and SSRC. */
  readonly #destinations = new IdTable();
  /** The stream of each row of the block. */
  #rows = new Uint32Array(0);
  /** Streams that are forgotten before the next block. */
  #leaving: number[] = [];
  #block = 0;
  #windowEndMs = Number.NaN;
  #serial = 0;
  /** Packet time of the last search for streams whose end was lost, ms. */
  #searchedMs = Number.NaN;

  // A cursor stays on its row while others are moved.
  readonly #own = new StreamCursor(this.#streams);
  readonly #other = new StreamCursor(this.#streams);
  readonly #found = new StreamCursor(this.#streams);
  readonly #facts = new FactsCursor(this.#streams, this.#trips);
  readonly #direction = this.#directions.cursor();
  readonly #opposite = this.#directions.cursor();
  readonly #destination: Key = { high: 0, low: 0 };

  /** @param limits may be replaced between blocks */
  constructor(public limits: DirectionLimits) {}

  /** Streams that are remembered. */
  get size(): number {
    return this.#streams.used;
  }

  /** Takes the rows of the next block, and lets the event loop run between them. */
  async take(block: Block): Promise<void> {
    const slice = new TimeSlice();
    for (const row of this.#leaving) {
      this.#forget(row);
      if (slice.isOver()) await slice.next();
    }
    this.#leaving = [];
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
    await this.#searchLost(Number(block.windowStartNs) / 1e6, slice);
  }

  /** What was found for a row of the block that was taken last. One view that the next call moves on. */
  of(row: number): DirectionFacts {
    this.#facts.moveTo(this.#rows[row]!);
    return this.#facts;
  }

  #note(block: Block, record: RecordView): number {
    const { view, base, packets } = record;
    const pairAt = base + recordOffsets.pairId;
    const pairHigh = view.getUint32(pairAt + 4, true);
    const pairLow = view.getUint32(pairAt, true);
    const own = this.#own;
    const direction = this.#direction;
    direction.moveTo(this.#directions.of(pairHigh, pairLow, isForward(view, base, record)));
    this.#moveToStream(record);
    if (own.block !== this.#block) own.begin(this.#block, this.#windowEndMs);
    own.mediaKind = record.mediaKind;
    const lastMs = msAt(view, base + recordOffsets.lastNs);
    own.lastMs = lastMs;
    if (record.kind === KIND_STREAM) {
      own.totalPackets = packets;
      this.#leave(own);
    } else {
      own.firstMs = msAt(view, base + recordOffsets.firstNs);
      own.windowPackets = packets;
      own.totalPackets += packets;
      if (block.reports > 0) this.#noteRoundTrips(block, record);
    }
    const heard = record.mediaKind !== VIDEO && holdsSound(record);
    if (heard && !(direction.heardMs >= lastMs)) direction.heardMs = lastMs;
    return own.row;
  }

  /** Moves to the stream of a record within its direction; it is made when it is new. */
  #moveToStream(record: RecordView): void {
    const { view, base } = record;
    const at = base + recordOffsets.streamId;
    const idLow = view.getUint32(at, true);
    const idHigh = view.getUint32(at + 4, true);
    const own = this.#own;
    for (let row = this.#direction.newest; row !== 0; row = own.older) {
      own.moveTo(row);
      if (own.idLow === idLow && own.idHigh === idHigh) return;
    }
    own.moveTo(this.#streams.add());
    own.isUsed = true;
    own.serial = ++this.#serial;
    own.idHigh = idHigh;
    own.idLow = idLow;
    own.ssrc = record.ssrc;
    own.startMs = msAt(view, base + recordOffsets.streamStartNs);
    own.firstMs = own.lastMs = own.silentMs = own.silentMaxMs = Number.NaN;
    this.#addToDirection();
    destinationKey(view, base, record, this.#destination);
    own.destinationHigh = this.#destination.high;
    own.destinationLow = this.#destination.low;
    this.#meetRival();
  }

  /** The oldest stream of a direction gives way when there are too many. */
  #addToDirection(): void {
    const own = this.#own;
    const direction = this.#direction;
    own.direction = direction.row;
    own.older = direction.newest;
    direction.newest = own.row;
    direction.count++;
    direction.users++;
    if (direction.count <= STREAMS_A_DIRECTION) return;
    const oldest = this.#found;
    for (let row = own.older; row !== 0; row = oldest.older) oldest.moveTo(row);
    this.#takeOut(oldest);
    this.#leave(oldest);
  }

  /** Takes a stream out of the direction at hand, where it still is in it. */
  #takeOut(stream: StreamCursor): void {
    const direction = this.#direction;
    const other = this.#other;
    let newer = 0;
    for (let row = direction.newest; row !== 0; newer = row, row = other.older) {
      other.moveTo(row);
      if (row !== stream.row) continue;
      if (newer === 0) {
        direction.newest = stream.older;
      } else {
        other.moveTo(newer);
        other.older = stream.older;
      }
      direction.count--;
      return;
    }
  }

  #leave(stream: StreamCursor): void {
    if (stream.isLeaving) return;
    stream.isLeaving = true;
    this.#leaving.push(stream.row);
  }

  #meetRival(): void {
    const own = this.#own;
    const { destinationHigh: high, destinationLow: low } = own;
    const row = this.#destinations.get(high, low);
    if (row === 0) {
      this.#destinations.set(high, low, own.row);
      return;
    }
    const other = this.#other;
    other.moveTo(row);
    if (other.direction === own.direction || other.ssrc !== own.ssrc) return;
    own.rival = row;
    own.rivalSerial = other.serial;
    other.rival = own.row;
    other.rivalSerial = own.serial;
  }

  #noteRoundTrips(block: Block, record: RecordView): void {
    const report = block.reportOf(record);
    if (report === null || report.downstreamRttCount === 0) return;
    const { downstreamRttCount: count, downstreamRttMeanMs: meanMs } = report;
    const { downstreamRttMinMs: minMs, downstreamRttMaxMs: maxMs, downstreamRttLastMs } = report;
    const trips = { count, meanMs, minMs, maxMs };
    const own = this.#own;
    own.roundTripRow = this.#trips.note(own.roundTripRow, this.#block, trips, downstreamRttLastMs);
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
    this.#trips.use(trips);
    this.#trips.leave(own.reverseRoundTripRow);
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

  #forget(row: number): void {
    const own = this.#own;
    own.moveTo(row);
    const { destinationHigh: high, destinationLow: low } = own;
    this.#direction.moveTo(own.direction);
    this.#takeOut(own);
    this.#directions.leave(own.direction);
    if (this.#destinations.get(high, low) === row) this.#destinations.delete(high, low);
    this.#trips.leave(own.roundTripRow);
    this.#trips.leave(own.reverseRoundTripRow);
    own.isUsed = false;
    this.#streams.remove(row);
  }

  /** The end of a stream may be in a block that was dropped: who is silent for longer than any that lives is forgotten. */
  async #searchLost(nowMs: number, slice: TimeSlice): Promise<void> {
    const { idleMs } = this.limits;
    if (nowMs - this.#searchedMs < idleMs) return;
    this.#searchedMs = nowMs;
    const own = this.#own;
    for (let row = 1; row < this.#streams.end; row++) {
      own.moveTo(row);
      if (own.isUsed && own.spokenMs + idleMs < nowMs) this.#leave(own);
      if (slice.isOver()) await slice.next();
    }
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

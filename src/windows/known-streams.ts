// The streams that live, by direction between two addresses and ports, and by destination and SSRC.
import { type RecordView, recordOffsets } from '../native/record.gen.js';
import type { TimeSlice } from '../ops/time-slice.js';
import { type DirectionCursor, DirectionRows } from './direction-rows.js';
import { IdTable } from './id-table.js';
import { RoundTripRows } from './round-trip-rows.js';
import { SkewRows } from './skew-rows.js';
import { destinationKey, isForward, type Key, msAt } from './stream-keys.js';
import { StreamCursor, streamRows } from './stream-rows.js';

/** Streams that are kept of one direction between two addresses and ports. */
const STREAMS_A_DIRECTION = 16;

export class KnownStreams {
  readonly streams = streamRows();
  readonly directions = new DirectionRows();
  readonly trips = new RoundTripRows();
  readonly skews = new SkewRows();
  /** The first stream of each destination and SSRC. */
  readonly #destinations = new IdTable();
  /** Streams that are forgotten before the next block. */
  #leaving: number[] = [];
  #serial = 0;
  /** Packet time of the last search for streams whose end was lost, ms. */
  #searchedMs = Number.NaN;

  readonly #own = new StreamCursor(this.streams);
  readonly #other = new StreamCursor(this.streams);
  readonly #oldest = new StreamCursor(this.streams);
  readonly #direction = this.directions.cursor();
  readonly #destination: Key = { high: 0, low: 0 };

  /** Moves to the stream of a record and to its direction; both are made when they are new. */
  moveTo(record: RecordView, own: StreamCursor, direction: DirectionCursor): void {
    const { view, base } = record;
    const pairAt = base + recordOffsets.pairId;
    const pairHigh = view.getUint32(pairAt + 4, true);
    const pairLow = view.getUint32(pairAt, true);
    direction.moveTo(this.directions.of(pairHigh, pairLow, isForward(view, base, record)));
    const at = base + recordOffsets.streamId;
    const idLow = view.getUint32(at, true);
    const idHigh = view.getUint32(at + 4, true);
    for (let row = direction.newest; row !== 0; row = own.older) {
      own.moveTo(row);
      if (own.idLow === idLow && own.idHigh === idHigh) return;
    }
    own.moveTo(this.streams.add());
    own.isUsed = true;
    own.serial = ++this.#serial;
    own.idHigh = idHigh;
    own.idLow = idLow;
    own.ssrc = record.ssrc;
    own.startMs = msAt(view, base + recordOffsets.streamStartNs);
    own.firstMs = own.lastMs = own.silentMs = own.silentMaxMs = own.skewSinceMs = Number.NaN;
    this.#add(own, direction);
    destinationKey(view, base, record, this.#destination);
    own.destinationHigh = this.#destination.high;
    own.destinationLow = this.#destination.low;
    this.#meetRival(own);
  }

  /** The oldest stream of a direction gives way when there are too many. */
  #add(own: StreamCursor, direction: DirectionCursor): void {
    own.direction = direction.row;
    own.older = direction.newest;
    direction.newest = own.row;
    direction.count++;
    direction.users++;
    if (direction.count <= STREAMS_A_DIRECTION) return;
    const oldest = this.#oldest;
    for (let row = own.older; row !== 0; row = oldest.older) oldest.moveTo(row);
    this.#takeOut(oldest, direction);
    this.leave(oldest);
  }

  /** Takes a stream out of its direction, where it still is in it. */
  #takeOut(stream: StreamCursor, direction: DirectionCursor): void {
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

  /** The stream is forgotten before the next block. */
  leave(stream: StreamCursor): void {
    if (stream.isLeaving) return;
    stream.isLeaving = true;
    this.#leaving.push(stream.row);
  }

  #meetRival(own: StreamCursor): void {
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

  /** Forgets those that left, and lets the event loop run between them. */
  async forgetLeaving(slice: TimeSlice): Promise<void> {
    for (const row of this.#leaving) {
      this.#forget(row);
      if (slice.isOver()) await slice.next();
    }
    this.#leaving = [];
  }

  /** The end of a stream may be in a block that was dropped: who is silent for longer than any that lives is forgotten. */
  async searchLost(nowMs: number, idleMs: number, slice: TimeSlice): Promise<void> {
    if (nowMs - this.#searchedMs < idleMs) return;
    this.#searchedMs = nowMs;
    const own = this.#own;
    for (let row = 1; row < this.streams.end; row++) {
      own.moveTo(row);
      if (own.isUsed && own.spokenMs + idleMs < nowMs) this.leave(own);
      if (slice.isOver()) await slice.next();
    }
  }

  #forget(row: number): void {
    const own = this.#own;
    own.moveTo(row);
    const { destinationHigh: high, destinationLow: low } = own;
    this.#direction.moveTo(own.direction);
    this.#takeOut(own, this.#direction);
    this.directions.leave(own.direction);
    if (this.#destinations.get(high, low) === row) this.#destinations.delete(high, low);
    this.trips.leave(own.roundTripRow);
    this.trips.leave(own.reverseRoundTripRow);
    this.skews.leave(own.skewRow);
    own.isUsed = false;
    this.streams.remove(row);
  }
}

// Joins what belongs together: the two directions of a call, the stream that one
// took over from when its SSRC changed, and streams that use one SSRC at once.
// Works on sealed blocks alone, so on packet time; it forgets streams that ended.
import { type Block, KIND_STREAM } from '../native/block.js';
import { type RecordView, recordOffsets } from '../native/record.gen.js';
import { TimeSlice } from '../ops/time-slice.js';
import { DirectedStream, type DirectionFacts, type StreamRoundTrips } from './directed-stream.js';
import { type Direction, PairTable } from './pair.js';
import { destinationKey, isForward, msAt } from './stream-keys.js';

const AUDIO = 1;
const VIDEO = 2;

/** Streams that are kept of one direction between two addresses and ports. */
const STREAMS_A_DIRECTION = 16;

export class Directions {
  readonly #pairs = new PairTable();
  /** The first stream of each destination and SSRC. */
  readonly #destinations = new Map<number, DirectedStream>();
  #rows: DirectedStream[] = [];
  #ended: { stream: DirectedStream; destination: number }[] = [];
  #block = -1;

  /** @param oneWayAudioMs silence of the other direction from which on audio is one-way; may change between blocks */
  constructor(public oneWayAudioMs: number) {}

  /** Streams that are remembered. */
  get size(): number {
    return this.#destinations.size;
  }

  /** Takes the rows of the next block, and lets the event loop run between them. */
  async take(block: Block): Promise<void> {
    this.#forgetEnded();
    this.#block++;
    this.#rows.length = block.rows;
    const slice = new TimeSlice();
    for (let row = 0; row < block.rows; row++) {
      this.#rows[row] = this.#note(block, block.record(row));
      if (slice.isOver()) await slice.next();
    }
    for (let row = 0; row < block.rows; row++) {
      this.#join(this.#rows[row]!);
      if (slice.isOver()) await slice.next();
    }
  }

  /** What was found for a row of the block that was taken last. */
  of(row: number): DirectionFacts {
    return this.#rows[row]!;
  }

  #note(block: Block, record: RecordView): DirectedStream {
    const { view, base } = record;
    const at = base + recordOffsets.streamId;
    const idLow = view.getUint32(at, true);
    const idHigh = view.getUint32(at + 4, true);
    const pairAt = base + recordOffsets.pairId;
    const pair = this.#pairs.of(view.getUint32(pairAt + 4, true), view.getUint32(pairAt, true));
    const forward = isForward(view, base, record);
    const direction = forward ? pair.forward : pair.backward;
    let stream = direction.find(idHigh, idLow);
    if (stream === null) {
      const startMs = msAt(view, base + recordOffsets.streamStartNs);
      const { ssrc, mediaKind } = record;
      stream = new DirectedStream(idHigh, idLow, ssrc, startMs, mediaKind, pair, forward);
      direction.add(stream, STREAMS_A_DIRECTION);
      this.#meetRival(stream, destinationKey(view, base, record));
    }
    if (stream.block !== this.#block) stream.begin(this.#block);
    stream.mediaKind = record.mediaKind;
    stream.lastMs = msAt(view, base + recordOffsets.lastNs);
    const { packets } = record;
    if (record.kind === KIND_STREAM) {
      stream.totalPackets = packets;
      stream.ended = true;
      this.#ended.push({ stream, destination: destinationKey(view, base, record) });
    } else {
      stream.firstMs = msAt(view, base + recordOffsets.firstNs);
      stream.windowPackets = packets;
      stream.totalPackets += packets;
      if (block.reports > 0) noteRoundTrips(block, record, stream);
    }
    const heard = stream.mediaKind !== VIDEO && holdsSound(record);
    if (heard && !(direction.heardMs >= stream.lastMs)) direction.heardMs = stream.lastMs;
    return stream;
  }

  #meetRival(stream: DirectedStream, destination: number): void {
    const other = this.#destinations.get(destination);
    if (other === undefined) {
      this.#destinations.set(destination, stream);
    } else if (other.pair !== stream.pair && other.ssrc === stream.ssrc) {
      stream.rival = other;
      other.rival = stream;
    }
  }

  #join(stream: DirectedStream): void {
    const { pair } = stream;
    const opposite = stream.isForward ? pair.backward : pair.forward;
    if (!stream.isPlaced) place(stream, stream.isForward ? pair.forward : pair.backward);
    let reverse: DirectedStream | null = null;
    for (let s = opposite.newest; s !== null; s = s.older) {
      if (isBetterReverse(s, reverse, stream)) reverse = s;
      if (s.ssrc === stream.ssrc && stream.overlaps(s)) stream.ssrcCollision = true;
    }
    stream.reverseWindowPackets = 0;
    if (reverse !== null) {
      stream.hasReverse = true;
      stream.reverseIdHigh = reverse.idHigh;
      stream.reverseIdLow = reverse.idLow;
      stream.reverseWindowPackets = reverse.block === this.#block ? reverse.windowPackets : 0;
      stream.reverseTotalPackets = reverse.totalPackets;
      stream.reverseRoundTrips = reverseTrips(reverse, this.#block);
    }
    if (stream.rival !== null && stream.overlaps(stream.rival)) stream.ssrcCollision = true;
    stream.ssrcCollisionEver ||= stream.ssrcCollision;
    if (stream.mediaKind === AUDIO && stream.windowPackets > 0) this.#listen(stream, opposite);
  }

  /** Decides on one-way audio. */
  #listen(stream: DirectedStream, opposite: Direction): void {
    const { heardMs } = opposite;
    const since = heardMs > stream.startMs ? heardMs : stream.startMs;
    stream.silentMs = Math.max(0, stream.lastMs - since);
    if (!(stream.silentMaxMs >= stream.silentMs)) stream.silentMaxMs = stream.silentMs;
    const own = stream.isForward ? stream.pair.forward : stream.pair.backward;
    // When both are silent it is not one way.
    const long = stream.silentMs >= this.oneWayAudioMs && own.heardMs >= stream.lastMs;
    stream.oneWayAudio = long ? true : Number.isNaN(heardMs) ? null : false;
    if (stream.oneWayAudio !== null) stream.oneWayAudioEver = stream.oneWayAudioEver === true || long;
  }

  #forgetEnded(): void {
    for (const { stream, destination } of this.#ended) {
      const { pair } = stream;
      (stream.isForward ? pair.forward : pair.backward).remove(stream);
      if (pair.forward.newest === null && pair.backward.newest === null) this.#pairs.forget(pair);
      // Not by identity: one that was pushed out of its direction is another object now.
      if (this.#destinations.get(destination)?.pair === pair) this.#destinations.delete(destination);
      if (stream.rival?.rival === stream) stream.rival.rival = null;
    }
    this.#ended = [];
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

function noteRoundTrips(block: Block, record: RecordView, stream: DirectedStream): void {
  const report = block.reportOf(record);
  if (report === null || report.downstreamRttCount === 0) return;
  const { downstreamRttCount: count, downstreamRttMeanMs: meanMs } = report;
  const { downstreamRttMinMs: minMs, downstreamRttMaxMs: maxMs, downstreamRttLastMs } = report;
  stream.addRoundTrips({ count, meanMs, minMs, maxMs }, downstreamRttLastMs);
}

/** Those of the reverse stream; it may have no row in this block. */
function reverseTrips(reverse: DirectedStream, block: number): StreamRoundTrips | null {
  if (reverse.block !== block && reverse.roundTrips !== null) reverse.begin(block);
  return reverse.roundTrips;
}

/** The reverse is of the same kind of media if there is one, then the one that was heard last. */
function isBetterReverse(s: DirectedStream, than: DirectedStream | null, of: DirectedStream): boolean {
  if (than === null) return true;
  const sKind = s.mediaKind === of.mediaKind;
  if (sKind !== (than.mediaKind === of.mediaKind)) return sKind;
  return s.lastMs > than.lastMs;
}

/** Finds the stream that this one took over from: another SSRC, and nothing of it after this one began. */
function place(stream: DirectedStream, direction: Direction): void {
  stream.isPlaced = true;
  let previous: DirectedStream | null = null;
  for (let s = direction.newest; s !== null; s = s.older) {
    const stopped = s.ssrc !== stream.ssrc && s.lastMs <= stream.startMs && s !== stream;
    if (stopped && (previous === null || s.lastMs > previous.lastMs)) previous = s;
  }
  if (previous === null) return;
  // One that is new in the same block comes first.
  if (!previous.isPlaced) place(previous, direction);
  stream.hasPrevious = true;
  stream.previousIdHigh = previous.idHigh;
  stream.previousIdLow = previous.idLow;
  stream.ssrcChanges = previous.ssrcChanges + 1;
}

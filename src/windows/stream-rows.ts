// What is remembered of each stream for the join of directions: a row of numbers, nothing made per window.
// Names that it shares with DirectionFacts mean what they mean there.
import { NumberRows, RowCursor } from './number-rows.js';

const WORDS = 20;
const FLOATS = 11;
/** Where the word with the flags lies. */
const FLAGS = 19;

/** Two bits of the flags for what may be unknown: by value. */
const TRISTATE = [null, false, true] as const;

export class StreamCursor extends RowCursor {
  /** Id of the stream, upper and lower half. */
  get idHigh(): number {
    return this.words[this.wordsAt]!;
  }
  set idHigh(value: number) {
    this.words[this.wordsAt] = value;
  }
  get idLow(): number {
    return this.words[this.wordsAt + 1]!;
  }
  set idLow(value: number) {
    this.words[this.wordsAt + 1] = value;
  }
  get ssrc(): number {
    return this.words[this.wordsAt + 2]!;
  }
  set ssrc(value: number) {
    this.words[this.wordsAt + 2] = value;
  }
  /** Different for each use of a row. */
  get serial(): number {
    return this.words[this.wordsAt + 3]!;
  }
  set serial(value: number) {
    this.words[this.wordsAt + 3] = value;
  }
  /** Row of its direction. */
  get direction(): number {
    return this.words[this.wordsAt + 4]!;
  }
  set direction(value: number) {
    this.words[this.wordsAt + 4] = value;
  }
  /** The next older stream of the same direction, a row. */
  get older(): number {
    return this.words[this.wordsAt + 5]!;
  }
  set older(value: number) {
    this.words[this.wordsAt + 5] = value;
  }
  /** A stream of another source with the same destination and SSRC, a row. */
  get rival(): number {
    return this.words[this.wordsAt + 6]!;
  }
  set rival(value: number) {
    this.words[this.wordsAt + 6] = value;
  }
  /** The serial of that stream; another one there now is no rival. */
  get rivalSerial(): number {
    return this.words[this.wordsAt + 7]!;
  }
  set rivalSerial(value: number) {
    this.words[this.wordsAt + 7] = value;
  }
  /** Key of its destination and SSRC, upper and lower half. */
  get destinationHigh(): number {
    return this.words[this.wordsAt + 8]!;
  }
  set destinationHigh(value: number) {
    this.words[this.wordsAt + 8] = value;
  }
  get destinationLow(): number {
    return this.words[this.wordsAt + 9]!;
  }
  set destinationLow(value: number) {
    this.words[this.wordsAt + 9] = value;
  }
  /** Number of the block that spoke of it last. */
  get block(): number {
    return this.words[this.wordsAt + 10]!;
  }
  set block(value: number) {
    this.words[this.wordsAt + 10] = value;
  }
  /** Row of its round-trip times. */
  get roundTripRow(): number {
    return this.words[this.wordsAt + 11]!;
  }
  set roundTripRow(value: number) {
    this.words[this.wordsAt + 11] = value;
  }
  /** Row of those of the reverse stream. */
  get reverseRoundTripRow(): number {
    return this.words[this.wordsAt + 12]!;
  }
  set reverseRoundTripRow(value: number) {
    this.words[this.wordsAt + 12] = value;
  }
  get reverseIdHigh(): number {
    return this.words[this.wordsAt + 13]!;
  }
  set reverseIdHigh(value: number) {
    this.words[this.wordsAt + 13] = value;
  }
  get reverseIdLow(): number {
    return this.words[this.wordsAt + 14]!;
  }
  set reverseIdLow(value: number) {
    this.words[this.wordsAt + 14] = value;
  }
  get previousIdHigh(): number {
    return this.words[this.wordsAt + 15]!;
  }
  set previousIdHigh(value: number) {
    this.words[this.wordsAt + 15] = value;
  }
  get previousIdLow(): number {
    return this.words[this.wordsAt + 16]!;
  }
  set previousIdLow(value: number) {
    this.words[this.wordsAt + 16] = value;
  }
  get ssrcChanges(): number {
    return this.words[this.wordsAt + 17]!;
  }
  set ssrcChanges(value: number) {
    this.words[this.wordsAt + 17] = value;
  }
  /** Row of its clock skews. */
  get skewRow(): number {
    return this.words[this.wordsAt + 18]!;
  }
  set skewRow(value: number) {
    this.words[this.wordsAt + 18] = value;
  }
  /** First packet. */
  get startMs(): number {
    return this.floats[this.floatsAt]!;
  }
  set startMs(value: number) {
    this.floats[this.floatsAt] = value;
  }
  /** First and last packet of the window. */
  get firstMs(): number {
    return this.floats[this.floatsAt + 1]!;
  }
  set firstMs(value: number) {
    this.floats[this.floatsAt + 1] = value;
  }
  get lastMs(): number {
    return this.floats[this.floatsAt + 2]!;
  }
  set lastMs(value: number) {
    this.floats[this.floatsAt + 2] = value;
  }
  get windowPackets(): number {
    return this.floats[this.floatsAt + 3]!;
  }
  set windowPackets(value: number) {
    this.floats[this.floatsAt + 3] = value;
  }
  get totalPackets(): number {
    return this.floats[this.floatsAt + 4]!;
  }
  set totalPackets(value: number) {
    this.floats[this.floatsAt + 4] = value;
  }
  get reverseWindowPackets(): number {
    return this.floats[this.floatsAt + 5]!;
  }
  set reverseWindowPackets(value: number) {
    this.floats[this.floatsAt + 5] = value;
  }
  get reverseTotalPackets(): number {
    return this.floats[this.floatsAt + 6]!;
  }
  set reverseTotalPackets(value: number) {
    this.floats[this.floatsAt + 6] = value;
  }
  get silentMs(): number {
    return this.floats[this.floatsAt + 7]!;
  }
  set silentMs(value: number) {
    this.floats[this.floatsAt + 7] = value;
  }
  get silentMaxMs(): number {
    return this.floats[this.floatsAt + 8]!;
  }
  set silentMaxMs(value: number) {
    this.floats[this.floatsAt + 8] = value;
  }
  /** End of the last window that spoke of it. */
  get spokenMs(): number {
    return this.floats[this.floatsAt + 9]!;
  }
  set spokenMs(value: number) {
    this.floats[this.floatsAt + 9] = value;
  }
  /** Since when its skew was known in every window; NaN when it was not in the last. */
  get skewSinceMs(): number {
    return this.floats[this.floatsAt + 10]!;
  }
  set skewSinceMs(value: number) {
    this.floats[this.floatsAt + 10] = value;
  }

  /** The row holds a stream. */
  get isUsed(): boolean {
    return this.#flag(0, 1) === 1;
  }
  set isUsed(value: boolean) {
    this.#setFlag(0, 1, Number(value));
  }
  /** It is forgotten before the next block. */
  get isLeaving(): boolean {
    return this.#flag(1, 1) === 1;
  }
  set isLeaving(value: boolean) {
    this.#setFlag(1, 1, Number(value));
  }
  /** The predecessor has been looked for. */
  get isPlaced(): boolean {
    return this.#flag(2, 1) === 1;
  }
  set isPlaced(value: boolean) {
    this.#setFlag(2, 1, Number(value));
  }
  get hasReverse(): boolean {
    return this.#flag(3, 1) === 1;
  }
  set hasReverse(value: boolean) {
    this.#setFlag(3, 1, Number(value));
  }
  get hasPrevious(): boolean {
    return this.#flag(4, 1) === 1;
  }
  set hasPrevious(value: boolean) {
    this.#setFlag(4, 1, Number(value));
  }
  get ssrcCollision(): boolean {
    return this.#flag(5, 1) === 1;
  }
  set ssrcCollision(value: boolean) {
    this.#setFlag(5, 1, Number(value));
  }
  get ssrcCollisionEver(): boolean {
    return this.#flag(6, 1) === 1;
  }
  set ssrcCollisionEver(value: boolean) {
    this.#setFlag(6, 1, Number(value));
  }
  /** As in the record: 0 unknown, 1 audio, 2 video. */
  get mediaKind(): number {
    return this.#flag(7, 3);
  }
  set mediaKind(value: number) {
    this.#setFlag(7, 3, value);
  }
  get oneWayAudio(): boolean | null {
    return TRISTATE[this.#flag(9, 3)]!;
  }
  set oneWayAudio(value: boolean | null) {
    this.#setFlag(9, 3, TRISTATE.indexOf(value));
  }
  get oneWayAudioEver(): boolean | null {
    return TRISTATE[this.#flag(11, 3)]!;
  }
  set oneWayAudioEver(value: boolean | null) {
    this.#setFlag(11, 3, TRISTATE.indexOf(value));
  }

  /** Whether packets of both came within one stretch of time in this window. */
  overlaps(other: StreamCursor): boolean {
    return (
      other.block === this.block &&
      other.windowPackets > 0 &&
      this.windowPackets > 0 &&
      other.firstMs <= this.lastMs &&
      this.firstMs <= other.lastMs
    );
  }

  /** Begins the window of a block. */
  begin(block: number, endMs: number): void {
    this.block = block;
    this.spokenMs = endMs;
    this.windowPackets = 0;
    this.ssrcCollision = false;
  }

  #flag(shift: number, mask: number): number {
    return (this.words[this.wordsAt + FLAGS]! >>> shift) & mask;
  }

  #setFlag(shift: number, mask: number, value: number): void {
    const at = this.wordsAt + FLAGS;
    this.words[at] = (this.words[at]! & ~(mask << shift)) | (value << shift);
  }
}

/** Rows for streams. */
export const streamRows = () => new NumberRows(FLOATS, WORDS);

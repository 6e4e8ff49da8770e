// The rows of blocks with what stands beside them, a few milliseconds of work at a time:
// the event loop gets its turn between, so that 100,000 streams hold up nothing.
import type { Block } from '../native/block.js';
import type { RecordView } from '../native/record.gen.js';
import { TimeSlice } from '../ops/time-slice.js';
import type { DirectionLimits } from '../windows/direction-facts.js';
import { Directions } from '../windows/directions.js';
import type { Joined } from './joined.js';

export interface RowVisitor {
  /** Takes one row; record and what is joined are other ones with the next. */
  row(record: RecordView, joined: Joined): void;
  /** Others are about to get their turn. */
  pause?(): Promise<void> | void;
}

export class JoinedRows {
  readonly #directions: Directions;

  constructor(limits: DirectionLimits) {
    this.#directions = new Directions(limits);
  }

  /** Shows every row of the next block, in its order. */
  async visit(block: Block, limits: DirectionLimits, visitor: RowVisitor): Promise<void> {
    this.#directions.limits = limits;
    await this.#directions.take(block);
    const slice = new TimeSlice();
    for (let row = 0; row < block.rows; row++) {
      const record = block.record(row);
      visitor.row(record, { report: block.reportOf(record), direction: this.#directions.of(row) });
      if (!slice.isOver()) continue;
      await visitor.pause?.();
      await slice.next();
    }
  }
}

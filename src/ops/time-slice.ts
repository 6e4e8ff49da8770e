// Work on very many rows in slices of a few milliseconds, so that it holds up nothing else.

/** How long work goes on before others get their turn, ms. */
const SLICE_MS = 4;
/** Steps between two looks at the clock; a step is a few microseconds. */
const STEPS_A_LOOK = 16;

export class TimeSlice {
  #endsMs = performance.now() + SLICE_MS;
  #steps = 0;

  /** To be asked after each step: whether this slice is over. */
  isOver(): boolean {
    if (++this.#steps < STEPS_A_LOOK) return false;
    this.#steps = 0;
    return performance.now() >= this.#endsMs;
  }

  /** Lets the event loop run and begins the next slice. */
  async next(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.#steps = 0;
    this.#endsMs = performance.now() + SLICE_MS;
  }
}

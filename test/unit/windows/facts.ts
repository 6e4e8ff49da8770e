// The facts of a row as a plain object: those of Directions are one view that moves.
import type { DirectionFacts } from '../../../src/windows/direction-facts.js';
import type { Directions } from '../../../src/windows/directions.js';

/** Facts of a stream of which nothing is known but itself. */
export const noFacts: DirectionFacts = {
  hasReverse: false,
  reverseIdHigh: 0,
  reverseIdLow: 0,
  reverseWindowPackets: 0,
  reverseTotalPackets: 0,
  reverseRoundTrips: null,
  roundTrips: null,
  silentMs: Number.NaN,
  silentMaxMs: Number.NaN,
  oneWayAudio: null,
  oneWayAudioEver: null,
  hasPrevious: false,
  previousIdHigh: 0,
  previousIdLow: 0,
  ssrcChanges: 0,
  ssrcCollision: false,
  ssrcCollisionEver: false,
  skewDrift: null,
};

/** Of a row of the block that was taken last. */
export function factsOf(directions: Directions, row: number): DirectionFacts {
  const facts = directions.of(row);
  const names = Object.keys(noFacts) as (keyof DirectionFacts)[];
  return Object.fromEntries(names.map((name) => [name, facts[name]])) as unknown as DirectionFacts;
}

// The options of `rtpsonde simulate` that are about the legs on both sides of the
// tap: one value for both directions of a call, or two with a comma between them.
import type { SimulateRequest } from '../simulate/index.js';
import { parseNumber, parseOneOrTwo, parseShare, parseTime } from '../simulate/units.js';

/** Reads an option that takes a value, if it is there. */
export type ReadOption<Name extends string> = <T>(
  name: Name,
  parse: (option: string, text: string) => T,
) => T | undefined;

/** Options of the command line whose two values are for the two directions. */
type LegFlag =
  | 'upstreamDelay'
  | 'downstreamDelay'
  | 'upstreamLoss'
  | 'downstreamLoss'
  | 'downstreamBurstLoss'
  | 'downstreamJitter'
  | 'downstreamDuplicates'
  | 'wallSkew';

/** The options of the legs: a second value is that of the direction back. */
export function setLegs(request: SimulateRequest, read: ReadOption<LegFlag>): void {
  const time = (option: string, text: string) => parseTime(option, text);
  const number = (option: string, text: string) => parseNumber(option, text);
  const ppm = (option: string, text: string) => parseNumber(option, text, 'ppm');
  const legs = [
    ['upstreamDelay', 'upstreamDelayMs', time],
    ['downstreamDelay', 'downstreamDelayMs', time],
    ['upstreamLoss', 'lossRatio', parseShare],
    ['downstreamLoss', 'downstreamLossRatio', parseShare],
    ['downstreamBurstLoss', 'downstreamMeanLossRun', number],
    ['downstreamJitter', 'downstreamJitterMs', time],
    ['downstreamDuplicates', 'downstreamDuplicateRatio', parseShare],
    ['wallSkew', 'wallSkewPpm', ppm],
  ] as const;
  for (const [flag, option, parse] of legs) {
    const values = read(flag, (name, text) => parseOneOrTwo(name, text, (item) => parse(name, item)));
    if (values === undefined) continue;
    const [there, back] = values;
    if (there !== undefined) request[option] = there;
    if (back !== undefined) request.reverse = { ...request.reverse, [option]: back };
  }
}

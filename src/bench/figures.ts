// From runs to figures: medians of the rounds, and ratios to the consumer that does nothing.
import { type Goal, goalsOf } from './goals.js';
import type { Consumer } from './receiver.js';
import type { RunResult } from './run.js';
import type { Sustained } from './search.js';

/** Median and extremes over the rounds. */
export interface Spread {
  median: number;
  min: number;
  max: number;
}

export interface ConsumerFigures {
  consumer: Consumer;
  /** CPU time a packet of the generator's thread with this consumer listening, ns. */
  generatorNs: Spread;
  /** CPU time a packet of the consumer, ns; null without one. */
  consumerNs: Spread | null;
  /** Share of one CPU that the consumer used. */
  consumerLoad: Spread | null;
  /** Both together. */
  wholePathNs: Spread | null;
  /** What the socket adds to the kernel's receive path, ns: generatorNs less that without a socket. */
  socketNs: number | null;
  /** consumerNs in ratio to that of the null consumer, in the same round; null for itself and without. */
  consumerOverNull: Spread | null;
  /** wholePathNs in ratio to that of the null consumer, in the same round. */
  wholePathOverNull: Spread | null;
  /** The same of socket and consumer alone, without what generating and receiving cost anyway; of medians. */
  socketPathOverNull: number | null;
}

export interface StreamFigures {
  streams: number;
  /** Packets a second, median of the rounds. */
  rate: number;
  /** By search; null when a rate was given. */
  sustained: { null: Sustained; full: Sustained } | null;
  /** Rate that `full` bears in ratio to that of `null`, 1 where both bear all that the generator sends; null as before. */
  fullOverNullRate: number | null;
  consumers: ConsumerFigures[];
  /** CPU of `full` in ratio to libpcap feeding the same engine; null when not compared. */
  fullOverLibpcap: Spread | null;
  /** Held against figures at the highest rate alone: with few packets the waking up is most of the cost. */
  goals: Goal[];
}

export function spread(values: readonly number[]): Spread | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { median, min: sorted[0]!, max: sorted.at(-1)! };
}

const wholePath = (run: RunResult) => (run.consumerNs === null ? null : run.generatorNs + run.consumerNs);
const numbers = (values: readonly (number | null)[]) => values.filter((value) => value !== null);

/** Ratios of runs of one round. */
function ratios(
  runs: readonly RunResult[],
  others: readonly RunResult[],
  value: (run: RunResult) => number | null,
): Spread | null {
  return spread(
    numbers(
      runs.map((run, round) => {
        const mine = value(run);
        const other = others[round] === undefined ? null : value(others[round]);
        return mine === null || other === null ? null : mine / other;
      }),
    ),
  );
}

/** @param rounds the runs at the rate of comparison; each round has one of every consumer */
export function figuresOf(
  streams: number,
  rounds: readonly RunResult[],
  sustained: StreamFigures['sustained'],
): StreamFigures {
  const of = (consumer: Consumer) => rounds.filter((run) => run.consumer === consumer);
  const names = [...new Set(rounds.map(({ consumer }) => consumer))];
  const idle = of('null');
  const alone = spread(of('none').map(({ generatorNs }) => generatorNs));
  const socketPath = (consumer: Consumer) => {
    const median = spread(numbers(of(consumer).map(wholePath)))?.median;
    return alone === null || median === undefined ? null : median - alone.median;
  };
  const nullPath = socketPath('null');
  const consumers = names.map((consumer): ConsumerFigures => {
    const runs = of(consumer);
    const generatorNs = spread(runs.map((run) => run.generatorNs))!;
    const isCompared = consumer !== 'null' && consumer !== 'none';
    const path = socketPath(consumer);
    return {
      consumer,
      generatorNs,
      consumerNs: spread(numbers(runs.map((run) => run.consumerNs))),
      consumerLoad: spread(numbers(runs.map((run) => run.consumerLoad))),
      wholePathNs: spread(numbers(runs.map(wholePath))),
      socketNs: alone === null || consumer === 'none' ? null : generatorNs.median - alone.median,
      consumerOverNull: isCompared ? ratios(runs, idle, (run) => run.consumerNs) : null,
      wholePathOverNull: isCompared ? ratios(runs, idle, wholePath) : null,
      socketPathOverNull:
        isCompared && path !== null && nullPath !== null && nullPath > 0 ? path / nullPath : null,
    };
  });
  const figures = {
    streams,
    rate: spread(rounds.map(({ rate }) => rate))?.median ?? 0,
    sustained,
    fullOverNullRate: sustained === null ? null : rateRatio(sustained.full, sustained.null),
    consumers,
    fullOverLibpcap: ratios(of('full'), of('libpcap'), (run) => run.consumerNs),
  };
  return { ...figures, goals: sustained === null ? [] : goalsOf(figures) };
}

/** Where neither drops, both bear what the generator sends, and its own noise is no difference. */
export function rateRatio(full: Sustained, idle: Sustained): number {
  return full.firstDrop === null && idle.firstDrop === null ? 1 : full.rate / idle.rate;
}

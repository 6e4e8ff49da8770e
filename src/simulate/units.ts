// Reads the quantities of the command line: `30s`, `1%`, `40ms@10s`, `50ppm`.
import { RtpsondeError } from '../ops/errors.js';
import type { SpanDrops } from './leg-options.js';
import type { DelayStep, JitterShape } from './options.js';
import { type FeedbackKind, feedbackKinds } from './rtcp-options.js';
import { allXrTypes } from './xr-blocks.js';

function usage(option: string, text: string, wanted: string): RtpsondeError {
  return new RtpsondeError('ERR_USAGE', `${option} ${text}: ${wanted}`);
}

const number = String.raw`[+-]?(?:\d+\.?\d*|\.\d+)`;
const millisecondsOf: Readonly<Record<string, number>> = {
  us: 0.001,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** A time in ms, from `20ms`, `1.5s`, `2m`, `500us`; a bare number has the unit given. */
export function parseTime(option: string, text: string, bareUnit: 'ms' | 's' = 'ms'): number {
  const match = new RegExp(`^(${number})(us|ms|s|m|h)?$`).exec(text.trim());
  if (match === null) throw usage(option, text, 'a time is wanted, for example 20ms, 1.5s or 2m');
  return Number(match[1]) * millisecondsOf[match[2] ?? bareUnit]!;
}

/** A share 0..1, from a percentage with or without its sign: `1%`, `0.5`. */
export function parseShare(option: string, text: string): number {
  const match = new RegExp(`^(${number})%?$`).exec(text.trim());
  const percent = match === null ? Number.NaN : Number(match[1]);
  if (!(percent >= 0 && percent <= 100)) throw usage(option, text, 'a percentage from 0 to 100 is wanted');
  return percent / 100;
}

/** A whole number of at least `least`. */
export function parseCount(option: string, text: string, least = 0): number {
  const value = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (!(value >= least) || !Number.isSafeInteger(value)) {
    throw usage(option, text, `a whole number of at least ${least} is wanted`);
  }
  return value;
}

/** Any number, with an optional unit behind it that is only for the reader. */
export function parseNumber(option: string, text: string, unit = ''): number {
  const match = new RegExp(`^(${number})(?:${unit})?$`).exec(text.trim());
  if (match === null)
    throw usage(option, text, `a number is wanted${unit === '' ? '' : `, for example 50${unit}`}`);
  return Number(match[1]);
}

/** Items between commas, without the blanks around them. */
export function parseList(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** Two items of a list such as `10ms,40ms`, each read by `read`. */
export function parsePair(option: string, text: string, read: (item: string) => number): [number, number] {
  const items = parseList(text);
  if (items.length !== 2) throw usage(option, text, 'two values with a comma between them are wanted');
  return [read(items[0]!), read(items[1]!)];
}

/** `3ms`, or `3ms,gaussian`. */
export function parseJitter(option: string, text: string): { jitterMs: number; jitterShape: JitterShape } {
  const [time = '', shape = 'exponential', ...rest] = parseList(text);
  if ((shape !== 'exponential' && shape !== 'gaussian') || rest.length > 0) {
    throw usage(option, text, 'a time is wanted, with ,exponential or ,gaussian behind it if need be');
  }
  return { jitterMs: parseTime(option, time), jitterShape: shape };
}

/** `40ms@10s`, or several such with commas between them. */
export function parseDelaySteps(option: string, text: string): DelayStep[] {
  return parseList(text).map((item) => {
    const [delta, at, ...rest] = item.split('@');
    if (delta === undefined || at === undefined || rest.length > 0) {
      throw usage(option, text, 'a change and its time are wanted, for example 40ms@10s');
    }
    return { deltaMs: parseTime(option, delta), atMs: parseTime(option, at, 's') };
  });
}

/** One item, or two with a comma between them, each read by `read`. */
export function parseOneOrTwo(option: string, text: string, read: (item: string) => number): number[] {
  const items = parseList(text);
  if (items.length < 1 || items.length > 2)
    throw usage(option, text, 'one value is wanted, or two with a comma');
  return items.map(read);
}

/** `20ms@5s`: gaps of that length, that often. */
export function parseSpanDrops(option: string, text: string): SpanDrops {
  const [length, every, ...rest] = text.split('@');
  if (length === undefined || every === undefined || rest.length > 0) {
    throw usage(option, text, 'a length and a time between are wanted, for example 20ms@5s');
  }
  return { lengthMs: parseTime(option, length), everyMs: parseTime(option, every, 's') };
}

/** Block types with commas between, or `all`. */
export function parseXrTypes(option: string, text: string): number[] {
  return text === 'all' ? [...allXrTypes] : parseList(text).map((item) => parseCount(option, item, 1));
}

/** Kinds of feedback with commas between, or `all`. */
export function parseFeedback(option: string, text: string): FeedbackKind[] {
  if (text === 'all') return [...feedbackKinds];
  return parseList(text).map((item) => {
    const kind = feedbackKinds.find((known) => known === item);
    if (kind === undefined) throw usage(option, text, `known are ${feedbackKinds.join(', ')} and all`);
    return kind;
  });
}

/** Two times in ms with two dots between them, the first not above the second: `0.05ms..2ms`. */
export function parseRange(option: string, text: string): [number, number] {
  const items = text.split('..');
  const [least, most] = items.map((item) => parseTime(option, item));
  if (items.length !== 2 || !(least! <= most!))
    throw usage(option, text, 'two times are wanted, for example 0.05ms..2ms');
  return [least!, most!];
}

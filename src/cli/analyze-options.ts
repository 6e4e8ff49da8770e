// What the options of `analyze` mean; every fault is an ERR_USAGE that says what was expected.
import type { ConfiguredPayloadType } from '../config/payload-types.js';
import { checkFilter } from '../native/load.js';
import { RtpsondeError, toRtpsondeError } from '../ops/errors.js';
import { type SortKey, sortKeys } from './worst-rows.js';

function usage(message: string): RtpsondeError {
  return new RtpsondeError('ERR_USAGE', message);
}

const SECONDS_OF: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60 };

/** `10s`, `500ms`, `2m` in seconds; a bare number is seconds. */
export function parseSeconds(option: string, text: string, least: number, most: number): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(text);
  const value = match === null ? Number.NaN : Number(match[1]) * SECONDS_OF[match[2] ?? 's']!;
  if (!(value >= least && value <= most)) {
    throw usage(`${option} ${text}: expected a time such as 10s or 500ms, ${least} to ${most} seconds`);
  }
  return value;
}

/** How many rows to show; 0 means all. */
export function parseTop(text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw usage(`--top ${text}: expected a whole number, 0 or more`);
  return Number(text) === 0 ? Number.MAX_SAFE_INTEGER / 8 : Number(text);
}

/** How many threads measure. */
export function parseWorkers(text: string): number {
  if (!/^[1-4]$/.test(text)) throw usage(`--workers ${text}: expected 1 to 4`);
  return Number(text);
}

/** A capture filter that can be used on files; empty when none is wanted. */
export function parseFilter(text: string | undefined): string {
  const expression = text?.trim() ?? '';
  if (expression === '') return '';
  try {
    checkFilter(expression, false);
  } catch (error) {
    const { code, message } = toRtpsondeError(error);
    if (code === 'ERR_CAPTURE_FILTER') throw usage(`--filter ${expression}: ${message}`);
    throw error;
  }
  return expression;
}

export function parseSort(text: string): SortKey {
  const key = sortKeys.find((candidate) => candidate === text);
  if (key === undefined) throw usage(`--sort ${text}: expected one of ${sortKeys.join(', ')}`);
  return key;
}

/** `96=opus/48000` and so on, by the rules of `measure.payloadTypes`; the last one of a number counts. */
export async function parsePayloadTypes(items: readonly string[]): Promise<ConfiguredPayloadType[]> {
  if (items.length === 0) return [];
  // The schema library costs more time to load than a small capture to measure.
  const { payloadTypesSchema } = await import('../config/payload-types.js');
  const map: Record<string, string> = {};
  for (const item of items) {
    const at = Math.max(0, item.indexOf('='));
    const one = { [item.slice(0, at)]: item.slice(at + 1) };
    if (!payloadTypesSchema.safeParse(one).success) {
      throw usage(
        `--payload-type ${item}: expected N=NAME/CLOCK, N 0..127 and the clock in Hz, for example 96=opus/48000`,
      );
    }
    Object.assign(map, one);
  }
  return payloadTypesSchema.parse(map);
}

/** The name of the probe, by the rules of `probe.name`. */
export async function parseProbe(text: string): Promise<string> {
  const { nameSchema } = await import('../config/schema-capture.js');
  const parsed = nameSchema.safeParse(text);
  if (!parsed.success) throw usage(`--probe ${text}: ${parsed.error.issues[0]?.message}`);
  return parsed.data;
}

// Values of OTLP in its JSON form (opentelemetry-proto, JSON Protobuf Encoding):
// 64-bit integers are strings, what is unknown is left out.
import { nanoseconds as nanosecondsOf } from '../nanoseconds.js';

export type AnyValue =
  | { stringValue: string }
  | { boolValue: boolean }
  | { intValue: string }
  | { doubleValue: number }
  | { arrayValue: { values: AnyValue[] } }
  | { kvlistValue: { values: KeyValue[] } };

export interface KeyValue {
  key: string;
  value: AnyValue;
}

/** Null for what is unknown; in lists, unknown entries are left out. */
export function anyValue(value: unknown): AnyValue | null {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') return numberValue(value);
  if (Array.isArray(value)) return { arrayValue: { values: value.flatMap((item) => anyValue(item) ?? []) } };
  if (typeof value === 'object' && value !== null) return { kvlistValue: { values: keyValues(value) } };
  return null;
}

/** An object as key-value pairs, without what is unknown. */
export function keyValues(fields: object): KeyValue[] {
  return Object.entries(fields).flatMap(([key, field]) => {
    const value = anyValue(field);
    return value === null ? [] : [{ key, value }];
  });
}

function numberValue(value: number): AnyValue | null {
  if (!Number.isFinite(value)) return null;
  return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

/** A time of a summary (RFC 3339, UTC) as nanoseconds since the Unix epoch. */
export function nanoseconds(time: string): string {
  return Number.isNaN(Date.parse(time)) ? '0' : String(nanosecondsOf(time));
}

/** The resource that all data of a probe belong to. */
export function resourceOf(
  probe: string,
  version: string,
  extra: Readonly<Record<string, string>>,
): { attributes: KeyValue[] } {
  const own = { 'service.name': 'rtpsonde', 'service.version': version, 'service.instance.id': probe };
  return { attributes: keyValues({ ...own, ...extra }) };
}

// What the parts of the summary schema are written with.
import { z } from 'zod';

export const count = (text: string) => z.number().int().nonnegative().describe(text);
/** A number that may be unknown. */
export const known = (text: string) => z.number().nullable().describe(text);
export const ms = (text: string) => known(`${text}, ms; null when there is none`);
export const share = (text: string) => known(`${text}, 0..1; null when unknown`);
export const flag = (text: string) => z.boolean().nullable().describe(text);
export const time = (text: string) =>
  z.string().describe(`${text}: RFC 3339, UTC, nanoseconds (packet time of the capture clock)`);
export const hexId = (text: string) => z.string().describe(`${text}, 16 hex digits`);

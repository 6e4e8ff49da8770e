// Payload types in the notation of SDP's rtpmap (RFC 8866 6.6): NAME/CLOCK or
// NAME/CLOCK/CHANNELS, for example `opus/48000/2`.
import { z } from 'zod';

export type PayloadKind = 'audio' | 'video' | 'comfort-noise' | 'telephone-event';

/** What the configuration says about one payload type. */
export interface ConfiguredPayloadType {
  /** 0..127 */
  payloadType: number;
  /** Encoding name as written, for example `opus`. */
  name: string;
  /** RTP clock rate in Hz. */
  clockRate: number;
  kind: PayloadKind;
}

// Encoding names of video by their RTP payload formats; names compare without case (RFC 8866 6.6).
const videoNames = new Set([
  'av1',
  'cellb',
  'flexfec',
  'h261',
  'h263',
  'h263-1998',
  'h263-2000',
  'h264',
  'h264-svc',
  'h265',
  'h266',
  'jpeg',
  'mp2t',
  'mp4v-es',
  'mpv',
  'nv',
  'rtx',
  'theora',
  'ulpfec',
  'vp8',
  'vp9',
]);
// Audio that runs on the clock of video (RFC 3551 4.5.13, RFC 5219).
const audioAt90kHz = new Set(['mpa', 'mpa-robust']);

/** What kind of payload an encoding name means; an unknown name on a 90 kHz clock is taken for video. */
export function kindOf(name: string, clockRate: number): PayloadKind {
  const lower = name.toLowerCase();
  if (lower === 'telephone-event') return 'telephone-event';
  if (lower === 'cn') return 'comfort-noise';
  if (audioAt90kHz.has(lower)) return 'audio';
  // `rtx` and the FEC formats protect audio too; there the clock tells.
  if (clockRate === 90000) return 'video';
  return videoNames.has(lower) && !['rtx', 'flexfec', 'ulpfec'].includes(lower) ? 'video' : 'audio';
}

const NOTATION = /^([A-Za-z0-9][A-Za-z0-9._+-]{0,63})\/([0-9]{1,7})(?:\/([1-9][0-9]{0,2}))?$/;
const MIN_CLOCK_HZ = 1000;
const MAX_CLOCK_HZ = 1_000_000;

/** `NAME/CLOCK` taken apart; null when it is not of that form. */
export function parseEncoding(text: string): { name: string; clockRate: number } | null {
  const match = NOTATION.exec(text);
  return match === null ? null : { name: match[1]!, clockRate: Number(match[2]) };
}

const encodingSchema = z
  .string()
  .regex(NOTATION, 'expected NAME/CLOCK with the clock in Hz, for example opus/48000')
  .refine(
    (text) => {
      const clockRate = parseEncoding(text)?.clockRate;
      return clockRate === undefined || (clockRate >= MIN_CLOCK_HZ && clockRate <= MAX_CLOCK_HZ);
    },
    { error: `the clock rate must be ${MIN_CLOCK_HZ}..${MAX_CLOCK_HZ} Hz` },
  );

const numberSchema = z
  .string()
  .regex(/^(?:[0-9]|[1-9][0-9]|1[01][0-9]|12[0-7])$/, 'a payload type is a number 0..127');

/** The map of the configuration; in TypeScript a list in ascending order. */
export const payloadTypesSchema = z.record(numberSchema, encodingSchema).transform((map) =>
  Object.entries(map)
    .map(([number, text]): ConfiguredPayloadType => {
      const { name, clockRate } = parseEncoding(text)!;
      return { payloadType: Number(number), name, clockRate, kind: kindOf(name, clockRate) };
    })
    .sort((a, b) => a.payloadType - b.payloadType),
);

// Where the RTCP that we read differs from the RTCP that tshark reads, field by field.
import type { Fields, RtcpFrame } from './rtcp-fields.js';
import { type TsharkFields, tsharkRtcp } from './tshark-rtcp.js';

/** Whether we read what is in the frame. */
export const isReadable = ({ verdict }: RtcpFrame) => ['clear', 'authenticated', 'damaged'].includes(verdict);

/** Values that RFC 3611 4.7 says to ignore: tshark prints the number, we have nothing. */
function isUnknown(field: string, value: string): boolean {
  const number = Number(value);
  if (/delay$/.test(field)) return number === 0;
  if (/mos[lc]q$/.test(field)) return number < 1 || number > 5;
  if (/factor$/.test(field)) return number > 100;
  return number === 127;
}

/** tshark names each packet of a NACK, the mask in hexadecimal. */
function packetsAsked(fields: Fields): Fields {
  const masks = (fields['rtcp.rtpfb.nack_blp'] ?? []).map(Number);
  const packets = (fields['rtcp.rtpfb.nack_pid'] ?? []).flatMap((first, entry) => [
    Number(first),
    ...Array.from({ length: 16 }, (_, bit) => bit)
      .filter((bit) => (masks[entry]! >> bit) & 1)
      .map((bit) => (Number(first) + 1 + bit) & 0xffff),
  ]);
  return masks.length === 0 ? fields : { ...fields, 'rtcp.rtpfb.nack_pid': packets };
}

/** tshark's values without what it adds: ends of SDES chunks, strings after a NUL. */
function plain(field: string, values: readonly string[]): string[] {
  if (field === 'rtcp.sdes.type') return values.filter((value) => value !== '0');
  if (field === 'rtcp.xr.bt') return values.filter((value, index) => value !== values[index - 1]);
  if (field === 'rtcp.rtpfb.nack_blp') return values.map((value) => String(Number(value)));
  return values.filter((value) => value !== '');
}

export interface Difference {
  frame: number;
  field: string;
  ours: readonly unknown[];
  theirs: readonly string[];
}

/** Every field of a frame that does not have the values that tshark has. */
export function differencesOf(frame: number, read: Fields, tshark: TsharkFields): Difference[] {
  const all = packetsAsked(read);
  return [...new Set([...Object.keys(all), ...Object.keys(tshark)])].flatMap((field) => {
    const theirs = plain(field, tshark[field] ?? []);
    const ours = (all[field] ?? [])
      .map((value) => (field === 'rtcp.sdes.text' ? String(value).split('\0', 1)[0] : value))
      .filter((value) => value !== '');
    const same =
      ours.length === theirs.length &&
      ours.every((value, index) =>
        value === null ? isUnknown(field, theirs[index]!) : String(value) === theirs[index],
      );
    return same ? [] : [{ frame, field, ours, theirs }];
  });
}

/** The same of all readable frames of a capture; tshark is told the ports. */
export function fieldDifferences(file: string, read: ReadonlyMap<number, RtcpFrame>): Difference[] {
  const readable = [...read].filter(([, frame]) => isReadable(frame));
  const ports = [...new Set(readable.flatMap(([, frame]) => frame.ports))];
  const theirs = ports.length === 0 ? new Map<number, TsharkFields>() : tsharkRtcp(file, ports);
  return readable.flatMap(([frame, { fields }]) => differencesOf(frame, fields, theirs.get(frame) ?? {}));
}

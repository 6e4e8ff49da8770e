// Feedback of receivers of video: RFC 4585 6.2.1 (NACK) and 6.3.1 (PLI), RFC
// 5104 4.3.1 (FIR), and the drafts rmcat-transport-wide-cc-extensions-01 and
// alvestrand-rmcat-remb-03.
//
//   |V=2|P|  FMT  |  PT = 205 or 206 |  length  | SSRC of sender | SSRC of media | ...
import type { RtcpWire } from './rtcp-wire.js';

const transportFeedback = 205;
const payloadFeedback = 206;

/** NACK: each entry a first number and a bit for each of the 16 behind it. */
export function writeNack(wire: RtcpWire, sender: number, media: number, missing: readonly number[]): void {
  wire.packet(transportFeedback, 1, () => {
    wire.u32(sender).u32(media);
    for (let i = 0; i < missing.length; ) {
      const first = missing[i]!;
      let mask = 0;
      for (i += 1; i < missing.length; i += 1) {
        const behind = (missing[i]! - first) & 0xffff;
        if (behind === 0 || behind > 16) break;
        mask |= 1 << (behind - 1);
      }
      wire.u16(first).u16(mask);
    }
  });
}

/** Picture loss indication. */
export function writePli(wire: RtcpWire, sender: number, media: number): void {
  wire.packet(payloadFeedback, 1, () => wire.u32(sender).u32(media));
}

/** Full intra request; `number` grows by 1 with each. */
export function writeFir(wire: RtcpWire, sender: number, media: number, number: number): void {
  wire.packet(payloadFeedback, 4, () =>
    wire
      .u32(sender)
      .u32(0)
      .u32(media)
      .u8(number & 0xff)
      .u24(0),
  );
}

/** Receiver estimated maximum bit rate, bit/s: 6 bits of exponent, 18 of mantissa. */
export function writeRemb(wire: RtcpWire, sender: number, media: readonly number[], bitRate: number): void {
  let exponent = 0;
  while (Math.floor(bitRate / 2 ** exponent) > 0x3ffff) exponent += 1;
  const mantissa = Math.floor(bitRate / 2 ** exponent);
  wire.packet(payloadFeedback, 15, () => {
    wire.u32(sender).u32(0).u32(0x52454d42);
    wire.u8(media.length).u24((exponent << 18) | mantissa);
    for (const ssrc of media) wire.u32(ssrc);
  });
}

/** Ticks of 250 us between packets that fit one octet. */
const smallDelta = 255;
const statusSmall = 1;
const statusLarge = 2;

/**
 * Transport-wide congestion control feedback.
 * @param base number of the first packet
 * @param arrivalsNs when each packet from `base` on arrived, null for those that did not; the first is there
 * @param number grows by 1 with each
 */
export function writeTransportCc(
  wire: RtcpWire,
  sender: number,
  media: number,
  base: number,
  arrivalsNs: readonly (number | null)[],
  number: number,
): void {
  // The reference counts in 64 ms, deltas in 250 us from it or from the packet before.
  const reference = Math.floor((arrivalsNs[0] ?? 0) / 64e6);
  let previous = reference * 256;
  const statuses: number[] = [];
  const deltas: number[] = [];
  for (const arrivalNs of arrivalsNs) {
    if (arrivalNs === null) {
      statuses.push(0);
      continue;
    }
    const tick = Math.round(arrivalNs / 250_000);
    const delta = tick - previous;
    previous = tick;
    deltas.push(delta);
    statuses.push(delta >= 0 && delta <= smallDelta ? statusSmall : statusLarge);
  }
  wire.packet(transportFeedback, 15, () => {
    wire
      .u32(sender)
      .u32(media)
      .u16(base & 0xffff)
      .u16(statuses.length);
    wire.u24(reference & 0xffffff).u8(number & 0xff);
    // Status vector chunks of 7 two-bit symbols.
    for (let i = 0; i < statuses.length; i += 7) {
      let chunk = 0xc000;
      for (let k = 0; k < 7; k += 1) chunk |= (statuses[i + k] ?? 0) << (12 - 2 * k);
      wire.u16(chunk);
    }
    for (const delta of deltas) {
      if (delta >= 0 && delta <= smallDelta) wire.u8(delta);
      else wire.u16(delta & 0xffff);
    }
    wire.align();
  });
}

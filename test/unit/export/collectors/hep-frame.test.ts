import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addressBytes,
  encodeFrame,
  type HepFrame,
  MAX_FRAME_BYTES,
} from '../../../../src/export/hep/frame.js';
import { formatAddress } from '../../../../src/summary/format.js';
import { readFrame } from '../../../support/hep-reader.js';

function bytesOf(name: string): Buffer {
  const text = readFileSync(fileURLToPath(new URL(name, import.meta.url)), 'utf8');
  return Buffer.from(text.replaceAll(/\s/g, ''), 'hex');
}

/** A type-34 report with all that Homer's page needs; decoded field by field by hep-js. */
const golden = bytesOf('hep34-golden.hex');

const frame: HepFrame = {
  protocol: 34,
  src: '192.0.2.10',
  srcPort: 40000,
  dst: '198.51.100.20',
  dstPort: 50000,
  seconds: 1_700_000_010,
  microseconds: 123_456,
  captureId: 2001,
  password: null,
  nodeName: 'probe-1',
  correlationId: 'a84b4c76e66710@pc33.example.net',
  mosHundredths: 421,
  payload: golden.subarray(golden.indexOf('{')),
};

describe('HEP3 frames', () => {
  it('are the golden frame, byte for byte', () => {
    expect(encodeFrame(frame)?.toString('hex')).toBe(golden.toString('hex'));
  });

  it('have the chunks of the published packet, byte for byte and in its order', () => {
    const published = bytesOf('hep3-published.hex');
    const ours = encodeFrame({
      ...frame,
      src: '212.202.0.1',
      dst: '82.116.0.211',
      srcPort: 12010,
      dstPort: 5060,
      seconds: 1_313_440_459,
      microseconds: 120_000,
      protocol: 1 as 5,
      captureId: 228,
      payload: Buffer.from('INVITE sip:bob'),
      mosHundredths: null,
    })!;
    const upToCaptureId = 6 + 7 + 7 + 10 + 10 + 8 + 8 + 10 + 10 + 7 + 10;
    expect(ours.subarray(6, upToCaptureId).toString('hex')).toBe(
      published.subarray(6, upToCaptureId).toString('hex'),
    );
    expect(ours.subarray(-20).toString('hex')).toBe(published.subarray(-20).toString('hex'));
  });

  it('carry IPv6, a password and no MOS', () => {
    const bytes = encodeFrame({
      ...frame,
      src: '2001:db8::1',
      dst: '::',
      password: 'key',
      mosHundredths: null,
    })!;
    expect(readFrame(bytes)).toMatchObject({
      src: '20010db8000000000000000000000001',
      dst: '0'.repeat(32),
      password: 'key',
      mosHundredths: undefined,
    });
  });

  it('hold the bytes of any address as summaries write it', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0, 0, 1, 255), { minLength: 16, maxLength: 16 }), (bytes) => {
        const text = formatAddress(Uint8Array.from(bytes), 6);
        expect([...addressBytes(text)]).toEqual(bytes);
      }),
    );
  });

  it('have a text end before a zero, as a receiver in C reads it to', () => {
    const bytes = encodeFrame(frame)!;
    expect(bytes[bytes.indexOf('pc33.example.net') + 'pc33.example.net'.length]).toBe(0);
  });

  it('are not made when no receiver would take them', () => {
    const rest = encodeFrame({ ...frame, payload: Buffer.alloc(0) })!.length;
    expect(encodeFrame({ ...frame, payload: Buffer.alloc(MAX_FRAME_BYTES - rest) })).toHaveLength(65_507);
    expect(encodeFrame({ ...frame, payload: Buffer.alloc(MAX_FRAME_BYTES - rest + 1) })).toBeNull();
  });
});

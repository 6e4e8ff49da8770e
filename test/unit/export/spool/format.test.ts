import { describe, expect, it } from 'vitest';
import { RecordWriter, readRecord, segmentHead, versionOf } from '../../../../src/export/spool/format.js';
import { line } from '../support.js';

/** Made with another program: `python3 -c "import zlib; print(hex(zlib.crc32(bytes.fromhex(...))))"`. */
const RECORD = Buffer.from(
  [
    '72656331', // "rec1"
    '38000000', // 56 bytes behind the CRC
    'CRCCRCCR', // CRC-32 of them
    '0700000000000000', // sequence number 7
    '000000000000f83f', // 1.5 ms since the epoch
    '01', // stream
    '00',
    '0300', // the id has 3 bytes
    '612d62', // a-b
    '7b226b696e64223a2273747265616d222c226964223a22612d62227d0a', // {"kind":"stream","id":"a-b"}\n
  ]
    .join('')
    .replace('CRCCRCCR', '00000000'),
  'hex',
);

function written(): Buffer {
  const writer = new RecordWriter();
  const summary = line('a-b', 'stream');
  const short = {
    ...summary,
    kind: 'stream' as const,
    id: 'a-b',
    length: 29,
    copyTo: (target: Buffer, at: number) => void target.write('{"kind":"stream","id":"a-b"}\n', at),
    retain() {},
    release() {},
    json: '',
  };
  writer.add(short, 7, 1.5);
  return writer.take();
}

describe('a record of the spool', () => {
  it('has the bytes that its description has', () => {
    const bytes = written();
    const withoutCrc = Buffer.from(bytes);
    withoutCrc.writeUInt32LE(0, 8);
    withoutCrc.writeUInt32LE(0x38, 4);
    expect(withoutCrc.toString('hex')).toBe(RECORD.toString('hex'));
    expect(bytes.readUInt32LE(4)).toBe(bytes.length - 12);
  });

  it('is read back', () => {
    const bytes = written();
    const record = readRecord(Buffer.concat([Buffer.from('xx'), bytes]), 2);
    expect(record).toMatchObject({ sequence: 7, arrivedMs: 1.5, end: bytes.length + 2 });
    expect([record?.line.kind, record?.line.id, record?.line.json]).toEqual([
      'stream',
      'a-b',
      '{"kind":"stream","id":"a-b"}',
    ]);
  });

  it('is refused when any bit of it is wrong, or its end is missing', () => {
    const bytes = written();
    for (let at = 0; at < bytes.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const wrong = Buffer.from(bytes);
        wrong.writeUInt8(wrong.readUInt8(at) ^ (1 << bit), at);
        expect(readRecord(wrong, 0), `byte ${at}, bit ${bit}`).toBeNull();
      }
      expect(readRecord(bytes.subarray(0, at), 0), `${at} bytes`).toBeNull();
    }
  });
});

it('a segment says that it is one, and of which version', () => {
  expect(versionOf(segmentHead())).toBe(1);
  expect(versionOf(Buffer.from('something else altogether'))).toBeNull();
  expect(versionOf(Buffer.alloc(3))).toBeNull();
});

import { describe, expect, it } from 'vitest';
import { buildCodecTable } from '../../../src/quality/codecs.js';
import {
  mediaKind,
  staticPayloadType,
  staticPayloadTypes,
} from '../../../src/quality/static-payload-types.js';

describe('static payload types', () => {
  it('are those of RFC 3551, and CN at 19', () => {
    const lines = staticPayloadTypes.map(
      ({ payloadType, encodingName, clockRate, channels, kind }) =>
        `${payloadType} ${encodingName}/${clockRate}${channels > 1 ? `/${channels}` : ''} ${kind}`,
    );
    expect(lines).toEqual([
      '0 PCMU/8000 audio',
      '3 GSM/8000 audio',
      '4 G723/8000 audio',
      '5 DVI4/8000 audio',
      '6 DVI4/16000 audio',
      '7 LPC/8000 audio',
      '8 PCMA/8000 audio',
      '9 G722/8000 audio',
      '10 L16/44100/2 audio',
      '11 L16/44100 audio',
      '12 QCELP/8000 audio',
      '13 CN/8000 comfort-noise',
      '14 MPA/90000 audio',
      '15 G728/8000 audio',
      '16 DVI4/11025 audio',
      '17 DVI4/22050 audio',
      '18 G729/8000 audio',
      '19 CN/8000 comfort-noise',
      '25 CelB/90000 video',
      '26 JPEG/90000 video',
      '28 nv/90000 video',
      '31 H261/90000 video',
      '32 MPV/90000 video',
      '33 MP2T/90000 video',
      '34 H263/90000 video',
    ]);
  });

  it('are found by number', () => {
    expect(staticPayloadType(18)?.encodingName).toBe('G729');
    expect([1, 24, 96, 127].map(staticPayloadType)).toEqual([null, null, null, null]);
  });

  it('have the clock rate of the codec table', () => {
    const table = buildCodecTable();
    const both = staticPayloadTypes
      .map((type) => [type.clockRate, table.find(type.encodingName)?.clockRate] as const)
      .filter(([, clockRate]) => clockRate !== undefined);
    expect(both.length).toBeGreaterThanOrEqual(9);
    expect(both.filter(([a, b]) => a !== b)).toEqual([]);
  });
});

describe('the kind of media', () => {
  it('follows from the encoding name in any case', () => {
    const names = ['PCMU', 'opus', 'h264', 'VP8', 'cn', 'Telephone-Event', 'nv', 'unheard-of'];
    expect(names.map(mediaKind)).toEqual([
      'audio',
      'audio',
      'video',
      'video',
      'comfort-noise',
      'telephone-event',
      'video',
      'audio',
    ]);
  });
});

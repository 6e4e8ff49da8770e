// RTP payload types with a fixed meaning (RFC 3551 section 6, tables 4 and 5), and what kind of media an
// RTP encoding name stands for.

/** What a payload carries, as far as measuring cares. */
export type MediaKind = 'audio' | 'video' | 'comfort-noise' | 'telephone-event';

export interface StaticPayloadType {
  /** 0..34 */
  payloadType: number;
  /** RTP encoding name. */
  encodingName: string;
  /** RTP clock rate, Hz. */
  clockRate: number;
  channels: number;
  kind: MediaKind;
}

function audio(payloadType: number, encodingName: string, clockRate = 8000, channels = 1): StaticPayloadType {
  return { payloadType, encodingName, clockRate, channels, kind: 'audio' };
}

function comfortNoise(payloadType: number): StaticPayloadType {
  return { payloadType, encodingName: 'CN', clockRate: 8000, channels: 1, kind: 'comfort-noise' };
}

function video(payloadType: number, encodingName: string): StaticPayloadType {
  return { payloadType, encodingName, clockRate: 90000, channels: 1, kind: 'video' };
}

/**
 * All assigned static payload types, ascending. 1, 2, 20..24, 27, 29 and 30 are reserved or unassigned
 * (2 was G721). 9: the clock is 8000 though G.722 samples at 16 kHz, a historical error that was kept.
 * 19 is reserved in RFC 3551, but older equipment sends comfort noise with it.
 */
export const staticPayloadTypes: readonly StaticPayloadType[] = [
  audio(0, 'PCMU'),
  audio(3, 'GSM'),
  audio(4, 'G723'),
  audio(5, 'DVI4'),
  audio(6, 'DVI4', 16000),
  audio(7, 'LPC'),
  audio(8, 'PCMA'),
  audio(9, 'G722'),
  audio(10, 'L16', 44100, 2),
  audio(11, 'L16', 44100),
  audio(12, 'QCELP'),
  comfortNoise(13),
  audio(14, 'MPA', 90000),
  audio(15, 'G728'),
  audio(16, 'DVI4', 11025),
  audio(17, 'DVI4', 22050),
  audio(18, 'G729'),
  comfortNoise(19),
  video(25, 'CelB'),
  video(26, 'JPEG'),
  video(28, 'nv'),
  video(31, 'H261'),
  video(32, 'MPV'),
  video(33, 'MP2T'),
  video(34, 'H263'),
];

const byNumber = new Map(staticPayloadTypes.map((type) => [type.payloadType, type]));

/** The fixed meaning of a payload type, null when it has none. */
export function staticPayloadType(payloadType: number): StaticPayloadType | null {
  return byNumber.get(payloadType) ?? null;
}

const kinds = new Map<string, MediaKind>([
  ['CN', 'comfort-noise'],
  ['TELEPHONE-EVENT', 'telephone-event'],
  ...[
    'CELB',
    'JPEG',
    'NV',
    'H261',
    'MPV',
    'MP2T',
    'MP1S',
    'MP2P',
    'BMPEG',
    'RAW',
    'JPEG2000',
    'JXSV',
    'SMPTE291',
    'VC1',
    'VC2',
    'THEORA',
    'MP4V-ES',
  ].map(asVideo),
  ...['H263', 'H263-1998', 'H263-2000', 'H264', 'H264-SVC', 'H265', 'H266', 'VP8', 'VP9', 'AV1', 'EVC'].map(
    asVideo,
  ),
]);

function asVideo(name: string): [string, MediaKind] {
  return [name, 'video'];
}

/** Whether an RTP encoding name (any case) is video, comfort noise or telephone events; audio otherwise. */
export function mediaKind(encodingName: string): MediaKind {
  return kinds.get(encodingName.toUpperCase()) ?? 'audio';
}

// The codecs that can be simulated: what their packets look like on the wire.
// Static payload types from RFC 3551 table 4; the dynamic ones are our choice.

/** What the sender puts on the wire when its user is silent. */
export type SilenceKind =
  /** RFC 3389 comfort noise, payload type 13. */
  | 'cn'
  /** Silence descriptor frames of the codec itself, in the codec's payload type. */
  | 'sid'
  /** Nothing. */
  | 'none';

export interface Codec {
  /** Encoding name as in SDP. */
  name: string;
  /** RTP payload type, 0..127. */
  payloadType: number;
  /** RTP clock rate, Hz. */
  clockRate: number;
  /** One packet holds a multiple of this many ms. */
  frameMs: number;
  /** Payload octets for each `frameMs`. */
  frameOctets: number;
  /** Payload octets vary at random by up to this much either way, 0 for codecs of constant rate. */
  variationOctets: number;
  silence: SilenceKind;
  /** Payload octets of one silence descriptor. */
  sidOctets: number;
}

/** Comfort noise at 8 kHz (RFC 3389, RFC 3551). */
export const comfortNoisePayloadType = 13;
/** Telephone events; dynamic (RFC 4733), 101 by custom. */
export const telephoneEventPayloadType = 101;

function codec(
  name: string,
  payloadType: number,
  clockRate: number,
  frameMs: number,
  frameOctets: number,
  silence: SilenceKind = 'cn',
  sidOctets = 1,
  variationOctets = 0,
): Codec {
  return { name, payloadType, clockRate, frameMs, frameOctets, variationOctets, silence, sidOctets };
}

const list: Codec[] = [
  codec('PCMU', 0, 8000, 5, 40),
  codec('PCMA', 8, 8000, 5, 40),
  // 16 kHz audio with an 8 kHz RTP clock: RFC 3551 4.5.2 keeps the historical error.
  codec('G722', 9, 8000, 5, 40),
  codec('GSM', 3, 8000, 20, 33),
  codec('G723', 4, 8000, 30, 24, 'sid', 4),
  codec('G728', 15, 8000, 5, 10),
  codec('G729', 18, 8000, 10, 10, 'sid', 2),
  codec('iLBC', 98, 8000, 20, 38),
  codec('AMR', 96, 8000, 20, 33, 'sid', 7),
  codec('AMR-WB', 104, 16000, 20, 62, 'sid', 7),
  codec('EVS', 112, 16000, 20, 61, 'sid', 7),
  codec('opus', 111, 48000, 10, 40, 'sid', 3, 16),
  codec('L16', 11, 44100, 10, 882, 'none'),
];

const byName = new Map(list.map((entry) => [entry.name.toLowerCase(), entry]));

/** Names of all codecs that can be simulated. */
export const codecNames: readonly string[] = list.map((entry) => entry.name);

/** The codec of that name (in any case), or undefined. */
export function findCodec(name: string): Codec | undefined {
  return byName.get(name.toLowerCase());
}

// Ethernet's 1500 octets less IPv6, UDP and RTP headers, and some room.
const largestPayload = 1400;

/** Frames of `codec` in a packet of about `ptimeMs`; at least one, and no more than fit. */
export function framesPerPacket(codec: Codec, ptimeMs: number): number {
  const wanted = Math.max(1, Math.round(ptimeMs / codec.frameMs));
  return Math.min(wanted, Math.max(1, Math.floor(largestPayload / codec.frameOctets)));
}

// What a sender of one RTP stream sends next. The models fill in these fields
// packet by packet, in the order of sequence numbers.

/** What a packet is, as far as the jitter rules tell packets apart. */
export const packetKind = { audio: 0, comfortNoise: 1, telephoneEvent: 2, video: 3 } as const;

export abstract class MediaModel {
  /** When the packet leaves the sender, ns since the start of the capture. */
  sendNs = 0;
  /** RTP timestamp as a signed 32-bit number (which V8 holds without a box). */
  timestamp = 0;
  sequence = 0;
  /** Number of the packet within its segment, from 0; the sequence number without wraps. */
  index = -1;
  /** Grows with every restart of the sequence numbers. */
  segment = 0;
  payloadType = 0;
  payloadOctets = 0;
  /** Payload of 4 octets or less as a big-endian word, left-aligned; -1: arbitrary media octets. */
  inlinePayload = -1;
  /** One of `packetKind`. */
  kind: number = packetKind.audio;
  marker = false;
  /** First packet of a talk spurt after a pause in transmission. */
  resumes = false;
  /** Packets must not be reordered across this one: another payload type, a talk spurt, a restart. */
  boundary = false;
  /** Too close to a restart to be harmed, so that what happened stays beyond doubt. */
  guarded = false;

  /** Prepares the next packet; false at the end of the stream. */
  abstract advance(): boolean;

  /** Packets that surely follow the current one without a boundary between. */
  abstract runway(): number;

  /** Ends the stream with the current packet. */
  abstract stop(): void;

  /** RTP timestamp of the instant `atNs`, for sender reports. */
  abstract timestampAt(atNs: number): number;

  protected countPacket(): void {
    this.index += 1;
    this.sequence = (this.sequence + 1) & 0xffff;
  }
}

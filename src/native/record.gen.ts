// Generated from native/definitions by `npm run generate`. Do not edit.

export const BLOCK_MAGIC = 0x52545053;
export const LAYOUT_VERSION = 1;
export const LAYOUT_HASH = 0x1fdcedaa;

/** Byte offsets within the block header. */
export const headerOffsets = {
  magic: 0,
  version: 4,
  headerBytes: 6,
  layoutHash: 8,
  recordBytes: 12,
  rows: 16,
  counterCount: 20,
  shard: 24,
  shardCount: 26,
  flags: 28,
  windowStartNs: 32,
  windowEndNs: 40,
  sequence: 48,
} as const;

export const HEADER_BYTES = 56;

/** Reads fields in place; move `base` to read another one. */
export class BlockHeaderView {
  base = 0;
  constructor(readonly view: DataView) {}
  /** 0x52545053, 'RTPS' */
  get magic(): number {
    return this.view.getUint32(this.base + 0, true);
  }
  /** Layout version */
  get version(): number {
    return this.view.getUint16(this.base + 4, true);
  }
  /** Bytes before the first record */
  get headerBytes(): number {
    return this.view.getUint16(this.base + 6, true);
  }
  /** Hash of this definition */
  get layoutHash(): number {
    return this.view.getUint32(this.base + 8, true);
  }
  /** Bytes of one record */
  get recordBytes(): number {
    return this.view.getUint32(this.base + 12, true);
  }
  /** Number of records */
  get rows(): number {
    return this.view.getUint32(this.base + 16, true);
  }
  /** Number of counters between header and records */
  get counterCount(): number {
    return this.view.getUint32(this.base + 20, true);
  }
  /** Worker that sealed the block */
  get shard(): number {
    return this.view.getUint16(this.base + 24, true);
  }
  /** Number of workers */
  get shardCount(): number {
    return this.view.getUint16(this.base + 26, true);
  }
  /** Bit 0: the window was closed before its end. Bit 1: blocks before this one were discarded. Bit 2: last block of the worker */
  get flags(): number {
    return this.view.getUint32(this.base + 28, true);
  }
  /** Start of the window (packet time) [ns since the Unix epoch] */
  get windowStartNs(): bigint {
    return this.view.getBigInt64(this.base + 32, true);
  }
  /** End of the window (packet time) [ns since the Unix epoch] */
  get windowEndNs(): bigint {
    return this.view.getBigInt64(this.base + 40, true);
  }
  /** Number of the block within its worker, from 0 */
  get sequence(): number {
    return this.view.getFloat64(this.base + 48, true);
  }
}

/** Byte offsets within one record. */
export const recordOffsets = {
  streamId: 0,
  streamStartNs: 8,
  firstNs: 16,
  lastNs: 24,
  src: 32,
  dst: 48,
  ssrc: 64,
  srcPort: 68,
  dstPort: 70,
  packets: 72,
  octets: 80,
  expected: 88,
  lost: 96,
  recovered: 104,
  duplicates: 112,
  reordered: 120,
  late: 128,
  lossRuns: 136,
  lossRunPackets: 144,
  lossRunLongest: 152,
  reorderExtentMax: 156,
  restarts: 160,
  sequenceErrors: 164,
  timestampJumps: 168,
  dtxResumptions: 172,
  comfortNoisePackets: 176,
  telephoneEventPackets: 180,
  markers: 184,
  payloadTypeChanges: 188,
  rtcpPackets: 192,
  clockRate: 196,
  timestampStep: 200,
  lastTimestamp: 204,
  firstSequence: 208,
  lastSequence: 210,
  vlan: 212,
  vlanOther: 214,
  jitterLastMs: 216,
  jitterMeanMs: 224,
  jitterMaxMs: 232,
  jitterSamples: 240,
  deltaMeanMs: 248,
  deltaMaxMs: 256,
  payloadTypesLow: 264,
  payloadTypesHigh: 272,
  dscpSeen: 280,
  payloadType: 288,
  dscp: 289,
  kind: 290,
  endReason: 291,
  clockSource: 292,
  ipVersion: 293,
  mediaKind: 294,
  reserved: 295,
} as const;

export const RECORD_BYTES = 296;

/** Reads fields in place; move `base` to read another one. */
export class RecordView {
  base = 0;
  constructor(readonly view: DataView) {}
  /** Stable id: hash of addresses, ports, SSRC and the time of the first packet */
  get streamId(): bigint {
    return this.view.getBigUint64(this.base + 0, true);
  }
  /** Capture time of the first packet of the stream [ns since the Unix epoch] */
  get streamStartNs(): bigint {
    return this.view.getBigInt64(this.base + 8, true);
  }
  /** Capture time of the first packet in this record [ns since the Unix epoch] */
  get firstNs(): bigint {
    return this.view.getBigInt64(this.base + 16, true);
  }
  /** Capture time of the last packet in this record [ns since the Unix epoch] */
  get lastNs(): bigint {
    return this.view.getBigInt64(this.base + 24, true);
  }
  /** Source address; IPv4 as IPv4-mapped IPv6 (RFC 4291 2.5.5.2) */
  get src(): Uint8Array {
    return new Uint8Array(this.view.buffer, this.view.byteOffset + this.base + 32, 16);
  }
  /** Destination address */
  get dst(): Uint8Array {
    return new Uint8Array(this.view.buffer, this.view.byteOffset + this.base + 48, 16);
  }
  /** Synchronisation source (RFC 3550 5.1) */
  get ssrc(): number {
    return this.view.getUint32(this.base + 64, true);
  }
  /** Source UDP port */
  get srcPort(): number {
    return this.view.getUint16(this.base + 68, true);
  }
  /** Destination UDP port */
  get dstPort(): number {
    return this.view.getUint16(this.base + 70, true);
  }
  /** RTP packets seen at the tap, duplicates included (RFC 3550 A.3) */
  get packets(): number {
    return this.view.getFloat64(this.base + 72, true);
  }
  /** RTP payload octets without header and padding [octets] (RFC 3550 6.4.1) */
  get octets(): number {
    return this.view.getFloat64(this.base + 80, true);
  }
  /** Highest minus lowest extended sequence number plus 1, summed over segments that a restart separates (RFC 3550 A.3) */
  get expected(): number {
    return this.view.getFloat64(this.base + 88, true);
  }
  /** Expected minus distinct packets; in a window: newly missing in it */
  get lost(): number {
    return this.view.getFloat64(this.base + 96, true);
  }
  /** In a window: losses of earlier windows taken back because the packets came after all */
  get recovered(): number {
    return this.view.getFloat64(this.base + 104, true);
  }
  /** Packets whose extended sequence number was seen before */
  get duplicates(): number {
    return this.view.getFloat64(this.base + 112, true);
  }
  /** Packets below the highest sequence number seen, and not seen before (RFC 4737) */
  get reordered(): number {
    return this.view.getFloat64(this.base + 120, true);
  }
  /** Packets that came after their slot had left the reordering window of 128; their loss is taken back */
  get late(): number {
    return this.view.getFloat64(this.base + 128, true);
  }
  /** Runs of consecutive lost sequence numbers, decided when they leave the reordering window */
  get lossRuns(): number {
    return this.view.getFloat64(this.base + 136, true);
  }
  /** Packets lost in these runs */
  get lossRunPackets(): number {
    return this.view.getFloat64(this.base + 144, true);
  }
  /** Longest of these runs */
  get lossRunLongest(): number {
    return this.view.getUint32(this.base + 152, true);
  }
  /** Largest distance of a reordered packet from the highest sequence number seen */
  get reorderExtentMax(): number {
    return this.view.getUint32(this.base + 156, true);
  }
  /** Sequence restarts (jumps confirmed by the next packet) (RFC 3550 A.1) */
  get restarts(): number {
    return this.view.getUint32(this.base + 160, true);
  }
  /** Packets with a wild sequence number that the next packet did not confirm (RFC 3550 A.1) */
  get sequenceErrors(): number {
    return this.view.getUint32(this.base + 164, true);
  }
  /** Steps of more than 1 s between RTP timestamp and arrival; the jitter sample is left out */
  get timestampJumps(): number {
    return this.view.getUint32(this.base + 168, true);
  }
  /** Talk spurts resumed after silence; the jitter sample is left out (RFC 3551 4.1) */
  get dtxResumptions(): number {
    return this.view.getUint32(this.base + 172, true);
  }
  /** Comfort noise packets (RFC 3389) */
  get comfortNoisePackets(): number {
    return this.view.getUint32(this.base + 176, true);
  }
  /** Telephone-event (DTMF) packets (RFC 4733) */
  get telephoneEventPackets(): number {
    return this.view.getUint32(this.base + 180, true);
  }
  /** Packets with the marker bit (RFC 3550 5.1) */
  get markers(): number {
    return this.view.getUint32(this.base + 184, true);
  }
  /** Changes of the media payload type; comfort noise and telephone events are not counted */
  get payloadTypeChanges(): number {
    return this.view.getUint32(this.base + 188, true);
  }
  /** RTCP datagrams of this SSRC on the same or the next port */
  get rtcpPackets(): number {
    return this.view.getUint32(this.base + 192, true);
  }
  /** RTP clock rate, 0 when unknown [Hz] */
  get clockRate(): number {
    return this.view.getUint32(this.base + 196, true);
  }
  /** Usual RTP timestamp step between packets, 0 when unknown [RTP clock ticks] */
  get timestampStep(): number {
    return this.view.getUint32(this.base + 200, true);
  }
  /** RTP timestamp of the last packet that was not behind others [RTP clock ticks] */
  get lastTimestamp(): number {
    return this.view.getUint32(this.base + 204, true);
  }
  /** Sequence number of the first packet */
  get firstSequence(): number {
    return this.view.getUint16(this.base + 208, true);
  }
  /** Sequence number of the last packet */
  get lastSequence(): number {
    return this.view.getUint16(this.base + 210, true);
  }
  /** VLAN id last seen (outer tag), 0xffff when untagged */
  get vlan(): number {
    return this.view.getUint16(this.base + 212, true);
  }
  /** Another VLAN id seen before, 0xffff when none */
  get vlanOther(): number {
    return this.view.getUint16(this.base + 214, true);
  }
  /** Interarrival jitter at the end, NaN when there is none [ms] (RFC 3550 A.8) */
  get jitterLastMs(): number {
    return this.view.getFloat64(this.base + 216, true);
  }
  /** Arithmetic mean of the running estimate after each sample [ms] (RFC 3550 A.8) */
  get jitterMeanMs(): number {
    return this.view.getFloat64(this.base + 224, true);
  }
  /** Largest running estimate [ms] (RFC 3550 A.8) */
  get jitterMaxMs(): number {
    return this.view.getFloat64(this.base + 232, true);
  }
  /** Number of jitter samples */
  get jitterSamples(): number {
    return this.view.getFloat64(this.base + 240, true);
  }
  /** Mean time between consecutive packets, NaN with fewer than two [ms] */
  get deltaMeanMs(): number {
    return this.view.getFloat64(this.base + 248, true);
  }
  /** Longest time between consecutive packets [ms] */
  get deltaMaxMs(): number {
    return this.view.getFloat64(this.base + 256, true);
  }
  /** Payload types seen, bit n is type n (0..63) */
  get payloadTypesLow(): bigint {
    return this.view.getBigUint64(this.base + 264, true);
  }
  /** Payload types seen, bit n is type 64+n */
  get payloadTypesHigh(): bigint {
    return this.view.getBigUint64(this.base + 272, true);
  }
  /** DSCP values seen, bit n is value n (RFC 2474) */
  get dscpSeen(): bigint {
    return this.view.getBigUint64(this.base + 280, true);
  }
  /** Media payload type last seen (RFC 3550 5.1) */
  get payloadType(): number {
    return this.view.getUint8(this.base + 288);
  }
  /** DSCP last seen (RFC 2474) */
  get dscp(): number {
    return this.view.getUint8(this.base + 289);
  }
  /** 1: a window of a stream. 2: the whole stream, at its end */
  get kind(): number {
    return this.view.getUint8(this.base + 290);
  }
  /** 0: not ended. 1: idle. 2: end of the capture. 3: evicted. 4: the engine stopped */
  get endReason(): number {
    return this.view.getUint8(this.base + 291);
  }
  /** 0: unknown. 1: static payload type (RFC 3551). 2: configuration. 3: inferred from the traffic */
  get clockSource(): number {
    return this.view.getUint8(this.base + 292);
  }
  /** 4 or 6 */
  get ipVersion(): number {
    return this.view.getUint8(this.base + 293);
  }
  /** 0: unknown. 1: audio. 2: video */
  get mediaKind(): number {
    return this.view.getUint8(this.base + 294);
  }
}

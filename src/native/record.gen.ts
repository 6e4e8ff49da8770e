// Generated from native/definitions by `npm run generate`. Do not edit.

export const BLOCK_MAGIC = 0x52545053;
export const LAYOUT_VERSION = 2;
export const LAYOUT_HASH = 0xe29e8ef8;

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
  pairId: 8,
  streamStartNs: 16,
  firstNs: 24,
  lastNs: 32,
  src: 40,
  dst: 56,
  ssrc: 72,
  srcPort: 76,
  dstPort: 78,
  packets: 80,
  octets: 88,
  expected: 96,
  lost: 104,
  recovered: 112,
  duplicates: 120,
  reordered: 128,
  late: 136,
  lossRuns: 144,
  lossRunPackets: 152,
  lossRunLongest: 160,
  reorderExtentMax: 164,
  restarts: 168,
  sequenceErrors: 172,
  timestampJumps: 176,
  dtxResumptions: 180,
  comfortNoisePackets: 184,
  telephoneEventPackets: 188,
  markers: 192,
  payloadTypeChanges: 196,
  rtcpPackets: 200,
  clockRate: 204,
  timestampStep: 208,
  lastTimestamp: 212,
  firstSequence: 216,
  lastSequence: 218,
  vlan: 220,
  vlanOther: 222,
  jitterLastMs: 224,
  jitterMeanMs: 232,
  jitterMaxMs: 240,
  jitterSamples: 248,
  deltaMeanMs: 256,
  deltaMaxMs: 264,
  burstSquares: 272,
  captureLost: 280,
  redRepaired: 284,
  decided: 288,
  bad: 292,
  badRuns: 296,
  bursts: 300,
  burstPackets: 304,
  burstBad: 308,
  burstDensity: 312,
  gapDensity: 316,
  burstMeanPackets: 320,
  gapMeanPackets: 324,
  playoutPackets: 328,
  adaptiveDelayMeanMs: 332,
  bufferMeanMs: 336,
  pdvMeanMs: 340,
  pdvMaxMs: 344,
  ipdvMeanMs: 348,
  ipdvMaxMs: 352,
  mapdv2Ms: 356,
  skewPpm: 360,
  jitterTransmissionMs: 364,
  signalLevelDbm0: 368,
  noiseLevelDbm0: 372,
  silenceShare: 376,
  clippingShare: 380,
  spanCopyDelayMeanMs: 384,
  spanCopyDelayMaxMs: 388,
  lateDiscards: 392,
  earlyDiscards: 404,
  pdvHistogram: 416,
  spanCopies: 480,
  stalls: 484,
  redPackets: 488,
  tunnelId: 492,
  reportRow: 496,
  innerVlan: 500,
  tunnelKind: 502,
  tunnelDepth: 503,
  payloadTypesLow: 504,
  payloadTypesHigh: 512,
  dscpSeen: 520,
  payloadType: 528,
  dscp: 529,
  kind: 530,
  endReason: 531,
  clockSource: 532,
  ipVersion: 533,
  mediaKind: 534,
  reserved: 535,
} as const;

export const RECORD_BYTES = 536;

/** Reads fields in place; move `base` to read another one. */
export class RecordView {
  base = 0;
  constructor(readonly view: DataView) {}
  /** Stable id: hash of addresses, ports, SSRC and the time of the first packet */
  get streamId(): bigint {
    return this.view.getBigUint64(this.base + 0, true);
  }
  /** The same for both directions between two addresses and ports, whatever the SSRC */
  get pairId(): bigint {
    return this.view.getBigUint64(this.base + 8, true);
  }
  /** Capture time of the first packet of the stream [ns since the Unix epoch] */
  get streamStartNs(): bigint {
    return this.view.getBigInt64(this.base + 16, true);
  }
  /** Capture time of the first packet in this record [ns since the Unix epoch] */
  get firstNs(): bigint {
    return this.view.getBigInt64(this.base + 24, true);
  }
  /** Capture time of the last packet in this record [ns since the Unix epoch] */
  get lastNs(): bigint {
    return this.view.getBigInt64(this.base + 32, true);
  }
  /** Source address; IPv4 as IPv4-mapped IPv6 (RFC 4291 2.5.5.2) */
  get src(): Uint8Array {
    return new Uint8Array(this.view.buffer, this.view.byteOffset + this.base + 40, 16);
  }
  /** Destination address */
  get dst(): Uint8Array {
    return new Uint8Array(this.view.buffer, this.view.byteOffset + this.base + 56, 16);
  }
  /** Synchronisation source (RFC 3550 5.1) */
  get ssrc(): number {
    return this.view.getUint32(this.base + 72, true);
  }
  /** Source UDP port */
  get srcPort(): number {
    return this.view.getUint16(this.base + 76, true);
  }
  /** Destination UDP port */
  get dstPort(): number {
    return this.view.getUint16(this.base + 78, true);
  }
  /** RTP packets seen at the tap, duplicates included (RFC 3550 A.3) */
  get packets(): number {
    return this.view.getFloat64(this.base + 80, true);
  }
  /** RTP payload octets without header and padding [octets] (RFC 3550 6.4.1) */
  get octets(): number {
    return this.view.getFloat64(this.base + 88, true);
  }
  /** Highest minus lowest extended sequence number plus 1, summed over segments that a restart separates (RFC 3550 A.3) */
  get expected(): number {
    return this.view.getFloat64(this.base + 96, true);
  }
  /** Expected minus distinct packets; in a window: newly missing in it */
  get lost(): number {
    return this.view.getFloat64(this.base + 104, true);
  }
  /** In a window: losses of earlier windows taken back because the packets came after all */
  get recovered(): number {
    return this.view.getFloat64(this.base + 112, true);
  }
  /** Packets whose extended sequence number was seen before */
  get duplicates(): number {
    return this.view.getFloat64(this.base + 120, true);
  }
  /** Packets below the highest sequence number seen, and not seen before (RFC 4737) */
  get reordered(): number {
    return this.view.getFloat64(this.base + 128, true);
  }
  /** Packets that came after their slot had left the reordering window of 128; their loss is taken back */
  get late(): number {
    return this.view.getFloat64(this.base + 136, true);
  }
  /** Runs of consecutive lost sequence numbers, decided when they leave the reordering window */
  get lossRuns(): number {
    return this.view.getFloat64(this.base + 144, true);
  }
  /** Packets lost in these runs */
  get lossRunPackets(): number {
    return this.view.getFloat64(this.base + 152, true);
  }
  /** Longest of these runs */
  get lossRunLongest(): number {
    return this.view.getUint32(this.base + 160, true);
  }
  /** Largest distance of a reordered packet from the highest sequence number seen */
  get reorderExtentMax(): number {
    return this.view.getUint32(this.base + 164, true);
  }
  /** Sequence restarts (jumps confirmed by the next packet) (RFC 3550 A.1) */
  get restarts(): number {
    return this.view.getUint32(this.base + 168, true);
  }
  /** Packets with a wild sequence number that the next packet did not confirm (RFC 3550 A.1) */
  get sequenceErrors(): number {
    return this.view.getUint32(this.base + 172, true);
  }
  /** Steps of more than 1 s between RTP timestamp and arrival; the jitter sample is left out */
  get timestampJumps(): number {
    return this.view.getUint32(this.base + 176, true);
  }
  /** Talk spurts resumed after silence; the jitter sample is left out (RFC 3551 4.1) */
  get dtxResumptions(): number {
    return this.view.getUint32(this.base + 180, true);
  }
  /** Comfort noise packets (RFC 3389) */
  get comfortNoisePackets(): number {
    return this.view.getUint32(this.base + 184, true);
  }
  /** Telephone-event (DTMF) packets (RFC 4733) */
  get telephoneEventPackets(): number {
    return this.view.getUint32(this.base + 188, true);
  }
  /** Packets with the marker bit (RFC 3550 5.1) */
  get markers(): number {
    return this.view.getUint32(this.base + 192, true);
  }
  /** Changes of the media payload type; comfort noise and telephone events are not counted */
  get payloadTypeChanges(): number {
    return this.view.getUint32(this.base + 196, true);
  }
  /** RTCP datagrams of this SSRC on the same or the next port */
  get rtcpPackets(): number {
    return this.view.getUint32(this.base + 200, true);
  }
  /** RTP clock rate, 0 when unknown [Hz] */
  get clockRate(): number {
    return this.view.getUint32(this.base + 204, true);
  }
  /** Usual RTP timestamp step between packets, 0 when unknown [RTP clock ticks] */
  get timestampStep(): number {
    return this.view.getUint32(this.base + 208, true);
  }
  /** RTP timestamp of the last packet that was not behind others [RTP clock ticks] */
  get lastTimestamp(): number {
    return this.view.getUint32(this.base + 212, true);
  }
  /** Sequence number of the first packet */
  get firstSequence(): number {
    return this.view.getUint16(this.base + 216, true);
  }
  /** Sequence number of the last packet */
  get lastSequence(): number {
    return this.view.getUint16(this.base + 218, true);
  }
  /** VLAN id last seen (outer tag), 0xffff when untagged */
  get vlan(): number {
    return this.view.getUint16(this.base + 220, true);
  }
  /** Another VLAN id seen before, 0xffff when none */
  get vlanOther(): number {
    return this.view.getUint16(this.base + 222, true);
  }
  /** Interarrival jitter at the end, NaN when there is none [ms] (RFC 3550 A.8) */
  get jitterLastMs(): number {
    return this.view.getFloat64(this.base + 224, true);
  }
  /** Arithmetic mean of the running estimate after each sample [ms] (RFC 3550 A.8) */
  get jitterMeanMs(): number {
    return this.view.getFloat64(this.base + 232, true);
  }
  /** Largest running estimate [ms] (RFC 3550 A.8) */
  get jitterMaxMs(): number {
    return this.view.getFloat64(this.base + 240, true);
  }
  /** Number of jitter samples */
  get jitterSamples(): number {
    return this.view.getFloat64(this.base + 248, true);
  }
  /** Mean time between consecutive packets, NaN with fewer than two [ms] */
  get deltaMeanMs(): number {
    return this.view.getFloat64(this.base + 256, true);
  }
  /** Longest time between consecutive packets [ms] */
  get deltaMaxMs(): number {
    return this.view.getFloat64(this.base + 264, true);
  }
  /** Sum of the squared lengths of bursts in packets (RFC 6958 3.2) */
  get burstSquares(): number {
    return this.view.getFloat64(this.base + 272, true);
  }
  /** Of the lost: packets that the capture itself is suspected to have missed (estimate) */
  get captureLost(): number {
    return this.view.getUint32(this.base + 280, true);
  }
  /** Lost packets whose media came in a redundant block of another packet (RFC 2198) */
  get redRepaired(): number {
    return this.view.getUint32(this.base + 284, true);
  }
  /** Sequence numbers that have left the reordering window of 128, whether lost or not */
  get decided(): number {
    return this.view.getUint32(this.base + 288, true);
  }
  /** Of the decided: lost, or discarded by the playout profile that quality uses (RFC 3611 4.7.1) */
  get bad(): number {
    return this.view.getUint32(this.base + 292, true);
  }
  /** Runs of consecutive bad packets */
  get badRuns(): number {
    return this.view.getUint32(this.base + 296, true);
  }
  /** Bursts: from bad packet to bad packet without Gmin good ones between (RFC 3611 4.7.2) */
  get bursts(): number {
    return this.view.getUint32(this.base + 300, true);
  }
  /** Sequence numbers inside bursts (RFC 3611 4.7.2) */
  get burstPackets(): number {
    return this.view.getUint32(this.base + 304, true);
  }
  /** Bad packets inside bursts (RFC 3611 4.7.2) */
  get burstBad(): number {
    return this.view.getUint32(this.base + 308, true);
  }
  /** Share of bad packets inside bursts, 0..1; NaN without bursts. By RFC 3611 A.2 when so configured, then since the start of the stream (RFC 3611 4.7.2) */
  get burstDensity(): number {
    return this.view.getFloat32(this.base + 312, true);
  }
  /** Share of bad packets outside bursts, 0..1; NaN when nothing lies outside (RFC 3611 4.7.2) */
  get gapDensity(): number {
    return this.view.getFloat32(this.base + 316, true);
  }
  /** Mean length of a burst; NaN without bursts [packets] (RFC 3611 4.7.2) */
  get burstMeanPackets(): number {
    return this.view.getFloat32(this.base + 320, true);
  }
  /** Mean length of a gap; NaN when there is none [packets] (RFC 3611 4.7.2) */
  get gapMeanPackets(): number {
    return this.view.getFloat32(this.base + 324, true);
  }
  /** Packets played through the emulated jitter buffers */
  get playoutPackets(): number {
    return this.view.getUint32(this.base + 328, true);
  }
  /** Mean playout delay of the adaptive profile, NaN without one [ms] */
  get adaptiveDelayMeanMs(): number {
    return this.view.getFloat32(this.base + 332, true);
  }
  /** Mean wait of played packets in the jitter buffer of the profile that quality uses; NaN without samples [ms] */
  get bufferMeanMs(): number {
    return this.view.getFloat32(this.base + 336, true);
  }
  /** Mean packet delay variation: transit above the least of the last 5 to 10 s, clock skew removed; NaN without samples [ms] (RFC 5481 4.2) */
  get pdvMeanMs(): number {
    return this.view.getFloat32(this.base + 340, true);
  }
  /** Largest packet delay variation [ms] (RFC 5481 4.2) */
  get pdvMaxMs(): number {
    return this.view.getFloat32(this.base + 344, true);
  }
  /** Mean absolute delay variation between consecutive packets [ms] (RFC 5481 4.1) */
  get ipdvMeanMs(): number {
    return this.view.getFloat32(this.base + 348, true);
  }
  /** Largest absolute delay variation between consecutive packets [ms] (RFC 5481 4.1) */
  get ipdvMaxMs(): number {
    return this.view.getFloat32(this.base + 352, true);
  }
  /** Mean absolute packet delay variation 2 at the end [ms] (ITU-T G.1020 6.2.3.2) */
  get mapdv2Ms(): number {
    return this.view.getFloat32(this.base + 356, true);
  }
  /** Clock skew: growth of the least transit, positive when the sender's clock runs slow against the capture clock; NaN until 20 s were seen [ppm] */
  get skewPpm(): number {
    return this.view.getFloat32(this.base + 360, true);
  }
  /** Jitter at the end with the sender's transmission offsets taken out, NaN without such offsets [ms] (RFC 5450 3) */
  get jitterTransmissionMs(): number {
    return this.view.getFloat32(this.base + 364, true);
  }
  /** Level of speech, NaN when the payload was not captured or is not G.711 [dBm0] (RFC 3611 4.7.4) */
  get signalLevelDbm0(): number {
    return this.view.getFloat32(this.base + 368, true);
  }
  /** Level of the pauses, NaN when unknown [dBm0] (RFC 3611 4.7.4) */
  get noiseLevelDbm0(): number {
    return this.view.getFloat32(this.base + 372, true);
  }
  /** Share of frames without speech, 0..1, NaN when unknown */
  get silenceShare(): number {
    return this.view.getFloat32(this.base + 376, true);
  }
  /** Share of samples at the largest amplitude in runs, 0..1, NaN when unknown */
  get clippingShare(): number {
    return this.view.getFloat32(this.base + 380, true);
  }
  /** Mean delay of SPAN copies, NaN without copies [ms] */
  get spanCopyDelayMeanMs(): number {
    return this.view.getFloat32(this.base + 384, true);
  }
  /** Largest delay of a SPAN copy, NaN without copies [ms] */
  get spanCopyDelayMaxMs(): number {
    return this.view.getFloat32(this.base + 388, true);
  }
  /** Packets that came too late to be played, by playout profile (RFC 3611 4.7.1) */
  lateDiscards(i: number): number {
    return this.view.getUint32(this.base + 392 + i * 4, true);
  }
  /** Packets that came too early for the buffer to hold, by playout profile (RFC 3611 4.7.1) */
  earlyDiscards(i: number): number {
    return this.view.getUint32(this.base + 404 + i * 4, true);
  }
  /** Packets by delay variation; bins end at 0.5 1 2 3 5 7.5 10 15 20 30 40 60 100 200 500 ms, the last is open (RFC 5481 4.2) */
  pdvHistogram(i: number): number {
    return this.view.getUint32(this.base + 416 + i * 4, true);
  }
  /** Copies of packets that the mirror port delivered twice; in no other number */
  get spanCopies(): number {
    return this.view.getUint32(this.base + 480, true);
  }
  /** Pauses longer than the configured time that are not silence of the sender */
  get stalls(): number {
    return this.view.getUint32(this.base + 484, true);
  }
  /** Packets with redundant audio (RFC 2198) */
  get redPackets(): number {
    return this.view.getUint32(this.base + 488, true);
  }
  /** Identifier of the innermost tunnel: VNI, TEID, session id, key, label */
  get tunnelId(): number {
    return this.view.getUint32(this.base + 492, true);
  }
  /** Row of the RTCP report of this stream in this block, 0xffffffff when there is none */
  get reportRow(): number {
    return this.view.getUint32(this.base + 496, true);
  }
  /** VLAN id inside the tunnel, 0xffff when untagged */
  get innerVlan(): number {
    return this.view.getUint16(this.base + 500, true);
  }
  /** Kind of the innermost tunnel, 0 when none */
  get tunnelKind(): number {
    return this.view.getUint8(this.base + 502);
  }
  /** Number of tunnels around the packets */
  get tunnelDepth(): number {
    return this.view.getUint8(this.base + 503);
  }
  /** Payload types seen, bit n is type n (0..63) */
  get payloadTypesLow(): bigint {
    return this.view.getBigUint64(this.base + 504, true);
  }
  /** Payload types seen, bit n is type 64+n */
  get payloadTypesHigh(): bigint {
    return this.view.getBigUint64(this.base + 512, true);
  }
  /** DSCP values seen, bit n is value n (RFC 2474) */
  get dscpSeen(): bigint {
    return this.view.getBigUint64(this.base + 520, true);
  }
  /** Media payload type last seen (RFC 3550 5.1) */
  get payloadType(): number {
    return this.view.getUint8(this.base + 528);
  }
  /** DSCP last seen (RFC 2474) */
  get dscp(): number {
    return this.view.getUint8(this.base + 529);
  }
  /** 1: a window of a stream. 2: the whole stream, at its end */
  get kind(): number {
    return this.view.getUint8(this.base + 530);
  }
  /** 0: not ended. 1: idle. 2: end of the capture. 3: evicted. 4: the engine stopped */
  get endReason(): number {
    return this.view.getUint8(this.base + 531);
  }
  /** 0: unknown. 1: static payload type (RFC 3551). 2: configuration. 3: inferred from the traffic */
  get clockSource(): number {
    return this.view.getUint8(this.base + 532);
  }
  /** 4 or 6 */
  get ipVersion(): number {
    return this.view.getUint8(this.base + 533);
  }
  /** 0: unknown. 1: audio. 2: video */
  get mediaKind(): number {
    return this.view.getUint8(this.base + 534);
  }
}

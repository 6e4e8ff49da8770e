// Generated from native/definitions by `npm run generate`. Do not edit.

export const BLOCK_MAGIC = 0x52545053;
export const LAYOUT_VERSION = 2;
export const LAYOUT_HASH = 0x90bbe70a;

/** Ends of the bins of pdvHistogram, in ms; the last bin is open */
export const pdvBinEndsMs = [0.5, 1, 2, 3, 5, 7.5, 10, 15, 20, 30, 40, 60, 100, 200, 500] as const;
/** Names of tunnelKind, by number */
export const tunnelKinds = ['none', 'mpls', 'pppoe', 'ip-in-ip', 'gre', 'nvgre', 'erspan', 'vxlan', 'geneve', 'gtp-u', 'tzsp', 'pbb', 'ether-ip', 'hep'] as const;
/** By level of shedding: share of the flows of which new streams are measured */
export const shedAdmittedShares = [1, 0.5, 0.25, 0.125, 0.0625, 0.03125, 0.015625, 0.0078125, 0.00390625, 0.001953125, 0.0009765625] as const;
/** By level of shedding: share of the flows of which running streams are kept */
export const shedKeptShares = [1, 1, 1, 1, 0.5, 0.25, 0.125, 0.0625, 0.03125, 0.015625, 0.0078125] as const;

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
  reports: 48,
  reportBytes: 52,
  sequence: 56,
} as const;

export const HEADER_BYTES = 64;

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
  /** Number of RTCP reports after the records */
  get reports(): number {
    return this.view.getUint32(this.base + 48, true);
  }
  /** Bytes of one report */
  get reportBytes(): number {
    return this.view.getUint32(this.base + 52, true);
  }
  /** Number of the block within its worker, from 0 */
  get sequence(): number {
    return this.view.getFloat64(this.base + 56, true);
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
  redPrimaryOctets: 280,
  captureLost: 288,
  redRepaired: 292,
  decided: 296,
  bad: 300,
  badRuns: 304,
  bursts: 308,
  burstPackets: 312,
  burstBad: 316,
  burstDensity: 320,
  gapDensity: 324,
  burstMeanPackets: 328,
  gapMeanPackets: 332,
  playoutPackets: 336,
  adaptiveDelayMeanMs: 340,
  bufferMeanMs: 344,
  pdvMeanMs: 348,
  pdvMaxMs: 352,
  ipdvMeanMs: 356,
  ipdvMaxMs: 360,
  mapdv2Ms: 364,
  skewPpm: 368,
  jitterTransmissionMs: 372,
  signalLevelDbm0: 376,
  noiseLevelDbm0: 380,
  silenceShare: 384,
  clippingShare: 388,
  spanCopyDelayMeanMs: 392,
  spanCopyDelayMaxMs: 396,
  lateDiscards: 400,
  earlyDiscards: 412,
  pdvHistogram: 424,
  spanCopies: 488,
  stalls: 492,
  redPackets: 496,
  tunnelId: 500,
  outerTunnelIds: 504,
  reportRow: 516,
  innerVlan: 520,
  tunnelKind: 522,
  tunnelDepth: 523,
  outerTunnelKinds: 524,
  reserved: 527,
  payloadTypesLow: 528,
  payloadTypesHigh: 536,
  dscpSeen: 544,
  payloadType: 552,
  dscp: 553,
  kind: 554,
  endReason: 555,
  clockSource: 556,
  ipVersion: 557,
  mediaKind: 558,
  redPrimaryPayloadType: 559,
  interface: 560,
  interfaceOther: 561,
  spare: 562,
} as const;

export const RECORD_BYTES = 568;

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
  /** Changes of the media payload type, inside redundant audio of that of the primary block; comfort noise and telephone events are not counted */
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
  /** Of the packets with redundant audio: octets of the primary block, without headers and redundant blocks [octets] (RFC 2198 3) */
  get redPrimaryOctets(): number {
    return this.view.getFloat64(this.base + 280, true);
  }
  /** Of the lost: packets that the capture itself is suspected to have missed (estimate) */
  get captureLost(): number {
    return this.view.getUint32(this.base + 288, true);
  }
  /** Lost packets whose media came in a redundant block of another packet (RFC 2198) */
  get redRepaired(): number {
    return this.view.getUint32(this.base + 292, true);
  }
  /** Sequence numbers that have left the reordering window of 128, whether lost or not */
  get decided(): number {
    return this.view.getUint32(this.base + 296, true);
  }
  /** Of the decided: lost, or discarded by the playout profile that quality uses (RFC 3611 4.7.1) */
  get bad(): number {
    return this.view.getUint32(this.base + 300, true);
  }
  /** Runs of consecutive bad packets */
  get badRuns(): number {
    return this.view.getUint32(this.base + 304, true);
  }
  /** Bursts: from bad packet to bad packet without Gmin good ones between (RFC 3611 4.7.2) */
  get bursts(): number {
    return this.view.getUint32(this.base + 308, true);
  }
  /** Sequence numbers inside bursts (RFC 3611 4.7.2) */
  get burstPackets(): number {
    return this.view.getUint32(this.base + 312, true);
  }
  /** Bad packets inside bursts (RFC 3611 4.7.2) */
  get burstBad(): number {
    return this.view.getUint32(this.base + 316, true);
  }
  /** Share of bad packets inside bursts, 0..1; NaN without bursts. By RFC 3611 A.2 when so configured, then since the start of the stream (RFC 3611 4.7.2) */
  get burstDensity(): number {
    return this.view.getFloat32(this.base + 320, true);
  }
  /** Share of bad packets outside bursts, 0..1; NaN when nothing lies outside (RFC 3611 4.7.2) */
  get gapDensity(): number {
    return this.view.getFloat32(this.base + 324, true);
  }
  /** Mean length of a burst; NaN without bursts [packets] (RFC 3611 4.7.2) */
  get burstMeanPackets(): number {
    return this.view.getFloat32(this.base + 328, true);
  }
  /** Mean length of a gap; NaN when there is none [packets] (RFC 3611 4.7.2) */
  get gapMeanPackets(): number {
    return this.view.getFloat32(this.base + 332, true);
  }
  /** Packets played through the emulated jitter buffers */
  get playoutPackets(): number {
    return this.view.getUint32(this.base + 336, true);
  }
  /** Mean playout delay of the adaptive profile, NaN without one [ms] */
  get adaptiveDelayMeanMs(): number {
    return this.view.getFloat32(this.base + 340, true);
  }
  /** Mean wait of played packets in the jitter buffer of the profile that quality uses; NaN when nothing was played [ms] */
  get bufferMeanMs(): number {
    return this.view.getFloat32(this.base + 344, true);
  }
  /** Mean packet delay variation: transit above the least of the last 5 to 10 s, clock skew removed; NaN without samples [ms] (RFC 5481 4.2) */
  get pdvMeanMs(): number {
    return this.view.getFloat32(this.base + 348, true);
  }
  /** Largest packet delay variation [ms] (RFC 5481 4.2) */
  get pdvMaxMs(): number {
    return this.view.getFloat32(this.base + 352, true);
  }
  /** Mean absolute delay variation between consecutive packets [ms] (RFC 5481 4.1) */
  get ipdvMeanMs(): number {
    return this.view.getFloat32(this.base + 356, true);
  }
  /** Largest absolute delay variation between consecutive packets [ms] (RFC 5481 4.1) */
  get ipdvMaxMs(): number {
    return this.view.getFloat32(this.base + 360, true);
  }
  /** Mean absolute packet delay variation 2 at the end [ms] (ITU-T G.1020 6.2.3.2) */
  get mapdv2Ms(): number {
    return this.view.getFloat32(this.base + 364, true);
  }
  /** Clock skew: growth of the least transit, positive when the sender's clock runs slow against the capture clock; NaN until 20 s were seen [ppm] */
  get skewPpm(): number {
    return this.view.getFloat32(this.base + 368, true);
  }
  /** Jitter at the end with the sender's transmission offsets taken out, NaN without such offsets [ms] (RFC 5450 3) */
  get jitterTransmissionMs(): number {
    return this.view.getFloat32(this.base + 372, true);
  }
  /** Level of speech, NaN when the payload was not captured or is not G.711 [dBm0] (RFC 3611 4.7.4) */
  get signalLevelDbm0(): number {
    return this.view.getFloat32(this.base + 376, true);
  }
  /** Level of the pauses, NaN when unknown [dBm0] (RFC 3611 4.7.4) */
  get noiseLevelDbm0(): number {
    return this.view.getFloat32(this.base + 380, true);
  }
  /** Share of frames without speech, 0..1, NaN when unknown */
  get silenceShare(): number {
    return this.view.getFloat32(this.base + 384, true);
  }
  /** Share of samples at the largest amplitude in runs, 0..1, NaN when unknown */
  get clippingShare(): number {
    return this.view.getFloat32(this.base + 388, true);
  }
  /** Mean delay of SPAN copies, NaN without copies [ms] */
  get spanCopyDelayMeanMs(): number {
    return this.view.getFloat32(this.base + 392, true);
  }
  /** Largest delay of a SPAN copy, NaN without copies [ms] */
  get spanCopyDelayMaxMs(): number {
    return this.view.getFloat32(this.base + 396, true);
  }
  /** Packets that came too late to be played, by playout profile (RFC 3611 4.7.1) */
  lateDiscards(i: number): number {
    return this.view.getUint32(this.base + 400 + i * 4, true);
  }
  /** Packets that came too early for the buffer to hold, by playout profile (RFC 3611 4.7.1) */
  earlyDiscards(i: number): number {
    return this.view.getUint32(this.base + 412 + i * 4, true);
  }
  /** Packets by delay variation; the bins end at pdvBinEndsMs, the last is open (RFC 5481 4.2) */
  pdvHistogram(i: number): number {
    return this.view.getUint32(this.base + 424 + i * 4, true);
  }
  /** Copies of packets that the mirror port delivered twice; in no other number */
  get spanCopies(): number {
    return this.view.getUint32(this.base + 488, true);
  }
  /** Pauses longer than the configured time that are not silence of the sender */
  get stalls(): number {
    return this.view.getUint32(this.base + 492, true);
  }
  /** Packets with redundant audio (RFC 2198) */
  get redPackets(): number {
    return this.view.getUint32(this.base + 496, true);
  }
  /** Identifier of the innermost tunnel: VNI, TEID, session id, key, label */
  get tunnelId(): number {
    return this.view.getUint32(this.base + 500, true);
  }
  /** Identifiers of the tunnels around the innermost one, outermost first; tunnelDepth - 1 of them, else 0 */
  outerTunnelIds(i: number): number {
    return this.view.getUint32(this.base + 504 + i * 4, true);
  }
  /** Row of the RTCP report of this stream in this block, 0xffffffff when there is none */
  get reportRow(): number {
    return this.view.getUint32(this.base + 516, true);
  }
  /** VLAN id inside the tunnel, 0xffff when untagged */
  get innerVlan(): number {
    return this.view.getUint16(this.base + 520, true);
  }
  /** Kind of the innermost tunnel, 0 when none */
  get tunnelKind(): number {
    return this.view.getUint8(this.base + 522);
  }
  /** Number of tunnels around the packets */
  get tunnelDepth(): number {
    return this.view.getUint8(this.base + 523);
  }
  /** Kinds of the tunnels around the innermost one, outermost first; 0 when there is none */
  get outerTunnelKinds(): Uint8Array {
    return new Uint8Array(this.view.buffer, this.view.byteOffset + this.base + 524, 3);
  }
  /** Payload types seen, bit n is type n (0..63) */
  get payloadTypesLow(): bigint {
    return this.view.getBigUint64(this.base + 528, true);
  }
  /** Payload types seen, bit n is type 64+n */
  get payloadTypesHigh(): bigint {
    return this.view.getBigUint64(this.base + 536, true);
  }
  /** DSCP values seen, bit n is value n (RFC 2474) */
  get dscpSeen(): bigint {
    return this.view.getBigUint64(this.base + 544, true);
  }
  /** Media payload type last seen (RFC 3550 5.1) */
  get payloadType(): number {
    return this.view.getUint8(this.base + 552);
  }
  /** DSCP last seen (RFC 2474) */
  get dscp(): number {
    return this.view.getUint8(this.base + 553);
  }
  /** 1: a window of a stream. 2: the whole stream, at its end */
  get kind(): number {
    return this.view.getUint8(this.base + 554);
  }
  /** 0: not ended. 1: idle. 2: end of the capture. 3: evicted. 4: the engine stopped. 5: shed */
  get endReason(): number {
    return this.view.getUint8(this.base + 555);
  }
  /** 0: unknown. 1: static payload type (RFC 3551). 2: configuration. 3: inferred from the traffic */
  get clockSource(): number {
    return this.view.getUint8(this.base + 556);
  }
  /** 4 or 6 */
  get ipVersion(): number {
    return this.view.getUint8(this.base + 557);
  }
  /** 0: unknown. 1: audio. 2: video */
  get mediaKind(): number {
    return this.view.getUint8(this.base + 558);
  }
  /** Payload type of the primary block of redundant audio, last seen; comfort noise and telephone events left out. 255 when none was seen (RFC 2198 3) */
  get redPrimaryPayloadType(): number {
    return this.view.getUint8(this.base + 559);
  }
  /** Network interface of the last packet, by its place in the configuration from 0; 15 of files */
  get interface(): number {
    return this.view.getUint8(this.base + 560);
  }
  /** Another interface that packets of the stream came from before, 15 when none */
  get interfaceOther(): number {
    return this.view.getUint8(this.base + 561);
  }
  /** 0 */
  get spare(): Uint8Array {
    return new Uint8Array(this.view.buffer, this.view.byteOffset + this.base + 562, 6);
  }
}

/** Byte offsets within one report. */
export const reportOffsets = {
  streamId: 0,
  streamRow: 8,
  kind: 12,
  byeReasonOctets: 14,
  byeNs: 16,
  cnameDigest: 24,
  endpointNs: 32,
  endpointVoipNs: 40,
  byeReason: 48,
  lastReportNs: 80,
  reporterSsrc: 88,
  reportedHighestSequence: 92,
  reports: 96,
  reportedJitterMaxTicks: 100,
  reportedCumulativeLost: 104,
  reportedFractionLost: 112,
  reportedFractionLostMax: 120,
  reportedJitterTicks: 128,
  reportedJitterMeanTicks: 136,
  reportedOffsetJitterTicks: 144,
  reportedOffsetJitterMeanTicks: 152,
  reportedOffsetJitterMaxTicks: 160,
  downstreamRttMeanMs: 168,
  downstreamRttMinMs: 176,
  downstreamRttMaxMs: 184,
  downstreamRttLastMs: 192,
  downstreamRttCount: 200,
  downstreamRttRejected: 204,
  upstreamRttMeanMs: 208,
  upstreamRttMinMs: 216,
  upstreamRttMaxMs: 224,
  upstreamRttLastMs: 232,
  upstreamRttCount: 240,
  upstreamRttRejected: 244,
  sideExpected: 248,
  sideSeen: 256,
  sideReportedLost: 264,
  sideTapDuplicates: 272,
  upstreamLost: 280,
  downstreamLost: 288,
  captureMissed: 296,
  sideIntervals: 304,
  sideUnaligned: 308,
  sideRebased: 312,
  senderReports: 316,
  lastSenderReportNs: 320,
  senderNtp: 328,
  senderPackets: 336,
  senderOctets: 344,
  tapPackets: 352,
  tapOctets: 360,
  senderClockHz: 368,
  rembBps: 376,
  senderRtpTimestamp: 384,
  reportBlocks: 388,
  unknownLsrs: 392,
  unknownLrrs: 396,
  nacks: 400,
  nackedPackets: 404,
  plis: 408,
  slis: 412,
  rpsis: 416,
  firs: 420,
  tmmbrs: 424,
  tmmbns: 428,
  tstrs: 432,
  tstns: 436,
  vbcms: 440,
  rembs: 444,
  transportCcs: 448,
  ccfbs: 452,
  ecnFeedbacks: 456,
  otherFeedbacks: 460,
  xrBlocks: 464,
  xrWithoutInterval: 468,
  xrSkipped: 472,
  xrDropped: 476,
  reducedSize: 480,
  srtcpPackets: 484,
  malformedRtcp: 488,
  appPackets: 492,
  otherRtcpPackets: 496,
  endpointReporterSsrc: 500,
  endpointIntervalBits: 504,
  endpointSampledBits: 524,
  endpointLossRate: 544,
  endpointDiscardRate: 548,
  endpointBurstDensity: 552,
  endpointGapDensity: 556,
  endpointBurstDurationMs: 560,
  endpointGapDurationMs: 564,
  endpointRoundTripDelayMs: 568,
  endpointEndSystemDelayMs: 572,
  endpointSignalLevelDbm0: 576,
  endpointNoiseLevelDbm0: 580,
  endpointRerlDb: 584,
  endpointRFactor: 588,
  endpointExtRFactor: 592,
  endpointMosLq: 596,
  endpointMosCq: 600,
  endpointBufferNominalMs: 604,
  endpointBufferMaxMs: 608,
  endpointBufferAbsMaxMs: 612,
  endpointSummaryLostPackets: 616,
  endpointSummaryDuplicatePackets: 620,
  endpointSummaryJitterMinTicks: 624,
  endpointSummaryJitterMaxTicks: 628,
  endpointSummaryJitterMeanTicks: 632,
  endpointSummaryJitterDeviationTicks: 636,
  endpointSummaryTtlMin: 640,
  endpointSummaryTtlMax: 644,
  endpointSummaryTtlMean: 648,
  endpointSummaryTtlDeviation: 652,
  endpointPdvPositiveMs: 656,
  endpointPdvPositivePercentile: 660,
  endpointPdvNegativeMs: 664,
  endpointPdvNegativePercentile: 668,
  endpointPdvMeanMs: 672,
  endpointRoundTripMeanMs: 676,
  endpointRoundTripMinMs: 680,
  endpointRoundTripMaxMs: 684,
  endpointEndSystemMs: 688,
  endpointBursts: 692,
  endpointBurstLostPackets: 696,
  endpointBurstExpectedPackets: 700,
  endpointBurstSumMs: 704,
  endpointBurstMeanMs: 708,
  endpointBurstVarianceMs2: 712,
  endpointBurstSquaresMs2: 716,
  endpointBurstThresholdPackets: 720,
  endpointBurstLossRate: 724,
  endpointGapLossRate: 728,
  endpointBurstDiscardedPackets: 732,
  endpointBurstDiscardExpectedPackets: 736,
  endpointBurstDiscardThresholdPackets: 740,
  endpointBurstDiscardRate: 744,
  endpointGapDiscardRate: 748,
  endpointDiscardBursts: 752,
  endpointDiscardBurstSumMs: 756,
  endpointDiscardBurstDiscardedPackets: 760,
  endpointDiscardBurstExpectedPackets: 764,
  endpointDiscardBurstThresholdPackets: 768,
  endpointDiscardedPackets: 772,
  endpointDejitterNominalMs: 776,
  endpointDejitterMaxMs: 780,
  endpointDejitterHighWaterMs: 784,
  endpointDejitterLowWaterMs: 788,
  endpointDiscardedDuplicatePackets: 792,
  endpointDiscardedEarlyPackets: 796,
  endpointDiscardedLatePackets: 800,
  endpointDiscardedEarlyOctets: 804,
  endpointDiscardedLateOctets: 808,
  endpointRleLostPackets: 812,
  endpointRleLongestLossPackets: 816,
  endpointRleLossRuns: 820,
  endpointRleDuplicatePackets: 824,
  endpointRleDiscardedEarlyPackets: 828,
  endpointRleDiscardedLatePackets: 832,
  endpointReceiptTimes: 836,
  endpointPostRepairLostPackets: 840,
  endpointPostRepairLongestLossPackets: 844,
  endpointRepairedPackets: 848,
  endpointMos: 852,
  endpointConcealedLossTicks: 856,
  endpointOnTimeTicks: 860,
  endpointConcealedAdjustmentTicks: 864,
  endpointInterruptions: 868,
  endpointInterruptionMeanTicks: 872,
  endpointUnimpairedS: 876,
  endpointConcealedS: 880,
  endpointSeverelyConcealedS: 884,
  endpointSeverelyConcealedThreshold: 888,
  endpointVideoImpairedTicks: 892,
  endpointVideoConcealedTicks: 896,
  endpointVideoFreezeMeanTicks: 900,
  endpointVideoImpairedProportion: 904,
  endpointVideoConcealedProportion: 908,
  endpointVideoConcealedFrames: 912,
  endpointLostKeyFrames: 916,
  endpointPartlyLostKeyFrames: 920,
  endpointDiscardedKeyFrames: 924,
  endpointDuplicateKeyFrames: 928,
  endpointLostDerivedFrames: 932,
  endpointPartlyLostDerivedFrames: 936,
  endpointDiscardedDerivedFrames: 940,
  endpointDuplicateDerivedFrames: 944,
  endpointEct0Packets: 948,
  endpointEct1Packets: 952,
  endpointCePackets: 956,
  endpointNotEctPackets: 960,
  endpointEcnLostPackets: 964,
  endpointEcnDuplicatePackets: 968,
  endpointInitialSyncDelayMs: 972,
  endpointSyncOffsetMs: 976,
  endpointPresentationDelayMs: 980,
  endpointMulticastMethod: 984,
  endpointMulticastStatus: 988,
  endpointIntervalMs: 992,
  endpointCumulativeMs: 996,
  endpointXnqDelayVariationCycleMax: 1000,
  endpointXnqDelayVariationRange: 1004,
  endpointXnqDelayVariationSum: 1008,
  endpointXnqCycles: 1012,
  endpointXnqBufferEvents: 1016,
  endpointXnqDegradedNetwork: 1020,
  endpointXnqDegradedBuffer: 1024,
  endpointXnqErroredS: 1028,
  endpointXnqSeverelyErroredS: 1032,
  endpointGmin: 1036,
  endpointPlc: 1037,
  endpointBufferKind: 1038,
  endpointBufferRate: 1039,
  endpointPdvKind: 1040,
  endpointMosAlgorithm: 1041,
  endpointMosPayloadType: 1042,
  endpointDejitterKind: 1043,
  endpointConcealmentPlc: 1044,
  endpointBurstCombined: 1045,
  reserved: 1046,
} as const;

export const REPORT_BYTES = 1048;

/** Reads fields in place; move `base` to read another one. */
export class ReportView {
  base = 0;
  constructor(readonly view: DataView) {}
  /** Stable id of the stream, as in its record */
  get streamId(): bigint {
    return this.view.getBigUint64(this.base + 0, true);
  }
  /** Row of the record of the stream in this block */
  get streamRow(): number {
    return this.view.getUint32(this.base + 8, true);
  }
  /** 1: a window of a stream. 2: the whole stream, at its end */
  get kind(): number {
    return this.view.getUint16(this.base + 12, true);
  }
  /** Octets of byeReason (RFC 3550 6.6) */
  get byeReasonOctets(): number {
    return this.view.getUint16(this.base + 14, true);
  }
  /** Capture time of the BYE of the sender, 0 when there was none [ns since the Unix epoch] (RFC 3550 6.6) */
  get byeNs(): bigint {
    return this.view.getBigInt64(this.base + 16, true);
  }
  /** FNV-1a of the CNAME of the sender, whose text is not kept; 0 when not known (RFC 3550 6.5.1) */
  get cnameDigest(): bigint {
    return this.view.getBigUint64(this.base + 24, true);
  }
  /** Capture time of the last extended report with metrics, 0 when there was none; all endpoint fields are the last values reported, and NaN (255 in octets) when not reported [ns since the Unix epoch] */
  get endpointNs(): bigint {
    return this.view.getBigInt64(this.base + 32, true);
  }
  /** Capture time of the last VoIP metrics block, 0 when there was none [ns since the Unix epoch] (RFC 3611 4.7) */
  get endpointVoipNs(): bigint {
    return this.view.getBigInt64(this.base + 40, true);
  }
  /** Reason given with the BYE, as sent, cut (RFC 3550 6.6) */
  get byeReason(): Uint8Array {
    return new Uint8Array(this.view.buffer, this.view.byteOffset + this.base + 48, 32);
  }
  /** Capture time of the last report block about the stream, 0 when there was none [ns since the Unix epoch] */
  get lastReportNs(): bigint {
    return this.view.getBigInt64(this.base + 80, true);
  }
  /** Who reports on the stream, of meaning when there are reports (RFC 3550 6.4.1) */
  get reporterSsrc(): number {
    return this.view.getUint32(this.base + 88, true);
  }
  /** Extended highest sequence number received, by the last report (RFC 3550 6.4.1) */
  get reportedHighestSequence(): number {
    return this.view.getUint32(this.base + 92, true);
  }
  /** Report blocks whose figures are used: those of the reporter (RFC 3550 6.4.1) */
  get reports(): number {
    return this.view.getUint32(this.base + 96, true);
  }
  /** Largest interarrival jitter reported [RTP clock ticks] (RFC 3550 6.4.1) */
  get reportedJitterMaxTicks(): number {
    return this.view.getUint32(this.base + 100, true);
  }
  /** Cumulative number of packets lost by the last report, may be negative; NaN without reports [packets] (RFC 3550 6.4.1) */
  get reportedCumulativeLost(): number {
    return this.view.getFloat64(this.base + 104, true);
  }
  /** Fraction lost by the last report, 0..1; NaN without reports (RFC 3550 6.4.1) */
  get reportedFractionLost(): number {
    return this.view.getFloat64(this.base + 112, true);
  }
  /** Largest fraction lost reported, 0..1; NaN without reports (RFC 3550 6.4.1) */
  get reportedFractionLostMax(): number {
    return this.view.getFloat64(this.base + 120, true);
  }
  /** Interarrival jitter by the last report; NaN without reports [RTP clock ticks] (RFC 3550 6.4.1) */
  get reportedJitterTicks(): number {
    return this.view.getFloat64(this.base + 128, true);
  }
  /** Mean of the interarrival jitter reported; NaN without reports [RTP clock ticks] (RFC 3550 6.4.1) */
  get reportedJitterMeanTicks(): number {
    return this.view.getFloat64(this.base + 136, true);
  }
  /** Interarrival jitter with the transmission offsets taken out, by the last extended jitter report; NaN without one [RTP clock ticks] (RFC 5450 4) */
  get reportedOffsetJitterTicks(): number {
    return this.view.getFloat64(this.base + 144, true);
  }
  /** Mean of these; NaN without one [RTP clock ticks] (RFC 5450 4) */
  get reportedOffsetJitterMeanTicks(): number {
    return this.view.getFloat64(this.base + 152, true);
  }
  /** Largest of these; NaN without one [RTP clock ticks] (RFC 5450 4) */
  get reportedOffsetJitterMaxTicks(): number {
    return this.view.getFloat64(this.base + 160, true);
  }
  /** Mean round-trip time between the tap and the receiver: an SR passes the tap, and its echo in a report block comes back; NaN without one [ms] (RFC 3550 6.4.1) */
  get downstreamRttMeanMs(): number {
    return this.view.getFloat64(this.base + 168, true);
  }
  /** Least of them; NaN without one [ms] (RFC 3550 6.4.1) */
  get downstreamRttMinMs(): number {
    return this.view.getFloat64(this.base + 176, true);
  }
  /** Largest of them; NaN without one [ms] (RFC 3550 6.4.1) */
  get downstreamRttMaxMs(): number {
    return this.view.getFloat64(this.base + 184, true);
  }
  /** Last one of the stream; NaN without one [ms] (RFC 3550 6.4.1) */
  get downstreamRttLastMs(): number {
    return this.view.getFloat64(this.base + 192, true);
  }
  /** Round-trip times */
  get downstreamRttCount(): number {
    return this.view.getUint32(this.base + 200, true);
  }
  /** Echoes that gave no time that can be: negative, above 60 s, or the delay in a wrong unit */
  get downstreamRttRejected(): number {
    return this.view.getUint32(this.base + 204, true);
  }
  /** Mean round-trip time between the tap and the sender: an RRTR passes the tap, and its echo in a DLRR comes back; NaN without one [ms] (RFC 3611 4.5) */
  get upstreamRttMeanMs(): number {
    return this.view.getFloat64(this.base + 208, true);
  }
  /** Least of them; NaN without one [ms] (RFC 3611 4.5) */
  get upstreamRttMinMs(): number {
    return this.view.getFloat64(this.base + 216, true);
  }
  /** Largest of them; NaN without one [ms] (RFC 3611 4.5) */
  get upstreamRttMaxMs(): number {
    return this.view.getFloat64(this.base + 224, true);
  }
  /** Last one of the stream; NaN without one [ms] (RFC 3611 4.5) */
  get upstreamRttLastMs(): number {
    return this.view.getFloat64(this.base + 232, true);
  }
  /** Round-trip times */
  get upstreamRttCount(): number {
    return this.view.getUint32(this.base + 240, true);
  }
  /** Echoes that gave no time that can be: negative, above 60 s, or the delay in a wrong unit */
  get upstreamRttRejected(): number {
    return this.view.getUint32(this.base + 244, true);
  }
  /** Sequence numbers that the following losses speak of: between the first and the last report block that could be aligned [packets] (RFC 3550 6.4.4) */
  get sideExpected(): number {
    return this.view.getFloat64(this.base + 248, true);
  }
  /** Of these, distinct packets seen at the tap [packets] */
  get sideSeen(): number {
    return this.view.getFloat64(this.base + 256, true);
  }
  /** Change of the cumulative number lost meanwhile, may be negative [packets] (RFC 3550 6.4.1) */
  get sideReportedLost(): number {
    return this.view.getFloat64(this.base + 264, true);
  }
  /** Duplicates seen at the tap meanwhile [packets] */
  get sideTapDuplicates(): number {
    return this.view.getFloat64(this.base + 272, true);
  }
  /** Not seen at the tap: lost between sender and tap, or missed by the capture. Negative in a window when packets came late [packets] */
  get upstreamLost(): number {
    return this.view.getFloat64(this.base + 280, true);
  }
  /** Seen at the tap and lost between tap and receiver: reported lost minus upstream lost. Negative when the receiver got more than passed the tap [packets] */
  get downstreamLost(): number {
    return this.view.getFloat64(this.base + 288, true);
  }
  /** Of upstreamLost: packets that the receiver must have got and the capture missed, at least (estimate) [packets] */
  get captureMissed(): number {
    return this.view.getFloat64(this.base + 296, true);
  }
  /** Pairs of report blocks that were used */
  get sideIntervals(): number {
    return this.view.getUint32(this.base + 304, true);
  }
  /** Report blocks left out since the start of the stream, as the tap no longer knew their number, or another one had overtaken them */
  get sideUnaligned(): number {
    return this.view.getUint32(this.base + 308, true);
  }
  /** Times since the start of the stream that stream, receiver or reporter began anew; what lies between is on neither side */
  get sideRebased(): number {
    return this.view.getUint32(this.base + 312, true);
  }
  /** Sender reports of the stream (RFC 3550 6.4.1) */
  get senderReports(): number {
    return this.view.getUint32(this.base + 316, true);
  }
  /** Capture time of the last sender report, 0 when there was none [ns since the Unix epoch] */
  get lastSenderReportNs(): bigint {
    return this.view.getBigInt64(this.base + 320, true);
  }
  /** NTP time stamp of the last sender report, 0 when there was none [s/2^32 since 1900] (RFC 3550 6.4.1) */
  get senderNtp(): bigint {
    return this.view.getBigUint64(this.base + 328, true);
  }
  /** Packets that the sender says to have sent between sender reports [packets] (RFC 3550 6.4.1) */
  get senderPackets(): number {
    return this.view.getFloat64(this.base + 336, true);
  }
  /** Payload octets that it says to have sent meanwhile [octets] (RFC 3550 6.4.1) */
  get senderOctets(): number {
    return this.view.getFloat64(this.base + 344, true);
  }
  /** Distinct packets seen at the tap meanwhile; senderPackets less these were lost before the tap or missed by the capture [packets] */
  get tapPackets(): number {
    return this.view.getFloat64(this.base + 352, true);
  }
  /** Payload octets seen at the tap meanwhile, copies included [octets] */
  get tapOctets(): number {
    return this.view.getFloat64(this.base + 360, true);
  }
  /** Ticks of the RTP clock in a second of the wallclock of the sender, over the whole stream; NaN with less than 1 s between two sender reports [Hz] (RFC 3550 6.4.1) */
  get senderClockHz(): number {
    return this.view.getFloat64(this.base + 368, true);
  }
  /** Bit rate of the last REMB, NaN when there was none [bit/s] (draft-alvestrand-rmcat-remb-03) */
  get rembBps(): number {
    return this.view.getFloat64(this.base + 376, true);
  }
  /** RTP timestamp of the last sender report [RTP clock ticks] (RFC 3550 6.4.1) */
  get senderRtpTimestamp(): number {
    return this.view.getUint32(this.base + 384, true);
  }
  /** Report blocks about the stream, of any reporter (RFC 3550 6.4.1) */
  get reportBlocks(): number {
    return this.view.getUint32(this.base + 388, true);
  }
  /** Report blocks that echo an SR which the tap did not see, or too long ago (RFC 3550 6.4.1) */
  get unknownLsrs(): number {
    return this.view.getUint32(this.base + 392, true);
  }
  /** DLRR of the sender that echo a reference time which the tap did not see, or too long ago (RFC 3611 4.5) */
  get unknownLrrs(): number {
    return this.view.getUint32(this.base + 396, true);
  }
  /** Generic NACK packets (RFC 4585 6.2.1) */
  get nacks(): number {
    return this.view.getUint32(this.base + 400, true);
  }
  /** Sequence numbers asked for by NACK (RFC 4585 6.2.1) */
  get nackedPackets(): number {
    return this.view.getUint32(this.base + 404, true);
  }
  /** Picture loss indications (RFC 4585 6.3.1) */
  get plis(): number {
    return this.view.getUint32(this.base + 408, true);
  }
  /** Slice loss indications (RFC 4585 6.3.2) */
  get slis(): number {
    return this.view.getUint32(this.base + 412, true);
  }
  /** Reference picture selection indications (RFC 4585 6.3.3) */
  get rpsis(): number {
    return this.view.getUint32(this.base + 416, true);
  }
  /** Full intra requests (RFC 5104 4.3.1) */
  get firs(): number {
    return this.view.getUint32(this.base + 420, true);
  }
  /** Temporary maximum media stream bit rate requests (RFC 5104 4.2.1) */
  get tmmbrs(): number {
    return this.view.getUint32(this.base + 424, true);
  }
  /** Notifications of the sender, in answer to TMMBR (RFC 5104 4.2.2) */
  get tmmbns(): number {
    return this.view.getUint32(this.base + 428, true);
  }
  /** Temporal-spatial trade-off requests (RFC 5104 4.3.2) */
  get tstrs(): number {
    return this.view.getUint32(this.base + 432, true);
  }
  /** Notifications of the sender, in answer to TSTR (RFC 5104 4.3.3) */
  get tstns(): number {
    return this.view.getUint32(this.base + 436, true);
  }
  /** H.271 video back channel messages (RFC 5104 4.3.4) */
  get vbcms(): number {
    return this.view.getUint32(this.base + 440, true);
  }
  /** Receiver estimated maximum bit rates (draft-alvestrand-rmcat-remb-03) */
  get rembs(): number {
    return this.view.getUint32(this.base + 444, true);
  }
  /** Transport-wide congestion control feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01) */
  get transportCcs(): number {
    return this.view.getUint32(this.base + 448, true);
  }
  /** Congestion control feedback (RFC 8888 3.1) */
  get ccfbs(): number {
    return this.view.getUint32(this.base + 452, true);
  }
  /** ECN feedback (RFC 6679 5.1) */
  get ecnFeedbacks(): number {
    return this.view.getUint32(this.base + 456, true);
  }
  /** Other feedback packets (RFC 4585 6.1) */
  get otherFeedbacks(): number {
    return this.view.getUint32(this.base + 460, true);
  }
  /** Metrics about the stream in extended reports, of any reporter (RFC 3611 3) */
  get xrBlocks(): number {
    return this.view.getUint32(this.base + 464, true);
  }
  /** Of these, interval metrics without the measurement information that tells their interval; kept all the same (RFC 6776 4) */
  get xrWithoutInterval(): number {
    return this.view.getUint32(this.base + 468, true);
  }
  /** Blocks of extended reports stepped over: of types not read (9, 22, 32) or not known (RFC 3611 3) */
  get xrSkipped(): number {
    return this.view.getUint32(this.base + 472, true);
  }
  /** Blocks of extended reports dropped: a reserved I flag, or a length that cannot be (RFC 6792) */
  get xrDropped(): number {
    return this.view.getUint32(this.base + 476, true);
  }
  /** Compounds of the sender without a report at their head (RFC 5506) */
  get reducedSize(): number {
    return this.view.getUint32(this.base + 480, true);
  }
  /** Encrypted compounds of the sender (RFC 3711 3.4) */
  get srtcpPackets(): number {
    return this.view.getUint32(this.base + 484, true);
  }
  /** Compounds of the sender whose lengths do not add up (RFC 3550 A.2) */
  get malformedRtcp(): number {
    return this.view.getUint32(this.base + 488, true);
  }
  /** Application-defined packets of the sender (RFC 3550 6.7) */
  get appPackets(): number {
    return this.view.getUint32(this.base + 492, true);
  }
  /** RTCP packets of the sender that are known by their length alone: types 194, 208..211 and unassigned ones (RFC 3550 12.1) */
  get otherRtcpPackets(): number {
    return this.view.getUint32(this.base + 496, true);
  }
  /** Whose extended reports the endpoint fields are of, when there are any (RFC 3611 2) */
  get endpointReporterSsrc(): number {
    return this.view.getUint32(this.base + 500, true);
  }
  /** Bit i % 32 of word i / 32: endpoint figure i, in the order of this table, is of the last interval alone (I flag 10) (RFC 6792) */
  endpointIntervalBits(i: number): number {
    return this.view.getUint32(this.base + 504 + i * 4, true);
  }
  /** The same of figures that are of one instant (I flag 01) (RFC 6792) */
  endpointSampledBits(i: number): number {
    return this.view.getUint32(this.base + 524 + i * 4, true);
  }
  /** By the endpoint: Lost after repair, 0..1 of the packets expected (RFC 3611 4.7.1) */
  get endpointLossRate(): number {
    return this.view.getFloat32(this.base + 544, true);
  }
  /** By the endpoint: Discarded by the jitter buffer, 0..1 of the packets expected (RFC 3611 4.7.1) */
  get endpointDiscardRate(): number {
    return this.view.getFloat32(this.base + 548, true);
  }
  /** By the endpoint: Lost or discarded within bursts, 0..1 (RFC 3611 4.7.2) */
  get endpointBurstDensity(): number {
    return this.view.getFloat32(this.base + 552, true);
  }
  /** By the endpoint: Lost or discarded within gaps, 0..1 (RFC 3611 4.7.2) */
  get endpointGapDensity(): number {
    return this.view.getFloat32(this.base + 556, true);
  }
  /** By the endpoint: Mean duration of bursts [ms] (RFC 3611 4.7.2) */
  get endpointBurstDurationMs(): number {
    return this.view.getFloat32(this.base + 560, true);
  }
  /** By the endpoint: Mean duration of gaps [ms] (RFC 3611 4.7.2) */
  get endpointGapDurationMs(): number {
    return this.view.getFloat32(this.base + 564, true);
  }
  /** By the endpoint: Round-trip delay between the RTP interfaces [ms] (RFC 3611 4.7.3) */
  get endpointRoundTripDelayMs(): number {
    return this.view.getFloat32(this.base + 568, true);
  }
  /** By the endpoint: End system delay [ms] (RFC 3611 4.7.3) */
  get endpointEndSystemDelayMs(): number {
    return this.view.getFloat32(this.base + 572, true);
  }
  /** By the endpoint: Voice signal level [dBm0] (RFC 3611 4.7.4) */
  get endpointSignalLevelDbm0(): number {
    return this.view.getFloat32(this.base + 576, true);
  }
  /** By the endpoint: Noise level [dBm0] (RFC 3611 4.7.4) */
  get endpointNoiseLevelDbm0(): number {
    return this.view.getFloat32(this.base + 580, true);
  }
  /** By the endpoint: Residual echo return loss [dB] (RFC 3611 4.7.4) */
  get endpointRerlDb(): number {
    return this.view.getFloat32(this.base + 584, true);
  }
  /** By the endpoint: R factor (RFC 3611 4.7.5) */
  get endpointRFactor(): number {
    return this.view.getFloat32(this.base + 588, true);
  }
  /** By the endpoint: External R factor (RFC 3611 4.7.5) */
  get endpointExtRFactor(): number {
    return this.view.getFloat32(this.base + 592, true);
  }
  /** By the endpoint: Estimated MOS for listening quality, 1..5 (RFC 3611 4.7.5) */
  get endpointMosLq(): number {
    return this.view.getFloat32(this.base + 596, true);
  }
  /** By the endpoint: Estimated MOS for conversational quality, 1..5 (RFC 3611 4.7.5) */
  get endpointMosCq(): number {
    return this.view.getFloat32(this.base + 600, true);
  }
  /** By the endpoint: Jitter buffer nominal delay [ms] (RFC 3611 4.7.7) */
  get endpointBufferNominalMs(): number {
    return this.view.getFloat32(this.base + 604, true);
  }
  /** By the endpoint: Jitter buffer maximum delay [ms] (RFC 3611 4.7.7) */
  get endpointBufferMaxMs(): number {
    return this.view.getFloat32(this.base + 608, true);
  }
  /** By the endpoint: Jitter buffer absolute maximum delay [ms] (RFC 3611 4.7.7) */
  get endpointBufferAbsMaxMs(): number {
    return this.view.getFloat32(this.base + 612, true);
  }
  /** By the endpoint: Packets lost, of the statistics summary [packets] (RFC 3611 4.6) */
  get endpointSummaryLostPackets(): number {
    return this.view.getFloat32(this.base + 616, true);
  }
  /** By the endpoint: Duplicate packets [packets] (RFC 3611 4.6) */
  get endpointSummaryDuplicatePackets(): number {
    return this.view.getFloat32(this.base + 620, true);
  }
  /** By the endpoint: Least relative transit jitter [RTP clock ticks] (RFC 3611 4.6) */
  get endpointSummaryJitterMinTicks(): number {
    return this.view.getFloat32(this.base + 624, true);
  }
  /** By the endpoint: Largest relative transit jitter [RTP clock ticks] (RFC 3611 4.6) */
  get endpointSummaryJitterMaxTicks(): number {
    return this.view.getFloat32(this.base + 628, true);
  }
  /** By the endpoint: Mean relative transit jitter [RTP clock ticks] (RFC 3611 4.6) */
  get endpointSummaryJitterMeanTicks(): number {
    return this.view.getFloat32(this.base + 632, true);
  }
  /** By the endpoint: Standard deviation of relative transit jitter [RTP clock ticks] (RFC 3611 4.6) */
  get endpointSummaryJitterDeviationTicks(): number {
    return this.view.getFloat32(this.base + 636, true);
  }
  /** By the endpoint: Least TTL or hop limit (RFC 3611 4.6) */
  get endpointSummaryTtlMin(): number {
    return this.view.getFloat32(this.base + 640, true);
  }
  /** By the endpoint: Largest TTL or hop limit (RFC 3611 4.6) */
  get endpointSummaryTtlMax(): number {
    return this.view.getFloat32(this.base + 644, true);
  }
  /** By the endpoint: Mean TTL or hop limit (RFC 3611 4.6) */
  get endpointSummaryTtlMean(): number {
    return this.view.getFloat32(this.base + 648, true);
  }
  /** By the endpoint: Standard deviation of TTL or hop limit (RFC 3611 4.6) */
  get endpointSummaryTtlDeviation(): number {
    return this.view.getFloat32(this.base + 652, true);
  }
  /** By the endpoint: Threshold or peak of positive delay variation [ms] (RFC 6798 3) */
  get endpointPdvPositiveMs(): number {
    return this.view.getFloat32(this.base + 656, true);
  }
  /** By the endpoint: Packets below it, 0..100 [%] (RFC 6798 3) */
  get endpointPdvPositivePercentile(): number {
    return this.view.getFloat32(this.base + 660, true);
  }
  /** By the endpoint: Threshold or peak of negative delay variation [ms] (RFC 6798 3) */
  get endpointPdvNegativeMs(): number {
    return this.view.getFloat32(this.base + 664, true);
  }
  /** By the endpoint: Packets below it, 0..100 [%] (RFC 6798 3) */
  get endpointPdvNegativePercentile(): number {
    return this.view.getFloat32(this.base + 668, true);
  }
  /** By the endpoint: Mean packet delay variation [ms] (RFC 6798 3) */
  get endpointPdvMeanMs(): number {
    return this.view.getFloat32(this.base + 672, true);
  }
  /** By the endpoint: Mean network round-trip delay [ms] (RFC 6843 3) */
  get endpointRoundTripMeanMs(): number {
    return this.view.getFloat32(this.base + 676, true);
  }
  /** By the endpoint: Least network round-trip delay [ms] (RFC 6843 3) */
  get endpointRoundTripMinMs(): number {
    return this.view.getFloat32(this.base + 680, true);
  }
  /** By the endpoint: Largest network round-trip delay [ms] (RFC 6843 3) */
  get endpointRoundTripMaxMs(): number {
    return this.view.getFloat32(this.base + 684, true);
  }
  /** By the endpoint: End system delay, of the delay block [ms] (RFC 6843 3) */
  get endpointEndSystemMs(): number {
    return this.view.getFloat32(this.base + 688, true);
  }
  /** By the endpoint: Bursts of loss (RFC 6958 3) */
  get endpointBursts(): number {
    return this.view.getFloat32(this.base + 692, true);
  }
  /** By the endpoint: Packets lost within bursts [packets] (RFC 6958 3) */
  get endpointBurstLostPackets(): number {
    return this.view.getFloat32(this.base + 696, true);
  }
  /** By the endpoint: Packets expected within bursts [packets] (RFC 6958 3) */
  get endpointBurstExpectedPackets(): number {
    return this.view.getFloat32(this.base + 700, true);
  }
  /** By the endpoint: Sum of burst durations [ms] (RFC 6958 3) */
  get endpointBurstSumMs(): number {
    return this.view.getFloat32(this.base + 704, true);
  }
  /** By the endpoint: Mean burst duration [ms] (RFC 7004 3.1) */
  get endpointBurstMeanMs(): number {
    return this.view.getFloat32(this.base + 708, true);
  }
  /** By the endpoint: Variance of burst durations [ms^2] (RFC 7004 3.1) */
  get endpointBurstVarianceMs2(): number {
    return this.view.getFloat32(this.base + 712, true);
  }
  /** By the endpoint: Sum of the squares of burst durations [ms^2] (RFC 6958 3) */
  get endpointBurstSquaresMs2(): number {
    return this.view.getFloat32(this.base + 716, true);
  }
  /** By the endpoint: Packets received in a row that end a burst of loss [packets] (RFC 6958 3) */
  get endpointBurstThresholdPackets(): number {
    return this.view.getFloat32(this.base + 720, true);
  }
  /** By the endpoint: Loss rate within bursts, 0..1 (RFC 7004 3.1) */
  get endpointBurstLossRate(): number {
    return this.view.getFloat32(this.base + 724, true);
  }
  /** By the endpoint: Loss rate within gaps, 0..1 (RFC 7004 3.1) */
  get endpointGapLossRate(): number {
    return this.view.getFloat32(this.base + 728, true);
  }
  /** By the endpoint: Packets discarded within bursts [packets] (RFC 7003 3) */
  get endpointBurstDiscardedPackets(): number {
    return this.view.getFloat32(this.base + 732, true);
  }
  /** By the endpoint: Packets expected within the bursts of burstDiscardedPackets [packets] (RFC 7003 3) */
  get endpointBurstDiscardExpectedPackets(): number {
    return this.view.getFloat32(this.base + 736, true);
  }
  /** By the endpoint: Packets in a row that end such a burst [packets] (RFC 7003 3) */
  get endpointBurstDiscardThresholdPackets(): number {
    return this.view.getFloat32(this.base + 740, true);
  }
  /** By the endpoint: Discard rate within bursts, 0..1 (RFC 7004 3.2) */
  get endpointBurstDiscardRate(): number {
    return this.view.getFloat32(this.base + 744, true);
  }
  /** By the endpoint: Discard rate within gaps, 0..1 (RFC 7004 3.2) */
  get endpointGapDiscardRate(): number {
    return this.view.getFloat32(this.base + 748, true);
  }
  /** By the endpoint: Bursts of discard alone (RFC 8015 3) */
  get endpointDiscardBursts(): number {
    return this.view.getFloat32(this.base + 752, true);
  }
  /** By the endpoint: Sum of their durations [ms] (RFC 8015 3) */
  get endpointDiscardBurstSumMs(): number {
    return this.view.getFloat32(this.base + 756, true);
  }
  /** By the endpoint: Packets discarded within them [packets] (RFC 8015 3) */
  get endpointDiscardBurstDiscardedPackets(): number {
    return this.view.getFloat32(this.base + 760, true);
  }
  /** By the endpoint: Packets expected within them [packets] (RFC 8015 3) */
  get endpointDiscardBurstExpectedPackets(): number {
    return this.view.getFloat32(this.base + 764, true);
  }
  /** By the endpoint: Packets not discarded in a row that end one [packets] (RFC 8015 3) */
  get endpointDiscardBurstThresholdPackets(): number {
    return this.view.getFloat32(this.base + 768, true);
  }
  /** By the endpoint: Packets discarded in all [packets] (RFC 8015 3) */
  get endpointDiscardedPackets(): number {
    return this.view.getFloat32(this.base + 772, true);
  }
  /** By the endpoint: De-jitter buffer nominal delay [ms] (RFC 7005 4) */
  get endpointDejitterNominalMs(): number {
    return this.view.getFloat32(this.base + 776, true);
  }
  /** By the endpoint: De-jitter buffer maximum delay [ms] (RFC 7005 4) */
  get endpointDejitterMaxMs(): number {
    return this.view.getFloat32(this.base + 780, true);
  }
  /** By the endpoint: De-jitter buffer high-water mark [ms] (RFC 7005 4) */
  get endpointDejitterHighWaterMs(): number {
    return this.view.getFloat32(this.base + 784, true);
  }
  /** By the endpoint: De-jitter buffer low-water mark [ms] (RFC 7005 4) */
  get endpointDejitterLowWaterMs(): number {
    return this.view.getFloat32(this.base + 788, true);
  }
  /** By the endpoint: Packets discarded as duplicates [packets] (RFC 7002 3) */
  get endpointDiscardedDuplicatePackets(): number {
    return this.view.getFloat32(this.base + 792, true);
  }
  /** By the endpoint: Packets discarded as too early [packets] (RFC 7002 3) */
  get endpointDiscardedEarlyPackets(): number {
    return this.view.getFloat32(this.base + 796, true);
  }
  /** By the endpoint: Packets discarded as too late [packets] (RFC 7002 3) */
  get endpointDiscardedLatePackets(): number {
    return this.view.getFloat32(this.base + 800, true);
  }
  /** By the endpoint: Octets discarded as too early [octets] (RFC 7243 3) */
  get endpointDiscardedEarlyOctets(): number {
    return this.view.getFloat32(this.base + 804, true);
  }
  /** By the endpoint: Octets discarded as too late [octets] (RFC 7243 3) */
  get endpointDiscardedLateOctets(): number {
    return this.view.getFloat32(this.base + 808, true);
  }
  /** By the endpoint: Packets lost, by the run lengths of the last report [packets] (RFC 3611 4.1) */
  get endpointRleLostPackets(): number {
    return this.view.getFloat32(this.base + 812, true);
  }
  /** By the endpoint: Longest run of lost packets in it [packets] (RFC 3611 4.1) */
  get endpointRleLongestLossPackets(): number {
    return this.view.getFloat32(this.base + 816, true);
  }
  /** By the endpoint: Runs of lost packets in it (RFC 3611 4.1) */
  get endpointRleLossRuns(): number {
    return this.view.getFloat32(this.base + 820, true);
  }
  /** By the endpoint: Packets that came more than once, by the run lengths of the last report [packets] (RFC 3611 4.2) */
  get endpointRleDuplicatePackets(): number {
    return this.view.getFloat32(this.base + 824, true);
  }
  /** By the endpoint: Packets discarded as too early, by the run lengths of the last report [packets] (RFC 7097 3) */
  get endpointRleDiscardedEarlyPackets(): number {
    return this.view.getFloat32(this.base + 828, true);
  }
  /** By the endpoint: Packets discarded as too late, by the run lengths of the last report [packets] (RFC 7097 3) */
  get endpointRleDiscardedLatePackets(): number {
    return this.view.getFloat32(this.base + 832, true);
  }
  /** By the endpoint: Packets whose times of receipt the last report told (RFC 3611 4.3) */
  get endpointReceiptTimes(): number {
    return this.view.getFloat32(this.base + 836, true);
  }
  /** By the endpoint: Packets still lost after repair [packets] (RFC 7509 3, RFC 5725) */
  get endpointPostRepairLostPackets(): number {
    return this.view.getFloat32(this.base + 840, true);
  }
  /** By the endpoint: Longest run of packets still lost after repair [packets] (RFC 5725 3) */
  get endpointPostRepairLongestLossPackets(): number {
    return this.view.getFloat32(this.base + 844, true);
  }
  /** By the endpoint: Packets repaired [packets] (RFC 7509 3) */
  get endpointRepairedPackets(): number {
    return this.view.getFloat32(this.base + 848, true);
  }
  /** By the endpoint: MOS on the scale of endpointMosAlgorithm (RFC 7266 3) */
  get endpointMos(): number {
    return this.view.getFloat32(this.base + 852, true);
  }
  /** By the endpoint: Playout made up for loss [RTP clock ticks] (RFC 7294 3) */
  get endpointConcealedLossTicks(): number {
    return this.view.getFloat32(this.base + 856, true);
  }
  /** By the endpoint: Playout as it should be [RTP clock ticks] (RFC 7294 3) */
  get endpointOnTimeTicks(): number {
    return this.view.getFloat32(this.base + 860, true);
  }
  /** By the endpoint: Playout made up for buffer adjustment [RTP clock ticks] (RFC 7294 3) */
  get endpointConcealedAdjustmentTicks(): number {
    return this.view.getFloat32(this.base + 864, true);
  }
  /** By the endpoint: Playout interruptions (RFC 7294 3) */
  get endpointInterruptions(): number {
    return this.view.getFloat32(this.base + 868, true);
  }
  /** By the endpoint: Mean playout interruption [RTP clock ticks] (RFC 7294 3) */
  get endpointInterruptionMeanTicks(): number {
    return this.view.getFloat32(this.base + 872, true);
  }
  /** By the endpoint: Unimpaired seconds [s] (RFC 7294 4) */
  get endpointUnimpairedS(): number {
    return this.view.getFloat32(this.base + 876, true);
  }
  /** By the endpoint: Concealed seconds [s] (RFC 7294 4) */
  get endpointConcealedS(): number {
    return this.view.getFloat32(this.base + 880, true);
  }
  /** By the endpoint: Severely concealed seconds [s] (RFC 7294 4) */
  get endpointSeverelyConcealedS(): number {
    return this.view.getFloat32(this.base + 884, true);
  }
  /** By the endpoint: Share of a second that makes it severely concealed, 0..1 (RFC 7294 4) */
  get endpointSeverelyConcealedThreshold(): number {
    return this.view.getFloat32(this.base + 888, true);
  }
  /** By the endpoint: Impaired video [RTP clock ticks] (RFC 7867 4) */
  get endpointVideoImpairedTicks(): number {
    return this.view.getFloat32(this.base + 892, true);
  }
  /** By the endpoint: Concealed video [RTP clock ticks] (RFC 7867 4) */
  get endpointVideoConcealedTicks(): number {
    return this.view.getFloat32(this.base + 896, true);
  }
  /** By the endpoint: Mean frame freeze [RTP clock ticks] (RFC 7867 4) */
  get endpointVideoFreezeMeanTicks(): number {
    return this.view.getFloat32(this.base + 900, true);
  }
  /** By the endpoint: Mean share of a frame that was impaired before concealment, 0..1 (RFC 7867 4) */
  get endpointVideoImpairedProportion(): number {
    return this.view.getFloat32(this.base + 904, true);
  }
  /** By the endpoint: Mean share of a frame that was concealed, 0..1 (RFC 7867 4) */
  get endpointVideoConcealedProportion(): number {
    return this.view.getFloat32(this.base + 908, true);
  }
  /** By the endpoint: Share of frames with concealment, 0..1 (RFC 7867 4) */
  get endpointVideoConcealedFrames(): number {
    return this.view.getFloat32(this.base + 912, true);
  }
  /** By the endpoint: Key frames wholly lost (RFC 7004 4.1) */
  get endpointLostKeyFrames(): number {
    return this.view.getFloat32(this.base + 916, true);
  }
  /** By the endpoint: Key frames partly lost (RFC 7004 4.1) */
  get endpointPartlyLostKeyFrames(): number {
    return this.view.getFloat32(this.base + 920, true);
  }
  /** By the endpoint: Key frames discarded (RFC 7004 4.1) */
  get endpointDiscardedKeyFrames(): number {
    return this.view.getFloat32(this.base + 924, true);
  }
  /** By the endpoint: Key frames duplicated (RFC 7004 4.1) */
  get endpointDuplicateKeyFrames(): number {
    return this.view.getFloat32(this.base + 928, true);
  }
  /** By the endpoint: Derived frames wholly lost (RFC 7004 4.1) */
  get endpointLostDerivedFrames(): number {
    return this.view.getFloat32(this.base + 932, true);
  }
  /** By the endpoint: Derived frames partly lost (RFC 7004 4.1) */
  get endpointPartlyLostDerivedFrames(): number {
    return this.view.getFloat32(this.base + 936, true);
  }
  /** By the endpoint: Derived frames discarded (RFC 7004 4.1) */
  get endpointDiscardedDerivedFrames(): number {
    return this.view.getFloat32(this.base + 940, true);
  }
  /** By the endpoint: Derived frames duplicated (RFC 7004 4.1) */
  get endpointDuplicateDerivedFrames(): number {
    return this.view.getFloat32(this.base + 944, true);
  }
  /** By the endpoint: Packets marked ECT(0) [packets] (RFC 6679 5.1) */
  get endpointEct0Packets(): number {
    return this.view.getFloat32(this.base + 948, true);
  }
  /** By the endpoint: Packets marked ECT(1) [packets] (RFC 6679 5.1) */
  get endpointEct1Packets(): number {
    return this.view.getFloat32(this.base + 952, true);
  }
  /** By the endpoint: Packets marked CE [packets] (RFC 6679 5.1) */
  get endpointCePackets(): number {
    return this.view.getFloat32(this.base + 956, true);
  }
  /** By the endpoint: Packets not marked ECT [packets] (RFC 6679 5.1) */
  get endpointNotEctPackets(): number {
    return this.view.getFloat32(this.base + 960, true);
  }
  /** By the endpoint: Packets lost, as counted with the ECN marks [packets] (RFC 6679 5.1) */
  get endpointEcnLostPackets(): number {
    return this.view.getFloat32(this.base + 964, true);
  }
  /** By the endpoint: Duplicate packets, as counted with the ECN marks [packets] (RFC 6679 5.1) */
  get endpointEcnDuplicatePackets(): number {
    return this.view.getFloat32(this.base + 968, true);
  }
  /** By the endpoint: Initial synchronization delay [ms] (RFC 7244 3) */
  get endpointInitialSyncDelayMs(): number {
    return this.view.getFloat32(this.base + 972, true);
  }
  /** By the endpoint: Synchronization offset, positive when behind [ms] (RFC 7244 4) */
  get endpointSyncOffsetMs(): number {
    return this.view.getFloat32(this.base + 976, true);
  }
  /** By the endpoint: From the receipt of a packet to its presentation [ms] (RFC 7272 6) */
  get endpointPresentationDelayMs(): number {
    return this.view.getFloat32(this.base + 980, true);
  }
  /** By the endpoint: Multicast acquisition: 1 simple join, 2 rapid acquisition (RFC 6332 4) */
  get endpointMulticastMethod(): number {
    return this.view.getFloat32(this.base + 984, true);
  }
  /** By the endpoint: Status code of the multicast acquisition (RFC 6332 4) */
  get endpointMulticastStatus(): number {
    return this.view.getFloat32(this.base + 988, true);
  }
  /** By the endpoint: Measurement interval of interval metrics [ms] (RFC 6776 4) */
  get endpointIntervalMs(): number {
    return this.view.getFloat32(this.base + 992, true);
  }
  /** By the endpoint: Measurement time of cumulative metrics [ms] (RFC 6776 4) */
  get endpointCumulativeMs(): number {
    return this.view.getFloat32(this.base + 996, true);
  }
  /** By the endpoint: XNQ vmaxdiff, as sent: largest delay variation of one cycle (RFC 5093 3) */
  get endpointXnqDelayVariationCycleMax(): number {
    return this.view.getFloat32(this.base + 1000, true);
  }
  /** By the endpoint: XNQ vrange, as sent: largest delay variation so far (RFC 5093 3) */
  get endpointXnqDelayVariationRange(): number {
    return this.view.getFloat32(this.base + 1004, true);
  }
  /** By the endpoint: XNQ vsum, as sent: sum of the peaks of the cycles (RFC 5093 3) */
  get endpointXnqDelayVariationSum(): number {
    return this.view.getFloat32(this.base + 1008, true);
  }
  /** By the endpoint: XNQ cycles (RFC 5093 3) */
  get endpointXnqCycles(): number {
    return this.view.getFloat32(this.base + 1012, true);
  }
  /** By the endpoint: XNQ adaptations of the jitter buffer (RFC 5093 3) */
  get endpointXnqBufferEvents(): number {
    return this.view.getFloat32(this.base + 1016, true);
  }
  /** By the endpoint: XNQ time degraded by loss and late packets, as sent (RFC 5093 3) */
  get endpointXnqDegradedNetwork(): number {
    return this.view.getFloat32(this.base + 1020, true);
  }
  /** By the endpoint: XNQ time degraded by buffer adaptation, as sent (RFC 5093 3) */
  get endpointXnqDegradedBuffer(): number {
    return this.view.getFloat32(this.base + 1024, true);
  }
  /** By the endpoint: XNQ errored seconds [s] (RFC 5093 3) */
  get endpointXnqErroredS(): number {
    return this.view.getFloat32(this.base + 1028, true);
  }
  /** By the endpoint: XNQ severely errored seconds [s] (RFC 5093 3) */
  get endpointXnqSeverelyErroredS(): number {
    return this.view.getFloat32(this.base + 1032, true);
  }
  /** By the endpoint: Received packets that end a burst, 0 when not reported (RFC 3611 4.7.2) */
  get endpointGmin(): number {
    return this.view.getUint8(this.base + 1036);
  }
  /** By the endpoint: Loss concealment: 0 unspecified, 1 disabled, 2 enhanced, 3 standard (RFC 3611 4.7.6) */
  get endpointPlc(): number {
    return this.view.getUint8(this.base + 1037);
  }
  /** By the endpoint: Jitter buffer: 0 unknown, 1 reserved, 2 fixed, 3 adaptive (RFC 3611 4.7.6) */
  get endpointBufferKind(): number {
    return this.view.getUint8(this.base + 1038);
  }
  /** By the endpoint: Jitter buffer adaptation rate, 0..15 (RFC 3611 4.7.6) */
  get endpointBufferRate(): number {
    return this.view.getUint8(this.base + 1039);
  }
  /** By the endpoint: Kind of delay variation: 0 MAPDV2, 1 two-point (RFC 6798 3) */
  get endpointPdvKind(): number {
    return this.view.getUint8(this.base + 1040);
  }
  /** By the endpoint: Algorithm of endpointMos, as SDP maps it (RFC 7266 3) */
  get endpointMosAlgorithm(): number {
    return this.view.getUint8(this.base + 1041);
  }
  /** By the endpoint: Payload type of endpointMos (RFC 7266 3) */
  get endpointMosPayloadType(): number {
    return this.view.getUint8(this.base + 1042);
  }
  /** By the endpoint: De-jitter buffer: 0 fixed, 1 adaptive (RFC 7005 4) */
  get endpointDejitterKind(): number {
    return this.view.getUint8(this.base + 1043);
  }
  /** By the endpoint: Loss concealment: 0 unspecified, 1 silence, 2 simple, 3 enhanced (RFC 7294 3) */
  get endpointConcealmentPlc(): number {
    return this.view.getUint8(this.base + 1044);
  }
  /** By the endpoint: 1 when the bursts of loss are those of loss and discard together, 0 when of loss alone (RFC 6958 3) */
  get endpointBurstCombined(): number {
    return this.view.getUint8(this.base + 1045);
  }
}

/** Type of every field of a record, for what writes one. */
export const recordTypes = {
  streamId: 'u64',
  pairId: 'u64',
  streamStartNs: 'i64',
  firstNs: 'i64',
  lastNs: 'i64',
  src: 'u8[16]',
  dst: 'u8[16]',
  ssrc: 'u32',
  srcPort: 'u16',
  dstPort: 'u16',
  packets: 'f64',
  octets: 'f64',
  expected: 'f64',
  lost: 'f64',
  recovered: 'f64',
  duplicates: 'f64',
  reordered: 'f64',
  late: 'f64',
  lossRuns: 'f64',
  lossRunPackets: 'f64',
  lossRunLongest: 'u32',
  reorderExtentMax: 'u32',
  restarts: 'u32',
  sequenceErrors: 'u32',
  timestampJumps: 'u32',
  dtxResumptions: 'u32',
  comfortNoisePackets: 'u32',
  telephoneEventPackets: 'u32',
  markers: 'u32',
  payloadTypeChanges: 'u32',
  rtcpPackets: 'u32',
  clockRate: 'u32',
  timestampStep: 'u32',
  lastTimestamp: 'u32',
  firstSequence: 'u16',
  lastSequence: 'u16',
  vlan: 'u16',
  vlanOther: 'u16',
  jitterLastMs: 'f64',
  jitterMeanMs: 'f64',
  jitterMaxMs: 'f64',
  jitterSamples: 'f64',
  deltaMeanMs: 'f64',
  deltaMaxMs: 'f64',
  burstSquares: 'f64',
  redPrimaryOctets: 'f64',
  captureLost: 'u32',
  redRepaired: 'u32',
  decided: 'u32',
  bad: 'u32',
  badRuns: 'u32',
  bursts: 'u32',
  burstPackets: 'u32',
  burstBad: 'u32',
  burstDensity: 'f32',
  gapDensity: 'f32',
  burstMeanPackets: 'f32',
  gapMeanPackets: 'f32',
  playoutPackets: 'u32',
  adaptiveDelayMeanMs: 'f32',
  bufferMeanMs: 'f32',
  pdvMeanMs: 'f32',
  pdvMaxMs: 'f32',
  ipdvMeanMs: 'f32',
  ipdvMaxMs: 'f32',
  mapdv2Ms: 'f32',
  skewPpm: 'f32',
  jitterTransmissionMs: 'f32',
  signalLevelDbm0: 'f32',
  noiseLevelDbm0: 'f32',
  silenceShare: 'f32',
  clippingShare: 'f32',
  spanCopyDelayMeanMs: 'f32',
  spanCopyDelayMaxMs: 'f32',
  lateDiscards: 'u32[3]',
  earlyDiscards: 'u32[3]',
  pdvHistogram: 'u32[16]',
  spanCopies: 'u32',
  stalls: 'u32',
  redPackets: 'u32',
  tunnelId: 'u32',
  outerTunnelIds: 'u32[3]',
  reportRow: 'u32',
  innerVlan: 'u16',
  tunnelKind: 'u8',
  tunnelDepth: 'u8',
  outerTunnelKinds: 'u8[3]',
  reserved: 'u8',
  payloadTypesLow: 'u64',
  payloadTypesHigh: 'u64',
  dscpSeen: 'u64',
  payloadType: 'u8',
  dscp: 'u8',
  kind: 'u8',
  endReason: 'u8',
  clockSource: 'u8',
  ipVersion: 'u8',
  mediaKind: 'u8',
  redPrimaryPayloadType: 'u8',
  interface: 'u8',
  interfaceOther: 'u8',
  spare: 'u8[6]',
} as const;

/** Type of every field of a report, for what writes one. */
export const reportTypes = {
  streamId: 'u64',
  streamRow: 'u32',
  kind: 'u16',
  byeReasonOctets: 'u16',
  byeNs: 'i64',
  cnameDigest: 'u64',
  endpointNs: 'i64',
  endpointVoipNs: 'i64',
  byeReason: 'u8[32]',
  lastReportNs: 'i64',
  reporterSsrc: 'u32',
  reportedHighestSequence: 'u32',
  reports: 'u32',
  reportedJitterMaxTicks: 'u32',
  reportedCumulativeLost: 'f64',
  reportedFractionLost: 'f64',
  reportedFractionLostMax: 'f64',
  reportedJitterTicks: 'f64',
  reportedJitterMeanTicks: 'f64',
  reportedOffsetJitterTicks: 'f64',
  reportedOffsetJitterMeanTicks: 'f64',
  reportedOffsetJitterMaxTicks: 'f64',
  downstreamRttMeanMs: 'f64',
  downstreamRttMinMs: 'f64',
  downstreamRttMaxMs: 'f64',
  downstreamRttLastMs: 'f64',
  downstreamRttCount: 'u32',
  downstreamRttRejected: 'u32',
  upstreamRttMeanMs: 'f64',
  upstreamRttMinMs: 'f64',
  upstreamRttMaxMs: 'f64',
  upstreamRttLastMs: 'f64',
  upstreamRttCount: 'u32',
  upstreamRttRejected: 'u32',
  sideExpected: 'f64',
  sideSeen: 'f64',
  sideReportedLost: 'f64',
  sideTapDuplicates: 'f64',
  upstreamLost: 'f64',
  downstreamLost: 'f64',
  captureMissed: 'f64',
  sideIntervals: 'u32',
  sideUnaligned: 'u32',
  sideRebased: 'u32',
  senderReports: 'u32',
  lastSenderReportNs: 'i64',
  senderNtp: 'u64',
  senderPackets: 'f64',
  senderOctets: 'f64',
  tapPackets: 'f64',
  tapOctets: 'f64',
  senderClockHz: 'f64',
  rembBps: 'f64',
  senderRtpTimestamp: 'u32',
  reportBlocks: 'u32',
  unknownLsrs: 'u32',
  unknownLrrs: 'u32',
  nacks: 'u32',
  nackedPackets: 'u32',
  plis: 'u32',
  slis: 'u32',
  rpsis: 'u32',
  firs: 'u32',
  tmmbrs: 'u32',
  tmmbns: 'u32',
  tstrs: 'u32',
  tstns: 'u32',
  vbcms: 'u32',
  rembs: 'u32',
  transportCcs: 'u32',
  ccfbs: 'u32',
  ecnFeedbacks: 'u32',
  otherFeedbacks: 'u32',
  xrBlocks: 'u32',
  xrWithoutInterval: 'u32',
  xrSkipped: 'u32',
  xrDropped: 'u32',
  reducedSize: 'u32',
  srtcpPackets: 'u32',
  malformedRtcp: 'u32',
  appPackets: 'u32',
  otherRtcpPackets: 'u32',
  endpointReporterSsrc: 'u32',
  endpointIntervalBits: 'u32[5]',
  endpointSampledBits: 'u32[5]',
  endpointLossRate: 'f32',
  endpointDiscardRate: 'f32',
  endpointBurstDensity: 'f32',
  endpointGapDensity: 'f32',
  endpointBurstDurationMs: 'f32',
  endpointGapDurationMs: 'f32',
  endpointRoundTripDelayMs: 'f32',
  endpointEndSystemDelayMs: 'f32',
  endpointSignalLevelDbm0: 'f32',
  endpointNoiseLevelDbm0: 'f32',
  endpointRerlDb: 'f32',
  endpointRFactor: 'f32',
  endpointExtRFactor: 'f32',
  endpointMosLq: 'f32',
  endpointMosCq: 'f32',
  endpointBufferNominalMs: 'f32',
  endpointBufferMaxMs: 'f32',
  endpointBufferAbsMaxMs: 'f32',
  endpointSummaryLostPackets: 'f32',
  endpointSummaryDuplicatePackets: 'f32',
  endpointSummaryJitterMinTicks: 'f32',
  endpointSummaryJitterMaxTicks: 'f32',
  endpointSummaryJitterMeanTicks: 'f32',
  endpointSummaryJitterDeviationTicks: 'f32',
  endpointSummaryTtlMin: 'f32',
  endpointSummaryTtlMax: 'f32',
  endpointSummaryTtlMean: 'f32',
  endpointSummaryTtlDeviation: 'f32',
  endpointPdvPositiveMs: 'f32',
  endpointPdvPositivePercentile: 'f32',
  endpointPdvNegativeMs: 'f32',
  endpointPdvNegativePercentile: 'f32',
  endpointPdvMeanMs: 'f32',
  endpointRoundTripMeanMs: 'f32',
  endpointRoundTripMinMs: 'f32',
  endpointRoundTripMaxMs: 'f32',
  endpointEndSystemMs: 'f32',
  endpointBursts: 'f32',
  endpointBurstLostPackets: 'f32',
  endpointBurstExpectedPackets: 'f32',
  endpointBurstSumMs: 'f32',
  endpointBurstMeanMs: 'f32',
  endpointBurstVarianceMs2: 'f32',
  endpointBurstSquaresMs2: 'f32',
  endpointBurstThresholdPackets: 'f32',
  endpointBurstLossRate: 'f32',
  endpointGapLossRate: 'f32',
  endpointBurstDiscardedPackets: 'f32',
  endpointBurstDiscardExpectedPackets: 'f32',
  endpointBurstDiscardThresholdPackets: 'f32',
  endpointBurstDiscardRate: 'f32',
  endpointGapDiscardRate: 'f32',
  endpointDiscardBursts: 'f32',
  endpointDiscardBurstSumMs: 'f32',
  endpointDiscardBurstDiscardedPackets: 'f32',
  endpointDiscardBurstExpectedPackets: 'f32',
  endpointDiscardBurstThresholdPackets: 'f32',
  endpointDiscardedPackets: 'f32',
  endpointDejitterNominalMs: 'f32',
  endpointDejitterMaxMs: 'f32',
  endpointDejitterHighWaterMs: 'f32',
  endpointDejitterLowWaterMs: 'f32',
  endpointDiscardedDuplicatePackets: 'f32',
  endpointDiscardedEarlyPackets: 'f32',
  endpointDiscardedLatePackets: 'f32',
  endpointDiscardedEarlyOctets: 'f32',
  endpointDiscardedLateOctets: 'f32',
  endpointRleLostPackets: 'f32',
  endpointRleLongestLossPackets: 'f32',
  endpointRleLossRuns: 'f32',
  endpointRleDuplicatePackets: 'f32',
  endpointRleDiscardedEarlyPackets: 'f32',
  endpointRleDiscardedLatePackets: 'f32',
  endpointReceiptTimes: 'f32',
  endpointPostRepairLostPackets: 'f32',
  endpointPostRepairLongestLossPackets: 'f32',
  endpointRepairedPackets: 'f32',
  endpointMos: 'f32',
  endpointConcealedLossTicks: 'f32',
  endpointOnTimeTicks: 'f32',
  endpointConcealedAdjustmentTicks: 'f32',
  endpointInterruptions: 'f32',
  endpointInterruptionMeanTicks: 'f32',
  endpointUnimpairedS: 'f32',
  endpointConcealedS: 'f32',
  endpointSeverelyConcealedS: 'f32',
  endpointSeverelyConcealedThreshold: 'f32',
  endpointVideoImpairedTicks: 'f32',
  endpointVideoConcealedTicks: 'f32',
  endpointVideoFreezeMeanTicks: 'f32',
  endpointVideoImpairedProportion: 'f32',
  endpointVideoConcealedProportion: 'f32',
  endpointVideoConcealedFrames: 'f32',
  endpointLostKeyFrames: 'f32',
  endpointPartlyLostKeyFrames: 'f32',
  endpointDiscardedKeyFrames: 'f32',
  endpointDuplicateKeyFrames: 'f32',
  endpointLostDerivedFrames: 'f32',
  endpointPartlyLostDerivedFrames: 'f32',
  endpointDiscardedDerivedFrames: 'f32',
  endpointDuplicateDerivedFrames: 'f32',
  endpointEct0Packets: 'f32',
  endpointEct1Packets: 'f32',
  endpointCePackets: 'f32',
  endpointNotEctPackets: 'f32',
  endpointEcnLostPackets: 'f32',
  endpointEcnDuplicatePackets: 'f32',
  endpointInitialSyncDelayMs: 'f32',
  endpointSyncOffsetMs: 'f32',
  endpointPresentationDelayMs: 'f32',
  endpointMulticastMethod: 'f32',
  endpointMulticastStatus: 'f32',
  endpointIntervalMs: 'f32',
  endpointCumulativeMs: 'f32',
  endpointXnqDelayVariationCycleMax: 'f32',
  endpointXnqDelayVariationRange: 'f32',
  endpointXnqDelayVariationSum: 'f32',
  endpointXnqCycles: 'f32',
  endpointXnqBufferEvents: 'f32',
  endpointXnqDegradedNetwork: 'f32',
  endpointXnqDegradedBuffer: 'f32',
  endpointXnqErroredS: 'f32',
  endpointXnqSeverelyErroredS: 'f32',
  endpointGmin: 'u8',
  endpointPlc: 'u8',
  endpointBufferKind: 'u8',
  endpointBufferRate: 'u8',
  endpointPdvKind: 'u8',
  endpointMosAlgorithm: 'u8',
  endpointMosPayloadType: 'u8',
  endpointDejitterKind: 'u8',
  endpointConcealmentPlc: 'u8',
  endpointBurstCombined: 'u8',
  reserved: 'u8[2]',
} as const;

/** Metrics that endpoints report, in the order of the record: NaN at `offset` when not reported. */
export const endpointMetrics = [
  { name: 'lossRate', offset: 544, doc: "Lost after repair, 0..1 of the packets expected (RFC 3611 4.7.1)" },
  { name: 'discardRate', offset: 548, doc: "Discarded by the jitter buffer, 0..1 of the packets expected (RFC 3611 4.7.1)" },
  { name: 'burstDensity', offset: 552, doc: "Lost or discarded within bursts, 0..1 (RFC 3611 4.7.2)" },
  { name: 'gapDensity', offset: 556, doc: "Lost or discarded within gaps, 0..1 (RFC 3611 4.7.2)" },
  { name: 'burstDurationMs', offset: 560, doc: "Mean duration of bursts, ms (RFC 3611 4.7.2)" },
  { name: 'gapDurationMs', offset: 564, doc: "Mean duration of gaps, ms (RFC 3611 4.7.2)" },
  { name: 'roundTripDelayMs', offset: 568, doc: "Round-trip delay between the RTP interfaces, ms (RFC 3611 4.7.3)" },
  { name: 'endSystemDelayMs', offset: 572, doc: "End system delay, ms (RFC 3611 4.7.3)" },
  { name: 'signalLevelDbm0', offset: 576, doc: "Voice signal level, dBm0 (RFC 3611 4.7.4)" },
  { name: 'noiseLevelDbm0', offset: 580, doc: "Noise level, dBm0 (RFC 3611 4.7.4)" },
  { name: 'rerlDb', offset: 584, doc: "Residual echo return loss, dB (RFC 3611 4.7.4)" },
  { name: 'rFactor', offset: 588, doc: "R factor (RFC 3611 4.7.5)" },
  { name: 'extRFactor', offset: 592, doc: "External R factor (RFC 3611 4.7.5)" },
  { name: 'mosLq', offset: 596, doc: "Estimated MOS for listening quality, 1..5 (RFC 3611 4.7.5)" },
  { name: 'mosCq', offset: 600, doc: "Estimated MOS for conversational quality, 1..5 (RFC 3611 4.7.5)" },
  { name: 'bufferNominalMs', offset: 604, doc: "Jitter buffer nominal delay, ms (RFC 3611 4.7.7)" },
  { name: 'bufferMaxMs', offset: 608, doc: "Jitter buffer maximum delay, ms (RFC 3611 4.7.7)" },
  { name: 'bufferAbsMaxMs', offset: 612, doc: "Jitter buffer absolute maximum delay, ms (RFC 3611 4.7.7)" },
  { name: 'summaryLostPackets', offset: 616, doc: "Packets lost, of the statistics summary, packets (RFC 3611 4.6)" },
  { name: 'summaryDuplicatePackets', offset: 620, doc: "Duplicate packets, packets (RFC 3611 4.6)" },
  { name: 'summaryJitterMinTicks', offset: 624, doc: "Least relative transit jitter, RTP clock ticks (RFC 3611 4.6)" },
  { name: 'summaryJitterMaxTicks', offset: 628, doc: "Largest relative transit jitter, RTP clock ticks (RFC 3611 4.6)" },
  { name: 'summaryJitterMeanTicks', offset: 632, doc: "Mean relative transit jitter, RTP clock ticks (RFC 3611 4.6)" },
  { name: 'summaryJitterDeviationTicks', offset: 636, doc: "Standard deviation of relative transit jitter, RTP clock ticks (RFC 3611 4.6)" },
  { name: 'summaryTtlMin', offset: 640, doc: "Least TTL or hop limit (RFC 3611 4.6)" },
  { name: 'summaryTtlMax', offset: 644, doc: "Largest TTL or hop limit (RFC 3611 4.6)" },
  { name: 'summaryTtlMean', offset: 648, doc: "Mean TTL or hop limit (RFC 3611 4.6)" },
  { name: 'summaryTtlDeviation', offset: 652, doc: "Standard deviation of TTL or hop limit (RFC 3611 4.6)" },
  { name: 'pdvPositiveMs', offset: 656, doc: "Threshold or peak of positive delay variation, ms (RFC 6798 3)" },
  { name: 'pdvPositivePercentile', offset: 660, doc: "Packets below it, 0..100, % (RFC 6798 3)" },
  { name: 'pdvNegativeMs', offset: 664, doc: "Threshold or peak of negative delay variation, ms (RFC 6798 3)" },
  { name: 'pdvNegativePercentile', offset: 668, doc: "Packets below it, 0..100, % (RFC 6798 3)" },
  { name: 'pdvMeanMs', offset: 672, doc: "Mean packet delay variation, ms (RFC 6798 3)" },
  { name: 'roundTripMeanMs', offset: 676, doc: "Mean network round-trip delay, ms (RFC 6843 3)" },
  { name: 'roundTripMinMs', offset: 680, doc: "Least network round-trip delay, ms (RFC 6843 3)" },
  { name: 'roundTripMaxMs', offset: 684, doc: "Largest network round-trip delay, ms (RFC 6843 3)" },
  { name: 'endSystemMs', offset: 688, doc: "End system delay, of the delay block, ms (RFC 6843 3)" },
  { name: 'bursts', offset: 692, doc: "Bursts of loss (RFC 6958 3)" },
  { name: 'burstLostPackets', offset: 696, doc: "Packets lost within bursts, packets (RFC 6958 3)" },
  { name: 'burstExpectedPackets', offset: 700, doc: "Packets expected within bursts, packets (RFC 6958 3)" },
  { name: 'burstSumMs', offset: 704, doc: "Sum of burst durations, ms (RFC 6958 3)" },
  { name: 'burstMeanMs', offset: 708, doc: "Mean burst duration, ms (RFC 7004 3.1)" },
  { name: 'burstVarianceMs2', offset: 712, doc: "Variance of burst durations, ms^2 (RFC 7004 3.1)" },
  { name: 'burstSquaresMs2', offset: 716, doc: "Sum of the squares of burst durations, ms^2 (RFC 6958 3)" },
  { name: 'burstThresholdPackets', offset: 720, doc: "Packets received in a row that end a burst of loss, packets (RFC 6958 3)" },
  { name: 'burstLossRate', offset: 724, doc: "Loss rate within bursts, 0..1 (RFC 7004 3.1)" },
  { name: 'gapLossRate', offset: 728, doc: "Loss rate within gaps, 0..1 (RFC 7004 3.1)" },
  { name: 'burstDiscardedPackets', offset: 732, doc: "Packets discarded within bursts, packets (RFC 7003 3)" },
  { name: 'burstDiscardExpectedPackets', offset: 736, doc: "Packets expected within the bursts of burstDiscardedPackets, packets (RFC 7003 3)" },
  { name: 'burstDiscardThresholdPackets', offset: 740, doc: "Packets in a row that end such a burst, packets (RFC 7003 3)" },
  { name: 'burstDiscardRate', offset: 744, doc: "Discard rate within bursts, 0..1 (RFC 7004 3.2)" },
  { name: 'gapDiscardRate', offset: 748, doc: "Discard rate within gaps, 0..1 (RFC 7004 3.2)" },
  { name: 'discardBursts', offset: 752, doc: "Bursts of discard alone (RFC 8015 3)" },
  { name: 'discardBurstSumMs', offset: 756, doc: "Sum of their durations, ms (RFC 8015 3)" },
  { name: 'discardBurstDiscardedPackets', offset: 760, doc: "Packets discarded within them, packets (RFC 8015 3)" },
  { name: 'discardBurstExpectedPackets', offset: 764, doc: "Packets expected within them, packets (RFC 8015 3)" },
  { name: 'discardBurstThresholdPackets', offset: 768, doc: "Packets not discarded in a row that end one, packets (RFC 8015 3)" },
  { name: 'discardedPackets', offset: 772, doc: "Packets discarded in all, packets (RFC 8015 3)" },
  { name: 'dejitterNominalMs', offset: 776, doc: "De-jitter buffer nominal delay, ms (RFC 7005 4)" },
  { name: 'dejitterMaxMs', offset: 780, doc: "De-jitter buffer maximum delay, ms (RFC 7005 4)" },
  { name: 'dejitterHighWaterMs', offset: 784, doc: "De-jitter buffer high-water mark, ms (RFC 7005 4)" },
  { name: 'dejitterLowWaterMs', offset: 788, doc: "De-jitter buffer low-water mark, ms (RFC 7005 4)" },
  { name: 'discardedDuplicatePackets', offset: 792, doc: "Packets discarded as duplicates, packets (RFC 7002 3)" },
  { name: 'discardedEarlyPackets', offset: 796, doc: "Packets discarded as too early, packets (RFC 7002 3)" },
  { name: 'discardedLatePackets', offset: 800, doc: "Packets discarded as too late, packets (RFC 7002 3)" },
  { name: 'discardedEarlyOctets', offset: 804, doc: "Octets discarded as too early, octets (RFC 7243 3)" },
  { name: 'discardedLateOctets', offset: 808, doc: "Octets discarded as too late, octets (RFC 7243 3)" },
  { name: 'rleLostPackets', offset: 812, doc: "Packets lost, by the run lengths of the last report, packets (RFC 3611 4.1)" },
  { name: 'rleLongestLossPackets', offset: 816, doc: "Longest run of lost packets in it, packets (RFC 3611 4.1)" },
  { name: 'rleLossRuns', offset: 820, doc: "Runs of lost packets in it (RFC 3611 4.1)" },
  { name: 'rleDuplicatePackets', offset: 824, doc: "Packets that came more than once, by the run lengths of the last report, packets (RFC 3611 4.2)" },
  { name: 'rleDiscardedEarlyPackets', offset: 828, doc: "Packets discarded as too early, by the run lengths of the last report, packets (RFC 7097 3)" },
  { name: 'rleDiscardedLatePackets', offset: 832, doc: "Packets discarded as too late, by the run lengths of the last report, packets (RFC 7097 3)" },
  { name: 'receiptTimes', offset: 836, doc: "Packets whose times of receipt the last report told (RFC 3611 4.3)" },
  { name: 'postRepairLostPackets', offset: 840, doc: "Packets still lost after repair, packets (RFC 7509 3, RFC 5725)" },
  { name: 'postRepairLongestLossPackets', offset: 844, doc: "Longest run of packets still lost after repair, packets (RFC 5725 3)" },
  { name: 'repairedPackets', offset: 848, doc: "Packets repaired, packets (RFC 7509 3)" },
  { name: 'mos', offset: 852, doc: "MOS on the scale of endpointMosAlgorithm (RFC 7266 3)" },
  { name: 'concealedLossTicks', offset: 856, doc: "Playout made up for loss, RTP clock ticks (RFC 7294 3)" },
  { name: 'onTimeTicks', offset: 860, doc: "Playout as it should be, RTP clock ticks (RFC 7294 3)" },
  { name: 'concealedAdjustmentTicks', offset: 864, doc: "Playout made up for buffer adjustment, RTP clock ticks (RFC 7294 3)" },
  { name: 'interruptions', offset: 868, doc: "Playout interruptions (RFC 7294 3)" },
  { name: 'interruptionMeanTicks', offset: 872, doc: "Mean playout interruption, RTP clock ticks (RFC 7294 3)" },
  { name: 'unimpairedS', offset: 876, doc: "Unimpaired seconds, s (RFC 7294 4)" },
  { name: 'concealedS', offset: 880, doc: "Concealed seconds, s (RFC 7294 4)" },
  { name: 'severelyConcealedS', offset: 884, doc: "Severely concealed seconds, s (RFC 7294 4)" },
  { name: 'severelyConcealedThreshold', offset: 888, doc: "Share of a second that makes it severely concealed, 0..1 (RFC 7294 4)" },
  { name: 'videoImpairedTicks', offset: 892, doc: "Impaired video, RTP clock ticks (RFC 7867 4)" },
  { name: 'videoConcealedTicks', offset: 896, doc: "Concealed video, RTP clock ticks (RFC 7867 4)" },
  { name: 'videoFreezeMeanTicks', offset: 900, doc: "Mean frame freeze, RTP clock ticks (RFC 7867 4)" },
  { name: 'videoImpairedProportion', offset: 904, doc: "Mean share of a frame that was impaired before concealment, 0..1 (RFC 7867 4)" },
  { name: 'videoConcealedProportion', offset: 908, doc: "Mean share of a frame that was concealed, 0..1 (RFC 7867 4)" },
  { name: 'videoConcealedFrames', offset: 912, doc: "Share of frames with concealment, 0..1 (RFC 7867 4)" },
  { name: 'lostKeyFrames', offset: 916, doc: "Key frames wholly lost (RFC 7004 4.1)" },
  { name: 'partlyLostKeyFrames', offset: 920, doc: "Key frames partly lost (RFC 7004 4.1)" },
  { name: 'discardedKeyFrames', offset: 924, doc: "Key frames discarded (RFC 7004 4.1)" },
  { name: 'duplicateKeyFrames', offset: 928, doc: "Key frames duplicated (RFC 7004 4.1)" },
  { name: 'lostDerivedFrames', offset: 932, doc: "Derived frames wholly lost (RFC 7004 4.1)" },
  { name: 'partlyLostDerivedFrames', offset: 936, doc: "Derived frames partly lost (RFC 7004 4.1)" },
  { name: 'discardedDerivedFrames', offset: 940, doc: "Derived frames discarded (RFC 7004 4.1)" },
  { name: 'duplicateDerivedFrames', offset: 944, doc: "Derived frames duplicated (RFC 7004 4.1)" },
  { name: 'ect0Packets', offset: 948, doc: "Packets marked ECT(0), packets (RFC 6679 5.1)" },
  { name: 'ect1Packets', offset: 952, doc: "Packets marked ECT(1), packets (RFC 6679 5.1)" },
  { name: 'cePackets', offset: 956, doc: "Packets marked CE, packets (RFC 6679 5.1)" },
  { name: 'notEctPackets', offset: 960, doc: "Packets not marked ECT, packets (RFC 6679 5.1)" },
  { name: 'ecnLostPackets', offset: 964, doc: "Packets lost, as counted with the ECN marks, packets (RFC 6679 5.1)" },
  { name: 'ecnDuplicatePackets', offset: 968, doc: "Duplicate packets, as counted with the ECN marks, packets (RFC 6679 5.1)" },
  { name: 'initialSyncDelayMs', offset: 972, doc: "Initial synchronization delay, ms (RFC 7244 3)" },
  { name: 'syncOffsetMs', offset: 976, doc: "Synchronization offset, positive when behind, ms (RFC 7244 4)" },
  { name: 'presentationDelayMs', offset: 980, doc: "From the receipt of a packet to its presentation, ms (RFC 7272 6)" },
  { name: 'multicastMethod', offset: 984, doc: "Multicast acquisition: 1 simple join, 2 rapid acquisition (RFC 6332 4)" },
  { name: 'multicastStatus', offset: 988, doc: "Status code of the multicast acquisition (RFC 6332 4)" },
  { name: 'intervalMs', offset: 992, doc: "Measurement interval of interval metrics, ms (RFC 6776 4)" },
  { name: 'cumulativeMs', offset: 996, doc: "Measurement time of cumulative metrics, ms (RFC 6776 4)" },
  { name: 'xnqDelayVariationCycleMax', offset: 1000, doc: "XNQ vmaxdiff, as sent: largest delay variation of one cycle (RFC 5093 3)" },
  { name: 'xnqDelayVariationRange', offset: 1004, doc: "XNQ vrange, as sent: largest delay variation so far (RFC 5093 3)" },
  { name: 'xnqDelayVariationSum', offset: 1008, doc: "XNQ vsum, as sent: sum of the peaks of the cycles (RFC 5093 3)" },
  { name: 'xnqCycles', offset: 1012, doc: "XNQ cycles (RFC 5093 3)" },
  { name: 'xnqBufferEvents', offset: 1016, doc: "XNQ adaptations of the jitter buffer (RFC 5093 3)" },
  { name: 'xnqDegradedNetwork', offset: 1020, doc: "XNQ time degraded by loss and late packets, as sent (RFC 5093 3)" },
  { name: 'xnqDegradedBuffer', offset: 1024, doc: "XNQ time degraded by buffer adaptation, as sent (RFC 5093 3)" },
  { name: 'xnqErroredS', offset: 1028, doc: "XNQ errored seconds, s (RFC 5093 3)" },
  { name: 'xnqSeverelyErroredS', offset: 1032, doc: "XNQ severely errored seconds, s (RFC 5093 3)" },
] as const;

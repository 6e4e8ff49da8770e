// What a probe at the tap should find of one stream, counted by definition and
// with what only the simulation knows: which packet is a copy, where the sender
// started again, which packet was the n-th. RFC 3550 A.3 and A.8 in doubles.
import { packetKind } from './media-model.js';

const recentTimestamps = 32;

/** Numbers in the row of a stream, see `StreamTruth`. */
export const truthRow = 8;
const FIRST_NS = 0;
const LAST_NS = 1;
const DELTA_MAX_NS = 2;
const JITTER = 3;
const JITTER_SUM = 4;
const JITTER_MAX = 5;
const ANCHOR_NS = 6;

export class StreamTruth {
  packets = 0;
  octets = 0;
  duplicates = 0;
  reordered = 0;
  reorderExtentMax = 0;
  restarts = 0;
  markers = 0;
  comfortNoisePackets = 0;
  telephoneEventPackets = 0;
  dtxResumptions = 0;
  timestampJumps = 0;
  jitterSamples = 0;
  readonly payloadTypes = new Set<number>();

  /** RFC 3550 A.1 view of the current segment, for receiver reports. */
  segmentPackets = 0;
  segmentFirst = 0;
  segmentHighest = 0;
  segmentBase = 0;

  private expectedBefore = 0;
  private segment = -1;
  private lowest = 0;
  private anchored = false;
  private anchorTimestamp = 0;
  private afterNoise = false;
  private lastPayloadType = -1;
  private readonly timestamps: number[] = [];
  private newestTimestamp = 0;

  /**
   * @param clockRate RTP clock, Hz
   * @param rows holds the fractional numbers of all streams, so that a packet finds its own side by side
   * @param at where the row of this stream begins, `truthRow` zeros
   */
  constructor(
    private readonly clockRate: number,
    private readonly rows = new Float64Array(truthRow),
    private readonly at = 0,
  ) {}

  /**
   * A packet passes the tap.
   * @param atNs time as written in the capture, ns since its start
   * @param index number of the packet in its segment: the sequence number without wraps
   * @param offset sent so many ticks after the instant of its timestamp (RFC 5450), to be taken out
   */
  arrive(
    atNs: number,
    isDuplicate: boolean,
    segment: number,
    index: number,
    sequence: number,
    timestamp: number,
    kind: number,
    marker: boolean,
    resumes: boolean,
    payloadType: number,
    octets: number,
    offset = 0,
  ): void {
    const { rows, at } = this;
    if (this.packets === 0) rows[at + FIRST_NS] = atNs;
    else rows[at + DELTA_MAX_NS] = Math.max(rows[at + DELTA_MAX_NS]!, atNs - rows[at + LAST_NS]!);
    rows[at + LAST_NS] = atNs;
    this.packets += 1;
    this.octets += octets;
    if (marker) this.markers += 1;
    if (kind === packetKind.comfortNoise) this.comfortNoisePackets += 1;
    else if (kind === packetKind.telephoneEvent) this.telephoneEventPackets += 1;
    if (payloadType !== this.lastPayloadType) {
      this.payloadTypes.add(payloadType);
      this.lastPayloadType = payloadType;
    }
    this.segmentPackets += 1;
    if (isDuplicate) {
      this.duplicates += 1;
      return;
    }
    this.place(segment, index, sequence);
    this.sample(atNs, timestamp, kind, resumes, offset);
  }

  /** Time of the first packet, ns since the start of the capture; meaningless without packets. */
  get firstNs(): number {
    return this.rows[this.at + FIRST_NS]!;
  }

  get lastNs(): number {
    return this.rows[this.at + LAST_NS]!;
  }

  /** RFC 3550 A.8 estimate, RTP clock ticks. */
  get jitter(): number {
    return this.rows[this.at + JITTER]!;
  }

  /** Highest minus lowest sequence number plus 1, over all segments. */
  get expected(): number {
    return this.expectedBefore + (this.segment < 0 ? 0 : this.segmentHighest - this.lowest + 1);
  }

  get lost(): number {
    return this.expected - (this.packets - this.duplicates);
  }

  /** Over the running estimate after each sample; null without samples. */
  get jitterMs(): { mean: number | null; max: number | null; last: number | null } {
    if (this.jitterSamples === 0) return { mean: null, max: null, last: null };
    const perTick = 1000 / this.clockRate;
    return {
      mean: (this.rows[this.at + JITTER_SUM]! / this.jitterSamples) * perTick,
      max: this.rows[this.at + JITTER_MAX]! * perTick,
      last: this.jitter * perTick,
    };
  }

  /** Between consecutive packets of any kind; null with fewer than two. */
  get deltaMs(): { mean: number | null; max: number | null } {
    if (this.packets < 2) return { mean: null, max: null };
    return {
      mean: (this.lastNs - this.firstNs) / (this.packets - 1) / 1e6,
      max: this.rows[this.at + DELTA_MAX_NS]! / 1e6,
    };
  }

  private place(segment: number, index: number, sequence: number): void {
    if (segment !== this.segment) {
      if (this.segment >= 0) {
        this.expectedBefore = this.expected;
        this.restarts += 1;
      }
      this.segment = segment;
      this.lowest = index;
      this.segmentHighest = index;
      this.segmentFirst = index;
      this.segmentBase = (sequence - index) & 0xffff;
      this.segmentPackets = 1;
      this.anchored = false;
    } else if (index < this.segmentHighest) {
      this.reordered += 1;
      this.reorderExtentMax = Math.max(this.reorderExtentMax, this.segmentHighest - index);
      if (index < this.lowest) this.lowest = index;
    } else {
      this.segmentHighest = index;
    }
  }

  private sample(
    atNs: number,
    timestamp: number,
    kind: number,
    resumes: boolean,
    transmissionOffset: number,
  ): void {
    const { rows, at } = this;
    if (kind === packetKind.telephoneEvent) return;
    if (kind === packetKind.comfortNoise) {
      this.afterNoise = true;
      return;
    }
    if (kind === packetKind.video && !this.isFirstOfTimestamp(timestamp)) return;
    if (this.afterNoise || resumes) {
      this.afterNoise = false;
      this.anchored = false;
      this.dtxResumptions += 1;
    }
    const sentAt = timestamp + transmissionOffset;
    const step =
      ((atNs - rows[at + ANCHOR_NS]!) * this.clockRate) / 1e9 - ((sentAt - this.anchorTimestamp) | 0);
    const isSample = this.anchored && Math.abs(step) <= this.clockRate;
    if (this.anchored && !isSample) this.timestampJumps += 1;
    this.anchored = true;
    rows[at + ANCHOR_NS] = atNs;
    this.anchorTimestamp = sentAt | 0;
    if (!isSample) return;
    const before = rows[at + JITTER]!;
    const jitter = before + (Math.abs(step) - before) / 16;
    this.jitterSamples += 1;
    rows[at + JITTER] = jitter;
    rows[at + JITTER_SUM] = rows[at + JITTER_SUM]! + jitter;
    if (jitter > rows[at + JITTER_MAX]!) rows[at + JITTER_MAX] = jitter;
  }

  /** Whether no other packet of that timestamp came before. */
  private isFirstOfTimestamp(timestamp: number): boolean {
    const { timestamps } = this;
    if (timestamps.length > 0 && timestamp === this.newestTimestamp) return false;
    if (timestamps.includes(timestamp)) return false;
    timestamps.push(timestamp);
    if (timestamps.length > recentTimestamps) timestamps.shift();
    this.newestTimestamp = timestamp;
    return true;
  }
}

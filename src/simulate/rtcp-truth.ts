// The truth about the RTCP of one stream: what of it passed the tap and was
// seen there, the true round-trip times it gives away, and which packets the
// losses between its first and last report were.
import type { FarEnd } from './far-end.js';
import type { LossPlaces, PacketFates } from './packet-fates.js';
import type { ReportBlock } from './rtcp-packets.js';
import { Spread } from './spread.js';

/** Where a receiver stood when it made a report. */
export interface Standing {
  /** How often the source had begun. */
  beginnings: number;
  /** Number (in the order of sending) of the packet with the highest sequence number. */
  ordinal: number;
  extendedHighest: number;
  cumulativeLost: number;
}

export interface ReportSpan {
  /** Extended highest sequence numbers of the first and the last report seen since the source last began. */
  fromSequence: number;
  toSequence: number;
  /** Growth of the cumulative number of packets lost from one to the other. */
  reportedLost: number;
  /** The packets behind the first and up to the last of these numbers that were lost, by place. */
  lost: LossPlaces;
}

export class RtcpTruth {
  /** RTCP datagrams of this SSRC in the capture. */
  packets = 0;
  senderReports = 0;
  /** Report blocks about this stream in the capture. */
  reports = 0;
  lastReport: ReportBlock | null = null;
  /** True times from the tap to an end and back, ms, one for every report in the capture that answers. */
  readonly towardsSource = new Spread();
  readonly towardsDestination = new Spread();

  private first: Standing | null = null;
  private last: Standing | null = null;

  /** A report block about the stream is in the capture. */
  see(block: ReportBlock, standing: Standing): void {
    this.reports += 1;
    this.lastReport = block;
    if (this.first?.beginnings !== standing.beginnings) this.first = standing;
    this.last = standing;
  }

  /** Null with fewer than two reports. */
  span(fates: PacketFates): ReportSpan | null {
    const { first, last } = this;
    if (first === null || last === null || first === last) return null;
    return {
      fromSequence: first.extendedHighest,
      toSequence: last.extendedHighest,
      reportedLost: last.cumulativeLost - first.cumulativeLost,
      lost: fates.losses(first.ordinal + 1, last.ordinal + 1),
    };
  }
}

/** Where the receiver stands that has just made `block`. */
export function standingOf(far: FarEnd, block: ReportBlock): Standing {
  return {
    beginnings: far.receiver.beginnings,
    ordinal: far.highestOrdinal,
    extendedHighest: block.extendedHighestSequence,
    cumulativeLost: block.cumulativeLost,
  };
}

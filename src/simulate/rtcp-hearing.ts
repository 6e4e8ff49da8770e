// What one end has heard from the other by RTCP, and what it can say of it: LSR
// and DLSR (RFC 3550 6.4.1), LRR and DLRR (RFC 3611 4.5), round-trip times.

import type { Passage } from './rtcp-link.js';
import type { ReportBlock } from './rtcp-packets.js';
import { middle32, ntpSpan, type WallClock } from './wall-clock.js';

/** What of a datagram matters to who receives it. */
export interface RtcpMessage {
  /** Sender reports: middle 32 bits of their NTP times. */
  senderReports: { ssrc: number; middle: number }[];
  blocks: ReportBlock[];
  /** A receiver reference time (RFC 3611 4.4), middle 32 bits. */
  reference: { ssrc: number; middle: number } | null;
  /** Answer to such a one. */
  answer: DelaySince | null;
}

/** A time received and how long ago that was (LSR and DLSR, LRR and DLRR), both 0 for none. */
export interface DelaySince {
  ssrc: number;
  middle: number;
  /** 1/65536 s. */
  delay: number;
}

/** Something heard, and how it came here. */
export interface Heard {
  ssrc: number;
  middle: number;
  passage: Passage;
}

export class RtcpHearing {
  /** The last sender report of each source. */
  readonly senderReports = new Map<number, Heard>();
  /** The last receiver reference time. */
  reference: Heard | null = null;
  /** Round-trip times worked out since they were last taken, ms. */
  roundTripsMs: number[] = [];
  lastRoundTripMs: number | null = null;

  /** @param isOwn whether an SSRC is one of this end */
  constructor(
    private readonly clock: WallClock,
    private readonly isOwn: (ssrc: number) => boolean,
  ) {}

  hear(message: RtcpMessage, passage: Passage): void {
    for (const report of message.senderReports) {
      this.senderReports.set(report.ssrc, { ...report, passage });
    }
    if (message.reference !== null) this.reference = { ...message.reference, passage };
    for (const block of message.blocks) {
      if (!this.isOwn(block.ssrc)) continue;
      this.work({ ssrc: block.ssrc, middle: block.lastSr, delay: block.delaySinceLastSr }, passage);
    }
    if (message.answer !== null && this.isOwn(message.answer.ssrc)) this.work(message.answer, passage);
  }

  /** How long ago something was heard, at the true time `nowNs`. */
  since(heard: Heard | null | undefined, nowNs: number): DelaySince {
    if (heard == null) return { ssrc: 0, middle: 0, delay: 0 };
    const { clock } = this;
    const delay = ntpSpan(clock.elapsedNs(nowNs) - clock.elapsedNs(heard.passage.arrivalNs));
    return { ssrc: heard.ssrc, middle: heard.middle, delay };
  }

  /** RFC 3550 6.4.1: A - LSR - DLSR, all in 1/65536 s. */
  private work({ middle, delay }: DelaySince, passage: Passage): void {
    if (middle === 0) return;
    const now = middle32(this.clock.ntp(passage.arrivalNs));
    const ms = (((now - middle - delay) | 0) * 1000) / 65_536;
    if (ms < 0) return;
    this.roundTripsMs.push(ms);
    this.lastRoundTripMs = ms;
  }
}

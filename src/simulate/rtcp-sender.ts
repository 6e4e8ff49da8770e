// What one stream's sender says of itself in sender reports.
import type { SenderInfo } from './rtcp-packets.js';
import type { SimulatedStream } from './stream.js';
import type { WallClock } from './wall-clock.js';

export class RtcpSender {
  private before = 0;
  private beforeThat = 0;

  constructor(
    private readonly stream: SimulatedStream,
    private readonly clock: WallClock,
  ) {}

  /**
   * For a report at `sendNs`, a time given to `noteAt`; null when nothing was
   * sent since the report before the last (RFC 3550 6.4).
   */
  info(sendNs: number): SenderInfo | null {
    const { stream, clock } = this;
    const { packets, octets } = stream.sentBy(sendNs);
    const isSender = packets > this.beforeThat;
    this.beforeThat = this.before;
    this.before = packets;
    if (!isSender) return null;
    return {
      ntp: clock.ntp(sendNs),
      rtpTimestamp: stream.model.timestampAt(sendNs),
      packets: packets >>> 0,
      octets: octets >>> 0,
    };
  }
}

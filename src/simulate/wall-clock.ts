// The wall clock of one end of a call: off by some seconds, and a little fast or
// slow. Times of the simulation are true.

const ntpFromUnixSeconds = 2_208_988_800n;
const secondNs = 1_000_000_000n;

/** NTP time (RFC 3550 4): seconds since 1900 and 1/2^32 s, 32 bits each. */
export interface NtpTime {
  seconds: number;
  fraction: number;
}

export class WallClock {
  /**
   * @param startNs what the clock shows at time 0, ns since the Unix epoch
   * @param skewPpm how much faster than true it runs, parts per million
   */
  constructor(
    private readonly startNs: bigint,
    readonly skewPpm: number,
  ) {}

  /** What the clock has counted since time 0 at the true time `atNs`, ns. */
  elapsedNs(atNs: number): number {
    return this.skewPpm === 0 ? atNs : atNs * (1 + this.skewPpm * 1e-6);
  }

  ntp(atNs: number): NtpTime {
    const now = this.startNs + BigInt(Math.round(this.elapsedNs(atNs)));
    return {
      seconds: Number(BigInt.asUintN(32, now / secondNs + ntpFromUnixSeconds)),
      fraction: Number(((now % secondNs) << 32n) / secondNs),
    };
  }
}

/** The middle 32 bits, as in LSR (RFC 3550 6.4.1). */
export function middle32(time: NtpTime): number {
  return ((time.seconds << 16) | (time.fraction >>> 16)) >>> 0;
}

/** A time span in 1/65536 s, 32 bits. */
export function ntpSpan(ns: number): number {
  return Math.round((ns * 65_536) / 1e9) >>> 0;
}

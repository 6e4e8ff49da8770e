// The receiver of one RTP source as RFC 3550 appendix A writes it: sequence
// numbers by A.1, losses by A.3, interarrival jitter by A.8. It knows nothing
// but what arrives.

const sequenceModulus = 65_536;
const maxDropout = 3000;
const maxMisorder = 100;
/** Packets in sequence before a source is valid. */
const minSequential = 2;
const mostLost = 0x7fffff;
const leastLost = -0x800000;

/** The figures of a report block that come from the media alone (RFC 3550 6.4.1). */
export interface ReceptionFigures {
  /** Lost since the last report, in 1/256, 0..255. */
  fractionLost: number;
  /** Expected less received since the beginning, signed 24 bits; copies count as received. */
  cumulativeLost: number;
  extendedHighestSequence: number;
  /** Interarrival jitter, whole RTP clock ticks. */
  jitter: number;
}

export class Receiver {
  /** Valid packets since the source began, copies included. */
  received = 0;
  /** First sequence number counted, and the highest without its cycles. */
  base = 0;
  highest = 0;
  /** Sequence number cycles, times 65536. */
  cycles = 0;
  /** Interarrival jitter in RTP clock ticks, not rounded. */
  jitter = 0;
  /** How often the numbers began anew: 1 once the source is valid, more after restarts. */
  beginnings = 0;

  private badSequence = -1;
  private probation = minSequential;
  private isFirst = true;
  private expectedPrior = 0;
  private receivedPrior = 0;
  private transit: number | null = null;

  /** @param clockRate RTP clock, Hz */
  constructor(private readonly clockRate: number) {}

  /** Whether the source is past its probation, thus worth a report block. */
  get isValid(): boolean {
    return this.probation === 0;
  }

  get extendedHighest(): number {
    return this.cycles + this.highest;
  }

  get expected(): number {
    return this.extendedHighest - this.base + 1;
  }

  /**
   * A packet arrives.
   * @param arrivalNs by the clock of the receiver
   * @returns whether it counts as received (RFC 3550 A.1 update_seq)
   */
  arrive(sequence: number, timestamp: number, arrivalNs: number): boolean {
    if (this.isFirst) {
      this.isFirst = false;
      this.highest = (sequence - 1) & 0xffff;
    }
    if (!this.update(sequence)) return false;
    this.measure(timestamp, arrivalNs);
    return true;
  }

  /** Of a packet that has just counted: its sequence number with the cycles, negative before the first cycle. */
  extend(sequence: number): number {
    return this.extendedHighest - ((this.highest - sequence) & 0xffff);
  }

  /** The figures for a report now; the next fraction lost counts from here (RFC 3550 A.3). */
  report(): ReceptionFigures {
    const { expected, received } = this;
    const expectedSince = expected - this.expectedPrior;
    const lostSince = expectedSince - (received - this.receivedPrior);
    this.expectedPrior = expected;
    this.receivedPrior = received;
    const isLossless = expectedSince === 0 || lostSince <= 0;
    return {
      fractionLost: isLossless ? 0 : Math.min(255, Math.floor((lostSince * 256) / expectedSince)),
      cumulativeLost: Math.max(leastLost, Math.min(mostLost, expected - received)),
      extendedHighestSequence: this.extendedHighest >>> 0,
      jitter: Math.floor(this.jitter),
    };
  }

  private update(sequence: number): boolean {
    const ahead = (sequence - this.highest) & 0xffff;
    if (this.probation > 0) {
      const isNext = ahead === 1;
      this.probation = isNext ? this.probation - 1 : minSequential - 1;
      this.highest = sequence;
      if (this.probation > 0) return false;
      this.begin(sequence);
    } else if (ahead < maxDropout) {
      if (sequence < this.highest) this.cycles += sequenceModulus;
      this.highest = sequence;
    } else if (ahead <= sequenceModulus - maxMisorder) {
      if (sequence !== this.badSequence) {
        this.badSequence = (sequence + 1) & 0xffff;
        return false;
      }
      // Two in sequence: the sender began anew.
      this.begin(sequence);
    }
    this.received += 1;
    return true;
  }

  /** RFC 3550 A.1 init_seq; a sender that begins anew has other timestamps too. */
  private begin(sequence: number): void {
    this.beginnings += 1;
    this.base = sequence;
    this.highest = sequence;
    this.badSequence = -1;
    this.cycles = 0;
    this.received = 0;
    this.receivedPrior = 0;
    this.expectedPrior = 0;
    this.transit = null;
  }

  /** RFC 3550 A.8, for every packet that counts, copies and late ones among them. */
  private measure(timestamp: number, arrivalNs: number): void {
    const arrival = (arrivalNs * this.clockRate) / 1e9;
    const transit = arrival - (timestamp >>> 0);
    if (this.transit !== null) {
      const step = signed32(transit - this.transit);
      this.jitter += (Math.abs(step) - this.jitter) / 16;
    }
    this.transit = transit;
  }
}

/** A difference of timestamps over the wrap at 2^32. */
function signed32(value: number): number {
  return value - 2 ** 32 * Math.round(value / 2 ** 32);
}

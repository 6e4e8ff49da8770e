// The receiver of the simulation against the vectors of RFC 3550: A.1 and A.3
// sequence numbers and losses, A.8 jitter, 6.4.1 round-trip times.
import { describe, expect, it } from 'vitest';
import { fate, PacketFates } from '../../../src/simulate/packet-fates.js';
import { Receiver } from '../../../src/simulate/receiver.js';
import { RtcpHearing } from '../../../src/simulate/rtcp-hearing.js';
import { WallClock } from '../../../src/simulate/wall-clock.js';
import { present, vectors } from '../../support/rtp-vectors.js';

describe.skipIf(!present)('the receiver of the simulation', () => {
  it('takes sequence numbers as A.1 does and counts as A.3 does', () => {
    const found = Object.entries(vectors.sequence).map(([name, { seqs }]) => {
      const receiver = new Receiver(8000);
      const valid = seqs.map((sequence) => Number(receiver.arrive(sequence, 0, 0)));
      const { base, highest: max, cycles, received, expected } = receiver;
      const lost = receiver.report().cumulativeLost;
      return [name, { valid, base, max, cycles, received, expected, lost }];
    });
    expect(found.length).toBe(10);
    expect(found).toEqual(Object.entries(vectors.sequence).map(([name, { result }]) => [name, result]));
  });

  it('estimates jitter as A.8 does, of everything that comes', () => {
    for (const { name, clock, packets, result } of vectors.jitter) {
      // Those are rules of ours and not of the receiver.
      if (!/naive|perfect|alternating|spike/.test(name)) continue;
      const receiver = new Receiver(clock);
      // Two packets at the time of the first put the source past its probation.
      const [firstSeconds, firstTimestamp] = packets[0]!;
      receiver.arrive(0, firstTimestamp, firstSeconds * 1e9);
      packets.forEach(([seconds, timestamp], i) => {
        receiver.arrive(i + 1, timestamp, seconds * 1e9);
      });
      expect(receiver.jitter, name).toBeCloseTo(result.float, 5);
      expect(receiver.report().jitter, name).toBe(result.int_rr);
    }
  });

  it('works a round-trip time out of LSR and DLSR as 6.4.1 does', () => {
    for (const { A, LSR, DLSR, rtt_s } of vectors.rtt) {
      // A clock whose NTP time has A in its middle at the time of arrival.
      const now = Number(A);
      const seconds = 0xe000_0000 + (now >>> 16) - 2_208_988_800;
      const fractionNs = Math.round(((now & 0xffff) / 65_536) * 1e9);
      const clock = new WallClock(BigInt(seconds) * 1_000_000_000n + BigInt(fractionNs), 0);
      const hearing = new RtcpHearing(clock, (ssrc) => ssrc === 7);
      const block = {
        ...{ ssrc: 7, fractionLost: 0, cumulativeLost: 0, extendedHighestSequence: 0, jitter: 0 },
        ...{ lastSr: Number(LSR), delaySinceLastSr: Number(DLSR) },
      };
      hearing.hear(
        { senderReports: [], blocks: [block], reference: null, answer: null },
        { sendNs: 0, tapNs: 0, arrivalNs: 0, isCaptured: true },
      );
      expect(hearing.lastRoundTripMs).toBe(rtt_s * 1000);
    }
  });
});

describe('the fraction lost', () => {
  it('is that since the last report, in 1/256, and 0 when copies outnumber losses', () => {
    const receiver = new Receiver(8000);
    const take = (...sequences: number[]) => {
      for (const sequence of sequences) receiver.arrive(sequence, 0, 0);
      const { fractionLost, cumulativeLost, extendedHighestSequence } = receiver.report();
      return [fractionLost, cumulativeLost, extendedHighestSequence];
    };
    // The first packet is on probation: 3 of 4 came of 65533 to 65536.
    expect(take(65_532, 65_533, 65_534, 0)).toEqual([64, 1, 65_536]);
    // The lost one after all, and a copy: nothing lost of 1, 2 too many.
    expect(take(65_535, 1, 1)).toEqual([0, -1, 65_537]);
    // Nothing since.
    expect(take()).toEqual([0, -1, 65_537]);
    expect(take(11)).toEqual([230, 8, 65_547]);
  });
});

describe.skipIf(!present)('losses by place', () => {
  it('are those of the vectors of loss attribution', () => {
    const known = vectors.loss_attribution.filter(({ name }) => /all|split/.test(name));
    expect(known.length).toBe(3);
    for (const { name, H1, H2, upstream, downstream, unique_seen_at_O } of known) {
      const fates = new PacketFates();
      const sent = H2 - H1;
      for (let i = 0; i < sent; i += 1) {
        // Upstream losses first, then downstream ones.
        if (i >= upstream) fates.mark(i, fate.passed | fate.captured);
        if (i >= upstream + downstream) fates.mark(i, fate.arrived);
      }
      expect(fates.losses(0, sent), name).toEqual({ upstream, capture: 0, downstream });
      expect(sent - upstream, name).toBe(unique_seen_at_O);
    }
  });
});

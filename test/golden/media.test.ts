// What needs the payload or the sender's clock: redundant audio, transmission
// offsets, levels and clock skew, against the truth of simulated captures.
import { describe, expect, it } from 'vitest';
import { calculateMos } from '../../src/quality/calculator.js';
import { defaultRatingSettings } from '../../src/quality/mos-values.js';
import type { SimulateRequest } from '../../src/simulate/index.js';
import { head, measured, type Pair } from './simulation.js';

describe('redundant audio (RFC 2198): lost, repaired and left, exactly', () => {
  const calls: Record<string, SimulateRequest> = {
    'one copy of each packet': { redGenerations: 1, lossRatio: 0.05, seed: 82 },
    'two, losses in bursts': { redGenerations: 2, gilbert: { p: 0.03, q: 0.3 }, seed: 72 },
    'three, with copies and overtaken packets': {
      ...{
        redGenerations: 3,
        gilbert: { p: 0.03, q: 0.3 },
        duplicateRatio: 0.03,
        reorderRatio: 0.03,
        seed: 73,
      },
    },
    'numbers that wrap': { redGenerations: 2, lossRatio: 0.08, meanLossRun: 2, wrap: true, seed: 74 },
  };
  const wanted = (pair: Pair) => {
    const { lost, recovered, residual } = pair.facts.red!;
    return { stream: head(pair), lost, repaired: recovered, left: residual };
  };
  const got = (pair: Pair) => {
    const { repaired, lost } = pair.found.lossAfterRepair!;
    return { stream: head(pair), lost: pair.found.lost, repaired, left: lost };
  };

  for (const [name, request] of Object.entries(calls)) {
    it(name, async () => {
      const { pairs } = await measured({
        ...{ calls: 4, codecs: ['PCMU', 'opus', 'G729', 'AMR-WB'], durationMs: 20_000, ...request },
      });
      expect(pairs.map(got)).toEqual(pairs.map(wanted));
      expect(pairs.reduce((sum, { facts }) => sum + facts.red!.recovered, 0)).toBeGreaterThan(100);
    });
  }

  it('is rated as the codec inside at the loss that is left, like that codec without redundancy', async () => {
    const settings = defaultRatingSettings();
    const { pairs } = await measured({
      ...{ calls: 3, codecs: ['PCMA'], redGenerations: 2, gilbert: { p: 0.03, q: 0.2 } },
      ...{ durationMs: 20_000, seed: 83 },
    });
    const plain = pairs.map(({ facts, found }) => {
      const { burstRatio, delayMs } = found.mos.assumptions as { burstRatio: number; delayMs: number };
      const lossPercent = (100 * facts.red!.residual) / facts.expected;
      const codec = settings.codecs.find('PCMA')!;
      return calculateMos({ codec, lossPercent, burstRatio, delayMs, bitrateKbps: null }, settings).cq;
    });
    pairs.forEach(({ facts, found }, i) => {
      expect(found).toMatchObject({
        ...{ codec: 'red', redPrimary: { payloadType: 8, codec: 'PCMA', bitrateKbps: 64 } },
        mos: { cq: expect.closeTo(plain[i]!, 3), assumptions: { codec: 'PCMA', discardRatio: 0 } },
      });
      // All of the loss would be heard as another MOS.
      expect(facts.red!.recovered).toBeGreaterThan(20);
      expect(found.bitrateKbps!).toBeGreaterThan(190);
    });
    expect(pairs.length).toBe(6);
  });

  it('but for a loss before two neighbouring packets have shown the step of the timestamps', async () => {
    const { pairs } = await measured({
      ...{ calls: 4, codecs: ['PCMU', 'opus', 'G729', 'AMR-WB'], redGenerations: 1, lossRatio: 0.05 },
      ...{ durationMs: 20_000, seed: 71 },
    });
    const short = pairs.filter(
      ({ facts, found }) => found.lossAfterRepair!.repaired !== facts.red!.recovered,
    );
    // The second packet of this one is lost.
    expect(
      short.map(({ facts, found }) => [facts.ssrc, facts.red!.recovered, found.lossAfterRepair!.repaired]),
    ).toEqual([['0xa10ec129', 42, 41]]);
  });

  it('with silence suppression never more than the truth', async () => {
    const { pairs } = await measured({
      ...{
        calls: 6,
        codecs: ['PCMU', 'opus', 'AMR'],
        dtx: true,
        redGenerations: 2,
        gilbert: { p: 0.02, q: 0.3 },
      },
      ...{ durationMs: 30_000, seed: 75 },
    });
    let repaired = 0;
    let recovered = 0;
    for (const { facts, found } of pairs) {
      expect(found.lossAfterRepair!.repaired).toBeLessThanOrEqual(facts.red!.recovered);
      repaired += found.lossAfterRepair!.repaired;
      recovered += facts.red!.recovered;
    }
    // Descriptors of silence stand alone, each after a pause: what they repeat is not placed.
    expect(repaired / recovered).toBeGreaterThan(0.8);
  });
});

describe('transmission offsets (RFC 5450)', () => {
  it('are taken out of the second jitter and stay in the first', async () => {
    const { pairs } = await measured(
      { calls: 3, transmissionOffsetId: 3, video: true, jitterMs: 2, durationMs: 20_000, seed: 76 },
      { transmissionOffsetExtension: 3 },
    );
    for (const pair of pairs) {
      const { facts, found } = pair;
      expect(
        Math.abs(found.jitterTransmissionMs! - facts.transmissionOffset!.jitterMs.last!),
        head(pair),
      ).toBeLessThanOrEqual(2e-6);
      expect(Math.abs(found.jitterMs.last! - facts.jitterMs.last!)).toBeLessThanOrEqual(1e-5);
    }
    const audio = pairs.filter(({ found }) => found.media === 'audio');
    expect(audio.every(({ found }) => found.jitterTransmissionMs! < found.jitterMs.last! - 0.3)).toBe(true);
  });

  it('are not looked for unless configured', async () => {
    const { pairs } = await measured({ calls: 1, transmissionOffsetId: 3, durationMs: 3000, seed: 77 });
    expect(pairs.map(({ found }) => found.jitterTransmissionMs)).toEqual([null, null]);
  });
});

describe('levels of G.711', () => {
  for (const [name, request] of Object.entries({
    'all of it': {},
    'with silence suppression': { dtx: true },
    'with losses and copies': { lossRatio: 0.05, duplicateRatio: 0.05 },
    'in tunnels, second copies left out': { encap: ['vxlan'], spanCopies: 'routed' },
  } as Record<string, SimulateRequest>)) {
    it(`${name}: within 0.2 dB, noise within 1 dB in most streams`, async () => {
      const { pairs } = await measured(
        { calls: 5, audio: true, codecs: ['PCMU', 'PCMA'], durationMs: 40_000, seed: 78, ...request },
        { speechLevel: true },
      );
      const loud: number[] = [];
      const off = pairs.flatMap((pair) => {
        const { signalLevelDbm0, noiseLevelDbm0, silenceShare, clippedShare } = pair.facts.audio!;
        const speech = pair.found.speech!;
        const differences = {
          signal: speech.signalLevelDbm0! - signalLevelDbm0!,
          noise: speech.noiseLevelDbm0! - noiseLevelDbm0!,
          silence: speech.silenceShare! - silenceShare!,
          clipping: speech.clippingShare! - clippedShare!,
        };
        // A frame half of speech counts as speech; one with a trace of it as noise.
        const limits = { signal: 0.2, noise: 1, silence: 0.015, clipping: 5e-5 };
        if (differences.noise > limits.noise) loud.push(differences.noise);
        return Object.entries(differences)
          .filter(([figure, by]) => !(Math.abs(by) <= limits[figure as keyof typeof limits]))
          .filter(([figure, by]) => figure !== 'noise' || by < 0 || by > 4.5)
          .map(([figure, by]) => `${head(pair)}: ${figure} off by ${by}`);
      });
      expect(off).toEqual([]);
      // One trace of speech outweighs many frames of a very quiet line: never too quiet, in one stream too loud.
      expect(loud.length).toBeLessThanOrEqual(1);
      expect(pairs.length).toBe(10);
    });
  }
});

describe('clock skew of streams longer than 60 s, positive for a slow clock', () => {
  for (const [ppm, jitterMs, limitPpm] of [
    [0, 3, 0.5],
    [50, 3, 0.5],
    [-120, 3, 0.5],
    [400, 1, 0.5],
    [-80, 20, 2],
  ] as const) {
    it(`${-ppm} ppm under ${jitterMs} ms of jitter within ${limitPpm} ppm`, async () => {
      const { pairs } = await measured({
        ...{ calls: 3, codecs: ['PCMA', 'opus', 'G722'], skewPpm: ppm, jitterMs, lossRatio: 0.01 },
        ...{ durationMs: 120_000, seed: 79 },
      });
      const off = pairs.map(({ found }) => Math.abs(found.skewPpm! + ppm));
      expect(off.filter((by) => by > limitPpm)).toEqual([]);
      expect(off.length).toBe(6);
    });
  }

  it('is unknown before 20 s', async () => {
    const { pairs } = await measured({ calls: 1, skewPpm: 100, durationMs: 18_000, seed: 80 });
    expect(pairs.map(({ found }) => found.skewPpm)).toEqual([null, null]);
  });

  it.each([
    [60, 0.05],
    [-60, 0.05],
    [-5, 0.05],
    [0, 0.05],
  ])(
    'of clocks that drift by %d ppm an hour: the drift within %d of it and 0.3 ppm an hour',
    async (drift, share) => {
      const { pairs } = await measured({
        ...{ calls: 2, codecs: ['PCMA', 'G722'], ptimeMs: 60, jitterMs: 3, lossRatio: 0.01 },
        ...{ skewPpm: 20, skewDriftPpmPerHour: drift, durationMs: 2_700_000, seed: 82 },
      });
      for (const { facts, found } of pairs) {
        const { firstPpm, lastPpm, minPpm, maxPpm, ppmPerHour } = found.skewDrift!;
        expect(facts.clock.samplingSkewDriftPpmPerHour).toBe(drift);
        expect(Math.abs(ppmPerHour! + drift)).toBeLessThanOrEqual(0.3 + share * Math.abs(drift));
        // That of the clock at some moment within the first five and within the last ten minutes.
        const off = (ppm: number, minute: number) => Math.abs(ppm + 20 + (drift * minute) / 60);
        expect(off(firstPpm, 2.5)).toBeLessThanOrEqual(0.5 + (Math.abs(drift) * 2.5) / 60);
        expect(off(lastPpm, 40)).toBeLessThanOrEqual(0.5 + (Math.abs(drift) * 5) / 60);
        expect(minPpm).toBeGreaterThanOrEqual(Math.min(firstPpm, lastPpm) - 0.5);
        expect(maxPpm).toBeLessThanOrEqual(Math.max(firstPpm, lastPpm) + 0.5);
      }
      expect(pairs.length).toBe(4);
    },
  );

  it('of streams of less than five minutes tells no drift', async () => {
    const { pairs } = await measured({ calls: 1, skewPpm: 20, durationMs: 240_000, ptimeMs: 60, seed: 83 });
    expect(pairs.map(({ found }) => found.skewDrift)).toEqual([null, null]);
  });

  it('is taken out of the delay variation', async () => {
    const call = { calls: 1, jitterMs: 3, durationMs: 120_000, seed: 81 };
    const [still, drifting] = [await measured(call), await measured({ ...call, skewPpm: 300 })];
    still.pairs.forEach(({ found }, i) => {
      const other = drifting.pairs[i]!.found;
      // In the first 20 s the skew is not known yet.
      expect(Math.abs(found.delayVariationMs.pdvMean! - other.delayVariationMs.pdvMean!)).toBeLessThanOrEqual(
        0.3,
      );
    });
  });
});

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, describe, expect, it } from 'vitest';
import { registerSimulate, requestOf, summary } from '../../../src/cli/simulate.js';
import type { ErrorCode } from '../../../src/ops/errors.js';
import { allXrTypes, resolveOptions, simulate } from '../../../src/simulate/index.js';

const folder = mkdtempSync(join(tmpdir(), 'rtpsonde-simulate-'));
afterAll(() => rmSync(folder, { recursive: true }));

const failing = (code: ErrorCode, message: string) => expect.objectContaining({ code, message });

function refusal(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return 'accepted';
}

describe('the simulate command', () => {
  it('writes the capture and its truth and says so in one line', async () => {
    const out = join(folder, 'calls.pcap');
    const lines: string[] = [];
    const write = process.stdout.write;
    process.stdout.write = (text) => lines.push(String(text)) > 0;
    try {
      const program = new Command();
      registerSimulate(program);
      await program.parseAsync(['simulate', out, '--calls', '3', '--duration', '1s'], { from: 'user' });
    } finally {
      process.stdout.write = write;
    }
    expect([existsSync(out), existsSync(`${out}.truth.json`)]).toEqual([true, true]);
    expect(lines.join('')).toMatch(
      /calls\.pcap: 300 packets, 69,024 bytes, 6 streams in .* s; truth in .*\.truth\.json\n$/,
    );
  });

  it('reads all its options', () => {
    expect(
      requestOf({
        profile: 'mixed',
        calls: '4',
        streams: '2',
        duration: '1.5m',
        ramp: '500ms',
        packets: '1000',
        start: '2026-02-03T04:05:06Z',
        seed: '7',
        micro: true,
        codec: 'PCMA, opus',
        ptime: '30',
        loss: '1.5%',
        burstLoss: '3.5',
        gilbert: '0.01,0.3',
        duplicates: '0.1',
        reorder: '0.5%',
        reorderMax: '9',
        jitter: '3ms,gaussian',
        jitterReorders: true,
        delayStep: '40ms@10s,-20ms@12.5',
        skew: '-50ppm',
        skewDrift: '12ppm',
        dtx: true,
        dtmf: true,
        rtcp: '2.5s',
        rtcpMux: true,
        legDelay: '5ms,100ms',
        upstreamDelay: '3ms',
        downstreamDelay: '40ms,50ms',
        downstreamLoss: '2%,0%',
        downstreamBurstLoss: '4,1',
        downstreamJitter: '2ms',
        downstreamDuplicates: '0.1%',
        captureLoss: '1%',
        spanDrops: '20ms@5s',
        wallSkew: '30ppm,-40ppm',
        rtcpImpaired: true,
        rtcpReduced: true,
        rtcpPadding: '8',
        rtcpExtras: true,
        xr: '4, 5,7',
        feedback: 'nack,twcc',
        srtp: true,
        bundle: true,
        vlan: '10,20',
        ipv6: '25%',
        sequenceStart: '65000',
        wrap: true,
        restart: true,
        video: true,
        noise: '100',
        fragments: '3',
        duplicatesBy: 'network',
        ipId: 'host',
        encap: 'vxlan:id=5+v6/gre, none',
        encapTurn: 'packet',
        overlap: true,
        spanCopies: 'tunnelled:gtpu',
        spanCopyDelay: '50us..2ms',
        red: '2',
        transmissionOffset: '4',
        audio: true,
      }),
    ).toEqual({
      profile: 'mixed',
      calls: 4,
      streams: 2,
      durationMs: 90_000,
      rampMs: 500,
      packets: 1000,
      start: '2026-02-03T04:05:06Z',
      seed: 7,
      micro: true,
      codecs: ['PCMA', 'opus'],
      ptimeMs: 30,
      lossRatio: 0.015,
      meanLossRun: 3.5,
      gilbert: { p: 0.01, q: 0.3 },
      duplicateRatio: 0.001,
      reorderRatio: 0.005,
      reorderMax: 9,
      jitterMs: 3,
      jitterShape: 'gaussian',
      jitterReorders: true,
      delaySteps: [
        { atMs: 10_000, deltaMs: 40 },
        { atMs: 12_500, deltaMs: -20 },
      ],
      skewPpm: -50,
      skewDriftPpmPerHour: 12,
      dtx: true,
      dtmf: true,
      rtcpIntervalMs: 2500,
      rtcpMux: true,
      legDelayMs: [5, 100],
      upstreamDelayMs: 3,
      downstreamDelayMs: 40,
      downstreamLossRatio: 0.02,
      downstreamMeanLossRun: 4,
      downstreamJitterMs: 2,
      downstreamDuplicateRatio: 0.001,
      wallSkewPpm: 30,
      reverse: {
        downstreamDelayMs: 50,
        downstreamLossRatio: 0,
        downstreamMeanLossRun: 1,
        wallSkewPpm: -40,
      },
      captureLossRatio: 0.01,
      spanDrops: { lengthMs: 20, everyMs: 5000 },
      rtcpImpaired: true,
      rtcpReduced: true,
      rtcpPadding: 8,
      rtcpExtras: true,
      xr: [4, 5, 7],
      feedback: ['nack', 'twcc'],
      srtp: true,
      bundle: true,
      vlan: [10, 20],
      ipv6Share: 0.25,
      sequenceStart: 65_000,
      wrap: true,
      restart: true,
      video: true,
      noisePerSecond: 100,
      fragmentedDatagrams: 3,
      duplicatesBy: 'network',
      ipId: 'host',
      encap: ['vxlan:id=5+v6/gre', 'none'],
      encapTurn: 'packet',
      overlap: true,
      spanCopies: 'tunnelled:gtpu',
      spanCopyDelayMs: [0.05, 2],
      redGenerations: 2,
      transmissionOffsetId: 4,
      audio: true,
    });
  });

  it('takes the values that options have without an argument', () => {
    expect(requestOf({ rtcp: true, ipv6: true, noise: true, fragments: true })).toEqual({
      rtcpIntervalMs: 5000,
      ipv6Share: 1,
      noisePerSecond: 20,
      fragmentedDatagrams: 4,
    });
  });

  it('takes one value of a leg for both directions, and all for everything that there is', () => {
    expect(requestOf({ upstreamLoss: '3%', xr: 'all', feedback: 'all' })).toEqual({
      lossRatio: 0.03,
      xr: [...allXrTypes],
      feedback: ['nack', 'pli', 'fir', 'remb', 'twcc'],
    });
    expect(requestOf({ upstreamLoss: '3%,1%' })).toEqual({ lossRatio: 0.03, reverse: { lossRatio: 0.01 } });
  });

  it('lets an explicit option go before those of one direction in a profile', () => {
    const groups = resolveOptions({ profile: 'two-legs', downstreamLossRatio: 0.2 }).groups!;
    const leg = groups.find(({ name }) => name === 'calling-leg')!;
    expect(leg.reverse).toEqual({ lossRatio: 0, jitterMs: 0, downstreamJitterMs: 8 });
  });

  it('says in one line what is wrong with an option', () => {
    const usage = (message: string) => failing('ERR_USAGE', message);
    const cases: [() => unknown, string][] = [
      [() => requestOf({ loss: '101%' }), '--loss 101%: a percentage from 0 to 100 is wanted'],
      [() => requestOf({ calls: 'many' }), '--calls many: a whole number of at least 0 is wanted'],
      [
        () => requestOf({ duration: '3 weeks' }),
        '--duration 3 weeks: a time is wanted, for example 20ms, 1.5s or 2m',
      ],
      [
        () => requestOf({ delayStep: '40ms' }),
        '--delay-step 40ms: a change and its time are wanted, for example 40ms@10s',
      ],
      [
        () => requestOf({ legDelay: '10ms' }),
        '--leg-delay 10ms: two values with a comma between them are wanted',
      ],
      [
        () => requestOf({ upstreamDelay: '1ms,2ms,3ms' }),
        '--upstream-delay 1ms,2ms,3ms: one value is wanted, or two with a comma',
      ],
      [
        () => requestOf({ spanDrops: '20ms' }),
        '--span-drops 20ms: a length and a time between are wanted, for example 20ms@5s',
      ],
      [() => requestOf({ feedback: 'nak' }), '--feedback nak: known are nack, pli, fir, remb, twcc and all'],
      [
        () => resolveOptions({ xr: [9], rtcpIntervalMs: 2000 }),
        'extended report block 9 cannot be simulated',
      ],
      [
        () => resolveOptions({ downstreamLossRatio: 0.1 }),
        'extended reports, feedback and what happens behind the tap want RTCP (--rtcp)',
      ],
      [() => resolveOptions({ rtcpPadding: 6 }), 'RTCP padding is 0 to 252 octets in steps of 4'],
      [() => resolveOptions({ captureLossRatio: 0.95 }), 'capture loss must be 0 to 90 %'],
      [() => resolveOptions({ reverse: { downstreamDelayMs: -1 } }), 'a leg delay must be 0 to 10 s'],
      [
        () => requestOf({ spanCopyDelay: '2ms..1ms' }),
        '--span-copy-delay 2ms..1ms: two times are wanted, for example 0.05ms..2ms',
      ],
      [() => resolveOptions({ calls: 0 }), 'nothing to simulate: neither calls nor streams are asked for'],
      [() => resolveOptions({ vlan: [5000] }), 'one or two VLAN ids from 1 to 4094 are wanted'],
      [() => resolveOptions({ reorderMax: 21 }), 'a reordered packet may fall 1 to 20 packets behind'],
      [
        () => resolveOptions({ start: 'today' }),
        'start today: a time as 2026-01-01T00:00:00Z is wanted, from 1970 to 2105',
      ],
    ];
    for (const [action, message] of cases) expect(refusal(action)).toEqual(usage(message));
    expect(refusal(() => resolveOptions({ codecs: ['MP3'] }))).toMatchObject({
      code: 'ERR_USAGE',
      message: expect.stringMatching(/^codec MP3 is not known; known are PCMU, PCMA, /),
    });
  });

  it('says in one line that the file cannot be made or the disk is full', () => {
    const missing = join(folder, 'no', 'such.pcap');
    expect(refusal(() => simulate({ calls: 1 }, missing))).toEqual(
      failing('ERR_OUTPUT', `${missing}: no such file or directory`),
    );
    expect(refusal(() => simulate({ calls: 1, durationMs: 100 }, '/dev/full'))).toEqual(
      failing('ERR_OUTPUT_FULL', '/dev/full: no space left on device'),
    );
  });

  it('sums up in one line', () => {
    const totals = { packets: 1_234_567, fileBytes: 89_000_000, streams: 1000 };
    const truth = { totals } as Parameters<typeof summary>[0];
    expect(summary(truth, 'x.pcap', 1.26)).toBe(
      'x.pcap: 1,234,567 packets, 89,000,000 bytes, 1,000 streams in 1.3 s; truth in x.pcap.truth.json',
    );
  });
});

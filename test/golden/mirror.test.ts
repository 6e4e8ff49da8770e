// What mirror ports do to packets: tunnels, second copies and drops, against the
// truth of simulated captures.
import { describe, expect, it } from 'vitest';
import { presets, type SimulateRequest } from '../../src/simulate/index.js';
import { analyzeCapture } from './analyze-capture.js';
import { head, make, measured, type Pair } from './simulation.js';
import { streamsOf } from './streams.js';
import { captureNames, capturePath } from './support.js';
import { hasTool, tsharkStreams } from './tshark.js';

/** The kinds of the simulation that have another name in summaries, or none as they are no tunnels. */
const kinds: Readonly<Record<string, string | null>> = {
  ...{ vlan: null, qinq: null, ipip: 'ip-in-ip', gtpu: 'gtp-u', hep3: 'hep' },
  ...{ erspan1: 'erspan', erspan2: 'erspan', erspan3: 'erspan' },
};
const kindOf = (kind: string) => (kind in kinds ? kinds[kind]! : kind);

/**
 * Where identifications cannot tell, the first repetition of a stream within its first 16 numbers and 2 ms counts as a
 * copy of the mirror port. So one duplicate may be a copy: then it is put back here, so that all else has to be equal.
 */
function putBack(pair: Pair): Pair['found'] {
  const { facts, found } = pair;
  const { packets, octets, duplicates, spanCopies } = found;
  if (facts.duplicates - duplicates !== 1) return found;
  const one = octets / packets;
  return {
    ...found,
    ...{ packets: packets + 1, octets: octets + one, duplicates: duplicates + 1 },
    spanCopies: { ...spanCopies, count: spanCopies.count - 1 },
  };
}

const countsOf = ({ packets, octets, expected, lost, duplicates }: Pair['facts'] | Pair['found']) => ({
  ...{ packets, octets, expected, lost, duplicates },
});

/** The tunnels as summaries tell them: VLAN tags are none. */
function wantedTunnel({ facts }: Pair) {
  const layers = (facts.tunnel?.layers ?? [])
    .map(({ kind, id }) => ({ kind: kindOf(kind), id: id ?? 0 }))
    .filter(({ kind }) => kind !== null);
  const innermost = layers.at(-1);
  if (innermost === undefined) return null;
  return { ...innermost, depth: layers.length, outer: layers.slice(0, -1) };
}

function foundTunnel({ found: { tunnel } }: Pair) {
  if (tunnel === null) return null;
  const { innerVlan: _, ...rest } = tunnel;
  return rest;
}

const encapsulations = [
  ...presets.mirror.groups!.filter(({ name }) => name !== 'overlap').flatMap(({ encap }) => encap ?? []),
  ...[
    'vlan/mpls:2',
    'pbb/vlan',
    'gre/4in4',
    'erspan3/qinq',
    'vxlan/geneve/nvgre/gtpu',
    'mpls:1/erspan2/vxlan/gtpu',
  ],
  ...['vxlan:v6', 'geneve:v6', 'gtpu:v6', 'gre:v6', '6in6', '4in6'],
];

describe('packets in tunnels are measured as without them:', () => {
  for (const item of [...new Set(encapsulations)]) {
    it(item, async () => {
      const inner = /6in/.test(item) ? 1 : /in6|4in4/.test(item) ? 0 : 0.5;
      const { pairs, streams, truth, windows } = await measured({
        ...{ calls: 2, encap: [item], ipv6Share: inner, lossRatio: 0.02, duplicateRatio: 0.02, jitterMs: 1 },
        ...{ rtcpIntervalMs: 1000, durationMs: 4000, seed: 61 },
      });
      expect(pairs.map((pair) => ({ ...countsOf(pair.found), tunnel: foundTunnel(pair) }))).toEqual(
        pairs.map((pair) => ({ ...countsOf(pair.facts), tunnel: wantedTunnel(pair) })),
      );
      expect(pairs.map(({ found }) => found.vlan)).toEqual(pairs.map(({ facts }) => facts.vlan));
      expect(streams.length).toBe(truth.streams.length);
      // Every packet of the capture is used, RTCP too.
      const used = windows.reduce((sum, { used }) => sum + used.rtp! + used.rtcp!, 0);
      expect(used).toBe(truth.totals.packets);
    });
  }

  it('the profile of mirror ports as a whole', async () => {
    // Without the calls that overlap in GTP-U, which is no overlay: see below.
    const groups = presets.mirror.groups!.filter(({ name }) => name !== 'overlap');
    const { pairs, streams, truth } = await measured({ ...presets.mirror, groups, seed: 3 });
    const figures = (pair: Pair, part: 'facts' | 'found', copies: number) => ({
      ...{ stream: head(pair), ...countsOf(pair[part]), copies },
    });
    const told = pairs.map((pair) =>
      pair.facts.group === 'duplicates' ? { ...pair, found: putBack(pair) } : pair,
    );
    expect(told.map((pair) => figures(pair, 'found', pair.found.spanCopies.count))).toEqual(
      pairs.map((pair) => figures(pair, 'facts', pair.facts.spanCopies?.packets ?? 0)),
    );
    expect(streams.length).toBe(truth.streams.length);
  });
});

describe('calls with the same addresses, ports and SSRCs', () => {
  const overlap = (item: string): SimulateRequest => ({
    ...{ calls: 6, encap: [item], overlap: true, lossRatio: 0.02, durationMs: 5000, seed: 62 },
  });

  for (const item of ['vxlan', 'geneve', 'nvgre', 'gre:key', 'pbb', 'erspan2/geneve']) {
    it(`in ${item} of different ids are streams of their own`, async () => {
      const { file, truth } = make(overlap(item));
      const found = streamsOf(await analyzeCapture(file));
      const row = (stream: Parameters<typeof countsOf>[0]) => JSON.stringify(countsOf(stream));
      expect(found.map(row).toSorted()).toEqual(truth.streams.map(row).toSorted());
    });
  }

  it('in GTP-U alone are mixed up: a tunnel of one direction or node is no network', async () => {
    const { file, truth } = make(overlap('gtpu'));
    expect(streamsOf(await analyzeCapture(file)).length).toBe(truth.streams.length / 2);
  });
});

describe('second copies of the mirror port and duplicates of the network, at the same time:', () => {
  const both = (spanCopies: string, more: SimulateRequest): SimulateRequest => ({
    ...{ calls: 4, spanCopies, duplicateRatio: 0.03, lossRatio: 0.02, jitterMs: 1, rtcpIntervalMs: 2000 },
    ...{ durationMs: 8000, seed: 12, ...more },
  });
  const row = (pair: Pair, part: 'facts' | 'found', copies: number) => ({
    ...{ stream: head(pair), ...countsOf(pair[part]), copies },
  });

  for (const kind of ['bridged', 'vlan', 'routed', 'tunnelled', 'tunnelled:gtpu', 'tunnelled:mpls']) {
    for (const [by, more] of [
      ['sender', { duplicatesBy: 'sender' }],
      ['sender, one counter of identifications for each host', { duplicatesBy: 'sender', ipId: 'host' }],
      ['network', { duplicatesBy: 'network' }],
      ['network, in a VLAN', { duplicatesBy: 'network', vlan: [30] }],
    ] as const) {
      // Identical frames in a stream that comes twice: nothing tells the two apart.
      if (kind === 'bridged' && by.startsWith('network')) continue;
      it(`${kind}, duplicates by the ${by}`, async () => {
        const { pairs } = await measured(both(kind, more as SimulateRequest));
        const told = by.startsWith('network')
          ? pairs.map((pair) => ({ ...pair, found: putBack(pair) }))
          : pairs;
        expect(told.map((pair) => row(pair, 'found', pair.found.spanCopies.count))).toEqual(
          pairs.map((pair) => row(pair, 'facts', pair.facts.spanCopies!.packets)),
        );
        for (const { facts, found } of pairs) {
          const { delayMs } = facts.spanCopies!;
          expect(Math.abs(found.spanCopies.delayMeanMs! - delayMs.mean!)).toBeLessThanOrEqual(0.005);
          expect(found.spanCopies.delayMaxMs!).toBeLessThanOrEqual(delayMs.max! + 1e-5);
        }
        expect(pairs.reduce((sum, { facts }) => sum + facts.duplicates, 0)).toBeGreaterThan(30);
      });
    }
  }

  it('identical frames that the network doubled count as copies, where all packets come twice', async () => {
    const { pairs } = await measured(both('bridged', { duplicatesBy: 'network' }));
    expect(
      pairs.map(({ found }) => [
        found.packets - found.duplicates,
        found.lost,
        found.spanCopies.count + found.packets,
      ]),
    ).toEqual(
      pairs.map(({ facts }) => [
        facts.packets - facts.duplicates,
        facts.lost,
        facts.spanCopies!.packets + facts.packets,
      ]),
    );
  });

  it('a packet seen in an overlay network and plain is two streams, each of them whole', async () => {
    const { truth, streams } = await measuredAll(both('tunnelled:vxlan', {}));
    const rows = (tunnelled: boolean) =>
      streams
        .filter(({ tunnel }) => (tunnel !== null) === tunnelled)
        .map((stream) => JSON.stringify(countsOf(stream)))
        .toSorted();
    const wanted = truth.streams.map((stream) => JSON.stringify(countsOf(stream))).toSorted();
    expect([rows(false), rows(true)]).toEqual([wanted, wanted]);
  });

  it.skipIf(!captureNames.includes('encap-gtpu-dup-public.pcapng'))(
    'a real capture: each packet of a call three times, in two tunnels and plain',
    async () => {
      const streams = streamsOf(await analyzeCapture(capturePath('encap-gtpu-dup-public.pcapng')));
      const copied = streams.filter(({ spanCopies }) => spanCopies.count > 0);
      expect(copied.length).toBeGreaterThan(0);
      for (const { packets, duplicates, spanCopies } of copied)
        expect({ duplicates, copies: spanCopies.count }).toEqual({ duplicates: 0, copies: 2 * packets });
      // tshark takes each delivery for a packet.
      if (!hasTool('tshark', 'copies in a real capture')) return;
      const theirs = new Map(
        tsharkStreams(capturePath('encap-gtpu-dup-public.pcapng')).map((stream) => [
          stream.ssrc,
          stream.packets,
        ]),
      );
      expect(copied.map(({ ssrc }) => theirs.get(ssrc))).toEqual(copied.map(({ packets }) => 3 * packets));
      expect(copied.map(({ packets }) => packets)).toContain(92);
    },
  );
});

async function measuredAll(request: SimulateRequest) {
  const { file, truth } = make(request);
  return { truth, streams: streamsOf(await analyzeCapture(file)) };
}

describe('packets that the tap missed', () => {
  const drops: Record<string, SimulateRequest> = {
    'now and then 80 ms, with RTCP': {
      ...{ calls: 12, spanDrops: { everyMs: 2000, lengthMs: 80 }, rtcpIntervalMs: 1500, seed: 3 },
    },
    'now and then 200 ms': { calls: 12, spanDrops: { everyMs: 5000, lengthMs: 200 }, seed: 4 },
    'often 40 ms, many calls': { calls: 40, spanDrops: { everyMs: 1000, lengthMs: 40 }, seed: 5 },
  };
  for (const [name, request] of Object.entries(drops)) {
    it(`${name}: are told from losses of the network, and the confidence says so`, async () => {
      const { pairs, windows } = await measured({
        lossRatio: 0.01,
        jitterMs: 1,
        durationMs: 30_000,
        ...request,
      });
      const sum = (value: (pair: Pair) => number) => pairs.reduce((total, pair) => total + value(pair), 0);
      const missed = sum(({ facts }) => facts.captureLost);
      const told = sum(({ found }) => found.captureLost);
      expect(Math.abs(told - missed)).toBeLessThanOrEqual(0.05 * missed);
      for (const { facts, found } of pairs) {
        expect(found.captureLost).toBeLessThanOrEqual(found.lost);
        expect(found.networkLoss.lost).toBe(found.lost - found.captureLost);
        // What is lost upstream beside a drop goes with it, and one at its edge may not.
        expect(Math.abs(found.networkLoss.lost - facts.upstreamLost)).toBeLessThanOrEqual(8);
        expect(found.damage.side).toBe('upstream');
      }
      const { confidence } = windows.find(({ events }) => (events.commonGaps ?? 0) > 0)!;
      expect(confidence.level).toBe('poor');
      // Receivers may tell of a few more than the gaps of all paths do.
      const suspected = windows.reduce((total, window) => total + window.confidence.suspectedCaptureLoss, 0);
      expect(suspected).toBeLessThanOrEqual(told);
      expect(told - suspected).toBeLessThanOrEqual(0.01 * told);
    });
  }

  it('at random, stream by stream: reports tell them, the packets alone cannot', async () => {
    const { pairs, windows } = await measured({
      ...{
        calls: 8,
        captureLossRatio: 0.05,
        lossRatio: 0.02,
        rtcpIntervalMs: 1500,
        durationMs: 30_000,
        seed: 4,
      },
    });
    for (const { facts, found } of pairs) {
      const { lost } = facts.rtcp.reportSpan!;
      // A packet lost upstream and one missed at the tap look the same but for the receiver's count.
      expect({
        side: found.damage.side,
        upstream: found.damage.upstreamLost,
        capture: found.damage.captureSuspected,
      }).toEqual({
        ...{ side: 'upstream', upstream: lost.upstream, capture: lost.capture },
      });
      expect(found.captureLost).toBe(lost.capture);
      expect(found.networkLoss.lost).toBe(found.lost - lost.capture);
    }
    expect(windows.every(({ confidence }) => confidence.suspectedCaptureLoss === 0)).toBe(true);
  });

  it('no loss of the network is put down to the tap, in heavy bursts neither', async () => {
    const { pairs, windows } = await measured({
      calls: 30,
      gilbert: { p: 0.05, q: 0.2 },
      durationMs: 30_000,
      seed: 6,
    });
    expect(pairs.map(({ found }) => found.captureLost)).toEqual(pairs.map(() => 0));
    expect(windows.map(({ confidence }) => confidence.level)).toEqual(windows.map(() => 'full'));
  });
});

import { describe, expect, it } from 'vitest';
import { layerKinds } from '../../../src/simulate/encapsulation/layer.js';
import { resolveOptions, type SimulateRequest } from '../../../src/simulate/index.js';
import { readPackets, run } from './capture-reader.js';

const short: SimulateRequest = { calls: 2, durationMs: 100, rampMs: 0 };

function refusal(request: SimulateRequest): string {
  try {
    resolveOptions({ ...short, ...request });
  } catch (error) {
    return (error as Error).message;
  }
  return 'accepted';
}

describe('an encapsulation', () => {
  it('is told of by the truth, layer by layer', () => {
    const { truth } = run({ ...short, encap: ['qinq/vxlan:id=5000/gre:key+seq', 'none'] });
    const [forward, reverse, plain] = truth.streams;
    expect(forward!.tunnel).toEqual({
      kind: 'gre',
      id: expect.any(Number),
      depth: 3,
      layers: [
        { kind: 'qinq', id: forward!.vlans[1], stack: forward!.vlans },
        { kind: 'vxlan', id: 5000 },
        { kind: 'gre', id: forward!.tunnel!.id },
      ],
    });
    expect(reverse!.tunnel).toEqual(forward!.tunnel);
    expect([plain!.tunnel, plain!.tunnels]).toEqual([null, []]);
  });

  it('gives each direction of a call a tunnel endpoint identifier of its own', () => {
    const { truth } = run({ ...short, encap: ['gtpu'] });
    expect(new Set(truth.streams.map(({ tunnel }) => tunnel!.id)).size).toBe(4);
  });

  it('lets calls be alike within in tunnels of other ids', () => {
    for (const encap of ['vxlan', 'vlan', 'gtpu:id=9', 'mpls:3', 'gre:key', 'vxlan/gre']) {
      const { truth } = run({ ...short, calls: 4, video: true, encap: [encap], overlap: true });
      const inner = truth.streams.map(({ src, srcPort, dst, dstPort, ssrc }) =>
        [src, srcPort, dst, dstPort, ssrc].join(' '),
      );
      const ids = truth.streams.map(({ tunnel }) => tunnel!.layers.map(({ id }) => id).join(' '));
      expect(truth.streams.length).toBe(16);
      for (const first of [0, 8]) {
        expect(inner.slice(first + 4, first + 8)).toEqual(inner.slice(first, first + 4));
        for (let i = first; i < first + 4; i += 1) expect(ids[i]).not.toBe(ids[i + 4]);
      }
      expect(new Set(inner).size).toBe(8);
      const outer = readPackets(run({ ...short, encap: [encap], overlap: true }).bytes);
      expect(outer.length).toBe(20);
    }
  });

  it('is the same for the same seed and another for another', () => {
    const request: SimulateRequest = { ...short, encap: ['geneve:options'], spanCopies: 'routed' };
    const first = run(request);
    expect(run(request).bytes.equals(first.bytes)).toBe(true);
    const other = run({ ...request, seed: 2 });
    expect(other.truth.streams[0]!.tunnel!.id).not.toBe(first.truth.streams[0]!.tunnel!.id);
  });

  it('of the whole file leaves out what it cannot show', () => {
    const { truth, bytes } = run({ ...short, durationMs: 5000, encap: ['raw'], noisePerSecond: 100 });
    const { byKind, packets } = truth.totals;
    expect(bytes.readUInt32LE(20)).toBe(101);
    expect(byKind.arp).toBe(0);
    expect(Object.values(byKind).reduce((sum, count) => sum + count, 0)).toBe(packets);
    expect(byKind.dns).toBeGreaterThan(0);
  });

  it('of every kind is in the profile of mirror ports, beside copies and payloads of known content', () => {
    const { truth, bytes } = run({ profile: 'mirror', durationMs: 3000 });
    const { byKind, packets, spanCopies } = truth.totals;
    expect(readPackets(bytes).length).toBe(packets);
    expect(Object.values(byKind).reduce((sum, count) => sum + count, spanCopies)).toBe(packets);
    const kinds = new Set(
      truth.streams.flatMap(({ tunnel }) => tunnel?.layers.map(({ kind }) => kind) ?? []),
    );
    expect([...kinds].sort()).toEqual([...layerKinds].sort());
    const copied = new Set(truth.streams.map((stream) => stream.spanCopies?.kind ?? 'none'));
    expect([...copied].sort()).toEqual(['bridged', 'none', 'routed', 'tunnelled', 'vlan']);
    for (const key of ['red', 'audio', 'transmissionOffset'] as const) {
      expect(truth.streams.filter((stream) => stream[key] !== null).length).toBeGreaterThanOrEqual(4);
    }
  });

  it('that cannot be is refused with the reason', () => {
    expect(
      [
        { encap: ['vxlam'] },
        { encap: ['vxlan:key'] },
        { encap: ['vxlan:id=16777216'] },
        { encap: ['ipip:id=1'] },
        { encap: ['ipip/vlan'] },
        { encap: ['gtpu'], vlan: [3] },
        { encap: ['hep3/gre'] },
        { encap: ['pppoe/pbb'] },
        { encap: ['4in6/gre'] },
        { encap: ['raw/vlan'] },
        { encap: ['raw', 'sll'] },
        { encap: ['vlan', 'raw'] },
        { encap: ['ipip'], overlap: true },
        { encap: ['4in4', '6in4'], encapTurn: 'packet' as const },
        { spanCopies: 'twice' },
        { spanCopies: 'tunnelled:none' },
        { spanCopies: 'vlan', encap: ['raw'] },
        { spanCopies: 'bridged', spanCopyDelayMs: [2, 1] as [number, number] },
        { redGenerations: 9 },
        { transmissionOffsetId: 15 },
      ].map(refusal),
    ).toEqual([
      expect.stringMatching(/^--encap vxlam: vxlam is not known; known are none, ethernet, sll, /),
      '--encap vxlan:key: vxlan does not know key; it knows id=N, v6',
      '--encap vxlan:id=16777216: an id of vxlan is a number from 0 to 16777215',
      '--encap ipip:id=1: ipip:id=1 has no id',
      '--encap ipip/vlan: ipip carries IP and nothing else',
      '--encap gtpu: gtpu carries IP and nothing else',
      '--encap hep3/gre: hep3 can only be the innermost layer',
      '--encap pppoe/pbb: pppoe carries IP or MPLS and nothing else',
      '--encap 4in6/gre: the versions of both IP headers can be named for the innermost layer only',
      '--encap raw/vlan: raw carries IP and nothing else',
      'a capture has one link layer, not raw and sll',
      '--encap raw/vlan: raw carries IP and nothing else',
      'calls that overlap need tunnels with an id to tell them apart',
      'the packets of one call are of one IP version',
      '--span-copies twice: known are bridged, vlan, routed, tunnelled, tunnelled:gtpu',
      '--span-copies tunnelled:none: a tunnel is wanted',
      'raw carries IP and nothing else',
      'the delay of copies must be 0 to 1 s',
      '0 to 8 older packets can be repeated in each',
      'the id of a one-byte header extension is 1 to 14',
    ]);
  });
});

// All layers around the packets of one direction of a call: chosen by the seed,
// put on packet by packet.
import { type Path, tunnelEnd } from '../endpoints.js';
import { deriveSeed, Prng } from '../prng.js';
import { erspanOne, erspanThree, erspanTwo, gre, ipInIp, nvgre } from './gre.js';
import { gtpu } from './gtpu.js';
import { hep3 } from './hep3.js';
import { hasId, idRange, type Layer, type LayerKind, type LayerSpec } from './layer.js';
import { openFrame, type Packet, paddedFrame } from './packet.js';
import { backboneTag, mplsLabels, pppoeSession, vlanTags } from './tags.js';
import { geneve, tunnelPorts, tzsp, vxlan } from './udp-tunnels.js';

/** The layers from outside in. */
export type Tunnel = readonly Layer[];

const wrappers: Record<LayerKind, (layer: Layer, packet: Packet, atNs: bigint) => Packet> = {
  vlan: vlanTags,
  qinq: vlanTags,
  mpls: mplsLabels,
  pppoe: pppoeSession,
  pbb: backboneTag,
  ipip: ipInIp,
  gre,
  nvgre,
  erspan1: erspanOne,
  erspan2: erspanTwo,
  erspan3: erspanThree,
  vxlan,
  geneve,
  gtpu,
  tzsp,
  hep3,
};

/** Kinds whose ids belong to one direction; of the others both directions have the same. */
const oneWayIds: readonly LayerKind[] = ['mpls', 'gtpu'];
/** Ends of tunnels: so many that calls go between different ones. */
const sites = 100;

/**
 * Chooses ids and ends for one direction of a call.
 * @param seed of the whole simulation
 * @param call number of the call, or of the pair of calls that are alike within
 * @param isSecond of two calls that are alike within: another id in the innermost layer that has one
 */
export function planTunnel(
  specs: readonly LayerSpec[],
  seed: number,
  call: number,
  isReverse: boolean,
  isSecond: boolean,
): Tunnel {
  const apart = specs.findLastIndex((spec) => hasId(spec));
  return specs.map((spec, depth) => {
    const direction = isReverse && oneWayIds.includes(spec.kind) ? 1 : 0;
    const prng = new Prng(deriveSeed(deriveSeed(seed ^ 0x7a11_e155, call), 2 * depth + direction));
    const id = idOf(spec, prng, direction === 1, isSecond && depth === apart);
    const end = 16 * (call % sites) + 2 * depth;
    const outer = outerPath(spec, end, isReverse, 49_152 + prng.below(16_384));
    return {
      kind: spec.kind,
      words: new Set(spec.words),
      id,
      stack: stackOf(spec, id, prng),
      outer,
      packets: 0,
    };
  });
}

/** An id given holds for all calls; the other direction and the other call of a pair have the next one. */
function idOf(spec: LayerSpec, prng: Prng, isOtherWay: boolean, isSecond: boolean): number | null {
  const range = idRange[spec.kind];
  if (range === null || !hasId(spec)) return null;
  const [low, high] = range;
  const size = high - low + 1;
  const first = spec.id === null ? prng.below(size) : spec.id - low + (isOtherWay ? 2 : 0);
  return low + ((first + (isSecond ? 1 : 0)) % size);
}

function stackOf(spec: LayerSpec, id: number | null, prng: Prng): number[] {
  const { kind, words } = spec;
  if (kind === 'vlan') return [id!];
  if (kind === 'qinq') return [1 + prng.below(4094), id!];
  if (kind !== 'mpls') return [];
  const labels = Number(words.find((word) => /^\d$/.test(word)) ?? 2);
  return [...Array.from({ length: labels - 1 }, () => 16 + prng.below(0xffff0)), id!];
}

/** @param port the source port of UDP tunnels, which spreads flows over paths */
function outerPath({ kind, words }: LayerSpec, end: number, isReverse: boolean, port: number): Path {
  const ipv6 = words.includes('v6');
  const [first, second] = isReverse ? [end + 1, end] : [end, end + 1];
  const toPort = (tunnelPorts as Partial<Record<LayerKind, number>>)[kind] ?? 0;
  const fromPort = kind === 'gtpu' ? toPort : port;
  return { from: tunnelEnd(ipv6, first, fromPort), to: tunnelEnd(ipv6, second, toPort), vlan: [], dscp: 0 };
}

/** The frame with the tunnel around it; `atNs` is the capture time, ns since the Unix epoch. */
export function wrapFrame(tunnel: Tunnel, frame: Uint8Array, atNs: bigint): Uint8Array {
  if (tunnel.length === 0) return frame;
  return paddedFrame(
    tunnel.reduceRight((packet, layer) => wrappers[layer.kind](layer, packet, atNs), openFrame(frame)),
  );
}

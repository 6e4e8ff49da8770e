// How a mirror port delivers what goes along a path: in which tunnels, and
// whether a second time.
import type { Tunnel } from './encapsulation/tunnel.js';
import type { AudioFacts } from './media/audio-truth.js';
import type { RedFacts } from './media/redundancy.js';
import type { SpanCopies, SpanCopyKind } from './span-copies.js';

export interface Delivery {
  /** Taken in turn by the packets; at least one, which may have no layers. */
  tunnels: readonly Tunnel[];
  /** Those of the other direction. */
  back: readonly Tunnel[];
  isReverse: boolean;
  copies: SpanCopies | null;
  /** Packets so far. */
  packets: number;
}

/** The other direction. */
export function reversedDelivery(delivery: Delivery): Delivery {
  const { tunnels, back, isReverse } = delivery;
  return { ...delivery, tunnels: back, back: tunnels, isReverse: !isReverse, packets: 0 };
}

/** What the truth of a stream says of the tunnel around its packets. */
export interface TunnelFacts {
  /** The tunnel next to the packets that has an id, or else the innermost. */
  kind: string;
  /** VNI, VSID, TEID, session, key, bottom label, VLAN id, I-SID or capture id; null for kinds without. */
  id: number | null;
  /** Layers from outside in, 1 or more. */
  depth: number;
  /** All of them from outside in; `stack` holds the labels or VLAN ids where there can be several. */
  layers: { kind: string; id: number | null; stack?: readonly number[] }[];
}

/** The facts of a tunnel; null for none. */
export function tunnelFacts(tunnel: Tunnel): TunnelFacts | null {
  if (tunnel.length === 0) return null;
  const chief = tunnel.findLast((layer) => layer.id !== null) ?? tunnel.at(-1)!;
  return {
    kind: chief.kind,
    id: chief.id,
    depth: tunnel.length,
    layers: tunnel.map(({ kind, id, stack }) => (stack.length === 0 ? { kind, id } : { kind, id, stack })),
  };
}

/** VLAN ids of the outermost frame, from outside in. */
export function outerVlans(tunnel: Tunnel, own: readonly number[]): number[] {
  const tags = tunnel.findIndex(({ kind }) => kind !== 'vlan' && kind !== 'qinq');
  const outside = (tags < 0 ? tunnel : tunnel.slice(0, tags)).flatMap((layer) => layer.stack);
  return tags < 0 ? [...outside, ...own] : outside;
}

/** What only streams have that are more than plain RTP in plain frames. */
export interface SpecialFacts {
  /** Null for none. When packets take turns, the first. */
  tunnel: TunnelFacts | null;
  /** All that packets of the stream take in turn; null for frames without. */
  tunnels: (TunnelFacts | null)[];
  /** RTP packets that the mirror port delivered a second time, not counted in `packets`. */
  spanCopies: {
    kind: SpanCopyKind;
    packets: number;
    delayMs: { mean: number | null; max: number | null };
  } | null;
  red: RedFacts | null;
  /** The header extension of RFC 5450: its id, and the jitter with the offsets taken out. */
  transmissionOffset: {
    id: number;
    jitterMs: { mean: number | null; max: number | null; last: number | null };
  } | null;
  audio: AudioFacts | null;
}

export const plainFacts: SpecialFacts = {
  tunnel: null,
  tunnels: [],
  spanCopies: null,
  red: null,
  transmissionOffset: null,
  audio: null,
};

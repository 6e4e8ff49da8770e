// One layer of an encapsulation: what can be asked for, as `kind:word+word`,
// and what is chosen for one direction of a call.
import type { Path } from '../endpoints.js';

export const layerKinds = [
  'vlan',
  'qinq',
  'mpls',
  'pppoe',
  'pbb',
  'ipip',
  'gre',
  'nvgre',
  'erspan1',
  'erspan2',
  'erspan3',
  'vxlan',
  'geneve',
  'gtpu',
  'tzsp',
  'hep3',
] as const;
export type LayerKind = (typeof layerKinds)[number];

/** A layer as it is asked for. */
export interface LayerSpec {
  kind: LayerKind;
  /** Variants, see `layerWords`. */
  words: readonly string[];
  /** The id wanted; null for one by the seed. */
  id: number | null;
  /** Version of the IP packets that it must carry; null for either. */
  inner: 4 | 6 | null;
}

/** A layer of one direction of a call. What counts up from packet to packet is changed in place. */
export interface Layer {
  kind: LayerKind;
  words: ReadonlySet<string>;
  /** VNI, VSID, TEID, session, key, bottom label, VLAN id, I-SID or capture id; null for kinds without. */
  id: number | null;
  /** All labels or VLAN ids from outside in, for the kinds that stack them; else empty. */
  stack: readonly number[];
  /** Between the ends of the tunnel, with its UDP ports if it has any. */
  outer: Path;
  /** Packets so far: identification of the outer IPv4 header and sequence number of the tunnel. */
  packets: number;
}

/** Kinds whose outside is an IP packet; `v6` makes it IPv6. */
const overIp: readonly LayerKind[] = [
  ...(['ipip', 'gre', 'nvgre', 'erspan1', 'erspan2', 'erspan3'] as const),
  ...(['vxlan', 'geneve', 'gtpu', 'tzsp', 'hep3'] as const),
];

/** The words that a kind knows, beside `id=N`. */
export const layerWords: Readonly<Record<LayerKind, readonly string[]>> = {
  vlan: [],
  qinq: [],
  mpls: ['1', '2', '3'],
  pppoe: [],
  pbb: [],
  ipip: ['v6'],
  gre: ['v6', 'key', 'seq', 'csum', 'eth'],
  nvgre: ['v6'],
  erspan1: ['v6'],
  erspan2: ['v6'],
  erspan3: ['v6', 'platform'],
  vxlan: ['v6'],
  geneve: ['v6', 'options'],
  gtpu: ['v6', 'ext', 'seq'],
  tzsp: ['v6', 'tags'],
  hep3: ['v6'],
};

/** Smallest and largest id of a kind; null for kinds without an id. */
export const idRange: Readonly<Record<LayerKind, readonly [low: number, high: number] | null>> = {
  vlan: [1, 4094],
  qinq: [1, 4094],
  mpls: [16, 0xfffff],
  pppoe: [1, 0xfffe],
  pbb: [256, 0xfffffe],
  ipip: null,
  gre: [0, 0xffffffff],
  nvgre: [0x1000, 0xfffffe],
  erspan1: null,
  erspan2: [0, 1023],
  erspan3: [0, 1023],
  vxlan: [0, 0xffffff],
  geneve: [0, 0xffffff],
  gtpu: [1, 0xffffffff],
  tzsp: null,
  hep3: [1, 0xffffffff],
};

/** Whether layers of this sort have an id. */
export function hasId({ kind, words }: Pick<LayerSpec, 'kind' | 'words'>): boolean {
  return idRange[kind] !== null && (kind !== 'gre' || words.includes('key'));
}

export function isOverIp(kind: LayerKind): boolean {
  return overIp.includes(kind);
}

/** All kinds with their variants, for the help: `gre:key+seq`. */
export function encapsulationHelp(): string {
  return layerKinds
    .map((kind) => [kind, layerWords[kind].join('|')].filter((part) => part !== '').join(':'))
    .concat('4in4', '6in4', '4in6', '6in6')
    .join(', ');
}

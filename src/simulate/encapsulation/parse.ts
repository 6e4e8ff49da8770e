// Reads an item of `--encap`: layers from outside in with `/` between them, for
// example `vxlan/gre:key+seq`. What cannot be on a wire is refused.
import { RtpsondeError } from '../../ops/errors.js';
import { hasId, idRange, isOverIp, type LayerKind, type LayerSpec, layerKinds, layerWords } from './layer.js';
import { isLinkKind, type LinkKind, linkKinds } from './link.js';

export interface Encapsulation {
  /** Link layer of the capture file, null when the item does not say. */
  link: LinkKind | null;
  /** From outside in. */
  layers: LayerSpec[];
}

function refuse(item: string, problem: string): never {
  throw new RtpsondeError('ERR_USAGE', `--encap ${item}: ${problem}`);
}

/** IP in IP by the versions of both: `6in4` carries IPv6 in IPv4. */
const ipInIp: Readonly<Record<string, { words: string[]; inner: 4 | 6 }>> = {
  '4in4': { words: [], inner: 4 },
  '6in4': { words: [], inner: 6 },
  '4in6': { words: ['v6'], inner: 4 },
  '6in6': { words: ['v6'], inner: 6 },
};

/**
 * One item; `none` and a link layer alone have no layers. Throws ERR_USAGE.
 * @param isTagged whether the frames within have VLAN tags of their own
 */
export function parseEncapsulation(item: string, isTagged: boolean): Encapsulation {
  const names = item.split('/').map((name) => name.trim());
  let link: LinkKind | null = null;
  if (isLinkKind(names[0]!)) link = names.shift() as LinkKind;
  if (names.length === 1 && names[0] === 'none') names.shift();
  const layers = names.map((name) => parseLayer(item, name));
  if (layers.length > 8) refuse(item, 'more than 8 layers');
  checkNesting(item, link, layers, isTagged);
  return { link, layers };
}

function parseLayer(item: string, name: string): LayerSpec {
  const [kindName = '', ...rest] = name.split(':');
  const versions = ipInIp[kindName];
  const kind = versions === undefined ? (kindName as LayerKind) : 'ipip';
  if (!layerKinds.includes(kind)) {
    const known = ['none', ...linkKinds, ...layerKinds, ...Object.keys(ipInIp)].join(', ');
    refuse(item, `${kindName} is not known; known are ${known}`);
  }
  const words: string[] = [...(versions?.words ?? [])];
  let id: number | null = null;
  for (const word of rest.flatMap((part) => part.split('+'))) {
    const match = /^id=(\d+)$/.exec(word);
    if (match !== null) id = Number(match[1]);
    else if (layerWords[kind].includes(word)) words.push(word);
    else refuse(item, `${kind} does not know ${word}; it knows ${['id=N', ...layerWords[kind]].join(', ')}`);
  }
  const layer = { kind, words, id, inner: versions?.inner ?? null };
  if (id !== null) {
    const range = idRange[kind];
    if (range === null || !hasId(layer)) refuse(item, `${name} has no id`);
    if (id < range[0] || id > range[1])
      refuse(item, `an id of ${kind} is a number from ${range[0]} to ${range[1]}`);
  }
  return layer;
}

/** What lies in a layer must be something that it can carry. */
function checkNesting(item: string, link: LinkKind | null, layers: LayerSpec[], isTagged: boolean): void {
  layers.forEach(({ kind, inner }, i) => {
    const within = layers[i + 1];
    const carriesIp = within === undefined ? !isTagged : isOverIp(within.kind);
    if ((kind === 'ipip' || kind === 'gtpu') && !carriesIp)
      refuse(item, `${kind} carries IP and nothing else`);
    if (kind === 'pppoe' && !carriesIp && within?.kind !== 'mpls')
      refuse(item, 'pppoe carries IP or MPLS and nothing else');
    if (kind === 'hep3' && within !== undefined) refuse(item, 'hep3 can only be the innermost layer');
    if (inner !== null && within !== undefined)
      refuse(item, 'the versions of both IP headers can be named for the innermost layer only');
  });
  const outermost = layers[0];
  const isIpOutside = outermost === undefined ? !isTagged : isOverIp(outermost.kind);
  if ((link === 'raw' || link === 'null') && !isIpOutside)
    refuse(item, `${link} carries IP and nothing else`);
}

/** Whether calls in these layers must be over IPv6 (true) or IPv4 (false); null when both will do. */
export function innerVersion(tunnels: readonly (readonly LayerSpec[])[]): boolean | null {
  const inner = tunnels
    .flatMap((layers) => layers.map((layer) => layer.inner))
    .find((version) => version !== null);
  return inner === undefined ? null : inner === 6;
}

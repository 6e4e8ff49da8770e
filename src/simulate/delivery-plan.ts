// From the options to how the mirror port delivers the packets of a call, and in
// which link layer.
import { RtpsondeError } from '../ops/errors.js';
import type { Delivery } from './delivery.js';
import { hasId, type LayerSpec } from './encapsulation/layer.js';
import type { LinkKind } from './encapsulation/link.js';
import { parseEncapsulation } from './encapsulation/parse.js';
import { planTunnel } from './encapsulation/tunnel.js';
import type { MediaOptions, SimulateOptions } from './options.js';
import { parseSpanCopies, planSpanCopies } from './span-copies.js';

/**
 * For one call; null when its frames are as they are and come once.
 * @param layers the encapsulations that its packets take in turn
 * @param isSecond of two calls that are alike within
 */
export function planDelivery(
  media: MediaOptions,
  layers: readonly LayerSpec[][],
  seed: number,
  call: number,
  isSecond: boolean,
): Delivery | null {
  const { spanCopies, spanCopyDelayMs } = media;
  if (spanCopies === null && layers.every((tunnel) => tunnel.length === 0)) return null;
  // Each encapsulation of a call that has several has ids of its own.
  const plan = (isReverse: boolean) =>
    layers.map((specs, i) => planTunnel(specs, seed + 7919 * i, call, isReverse, isSecond));
  const tunnels = plan(false);
  const back = plan(true);
  return {
    tunnels: tunnels.length === 0 ? [[]] : tunnels,
    back: back.length === 0 ? [[]] : back,
    isReverse: false,
    copies: spanCopies === null ? null : planSpanCopies(spanCopies, spanCopyDelayMs, seed, call),
    packets: 0,
  };
}

function mediaOfAll(options: SimulateOptions): MediaOptions[] {
  return [options, ...(options.groups ?? []).map((group) => ({ ...options, ...group }))];
}

/** Link layer of the capture: the one that any encapsulation names. Throws ERR_USAGE for two. */
export function linkOf(options: SimulateOptions): LinkKind {
  const named = mediaOfAll(options)
    .flatMap(({ encap, vlan }) => encap.map((item) => parseEncapsulation(item, vlan.length > 0).link))
    .filter((link) => link !== null);
  const links = new Set(named);
  if (links.size > 1) refuse(`a capture has one link layer, not ${[...links].join(' and ')}`);
  return named[0] ?? 'ethernet';
}

/** Throws ERR_USAGE when something cannot be delivered as asked for. */
export function checkDelivery(options: SimulateOptions): void {
  const link = linkOf(options);
  for (const media of mediaOfAll(options)) {
    const isTagged = media.vlan.length > 0;
    // Once more with the link layer that another item names.
    const items = media.encap.length === 0 ? ['none'] : media.encap;
    const all = items.map((item) => {
      const own = parseEncapsulation(item, isTagged);
      return own.link === null ? parseEncapsulation(`${link}/${item}`, isTagged) : own;
    });
    if (media.overlap && !all.every(({ layers }) => layers.some((layer) => hasId(layer))))
      refuse('calls that overlap need tunnels with an id to tell them apart');
    const versions = new Set(all.flatMap(({ layers }) => layers.map(({ inner }) => inner ?? 0)));
    versions.delete(0);
    if (media.encapTurn === 'packet' && versions.size > 1)
      refuse('the packets of one call are of one IP version');
    const [least, most] = media.spanCopyDelayMs;
    if (!(least >= 0 && most >= least && most <= 1000)) refuse('the delay of copies must be 0 to 1 s');
    if (media.spanCopies === null) continue;
    const { kind, encapsulation } = parseSpanCopies(media.spanCopies);
    if (kind === 'vlan' && (link === 'raw' || link === 'null')) refuse(`${link} carries IP and nothing else`);
    if (kind !== 'tunnelled') continue;
    const { layers, link: named } = parseEncapsulation(encapsulation, false);
    if (layers.length === 0 || named !== null || layers.some(({ kind }) => kind === 'hep3'))
      refuse(`--span-copies ${media.spanCopies}: a tunnel is wanted`);
    if (link === 'raw' || link === 'null') parseEncapsulation(`${link}/${encapsulation}`, false);
  }
}

function refuse(message: string): never {
  throw new RtpsondeError('ERR_USAGE', message);
}

// Second copies that a mirror port delivers of one packet: it saw the packet
// twice on its way through the network. Other than a duplicate, which is on the
// wire twice, it is one packet with one IPv4 identification.
import { RtpsondeError } from '../ops/errors.js';
import { checksumOf, sumWords } from './checksum.js';
import { etherTypes, fields, findIp, joined, openFrame } from './encapsulation/packet.js';
import { parseEncapsulation } from './encapsulation/parse.js';
import { planTunnel, type Tunnel, wrapFrame } from './encapsulation/tunnel.js';
import { deriveSeed, Prng } from './prng.js';

export const spanCopyKinds = ['bridged', 'vlan', 'routed', 'tunnelled'] as const;
export type SpanCopyKind = (typeof spanCopyKinds)[number];

/** The copies of the packets of one call. */
export interface SpanCopies {
  kind: SpanCopyKind;
  /** How long after the first, ns: from the least to the most. */
  delayNs: readonly [least: number, most: number];
  /** For the delays of the call. */
  prng: Prng;
  /** Id of the VLAN that the copies come from. */
  vlan: number;
  /** Around the copies, for each direction; empty but for `tunnelled`. */
  tunnels: readonly [forward: Tunnel, reverse: Tunnel];
}

/** `bridged`, `vlan`, `routed`, or `tunnelled` with an encapsulation behind it. Throws ERR_USAGE. */
export function parseSpanCopies(text: string): { kind: SpanCopyKind; encapsulation: string } {
  const [kind = '', ...rest] = text.split(':');
  if (!(spanCopyKinds as readonly string[]).includes(kind) || (kind !== 'tunnelled' && rest.length > 0)) {
    const known = `${spanCopyKinds.join(', ')}, tunnelled:gtpu`;
    throw new RtpsondeError('ERR_USAGE', `--span-copies ${text}: known are ${known}`);
  }
  return { kind: kind as SpanCopyKind, encapsulation: rest.length === 0 ? 'erspan2' : rest.join(':') };
}

/** How the packets of a call are copied. */
export function planSpanCopies(
  text: string,
  delayMs: readonly [number, number],
  seed: number,
  call: number,
): SpanCopies {
  const { kind, encapsulation } = parseSpanCopies(text);
  const prng = new Prng(deriveSeed(seed ^ 0x5ba2_c091, call));
  const layers = kind === 'tunnelled' ? parseEncapsulation(encapsulation, false).layers : [];
  // Ids apart from those of the tunnels that the calls themselves may be in.
  const tunnel = (isReverse: boolean) => planTunnel(layers, seed ^ 0x00c0_b1e5, call, isReverse, false);
  return {
    kind,
    delayNs: [delayMs[0] * 1e6, delayMs[1] * 1e6],
    prng,
    vlan: 1 + prng.below(4094),
    tunnels: [tunnel(false), tunnel(true)],
  };
}

/**
 * The copy of a frame.
 * @param atNs capture time of the copy, ns since the Unix epoch
 */
export function copyFrame(
  copies: SpanCopies,
  frame: Uint8Array,
  isReverse: boolean,
  atNs: bigint,
): Uint8Array {
  if (copies.kind === 'vlan') return inOtherVlan(frame, copies.vlan);
  if (copies.kind === 'routed') return routed(frame);
  if (copies.kind === 'bridged') return frame;
  const tunnel = copies.tunnels[isReverse ? 1 : 0];
  const innermost = tunnel.at(-1)!.kind;
  const carriesFrames = innermost !== 'gtpu' && innermost !== 'ipip' && innermost !== 'pppoe';
  return wrapFrame(tunnel, carriesFrames ? frame : untagged(frame), atNs);
}

/** With another id in its outer tag, or a tag when it has none. */
function inOtherVlan(frame: Uint8Array, vlan: number): Uint8Array {
  const { etherType, body } = openFrame(frame);
  const isTagged = etherType === etherTypes.vlan || etherType === etherTypes.serviceVlan;
  if (!isTagged)
    return joined(frame.subarray(0, 12), fields([etherTypes.vlan, 2], [vlan, 2]), frame.subarray(12));
  const copy = frame.slice();
  const before = ((body[0]! & 15) << 8) | body[1]!;
  const after = before === vlan ? (vlan % 4094) + 1 : vlan;
  copy[14] = (copy[14]! & 0xf0) | (after >> 8);
  copy[15] = after & 255;
  return copy;
}

/** Behind a router: MAC addresses of the next hop, one hop less to live. */
function routed(frame: Uint8Array): Uint8Array {
  const copy = frame.slice();
  // Group 5 of the locally administered addresses: routers.
  for (const at of [0, 6]) {
    copy[at] = 0x02;
    copy[at + 1] = 5;
  }
  const { etherType, body } = openFrame(frame);
  const ip = findIp(etherType, body);
  if (ip === null) return copy;
  const at = 14 + ip.at;
  if (ip.etherType === etherTypes.ipv6) {
    copy[at + 7] = copy[at + 7]! - 1;
    return copy;
  }
  copy[at + 8] = copy[at + 8]! - 1;
  return withIpChecksum(copy, at);
}

/** Computes the checksum of the IPv4 header at `at` anew, in place. */
export function withIpChecksum(frame: Uint8Array, at: number): Uint8Array {
  frame[at + 10] = 0;
  frame[at + 11] = 0;
  frame.set(fields([checksumOf(sumWords(frame, at, at + 20)), 2]), at + 10);
  return frame;
}

function untagged(frame: Uint8Array): Uint8Array {
  const { etherType, body } = openFrame(frame);
  const ip = findIp(etherType, body);
  if (ip === null || ip.at === 0) return frame;
  return joined(frame.subarray(0, 12), fields([ip.etherType, 2]), body.subarray(ip.at));
}

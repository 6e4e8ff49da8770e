// Addresses of the simulated parties: private IPv4 and documentation IPv6
// (RFC 3849), locally administered MAC addresses.

import { type Delivery, reversedDelivery } from './delivery.js';
import type { Prng } from './prng.js';

/** One end of a media path. */
export interface Endpoint {
  /** Octets of the addresses; the IP address has 4 or 16. */
  mac: readonly number[];
  ip: readonly number[];
  port: number;
}

/** One direction of a media path, with the headers it is wrapped in. */
export interface Path {
  from: Endpoint;
  to: Endpoint;
  /** VLAN ids from outside in. */
  vlan: number[];
  /** Differentiated services code point, 0..63. */
  dscp: number;
  /** How the mirror port delivers it; absent when as it is. */
  delivery?: Delivery;
}

/** Expedited forwarding (RFC 4594 2.3), for voice. */
export const voiceDscp = 46;
/** AF41 (RFC 4594 2.3), for video. */
export const videoDscp = 34;

// Ports from ranges that Wireshark gives to no protocol, lest it take media for something else.
const firstGatewayPort = 50_000;
const callsPerGateway = 1000;
const firstPhonePort = 60_100;
const phonePorts = 1300;

function macOf(role: number, number: number): number[] {
  return [0x02, role, (number >>> 24) & 255, (number >>> 16) & 255, (number >>> 8) & 255, number & 255];
}

function ipOf(ipv6: boolean, role: number, number: number): number[] {
  const low = [(number >>> 16) & 255, (number >>> 8) & 255, number & 255];
  if (!ipv6) return [10, role + (low[0]! & 63), low[1]!, low[2]!];
  // 2001:db8:0:ROLE::NUMBER
  return [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, role, 0, 0, 0, 0, 0, low[0]!, low[1]!, low[2]!];
}

/** The calling end of call `number`: a phone of its own (below 4 million calls). */
export function phone(ipv6: boolean, number: number, prng: Prng): Endpoint {
  const port = firstPhonePort + 4 * prng.below(phonePorts);
  return { mac: macOf(1, number), ip: ipOf(ipv6, 64, number + 1), port };
}

/** The called end of call `number`: one of few gateways, with ports of its own. */
export function gateway(ipv6: boolean, number: number): Endpoint {
  const host = Math.floor(number / callsPerGateway) + 1;
  // Four ports a call: audio, its RTCP, video, its RTCP.
  return {
    mac: macOf(2, host),
    ip: ipOf(ipv6, 192, host),
    port: firstGatewayPort + 4 * (number % callsPerGateway),
  };
}

/** A host that has nothing to do with calls. */
export function host(ipv6: boolean, number: number, port: number): Endpoint {
  return { mac: macOf(3, number), ip: ipOf(ipv6, 1, number + 1), port };
}

/** One end of a tunnel: a router or a mirroring switch. */
export function tunnelEnd(ipv6: boolean, number: number, port: number): Endpoint {
  return { mac: macOf(4, number), ip: ipOf(ipv6, 2, number + 1), port };
}

export function withPort(endpoint: Endpoint, port: number): Endpoint {
  return { ...endpoint, port };
}

/** The other direction of a path. */
export function reversed(path: Path): Path {
  const back: Path = { ...path, from: path.to, to: path.from };
  if (path.delivery !== undefined) back.delivery = reversedDelivery(path.delivery);
  return back;
}

/** An address as people write it; IPv6 as in RFC 5952. */
export function formatIp(ip: readonly number[]): string {
  if (ip.length === 4) return ip.join('.');
  const words = Array.from({ length: 8 }, (_, i) => ((ip[2 * i]! << 8) | ip[2 * i + 1]!).toString(16));
  const text = words.join(':');
  // The longest run of two or more zero words becomes `::`, the first of equal ones.
  const runs = text.match(/\b(?:0:)+0\b/g) ?? [];
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), '');
  if (longest === '') return text;
  return text.replace(new RegExp(`(^|:)${longest}(:|$)`), '::');
}

// Other traffic of a network: DNS, STUN, SIP, TCP and ARP, well formed, between
// hosts that make no calls; and fragmented datagrams that carry no media.
import { host, type Path, reversed } from './endpoints.js';
import type { EventHeap } from './event-heap.js';
import { arpFrame, tcpFrame, udpFragments, udpFrame } from './frames.js';
import { Prng } from './prng.js';

export const noiseKinds = ['dns', 'stun', 'sip', 'tcp', 'arp', 'fragments'] as const;
export type NoiseKind = (typeof noiseKinds)[number];
export type EmitNoise = (atNs: number, kind: NoiseKind, frame: Uint8Array) => void;

const hosts = 50;
const text = new TextEncoder();

export class Noise {
  private readonly prng: Prng;
  private identification = 1;

  /**
   * @param perSecond packets each second, 0 for none
   * @param goesOn whether there is still media; noise ends with it
   */
  constructor(
    private readonly events: EventHeap,
    private readonly emit: EmitNoise,
    private readonly perSecond: number,
    private readonly goesOn: () => boolean,
    seed: number,
  ) {
    this.prng = new Prng(seed);
    if (perSecond > 0) this.schedule(0);
  }

  /** Lets a datagram of 3,200 octets pass in three fragments. */
  addFragments(atNs: number): void {
    const path = this.path(9, 9);
    const payload = text.encode('fragment of a datagram that is no media. '.repeat(78));
    udpFragments(path, payload, this.nextId()).forEach((frame, i) => {
      this.later(atNs + i * 50_000, 'fragments', frame);
    });
  }

  private schedule(nowNs: number): void {
    // An exchange has about two packets.
    const atNs = nowNs + Math.floor((2e9 / this.perSecond) * this.prng.exponential());
    this.events.add(atNs, () => {
      if (!this.goesOn()) return;
      this.exchange(atNs);
      this.schedule(atNs);
    });
  }

  private exchange(atNs: number): void {
    const kinds = [this.dns, this.stun, this.sip, this.tcp, this.arp];
    const answerNs = atNs + Math.floor(this.prng.between(1e6, 30e6));
    kinds[this.prng.below(kinds.length)]!.call(this, atNs, answerNs);
  }

  /** RFC 1035 4: a question for an address, and the answer. */
  private dns(atNs: number, answerNs: number): void {
    const path = this.path(20_000 + this.prng.below(20_000), 53);
    const id = this.prng.below(65_536);
    const name = [7, ...text.encode('example'), 3, ...text.encode('com'), 0];
    const question = [...name, 0, 1, 0, 1];
    const head = [id >> 8, id & 255];
    const query = Uint8Array.of(...head, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0, ...question);
    const record = [0xc0, 12, 0, 1, 0, 1, 0, 0, 14, 16, 0, 4, 192, 0, 2, 1 + this.prng.below(250)];
    const answer = Uint8Array.of(...head, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0, ...question, ...record);
    this.udpExchange('dns', path, atNs, query, answerNs, answer);
  }

  /** RFC 8489 5: a binding request and its success, with the mapped address. */
  private stun(atNs: number, answerNs: number): void {
    const path = this.path(40_000 + this.prng.below(20_000), 3478);
    const cookie = [0x21, 0x12, 0xa4, 0x42];
    const transaction = Array.from({ length: 12 }, () => this.prng.below(256));
    const request = Uint8Array.of(0x00, 0x01, 0, 0, ...cookie, ...transaction);
    const port = path.from.port ^ 0x2112;
    const address = [...path.from.ip].map((octet, i) => octet ^ cookie[i]!);
    const mapped = [0x00, 0x20, 0, 8, 0, 1, port >> 8, port & 255, ...address];
    const answer = Uint8Array.of(0x01, 0x01, 0, mapped.length, ...cookie, ...transaction, ...mapped);
    this.udpExchange('stun', path, atNs, request, answerNs, answer);
  }

  /** RFC 3261 11: OPTIONS as a keep-alive. */
  private sip(atNs: number, answerNs: number): void {
    const path = this.path(5060, 5060);
    const common = [
      `Via: SIP/2.0/UDP phone.example.com:5060;branch=z9hG4bK${this.prng.uint32().toString(16)}`,
      `From: <sip:phone@example.com>;tag=${this.prng.uint32().toString(16)}`,
      `To: <sip:proxy@example.com>`,
      `Call-ID: ${this.prng.uint32().toString(16)}@phone.example.com`,
      'CSeq: 1 OPTIONS',
    ];
    const end = ['Content-Length: 0', '', ''];
    const request = ['OPTIONS sip:proxy@example.com SIP/2.0', ...common, 'Max-Forwards: 70', ...end];
    const answer = ['SIP/2.0 200 OK', ...common, ...end];
    const [requestBytes, answerBytes] = [request, answer].map((lines) => text.encode(lines.join('\r\n')));
    this.udpExchange('sip', path, atNs, requestBytes!, answerNs, answerBytes!);
  }

  /** A TCP handshake. */
  private tcp(atNs: number, answerNs: number): void {
    const path = this.path(30_000 + this.prng.below(20_000), 80);
    const [here, there] = [this.prng.uint32(), this.prng.uint32()];
    const none = new Uint8Array(0);
    this.emit(atNs, 'tcp', tcpFrame(path, here, 0, 0x02, none, this.nextId()));
    const next = (here + 1) >>> 0;
    this.later(answerNs, 'tcp', tcpFrame(reversed(path), there, next, 0x12, none, this.nextId()));
    this.later(answerNs + 100_000, 'tcp', tcpFrame(path, next, (there + 1) >>> 0, 0x10, none, this.nextId()));
  }

  private arp(atNs: number): void {
    this.emit(atNs, 'arp', arpFrame(this.path(0, 0)));
  }

  private udpExchange(
    kind: NoiseKind,
    path: Path,
    atNs: number,
    request: Uint8Array,
    answerNs: number,
    answer: Uint8Array,
  ): void {
    this.emit(atNs, kind, udpFrame(path, request, this.nextId()));
    this.later(answerNs, kind, udpFrame(reversed(path), answer, this.nextId()));
  }

  private later(atNs: number, kind: NoiseKind, frame: Uint8Array): void {
    this.events.add(atNs, () => this.emit(atNs, kind, frame));
  }

  private path(fromPort: number, toPort: number): Path {
    const from = host(false, this.prng.below(hosts), fromPort);
    const to = host(false, hosts + this.prng.below(hosts), toPort);
    return { from, to, vlan: [], dscp: 0 };
  }

  private nextId(): number {
    this.identification += 1;
    return this.identification;
  }
}

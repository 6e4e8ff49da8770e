// From the options to the list of streams: who sends what to whom, from when
// to when, and with which numbers it begins.
import { type Codec, findCodec, framesPerPacket } from './codecs.js';
import { planDelivery } from './delivery-plan.js';
import type { LayerSpec } from './encapsulation/layer.js';
import { innerVersion, parseEncapsulation } from './encapsulation/parse.js';
import {
  type Endpoint,
  gateway,
  type Path,
  phone,
  reversed,
  videoDscp,
  voiceDscp,
  withPort,
} from './endpoints.js';
import { type LossModel, lossModel } from './loss.js';
import { redPayloadType } from './media/redundancy.js';
import type { GroupOptions, MediaOptions, SimulateOptions } from './options.js';
import { deriveSeed, mix32, Prng } from './prng.js';
import { videoClockRate, videoPayloadType } from './video-model.js';

export interface StreamPlan {
  /** Number of the call, or of the one-way stream. */
  call: number;
  /** `forward` from the calling to the called end; `one-way` has no other direction. */
  direction: 'forward' | 'reverse' | 'one-way';
  group: string;
  media: MediaOptions;
  loss: LossModel;
  /** Null for video. */
  codec: Codec | null;
  codecName: string;
  payloadType: number;
  clockRate: number;
  /** Packet time in ms; for video the time between frames. */
  ptimeMs: number;
  path: Path;
  ssrc: number;
  startNs: number;
  lengthNs: number;
  /** One-way delay from the sender to the tap and from the tap to the receiver. */
  legBeforeMs: number;
  legAfterMs: number;
  /** The same of what the receiver sends back: to the tap, and from there to the sender. */
  backBeforeMs: number;
  backAfterMs: number;
  seed: number;
  firstSequence: number;
  firstTimestamp: number;
  restartAfterNs: number | null;
}

/** SSRC of party `number`: no two are equal. */
export function ssrcOf(seed: number, number: number): number {
  return mix32(mix32(seed) ^ number);
}

/** Numbers from here on are the SSRCs of receivers that send no stream. */
export const receiverNumbers = 0x4000_0000;

/** All streams; both directions of a medium follow each other. */
export function planStreams(options: SimulateOptions): StreamPlan[] {
  const planner = new Planner(options);
  for (const group of groupsOf(options)) planner.addGroup(group, false);
  planner.addGroup({ name: 'streams', calls: options.streams }, true);
  return planner.plans;
}

/** The groups with as many calls as asked for in all, each in its share. */
function groupsOf(options: SimulateOptions): GroupOptions[] {
  const groups = options.groups;
  if (groups === null || groups.length === 0) return [{ name: 'all', calls: options.calls }];
  const weight = groups.reduce((sum, group) => sum + group.calls, 0);
  let passed = 0;
  let given = 0;
  return groups.map((group) => {
    passed += group.calls;
    const upTo = Math.round((options.calls * passed) / weight);
    const calls = upTo - given;
    given = upTo;
    return { ...group, calls };
  });
}

function payloadTypeOf(codec: Codec | null, media: MediaOptions): number {
  if (codec === null) return videoPayloadType;
  return media.redGenerations > 0 ? redPayloadType : codec.payloadType;
}

/** What the streams of one call have in common. */
type Session = Pick<StreamPlan, 'call' | 'group' | 'path' | 'startNs' | 'lengthNs'> & { ways: Ways };

/** Both directions, from the calling to the called end first. */
type Ways = readonly [Way, Way];

/** One direction of all streams of a group: one object for all, as it is looked at with every packet. */
interface Way {
  media: MediaOptions;
  loss: LossModel;
  beforeMs: number;
  afterMs: number;
}

function wayOf(media: MediaOptions, isBack: boolean): Way {
  const [near, far] = media.legDelayMs;
  return {
    media,
    loss: media.gilbert ?? lossModel(media.lossRatio, media.meanLossRun),
    beforeMs: media.upstreamDelayMs ?? (isBack ? far : near),
    afterMs: media.downstreamDelayMs ?? (isBack ? near : far),
  };
}

class Planner {
  readonly plans: StreamPlan[] = [];
  private readonly rampMs: number;
  private readonly durationNs: number;
  private call = 0;
  /** Of the call before: its phone, and where its streams begin. */
  private phone: Endpoint | null = null;
  private callAt = 0;
  private ssrcOffset = 0;

  constructor(private readonly options: SimulateOptions) {
    const { durationMs, rampMs } = options;
    this.rampMs = rampMs ?? Math.min(2000, (durationMs ?? 20_000) / 10);
    this.durationNs = durationMs === null ? Number.POSITIVE_INFINITY : durationMs * 1e6;
  }

  addGroup(group: GroupOptions, oneWay: boolean): void {
    const { name, calls, ...overrides } = group;
    const media: MediaOptions = { ...this.options, ...overrides };
    const back = media.reverse === null ? media : { ...media, ...media.reverse };
    const ways: Ways = [wayOf(media, false), wayOf(back, true)];
    const encapsulations = media.encap.map((item) => parseEncapsulation(item, media.vlan.length > 0));
    for (let i = 0; i < calls; i += 1) {
      // Calls that are alike within have everything alike but the time and the tunnel.
      const turn = media.overlap ? i >> 1 : i;
      const codec = findCodec(media.codecs[turn % media.codecs.length]!)!;
      const own = encapsulations.map(({ layers }) => layers);
      const layers =
        media.encapTurn === 'packet' ? own : own.slice(turn % own.length, (turn % own.length) + 1);
      // Spread evenly: every time the share adds up to another whole call.
      const share = Math.floor((turn + 1) * media.ipv6Share) > Math.floor(turn * media.ipv6Share);
      const ipv6 = innerVersion(layers) ?? share;
      const isSecond = media.overlap && i % 2 === 1;
      this.addCall({ group: name, ways }, codec, ipv6, oneWay, isSecond, layers);
    }
  }

  private addCall(
    group: Pick<Session, 'group' | 'ways'>,
    codec: Codec,
    ipv6: boolean,
    oneWay: boolean,
    isSecond: boolean,
    layers: readonly LayerSpec[][],
  ): void {
    const { call } = this;
    const { seed, shortestShare } = this.options;
    this.call += 1;
    const { media } = group.ways[0];
    const prng = new Prng(deriveSeed(seed ^ 0x5ca1ab1e, call));
    const startNs = Math.floor(prng.uniform() * this.rampMs * 1e6);
    const lengthNs = Math.floor(this.durationNs * prng.between(shortestShare, 1));
    // The second of two calls that are alike within has the addresses and SSRCs of the first.
    const party = isSecond ? call - 1 : call;
    this.ssrcOffset = isSecond ? this.plans.length - this.callAt : 0;
    this.callAt = this.plans.length;
    const ownPhone = phone(ipv6, party, prng);
    const from = isSecond ? this.phone! : ownPhone;
    this.phone = from;
    const to = gateway(ipv6, party);
    const path: Path = { from, to, vlan: media.vlan, dscp: voiceDscp };
    const delivery = planDelivery(media, layers, seed, party, isSecond);
    if (delivery !== null) path.delivery = delivery;
    const session = { ...group, call, path, startNs, lengthNs };
    this.addMedium(session, codec, oneWay, prng);
    if (!media.video) return;
    const beside: Path = {
      ...path,
      from: media.bundle ? from : withPort(from, from.port + 2),
      to: media.bundle ? to : withPort(to, to.port + 2),
      dscp: videoDscp,
    };
    this.addMedium({ ...session, path: beside }, null, oneWay, prng);
  }

  private addMedium(session: Session, codec: Codec | null, oneWay: boolean, prng: Prng): void {
    this.addStream(session, codec, oneWay ? 'one-way' : 'forward', prng);
    if (oneWay) return;
    // The other end is not in step.
    const startNs = session.startNs + Math.floor(prng.uniform() * session.ways[0].media.ptimeMs * 1e6);
    this.addStream({ ...session, path: reversed(session.path), startNs }, codec, 'reverse', prng);
  }

  private addStream(
    session: Session,
    codec: Codec | null,
    direction: StreamPlan['direction'],
    prng: Prng,
  ): void {
    const { ways, ...rest } = session;
    const [there, back] = direction === 'reverse' ? [ways[1], ways[0]] : ways;
    const { media, loss } = there;
    const clockRate = codec?.clockRate ?? videoClockRate;
    const number = this.plans.length;
    const isRestarted = media.restart && codec !== null;
    this.plans.push({
      ...rest,
      media,
      loss,
      direction,
      codec,
      codecName: codec?.name ?? 'H264',
      payloadType: payloadTypeOf(codec, media),
      clockRate,
      ptimeMs: codec === null ? 1000 / 30 : framesPerPacket(codec, media.ptimeMs) * codec.frameMs,
      ssrc: ssrcOf(this.options.seed, number - this.ssrcOffset),
      legBeforeMs: there.beforeMs,
      legAfterMs: there.afterMs,
      backBeforeMs: back.beforeMs,
      backAfterMs: back.afterMs,
      seed: deriveSeed(this.options.seed, number),
      firstSequence: media.sequenceStart ?? (media.wrap ? 65_400 + prng.below(100) : prng.below(65_536)),
      firstTimestamp: media.wrap ? 2 ** 32 - Math.floor(clockRate * prng.between(0.5, 1.5)) : prng.uint32(),
      restartAfterNs: isRestarted
        ? Math.floor(this.expectedNs(session.lengthNs) * prng.between(0.4, 0.6))
        : null,
    });
  }

  /** Length of a stream, guessed from the number of packets when it has no end of its own. */
  private expectedNs(lengthNs: number): number {
    if (Number.isFinite(lengthNs)) return lengthNs;
    const { packets, ptimeMs, calls, streams } = this.options;
    return ((packets ?? 0) / (2 * calls + streams)) * ptimeMs * 1e6;
  }
}

// Gives every medium of every call its two RTCP endpoints, or all media of a
// bundled call theirs together.
import { type Path, reversed, withPort } from './endpoints.js';
import type { EventHeap } from './event-heap.js';
import { FarEnd } from './far-end.js';
import { startFeedback } from './feedback-sender.js';
import { receiverNumbers, ssrcOf } from './plan.js';
import { deriveSeed, Prng } from './prng.js';
import { RtcpEndpoint } from './rtcp-endpoint.js';
import { type EmitFrame, RtcpLink } from './rtcp-link.js';
import type { SimulatedStream } from './stream.js';
import { WallClock } from './wall-clock.js';

/** What all sessions of a simulation share. */
interface Stage {
  events: EventHeap;
  emit: EmitFrame;
  seed: number;
  /** Capture time of time 0, ns since the Unix epoch. */
  epochNs: bigint;
}

/** Starts RTCP for all streams that ask for it. */
export function startRtcp(streams: readonly SimulatedStream[], stage: Stage): void {
  for (let i = 0; i < streams.length; ) {
    const forward: SimulatedStream[] = [];
    const back: SimulatedStream[] = [];
    const { plan } = streams[i]!;
    do {
      const stream = streams[i]!;
      forward.push(stream);
      i += 1;
      // The other direction of a medium comes right behind it, and the next medium behind that.
      if (stream.plan.direction !== 'forward') continue;
      back.push(streams[i]!);
      i += 1;
    } while (plan.media.bundle && streams[i]?.plan.call === plan.call);
    if (plan.media.rtcpIntervalMs !== null) startSession(forward, back, stage);
  }
}

function startSession(forward: SimulatedStream[], back: SimulatedStream[], stage: Stage): void {
  const { seed, epochNs, events, emit } = stage;
  const first = forward[0]!;
  const { plan } = first;
  const streams = [...forward, ...back];
  const path = plan.media.bundle ? plan.path : rtcpPath(plan.path, plan.media.rtcpMux);
  const common = {
    intervalNs: (plan.media.rtcpIntervalMs ?? 0) * 1e6,
    startNs: Math.max(plan.startNs, back[0]?.plan.startNs ?? 0),
    endNs: Math.max(...streams.map((stream) => stream.plan.startNs + stream.plan.lengthNs)),
  };
  // What the called end sends goes as its stream would, also when there is none.
  const backPlan = back[0]?.plan ?? {
    ...{ ...plan, legBeforeMs: plan.backBeforeMs, legAfterMs: plan.backAfterMs },
    media: plan.media.reverse === null ? plan.media : { ...plan.media, ...plan.media.reverse },
  };
  const sides = [
    { own: forward, peers: back, path, way: plan, ssrc: first.ssrc, name: 'calling' },
    {
      own: back,
      peers: forward,
      path: reversed(path),
      way: backPlan,
      ssrc: back[0]?.ssrc ?? ssrcOf(seed, receiverNumbers + first.id),
      name: 'called',
    },
  ];
  const ends = sides.map(({ name, path: wayPath, way, ...side }, i) => {
    const prng = new Prng(deriveSeed(seed ^ 0x27c9, 2 * first.id + i));
    // The clocks of the ends are up to 30 s off, each its own way.
    const offsetNs = BigInt(Math.floor(prng.between(-30e9, 30e9)));
    const clock = new WallClock(epochNs + offsetNs, way.media.wallSkewPpm);
    for (const stream of side.own) {
      stream.clock = { offsetMs: Number(offsetNs) / 1e6, skewPpm: way.media.wallSkewPpm };
    }
    for (const stream of side.peers) {
      stream.far = new FarEnd(stream.plan, stream.trackFates(), clock, deriveSeed(seed ^ 0x3d31, stream.id));
    }
    const linkPrng = new Prng(deriveSeed(seed ^ 0x51c7, 2 * first.id + i));
    const link = new RtcpLink(way, way.legBeforeMs, way.legAfterMs, wayPath, events, emit, linkPrng);
    const cname = `${name}-${plan.call}@example.com`;
    const coverPrng = new Prng(deriveSeed(seed ^ 0x6a09, 2 * first.id + i));
    const endpointPlan = { ...common, ...side, cname, clock, link, media: way.media };
    return new RtcpEndpoint(endpointPlan, events, prng, coverPrng);
  });
  ends[0]!.other = ends[1]!;
  ends[1]!.other = ends[0]!;
  for (const end of ends) startFeedback(end, events);
}

function rtcpPath(path: Path, mux: boolean): Path {
  if (mux) return path;
  return { ...path, from: withPort(path.from, path.from.port + 1), to: withPort(path.to, path.to.port + 1) };
}

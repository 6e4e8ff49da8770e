// Gives every medium of every call its two RTCP endpoints.
import { type Path, reversed, withPort } from './endpoints.js';
import type { EventHeap } from './event-heap.js';
import { receiverNumbers, ssrcOf } from './plan.js';
import { deriveSeed, Prng } from './prng.js';
import { type EmitFrame, RtcpEndpoint } from './rtcp-endpoint.js';
import type { SimulatedStream } from './stream.js';

/**
 * Starts RTCP for all streams that ask for it.
 * @param epochNs capture time of time 0, ns since the Unix epoch
 */
export function startRtcp(
  streams: readonly SimulatedStream[],
  events: EventHeap,
  emit: EmitFrame,
  seed: number,
  epochNs: bigint,
): void {
  for (let i = 0; i < streams.length; i += 1) {
    const forward = streams[i]!;
    // The other direction of a medium comes right behind it.
    const back = forward.plan.direction === 'forward' ? streams[++i]! : null;
    if (forward.plan.media.rtcpIntervalMs !== null) startSession(forward, back, events, emit, seed, epochNs);
  }
}

function startSession(
  forward: SimulatedStream,
  back: SimulatedStream | null,
  events: EventHeap,
  emit: EmitFrame,
  seed: number,
  epochNs: bigint,
): void {
  const { plan } = forward;
  const ends = [forward, back].map((stream) =>
    stream === null ? 0 : stream.plan.startNs + stream.plan.lengthNs,
  );
  const path = rtcpPath(plan.path, plan.media.rtcpMux);
  const common = {
    intervalNs: (plan.media.rtcpIntervalMs ?? 0) * 1e6,
    startNs: Math.max(plan.startNs, back?.plan.startNs ?? 0),
    endNs: Math.max(...ends),
  };
  const sides = [
    { own: forward, peer: back, path, legNs: plan.legBeforeMs * 1e6, ssrc: forward.ssrc, name: 'calling' },
    {
      own: back,
      peer: forward,
      path: reversed(path),
      legNs: plan.legAfterMs * 1e6,
      ssrc: back?.ssrc ?? ssrcOf(seed, receiverNumbers + forward.id),
      name: 'called',
    },
  ];
  sides.forEach(({ name, ...side }, i) => {
    const prng = new Prng(deriveSeed(seed ^ 0x27c9, 2 * forward.id + i));
    // The clocks of the ends are up to 30 s off, each its own way.
    const clockNs = epochNs + BigInt(Math.floor(prng.between(-30e9, 30e9)));
    const cname = `${name}-${plan.call}@example.com`;
    new RtcpEndpoint({ ...common, ...side, cname, clockNs }, events, emit, prng);
  });
}

function rtcpPath(path: Path, mux: boolean): Path {
  if (mux) return path;
  return { ...path, from: withPort(path.from, path.from.port + 1), to: withPort(path.to, path.to.port + 1) };
}

// From the options given to complete and sensible ones.
import { RtpsondeError } from '../ops/errors.js';
import { codecNames, findCodec } from './codecs.js';
import { checkDelivery } from './delivery-plan.js';
import { defaultOptions, type MediaOptions, type SimulateOptions } from './options.js';
import { type Profile, presets } from './presets.js';
import { canSend } from './xr-blocks.js';

export interface SimulateRequest extends Partial<SimulateOptions> {
  profile?: Profile;
}

/**
 * Fills in the profile and the defaults. A media option that is given explicitly
 * holds for all groups of the profile. Throws ERR_USAGE when something cannot be.
 */
export function resolveOptions(request: SimulateRequest): SimulateOptions {
  const { profile, ...given } = request;
  const preset = profile === undefined ? {} : presets[profile];
  const options: SimulateOptions = { ...defaultOptions, ...preset, ...given };
  if (given.packets !== undefined && given.durationMs === undefined) options.durationMs = null;
  if (options.groups !== null) {
    if (given.calls === undefined)
      options.calls = options.groups.reduce((sum, group) => sum + group.calls, 0);
    options.groups = options.groups.map((group) => {
      const explicit = Object.entries(given).filter(([name]) => name in group && name !== 'calls');
      const reverse = group.reverse == null ? {} : { reverse: without(group.reverse, Object.keys(given)) };
      return { ...group, ...reverse, ...Object.fromEntries(explicit) };
    });
  }
  if (given.streams !== undefined && given.calls === undefined) options.calls = 0;
  check(options);
  checkDelivery(options);
  for (const group of options.groups ?? [{}]) {
    const media: MediaOptions = { ...options, ...group };
    checkMedia(media);
    if (media.reverse !== null) checkMedia({ ...media, ...media.reverse });
  }
  return options;
}

function without<T extends object>(object: T, names: readonly string[]): Partial<T> {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name))) as Partial<T>;
}

function refuse(message: string): never {
  throw new RtpsondeError('ERR_USAGE', message);
}

function check(options: SimulateOptions): void {
  const { calls, streams, durationMs, packets, shortestShare } = options;
  if (calls + streams < 1) refuse('nothing to simulate: neither calls nor streams are asked for');
  if (calls > 2_000_000 || streams > 2_000_000) refuse('more than 2,000,000 calls or streams');
  if (durationMs === null && packets === null) refuse('a duration or a number of packets is wanted');
  if (durationMs !== null && !(durationMs > 0 && durationMs <= 86_400_000 * 7)) {
    refuse('the duration must be more than 0 and no more than 7 days');
  }
  if (packets !== null && !(packets >= 1)) refuse('the number of packets must be at least 1');
  if (!(shortestShare > 0 && shortestShare <= 1)) refuse('the shortest share must be above 0 and at most 1');
  if (options.rampMs !== null && !(options.rampMs >= 0)) refuse('the ramp must not be negative');
  if (!(options.noisePerSecond >= 0 && options.noisePerSecond <= 1e6))
    refuse('noise must be 0 to 1,000,000 packets/s');
  if (!(options.captureLossRatio >= 0 && options.captureLossRatio <= 0.9)) {
    refuse('capture loss must be 0 to 90 %');
  }
  const drops = options.spanDrops;
  if (drops !== null && !(drops.lengthMs > 0 && drops.everyMs >= 1 && drops.lengthMs < 60_000)) {
    refuse('span drops want a length above 0 and below 60 s, and at least 1 ms between them');
  }
  const startMs = Date.parse(options.start);
  if (!(startMs >= 0 && startMs < 2 ** 32 * 1000)) {
    refuse(`start ${options.start}: a time as 2026-01-01T00:00:00Z is wanted, from 1970 to 2105`);
  }
}

function checkMedia(media: MediaOptions): void {
  checkLegs(media);
  checkRtcp(media);
  if (media.codecs.length === 0) refuse('no codec is named');
  for (const name of media.codecs) {
    if (findCodec(name) === undefined)
      refuse(`codec ${name} is not known; known are ${codecNames.join(', ')}`);
  }
  if (!(media.ptimeMs >= 2.5 && media.ptimeMs <= 200)) refuse('the packet time must be 2.5 to 200 ms');
  const shares = {
    loss: media.lossRatio,
    'downstream loss': media.downstreamLossRatio,
    'downstream duplicates': media.downstreamDuplicateRatio,
    duplicates: media.duplicateRatio,
    reorder: media.reorderRatio,
    ipv6: media.ipv6Share,
  };
  for (const [name, share] of Object.entries(shares)) {
    if (!(share >= 0 && share <= 1)) refuse(`${name} must be 0 to 100 %`);
  }
  if (media.reorderRatio > 0.5) refuse('when more than 50 % are overtaken, nobody is left to overtake');
  if (Math.max(media.lossRatio, media.downstreamLossRatio) > 0.9)
    refuse('more than 90 % of loss leaves too little to measure');
  if (media.meanLossRun !== null && !(media.meanLossRun >= 1)) refuse('a loss run has at least 1 packet');
  if (media.gilbert !== null) {
    const { p, q } = media.gilbert;
    if (!(p >= 0 && p <= 1 && q > 0 && q <= 1))
      refuse('the Gilbert model wants p from 0 to 1 and q above 0 up to 1');
  }
  if (!(Number.isInteger(media.reorderMax) && media.reorderMax >= 1 && media.reorderMax <= 20)) {
    refuse('a reordered packet may fall 1 to 20 packets behind');
  }
  if (!(media.jitterMs >= 0 && media.jitterMs <= 10_000)) refuse('jitter must be 0 to 10 s');
  if (!(Math.abs(media.skewPpm) <= 100_000)) refuse('skew must be within 100,000 ppm');
  if (!(Math.abs(media.skewDriftPpmPerHour) <= 1000)) refuse('skew drift must be within 1,000 ppm/hour');
  if (!media.legDelayMs.every((ms) => ms >= 0 && ms <= 10_000)) refuse('a leg delay must be 0 to 10 s');
  if (media.vlan.length > 2 || !media.vlan.every((id) => Number.isInteger(id) && id >= 1 && id <= 4094)) {
    refuse('one or two VLAN ids from 1 to 4094 are wanted');
  }
  if (media.sequenceStart !== null && !(media.sequenceStart >= 0 && media.sequenceStart <= 65_535)) {
    refuse('a sequence number is 0 to 65535');
  }
  const { redGenerations, transmissionOffsetId } = media;
  if (!(Number.isInteger(redGenerations) && redGenerations >= 0 && redGenerations <= 8))
    refuse('0 to 8 older packets can be repeated in each');
  if (transmissionOffsetId !== null && !(transmissionOffsetId >= 1 && transmissionOffsetId <= 14))
    refuse('the id of a one-byte header extension is 1 to 14');
  const steps = media.delaySteps;
  if (steps.some((step, i) => step.atMs < 0 || (i > 0 && step.atMs < steps[i - 1]!.atMs))) {
    refuse('delay steps are wanted in the order of their times');
  }
}

function checkLegs(media: MediaOptions): void {
  for (const delayMs of [media.upstreamDelayMs, media.downstreamDelayMs]) {
    if (delayMs !== null && !(delayMs >= 0 && delayMs <= 10_000)) refuse('a leg delay must be 0 to 10 s');
  }
  if (!(media.downstreamJitterMs >= 0 && media.downstreamJitterMs <= 10_000)) {
    refuse('downstream jitter must be 0 to 10 s');
  }
  const run = media.downstreamMeanLossRun;
  if (run !== null && !(run >= 1)) refuse('a loss run has at least 1 packet');
  if (!(Math.abs(media.wallSkewPpm) <= 100_000)) refuse('wall clock skew must be within 100,000 ppm');
}

function checkRtcp(media: MediaOptions): void {
  if (media.rtcpIntervalMs !== null && !(media.rtcpIntervalMs >= 500)) {
    refuse('RTCP reports are at least 500 ms apart');
  }
  const { rtcpPadding, rtcpIntervalMs, xr, feedback } = media;
  const isSeenByRtcp =
    [...xr, ...feedback].length > 0 || media.downstreamLossRatio > 0 || media.downstreamDuplicateRatio > 0;
  if (rtcpIntervalMs === null && isSeenByRtcp) {
    refuse('extended reports, feedback and what happens behind the tap want RTCP (--rtcp)');
  }
  if (!(Number.isInteger(rtcpPadding / 4) && rtcpPadding >= 0 && rtcpPadding <= 252)) {
    refuse('RTCP padding is 0 to 252 octets in steps of 4');
  }
  for (const type of xr) {
    if (!canSend(type)) refuse(`extended report block ${type} cannot be simulated`);
  }
}

// The sender of a planned stream: audio or video, and what more it does to its
// packets.
import { AudioModel } from './audio-model.js';
import { DetailedModel } from './media/detailed-model.js';
import type { MediaModel } from './media-model.js';
import type { StreamPlan } from './plan.js';
import { deriveSeed, Prng } from './prng.js';
import { VideoModel } from './video-model.js';

/** The sender of a planned stream. */
export function createModel(plan: StreamPlan, prng: Prng): MediaModel {
  const sender = createSender(plan, prng);
  const { redGenerations: generations, transmissionOffsetId } = plan.media;
  const isPaced = transmissionOffsetId !== null;
  if (generations === 0 && !isPaced) return sender;
  const { clockRate, ptimeMs } = plan;
  const pacing = new Prng(deriveSeed(plan.seed, 0x5450));
  return new DetailedModel(sender, { clockRate, ptimeMs, generations, isPaced }, pacing);
}

function createSender(plan: StreamPlan, prng: Prng): MediaModel {
  const { startNs, lengthNs, firstSequence, firstTimestamp, media } = plan;
  const { skewPpm, skewDriftPpmPerHour } = media;
  const common = { startNs, lengthNs, skewPpm, skewDriftPpmPerHour, firstSequence, firstTimestamp };
  if (plan.codec === null) return new VideoModel(common, prng);
  const { dtx, dtmf, ptimeMs } = media;
  return new AudioModel(
    { ...common, codec: plan.codec, ptimeMs, dtx, dtmf, restartAfterNs: plan.restartAfterNs },
    prng,
  );
}

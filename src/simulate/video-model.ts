// A sender of video in the manner of H.264: 30 frames a second, each of one to
// two dozen packets that share one timestamp, the last with the marker bit.
import { MediaModel, packetKind } from './media-model.js';
import type { Prng } from './prng.js';
import { SamplingClock } from './sampling-clock.js';

/** RTP clock of video (RFC 6184), Hz. */
export const videoClockRate = 90_000;
/** Dynamic payload type of the video streams. */
export const videoPayloadType = 97;

export interface VideoPlan {
  startNs: number;
  /** Length of the stream in ns; Infinity for no end. */
  lengthNs: number;
  skewPpm: number;
  skewDriftPpmPerHour: number;
  firstSequence: number;
  firstTimestamp: number;
}

const framesPerSecond = 30;
/** By the clock of the sender. */
const frameNs = 1e9 / framesPerSecond;
/** Frames from one key frame to the next. */
const keyInterval = 60;
const packetSpacingNs = 200_000;
const fullOctets = 1100;

export class VideoModel extends MediaModel {
  private readonly startNs: number;
  private readonly clock: SamplingClock;
  private readonly firstTimestamp: number;
  private readonly prng: Prng;
  private frames: number;
  private frame = -1;
  private packet = 0;
  private packets = 0;

  constructor(plan: VideoPlan, prng: Prng) {
    super();
    this.startNs = plan.startNs;
    this.clock = new SamplingClock(plan.skewPpm, plan.skewDriftPpmPerHour);
    this.frames = Math.max(1, Math.floor((plan.lengthNs * this.clock.rate) / frameNs));
    this.firstTimestamp = plan.firstTimestamp;
    this.sequence = (plan.firstSequence - 1) & 0xffff;
    this.prng = prng;
    this.kind = packetKind.video;
    this.payloadType = videoPayloadType;
  }

  advance(): boolean {
    if (this.packet >= this.packets) {
      if (this.frame + 1 >= this.frames) return false;
      this.frame += 1;
      this.packet = 0;
      const isKey = this.frame % keyInterval === 0;
      this.packets = isKey ? 12 + this.prng.below(12) : 1 + this.prng.below(5);
      this.timestamp = (this.firstTimestamp + this.frame * (videoClockRate / framesPerSecond)) | 0;
    }
    this.marker = this.packet === this.packets - 1;
    this.payloadOctets = this.marker ? 100 + this.prng.below(fullOctets - 100) : fullOctets;
    const sentNs = Math.floor(this.clock.timeOf(this.frame * frameNs));
    this.sendNs = this.startNs + sentNs + this.packet * packetSpacingNs;
    this.packet += 1;
    this.countPacket();
    return true;
  }

  runway(): number {
    // Each later frame has one packet at least.
    return this.packets - this.packet + Math.max(0, this.frames - this.frame - 1);
  }

  stop(): void {
    this.frames = 0;
    this.packet = this.packets;
  }

  timestampAt(atNs: number): number {
    const frames = this.clock.countedAt(atNs - this.startNs) / frameNs;
    return (this.firstTimestamp + Math.round((frames * videoClockRate) / framesPerSecond)) >>> 0;
  }
}

// What the audio of a stream sounds like as far as it passed the tap.
import { levelDbm0 } from './g711.js';
import type { SpeechClip } from './speech-clip.js';

export interface AudioFacts {
  /** Mean power of the bursts, dBm0; null when none was seen. */
  signalLevelDbm0: number | null;
  /** Mean power of the silence between them, dBm0; null when none was seen. */
  noiseLevelDbm0: number | null;
  /** Share of the samples that are silence, 0..1; null without samples. */
  silenceShare: number | null;
  /** Share of the samples at the end of the scale, 0..1; null without samples. */
  clippedShare: number | null;
}

export class AudioTruth {
  private samples = 0;
  private active = 0;
  private activeSquares = 0;
  private silentSquares = 0;
  private clipped = 0;

  constructor(private readonly clip: SpeechClip) {}

  /** Samples from a position in the clip pass the tap. */
  hear(position: number, octets: number): void {
    const part = this.clip.part(position, octets);
    this.samples += part.samples;
    this.active += part.active;
    this.activeSquares += part.activeSquares;
    this.silentSquares += part.silentSquares;
    this.clipped += part.clipped;
  }

  facts(): AudioFacts {
    const { samples, active } = this;
    const silent = samples - active;
    const level = (squares: number, count: number) =>
      count === 0 ? null : levelDbm0(this.clip.law, squares / count);
    return {
      signalLevelDbm0: level(this.activeSquares, active),
      noiseLevelDbm0: level(this.silentSquares, silent),
      silenceShare: samples === 0 ? null : silent / samples,
      clippedShare: samples === 0 ? null : this.clipped / samples,
    };
  }
}

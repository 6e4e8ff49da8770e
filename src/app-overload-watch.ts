// Tells in the log when the probe cannot keep up and measures a part of the streams only, and when that is over.
import type { CounterValues } from './native/block.js';
import { shedAdmittedShares, shedKeptShares } from './native/record.gen.js';
import type { Log } from './ops/logger.js';

const oneIn = (share: number | undefined) => `1 in ${Math.round(1 / (share ?? 1))}`;

/** What is measured at a level of shedding above 0, in words. */
function measured(level: number): string {
  const streams = `${oneIn(shedAdmittedShares[level])} new streams is measured`;
  const kept = shedKeptShares[level] ?? 1;
  return kept < 1 ? `${streams}, ${oneIn(kept)} running ones is kept` : streams;
}

export class OverloadWatch {
  #level = 0;
  #packets = 0;
  #streams = 0;

  constructor(private readonly logger: Pick<Log['logger'], 'info' | 'warn'>) {}

  /** Logs what is new; gives words for the front of a status line, empty while everything is measured. */
  look({ shedLevel, shed, streamsShed }: CounterValues): string {
    if (shedLevel > this.#level)
      this.logger.warn({ level: shedLevel }, `the probe cannot keep up: ${measured(shedLevel)}`);
    else if (shedLevel === 0 && shed > this.#packets) {
      const packets = shed - this.#packets;
      const streams = streamsShed - this.#streams;
      this.logger.info(
        { level: 0, packets, streams },
        `all streams are measured again; ${packets} packets were shed, ${streams} running streams let go`,
      );
    } else if (shedLevel > 0 && shedLevel < this.#level)
      this.logger.info({ level: shedLevel }, `there is room again: ${measured(shedLevel)}`);
    if (shedLevel === 0) {
      this.#packets = shed;
      this.#streams = streamsShed;
    }
    this.#level = shedLevel;
    return shedLevel > 0 ? `cannot keep up, ${measured(shedLevel)}; ` : '';
  }
}

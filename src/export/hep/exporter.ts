// Summaries to a HEP collector (Homer, heplify-server, Kamailio) over UDP, TCP or TLS.
import type { Clock } from '../../ops/clock.js';
import { DeliveryError, type Exporter, type SummaryLine } from '../exporter.js';
import { reveal, type Secret } from '../http-secrets.js';
import { UnconfirmedSender, type UnconfirmedSenderOptions } from '../unconfirmed-sender.js';
import { MAX_FRAME_BYTES } from './frame.js';
import { type FrameOptions, type Frames, framesOf } from './frames.js';

export interface HepExporterOptions extends UnconfirmedSenderOptions {
  name: string;
  /** Asked for each batch, so that what it gives may change. */
  password: Secret | undefined;
  frames: Omit<FrameOptions, 'password'>;
  /** Largest datagram, bytes of HEP. */
  maxDatagramBytes: number;
}

/** Frames written at once over TCP, bytes. */
const WRITE_BYTES = 128 * 1024;

export class HepExporter implements Exporter {
  readonly name: string;
  readonly #options: HepExporterOptions;
  readonly #sender: UnconfirmedSender;
  /** The last batch as frames, so that a retry costs nothing. */
  #encoded: { batch: readonly SummaryLine[]; password: string | null; frames: Frames } | null = null;

  constructor(options: HepExporterOptions, { clock }: { clock: Clock }) {
    this.name = options.name;
    this.#options = options;
    this.#sender = new UnconfirmedSender(options, peerOf(options), clock);
  }

  async deliver(batch: readonly SummaryLine[], signal: AbortSignal): Promise<void> {
    const frames = await this.#encode(batch);
    this.#refuseTooLarge(frames);
    const all = frames.frames;
    await this.#sender.send({ datagrams: () => all, writes: () => joined(all) }, signal);
    this.#encoded = null;
  }

  async reopen(): Promise<void> {
    await this.#sender.reopen();
  }

  async close(): Promise<void> {
    this.#sender.close();
  }

  async #encode(batch: readonly SummaryLine[]): Promise<Frames> {
    const { frames: options, password: secret } = this.#options;
    const password = secret === undefined ? null : reveal(secret);
    if (this.#encoded?.batch === batch && this.#encoded.password === password) return this.#encoded.frames;
    const frames = await framesOf(batch, { ...options, password });
    this.#encoded = { batch, password, frames };
    return frames;
  }

  /** The lane then finds the summary by halves, and drops and counts it alone. */
  #refuseTooLarge({ largest, hasTooLarge }: Frames): void {
    const { transport, maxDatagramBytes } = this.#options;
    const refuse = (says: string) => {
      throw new DeliveryError('ERR_EXPORT_REJECTED', says, { remedy: 'split' });
    };
    if (hasTooLarge) refuse(`a summary makes a HEP frame above ${MAX_FRAME_BYTES} bytes`);
    if (transport === 'udp' && largest > maxDatagramBytes)
      refuse(
        `a HEP frame of ${largest} bytes does not fit into maxDatagramBytes (${maxDatagramBytes}); use transport tcp`,
      );
  }
}

/** Where it sends to, for messages. */
export const peerOf = ({ host, port, transport }: Pick<HepExporterOptions, 'host' | 'port' | 'transport'>) =>
  `hep+${transport}://${host.includes(':') ? `[${host}]` : host}:${port}`;

/** Several frames for one write each. */
function joined(frames: readonly Buffer[]): Buffer[] {
  const pieces: Buffer[] = [];
  let some: Buffer[] = [];
  let bytes = 0;
  for (const frame of frames) {
    if (bytes > 0 && bytes + frame.length > WRITE_BYTES) {
      pieces.push(Buffer.concat(some));
      some = [];
      bytes = 0;
    }
    some.push(frame);
    bytes += frame.length;
  }
  return bytes === 0 ? pieces : [...pieces, Buffer.concat(some)];
}

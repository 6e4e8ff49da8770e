// Summaries to a HEP collector (Homer, heplify-server, Kamailio) over UDP, TCP or TLS.
import type { Clock } from '../../ops/clock.js';
import { Connection } from '../connection.js';
import { Datagrams } from '../datagrams.js';
import { DeliveryError, type Exporter, type SummaryLine } from '../exporter.js';
import { judgeFailure } from '../http-answer.js';
import { reveal, type Secret } from '../http-secrets.js';
import type { TlsFiles } from '../http-tls.js';
import { MAX_FRAME_BYTES } from './frame.js';
import { type FrameOptions, type Frames, framesOf } from './frames.js';
import { RecentWrites } from './resend.js';

export interface HepExporterOptions {
  name: string;
  host: string;
  port: number;
  transport: 'udp' | 'tcp' | 'tls';
  tls: TlsFiles;
  /** Asked for each batch, so that what it gives may change. */
  password: Secret | undefined;
  frames: Omit<FrameOptions, 'password'>;
  /** Largest datagram, bytes of HEP. */
  maxDatagramBytes: number;
  /** See RecentWrites. */
  resendMs: number;
  timeoutMs: number;
}

/** Frames written at once over TCP, bytes. */
const WRITE_BYTES = 128 * 1024;

export class HepExporter implements Exporter {
  readonly name: string;
  readonly #options: HepExporterOptions;
  readonly #clock: Clock;
  readonly #peer: string;
  readonly #recent: RecentWrites;
  readonly #connection: Connection;
  readonly #datagrams: Datagrams;
  /** The last batch as frames, so that a retry costs nothing. */
  #encoded: { batch: readonly SummaryLine[]; password: string | null; frames: Frames } | null = null;

  constructor(options: HepExporterOptions, { clock }: { clock: Clock }) {
    const { name, host, port, transport, tls, timeoutMs } = options;
    this.name = name;
    this.#options = options;
    this.#clock = clock;
    this.#peer = peerOf(options);
    this.#recent = new RecentWrites(options.resendMs);
    const where = { host, port, timeoutMs, peer: this.#peer };
    const onLost = () => this.#recent.lost(this.#nowMs());
    this.#connection = new Connection({ ...where, tls: transport === 'tls' ? tls : null, onLost });
    this.#datagrams = new Datagrams(where, clock);
  }

  async deliver(batch: readonly SummaryLine[], signal: AbortSignal): Promise<void> {
    const frames = await this.#encode(batch);
    this.#refuseTooLarge(frames);
    const { timeoutMs, transport } = this.#options;
    try {
      if (transport === 'udp') {
        await this.#datagrams.open(signal);
        await this.#datagrams.send(frames.frames, signal);
      } else await this.#write(frames.frames, signal);
    } catch (error) {
      throw judgeFailure(error, { url: this.#peer, secrets: [], timeoutMs });
    }
    this.#encoded = null;
  }

  async reopen(): Promise<void> {
    this.#datagrams.reset();
    await this.#connection.reopen();
  }

  async close(): Promise<void> {
    this.#datagrams.close();
    this.#connection.close();
  }

  async #write(frames: readonly Buffer[], signal: AbortSignal): Promise<void> {
    await this.#connection.open(signal);
    const again = this.#recent.toRepeat();
    for (const bytes of again) await this.#connection.write(bytes, signal);
    if (again.length > 0) this.#recent.repeated(this.#nowMs());
    const written = joined(frames);
    for (const bytes of written) await this.#connection.write(bytes, signal);
    // Kept only now: a batch that did not get through as a whole is the lane's to repeat.
    for (const bytes of written) this.#recent.add(bytes, this.#nowMs());
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

  #nowMs(): number {
    return Number(this.#clock.monotonicNs() / 1_000_000n);
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

// Voice quality reports by SIP PUBLISH (RFC 6035, RFC 3903), one a summary. A
// report is delivered when the collector answers 2xx.
import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../../ops/clock.js';
import type { LocalEnd } from '../connection.js';
import { DeliveryError, type Exporter, type SummaryLine } from '../exporter.js';
import { judgeFailure } from '../http-answer.js';
import type { TlsFiles } from '../http-tls.js';
import { summaryOf } from '../summary-of.js';
import { type Measured, vqReport } from '../vq-rtcpxr/report.js';
import { SipChannel } from './channel.js';
import { uriHost, writeRequest } from './message.js';
import { SipTransactions } from './transactions.js';
import { judgeResponse } from './verdict.js';

export interface SipPublishOptions {
  name: string;
  host: string;
  port: number;
  transport: 'udp' | 'tcp' | 'tls';
  tls: TlsFiles;
  /** Request-URI and To; null: `sip:` and the host. */
  requestUri: string | null;
  /** From; null: `sip:rtpsonde@` and our own address. */
  from: string | null;
  group: string | null;
  /** Reports on their way at the same time. */
  maxInFlight: number;
  /** For a whole transaction: timer F (RFC 3261 17.1.2.2). */
  timeoutMs: number;
  /** Of rtpsonde, for User-Agent. */
  version: string;
}

/** A larger request must not go over UDP when the path MTU is not known (RFC 3261 18.1.1). */
const MAX_DATAGRAM_BYTES = 1300;

/** What makes a branch unique for all time (RFC 3261 8.1.1.7). */
const BRANCH_COOKIE = 'z9hG4bK';

export class SipPublishExporter implements Exporter {
  readonly name: string;
  readonly #options: SipPublishOptions;
  readonly #peer: string;
  readonly #channel: SipChannel;
  readonly #transactions: SipTransactions;
  readonly #fromTag = randomBytes(8).toString('hex');
  /** Ids that were acknowledged although their batch was not delivered as a whole. */
  readonly #acknowledged = new Set<string>();
  #cseq = 0;

  constructor(options: SipPublishOptions, { clock }: { clock: Clock }) {
    this.name = options.name;
    this.#options = options;
    this.#peer = peerOf(options);
    const { host, port, transport, tls, timeoutMs } = options;
    this.#channel = new SipChannel(
      {
        host,
        port,
        transport,
        tls,
        timeoutMs,
        peer: this.#peer,
        onHead: (head) => this.#transactions.receive(head),
        onLost: () => this.#transactions.failAll(connectionLost()),
      },
      clock,
    );
    this.#transactions = new SipTransactions(clock, this.#channel, timeoutMs, this.#peer);
  }

  async deliver(batch: readonly SummaryLine[], signal: AbortSignal): Promise<void> {
    const onAbort = () => this.#transactions.failAll(new Error('stopped'));
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      const local = await this.#channel.open(signal).catch((error) => {
        throw this.#judge(error);
      });
      const faults = await this.#publishAll(batch, local, signal);
      const fault = worstOf(faults);
      if (fault !== null) throw fault;
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
    for (const { id } of batch) this.#acknowledged.delete(id);
  }

  async reopen(): Promise<void> {
    await this.#channel.reopen();
  }

  async close(): Promise<void> {
    this.#transactions.failAll(new Error('stopped'));
    this.#channel.close();
  }

  /** Some at a time. After a fault that is not about a report alone, nothing more is sent. */
  async #publishAll(
    batch: readonly SummaryLine[],
    local: LocalEnd,
    signal: AbortSignal,
  ): Promise<DeliveryError[]> {
    const waiting = batch.filter(({ id }) => !this.#acknowledged.has(id)).values();
    const faults: DeliveryError[] = [];
    const worker = async () => {
      for (const line of waiting) {
        if (faults.some(({ remedy }) => remedy !== 'split')) return;
        const fault = await this.#publish(line, local, signal).catch((error) => this.#judge(error));
        if (fault === null) this.#acknowledged.add(line.id);
        else faults.push(fault);
      }
    };
    await Promise.all(Array.from({ length: this.#options.maxInFlight }, worker));
    return faults;
  }

  async #publish(line: SummaryLine, local: LocalEnd, signal: AbortSignal): Promise<DeliveryError | null> {
    const summary = summaryOf(line);
    // Reports are about voice.
    if (summary.kind === 'capture' || summary.media === 'video') return null;
    const branch = `${BRANCH_COOKIE}${randomBytes(12).toString('hex')}`;
    const bytes = this.#request(summary, local, branch);
    const { transport } = this.#options;
    if (transport === 'udp' && bytes.length > MAX_DATAGRAM_BYTES) return this.#tooLarge(bytes.length);
    const response = await this.#transactions.request('PUBLISH', branch, bytes, signal);
    return judgeResponse(response, this.#peer);
  }

  #request(summary: Measured, local: LocalEnd, branch: string): Buffer {
    const { transport, requestUri, from, group, version } = this.#options;
    const uri = requestUri ?? defaultUri(this.#options);
    return writeRequest({
      method: 'PUBLISH',
      uri,
      via: { transport: transport.toUpperCase() as 'UDP' | 'TCP' | 'TLS', local, branch },
      from: from ?? `sip:rtpsonde@${uriHost(local.address)}`,
      fromTag: this.#fromTag,
      to: uri,
      callId: createHash('sha256').update(summary.id).digest('hex').slice(0, 32),
      cseq: ++this.#cseq,
      headers: [
        ['User-Agent', `rtpsonde/${version}`],
        ['Event', 'vq-rtcpxr'],
        ['Content-Type', 'application/vq-rtcpxr'],
      ],
      body: vqReport(summary, { group }),
    });
  }

  #tooLarge(bytes: number): DeliveryError {
    const message = `a request of ${bytes} bytes is above the ${MAX_DATAGRAM_BYTES} that RFC 3261 18.1.1 allows over UDP; use transport tcp`;
    return new DeliveryError('ERR_EXPORT_REJECTED', message, { remedy: 'split' });
  }

  #judge(error: unknown): DeliveryError {
    return judgeFailure(error, { url: this.#peer, secrets: [], timeoutMs: this.#options.timeoutMs });
  }
}

/** Where it sends to, for messages. */
export const peerOf = ({ host, port, transport }: Pick<SipPublishOptions, 'host' | 'port' | 'transport'>) =>
  `sip+${transport}://${uriHost(host)}:${port}`;

function defaultUri({ host, port, transport }: SipPublishOptions): string {
  const usual = transport === 'tls' ? 5061 : 5060;
  return `sip:${uriHost(host)}${port === usual ? '' : `:${port}`}`;
}

const connectionLost = () => Object.assign(new Error('connection closed'), { code: 'ECONNRESET' });

/** What the lane does about the whole batch: what is not about single reports goes first, and the longest wait. */
function worstOf(faults: readonly DeliveryError[]): DeliveryError | null {
  const rank = ({ remedy }: DeliveryError) => ['drop', 'split', 'retry', 'retry-slowly'].indexOf(remedy);
  return faults.reduce<DeliveryError | null>((worst, fault) => {
    if (worst === null || rank(fault) > rank(worst)) return fault;
    return rank(fault) === rank(worst) && (fault.retryAfterMs ?? 0) > (worst.retryAfterMs ?? 0)
      ? fault
      : worst;
  }, null);
}

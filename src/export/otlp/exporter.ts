// Windows and captures to /v1/metrics, summaries of streams to /v1/logs. A batch
// is delivered when the collector has taken both parts of it.
import type { ExportDependencies } from '../dependencies.js';
import { DeliveryError, type Exporter, type SummaryLine } from '../exporter.js';
import { type HttpBody, HttpExporter, type HttpExporterOptions, type HttpForm } from '../http-exporter.js';
import type { Answer } from '../http-post.js';
import { reveal } from '../http-secrets.js';
import { allRefused, partialSuccess, partialWords, retryable } from './answers.js';
import { encodeLogs } from './logs.js';
import { type MetricsOptions, OtlpMetrics } from './metrics.js';

export interface OtlpOptions extends Omit<HttpExporterOptions, 'form'>, MetricsOptions {}

/** A batch on its way, so that a repetition sends only what is missing. */
interface Parts {
  batch: readonly SummaryLine[];
  metrics: readonly SummaryLine[];
  logs: readonly SummaryLine[];
  metricsDone: boolean;
}

export class OtlpExporter implements Exporter {
  readonly name: string;
  readonly #metrics: OtlpMetrics;
  readonly #toMetrics: HttpExporter;
  readonly #toLogs: HttpExporter;
  #parts: Parts | null = null;

  constructor(options: OtlpOptions, deps: ExportDependencies) {
    const { name, maxGroups } = options;
    this.name = name;
    const { clock, logger } = deps;
    this.#metrics = new OtlpMetrics(options, clock.now(), () =>
      logger.warn(
        { exporter: name, maxGroups },
        `export ${name}: more than ${maxGroups} groups; further ones are told as group other (maxGroups)`,
      ),
    );
    const formOf = (what: string, encode: Encode) => new OtlpForm(what, encode, options, deps);
    this.#toMetrics = new HttpExporter(
      {
        ...options,
        url: signalUrl(options.url, 'metrics'),
        form: formOf('metrics', (batch) => this.#metrics.encode(batch, clock.now())),
      },
      deps,
    );
    this.#toLogs = new HttpExporter(
      {
        ...options,
        url: signalUrl(options.url, 'logs'),
        form: formOf('logs', (batch) => encodeLogs(batch, options, clock.now())),
      },
      deps,
    );
  }

  async deliver(batch: readonly SummaryLine[], signal: AbortSignal): Promise<void> {
    const parts = this.#partsOf(batch);
    if (!parts.metricsDone) await this.#deliverMetrics(parts, signal);
    if (parts.logs.length > 0) await this.#toLogs.deliver(parts.logs, signal);
    this.#parts = null;
  }

  async reopen(): Promise<void> {
    await this.#toMetrics.reopen();
    await this.#toLogs.reopen();
  }

  async close(): Promise<void> {
    await this.#toMetrics.close();
    await this.#toLogs.close();
  }

  async #deliverMetrics(parts: Parts, signal: AbortSignal): Promise<void> {
    try {
      await this.#toMetrics.deliver(parts.metrics, signal);
    } catch (error) {
      if (!(error instanceof DeliveryError) || error.retryable) throw error;
      this.#metrics.dropped(parts.metrics);
      // Fewer summaries make no smaller request: its size is that of the groups.
      const { code, message } = error;
      throw error.remedy === 'split' ? new DeliveryError(code, message, { remedy: 'drop' }) : error;
    }
    this.#metrics.acknowledged(parts.metrics);
    parts.metricsDone = true;
  }

  #partsOf(batch: readonly SummaryLine[]): Parts {
    if (this.#parts?.batch === batch) return this.#parts;
    const logs = batch.filter(({ kind }) => kind === 'stream');
    const metrics = batch.filter(({ kind }) => kind !== 'stream');
    this.#parts = { batch, metrics, logs, metricsDone: metrics.length === 0 };
    return this.#parts;
  }
}

type Encode = (batch: readonly SummaryLine[]) => Promise<HttpBody & { items: number }>;

/** One signal of OTLP/HTTP with its answers. */
class OtlpForm implements HttpForm {
  readonly encode: HttpForm['encode'];
  readonly retryable = retryable;
  /** Points or records of the last request. */
  #items = 0;

  constructor(
    private readonly what: string,
    encode: Encode,
    private readonly options: OtlpOptions,
    private readonly deps: ExportDependencies,
  ) {
    this.encode = async (batch) => {
      const { items, ...body } = await encode(batch);
      this.#items = items;
      return body;
    };
  }

  /** A part that was refused must not be sent again: it is told, and the rest counts as delivered. */
  judge(answer: Answer): DeliveryError | null {
    const partial = partialSuccess(answer);
    if (partial === null) return null;
    const { name, secret } = this.options;
    const secrets = secret === undefined ? [] : [reveal(secret)];
    const words = partialWords(this.what, partial, this.#items, secrets);
    if (partial.rejected > 0 && partial.rejected >= this.#items) return allRefused(words);
    const fields = { exporter: name, rejected: partial.rejected, items: this.#items };
    this.deps.logger.warn(fields, `export ${name}: ${words}`);
    return null;
  }
}

/** As OTEL_EXPORTER_OTLP_ENDPOINT is read: the path of the signal goes behind that of the URL. */
function signalUrl(url: string, signal: 'metrics' | 'logs'): string {
  const base = new URL(url);
  base.pathname = `${base.pathname.replace(/\/$/, '')}/v1/${signal}`;
  return base.href;
}

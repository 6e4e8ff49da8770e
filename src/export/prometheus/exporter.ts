// Windows folded into what the endpoint tells. A pull endpoint: a batch is
// delivered when it is folded, whoever may fetch the text and when.
import { RtpsondeError, systemReason } from '../../ops/errors.js';
import type { MetricsSnapshot } from '../../ops/metrics.js';
import { TimeSlice } from '../../ops/time-slice.js';
import type { CaptureSummary } from '../../summary/schema.js';
import type { ExportDependencies } from '../dependencies.js';
import type { Exporter, SummaryLine } from '../exporter.js';
import { Groups } from '../groups/groups.js';
import { readTls, type TlsFiles } from '../http-tls.js';
import { summaryOf } from '../summary-of.js';
import { families } from './families.js';
import { LatestWindow } from './latest.js';
import { Endpoint, type EndpointOptions } from './server.js';
import { renderText, type TextForm } from './text.js';

export interface PrometheusOptions extends EndpointOptions {
  name: string;
  tls?: TlsFiles | undefined;
  maxGroups: number;
  /** Single streams to tell of; 0 for none. */
  maxStreams: number;
  version: string;
}

/** After a change of the configuration the exporter before this one may still hold the port for a moment. */
const LISTEN_ATTEMPTS = 20;
const LISTEN_PAUSE_MS = 100;

export class PrometheusExporter implements Exporter {
  readonly name: string;
  readonly #options: PrometheusOptions;
  readonly #deps: ExportDependencies & { metrics?: (() => MetricsSnapshot) | undefined };
  readonly #groups: Groups;
  readonly #latest: LatestWindow;
  #capture: CaptureSummary | null = null;
  #endpoint: Endpoint | null = null;
  #opening: Promise<void> | null = null;
  readonly #closing = new AbortController();

  /** @param deps with `metrics`, those of the probe are told too */
  constructor(
    options: PrometheusOptions,
    deps: ExportDependencies & { metrics?: (() => MetricsSnapshot) | undefined },
  ) {
    this.name = options.name;
    this.#options = options;
    this.#deps = deps;
    const { name, maxGroups, maxStreams } = options;
    this.#groups = new Groups(maxGroups, () =>
      deps.logger.warn(
        { exporter: name, maxGroups },
        `export ${name}: more than ${maxGroups} groups; further ones are told as group other (maxGroups)`,
      ),
    );
    this.#latest = new LatestWindow(maxStreams);
  }

  async deliver(batch: readonly SummaryLine[]): Promise<void> {
    await this.#open();
    const slice = new TimeSlice();
    for (const line of batch) {
      this.#fold(line);
      if (slice.isOver()) await slice.next();
    }
  }

  async reopen(): Promise<void> {
    const endpoint = this.#endpoint;
    if (endpoint === null) return this.#open();
    const { tls } = this.#options;
    if (tls !== undefined) endpoint.setTls(await readTls(tls));
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#opening?.catch(() => {});
    await this.#endpoint?.close();
    this.#endpoint = null;
  }

  #fold(line: SummaryLine): void {
    // Those of whole streams repeat what their windows told.
    if (line.kind === 'stream') return;
    const summary = summaryOf(line);
    if (summary.kind === 'window') this.#latest.add(summary, this.#groups.add(summary));
    if (summary.kind !== 'capture') return;
    this.#latest.end(summary);
    if (summary.windowEnd >= (this.#capture?.windowEnd ?? '')) this.#capture = summary;
  }

  /** Listens, unless it does so already. Throws what is in the way. */
  #open(): Promise<void> {
    if (this.#endpoint !== null || this.#closing.signal.aborted) return Promise.resolve();
    this.#opening ??= this.#listen().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  async #listen(): Promise<void> {
    const tls = this.#options.tls === undefined ? null : await readTls(this.#options.tls);
    for (let attempt = 1; ; attempt++) {
      const endpoint = new Endpoint(this.#options, (form) => this.#render(form), tls);
      try {
        await endpoint.listen();
        this.#endpoint = endpoint;
        return;
      } catch (error) {
        const inUse = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
        if (!inUse || attempt === LISTEN_ATTEMPTS || this.#closing.signal.aborted)
          throw this.#listenFault(error, inUse);
        await this.#deps.clock.sleep(LISTEN_PAUSE_MS, this.#closing.signal);
      }
    }
  }

  #listenFault(error: unknown, inUse: boolean): RtpsondeError {
    const { host, port } = this.#options;
    const reason = inUse ? 'another program listens there' : systemReason(error);
    const at = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    return new RtpsondeError('ERR_EXPORT_LISTEN', `cannot listen on ${at}: ${reason}`, { cause: error });
  }

  #render(form: TextForm): Promise<Buffer> {
    const told = {
      version: this.#options.version,
      metrics: this.#deps.metrics?.() ?? {},
      groups: this.#groups,
      latest: this.#latest.complete,
      capture: this.#capture,
      streams: this.#options.maxStreams > 0,
    };
    return renderText(families(told), form);
  }
}

// The daemon: builds the rooms, starts them in order, stops them in reverse.

import { registerMetrics } from './app-metrics.js';
import { toEngineOptions } from './config/engine-options.js';
import { diffConfig } from './config/reload.js';
import type { Config } from './config/schema.js';
import { createExporters } from './export/create.js';
import type { Exporters } from './export/router.js';
import { nameCounters } from './native/block.js';
import type { EngineStats } from './native/engine.js';
import { createEngine, notify } from './native/load.js';
import { systemClock, type Timer } from './ops/clock.js';
import { type RtpsondeError, toRtpsondeError } from './ops/errors.js';
import type { Log } from './ops/logger.js';
import { flattenSnapshot, Metrics } from './ops/metrics.js';
import { notifySocket, Systemd } from './ops/systemd.js';
import { staticPayloadTypeOptions, summaryContext } from './summary/context.js';
import { SummaryPipeline, toLine } from './summary/pipeline.js';
import type { Summary } from './summary/schema.js';
import { version } from './version.js';
import { BlockPump } from './windows/block-pump.js';

/** How often the daemon looks at itself, ms. */
const LOOK_MS = 1000;
/** How long exporters may take to deliver what is queued when the daemon stops, ms. */
const STOP_DEADLINE_MS = 15_000;
/** The same at the end of capture files, where nobody waits for a stop. */
const END_DEADLINE_MS = 600_000;

export interface DaemonHooks {
  /** Sees every summary before the exporters, for a live view. */
  onSummaries?: (summaries: readonly Summary[]) => void;
  /** Called when the reader of standard output went away. */
  onOutputClosed?: () => void;
}

export class Daemon {
  readonly #pump: BlockPump;
  readonly #pipeline: SummaryPipeline;
  readonly #systemd: Systemd;
  readonly #metrics = new Metrics();
  readonly #session: string | null;
  readonly #told = new Set<string>();
  #config: Config;
  #exporters: Exporters;
  #stats: EngineStats;
  #load: number | null = null;
  #timers: Timer[] = [];
  #stopping = false;

  /** @throws RtpsondeError when options contradict themselves or the addon is missing */
  constructor(
    config: Config,
    private readonly log: Log,
    private readonly hooks: DaemonHooks = {},
  ) {
    const live = config.capture.interface !== undefined;
    this.#config = config;
    this.#session = live ? String(systemClock.now()) : null;
    const engine = createEngine(toEngineOptions(config, staticPayloadTypeOptions));
    this.#stats = engine.stats();
    this.#exporters = this.#createExporters(config);
    this.#pipeline = new SummaryPipeline(summaryContext(config, this.#session), {
      workerLoad: () => (live ? this.#load : null),
      sink: (summaries) => {
        hooks.onSummaries?.(summaries);
        this.#exporters.offer(summaries.map(toLine));
        // A mirror port does not wait; a file can, so nothing of it is dropped.
        return live ? undefined : this.#exporters.room();
      },
    });
    this.#pump = new BlockPump(engine, (block) => this.#pipeline.consume(block));
    this.#systemd = new Systemd({ sendNotify: (state) => void notify(notifySocket() ?? '', state) });
    registerMetrics(this.#metrics, {
      counters: () => nameCounters(this.#stats.counters),
      stats: () => this.#stats,
      load: () => this.#load,
      lanes: () => this.#exporters.stats(),
    });
  }

  /**
   * Runs until the source ends or `stop()` is called, and everything is delivered as far as it can be.
   * @throws RtpsondeError when the source or an output cannot be opened, or the engine fails
   */
  async run(): Promise<void> {
    const { logger } = this.log;
    const faults = await this.#exporters.reopen();
    // A collector that is down is retried; a file or certificate that cannot be opened is a wrong setting.
    const fault = faults[0];
    if (fault !== undefined) throw toRtpsondeError(fault.error, 'ERR_OUTPUT');
    this.#pump.engine.start();
    const from = this.#config.capture.interface ?? `${this.#config.capture.files?.length} file(s)`;
    logger.info({ version, source: from }, `measuring ${from}`);
    this.#systemd.ready(`measuring ${from}`);
    this.#systemd.startWatchdog(
      () => this.#stats.error === null,
      (well) => {
        if (!well) logger.error('the capture thread has failed; the watchdog is no longer fed');
      },
    );
    this.#startTimers();
    try {
      this.#look(await this.#pump.run());
    } finally {
      for (const timer of this.#timers) timer.cancel();
      this.#systemd.stopping('delivering what is queued');
      await this.#exporters.close(this.#stopping ? STOP_DEADLINE_MS : END_DEADLINE_MS);
      this.#logMetrics();
      this.#systemd.close();
    }
    logger.info('stopped');
  }

  /** Seals what is open and lets `run()` return. May be called twice. */
  stop(): void {
    if (this.#stopping) return;
    this.#stopping = true;
    this.log.logger.info('stopping: sealing the open window');
    this.#pump.stop();
  }

  /** Problems with the input so far: files that broke off, a link that went down. */
  get problems(): readonly string[] {
    return this.#stats.problems;
  }

  /** Applies what can change live, and says what cannot; opens output files afresh in any case. */
  async reload(next: Config): Promise<void> {
    const { logger } = this.log;
    this.#systemd.reloading();
    const changes = diffConfig(this.#config, next);
    if (changes.restart.length > 0) {
      logger.warn({ keys: changes.restart }, `these changes need a restart: ${changes.restart.join(', ')}`);
    }
    const { probe, capture, measure } = this.#config;
    const applied: Config = { ...next, probe, capture, measure };
    const context = summaryContext(applied, this.#session);
    const fault = await this.#replaceExporters(
      applied,
      changes.apply.some((path) => path.startsWith('export')),
    );
    if (fault !== null) {
      logger.error({ code: fault.code }, `reload refused, the old configuration stays: ${fault.message}`);
    } else {
      this.#pipeline.context = context;
      this.log.apply(applied.log);
      this.#config = applied;
      this.#startTimers();
      logger.info(
        { keys: changes.apply },
        changes.apply.length > 0 ? 'reloaded' : 'reloaded, nothing changed',
      );
    }
    this.#systemd.ready();
  }

  async #replaceExporters(config: Config, changed: boolean): Promise<RtpsondeError | null> {
    if (!changed) {
      for (const { name, error } of await this.#exporters.reopen()) {
        this.log.logger.error({ exporter: name }, `export ${name}: ${toRtpsondeError(error).message}`);
      }
      return null;
    }
    const before = this.#exporters;
    const after = this.#createExporters(config);
    const [fault] = await after.reopen();
    if (fault !== undefined) {
      await after.close(0);
      return toRtpsondeError(fault.error, 'ERR_OUTPUT');
    }
    this.#exporters = after;
    void before.close(STOP_DEADLINE_MS);
    return null;
  }

  #createExporters(config: Config): Exporters {
    return createExporters(config.export, {
      clock: systemClock,
      logger: this.log.logger,
      random: Math.random,
      version,
      stdout: process.stdout,
      onStdoutClosed: () => this.hooks.onOutputClosed?.(),
    });
  }

  #startTimers(): void {
    for (const timer of this.#timers) timer.cancel();
    const { intervalSeconds } = this.#config.metrics;
    this.#timers = [systemClock.setInterval(() => this.#look(this.#pump.engine.stats()), LOOK_MS)];
    if (intervalSeconds > 0) {
      this.#timers.push(systemClock.setInterval(() => this.#logMetrics(), intervalSeconds * 1000));
    }
  }

  /** Keeps the engine's figures at hand and tells what is new in them. */
  #look(stats: EngineStats): void {
    const used = stats.cpuSeconds - this.#stats.cpuSeconds;
    this.#load = used >= 0 ? Math.min(1, used / (LOOK_MS / 1000)) : null;
    this.#stats = stats;
    for (const problem of stats.problems) {
      if (this.#told.has(problem)) continue;
      this.#told.add(problem);
      this.log.logger.warn(problem);
    }
    const { streamsActive, packets, kernelDrops } = nameCounters(stats.counters);
    this.#systemd.status(
      `${streamsActive} streams, ${packets} packets, ${kernelDrops} dropped by the kernel`,
    );
  }

  #logMetrics(): void {
    this.log.logger.info(flattenSnapshot(this.#metrics.snapshot()), 'metrics');
  }
}

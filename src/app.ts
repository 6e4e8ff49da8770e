// The daemon: builds the rooms, starts them in order, stops them in reverse.
import { CaptureWatch } from './app-capture-watch.js';
import { LoadMeter } from './app-load.js';
import { registerLaneMetrics, registerMetrics } from './app-metrics.js';
import { OverloadWatch } from './app-overload-watch.js';
import { withPlacement } from './app-placement.js';
import { toEngineOptions } from './config/engine-options.js';
import { interfacesOf } from './config/interfaces.js';
import { diffConfig } from './config/reload.js';
import type { Config } from './config/schema.js';
import { thisMachine } from './doctor/machine.js';
import { createExporters, type LaneDependencies, updateExporters } from './export/create.js';
import { droppedOf, type LaneStats } from './export/lane-stats.js';
import type { Exporters } from './export/router.js';
import { lockSpool } from './export/spool/lock.js';
import { nameCounters } from './native/block.js';
import type { EngineStats } from './native/engine.js';
import { createEngine, lockFile, notify } from './native/load.js';
import { systemClock, type Timer } from './ops/clock.js';
import { isErrorCode, RtpsondeError, toRtpsondeError } from './ops/errors.js';
import type { Log } from './ops/logger.js';
import { flattenSnapshot, Metrics } from './ops/metrics.js';
import { notifySocket, Systemd } from './ops/systemd.js';
import { staticPayloadTypeOptions, summaryContext } from './summary/context.js';
import type { SummaryLine } from './summary/line.js';
import { SummaryPipeline } from './summary/pipeline.js';
import { version } from './version.js';
import { BlockPump } from './windows/block-pump.js';

/** How often the daemon looks at itself, ms. */
const LOOK_MS = 1000;
/** Longest that lines wait for a disk that is slow to write what came before; then the oldest give way. */
const DISK_PATIENCE_MS = 1000;
/** How long exporters may take to deliver what is queued when the daemon stops, ms. */
const STOP_DEADLINE_MS = 15_000;
/** The same at the end of capture files, where nobody waits for a stop. */
const END_DEADLINE_MS = 600_000;

/** What waits for a collector that is down is delivered the next time. */
const isSafe = ({ store, state }: LaneStats) => store === 'disk' && state === 'retrying';

export interface DaemonHooks {
  /** Sees every summary before the exporters, for a live view. */
  onLines?: (lines: readonly SummaryLine[]) => void;
}

export class Daemon {
  readonly #pump: BlockPump;
  readonly #pipeline: SummaryPipeline;
  readonly #exporters: Exporters;
  readonly #systemd: Systemd;
  readonly #metrics = new Metrics();
  readonly #session: string | null;
  readonly #told = new Set<string>();
  /** Names of the network interfaces; none for files. */
  readonly #interfaces: readonly string[];
  readonly #captureWatches: readonly CaptureWatch[];
  readonly #overloadWatch: OverloadWatch;
  #config: Config;
  #spoolLock: { release(): void } | null = null;
  #stats: EngineStats;
  #load: number | null = null;
  #timers: Timer[] = [];
  #reloads: Promise<void> = Promise.resolve();
  /** When `stop()` was called, CLOCK_MONOTONIC. */
  #stoppedAtNs: bigint | null = null;
  #started = false;
  #closed = false;
  /** Why nothing can be written to standard output any more. */
  #outputFault: RtpsondeError | null = null;

  /** @throws RtpsondeError when options contradict themselves or the addon is missing */
  constructor(
    config: Config,
    private readonly log: Log,
    hooks: DaemonHooks = {},
  ) {
    this.#interfaces = interfacesOf(config.capture);
    const live = this.#interfaces.length > 0;
    this.#config = config;
    this.#captureWatches = this.#interfaces.map((name) => new CaptureWatch(name, log.logger));
    this.#overloadWatch = new OverloadWatch(log.logger);
    this.#session = live ? String(systemClock.now()) : null;
    const options = toEngineOptions(config, staticPayloadTypeOptions);
    const engine = createEngine(withPlacement(options, thisMachine(), log.logger));
    const windowLoad = new LoadMeter();
    this.#stats = engine.stats();
    this.#exporters = createExporters(config.export, this.#exportDependencies());
    this.#pipeline = new SummaryPipeline(summaryContext(config, this.#session), {
      condition: () => {
        const { workers, captureState: state, captureMethod: method, interfaces } = engine.stats();
        return { workerLoad: live ? windowLoad.since(workers) : null, state, method, interfaces };
      },
      sink: (lines) => {
        hooks.onLines?.(lines);
        this.#exporters.offer(lines);
        // A file can wait, so nothing of it is dropped. A mirror port waits for no collector, but windows may wait a moment for a disk.
        return live ? this.#exporters.caughtUp(DISK_PATIENCE_MS) : this.#exporters.room();
      },
    });
    this.#pump = new BlockPump(engine, (block) => this.#pipeline.consume(block));
    this.#systemd = new Systemd({ sendNotify: (state) => void notify(notifySocket() ?? '', state) });
    registerMetrics(this.#metrics, {
      interfaces: this.#interfaces,
      counters: () => nameCounters(this.#stats.counters),
      stats: () => this.#stats,
      load: () => this.#load,
    });
    registerLaneMetrics(this.#metrics, this.#exporters);
  }

  /**
   * Runs until the source ends or `stop()` is called, and everything is delivered as far as it can be.
   * @throws RtpsondeError when the source or an output cannot be opened, the engine fails, or summaries could not be delivered
   */
  async run(): Promise<void> {
    try {
      await this.#open();
    } catch (error) {
      await this.#exporters.close(0);
      throw error;
    }
    try {
      // Asked to stop before anything was open: then there is nothing to seal either.
      if (this.#started) this.#look(await this.#pump.run());
    } finally {
      this.#pump.stop();
      await this.#deliverRest();
      for (const timer of this.#timers) timer.cancel();
      this.#logMetrics();
      this.#systemd.close();
    }
    this.log.logger.info('stopped');
    const fault = this.#outputFault ?? this.#undelivered();
    if (fault !== null) throw fault;
  }

  /** Seals what is open and lets `run()` return. May be called twice. */
  stop(): void {
    if (this.#stoppedAtNs !== null) return;
    this.#stoppedAtNs = systemClock.monotonicNs();
    this.log.logger.info(
      `stopping: sealing the open window, up to ${STOP_DEADLINE_MS / 1000} s to deliver what is queued`,
    );
    this.#pump.stop();
  }

  /** Whether a capture file broke off or was damaged, so that the summaries tell only a part. */
  get inputIsDamaged(): boolean {
    return !this.#isLive && this.#stats.problems.length > 0;
  }

  /** Applies what can change live, says what cannot, and opens output files afresh. One reload at a time. */
  reload(next: Config): Promise<void> {
    return this.#inTurn(() => this.#reload(next));
  }

  /** Opens output files and certificates afresh: they may have been moved away (logrotate). */
  reopen(): Promise<void> {
    return this.#inTurn(() => this.#reopen());
  }

  get #isLive(): boolean {
    return this.#interfaces.length > 0;
  }

  /** Opens the outputs and then the source, so that the first summary has a place to go. */
  async #open(): Promise<void> {
    // A collector that is down is retried; a file or certificate that cannot be opened is a wrong setting.
    const { path } = this.#config.spool;
    if (path !== undefined) this.#spoolLock = lockSpool(path, lockFile, this.log.logger);
    const [fault] = await this.#exporters.reopen();
    if (fault !== undefined) throw toRtpsondeError(fault.error, 'ERR_OUTPUT');
    if (this.#stoppedAtNs !== null) return;
    this.#pump.engine.start();
    this.#started = true;
    const from = this.#isLive
      ? this.#interfaces.join(' and ')
      : `${this.#config.capture.files?.length} file(s)`;
    this.log.logger.info({ version, source: from }, `measuring ${from}`);
    this.#systemd.ready(`measuring ${from}`);
    this.#systemd.startWatchdog(
      () => this.#stats.error === null,
      (well) => {
        if (!well) this.log.logger.error('the capture thread has failed; the watchdog is no longer fed');
      },
    );
    this.#startTimers();
  }

  /** Gives the exporters long at the end of capture files, but not once a stop is asked for. */
  async #deliverRest(): Promise<void> {
    this.#systemd.stopping('delivering what is queued');
    const msSince = (ns: bigint) => Number(systemClock.monotonicNs() - ns) / 1e6;
    const endNs = systemClock.monotonicNs();
    const isPatient = () => this.#stoppedAtNs === null && !this.#isLive && msSince(endNs) < END_DEADLINE_MS;
    const queued = () =>
      this.#exporters.stats().some((lane) => lane.queued + lane.inFlight > 0 && !isSafe(lane));
    while (isPatient() && queued()) await this.#exporters.flush(STOP_DEADLINE_MS);
    this.#closed = true;
    await this.#exporters.close(Math.max(0, STOP_DEADLINE_MS - msSince(this.#stoppedAtNs ?? endNs)));
    this.#spoolLock?.release();
  }

  /** What the exporters could not deliver to the end. What a live capture dropped long before was logged then. */
  #undelivered(): RtpsondeError | null {
    for (const lane of this.#exporters.stats()) {
      const lost = this.#isLive ? lane.droppedAtClose : droppedOf(lane);
      if (lost === 0) continue;
      const what = lost === 1 ? '1 summary was' : `${lost} summaries were`;
      const [, why, code] = /^(.*) \((\w+)\)$/s.exec(lane.lastError ?? '') ?? [];
      return new RtpsondeError(
        isErrorCode(code) ? code : 'ERR_EXPORT_UNAVAILABLE',
        `export ${lane.name}: ${what} not delivered: ${why ?? 'too slow'}`,
      );
    }
    return null;
  }

  #inTurn(action: () => Promise<void>): Promise<void> {
    const done = this.#reloads.then(() => (this.#closed ? undefined : action()));
    this.#reloads = done.catch(() => {});
    return done;
  }

  async #reload(next: Config): Promise<void> {
    const { logger } = this.log;
    this.#systemd.reloading();
    try {
      const changes = diffConfig(this.#config, next);
      if (changes.restart.length > 0)
        logger.warn({ keys: changes.restart }, `these changes need a restart: ${changes.restart.join(', ')}`);
      const { probe, capture, measure, spool } = this.#config;
      const applied: Config = { ...next, probe, capture, measure, spool };
      const context = summaryContext(applied, this.#session);
      if (changes.apply.some((path) => path.startsWith('export'))) this.#updateExporters(applied);
      this.#pipeline.context = context;
      this.log.apply(applied.log);
      this.#config = applied;
      this.#startTimers();
      await this.#reopen();
      const what = changes.apply.length > 0 ? changes.apply.join(', ') : 'nothing to apply';
      logger.info({ keys: changes.apply }, `reloaded: ${what}`);
    } finally {
      this.#systemd.ready();
    }
  }

  async #reopen(): Promise<void> {
    // Nothing is lost by a fault here: the lane keeps what it has and tries again.
    for (const { name, error } of await this.#exporters.reopen()) {
      const { code, message } = toRtpsondeError(error, 'ERR_OUTPUT');
      this.log.logger.error({ exporter: name, code }, `export ${name}: ${message}; trying again`);
    }
  }

  /** Lanes of the same name go on with what waits in them; those that are gone are flushed. */
  #updateExporters(config: Config): void {
    const dependencies = this.#exportDependencies();
    void updateExporters(this.#exporters, config.export, dependencies, STOP_DEADLINE_MS);
    registerLaneMetrics(this.#metrics, this.#exporters);
  }

  #exportDependencies(): LaneDependencies {
    return {
      clock: systemClock,
      logger: this.log.logger,
      random: Math.random,
      version,
      spool: this.#config.spool,
      metrics: () => this.#metrics.snapshot(),
      stdout: process.stdout,
      onStdoutClosed: (error) => {
        this.#outputFault ??= error;
        this.stop();
      },
    };
  }

  #startTimers(): void {
    for (const timer of this.#timers) timer.cancel();
    const { intervalSeconds } = this.#config.metrics;
    const load = new LoadMeter();
    const look = () => {
      const stats = this.#pump.engine.stats();
      this.#load = load.since(stats.workers);
      this.#look(stats);
    };
    this.#timers = [systemClock.setInterval(look, LOOK_MS)];
    if (intervalSeconds > 0) {
      this.#timers.push(systemClock.setInterval(() => this.#logMetrics(), intervalSeconds * 1000));
    }
  }

  /** Keeps the engine's figures at hand and tells what is new in them. */
  #look(stats: EngineStats): void {
    this.#stats = stats;
    for (const problem of stats.problems) {
      if (this.#told.has(problem)) continue;
      this.#told.add(problem);
      this.log.logger.warn(problem);
    }
    const counters = nameCounters(stats.counters);
    const trouble =
      stats.interfaces.map((one, i) => this.#captureWatches[i]?.look(one) ?? '').join('') +
      this.#overloadWatch.look(counters);
    const { streamsActive, packets, kernelDrops } = counters;
    this.#systemd.status(
      `${trouble}${streamsActive} streams, ${packets} packets, ${kernelDrops} dropped by the kernel`,
    );
  }

  #logMetrics(): void {
    // Of the many fates of packets, those that occurred: a line that can be read.
    const all = Object.entries(flattenSnapshot(this.#metrics.snapshot()));
    const told = all.filter(([name, value]) => value !== 0 || !name.startsWith('capture_total{'));
    this.log.logger.info(Object.fromEntries(told), 'metrics');
  }
}

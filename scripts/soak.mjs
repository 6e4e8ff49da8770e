// `npm run soak`: the real daemon for half an hour with streams that come and go. It runs in a network
// namespace of its own with a veth pair, which is gone at the end; nothing leaves the machine.
//   npm run soak [-- --minutes 30] [--new-streams 1000] [--live 100000] [--every 5]
// Prints figures, writes bench-results/, ends with 1 when memory grows or the event loop is held up.
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { capture, exitWith, root, StepError } from './lib/process.mjs';
import { setup } from './setup.mjs';

const GOALS = { rssMB: 600, heldUpMs: 50, growth: 0.05 };
const SAY_SECONDS = 60;
/** Level of pino. */
const INFO = 30;

function options() {
  const number = { type: 'string' };
  const { values } = parseArgs({
    options: { minutes: number, 'new-streams': number, live: number, every: number, workers: number },
  });
  const whole = (name, otherwise) => {
    const value = Number(values[name] ?? otherwise);
    if (!Number.isInteger(value) || value < 1) throw new StepError(`--${name}: a whole number from 1 on`);
    return value;
  };
  const chosen = {
    minutes: whole('minutes', 30),
    newStreams: whole('new-streams', 1000),
    live: whole('live', 100_000),
    /** Seconds between two packets of a stream. */
    everySeconds: whole('every', 5),
    workers: whole('workers', 1),
  };
  // A stream counts from its second packet on until it was idle for two more: as long as its wave sends.
  const lifeSeconds = chosen.live / chosen.newStreams;
  if (lifeSeconds < 4 * chosen.everySeconds)
    throw new StepError('streams would send too seldom: more --live, less --new-streams or less --every');
  return { ...chosen, lifeSeconds, idleSeconds: 2 * chosen.everySeconds };
}

/** The processes; `stop()` ends them. */
class Rig {
  samples = [];
  #daemon;
  #traffic;
  #collector;
  #latest = { traffic: {}, collector: {}, counters: {} };
  #failure = null;
  #log = '';

  /** @param cable names of its ends */
  async start(asked, { receiving, sending }, folder) {
    this.#collector = this.#fork('lib/soak-collector.mjs', []);
    const [{ port }] = await once(this.#collector, 'message');
    this.#collector.on('message', (told) => {
      this.#latest.collector = told;
    });
    const config = join(folder, 'soak.yaml');
    writeFileSync(config, JSON.stringify(configOf(asked, receiving, port)));
    const probe = join(root, 'scripts/lib/soak-probe.mjs');
    this.#daemon = spawn(
      process.execPath,
      ['--import', probe, join(root, 'dist/main.js'), 'run', '-c', config],
      {
        stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
      },
    );
    this.#watch(this.#daemon, 'the daemon');
    this.#readLog();
    const startMs = performance.now();
    this.#daemon.on('message', (sample) => {
      const seconds = (performance.now() - startMs) / 1000;
      this.samples.push({ seconds, ...sample, ...structuredClone(this.#latest) });
    });
    await once(this.#daemon, 'message');
    const { newStreams, everySeconds, lifeSeconds } = asked;
    this.#traffic = this.#fork('lib/soak-traffic.mjs', [
      JSON.stringify({ newStreams, everySeconds, sendSeconds: lifeSeconds, receiving, sending }),
    ]);
    this.#traffic.on('message', (told) => {
      this.#latest.traffic = told;
    });
  }

  /** @throws StepError when one of the processes has ended */
  check() {
    if (this.#failure !== null) throw new StepError(`${this.#failure}\n${this.#log.slice(-2000)}`);
  }

  /** Exit code of the daemon, asked to stop as systemd does. */
  async stop() {
    this.#failure = 'stopped';
    this.#traffic?.disconnect();
    let code = this.#daemon?.exitCode ?? null;
    if (this.#daemon !== undefined && code === null) {
      this.#daemon.kill('SIGTERM');
      [code] = await once(this.#daemon, 'exit');
    }
    this.#collector.disconnect();
    return code;
  }

  #fork(script, args) {
    const child = fork(join(root, 'scripts', script), args);
    this.#watch(child, script);
    return child;
  }

  #watch(child, name) {
    child.on('exit', (code, signal) => {
      this.#failure ??= `${name} has ended (${signal ?? code})`;
    });
  }

  /** Keeps the counters of the daemon's own metrics at hand. */
  #readLog() {
    let rest = '';
    this.#daemon.stderr.setEncoding('utf8').on('data', (text) => {
      this.#log = (this.#log + text).slice(-4000);
      const lines = (rest + text).split('\n');
      rest = lines.pop();
      for (const line of lines) {
        if (!line.startsWith('{')) continue;
        const entry = JSON.parse(line);
        if (entry.msg === 'metrics') this.#latest.counters = entry;
        else if (entry.level > INFO) console.log(`  ${line}`);
      }
    });
  }
}

function configOf({ idleSeconds, workers }, receiving, port) {
  return {
    capture: { interface: receiving, workers },
    measure: { windowSeconds: 1, idleTimeoutSeconds: idleSeconds },
    export: [
      {
        type: 'http',
        url: `http://127.0.0.1:${port}/`,
        compression: 'none',
      },
    ],
    log: { format: 'json' },
    metrics: { intervalSeconds: 5 },
  };
}

const MB = 1e6;
const megabytes = (bytes) => (bytes / MB).toFixed(1);
const counter = ({ counters }, name) => counters[`capture_total{counter=${name}}`] ?? 0;

function sayNow(sample, before) {
  const { rss, heapUsed, external, counters, collector } = sample;
  const between = sample.seconds - before.seconds;
  const load = ((sample.processCpuMs - before.processCpuMs) / between / 10).toFixed(0);
  console.log(
    `${sample.seconds.toFixed(0).padStart(5)} s  ${counters.streams ?? 0} streams, RSS ${megabytes(rss)} MB, ` +
      `heap ${megabytes(heapUsed)}, external ${megabytes(external)}, CPU ${load} %, ` +
      `${collector.lines ?? 0} summaries, kernel drops ${counter(sample, 'kernelDrops')}`,
  );
}

/** Figures of the samples after warm-up, and whether the goals are met: [name, text, met or null]. */
function verdict(asked, samples, exitCode, growthOf) {
  const most = (read) => Math.max(...samples.map(read));
  const [first, last] = [samples[0], samples.at(-1)];
  const seconds = last.seconds - first.seconds;
  const growth = (read) => growthOf(samples.map((sample) => [sample.seconds, read(sample)]));
  const memory = ['rss', 'heapUsed', 'external', 'arrayBuffers'].map((name) => {
    const { median, growth: bytes } = growth((sample) => sample[name]);
    const sorted = samples.map((sample) => sample[name]).sort((a, b) => a - b);
    const mostly = sorted[Math.floor(0.95 * sorted.length)];
    const text = `median ${megabytes(median)} MB, 95 % below ${megabytes(mostly)} MB, growth ${megabytes(bytes)} MB`;
    return [name, text, name === 'rss' ? bytes <= GOALS.growth * median : null];
  });
  const count = (name) => {
    const { median, growth: more } = growth((sample) => sample[name]);
    return [name, `${median}, largest ${most((s) => s[name])}, growth ${more.toFixed(1)}`, more < 1];
  };
  const cpuShare = (name) => `${((last[name] - first[name]) / seconds / 10).toFixed(0)} %`;
  const streams = most(({ counters }) => counters.streams ?? 0);
  const dropped =
    counter(last, 'blocksDropped') + (last.counters['export_dropped_total{exporter=http}'] ?? 0);
  const heldUp = most((s) => s.heldUpCpuMs);
  return [
    ['streams begun', `${last.traffic.begun}, at once at most ${streams}`, streams >= 0.9 * asked.live],
    ['packets', `${last.traffic.sent} sent, kernel drops ${counter(last, 'kernelDrops')}`, null],
    ['summaries', `${last.collector.lines}, ${(last.collector.bytes / 1e9).toFixed(1)} GB of JSON`, null],
    ['blocks or summaries dropped', `${dropped}`, dropped === 0],
    ['CPU', `main thread ${cpuShare('mainCpuMs')}, process ${cpuShare('processCpuMs')}`, null],
    ...memory,
    ['RSS at most', `${megabytes(most(({ rss }) => rss))} MB`, most(({ rss }) => rss) < GOALS.rssMB * MB],
    count('files'),
    count('threads'),
    [
      'event loop held up, CPU of its thread',
      `at most ${heldUp.toFixed(1)} ms; by the clock ${most((s) => s.heldUpMs).toFixed(1)} ms`,
      heldUp < GOALS.heldUpMs,
    ],
    ['longest garbage collection', `${most((s) => s.longestGcMs).toFixed(1)} ms by the clock`, null],
    ['exit code of the daemon', `${exitCode}`, exitCode === 0],
  ];
}

await exitWith(async () => {
  const asked = options();
  if (process.env.RTPSONDE_BENCH_INSIDE !== '1') setup({ native: true });
  // Built by setup().
  const { growthOf } = await import('../dist/bench/growth.js');
  const { isInside, makeCable, receiving, runInside, sending } = await import('../dist/bench/namespace.js');
  if (!isInside()) return runInside();
  capture('ip', ['link', 'set', 'lo', 'up']);
  await makeCable();
  const folder = mkdtempSync(join(tmpdir(), 'rtpsonde-soak-'));
  const rig = new Rig();
  // Every stream that lived at the start is gone by then.
  const warmUpSeconds = 2 * asked.lifeSeconds;
  const seconds = warmUpSeconds + 60 * asked.minutes;
  console.log(
    `soak: ${JSON.stringify(asked)}, ${cpus().length} x ${cpus()[0]?.model}, Node ${process.version}`,
  );
  let exitCode = null;
  try {
    await rig.start(asked, { receiving, sending }, folder);
    let said = rig.samples[0];
    while (rig.samples.at(-1).seconds < seconds) {
      await sleep(1000);
      rig.check();
      const latest = rig.samples.at(-1);
      if (latest.seconds - said.seconds < SAY_SECONDS) continue;
      sayNow(latest, said);
      said = latest;
    }
  } finally {
    exitCode = await rig.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  const samples = rig.samples.filter(
    (sample) => sample.seconds >= warmUpSeconds && sample.seconds <= seconds,
  );
  const lines = verdict(asked, samples, exitCode, growthOf);
  const width = Math.max(...lines.map(([name]) => name.length));
  console.log(`\nAfter ${warmUpSeconds.toFixed(0)} s of warm-up, over ${asked.minutes} min:`);
  for (const [name, text, met] of lines)
    console.log(`  ${name.padEnd(width)}  ${text}${met === null ? '' : met ? '   met' : '   MISSED'}`);
  const target = join(root, 'bench-results');
  mkdirSync(target, { recursive: true });
  const name = `soak-${new Date().toISOString().replaceAll(':', '')}.json`;
  writeFileSync(join(target, name), `${JSON.stringify({ asked, verdict: lines, samples: rig.samples })}\n`);
  console.log(`\nwritten to bench-results/${name}`);
  return lines.some(([, , met]) => met === false) ? 1 : 0;
});

// Preloaded into the daemon by scripts/soak.mjs: tells every second what the process uses, and how
// long its event loop was held up. The daemon itself knows nothing of it.
import { openSync, readdirSync, readSync } from 'node:fs';
import { PerformanceObserver, performance } from 'node:perf_hooks';

const TICK_MS = 10;
const SAMPLE_MS = 1000;

const schedstat = openSync(`/proc/self/task/${process.pid}/schedstat`, 'r');
const bytes = Buffer.alloc(128);

/** CPU time of the main thread, ms. */
function threadCpuMs() {
  const length = readSync(schedstat, bytes, 0, bytes.length, 0);
  return Number(bytes.latin1Slice(0, length).split(' ', 1)[0]) / 1e6;
}

let cpuMs = threadCpuMs();
let clockMs = performance.now();
let heldUpMs = 0;
let heldUpCpuMs = 0;
let longestGcMs = 0;

new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) longestGcMs = Math.max(longestGcMs, duration);
}).observe({ entryTypes: ['gc'] });

// A tick that is late was held up: by our own work as far as the thread ran meanwhile, else by others on the machine.
setInterval(() => {
  const nowMs = performance.now();
  const nowCpuMs = threadCpuMs();
  const lateMs = nowMs - clockMs - TICK_MS;
  heldUpMs = Math.max(heldUpMs, lateMs);
  heldUpCpuMs = Math.max(heldUpCpuMs, Math.min(lateMs, nowCpuMs - cpuMs));
  clockMs = nowMs;
  cpuMs = nowCpuMs;
}, TICK_MS).unref();

setInterval(() => {
  const { rss, heapUsed, heapTotal, external, arrayBuffers } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  process.send?.({
    ...{ rss, heapUsed, heapTotal, external, arrayBuffers },
    ...{ heldUpMs, heldUpCpuMs, longestGcMs, mainCpuMs: cpuMs, processCpuMs: (user + system) / 1000 },
    files: readdirSync('/proc/self/fd').length,
    threads: readdirSync('/proc/self/task').length,
  });
  heldUpMs = 0;
  heldUpCpuMs = 0;
  longestGcMs = 0;
}, SAMPLE_MS).unref();

// Nothing is left behind when the one who watches was ended.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();

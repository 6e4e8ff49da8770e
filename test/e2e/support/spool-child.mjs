// A lane with its spool in a process of its own, so that it can be killed, put into a mount
// namespace, or have its syncs written down. Runs the built program; told what to do by IPC.
import {
  fstatSync,
  openSync,
  readFileSync,
  readlinkSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { ndjson } from '../../../dist/export/collectors/http.js';
import { HttpExporter } from '../../../dist/export/http-exporter.js';
import { Lane } from '../../../dist/export/lane.js';
import { SpoolStore } from '../../../dist/export/spool/spool-store.js';
import { systemClock } from '../../../dist/ops/clock.js';
import { lineOf } from '../../../dist/summary/line.js';

const {
  folder,
  url,
  run,
  spool,
  acceptedPath,
  syncedPath,
  isOnDemand,
  paceMs = 4,
} = JSON.parse(process.argv[2]);
const MIB = 1024 * 1024;
const STREAMS = 7;

if (syncedPath !== undefined) await noteSyncs();

const logged = [];
const log = (_fields, message) => logged.push(message);
const logger = { info: log, warn: log, error: log };
const deps = { clock: systemClock, logger, random: Math.random };
const limits = {
  maxBytes: 64 * MIB,
  maxAgeMs: 3_600_000,
  keepMs: 0,
  segmentBytes: 256 * 1024,
  segmentMs: 3_600_000,
};
const store = new SpoolStore('collector', folder, { ...limits, memoryBytes: 16 * MIB, ...spool }, deps);
const exporter = new HttpExporter(
  { name: 'collector', form: ndjson, url, compression: 'none', timeoutMs: 1000, version: 'test' },
  deps,
);
const options = {
  queue: { maxRecords: 1, maxBytes: 1 },
  batch: { maxRecords: 50, maxBytes: MIB, maxAgeMs: 5 },
  retry: { initialMs: 5, maxMs: 50 },
  slowRetryMs: 50,
  logPeriodMs: 0,
};
const lane = new Lane(exporter, options, deps, store);
await lane.reopen();

let pushed = 0;
let isResting = false;
function push(count, bytes) {
  const padding = 'x'.repeat(bytes);
  const lines = Array.from({ length: count }, () => {
    const n = pushed++;
    return lineOf({ kind: 'window', id: `${run}-${n % STREAMS}-${n}`, padding });
  });
  lane.offer(lines);
}

// Survives kill -9: how many of the lines, the first ones, the spool had taken when nothing else was left.
const accepted = acceptedPath === undefined ? null : openSync(acceptedPath, 'w');
function noteAccepted() {
  if (accepted !== null && store.unwritten === 0) writeSync(accepted, String(pushed).padStart(12), 0);
}

process.on('message', async ({ id, ask, ...rest }) => {
  let answer = null;
  if (ask === 'push') push(rest.count, rest.bytes);
  if (ask === 'rest') isResting = true;
  if (ask === 'close') await lane.close(rest.deadlineMs);
  if (ask === 'stats' || ask === 'close')
    answer = { ...lane.stats(), fault: store.fault, unwritten: store.unwritten, logged };
  process.send({ id, answer });
  if (ask === 'close') process.disconnect();
});
process.on('disconnect', () => process.exit());
process.send({ id: 'ready', answer: null });

while (!isOnDemand && !isResting) {
  push(1 + Math.floor(Math.random() * 40), Math.floor(Math.random() * 600));
  noteAccepted();
  await new Promise((resolve) => setTimeout(resolve, Math.random() * paceMs));
  noteAccepted();
}

/** Writes down of each file how much of it was on the disk when a sync had ended, and keeps the cursor as it was then. */
async function noteSyncs() {
  const probe = await open('/dev/null', 'r');
  const handles = Object.getPrototypeOf(probe);
  await probe.close();
  const { datasync } = handles;
  const lengths = {};
  handles.datasync = async function () {
    const { ino, size } = fstatSync(this.fd);
    const path = readlinkSync(`/proc/self/fd/${this.fd}`);
    const cursor = path.endsWith('/cursor') ? readFileSync(path) : null;
    await datasync.call(this);
    if (cursor !== null) return writeFileSync(`${syncedPath}.cursor`, cursor);
    lengths[ino] = Math.max(size, lengths[ino] ?? 0);
    writeFileSync(`${syncedPath}.tmp`, JSON.stringify(lengths));
    // One piece, whenever the process is killed.
    renameSync(`${syncedPath}.tmp`, syncedPath);
  };
}

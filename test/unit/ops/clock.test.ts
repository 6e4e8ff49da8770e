// The clock: sleeping, waking and cancelling, on the real one and on the manual one.
import { expect, test } from 'vitest';
import { systemClock } from '../../../src/ops/clock.js';
import { ManualClock } from './manual-clock.js';

test('sleep ends when its time has come and not before', async () => {
  const clock = new ManualClock(1000);
  const events: string[] = [];
  const sleeping = clock.sleep(500).then(() => events.push(`awake at ${clock.now()}`));
  clock.advance(499);
  await Promise.resolve();
  events.push('499 ms later');
  clock.advance(1);
  await sleeping;
  expect(events).toEqual(['499 ms later', 'awake at 1500']);
});

test('sleep ends at once when its signal aborts, and leaves no timer behind', async () => {
  const clock = new ManualClock();
  const abort = new AbortController();
  const sleeping = clock.sleep(60_000, abort.signal);
  expect(clock.pending).toBe(1);
  abort.abort();
  await sleeping;
  expect(clock.pending).toBe(0);
  await clock.sleep(60_000, abort.signal);
  expect(clock.pending).toBe(0);
});

test('the system clock calls a timeout once, an interval often, and neither after cancel', async () => {
  let timeouts = 0;
  let intervals = 0;
  systemClock.setTimeout(() => timeouts++, 1);
  systemClock.setTimeout(() => timeouts++, 1).cancel();
  const interval = systemClock.setInterval(() => intervals++, 1);
  while (timeouts < 1 || intervals < 2) await systemClock.sleep(1);
  interval.cancel();
  const before = intervals;
  await systemClock.sleep(20);
  expect({ timeouts, more: intervals - before }).toEqual({ timeouts: 1, more: 0 });
});

test('a delay beyond what Node can count is not taken as 1 ms', async () => {
  let called = false;
  const timer = systemClock.setTimeout(() => {
    called = true;
  }, 2 ** 40);
  await systemClock.sleep(20);
  timer.cancel();
  expect(called).toBe(false);
});

test('the monotonic clock is the one that systemd reads, in ns', () => {
  const before = process.hrtime.bigint();
  const now = systemClock.monotonicNs();
  expect(now >= before && now <= process.hrtime.bigint()).toBe(true);
});

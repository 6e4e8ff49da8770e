// What systemd is told, and when the watchdog is fed.
import { describe, expect, test } from 'vitest';
import { notifySocket, Systemd, watchdogPeriodMs } from '../../../src/ops/systemd.js';
import { ManualClock } from './manual-clock.js';

function started(environment: NodeJS.ProcessEnv) {
  const sent: string[] = [];
  const clock = new ManualClock();
  const systemd = new Systemd({ sendNotify: (state) => sent.push(state), environment, pid: 42, clock });
  return { sent, clock, systemd };
}

const underSystemd = { NOTIFY_SOCKET: '/run/systemd/notify' };
const withWatchdog = { ...underSystemd, WATCHDOG_USEC: '30000000', WATCHDOG_PID: '42' };

test('the whole life is told in sd_notify states', () => {
  const { sent, clock, systemd } = started(underSystemd);
  systemd.ready('capturing on eth1');
  systemd.status('12 streams');
  clock.advance(1500);
  systemd.reloading();
  systemd.ready();
  systemd.stopping('flushing');
  expect(sent).toEqual([
    'READY=1\nSTATUS=capturing on eth1',
    'STATUS=12 streams',
    'RELOADING=1\nMONOTONIC_USEC=1500000',
    'READY=1',
    'STOPPING=1\nSTATUS=flushing',
  ]);
});

test('a status cannot smuggle in a state of its own', () => {
  const { sent, systemd } = started(underSystemd);
  systemd.status('eth1\nREADY=1\r\nMAINPID=1');
  expect(sent).toEqual(['STATUS=eth1 READY=1 MAINPID=1']);
});

test('nothing is sent without NOTIFY_SOCKET', () => {
  const { sent, clock, systemd } = started({ WATCHDOG_USEC: '30000000' });
  systemd.ready();
  systemd.startWatchdog(() => true);
  clock.advance(60_000);
  systemd.stopping();
  expect({ sent, timers: clock.pending }).toEqual({ sent: [], timers: 0 });
});

test('a message that cannot be sent is reported once and does no harm', () => {
  const errors: unknown[] = [];
  const failure = new Error('ECONNREFUSED');
  const systemd = new Systemd({
    sendNotify: () => {
      throw failure;
    },
    environment: underSystemd,
    onError: (error) => errors.push(error),
  });
  systemd.ready();
  systemd.stopping();
  expect(errors).toEqual([failure]);
});

describe('the watchdog', () => {
  test('is fed at once and then at half its period, while the engine is well', () => {
    const { sent, clock, systemd } = started(withWatchdog);
    const changes: string[] = [];
    let well = true;
    systemd.startWatchdog(
      () => well,
      (now) => changes.push(`${clock.now()}: ${now ? 'well' : 'not well'}`),
    );
    clock.advance(30_000);
    expect(sent).toEqual(['WATCHDOG=1', 'WATCHDOG=1', 'WATCHDOG=1']);
    well = false;
    clock.advance(30_000);
    expect(sent).toHaveLength(3);
    well = true;
    clock.advance(15_000);
    expect(sent).toHaveLength(4);
    expect(changes).toEqual(['45000: not well', '75000: well']);
  });

  test('is not fed when the health check itself fails', () => {
    const { sent, systemd } = started(withWatchdog);
    systemd.startWatchdog(() => {
      throw new Error('engine gone');
    });
    expect(sent).toEqual([]);
  });

  test('is not fed any more after close, which may be called twice', () => {
    const { sent, clock, systemd } = started(withWatchdog);
    systemd.startWatchdog(() => true);
    systemd.close();
    systemd.close();
    clock.advance(60_000);
    expect(sent).toEqual(['WATCHDOG=1']);
  });

  test.each([
    [{ WATCHDOG_USEC: '30000000' }, 15_000],
    [{ WATCHDOG_USEC: '30000000', WATCHDOG_PID: '42' }, 15_000],
    [{ WATCHDOG_USEC: '30000000', WATCHDOG_PID: '43' }, null],
    [{ WATCHDOG_USEC: '0' }, null],
    [{ WATCHDOG_USEC: '1' }, 1],
    [{ WATCHDOG_USEC: 'soon' }, null],
    [{}, null],
  ])('with %o has the period %o ms', (environment, periodMs) => {
    expect(watchdogPeriodMs(environment, 42)).toBe(periodMs);
  });
});

test.each([
  ['/run/systemd/notify', '/run/systemd/notify'],
  ['@/org/freedesktop/systemd1/notify/1', '@/org/freedesktop/systemd1/notify/1'],
  ['vsock:2:1234', null],
  ['', null],
])('NOTIFY_SOCKET=%s is the socket %s', (text, path) => {
  expect(notifySocket({ NOTIFY_SOCKET: text })).toBe(path);
});

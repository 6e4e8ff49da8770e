// A network namespace of its own for the benchmark, with a veth pair in it: nothing can
// be sent to anywhere else, and all of it is gone when the process ends.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { RtpsondeError } from '../ops/errors.js';

/** The two ends of the cable: what goes in at `sending` comes out at `receiving`. */
export const receiving = 'bench0';
export const sending = 'bench1';

// Set for the program that runs inside.
const INSIDE = 'RTPSONDE_BENCH_INSIDE';

export function isInside(): boolean {
  return process.env[INSIDE] === '1';
}

/** Root keeps the rights that eBPF needs; others become root of a user namespace, without them. */
function ways(): string[][] {
  const users = ['--user', '--map-root-user', '--net'];
  return process.geteuid?.() === 0 ? [['--net'], users] : [users];
}

/**
 * Runs this program once more with the same arguments, inside; its exit code.
 * @throws RtpsondeError ERR_BENCH_NAMESPACE
 */
export async function runInside(): Promise<number> {
  const said: string[] = [];
  for (const way of ways()) {
    const { status, stderr, error } = spawnSync('unshare', [...way, 'true'], { encoding: 'utf8' });
    if (status === 0) return run(way);
    said.push(error?.message ?? stderr.trim());
  }
  throw new RtpsondeError('ERR_BENCH_NAMESPACE', `no network namespace of its own: ${said.join('; ')}`);
}

async function run(way: readonly string[]): Promise<number> {
  const command = [process.execPath, ...process.execArgv, '--expose-gc', ...process.argv.slice(1)];
  const child = spawn('unshare', [...way, '--', ...command], {
    stdio: 'inherit',
    env: { ...process.env, [INSIDE]: '1' },
  });
  // The terminal's signals reach the child as well, which then ends by itself.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => child.kill(name));
  const [code] = (await once(child, 'close')) as [number | null];
  return code ?? 1;
}

// Without IPv6 the kernel sends nothing of its own over the cable.
const CABLE = `set -e
[ ! -e /proc/sys/net/ipv6/conf/default/disable_ipv6 ] || echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6
ip link add ${receiving} type veth peer name ${sending}
ip link set ${sending} up
ip link set ${receiving} up`;

/**
 * Makes the cable, inside.
 * @throws RtpsondeError ERR_BENCH_NAMESPACE
 */
export async function makeCable(): Promise<void> {
  const { status, stderr, error } = spawnSync('sh', ['-c', CABLE], { encoding: 'utf8' });
  if (status !== 0)
    throw new RtpsondeError('ERR_BENCH_NAMESPACE', `no veth pair: ${error?.message ?? stderr.trim()}`);
  // The kernel notices the carrier later, and until then drops without a word.
  for (let i = 0; i < 200; i++) {
    const { stdout } = spawnSync('ip', ['-o', 'link', 'show', 'up'], { encoding: 'utf8' });
    const ready = stdout.split('\n').filter((line) => /bench[01]@.*state UP/.test(line));
    if (ready.length === 2) return;
    await sleep(20);
  }
  throw new RtpsondeError('ERR_BENCH_NAMESPACE', 'the veth pair does not come up');
}

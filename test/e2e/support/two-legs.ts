// A real path with the tap in its middle: two hosts, each in a network namespace of
// its own, and between them two bad networks (impaired_leg.py) that meet at a cable.
// What crosses the cable is copied to a SPAN port, where the probe listens.
//
//   host A ---- leg A: delay, loss ---- cable ---- leg B: delay, loss ---- host B
//                                         |
//                                     SPAN port: `near`
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hostA, hostB, type Legs, type LegTruth, type Truth } from './leg-truth.js';
import { far, Namespace } from './namespace.js';

const LEG = fileURLToPath(new URL('impaired_leg.py', import.meta.url));

/** Why there can be no such path here, or null. */
export function cannotImpair(): string | null {
  return spawnSync('python3', ['--version']).status === 0 ? null : 'python3 is not installed';
}

const UP = `up() {
  [ ! -e /proc/sys/net/ipv6/conf/$1 ] || echo 1 > /proc/sys/net/ipv6/conf/$1/disable_ipv6
  ip link set $1 up
}`;

// Checksums are worked out by the sending host: the legs pass frames on as they are.
// linphone wants a default route before it takes an address for its own.
const HOST = (name: string, address: string) => `set -e
${UP}
ip link set lo up
ip address add ${address}/24 dev ${name}
up ${name}
ip route add default dev ${name}
python3 - ${name} <<'END'
import array, fcntl, socket, struct, sys
value = array.array('B', struct.pack('II', 0x17, 0))  # ETHTOOL_STXCSUM off
request = struct.pack('16sP', sys.argv[1].encode(), value.buffer_info()[0])
fcntl.ioctl(socket.socket(socket.AF_INET, socket.SOCK_DGRAM), 0x8946, request)
END`;

const LINK = (name: string, end: string, pid: number) => `set -e
${UP}
ip link add ${end} type veth peer name ${name} netns ${pid}
up ${end}`;
const CABLE = `set -e
${UP}
ip link add cable-a type veth peer name cable-b
up cable-a
up cable-b`;

/** A network namespace without a user namespace of its own, inside another one. */
class Host {
  private constructor(
    readonly address: string,
    private readonly holder: ChildProcess,
  ) {}

  static async open(middle: Namespace, name: 'a' | 'b', address: string): Promise<Host> {
    const [first, ...rest] = [...middle.wrapper, 'unshare', '-n', 'sh', '-c', 'echo ready; exec cat'];
    const holder = spawn(first!, rest, { stdio: 'pipe' });
    await Promise.race([once(holder.stdout, 'data'), once(holder, 'close')]);
    const host = new Host(address, holder);
    must(middle.run(['sh', '-c', LINK(`host-${name}`, `leg-${name}`, holder.pid!)]));
    const set = [...host.wrapper, 'sh', '-c', HOST(`host-${name}`, address)];
    must(spawnSync(set[0]!, set.slice(1), { encoding: 'utf8' }));
    return host;
  }

  /** Words to put in front of a command so that it runs on this host. */
  get wrapper(): string[] {
    return [
      'nsenter',
      '--preserve-credentials',
      '--user',
      '--net',
      '--target',
      String(this.holder.pid),
      '--',
    ];
  }

  close(): void {
    this.holder.stdin?.end();
  }
}

function must({ status, stderr }: { status: number | null; stderr: string }): void {
  if (status !== 0) throw new Error(`the path does not come up: ${stderr}`);
}

export class TwoLegs {
  readonly #legs: { child: ChildProcess; truth: string }[] = [];

  private constructor(
    /** Where the tap is: its interface is `near`. */
    readonly middle: Namespace,
    readonly a: Host,
    readonly b: Host,
  ) {}

  /** Everything up; or the reason why it cannot be. */
  static async open(folder: string, legs: Legs): Promise<TwoLegs | string> {
    const middle = await Namespace.open();
    if (typeof middle === 'string') return middle;
    const opened: { close(): unknown }[] = [middle];
    try {
      const a = await Host.open(middle, 'a', hostA);
      opened.push(a);
      const b = await Host.open(middle, 'b', hostB);
      opened.push(b);
      const path = new TwoLegs(middle, a, b);
      opened.push({ close: () => path.#legs.map(({ child }) => child.kill('SIGKILL')) });
      must(middle.run(['sh', '-c', CABLE]));
      await path.#impair(folder, 'a', legs);
      await path.#impair(folder, 'b', { ...legs, seed: legs.seed + 3 });
      return path;
    } catch (error) {
      for (const each of opened) each.close();
      throw error;
    }
  }

  async #impair(folder: string, name: 'a' | 'b', { seed, mirrorLoss = 0, ...legs }: Legs): Promise<void> {
    const truth = join(folder, `truth-${name}.json`);
    const config = join(folder, `leg-${name}.json`);
    const interfaces = { host: `leg-${name}`, tap: `cable-${name}`, mirror: far };
    writeFileSync(config, JSON.stringify({ ...interfaces, ...legs[name], mirrorLoss, seed, truth }));
    const [first, ...rest] = [...this.middle.wrapper, 'python3', LEG, config];
    const child = spawn(first!, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#legs.push({ child, truth });
    await Promise.race([once(child.stdout!, 'data'), once(child, 'close')]);
    if (child.exitCode !== null) throw new Error(`leg ${name} does not come up: exit code ${child.exitCode}`);
  }

  /** Ends the legs, so that nothing crosses the cable any more; what they did. */
  async endLegs(): Promise<Truth> {
    for (const { child } of this.#legs) child.kill('SIGTERM');
    for (const { child } of this.#legs) if (child.exitCode === null) await once(child, 'close');
    const [a, b] = this.#legs.map(({ truth }) => JSON.parse(readFileSync(truth, 'utf8')) as LegTruth);
    return { a: a!, b: b! };
  }

  close(): void {
    for (const { child } of this.#legs) child.kill('SIGKILL');
    for (const namespace of [this.a, this.b, this.middle]) namespace.close();
  }
}

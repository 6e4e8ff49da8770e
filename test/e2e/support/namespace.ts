// A network namespace of its own with a veth pair in it: no root is needed where
// the kernel lets users have namespaces.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

/** The two ends of the cable: what goes in at `far` comes out at `near`. */
export const near = 'rtps0';
export const far = 'rtps1';
/** Those of a second cable, for the other leg of a TAP. */
export const nearOther = 'rtps2';
export const farOther = 'rtps3';

// IPv6 off before the link is up, or the kernel itself sends router
// solicitations and multicast reports.
const CABLE = (one: string, other: string) => `set -e
ip link set lo up
ip link add ${one} type veth peer name ${other}
for end in ${one} ${other}; do
  [ ! -e /proc/sys/net/ipv6/conf/$end ] || echo 1 > /proc/sys/net/ipv6/conf/$end/disable_ipv6
  ip link set $end up
done`;

export class Namespace {
  private constructor(
    private readonly holder: ChildProcess,
    private readonly ownUsers: boolean,
  ) {}

  /**
   * A namespace with its cable, or the reason why there can be none.
   * @param ownUsers whether users are its own too; if not, this takes root, and eBPF is possible inside
   */
  static async open(ownUsers = true): Promise<Namespace | string> {
    // It lives as long as its standard input is open, so it never outlives the tests.
    const kinds = ownUsers ? '-Urn' : '-n';
    const holder = spawn('unshare', [kinds, 'sh', '-c', 'echo ready; exec cat'], { stdio: 'pipe' });
    let said = '';
    holder.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    const ready = await Promise.race([
      once(holder.stdout, 'data').then(() => true),
      once(holder, 'close').then(() => false),
      once(holder, 'error').then(() => false),
    ]).catch((error: Error) => {
      said += error.message;
      return false;
    });
    if (!ready) return `no network namespace: ${said.trim() || 'unshare does not work'}`;
    const namespace = new Namespace(holder, ownUsers);
    const { status, stderr } = namespace.lay();
    if (status === 0) return namespace;
    namespace.close();
    return `no veth pair in a network namespace: ${stderr.trim()}`;
  }

  /** Words to put in front of a command so that it runs inside. */
  get wrapper(): string[] {
    const target = String(this.holder.pid);
    const kinds = this.ownUsers ? ['--user', '--net'] : ['--net'];
    return ['nsenter', '--preserve-credentials', ...kinds, '--target', target, '--'];
  }

  /** Lays the cable; anew when an end of it was removed. */
  lay(): { status: number | null; stderr: string } {
    return this.run(['sh', '-c', CABLE(near, far)]);
  }

  /** Lays the second cable. */
  layOther(): { status: number | null; stderr: string } {
    return this.run(['sh', '-c', CABLE(nearOther, farOther)]);
  }

  run(command: readonly string[]): { status: number | null; stdout: string; stderr: string } {
    const [first, ...rest] = [...this.wrapper, ...command];
    const { status, stdout, stderr, error } = spawnSync(first!, rest, { encoding: 'utf8' });
    return { status, stdout: stdout ?? '', stderr: error?.message ?? stderr };
  }

  close(): void {
    this.holder.stdin?.end();
  }
}

// A file system in memory, in a mount namespace of its own: it can be filled, emptied
// and made read-only, and is gone with the test.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

export class SmallDisk {
  private constructor(
    private readonly holder: ChildProcess,
    readonly folder: string,
    private readonly hasOwnUsers: boolean,
  ) {}

  /** @returns the disk, mounted at an empty folder, or the reason why there can be none */
  static async mount(folder: string, kib: number): Promise<SmallDisk | string> {
    let said = '';
    // As root, or where the kernel lets users have namespaces.
    for (const kinds of ['-m', '-Urm']) {
      const script = `mount -t tmpfs -o size=${kib}k,mode=755 rtpsonde "${folder}" && echo ready && exec cat`;
      const holder = spawn('unshare', [kinds, 'sh', '-c', script], { stdio: 'pipe' });
      holder.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
      const isReady = await Promise.race([
        once(holder.stdout, 'data').then(() => true),
        once(holder, 'close').then(() => false),
        once(holder, 'error').then(() => false),
      ]).catch(() => false);
      if (isReady) return new SmallDisk(holder, folder, kinds !== '-m');
    }
    return `no mount namespace with a tmpfs: ${said.trim() || 'unshare does not work'}`;
  }

  /** Words to put in front of a command that is to see it. */
  get wrapper(): string[] {
    const kinds = this.hasOwnUsers ? ['--user', '--mount'] : ['--mount'];
    return ['nsenter', '--preserve-credentials', ...kinds, '--target', String(this.holder.pid), '--'];
  }

  /** Runs shell commands in its folder, and gives what they write. */
  run(script: string): string {
    const [command, ...rest] = [...this.wrapper, 'sh', '-ec', `cd "${this.folder}"; ${script}`];
    const { status, stdout, stderr } = spawnSync(command as string, rest, {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    if (status !== 0) throw new Error(`${script}: ${stderr}`);
    return stdout;
  }

  /** Takes all the room that is left, but so much. Others may take of it meanwhile. */
  fill(leaveKib = 0): void {
    this.run(`free=$(df -k --output=avail . | tail -1)
      head -c $(( (free - ${leaveKib}) * 1024 )) /dev/zero > filler 2>/dev/null || true`);
  }

  free(): void {
    this.run('rm -f filler');
  }

  close(): void {
    this.holder.stdin?.end();
  }
}

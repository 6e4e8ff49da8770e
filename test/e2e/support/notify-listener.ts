// The socket that systemd would listen on. Node has no Unix datagram sockets, so Python keeps it.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { eventually } from './eventually.js';

const LISTENER = `
import json, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
print('"ready"', flush=True)
while True:
    print(json.dumps(s.recv(65536).decode()), flush=True)
`;

export class NotifyListener {
  /** Every datagram, in order. */
  readonly states: string[] = [];

  private constructor(
    readonly path: string,
    private readonly child: ChildProcess,
  ) {
    let text = '';
    child.stdout?.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      this.states.push(...lines.map((line) => JSON.parse(line) as string));
    });
  }

  /** A listener, or the reason why there can be none. */
  static async open(path: string): Promise<NotifyListener | string> {
    if (spawnSync('python3', ['--version']).status !== 0) return 'python3 is not installed';
    const child = spawn('python3', ['-c', LISTENER, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    const listener = new NotifyListener(path, child);
    await eventually('the socket', () => listener.states.length > 0);
    listener.states.length = 0;
    return listener;
  }

  async hears(pattern: RegExp, times = 1): Promise<void> {
    await eventually(
      `${pattern} to be told, heard ${JSON.stringify(this.states)}`,
      () => this.states.filter((state) => pattern.test(state)).length >= times,
    );
  }

  async close(): Promise<void> {
    const exited = once(this.child, 'exit');
    this.child.kill();
    await exited;
  }
}

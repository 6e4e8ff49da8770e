// Puts the packets of a capture on a wire: tcpreplay, or a few lines of Python
// where that is not installed.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { far, type Namespace } from './namespace.js';

const has = (command: string, ...args: string[]) => spawnSync(command, args).status === 0;

// Keeps the pace of the capture; a fourth argument names a file that gets the
// packets with the times at which they really went out.
const SENDER = `
import socket, struct, sys, time
path, interface, pace = sys.argv[1], sys.argv[2], float(sys.argv[3])
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
s.bind((interface, 0))
s.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
data = open(path, 'rb').read()
magic, = struct.unpack_from('<I', data)
unit = {0xa1b23c4d: 1, 0xa1b2c3d4: 1000}[magic]
sent = [struct.pack('<I', 0xa1b23c4d), data[4:24]]
at, first, start = 24, None, time.monotonic_ns()
while at < len(data):
    seconds, part, kept, whole = struct.unpack_from('<IIII', data, at)
    when = seconds * 10**9 + part * unit
    first = when if first is None else first
    if pace:
        time.sleep(max(0, start + (when - first) / pace - time.monotonic_ns()) / 1e9)
    frame = data[at + 16:at + 16 + kept]
    now = time.time_ns()
    s.send(frame)
    sent += [struct.pack('<IIII', now // 10**9, now % 10**9, kept, whole), frame]
    at += 16 + kept
if len(sys.argv) > 4:
    open(sys.argv[4], 'wb').write(b''.join(sent))
`;

/** Why nothing can be sent, or null. */
export function cannotSend(): string | null {
  if (has('tcpreplay', '--version') || has('python3', '--version')) return null;
  return 'neither tcpreplay nor python3 is installed';
}

/** Why nothing can be sent with a record of when, or null. */
export function cannotSendTimed(): string | null {
  return has('python3', '--version') ? null : 'python3 is not installed';
}

/** Sends all packets of a pcap file as fast as it goes; rejects when not every one went out. */
export async function send(capture: string, namespace: Namespace, end = far): Promise<void> {
  await run(
    namespace,
    has('tcpreplay', '--version')
      ? ['tcpreplay', '-i', end, '--topspeed', capture]
      : ['python3', '-c', SENDER, capture, end, '0'],
  );
}

/** Sends them at the pace of the capture, and writes to `sent` the packets with the times at which they went out. */
export async function sendTimed(capture: string, namespace: Namespace, sent: string): Promise<void> {
  await run(namespace, ['python3', '-c', SENDER, capture, far, '1', sent]);
}

async function run(namespace: Namespace, command: readonly string[]): Promise<void> {
  const [first, ...rest] = [...namespace.wrapper, ...command];
  const child = spawn(first!, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const [code] = await once(child, 'close');
  if (code !== 0 || /Failed packets: +[1-9]/.test(said)) throw new Error(`sending failed: ${said}`);
}

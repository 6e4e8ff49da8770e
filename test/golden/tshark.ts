// tshark as an independent witness: its table of RTP streams.
import { spawnSync } from 'node:child_process';

const found = (command: string) => spawnSync(command, ['--version']).status === 0;
const inCi = ['true', '1'].includes(process.env.CI ?? '');

/** Whether `command` is installed; says loudly when not, and fails in CI, where it has to be. */
export function hasTool(command: string, what: string): boolean {
  if (found(command)) return true;
  if (inCi) throw new Error(`${command} is not installed: ${what}`);
  console.log(`NOT RUN: ${command} is not installed: ${what}`);
  return false;
}

export interface TsharkStream {
  src: string;
  srcPort: number;
  dst: string;
  dstPort: number;
  ssrc: string;
  packets: number;
  lost: number;
  meanDeltaMs: number;
  maxDeltaMs: number;
  meanJitterMs: number;
  maxJitterMs: number;
}

// start end src port dst port ssrc payload packets lost (percent) min-delta mean max min-jitter mean max [X]
const ROW =
  /^\s*[\d.]+\s+[\d.]+\s+(\S+)\s+(\d+)\s+(\S+)\s+(\d+)\s+(0x\w+)\s.*?(\d+)\s+(-?\d+) \(.*?%\)\s+([\d.\s-]+)/;

/** The streams of a capture as `tshark -z rtp,streams` tells them. */
export function tsharkStreams(file: string): TsharkStream[] {
  const args = ['-n', '-r', file, '--enable-heuristic', 'rtp_udp', '-q', '-z', 'rtp,streams'];
  const { status, stdout, stderr } = spawnSync('tshark', args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(stderr);
  return stdout.split('\n').flatMap((line) => {
    const match = ROW.exec(line);
    if (match === null) return [];
    const [, meanDeltaMs, maxDeltaMs, , meanJitterMs, maxJitterMs] = match[8]!
      .trim()
      .split(/\s+/)
      .map(Number);
    return [
      {
        src: match[1]!,
        srcPort: Number(match[2]),
        dst: match[3]!,
        dstPort: Number(match[4]),
        ssrc: match[5]!.toLowerCase(),
        packets: Number(match[6]),
        lost: Number(match[7]),
        meanDeltaMs: meanDeltaMs!,
        maxDeltaMs: maxDeltaMs!,
        meanJitterMs: meanJitterMs!,
        maxJitterMs: maxJitterMs!,
      },
    ];
  });
}

export interface TsharkPacket {
  src: string;
  srcPort: number;
  dst: string;
  dstPort: number;
  ssrc: string;
  /** Since the beginning of the capture. */
  ms: number;
  sequence: number;
  timestamp: number;
  marker: boolean;
  /** Payload octets. */
  octets: number;
}

const FIELDS =
  'frame.time_relative ip.src udp.srcport ip.dst udp.dstport rtp.ssrc rtp.seq rtp.timestamp rtp.marker udp.length'.split(
    ' ',
  );

/** The RTP packets of a capture of IPv4, without header extensions, CSRCs and padding, one by one. */
export function tsharkPackets(file: string): TsharkPacket[] {
  const fields = FIELDS.flatMap((name) => ['-e', name]);
  // STUN beside RTP has the layer too, but no SSRC.
  const filter = ['--enable-heuristic', 'rtp_udp', '-Y', 'rtp.ssrc'];
  const args = ['-n', '-r', file, ...filter, '-T', 'fields', ...fields];
  const { status, stdout, stderr } = spawnSync('tshark', args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(stderr);
  const UDP_AND_RTP = 8 + 12;
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [seconds, src, srcPort, dst, dstPort, ssrc, sequence, timestamp, marker, length] =
        line.split('\t');
      return {
        ...{ src: src!, srcPort: Number(srcPort), dst: dst!, dstPort: Number(dstPort) },
        ssrc: ssrc!.toLowerCase(),
        ms: Number(seconds) * 1000,
        ...{ sequence: Number(sequence), timestamp: Number(timestamp), octets: Number(length) - UDP_AND_RTP },
        marker: marker === '1' || marker === 'True',
      };
    });
}

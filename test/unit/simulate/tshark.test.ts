// Holds simulated captures against tshark: nothing malformed, every checksum
// right, and its count of streams where its way of counting allows (see the
// quirks that docs/accuracy.md names).
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SimulateRequest, simulate, type Truth } from '../../../src/simulate/index.js';

const hasTshark = spawnSync('tshark', ['--version']).status === 0;
if (!hasTshark) console.warn('skipped: tshark is not installed, simulated captures are not held against it');

// Off by default.
const roundTrips = ['-o', 'rtcp.show_roundtrip_calculation:TRUE'];
const checksums = ['ip', 'udp', 'tcp'].flatMap((protocol) => ['-o', `${protocol}.check_checksum:TRUE`]);
const heuristics = ['--enable-heuristic', 'rtp_udp', '--enable-heuristic', 'rtcp_udp'];

function tshark(file: string, ...args: string[]): string {
  const result = spawnSync(
    'tshark',
    ['-n', '-r', file, ...heuristics, ...roundTrips, ...checksums, ...args],
    {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    },
  );
  if (result.status !== 0) throw new Error(result.stderr);
  return result.stdout;
}

/** One field list a packet that the filter passes. */
function fields(file: string, filter: string, ...names: string[]): string[][] {
  const text = tshark(file, '-Y', filter, '-T', 'fields', ...names.flatMap((name) => ['-e', name]));
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'));
}

interface TsharkStream {
  packets: number;
  lost: number;
  maxDeltaMs: number;
  meanJitterMs: number;
  maxJitterMs: number;
}

function rtpStreams(file: string): Map<string, TsharkStream> {
  const row = /^\s*[\d.]+\s+[\d.]+\s+\S+\s+\d+\s+\S+\s+\d+\s+(0x\w+)\s.*?(\d+)\s+(-?\d+) \(.*?%\)\s+(.*)$/;
  const streams = new Map<string, TsharkStream>();
  for (const line of tshark(file, '-q', '-z', 'rtp,streams').split('\n')) {
    const match = row.exec(line);
    if (match === null) continue;
    const [, , maxDeltaMs, , meanJitterMs, maxJitterMs] = match[4]!.trim().split(/\s+/).map(Number);
    streams.set(match[1]!.toLowerCase(), {
      packets: Number(match[2]),
      lost: Number(match[3]),
      maxDeltaMs: maxDeltaMs!,
      meanJitterMs: meanJitterMs!,
      maxJitterMs: maxJitterMs!,
    });
  }
  return streams;
}

describe.skipIf(!hasTshark)('tshark', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rtpsonde-simulate-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const make = (name: string, request: SimulateRequest): { file: string; truth: Truth } => {
    const file = join(folder, `${name}.pcap`);
    return { file, truth: simulate(request, file) };
  };

  let mixed: { file: string; truth: Truth };
  beforeAll(() => {
    mixed = make('mixed', { profile: 'mixed', durationMs: 8000 });
  });

  it('finds nothing malformed and no wrong checksum in anything', () => {
    const wrong =
      '_ws.malformed || ip.checksum.status==0 || udp.checksum.status==0 || tcp.checksum.status==0';
    expect(fields(mixed.file, wrong, 'frame.number', '_ws.col.Info')).toEqual([]);
    const right = '(ip || ipv6) && udp.checksum.status==1';
    expect(fields(mixed.file, right, 'frame.number').length).toBeGreaterThan(20_000);
  }, 60_000);

  it('counts the protocols as the truth does', () => {
    const { byKind } = mixed.truth.totals;
    const filters: Record<keyof typeof byKind, string> = {
      rtp: 'rtp',
      rtcp: 'rtcp',
      dns: 'dns',
      stun: 'stun',
      sip: 'sip',
      tcp: 'tcp',
      arp: 'arp',
      fragments: 'ip.flags.mf==1 || ip.frag_offset>0',
    };
    // One row of the table: the interval, then frames and bytes for each filter.
    const table = tshark(mixed.file, '-q', '-z', `io,stat,0,${Object.values(filters).join(',')}`);
    const row = table.split('\n').find((line) => line.includes('<>') && /\d/.test(line))!;
    const frames = row.split('|').slice(2, -1).map(Number);
    expect(Object.fromEntries(Object.keys(filters).map((kind, i) => [kind, frames[2 * i]]))).toEqual(byKind);
  }, 60_000);

  it('counts packets of all streams, and their losses but for copies and restarts, as the truth does', () => {
    const seen = rtpStreams(mixed.file);
    expect(seen.size).toBe(mixed.truth.streams.length);
    let compared = 0;
    for (const stream of mixed.truth.streams) {
      const { packets, lost } = seen.get(stream.ssrc)!;
      expect({ group: stream.group, packets }).toEqual({ group: stream.group, packets: stream.packets });
      // tshark subtracts copies, and takes a restart for loss; a late last packet shifts its range.
      if (stream.duplicates + stream.restarts + stream.reordered > 0) continue;
      expect({ group: stream.group, lost }).toEqual({ group: stream.group, lost: stream.lost });
      compared += 1;
    }
    expect(compared).toBeGreaterThan(40);
  }, 60_000);

  it('measures jitter and delta of plain streams as the truth does', () => {
    const seen = rtpStreams(mixed.file);
    // Static payload types with clocks in whole kHz, without pauses: there tshark counts as the definition says.
    const groups = [
      'codecs',
      'random-loss',
      'bursty-loss',
      'reordering',
      'jitter',
      'jitter-reorders',
      'skew',
    ];
    const streams = mixed.truth.streams.filter(
      ({ group, codec }) => groups.includes(group) && codec !== 'opus' && codec !== 'L16',
    );
    expect(streams.length).toBe(30);
    for (const { ssrc, group, deltaMs, jitterMs } of streams) {
      const { maxDeltaMs, maxJitterMs } = seen.get(ssrc)!;
      expect(Math.abs(maxDeltaMs - deltaMs.max!), group).toBeLessThan(0.002);
      expect(Math.abs(maxJitterMs - jitterMs.max!), group).toBeLessThan(0.002);
    }
  }, 60_000);

  it('sees the VLAN tags and IPv6 asked for', () => {
    const { file } = make('tags', { calls: 2, durationMs: 100, vlan: [1000, 42], ipv6Share: 0.5 });
    const seen = fields(file, 'rtp', 'eth.type', 'ieee8021ad.id', 'vlan.id', 'ip.version', 'ipv6.version');
    expect(new Set(seen.map((row) => row.slice(0, 3).join(' ')))).toEqual(new Set(['0x88a8 1000 42']));
    expect([
      seen.filter((row) => row[3] === '4').length,
      seen.filter((row) => row[4] === '6').length,
    ]).toEqual([10, 10]);
  });

  it('works the round-trip times to both ends out of the reports', () => {
    // tshark adds the time between the packets that it saw to the reported delay.
    const { file, truth } = make('rtcp', {
      calls: 1,
      durationMs: 20_000,
      rtcpIntervalMs: 2000,
      legDelayMs: [25, 60],
    });
    const seen = fields(file, 'rtcp.roundtrip-delay', 'rtcp.senderssrc', 'rtcp.roundtrip-delay');
    const forward = Number(truth.streams[0]!.ssrc);
    expect(seen.length).toBeGreaterThan(10);
    for (const [sender, delayMs] of seen) {
      const wanted = Number(sender!.split(',')[0]) === forward ? 50 : 120;
      expect(Math.abs(Number(delayMs) - wanted)).toBeLessThanOrEqual(1);
    }
    expect(fields(file, 'rtcp && !rtcp.length_check', 'frame.number')).toEqual([]);
  });

  it('reads telephone events', () => {
    const { file, truth } = make('dtmf', { calls: 1, durationMs: 5000, dtmf: true });
    const seen = fields(file, 'rtp.p_type==101', 'rtp.p_type');
    const sent = truth.streams.reduce((sum, stream) => sum + stream.telephoneEventPackets, 0);
    expect(seen.length).toBe(sent);
    expect(sent).toBeGreaterThan(20);
  });

  it('reads captures in microseconds', () => {
    const { file, truth } = make('micro', { calls: 1, durationMs: 1000, jitterMs: 2, micro: true });
    const seen = rtpStreams(file);
    for (const { ssrc, packets, jitterMs } of truth.streams) {
      expect(seen.get(ssrc)).toMatchObject({ packets, lost: 0 });
      expect(Math.abs(seen.get(ssrc)!.maxJitterMs - jitterMs.max!)).toBeLessThan(0.002);
    }
  });
});

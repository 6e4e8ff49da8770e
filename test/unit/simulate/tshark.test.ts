// Holds simulated captures against tshark: nothing malformed, every checksum
// right, and its count of streams where its way of counting allows (see the
// quirks that docs/accuracy.md names).
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allXrTypes, type SimulateRequest, simulate, type Truth } from '../../../src/simulate/index.js';
import { readPackets } from './capture-reader.js';
import { readRtcp, readTrace, readXr } from './rtcp-reader.js';

const hasTshark = spawnSync('tshark', ['--version']).status === 0;
if (!hasTshark) console.warn('skipped: tshark is not installed, simulated captures are not held against it');

// Off by default.
const roundTrips = ['-o', 'rtcp.show_roundtrip_calculation:TRUE'];
const checksums = ['ip', 'udp', 'tcp'].flatMap((protocol) => ['-o', `${protocol}.check_checksum:TRUE`]);
const heuristics = ['--enable-heuristic', 'rtp_udp', '--enable-heuristic', 'rtcp_udp'];

/** Ports that hold RTCP: its heuristics do not take feedback that comes alone. */
const rtcpPorts: string[] = [];

function tshark(file: string, ...args: string[]): string {
  const result = spawnSync(
    'tshark',
    ['-n', '-r', file, ...heuristics, ...roundTrips, ...checksums, ...rtcpPorts, ...args],
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

  describe('of RTCP of every kind', () => {
    // What encrypted reports hold is noise to it; over block 12 it steps 8 octets too far, see below.
    const types = allXrTypes.filter((type) => type !== 12);
    let all: { file: string; truth: Truth };
    beforeAll(() => {
      all = make('reports', { profile: 'reports', srtp: false, xr: types });
      const alone = all.truth.streams.filter(({ group }) => group === 'feedback-reduced');
      for (const { dstPort } of alone) rtcpPorts.push('-d', `udp.port==${dstPort + 1},rtcp`);
    });
    afterAll(() => {
      rtcpPorts.length = 0;
    });

    it('finds no fault', () => {
      // Warnings and errors; the round-trip times that it finds are but notes.
      const faults = '_ws.malformed || _ws.expert.severity>=0x600000 || udp.checksum.status==0';
      expect(fields(all.file, faults, 'frame.number', '_ws.col.Info', '_ws.expert.message')).toEqual([]);
      const { byKind } = all.truth.totals;
      expect(fields(all.file, 'rtcp && rtcp.length_check', 'frame.number').length).toBe(byKind.rtcp);
    }, 60_000);

    it('steps over every extended report block, known or not', () => {
      const rtcp = readRtcp(readPackets(readFileSync(all.file)));
      const sent = new Map<number, number>();
      for (const { type } of readXr(rtcp)) sent.set(type, (sent.get(type) ?? 0) + 1);
      const seen = new Map<number, number>();
      for (const [list] of fields(all.file, 'rtcp.xr.bt', 'rtcp.xr.bt')) {
        for (const type of list!.split(',').map(Number)) seen.set(type, (seen.get(type) ?? 0) + 1);
      }
      expect(seen).toEqual(sent);
      expect([...seen.keys()].sort((a, b) => a - b)).toEqual([...types].sort((a, b) => a - b));
    }, 60_000);

    it('reads the packets of all kinds as we do', () => {
      const rtcp = readRtcp(readPackets(readFileSync(all.file)));
      const seen = fields(all.file, 'rtcp', 'rtcp.pt').map(([types]) => types);
      expect(seen).toEqual(rtcp.map(({ packets }) => packets.map(({ type }) => type).join(',')));
      const names = new Set(fields(all.file, 'rtcp.sdes.text', 'rtcp.sdes.text').flat());
      expect(names).toContain('calling-1@example.com,Simulated Party,rtpsonde simulate,on a call');
      expect(names).toContain(
        'calling-1@example.com,Simulated Party,rtpsonde simulate,on a call,end of call',
      );
    }, 60_000);

    it('reads the last report about every stream as the truth has it', () => {
      const last = new Map<number, string[]>();
      const names = ['identifier', 'fraction', 'cum_nr', 'ext_high', 'jitter', 'lsr', 'dlsr'];
      const full = names.map((name) => `rtcp.ssrc.${name}`);
      for (const row of fields(all.file, 'rtcp.ssrc.cum_nr', ...full)) {
        const lists = row.map((list) => list.split(','));
        // Behind those of the report blocks come those of extended reports.
        lists[0]!.slice(0, lists[2]!.length).forEach((ssrc, i) => {
          last.set(
            Number(ssrc),
            lists.slice(1).map((list) => list[i]!),
          );
        });
      }
      const wanted = all.truth.streams.map(({ ssrc, rtcp }) => {
        const { fractionLost, cumulativeLost, extendedHighestSequence, jitter, lastSr, delaySinceLastSr } =
          rtcp.lastReport!;
        const figures = [
          fractionLost,
          cumulativeLost,
          extendedHighestSequence,
          jitter,
          lastSr,
          delaySinceLastSr,
        ];
        return [ssrc, figures.map(String)];
      });
      expect(all.truth.streams.map(({ ssrc }) => [ssrc, last.get(Number(ssrc))])).toEqual(wanted);
      expect(wanted.length).toBeGreaterThan(20);
    }, 60_000);

    it('reads the classic extended report blocks as we do', () => {
      const xr = readXr(readRtcp(readPackets(readFileSync(all.file))));
      const of = (type: number) => xr.filter((block) => block.type === type).map(({ body }) => body);
      const stats = ['lost', 'dups', 'minjitter', 'maxjitter', 'meanjitter', 'devjitter'];
      const voip = [
        'burstdensity',
        'gapdensity',
        'burstduration',
        'gapduration',
        'rtdelay',
        'gmin',
        'rfactor',
      ];
      const names = [
        ...stats.map((name) => `rtcp.xr.stats.${name}`),
        ...[...voip, 'moslq', 'jbnominal'].map((name) => `rtcp.xr.voipmetrics.${name}`),
        ...['rtcp.xr.lrr', 'rtcp.xr.dlrr'],
      ];
      const rows = fields(all.file, 'rtcp.xr.bt', ...names);
      /** All values of each field, of all packets. */
      const seen = names.map((_, i) =>
        rows.flatMap((row) => (row[i] === undefined || row[i] === '' ? [] : row[i].split(',').map(Number))),
      );
      expect(seen).toEqual([
        ...[8, 12, 16, 20, 24, 28].map((at) => of(6).map((body) => body.readUInt32BE(at))),
        ...[6, 7].map((at) => of(7).map((body) => body[at])),
        ...[8, 10, 12].map((at) => of(7).map((body) => body.readUInt16BE(at))),
        ...[19, 20].map((at) => of(7).map((body) => body[at])),
        of(7).map((body) => body[22]! / 10),
        of(7).map((body) => body.readUInt16BE(26)),
        ...[4, 8].map((at) => of(5).map((body) => body.readUInt32BE(at))),
      ]);
      expect(seen[0]!.length).toBeGreaterThan(100);
      // Runs and vectors of the losses and copies come to the same numbers of packets.
      const traces = [...of(1), ...of(2)].map((body) => readTrace(body).bits.length);
      const spans = [...of(1), ...of(2)].map(
        (body) => (body.readUInt16BE(6) - body.readUInt16BE(4)) & 0xffff,
      );
      expect(traces).toEqual(spans);
    }, 60_000);

    it('finds the source of a synchronization block, though it looks for 8 octets more behind it', () => {
      const { file } = make('synchronization', {
        calls: 1,
        durationMs: 8000,
        rtcpIntervalMs: 2000,
        xr: [12],
      });
      const xr = readXr(readRtcp(readPackets(readFileSync(file))));
      const seen = fields(file, 'rtcp.xr.idms.source_ssrc', 'rtcp.xr.idms.source_ssrc', 'rtcp.xr.idms.msci');
      expect(seen.map((row) => row.map(Number))).toEqual(
        xr.map(({ body }) => [body.readUInt32BE(8), body.readUInt32BE(4)]),
      );
      expect(xr.length).toBeGreaterThan(4);
      const messages = fields(file, '_ws.expert.severity>=0x600000', '_ws.expert.message').map(
        ([text]) => text!,
      );
      const excess = messages.map((text) => {
        const [, expected, found] = text.match(/expected (\d+) bytes, found (\d+)/)!.map(Number);
        return expected! - found!;
      });
      expect(new Set(excess)).toEqual(new Set([8]));
    });
  });
});

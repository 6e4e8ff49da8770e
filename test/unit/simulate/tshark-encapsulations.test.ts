// Holds every encapsulation against tshark: nothing malformed, no error, every
// checksum right, and within all layers the packets that the truth tells of.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type SimulateRequest, simulate, type Truth } from '../../../src/simulate/index.js';

const hasTshark = spawnSync('tshark', ['--version']).status === 0;
if (!hasTshark) console.warn('skipped: tshark is not installed, encapsulations are not held against it');

const checksums = ['ip', 'udp', 'tcp'].flatMap((protocol) => ['-o', `${protocol}.check_checksum:TRUE`]);
const heuristics = ['--enable-heuristic', 'rtp_udp', '--enable-heuristic', 'rtcp_udp'];
// What it cannot know of a label: that an Ethernet pseudowire with a control word is in it.
const pseudowires = ['-d', 'mpls.label==16-1048575,pwethcw'];
const names = [
  ...['ip.src', 'ipv6.src', 'ip.dst', 'ipv6.dst', 'udp.srcport', 'udp.dstport'],
  ...['rtp.ssrc', 'rtp.seq', '_ws.malformed', '_ws.expert.severity', '_ws.expert.message'],
  ...['ip.checksum.status', 'udp.checksum.status', 'rtcp.senderssrc', 'frame.protocols'],
];
const errorSeverity = 0x800000;
const badChecksum = '0';

type Row = Record<string, string>;

/** One row a packet of the file. */
function rows(file: string, ...more: string[]): Row[] {
  const wanted = names.flatMap((name) => ['-e', name]);
  const args = ['-n', '-r', file, ...heuristics, ...checksums, ...more, '-T', 'fields', ...wanted];
  const result = spawnSync('tshark', args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (result.status !== 0) throw new Error(result.stderr);
  return result.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => Object.fromEntries(line.split('\t').map((value, i) => [names[i]!, value])));
}

const last = (list: string | undefined): string => (list ?? '').split(',').at(-1)!;

/** What is wrong with a packet, empty when nothing is. */
function faults(row: Row): string[] {
  const severities = row['_ws.expert.severity']!.split(',').filter((text) => text !== '');
  const wrong = severities.some((text) => Number(text) >= errorSeverity) ? [row['_ws.expert.message']!] : [];
  if (row['_ws.malformed'] !== '') wrong.push('malformed');
  for (const name of ['ip.checksum.status', 'udp.checksum.status']) {
    if (row[name]!.split(',').includes(badChecksum)) wrong.push(name);
  }
  return wrong;
}

/** Sources, destinations, SSRC and packets of the innermost layer, by stream, as tshark sees them. */
function streamsOf(found: readonly Row[], ipv6: boolean): Map<string, string> {
  const streams = new Map<string, string>();
  for (const row of found) {
    if (row['rtp.seq'] === '') continue;
    const ip = ipv6 ? 'ipv6' : 'ip';
    const from = `${last(row[`${ip}.src`])} ${last(row['udp.srcport'])}`;
    const to = `${last(row[`${ip}.dst`])} ${last(row['udp.dstport'])}`;
    const key = `${from} > ${to} ${last(row['rtp.ssrc'])}`;
    streams.set(key, `${streams.get(key) ?? ''} ${last(row['rtp.seq'])}`);
  }
  return streams;
}

function wantedOf(truth: Truth): Map<string, string> {
  return new Map(
    truth.streams.map((stream) => {
      const { src, srcPort, dst, dstPort, ssrc, firstSequence, packets } = stream;
      const numbers = Array.from({ length: packets }, (_, i) => ` ${(firstSequence + i) & 0xffff}`).join('');
      return [`${src} ${srcPort} > ${dst} ${dstPort} ${ssrc}`, numbers];
    }),
  );
}

const sorted = (streams: Map<string, string>) => [...streams].sort(([a], [b]) => (a < b ? -1 : 1));

const everywhere = [
  ...['vlan', 'qinq', 'mpls:1', 'mpls:2', 'mpls:3', 'pppoe', 'pbb', 'ipip', 'ipip:v6'],
  ...['gre', 'gre:key', 'gre:seq', 'gre:csum', 'gre:key+seq+csum', 'gre:eth', 'gre:v6', 'nvgre', 'nvgre:v6'],
  ...['erspan1', 'erspan2', 'erspan2:v6', 'erspan3', 'erspan3:platform'],
  ...['vxlan', 'vxlan:v6', 'geneve', 'geneve:options', 'geneve:options+v6'],
  ...['gtpu', 'gtpu:ext', 'gtpu:seq', 'gtpu:ext+seq', 'gtpu:v6', 'tzsp', 'tzsp:tags'],
  ...['sll', 'sll2', 'raw', 'null', 'sll/vlan', 'sll2/vxlan', 'raw/gre:key', 'null/gtpu'],
  ...[
    'vxlan/gre',
    'vlan/mpls/gre',
    'qinq/pppoe',
    'mpls:1/vlan',
    'gre/mpls',
    'erspan2/vxlan',
    'erspan3/gtpu:ext',
  ],
  ...['pbb/qinq', 'vxlan/pppoe', 'geneve/vxlan/ipip', 'gtpu/vxlan', 'pppoe/mpls'],
];

describe.skipIf(!hasTshark)('tshark opens', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rtpsonde-simulate-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  let files = 0;
  const make = (request: SimulateRequest): { truth: Truth; found: Row[] } => {
    files += 1;
    const file = join(folder, `${files}.pcap`);
    const truth = simulate({ calls: 2, durationMs: 1200, rampMs: 0, rtcpIntervalMs: 500, ...request }, file);
    const isPseudowire =
      request.encap?.some((item) => /mpls/.test(item) && (item.endsWith('/vlan') || request.vlan)) ?? false;
    return { truth, found: rows(file, ...(isPseudowire ? pseudowires : [])) };
  };

  const check = (request: SimulateRequest, ipv6: boolean): void => {
    const { truth, found } = make(request);
    expect(found.flatMap((row, i) => faults(row).map((fault) => `${i + 1} ${fault}`)).slice(0, 5)).toEqual(
      [],
    );
    expect(sorted(streamsOf(found, ipv6))).toEqual(sorted(wantedOf(truth)));
    expect(found.filter((row) => row['rtcp.senderssrc'] !== '').length).toBe(truth.totals.byKind.rtcp);
    expect(truth.totals.byKind.rtcp).toBeGreaterThan(4);
  };

  for (const ipv6 of [false, true]) {
    for (const item of everywhere) {
      it(`${item} around IPv${ipv6 ? 6 : 4}`, () => {
        check({ encap: [item], ipv6Share: ipv6 ? 1 : 0 }, ipv6);
      }, 30_000);
    }
  }

  for (const item of ['4in4', '6in4', '4in6', '6in6', 'vlan/6in4']) {
    it(item, () => check({ encap: [item] }, item.includes('6in')), 30_000);
  }

  it('packets that take turns, in front of their own VLAN tags', () => {
    const encap = ['none', 'vxlan', 'mpls:2', 'gre:key+seq/erspan3', 'geneve:options'];
    check({ encap, encapTurn: 'packet', vlan: [33] }, false);
  }, 30_000);

  it('every second copy', () => {
    for (const spanCopies of ['bridged', 'vlan', 'routed', 'tunnelled', 'tunnelled:gtpu:ext']) {
      const { truth, found } = make({ spanCopies, vlan: spanCopies === 'routed' ? [5] : [] });
      expect(found.flatMap(faults)).toEqual([]);
      const wanted = [...wantedOf(truth)].map(([key, numbers]) => [
        key,
        numbers.replaceAll(/ (\d+)/g, ' $1 $1'),
      ]);
      expect(sorted(streamsOf(found, false))).toEqual(sorted(new Map(wanted as [string, string][])));
    }
  }, 60_000);

  it('header extensions of transmission offsets and redundant audio', () => {
    const { found, truth } = make({ redGenerations: 2, transmissionOffsetId: 5, lossRatio: 0.1 });
    expect(found.flatMap(faults)).toEqual([]);
    expect(found.filter((row) => row['rtp.seq'] !== '').length).toBe(truth.totals.byKind.rtp);
  }, 30_000);
});

// The capture filter on files, held against tcpdump: it lets the same packets through, and
// they are measured as if they alone had been captured.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { CaptureSummary, Summary } from '../../src/summary/schema.js';
import { analyzeCapture } from './analyze-capture.js';
import { captureNames, capturePath } from './support.js';
import { hasTool } from './tshark.js';

const own = fileURLToPath(new URL('../captures/', import.meta.url));
/** Of every link type, with tags, fragments, tunnels and several interfaces in one file. */
const shared = [
  'cisco-g722-h264.pcapng',
  'encap-zoo-synthetic.pcap',
  'frag-ipv4-mix.pcap',
  'frag-ipv6-sip-sll.pcap',
  'ipv6-rtp.pcap',
  'mpegts-vlan.pcap',
  'rtp-null-linktype.pcap',
  'rtp-opus-loss.pcapng',
  'sip-rtp-rtcp-mgcp.pcap',
].filter((name) => captureNames.includes(name));
const captures = [
  ...['baresip-two-legs.pcap', 'gst-vp8.pcap'].map((name) => join(own, name)),
  ...shared.map(capturePath),
];

const expressions = [
  'udp',
  'not tcp',
  'vlan and udp',
  'udp or (vlan and udp)',
  'udp portrange 10000-40000 and not host 10.0.0.1',
  'ip6',
  'greater 200',
  'udp[8] & 0xc0 = 0x80',
];

const folder = mkdtempSync(join(tmpdir(), 'rtpsonde-filter-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes what tcpdump lets through to a file, and counts it; null when it does not take file or expression. */
function tcpdump(file: string, expression: string, to: string): number | null {
  const copying = ['--time-stamp-precision=nano', '-nr', file, '-w', to, expression];
  if (spawnSync('tcpdump', copying).status !== 0) return null;
  const { stderr, stdout } = spawnSync('tcpdump', ['-nr', to, '--count'], { encoding: 'utf8' });
  const count = /(\d+) packets?/.exec(stdout + stderr);
  if (count === null) throw new Error(`tcpdump does not count: ${stderr}`);
  return Number(count[1]);
}

const capturesOf = (summaries: readonly Summary[]) =>
  summaries.filter((summary): summary is CaptureSummary => summary.kind === 'capture');
const streamsOf = (summaries: readonly Summary[]) => summaries.filter(({ kind }) => kind !== 'capture');

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe.runIf(hasTool('tcpdump', 'what a capture filter lets through is held against it'))(
  '--filter',
  () => {
    it.each(captures)(
      '%s: what tcpdump lets through, as if it alone had been captured',
      async (file) => {
        const alone = join(folder, 'alone.pcap');
        for (const filter of expressions) {
          const expected = tcpdump(file, filter, alone);
          if (expected === null) continue;
          const filtered = await analyzeCapture(file, { filter, windows: true });
          const all = capturesOf(filtered);
          const refused = sum(all.map(({ reasons }) => reasons.filteredOut ?? 0));
          expect({ filter, wanted: sum(all.map(({ packets }) => packets)) - refused }).toEqual({
            filter,
            wanted: expected,
          });
          if (expected === 0) continue;
          const measured = streamsOf(await analyzeCapture(alone, { windows: true }));
          expect({ filter, streams: streamsOf(filtered) }).toEqual({ filter, streams: measured });
        }
      },
      120_000,
    );
  },
);

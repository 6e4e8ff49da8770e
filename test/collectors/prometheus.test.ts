// The endpoint, scraped by a real Prometheus and asked for through its API.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prometheus } from '../../src/export/collectors/prometheus.js';
import type { Exporter } from '../../src/export/exporter.js';
import type { WindowSummary } from '../../src/summary/schema.js';
import { exporterOf, realSummaries } from './support/exporting.js';
import { findProgram, freePort, missing, Server } from './support/server.js';

const absent = missing('prometheus', 'promtool');
const TOKEN = 'a-token-of-the-test';

interface Result {
  metric: Record<string, string>;
  value: [number, string];
}

describe.skipIf(absent !== null)('Prometheus', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rtpsonde-prometheus-'));
  const { lines, summaries } = realSummaries('gst-pcmu-impaired.pcap');
  const windows = summaries.filter((summary): summary is WindowSummary => summary.kind === 'window');
  let exporter: Exporter;
  let server: Server;
  let api: string;
  let endpoint: string;

  async function query(expression: string): Promise<Result[]> {
    const response = await fetch(`${api}/query?query=${encodeURIComponent(expression)}`);
    const { status, data } = (await response.json()) as { status: string; data: { result: Result[] } };
    expect(status).toBe('success');
    return data.result;
  }

  /** The value of an expression that gives one. */
  async function single(expression: string): Promise<number> {
    const result = await query(expression);
    expect(result).toHaveLength(1);
    return Number(result[0]?.value[1]);
  }

  beforeAll(async () => {
    const [port, own] = [await freePort(), await freePort()];
    endpoint = `http://127.0.0.1:${port}/metrics`;
    exporter = exporterOf(
      `type: prometheus\nlisten: 127.0.0.1:${port}\nstreams: true\nmaxStreams: 2\ntoken: {env: TOKEN}`,
      { TOKEN },
    );
    await exporter.deliver(lines, new AbortController().signal);
    writeFileSync(
      join(folder, 'prometheus.yml'),
      `global: {scrape_interval: 1s}
scrape_configs:
  - job_name: rtpsonde
    authorization: {credentials: ${TOKEN}}
    static_configs: [{targets: ['127.0.0.1:${port}']}]
  - job_name: plain
    scrape_interval: 1s
    static_configs: [{targets: ['127.0.0.1:${port}']}]
`,
    );
    api = `http://127.0.0.1:${own}/api/v1`;
    server = await Server.start({
      command: 'prometheus',
      args: [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${own}`,
        '--enable-feature=exemplar-storage',
      ],
      ready: async () =>
        (await query('up{job="rtpsonde"} == 1 and on () (up{job="plain"} == 0)')).length === 1,
    });
  });
  afterAll(async () => {
    await server?.stop();
    await exporter?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('takes every line of the endpoint', async () => {
    expect(await single('up{job="rtpsonde"}')).toBe(1);
    expect(await single('scrape_samples_scraped{job="rtpsonde"}')).toBeGreaterThan(50);
  });

  it('is without fault in the plain format too, by promtool', async () => {
    const response = await fetch(endpoint, { headers: { Authorization: `Bearer ${TOKEN}` } });
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const promtool = findProgram('promtool') ?? '';
    const { status, stdout, stderr } = spawnSync(promtool, ['check', 'metrics'], {
      input: await response.text(),
      encoding: 'utf8',
    });
    expect({ status, said: stdout + stderr }).toEqual({ status: 0, said: '' });
  });

  it('is refused without the token', async () => {
    const response = await fetch(`${api}/targets`);
    const { data } = (await response.json()) as {
      data: { activeTargets: { labels: { job: string }; lastError: string }[] };
    };
    const plain = data.activeTargets.find(({ labels }) => labels.job === 'plain');
    expect(plain?.lastError).toContain('401');
  });

  it('adds up what the summaries say', async () => {
    const sum = (of: (window: WindowSummary) => number) =>
      windows.reduce((total, window) => total + of(window), 0);
    expect(await single('sum(rtpsonde_rtp_packets_total)')).toBe(sum(({ packets }) => packets));
    expect(await single('sum(rtpsonde_rtp_packets_lost_total)')).toBe(sum(({ lost }) => lost));
    expect(await single('sum(rtpsonde_stream_windows_total)')).toBe(windows.length);
    const jitters = windows.flatMap(({ jitterMs }) => (jitterMs.mean === null ? [] : [jitterMs.mean / 1000]));
    expect(await single('sum(rtpsonde_window_jitter_seconds_count)')).toBe(jitters.length);
    expect(await single('sum(rtpsonde_window_jitter_seconds_sum)')).toBeCloseTo(
      jitters.reduce((a, b) => a + b),
      9,
    );
    const below = jitters.filter((jitter) => jitter <= 0.001).length;
    expect(await single('sum(rtpsonde_window_jitter_seconds_bucket{le="0.001"})')).toBe(below);
  });

  it('has the groups with their labels, MOS scales apart', async () => {
    const groups = await query(
      'count by (codec, dscp, vlan, interface, scale) (rtpsonde_window_mos_cq_bucket{le="+Inf"})',
    );
    const expected = new Set(
      windows
        .filter(({ mos }) => mos.cq !== null)
        .map(({ codec, dscp, mos }) => `${codec} ${dscp} untagged none ${mos.scale}`),
    );
    const told = groups.map(({ metric: m }) => `${m.codec} ${m.dscp} ${m.vlan} ${m.interface} ${m.scale}`);
    expect(told.sort()).toEqual([...expected].sort());
  });

  it('knows the types and units of the metrics', async () => {
    const response = await fetch(`${api}/metadata`);
    const { data } = (await response.json()) as { data: Record<string, { type: string; unit: string }[]> };
    expect(data.rtpsonde_window_mos_cq?.[0]?.type).toBe('histogram');
    expect(data.rtpsonde_rtp_packets?.[0]?.type).toBe('counter');
    expect(data.rtpsonde_window_jitter_seconds?.[0]).toMatchObject({ type: 'histogram', unit: 'seconds' });
  });

  it('understands the questions of the documentation', async () => {
    const [, block = ''] = /Questions to begin with:\n\n```\n(.*?)\n```/s.exec(prometheus.notes ?? '') ?? [];
    const questions = block.split(/^# .*$/m).map((question) => question.trim());
    expect(questions.length).toBeGreaterThan(4);
    for (const question of questions.slice(1)) await query(question);
  });

  it('has exemplars with the id of a stream', async () => {
    const range = `start=${Date.parse(windows[0]?.windowEnd ?? '') / 1000 - 10}&end=${Date.now() / 1000 + 10}`;
    const expression = encodeURIComponent('rtpsonde_window_jitter_seconds_bucket');
    const ids = new Set(windows.map(({ streamId }) => streamId));
    for (let attempt = 0; ; attempt++) {
      const response = await fetch(`${api}/query_exemplars?query=${expression}&${range}`);
      const { data } = (await response.json()) as {
        data: { exemplars: { labels: { stream_id: string } }[] }[];
      };
      const told = data.flatMap(({ exemplars }) => exemplars.map(({ labels }) => labels.stream_id));
      if (told.length === 0 && attempt < 50) {
        await sleep(100);
        continue;
      }
      expect(told.length).toBeGreaterThan(0);
      expect(told.filter((id) => !ids.has(id))).toEqual([]);
      break;
    }
  });

  it('has the streams of the latest window, and the count of those beyond the bound', async () => {
    const last = windows
      .map(({ windowEnd }) => windowEnd)
      .sort()
      .at(-1);
    const inLast = windows.filter(({ windowEnd }) => windowEnd === last);
    const shown = await query('rtpsonde_stream_packets');
    expect(shown).toHaveLength(Math.min(2, inLast.length));
    for (const { metric, value } of shown) {
      const window = inLast.find(({ streamId }) => streamId === metric.stream_id);
      expect([metric.ssrc, metric.src, Number(value[1])]).toEqual([
        window?.ssrc,
        window?.src,
        window?.packets,
      ]);
    }
    expect(await single('rtpsonde_streams_left_out')).toBe(Math.max(0, inLast.length - 2));
  });
});

// deploy/: what the compose file mounts is there, and every query of the
// dashboards runs on a current engine with our schema and real summaries.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { lineOf } from '../../src/summary/line.js';
import type { Summary } from '../../src/summary/schema.js';
import { root } from '../e2e/support/program.js';
import { ClickHouse, missingCurrent, withoutBroker, withoutRetention } from './support/clickhouse.js';
import { exporterOf, realSummaries } from './support/exporting.js';

const deploy = join(root, 'deploy');
const dashboardFolder = join(deploy, 'grafana/dashboards');

interface Panel {
  id: number;
  title: string;
  type: string;
  datasource: { uid: string };
  targets: { rawSql: string; datasource: { uid: string } }[];
}

interface Dashboard {
  uid: string;
  title: string;
  panels: Panel[];
  templating: { list: { name: string; query: string }[] };
}

const dashboards = readdirSync(dashboardFolder).map(
  (name) => JSON.parse(readFileSync(join(dashboardFolder, name), 'utf8')) as Dashboard,
);

interface Compose {
  services: Record<
    string,
    {
      image: string;
      volumes?: string[];
      environment?: Record<string, unknown>;
      depends_on?: Record<string, unknown>;
    }
  >;
  volumes: Record<string, unknown>;
}

const composeText = readFileSync(join(deploy, 'compose.yaml'), 'utf8');
const compose = parse(composeText) as Compose;

describe('deploy/compose.yaml', () => {
  it('mounts files that are there, and volumes that it declares', () => {
    for (const { volumes = [] } of Object.values(compose.services))
      for (const volume of volumes) {
        const [source = ''] = volume.split(':');
        if (source.startsWith('.')) expect(existsSync(join(deploy, source)), source).toBe(true);
        else expect(Object.keys(compose.volumes)).toContain(source);
      }
  });

  it('names an image of a fixed version for each service, and services that exist', () => {
    for (const { image, depends_on = {} } of Object.values(compose.services)) {
      expect(image).toMatch(/^[\w./-]+:\d+\.\d+(\.\d+)?$/);
      for (const other of Object.keys(depends_on)) expect(Object.keys(compose.services)).toContain(other);
    }
  });

  it('holds no password: each comes from the environment that .env.example lists', () => {
    const used = [...composeText.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name);
    const listed = [...readFileSync(join(deploy, '.env.example'), 'utf8').matchAll(/^(\w+)=/gm)].map(
      ([, name]) => name,
    );
    expect([...new Set(used)].sort()).toEqual(listed.sort());
    expect(composeText).not.toMatch(/PASSWORD: (?!\$\{)/);
  });

  it('has the dashboards and the data source where the provisioning looks for them', () => {
    const at = (path: string) => parse(readFileSync(join(deploy, 'grafana/provisioning', path), 'utf8'));
    const [source] = at('datasources/clickhouse.yaml').datasources;
    const [provider] = at('dashboards/rtpsonde.yaml').providers;
    expect(compose.services.grafana?.volumes).toContain(`./grafana/dashboards:${provider.options.path}:ro`);
    expect(Object.keys(compose.services)).toContain(source.jsonData.host);
    for (const { panels } of dashboards)
      for (const panel of panels)
        for (const { uid } of [panel.datasource, ...panel.targets.map(({ datasource }) => datasource)])
          expect(uid).toBe(source.uid);
  });

  it('makes the topics that the tables read, and that probes write to', () => {
    const made = [...readFileSync(join(deploy, 'kafka/topics.sh'), 'utf8').matchAll(/rtpsonde\.(\w+):\d+/g)];
    const read = [
      ...readFileSync(join(deploy, 'clickhouse/03-kafka.sql'), 'utf8').matchAll(/'rtpsonde\.(\w+)'/g),
    ];
    expect(made.map(([, kind]) => kind)).toEqual(read.map(([, kind]) => kind));
  });
});

/** What Grafana's plugin makes of its macros and variables. */
function expanded(sql: string, probes: readonly string[]): string {
  return (
    sql
      .replaceAll(
        /\$__timeFilter\((\w+)\)/g,
        "$1 >= toDateTime('2000-01-01 00:00:00') AND $1 <= toDateTime('2099-01-01 00:00:00')",
      )
      .replaceAll(/\$__timeInterval\((\w+)\)/g, 'toStartOfInterval(toDateTime($1), INTERVAL 60 second)')
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana writes its variables so.
      .replaceAll('${probe:singlequote}', probes.map((name) => `'${name}'`).join(','))
  );
}

/** Nothing in the recorded calls can show up there. */
const MAY_BE_EMPTY = new Set([
  'Probes now',
  'One-way audio',
  'Wideband, worst MOS-CQ first',
  'Fullband, worst MOS-CQ first',
  'Kafka: what could not be read',
]);

describe.skipIf(missingCurrent() !== null)('deploy/grafana/dashboards', () => {
  let server: ClickHouse;
  beforeAll(async () => {
    server = await ClickHouse.current();
    for (const file of ['01-tables', '02-rollups', '03-kafka'])
      await server.load(`deploy/clickhouse/${file}.sql`, (sql) => withoutBroker(withoutRetention(sql)));
    const exporter = exporterOf(`{type: clickhouse, url: "${server.url}"}`);
    for (const capture of ['linphone-two-legs.pcap', 'gst-pcma.pcap', 'baresip-opus.pcap'])
      await exporter.deliver(realSummaries(capture).lines, new AbortController().signal);
    // The same calls at another probe.
    const { summaries } = realSummaries('gst-pcma.pcap');
    const elsewhere = summaries.map((summary) =>
      lineOf({ ...summary, probe: 'elsewhere', id: `elsewhere/${summary.id}` } as Summary),
    );
    await exporter.deliver(elsewhere, new AbortController().signal);
    await exporter.close();
  });
  afterAll(() => server?.remove());

  it('are three, with ids and titles of their own', () => {
    expect(dashboards.map(({ title }) => title).sort()).toEqual([
      'Capture health',
      'Fleet overview',
      'Worst streams',
    ]);
    for (const { panels } of dashboards) expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  });

  it.each(dashboards.flatMap(({ title, panels }) => panels.map((panel) => ({ title, panel }))))(
    'can ask what panel $panel.title of $title asks',
    async ({ panel }) => {
      const probes = (await server.query('SELECT DISTINCT probe FROM rtpsonde.health_1h')).map(({ probe }) =>
        String(probe),
      );
      expect(probes.length).toBe(2);
      for (const { rawSql } of panel.targets) {
        const rows = await server.query(expanded(rawSql, probes));
        if (!MAY_BE_EMPTY.has(panel.title)) expect(rows.length).toBeGreaterThan(0);
        if (panel.type === 'timeseries') for (const row of rows) expect(row).toHaveProperty('time');
      }
    },
  );

  it('answers the questions of docs/fleet.md', async () => {
    const questions = [
      ...readFileSync(join(root, 'docs/fleet.md'), 'utf8').matchAll(/```sql\n([\s\S]*?);\n```/g),
    ];
    expect(questions.length).toBe(3);
    for (const [, sql = ''] of questions) {
      const ever = sql.replaceAll(/now\(\) - INTERVAL \d+ \w+/g, "toDateTime('2000-01-01 00:00:00')");
      expect((await server.query(ever)).length, sql).toBeGreaterThan(0);
    }
  });

  it('offer the probes to choose from', async () => {
    for (const { templating } of dashboards)
      for (const { query } of templating.list) expect((await server.query(query)).length).toBe(2);
  });
});

// The way of a fleet: exporter, Kafka, ClickHouse's own Kafka engine, tables.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tableNames } from '../../src/export/columns.js';
import { ClickHouse, missingCurrent, statementsOf, withoutRetention } from './support/clickhouse.js';
import { expectEveryField, kinds, NANOSECONDS, recorded } from './support/clickhouse-rows.js';
import { deliverFor } from './support/delivering.js';
import { exporterOf, repositoryFile } from './support/exporting.js';
import { Broker, missingKafka } from './support/kafka.js';

describe.skipIf(missingKafka() !== null || missingCurrent() !== null)('kafka and clickhouse', () => {
  let broker: Broker;
  let clickhouse: ClickHouse;
  beforeAll(async () => {
    broker = await Broker.create({ partitions: 3, settings: 'auto.create.topics.enable=true' });
    clickhouse = await ClickHouse.current();
  });
  afterAll(async () => {
    await clickhouse?.remove();
    await broker?.remove();
  });

  it('bring every field from the exporter into the tables', async () => {
    const { lines, summaries } = recorded();
    const exporter = exporterOf(`{type: kafka, brokers: ["${broker.plain}"], createTopics: true}`);
    await deliverFor(exporter, lines);
    await exporter.close();

    await clickhouse.load('deploy/clickhouse/01-tables.sql', withoutRetention);
    const sql = repositoryFile('deploy/clickhouse/03-kafka.sql').replaceAll('kafka:9092', broker.plain);
    const statements = statementsOf(sql);
    // The engine makes the table, and then has no thread to read it by itself: it is asked below.
    for (const statement of statements.filter((one) => one.includes('ENGINE = Kafka')))
      await expect(clickhouse.query(statement)).rejects.toThrow('Shutdown was called');
    for (const kind of kinds) {
      const table = tableNames[kind];
      const view = statements.find((one) => one.includes(`TO rtpsonde.${table} AS`)) ?? '';
      const select = view.slice(view.indexOf('SELECT'));
      const ask = `INSERT INTO rtpsonde.${table} ${select} SETTINGS stream_like_engine_allow_direct_select = 1`;
      const sent = summaries.filter((summary) => summary.kind === kind).length;
      for (let asked = 0, rows = 0; rows < sent && asked < 30; asked++) {
        await clickhouse.query(ask);
        const [{ count } = {}] = await clickhouse.query(`SELECT count() AS count FROM rtpsonde.${table}`);
        rows = Number(count);
        await sleep(200);
      }
    }
    await expectEveryField(clickhouse, summaries, NANOSECONDS);
  });
});

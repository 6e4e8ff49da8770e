// The section `export`: where summaries go. Each entry is an exporter with a
// lane of its own, so that one that is slow or down holds up none of the others.
// The options of each kind are in `collectors/`.
import { z } from 'zod';
import { clickhouseSchema } from './collectors/clickhouse.js';
import { elasticsearchSchema } from './collectors/elasticsearch.js';
import { fileSchema } from './collectors/file.js';
import { hepSchema } from './collectors/hep.js';
import { httpSchema } from './collectors/http.js';
import { influxdbSchema } from './collectors/influxdb.js';
import { kafkaSchema } from './collectors/kafka.js';
import { mqttSchema } from './collectors/mqtt.js';
import { natsSchema } from './collectors/nats.js';
import { otlpSchema } from './collectors/otlp.js';
import { postgresSchema } from './collectors/postgres.js';
import { prometheusSchema } from './collectors/prometheus.js';
import { sipPublishSchema } from './collectors/sip-publish.js';
import { stdoutSchema } from './collectors/stdout.js';
import { syslogSchema } from './collectors/syslog.js';

export const exporterSchema = z.discriminatedUnion('type', [
  fileSchema,
  stdoutSchema,
  httpSchema,
  clickhouseSchema,
  elasticsearchSchema,
  hepSchema,
  influxdbSchema,
  kafkaSchema,
  mqttSchema,
  natsSchema,
  otlpSchema,
  postgresSchema,
  prometheusSchema,
  sipPublishSchema,
  syslogSchema,
]);

export const exportSchema = z
  .array(exporterSchema)
  .min(1)
  .superRefine((exporters, context) => {
    const problem = (index: number, key: string, message: string) =>
      context.addIssue({ code: 'custom', message, path: [index, key], input: exporters });

    exporters.forEach((exporter, index) => {
      const before = exporters.slice(0, index);
      if (exporter.name !== undefined && before.some(({ name }) => name === exporter.name))
        problem(index, 'name', `another exporter is named ${exporter.name}`);
      if (
        exporter.type === 'file' &&
        before.some((other) => other.type === 'file' && other.path === exporter.path)
      )
        problem(index, 'path', 'another exporter writes to this file');
      if (exporter.type === 'stdout' && before.some(({ type }) => type === 'stdout'))
        problem(index, 'type', 'another exporter writes to standard output');
    });
  });

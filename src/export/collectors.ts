// Every kind of collector; a new one is added here and to `config/schema-export.ts`.
import type { ExporterConfig } from '../config/schema.js';
import type { Collector, ConfigOf, CreateDependencies } from './collector.js';
import { clickhouse } from './collectors/clickhouse.js';
import { elasticsearch } from './collectors/elasticsearch.js';
import { file } from './collectors/file.js';
import { hep } from './collectors/hep.js';
import { http } from './collectors/http.js';
import { influxdb } from './collectors/influxdb.js';
import { kafka } from './collectors/kafka.js';
import { mqtt } from './collectors/mqtt.js';
import { nats } from './collectors/nats.js';
import { otlp } from './collectors/otlp.js';
import { postgres } from './collectors/postgres.js';
import { prometheus } from './collectors/prometheus.js';
import { sipPublish } from './collectors/sip-publish.js';
import { stdout } from './collectors/stdout.js';
import { syslog } from './collectors/syslog.js';
import type { Exporter } from './exporter.js';

/** By type, in the order of the documentation. */
export const collectors: { [Type in ExporterConfig['type']]: Collector<ConfigOf<Type>> } = {
  file,
  stdout,
  http,
  clickhouse,
  elasticsearch,
  hep,
  influxdb,
  kafka,
  mqtt,
  nats,
  otlp,
  postgres,
  prometheus,
  'sip-publish': sipPublish,
  syslog,
};

/** The kind that the options are for: its functions take these options. */
function collectorOf(options: ExporterConfig): Collector<ExporterConfig> {
  return collectors[options.type] as unknown as Collector<ExporterConfig>;
}

/** Opens nothing yet. Throws ERR_CONFIG_INVALID when the options contradict themselves. */
export function createExporter(options: ExporterConfig, deps: CreateDependencies): Exporter {
  return collectorOf(options).create(options, deps);
}

/** Where an exporter sends to, in words for people, without secrets. */
export function exporterWords(options: ExporterConfig): string {
  return collectorOf(options).words(options);
}

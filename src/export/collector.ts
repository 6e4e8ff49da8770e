// A kind of collector: how an exporter for it is made, and what an operator
// reads about it. docs/collectors.md is generated from these; one file each in
// `collectors/`, its options in `config/collectors/`.
import type { Writable } from 'node:stream';
import type { ExporterConfig } from '../config/schema.js';
import type { RtpsondeError } from '../ops/errors.js';
import type { MetricsSnapshot } from '../ops/metrics.js';
import type { ExportDependencies } from './dependencies.js';
import type { Exporter } from './exporter.js';

/** The options of one kind of exporter. */
export type ConfigOf<Type extends ExporterConfig['type']> = Extract<ExporterConfig, { type: Type }>;

export interface CreateDependencies extends ExportDependencies {
  /** Of rtpsonde, for User-Agent and the like. */
  version: string;
  /** What the probe counts about itself; undefined where no probe runs. */
  metrics?: (() => MetricsSnapshot) | undefined;
  /** process.stdout, but for tests. */
  stdout: Writable;
  /** See StdoutExporterOptions.onClosed. */
  onStdoutClosed: (error: RtpsondeError) => void;
}

export interface Collector<Options extends ExporterConfig> {
  type: Options['type'];
  /** Its name in the documentation. */
  title: string;
  /** When a summary counts as delivered, and how often it may come. A sentence. */
  promise: string;
  /** How a summary that came twice is recognised. A sentence or a few words. */
  recognise: string;
  /** What becomes of the fields of a summary. Markdown, a sentence or more. */
  mapping: string;
  /** An entry of `export` to copy, YAML. A test loads it. */
  example: string;
  /** What else an operator has to know: how the other side is set up, limits. Markdown paragraphs. */
  notes?: string;
  /** Where it sends to, in a few words without secrets, for `check-config`. */
  words(options: Options): string;
  /** Opens nothing yet. Throws ERR_CONFIG_INVALID when the options contradict themselves. */
  create(options: Options, deps: CreateDependencies): Exporter;
}

// Summaries to ClickHouse by HTTP, a request for each kind: each has a table of its own.

import type { Clock } from '../ops/clock.js';
import { judgeClickHouse } from './clickhouse-answer.js';
import { encodeRows } from './clickhouse-rows.js';
import type { Exporter, SummaryKind, SummaryLine } from './exporter.js';
import { HttpExporter, type HttpExporterOptions, type HttpForm } from './http-exporter.js';
import { basicAuthorization } from './http-secrets.js';

export interface ClickHouseExporterOptions extends Omit<HttpExporterOptions, 'form'> {
  database: string;
  tables: Readonly<Record<SummaryKind, string>>;
  user: string;
  /** Names each insert, so that ClickHouse knows it when it comes again. */
  insertToken: boolean;
}

/** The lines of a batch that are of one kind. Always the same array, as a retry must hand over the same. */
interface Part {
  kind: SummaryKind;
  lines: SummaryLine[];
  isDelivered: boolean;
}

export class ClickHouseExporter implements Exporter {
  readonly name: string;
  readonly #inserts: Readonly<Record<SummaryKind, HttpExporter>>;
  #batch: readonly SummaryLine[] | null = null;
  #parts: readonly Part[] = [];

  constructor(options: ClickHouseExporterOptions, deps: { clock: Clock }) {
    this.name = options.name;
    const insert = (kind: SummaryKind) => new HttpExporter({ ...options, form: formOf(kind, options) }, deps);
    this.#inserts = { window: insert('window'), stream: insert('stream'), capture: insert('capture') };
  }

  async deliver(batch: readonly SummaryLine[], signal: AbortSignal): Promise<void> {
    if (this.#batch !== batch) {
      this.#batch = batch;
      this.#parts = partsOf(batch);
    }
    for (const part of this.#parts) {
      if (part.isDelivered) continue;
      await this.#inserts[part.kind].deliver(part.lines, signal);
      part.isDelivered = true;
    }
    this.#batch = null;
    this.#parts = [];
  }

  /** Reads the certificates again. */
  async reopen(): Promise<void> {
    for (const insert of Object.values(this.#inserts)) await insert.reopen();
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.#inserts).map((insert) => insert.close()));
  }
}

function partsOf(batch: readonly SummaryLine[]): Part[] {
  const parts = new Map<SummaryKind, Part>();
  for (const line of batch) {
    const part = parts.get(line.kind) ?? { kind: line.kind, lines: [], isDelivered: false };
    part.lines.push(line);
    parts.set(line.kind, part);
  }
  return [...parts.values()];
}

function formOf(kind: SummaryKind, options: ClickHouseExporterOptions): HttpForm {
  const { database, tables, insertToken, user } = options;
  return {
    async encode(lines) {
      const { body, token } = await encodeRows(kind, lines);
      const named = {
        insert_deduplication_token: token,
        // The roll-ups behind the table know the token too.
        deduplicate_blocks_in_dependent_materialized_views: '1',
      };
      return {
        body,
        headers: { 'Content-Type': 'application/x-ndjson' },
        query: {
          query: `INSERT INTO ${database}.${tables[kind]} FORMAT JSONEachRow`,
          // Our times are RFC 3339.
          date_time_input_format: 'best_effort',
          // The answer comes when the rows are stored, and tells of all errors.
          wait_end_of_query: '1',
          ...(insertToken ? named : {}),
        },
      };
    },
    refusal: judgeClickHouse,
    authorization: (password) => basicAuthorization(user, password),
  };
}

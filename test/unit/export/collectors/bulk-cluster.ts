// A stand-in for Elasticsearch that knows the bulk API alone and forgives nothing
// (Elasticsearch, "Bulk index or delete documents", and "Common options", filter_path).
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

interface Item {
  _index: string;
  _id: string;
  status: number;
  error?: { type: string; reason: string; index?: string };
}

export class BulkCluster {
  /** By index and id. */
  readonly documents = new Map<string, Record<string, unknown>>();
  /** What becomes of these ids. */
  readonly refuse = new Map<string, { status: number; type: string }>();
  /** Sent with 200 instead of the truth. */
  answer: string | null = null;
  authorization: string | undefined;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => void this.#take(request, response));
  }

  static async start(): Promise<BulkCluster> {
    const cluster = new BulkCluster();
    cluster.#server.listen(0, '127.0.0.1');
    await once(cluster.#server, 'listening');
    return cluster;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const packed = Buffer.concat(chunks);
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(packed) : packed;
    this.authorization = request.headers.authorization;
    const url = new URL(request.url ?? '', this.url);
    const send = (status: number, text: string) => {
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(text);
    };
    if (request.method !== 'POST' || url.pathname !== '/_bulk')
      return send(405, '{"error":"no such handler"}');
    if (request.headers['content-type'] !== 'application/x-ndjson')
      return send(406, '{"error":"Content-Type header is not supported"}');
    try {
      const items = this.#index(body.toString());
      const filtered = items.map(({ status, error }) => ({
        create: { status, ...(error && { error: { type: error.type, reason: error.reason } }) },
      }));
      const wanted = 'errors,items.*.status,items.*.error.type,items.*.error.reason';
      if (url.searchParams.get('filter_path') !== wanted) throw new Error('filter_path');
      const errors = items.some(({ error }) => error !== undefined);
      send(200, this.answer ?? JSON.stringify({ errors, items: filtered }));
    } catch (error) {
      send(400, JSON.stringify({ error: { type: 'illegal_argument_exception', reason: String(error) } }));
    }
  }

  #index(body: string): Item[] {
    if (!body.endsWith('\n')) throw new Error('The bulk request must be terminated by a newline [\\n]');
    const lines = body.slice(0, -1).split('\n');
    if (lines.length % 2 !== 0) throw new Error('an action without a source');
    const items: Item[] = [];
    for (let i = 0; i < lines.length; i += 2) {
      const action = JSON.parse(lines[i] ?? '') as { create?: { _index: string; _id: string } };
      const source = JSON.parse(lines[i + 1] ?? '') as Record<string, unknown>;
      if (action.create === undefined || Object.keys(action).length !== 1) throw new Error('not create');
      items.push(this.#create(action.create, source));
    }
    return items;
  }

  #create({ _index, _id }: { _index: string; _id: string }, source: Record<string, unknown>): Item {
    if (!/^[a-z0-9][a-z0-9._-]*$/.test(_index)) throw new Error(`invalid index name ${_index}`);
    if (Buffer.byteLength(_id) > 512 || _id === '') throw new Error(`id [${_id}] is too long or empty`);
    if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.test(String(source['@timestamp'])))
      return {
        _index,
        _id,
        status: 400,
        error: { type: 'document_parsing_exception', reason: '@timestamp' },
      };
    const key = `${_index}/${_id}`;
    if (this.documents.has(key))
      return {
        _index,
        _id,
        status: 409,
        error: { type: 'version_conflict_engine_exception', reason: `[${_id}]: document already exists` },
      };
    const refused = this.refuse.get(_id);
    if (refused !== undefined)
      return { _index, _id, status: refused.status, error: { type: refused.type, reason: 'said so' } };
    this.documents.set(key, source);
    return { _index, _id, status: 201 };
  }
}

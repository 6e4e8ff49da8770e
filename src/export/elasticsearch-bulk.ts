// Batches for the bulk API of Elasticsearch and OpenSearch, and what its answers mean.
// (Elasticsearch, "Bulk index or delete documents".)
import { TimeSlice } from '../ops/time-slice.js';
import type { Summary } from '../summary/schema.js';
import { tableNames } from './columns.js';
import { DeliveryError, type Remedy, type SummaryLine } from './exporter.js';
import type { HttpForm } from './http-exporter.js';
import type { Answer } from './http-post.js';
import { summaryOf } from './summary-of.js';

/** Kept of an answer: some 300 bytes for each record that was there already. */
const ANSWER_BYTES = 8 * 1024 * 1024;

/** Only what is judged; without it the answer is as long as the request. */
const FILTER = 'errors,items.*.status,items.*.error.type,items.*.error.reason';

/** @param index with {kind} and {date} in it */
export function bulkForm(index: string): HttpForm {
  return {
    async encode(batch) {
      return {
        body: await bulkBody(batch, index),
        headers: { 'Content-Type': 'application/x-ndjson' },
        query: { filter_path: FILTER },
      };
    },
    judge: judgeItems,
    remedy: (status) => (status === 404 ? 'retry-slowly' : 'split'),
    answerBytes: ANSWER_BYTES,
  };
}

/** `create`: the first delivery of an id wins, also in a data stream, which takes nothing else. */
async function bulkBody(batch: readonly SummaryLine[], index: string): Promise<Buffer> {
  const slice = new TimeSlice();
  let text = '';
  for (const line of batch) {
    const summary = summaryOf(line);
    const time = summary.kind === 'stream' ? summary.end : summary.windowStart;
    const create = { _index: indexOf(index, summary.kind, time), _id: line.id };
    text += `${JSON.stringify({ create })}\n{"@timestamp":${JSON.stringify(time)},${line.json.slice(1)}\n`;
    if (slice.isOver()) await slice.next();
  }
  return Buffer.from(text);
}

/** By the time of the summary, so that a second delivery goes to the same index. */
function indexOf(index: string, kind: Summary['kind'], time: string): string {
  return index
    .replaceAll('{kind}', tableNames[kind])
    .replaceAll('{date}', time.slice(0, 10).replaceAll('-', '.'));
}

interface Item {
  status: number;
  error?: { type?: string; reason?: string };
}

/** From the worst for the batch as a whole to the least. */
type ItemVerdict = 'retry-slowly' | 'retry' | 'split' | 'taken';
const ORDER: readonly ItemVerdict[] = ['retry-slowly', 'retry', 'split', 'taken'];

/** 409: the id is there already, from an earlier delivery. */
function verdictOf({ status, error }: Item): ItemVerdict {
  if ((status >= 200 && status <= 299) || status === 409) return 'taken';
  if (status === 401 || status === 403 || error?.type === 'index_not_found_exception') return 'retry-slowly';
  return status === 429 || status >= 500 ? 'retry' : 'split';
}

/**
 * The status of the answer is 200 whatever became of the records. What was taken
 * is not created twice, so that the whole batch may be sent again.
 */
export function judgeItems({ excerpt }: Answer, batch: readonly SummaryLine[]): DeliveryError | null {
  const items = itemsOf(excerpt);
  if (items?.length !== batch.length) {
    const message = `the bulk API answers for ${items?.length ?? 'none'} of ${batch.length} records; is the url that of the cluster?`;
    // An answer too long to be kept is shorter for fewer records.
    const remedy = Buffer.byteLength(excerpt) >= ANSWER_BYTES && batch.length > 1 ? 'split' : 'retry';
    return new DeliveryError('ERR_EXPORT_UNAVAILABLE', message, { remedy });
  }
  const verdicts = items.map(verdictOf);
  const worst = ORDER.find((verdict) => verdicts.includes(verdict)) ?? 'taken';
  if (worst === 'taken') return null;
  const { status, error } = items[verdicts.indexOf(worst)] as Item;
  const count = verdicts.filter((verdict) => verdict === worst).length;
  const reason = `${error?.type ?? ''} ${error?.reason ?? ''}`.replaceAll(/\s+/g, ' ').slice(0, 300).trim();
  const message = `${count} of ${batch.length} records are answered with ${status} (${reason})`;
  return new DeliveryError(codes[worst], message, { remedy: worst });
}

const codes = {
  'retry-slowly': 'ERR_EXPORT_PERMISSION',
  retry: 'ERR_EXPORT_UNAVAILABLE',
  split: 'ERR_EXPORT_REJECTED',
} as const satisfies Partial<Record<Remedy, string>>;

/** Null when it is no answer of the bulk API. */
function itemsOf(text: string): Item[] | null {
  try {
    const { items } = JSON.parse(text) as { items?: Record<string, Item>[] };
    const inner = items?.map((item) => Object.values(item)[0]);
    return inner?.every((item): item is Item => typeof item?.status === 'number') === true ? inner : null;
  } catch {
    return null;
  }
}

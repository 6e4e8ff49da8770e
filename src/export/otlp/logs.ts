// Summaries of streams as log records: the whole summary as body, what one
// searches by as attributes.
import { TimeSlice } from '../../ops/time-slice.js';
import type { StreamSummary } from '../../summary/schema.js';
import type { SummaryLine } from '../exporter.js';
import type { HttpBody } from '../http-exporter.js';
import { summaryOf } from '../summary-of.js';
import { anyValue, keyValues, nanoseconds, resourceOf } from './values.js';

/** Of the logs data model: INFO and WARN. */
const INFO = { severityNumber: 9, severityText: 'INFO' };
const WARN = { severityNumber: 13, severityText: 'WARN' };

export const EVENT_NAME = 'rtp.stream.end';

/** Attributes of a record, by the semantic conventions where they have a name. Null is left out. */
export const logAttributes: readonly {
  name: string;
  field: string;
  of(stream: StreamSummary): string | number | boolean | null;
}[] = [
  { name: 'rtpsonde.summary.id', field: 'id', of: (s) => s.id },
  { name: 'rtp.stream.id', field: 'streamId', of: (s) => s.streamId },
  { name: 'rtp.ssrc', field: 'ssrc', of: (s) => s.ssrc },
  { name: 'rtp.pair.id', field: 'pairId', of: (s) => s.pairId },
  { name: 'source.address', field: 'src', of: (s) => s.src },
  { name: 'source.port', field: 'srcPort', of: (s) => s.srcPort },
  { name: 'destination.address', field: 'dst', of: (s) => s.dst },
  { name: 'destination.port', field: 'dstPort', of: (s) => s.dstPort },
  { name: 'network.interface.name', field: 'interface', of: (s) => s.interface },
  { name: 'rtp.codec', field: 'codec', of: (s) => s.codec },
  { name: 'rtp.dscp', field: 'dscp', of: (s) => s.dscp },
  { name: 'rtp.vlan', field: 'vlan', of: (s) => s.vlan },
  { name: 'rtp.mos.scale', field: 'mos.scale', of: (s) => s.mos.scale },
  { name: 'rtp.mos.cq', field: 'mos.cq', of: (s) => s.mos.cq },
  { name: 'rtp.mos.lq', field: 'mos.lq', of: (s) => s.mos.lq },
  { name: 'rtp.mos.rating', field: 'mos.rating', of: (s) => s.mos.rating },
  { name: 'rtp.packets', field: 'packets', of: (s) => s.packets },
  { name: 'rtp.packets.lost', field: 'lost', of: (s) => s.lost },
  { name: 'rtp.network_loss.ratio', field: 'networkLoss.ratio', of: (s) => s.networkLoss.ratio },
  {
    name: 'rtp.jitter.mean',
    field: 'jitterMs.mean, in seconds',
    of: (s) => (s.jitterMs.mean === null ? null : s.jitterMs.mean / 1000),
  },
  { name: 'rtp.end_reason', field: 'endReason', of: (s) => s.endReason },
];

export interface LogsOptions {
  version: string;
  resource: Readonly<Record<string, string>>;
}

/** The body of a request to /v1/logs, and how many records are in it. */
export async function encodeLogs(
  batch: readonly SummaryLine[],
  { version, resource }: LogsOptions,
  nowMs: number,
): Promise<HttpBody & { items: number }> {
  const slice = new TimeSlice();
  const observedTimeUnixNano = `${BigInt(Math.round(nowMs)) * 1_000_000n}`;
  const records: string[] = [];
  let probe = '';
  for (const line of batch) {
    const summary = summaryOf(line);
    if (summary.kind !== 'stream') continue;
    probe = summary.probe;
    records.push(JSON.stringify({ observedTimeUnixNano, ...recordOf(summary) }));
    if (slice.isOver()) await slice.next();
  }
  const head = JSON.stringify({ resource: resourceOf(probe, version, resource) }).slice(0, -1);
  const scope = JSON.stringify({ name: 'rtpsonde', version });
  const text = `{"resourceLogs":[${head},"scopeLogs":[{"scope":${scope},"logRecords":[${records.join(',')}]}]}]}`;
  return {
    body: Buffer.from(text),
    headers: { 'Content-Type': 'application/json' },
    items: records.length,
  };
}

function recordOf(stream: StreamSummary): object {
  const { rating } = stream.mos;
  const attributes = Object.fromEntries(logAttributes.map(({ name, of }) => [name, of(stream)]));
  return {
    timeUnixNano: nanoseconds(stream.end),
    ...(rating === 'poor' || rating === 'bad' ? WARN : INFO),
    eventName: EVENT_NAME,
    // As an attribute too, for collectors older than the field.
    attributes: keyValues({ 'event.name': EVENT_NAME, ...attributes }),
    body: anyValue(stream),
  };
}
